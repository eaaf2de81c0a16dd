"""Read the deadline of a task as the plan wrote it, and say back how it was understood."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from papi_portal.text.dates import (
    DateError,
    MissingYearError,
    has_date,
    has_several_dates,
    read_date,
    refuse_blank_form,
    refuse_lunar,
    weekday_name,
)
from papi_portal.text.normalise import TextError, normalise, plain, quoted, trimmed
from papi_portal.text.periods import Recurrence, Span, read_span
from papi_portal.text.recurrences import read_recurrence

MAX_LENGTH = 300

_PREFIX = re.compile(
    r"(?P<word>hoan thanh|thuc hien|trien khai|xong|bao cao|ket thuc|thoi han|thoi gian|han|trong"
    r"|vao|tu nay|den|het|cham nhat|muon nhat|khong qua|khong muon hon|la|truoc"
    r"|khoang|du kien|tam)(?:[\s:,]+|(?=[0-9]))"
)
_ESTIMATING = ("khoang", "du kien", "tam")
_NO_DEADLINE = re.compile(
    r"-+|khong|khong (?:co |quy dinh |ghi |xac dinh )?(?:ro )?(?:thoi )?(?:han|gian)"
    r"|khong (?:quy dinh|xac dinh|ghi)|vo thoi han"
)
_YEAR_WORDS = r"(?:trong |ca |trong ca |den het |suot )?nam(?: [0-9]{4})?"
_CONTINUOUS = re.compile(
    r"(?:thuc hien |lam )?(?:thuong xuyen|lien tuc|hang ngay|hang tuan)(?:[,;\s]+(?:va )?"
    rf"(?:lien tuc|thuong xuyen|hang ngay|hang tuan|{_YEAR_WORDS}))*"
)
_EVENT = re.compile(
    r"(?:dot xuat|bat thuong|khi|moi khi|ngay khi|sau khi|sau moi|ngay sau khi"
    r"|sau (?:cac |tung )?(?:ky|dot|cuoc|phien|hoi nghi)|theo|tuy theo|tuy)"
    r"(?:[\s,;].*)?"
    r"|(?:trong )?(?:vong |thoi han )?[0-9]{1,3} ngay(?: lam viec)?,? (?:ke tu|tu|sau)\b"
    r"(?!(?: khi| ngay)* (?:ky|ban hanh)).{1,80}"
)
_PERIOD_IN_TEXT = re.compile(r"(?<![a-z])(?:quy|thang) ?(?:[ivx]{1,4}|[0-9]{1,2})(?![a-z0-9])")
_DAYS_AFTER_ISSUE = re.compile(
    r"(?:trong )?(?:vong |thoi han )?(?P<days>[0-9]{1,3}) ngay(?P<working> lam viec)?,? "
    r"(?:ke tu|tu|sau|sau khi|ke tu khi)(?: ngay)? (?:ky|ban hanh)(?: (?:ban hanh|ke hoach))*"
)
_I_FOR_Y = re.compile(r"(?<![a-z])qui(?![a-z])")
_RANGE_SIGN = re.compile(r"\s(?:cho )?den(?: het)?\s|\s?-\s?")
_MAX_RANGE_SIGNS = 10


class DeadlineError(TextError):
    """A deadline that cannot be read, or that has two meanings."""


class DeadlineKind(StrEnum):
    """What a deadline binds to; the values and `choices` suit a model field."""

    DATE = "date"
    PERIOD = "period"
    CONTINUOUS = "continuous"
    RECURRING = "recurring"
    EVENT = "event"
    NONE = "none"

    @property
    def label(self) -> str:
        return str(_KIND_LABELS[self])

    @classmethod
    def choices(cls) -> list[tuple[str, Promise | str]]:
        return [(member.value, _KIND_LABELS[member]) for member in cls]


_KIND_LABELS: dict[DeadlineKind, Promise | str] = {
    DeadlineKind.DATE: gettext_lazy("ngày cụ thể"),
    DeadlineKind.PERIOD: gettext_lazy("trong kỳ"),
    DeadlineKind.CONTINUOUS: gettext_lazy("thường xuyên, không có hạn"),
    DeadlineKind.RECURRING: gettext_lazy("định kỳ"),
    DeadlineKind.EVENT: gettext_lazy("theo sự việc, chưa có ngày"),
    DeadlineKind.NONE: gettext_lazy("không quy định thời hạn"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as understood. `question`, if any, must be answered by a person before use."""

    kind: DeadlineKind
    starts_on: date | None = None
    due_on: date | None = None
    recurrence: Recurrence = Recurrence.NONE
    is_inferred: bool = False
    question: str = ""


