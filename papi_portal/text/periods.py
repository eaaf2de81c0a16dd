"""Months, quarters, half-years and years: read one from text, list those of a plan."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from papi_portal.text.dates import DateError, MissingYearError, check_month, month_end, read_year

ROMAN = ("I", "II", "III", "IV")

_SEP = r"\s*(?:,|;|\+|&|-|va|den)\s*"
_YEAR = r"(?:(?:\s*[/.,-]\s*|\s+)(?:nam\s+)?(?P<year>[0-9]{2,6}))?"
_QUARTER = r"(?:[ivxl|1]{1,5}|[0-9]{1,2}|mot|hai|ba|bon|tu)(?![a-z0-9|])"
_MONTH = r"[0-9]{1,2}(?![0-9])"
_QUARTERS = rf"(?:quy|q)[.\s]*(?P<list>{_QUARTER}(?:{_SEP}(?:quy\s*)?{_QUARTER}){{0,3}}){_YEAR}"
_MONTHS = rf"thang\s*(?P<list>{_MONTH}(?:{_SEP}(?:thang\s*)?{_MONTH}){{0,11}}){_YEAR}"
_HALF_COUNT = r"(?P<count>0?[1-9]|1[01]|sau|ba|chin|nua)"
# Letters of other alphabets, and the bar, that look like the Roman digits I and V.
_LOOK_ALIKES = str.maketrans({"і": "i", "ӏ": "i", "ι": "i", "ı": "i", "ѵ": "v", "ν": "v"})
_QUARTER_WORDS = {"mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4"}
_COUNT_WORDS = {"sau": 6, "nua": 6, "ba": 3, "chin": 9}
_PARTS = {
    "dau": 0,
    "thuong tuan": 0,
    "giua": 1,
    "trung tuan": 1,
    "cuoi": 2,
    "ha tuan": 2,
}


class Recurrence(StrEnum):
    """How often a task comes back; the values and `choices` suit a model field."""

    NONE = ""
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"

    @property
    def label(self) -> str:
        return str(_RECURRENCE_LABELS[self])

    @classmethod
    def choices(cls) -> list[tuple[str, Promise | str]]:
        return [(member.value, _RECURRENCE_LABELS[member]) for member in cls]


_RECURRENCE_LABELS: dict[Recurrence, Promise | str] = {
    Recurrence.NONE: gettext_lazy("một lần"),
    Recurrence.MONTHLY: gettext_lazy("mỗi tháng một lần"),
    Recurrence.QUARTERLY: gettext_lazy("mỗi quý một lần"),
    Recurrence.HALF_YEARLY: gettext_lazy("mỗi 6 tháng một lần"),
    Recurrence.YEARLY: gettext_lazy("mỗi năm một lần"),
}
MONTHS_IN = {
    Recurrence.MONTHLY: 1,
    Recurrence.QUARTERLY: 3,
    Recurrence.HALF_YEARLY: 6,
    Recurrence.YEARLY: 12,
}


@dataclass(frozen=True, slots=True)
class Span:
    """A period with both ends; what had to be assumed to read it is flagged."""

    first: date
    last: date
    is_year_assumed: bool = False
    is_estimate: bool = False


def read_span(key: str, default_year: int | None) -> Span | None:
    """Return the period that `key` (from `plain`) names, or None.

    Raise `MissingYearError` if it has no year and there is no `default_year`, `DateError` for a
    period that no year has, such as a fifth quarter.
    """
    text = key.translate(_LOOK_ALIKES)
    for pattern, build in _READERS:
        if match := pattern.fullmatch(text):
            return build(match, default_year)
    return None


def period_instances(
    recurrence: Recurrence | str, start: date, end: date
) -> list[tuple[date, date, str]]:
    """Return (first day, due on the last day, label) of each period, clipped to `start`..`end`."""
    months = MONTHS_IN.get(Recurrence(recurrence))
    if months is None or end < start:
        return []
    instances = []
    month = (start.month - 1) // months * months + 1
    first = date(start.year, month, 1)
    while first <= end:
        last = month_end(first.year, first.month + months - 1)
        instances.append((max(first, start), min(last, end), _label(first, months)))
        first = last + timedelta(days=1)
    return instances


def _label(first: date, months: int) -> str:
    values = {"month": first.month, "quarter": ROMAN[(first.month - 1) // 3], "year": first.year}
    if months == 1:
        return _("Tháng %(month)s/%(year)s") % values
    if months == 3:
        return _("Quý %(quarter)s/%(year)s") % values
    if months == 12:
        return _("Năm %(year)s") % values
    if first.month == 1:
        return _("6 tháng đầu năm %(year)s") % values
    return _("6 tháng cuối năm %(year)s") % values


def _months(
    first: int, last: int, digits: str | None, default_year: int | None, *, estimate: bool = False
) -> Span:
    """Return the span from month `first` to month `last` of the written or the default year."""
    year = read_year(digits) if digits else default_year
    if year is None:
        raise MissingYearError(_("Thời hạn thiếu năm. Hãy ghi rõ năm, ví dụ Quý III/2022."))
    return Span(date(year, first, 1), month_end(year, last), not digits, estimate)


def _quarter_number(written: str) -> int:
    written = _QUARTER_WORDS.get(written, written)
    numeral = written if written.isdecimal() else re.sub("[l|1]", "i", written).upper()
    if numeral in ROMAN:
        return ROMAN.index(numeral) + 1
    if numeral in ("1", "2", "3", "4", "01", "02", "03", "04"):
        return int(numeral)
    raise DateError(
        _("Không có quý “%(quarter)s”. Một năm chỉ có quý I đến quý IV, ví dụ Quý III/2022.")
        % {"quarter": written.upper()}
    )


def _ends(numbers: list[int], listed: str) -> tuple[int, int]:
    """Return the first and last of a range or of a list without gaps."""
    is_range = len(numbers) == 2 and re.search("-|den", listed) is not None
    if is_range and numbers[0] > numbers[1]:
        raise DateError(
            _("“%(value)s” có điểm cuối trước điểm đầu. Hãy ghi theo thứ tự, ví dụ Quý I, II/2022.")
            % {"value": listed}
        )
    first, last = min(numbers), max(numbers)
    if is_range or len(set(numbers)) == last - first + 1:
        return first, last
    raise DateError(
        _("“%(value)s” không liền nhau. Hãy ghi một thời hạn cuối, ví dụ Quý III/2022.")
        % {"value": listed}
    )


def _read_quarters(match: re.Match[str], default_year: int | None) -> Span:
    numbers = [_quarter_number(written) for written in re.findall(_QUARTER, match["list"])]
    first, last = _ends(numbers, match["list"])
    return _months(first * 3 - 2, last * 3, match["year"], default_year)


def _read_months(match: re.Match[str], default_year: int | None) -> Span:
    numbers = [check_month(int(written)) for written in re.findall("[0-9]+", match["list"])]
    first, last = _ends(numbers, match["list"])
    return _months(first, last, match["year"], default_year)


def _read_roman(match: re.Match[str], default_year: int | None) -> Span:
    """Read `IV/2026`: a quarter most likely, but some write months in Roman digits."""
    quarter = _quarter_number(match["quarter"])
    return _months(quarter * 3 - 2, quarter * 3, match["year"], default_year, estimate=True)


def _refuse_bad_quarter(match: re.Match[str], default_year: int | None) -> None:
    """Raise for "Quý V" and "Quý X/2026", whatever follows."""
    _quarter_number(match["quarter"])


def _read_bare_month(match: re.Match[str], default_year: int | None) -> Span:
    month = check_month(int(match["month"]))
    return _months(month, month, match["year"], default_year)


def _read_part(match: re.Match[str], default_year: int | None) -> Span | None:
    """Read `giữa tháng 5`, `đầu quý III`, `cuối năm`: a third of it, an estimate."""
    whole = read_span(match["whole"], default_year)
    if whole is None:
        return None
    part, year, month = _PARTS[match["part"]], whole.first.year, whole.first.month
    if whole.first.month == whole.last.month:
        first_day, last_day = ((1, 10), (11, 20), (21, whole.last.day))[part]
        span = Span(date(year, month, first_day), date(year, month, last_day))
    elif whole.last.month - month == 2:
        span = Span(date(year, month + part, 1), month_end(year, month + part))
    else:
        first, last = ((1, 3), (4, 6), (10, 12))[part]
        span = Span(date(year, first, 1), month_end(year, last))
    return replace(span, is_year_assumed=whole.is_year_assumed, is_estimate=True)


def _read_share_of_year(match: re.Match[str], default_year: int | None) -> Span | None:
    """Read `6 tháng đầu năm`, `9 tháng`; a bare `6 tháng` is a recurrence and not read here."""
    written = match["count"]
    count = _COUNT_WORDS.get(written) or int(written)
    if match["side"] == "cuoi":
        return _months(13 - count, 12, match["year"], default_year)
    is_exact = match["side"] == "dau"
    if is_exact or count == 9 or (count == 6 and match["year"]):
        return _months(1, count, match["year"], default_year, estimate=not is_exact)
    return None


def _read_year(match: re.Match[str], default_year: int | None) -> Span:
    return _months(1, 12, match["year"], default_year)


def _read_years(match: re.Match[str], default_year: int | None) -> Span:
    first, last = read_year(match["first"]), read_year(match["last"])
    if last < first:
        raise DateError(
            _("Giai đoạn kết thúc (%(last)s) trước khi bắt đầu (%(first)s). Ví dụ: 2021-2025.")
            % {"first": first, "last": last}
        )
    return Span(date(first, 1, 1), date(last, 12, 31))


_Reader = Callable[[re.Match[str], int | None], Span | None]
_READERS: list[tuple[re.Pattern[str], _Reader]] = [
    (re.compile(pattern), build)
    for pattern, build in (
        (_MONTHS, _read_months),
        (r"(?:t\.?\s?)?(?P<month>[0-9]{1,2})\s?[/.-]\s?(?P<year>[0-9]{4})", _read_bare_month),
        (_QUARTERS, _read_quarters),
        (r"(?P<quarter>[ivxl|]{1,5})\s?[/.-]\s?(?P<year>[0-9]{4})", _read_roman),
        (
            r"(?:quy|q)[.\s]*(?P<quarter>[ivxl|1]{1,6}|[0-9]{1,4})(?![a-z0-9|]).*",
            _refuse_bad_quarter,
        ),
        (rf"(?P<part>{'|'.join(_PARTS)}) (?P<whole>(?:thang|quy|q|nam).*)", _read_part),
        (
            rf"{_HALF_COUNT} thang(?: (?P<side>dau|cuoi)(?: cua)?(?: nam)?)?{_YEAR}",
            _read_share_of_year,
        ),
        (
            rf"(?P<count>nua) (?:nam )?(?P<side>dau|cuoi)(?: cua)?(?: nam)?{_YEAR}",
            _read_share_of_year,
        ),
        (r"(?:ca )?nam(?: ke hoach)?(?:\s(?P<year>[0-9]{2,6}))?", _read_year),
        (r"(?P<year>[0-9]{4})", _read_year),
        (
            r"(?:giai doan |nhiem ky )?(?:tu )?(?:nam )?(?P<first>[0-9]{4})\s?(?:-|den)\s?"
            r"(?:het )?(?:nam )?(?P<last>[0-9]{2,4})",
            _read_years,
        ),
    )
]