@dataclass(frozen=True, slots=True)
class _Scope:
    """The plan a deadline stands in."""

    start: date
    end: date
    issued_on: date | None

    @property
    def year(self) -> int | None:
        """The one year of the plan, or None if it spans several."""
        return self.start.year if self.start.year == self.end.year else None


def parse_deadline(
    raw: str, *, period_start: date, period_end: date, issued_on: date | None = None
) -> Deadline:
    """Return the deadline in `raw` for a plan of `period_start`..`period_end`.

    "Trước 30/6" is due on 30/6: by practice the day itself still counts. "Trước tháng 7" is due
    on the day before the period. A year left out is the plan's, and flagged; a plan of several
    years needs it. Raise `DeadlineError` (a `TextError`) for what has no or no single meaning.
    """
    if len(raw) > MAX_LENGTH:
        raise DeadlineError(
            _("Thời hạn dài %(length)s ký tự; tối đa %(limit)s. Hãy ghi ngắn, ví dụ Quý III/2022.")
            % {"length": len(raw), "limit": MAX_LENGTH}
        )
    text = normalise(raw)
    if not text:
        raise DeadlineError(
            _("Chưa ghi thời hạn. Nếu kế hoạch không quy định, hãy ghi “không quy định”.")
        )
    scope = _Scope(period_start, period_end, issued_on)
    key = trimmed(_I_FOR_Y.sub("quy", plain(text)))
    try:
        deadline = _read_words(key, scope) or _read_days(key, scope)
        if deadline is None:
            refuse_blank_form(key)
    except MissingYearError:
        raise DeadlineError(_ask_year(text, key, scope)) from None
    except DateError as error:
        raise DeadlineError(error.message) from error
    if deadline is None:
        raise DeadlineError(_unreadable(text, key))
    return _with_doubts(deadline, scope)


def describe(deadline: Deadline) -> str:
    """Return how a deadline was understood, as shown behind the arrow after the written words."""
    if deadline.kind is DeadlineKind.RECURRING:
        return deadline.recurrence.label
    if deadline.due_on is None:
        return deadline.kind.label
    # Inferred without a question: only the year was taken from the plan.
    is_year_from_plan = deadline.is_inferred and not deadline.question
    message = _("hạn %(day)s (%(weekday)s)")
    if is_year_from_plan:
        message = _("hạn %(day)s (%(weekday)s), năm theo kế hoạch")
    return message % {
        "day": f"{deadline.due_on:%d/%m/%Y}",
        "weekday": weekday_name(deadline.due_on),
    }


def _read_words(key: str, scope: _Scope) -> Deadline | None:
    """Read what has no calendar date: none, continuous, recurring, event."""
    if _NO_DEADLINE.fullmatch(key):
        return Deadline(DeadlineKind.NONE)
    refuse_lunar(key)
    if _CONTINUOUS.fullmatch(key):
        is_often = "ngay" in key or "tuan" in key
        question = _("Hiểu là thường xuyên, không có hạn – đúng không?") if is_often else ""
        return Deadline(DeadlineKind.CONTINUOUS, is_inferred=is_often, question=question)
    if found := read_recurrence(key, lambda day: _names_a_day(day, scope.start.year)):
        question = ""
        if not found.is_exact:
            question = _(
                "Hiểu là %(recurrence)s, hạn là ngày cuối mỗi kỳ – đúng không? "
                "Nếu không, hãy tách thành từng hạn, ví dụ 30/6/2022."
            ) % {"recurrence": found.recurrence.label}
        return Deadline(
            DeadlineKind.RECURRING,
            recurrence=found.recurrence,
            is_inferred=not found.is_exact,
            question=question,
        )
    if _EVENT.fullmatch(key) and not has_date(key) and not _PERIOD_IN_TEXT.search(key):
        return Deadline(DeadlineKind.EVENT)
    first, *others = re.split(r"\s?[,;]\s?", key)
    if others and _CONTINUOUS.fullmatch(first) and all(map(_EVENT.fullmatch, others)):
        question = _("Hiểu là thường xuyên, không có hạn – đúng không?")
        return Deadline(DeadlineKind.CONTINUOUS, is_inferred=True, question=question)
    return _read_days_after_issue(key, scope)


def _read_days_after_issue(key: str, scope: _Scope) -> Deadline | None:
    match = _DAYS_AFTER_ISSUE.fullmatch(_strip_prefixes(key)[0])
    if match is None:
        return None
    if match["working"] or scope.issued_on is None:
        raise DeadlineError(
            _("Thời hạn tính theo ngày sau ban hành. Hãy ghi ngày cụ thể, ví dụ 30/6/2022.")
        )
    due_on = scope.issued_on + timedelta(days=int(match["days"]))
    question = _("Tính từ ngày ban hành, hạn là %(day)s – đúng không?")
    return Deadline(
        DeadlineKind.DATE,
        due_on=due_on,
        is_inferred=True,
        question=question % {"day": f"{due_on:%d/%m/%Y}"},
    )


def _read_days(key: str, scope: _Scope) -> Deadline | None:
    """Read an exact date, else a period, else a range of either."""
    core, prefixes = _strip_prefixes(key)
    is_estimate = any(word in _ESTIMATING for word in prefixes)
    if (day := read_date(core, scope.year)) is not None:
        is_assumed = _is_yearless(core)
        # "2-3" may as well be February to March.
        span = Span(day, day, is_assumed, is_estimate or (is_assumed and "-" in core))
        return replace(_from_span(span), kind=DeadlineKind.DATE, starts_on=None)
    whole = read_span(core, scope.year) or _read_range(core, scope.year)
    if whole is None:
        return None
    if prefixes and prefixes[-1] == "truoc":
        day_before = whole.first - timedelta(days=1)
        deadline = _from_span(replace(whole, first=day_before, last=day_before, is_estimate=True))
        return replace(deadline, kind=DeadlineKind.DATE, starts_on=None)
    return _from_span(replace(whole, is_estimate=whole.is_estimate or is_estimate))


def _read_range(core: str, year: int | None) -> Span | None:
    """Read `từ 1/3 đến 30/6/2022`; the first end takes its year from the second."""
    text = core.removeprefix("tu ")
    for sign in list(_RANGE_SIGN.finditer(text))[:_MAX_RANGE_SIGNS]:
        last = _read_end(text[sign.end() :], year)
        first = last and _read_end(text[: sign.start()], last.last.year)
        if not first or not last:
            continue
        if last.last < first.first:
            raise DateError(
                _("Ngày kết thúc %(last)s trước ngày bắt đầu %(first)s. Hãy sửa lại thứ tự.")
                % {"last": f"{last.last:%d/%m/%Y}", "first": f"{first.first:%d/%m/%Y}"}
            )
        return Span(first.first, last.last, last.is_year_assumed, last.is_estimate)
    return None


def _read_end(text: str, year: int | None) -> Span | None:
    if (day := read_date(text, year)) is not None:
        return Span(day, day, _is_yearless(text))
    return read_span(text, year)


def _is_yearless(core: str) -> bool:
    """Tell whether the date in `core` was written without a year."""
    return re.search("[0-9]{4}", core) is None


def _from_span(span: Span) -> Deadline:
    question = ""
    if span.is_estimate:
        question = _("Thời hạn ghi không rõ, ước lượng là %(day)s – đúng không?")
    return Deadline(
        DeadlineKind.PERIOD,
        starts_on=span.first,
        due_on=span.last,
        is_inferred=span.is_estimate or span.is_year_assumed,
        question=question % {"day": f"{span.last:%d/%m/%Y}"} if question else "",
    )


def _with_doubts(deadline: Deadline, scope: _Scope) -> Deadline:
    """Ask about a due date outside the plan; the plan may mean it, so it is no error."""
    due_on, question = deadline.due_on, ""
    if due_on is not None and due_on > scope.end:
        question = _("Hạn %(day)s sau ngày kết thúc kế hoạch %(limit)s – đúng không?")
        limit = scope.end
    elif due_on is not None and scope.issued_on is not None and due_on < scope.issued_on:
        question = _("Hạn %(day)s trước ngày ban hành kế hoạch %(limit)s – đúng không?")
        limit = scope.issued_on
    elif due_on is not None and due_on < scope.start:
        question = _("Hạn %(day)s trước ngày bắt đầu kế hoạch %(limit)s – đúng không?")
        limit = scope.start
    if not question:
        return deadline
    asked = question % {"day": f"{due_on:%d/%m/%Y}", "limit": f"{limit:%d/%m/%Y}"}
    return replace(deadline, question=f"{deadline.question} {asked}".strip())


def _names_a_day(key: str, year: int) -> bool:
    """Tell whether `key` is a day or period that "hằng năm" can follow."""
    core, prefixes = _strip_prefixes(key)
    if not core:
        return bool(prefixes)
    if re.fullmatch(r"(?:ngay )?[0-9]{1,2}(?: (?:cua )?thang (?:cuoi|dau)(?: cua)?)?", core):
        return True
    return (read_date(core, year) or read_span(core, year)) is not None


def _strip_prefixes(key: str) -> tuple[str, list[str]]:
    """Return `key` without the words before a date, and those words."""
    words, core = [], key
    while match := _PREFIX.match(core):
        words.append(match["word"])
        core = core[match.end() :]
    return core, words


def _ask_year(text: str, key: str, scope: _Scope) -> str:
    joint = " " if key.endswith("nam") else "/"
    return _("Kế hoạch kéo dài %(first)s–%(last)s: hãy ghi rõ năm, ví dụ %(example)s.") % {
        "first": scope.start.year,
        "last": scope.end.year,
        "example": f"{text.strip(' .,;:')[:30]}{joint}{scope.start.year}",
    }


def _unreadable(text: str, key: str) -> str:
    values = {"value": quoted(text)}
    if has_several_dates(key):
        message = _(
            "%(value)s có hai ngày. Hãy ghi một ngày là hạn, ví dụ 31/12/2026, "
            "phần còn lại đưa vào ghi chú."
        )
    elif _EVENT.fullmatch(key):
        message = _(
            "%(value)s vừa chờ một sự việc vừa có ngày. Hãy chỉ ghi ngày, ví dụ 30/6/2022, "
            "hoặc chỉ ghi sự việc, ví dụ sau khi có kết quả PAPI."
        )
    elif re.search(r"(?<![a-z])(?:ngay|thang) [a-z]", key) and not re.search("[0-9]", key):
        message = _(
            "Chưa hiểu thời hạn %(value)s. Hãy ghi ngày, tháng bằng chữ số, ví dụ 30/6/2022 hoặc "
            "tháng 6/2022."
        )
    elif key.startswith("dinh ky"):
        message = _(
            "%(value)s chưa rõ bao lâu một lần. Hãy ghi hằng tháng, hằng quý, định kỳ 6 tháng "
            "hoặc hằng năm."
        )
    else:
        message = _(
            "Chưa hiểu thời hạn %(value)s. Hãy ghi một trong các dạng: 30/6/2022, trước 30/6, "
            "tháng 6/2022, Quý III/2022, 6 tháng đầu năm 2022, năm 2022, giai đoạn 2021-2025, "
            "thường xuyên, hằng quý, theo yêu cầu, không quy định."
        )
    return message % values
