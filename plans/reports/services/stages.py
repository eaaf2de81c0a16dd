"""From a draft to an issued paper and its correction; what is issued stays issued."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.reports import content
from plans.reports.models import Report
from plans.reports.services.asking import create, locked, queue
from plans.reports.services.errors import ReportError, StaleError
from plans.reports.states import ReportKind, Stage, State
from plans.reports.wording import short_date

if TYPE_CHECKING:
    from datetime import date, datetime

    from agencies.models import User


@dataclass(frozen=True)
class Issue:
    """What the clerk reads off the signed paper."""

    number: str
    day: date
    signer: str


def check_issue(report: Report, issue: Issue, today: date) -> None:
    """Raise `ReportError` if the paper cannot bear that number and day."""
    values = {"day": short_date(issue.day), "today": short_date(today)}
    if issue.day > today:
        raise ReportError(_("Ngày %(day)s chưa tới, hôm nay là %(today)s.") % values, "day")
    if issue.day < report.as_of and report.kind != ReportKind.PLAN:
        raise ReportError(
            _("Số liệu chốt đến ngày %(as_of)s nên không thể ký ngày %(day)s. Hãy xem lại ngày.")
            % {**values, "as_of": short_date(report.as_of)},
            "day",
        )
    issued = Report.objects.filter(stage=Stage.ISSUED, province=report.province)
    taken = issued.filter(number__iexact=issue.number, issued_on__year=issue.day.year)
    if taken.exists():
        raise _taken(issue)


def _taken(issue: Issue) -> ReportError:
    words = _("Số %(number)s đã ghi cho một văn bản khác cùng năm. Hãy xem lại số.")
    return ReportError(words % {"number": issue.number}, "number")


def why_not_issuable(report: Report, today: date) -> str:
    """Why the paper cannot be issued now, in Vietnamese; "" if it can."""
    if report.is_issued:
        return _("Văn bản đã phát hành, số %(number)s.") % {"number": report.number}
    if report.as_of > today:
        return _("Kỳ báo cáo đến hết ngày %(day)s mới chốt số liệu.") % {
            "day": short_date(report.as_of)
        }
    if report.is_open:
        return _("Các tệp chưa lập xong. Hãy chờ lập xong rồi phát hành.")
    if report.state != State.DONE:
        return _("Các tệp chưa lập xong. Hãy bấm “Lập lại” trước.")
    if report.snapshot is None or report.snapshot.data().get("form") != content.FORM:
        return _("Báo cáo lập theo mẫu cũ, chỉ xem được tệp. Hãy lập báo cáo mới cho kỳ này.")
    return ""


@transaction.atomic
def issue(report: Report, new: Issue, *, version: int, by: User, now: datetime) -> None:
    """Write number, day and signer on the paper as it was last printed, for good.

    Raise `ReportError` if it cannot be issued, `StaleError` if its texts are newer than `version`.
    """
    today = timezone.localdate(now)
    current = locked(report)
    refusal = why_not_issuable(current, today)
    if refusal:
        raise ReportError(refusal)
    if current.version != version:
        raise StaleError(current)
    check_issue(current, new, today)
    bearing = {
        "number": new.number,
        "issued_on": new.day,
        "issued_year": new.day.year,
        "signer_name": new.signer,
        "issued_by": by,
    }
    try:
        with transaction.atomic():
            queue(current, frozenset({State.DONE}), now=now, stage=Stage.ISSUED, **bearing)
    except IntegrityError as error:
        # Another paper was given the number since it was looked up.
        raise _taken(new) from error


def correct(report: Report, *, by: User, now: datetime) -> Report:
    """The report that replaces an issued one, with its texts to begin with.

    Raise `ReportError` if it is not issued or was corrected already.
    """
    if not report.is_issued:
        raise ReportError(_("Văn bản chưa phát hành: hãy sửa rồi lập lại, không cần thay thế."))
    known = report.correction()
    if known is not None and known.is_issued:
        raise ReportError(
            _("Văn bản đã được thay thế bằng văn bản số %(number)s.") % {"number": known.number}
        )
    if known is not None:
        return known
    made = {"supersedes": report, "texts": report.texts}
    with transaction.atomic():
        # Two who press at once wait for each other here.
        locked(report)
        return report.correction() or create(report.scope(), by=by, now=now, **made)


def freeze_ripe(*, now: datetime) -> list[Report]:
    """Drafts whose last day is over, queued to be made with the figures that stay."""
    ripe = Report.objects.filter(
        stage=Stage.DRAFT, state=State.DONE, as_of__lt=timezone.localdate(now)
    )
    return [report for report in ripe if queue(report, frozenset({State.DONE}), now=now)]


@transaction.atomic
def discard(report: Report) -> None:
    """Delete an unissued report with its files; what was frozen stays in the database.

    Raise `ReportError` if it was issued meanwhile.
    """
    current = Report.objects.select_for_update().filter(pk=report.pk).first()
    if current is None:
        return
    if current.is_issued:
        raise ReportError(_("Văn bản đã phát hành nên không bỏ được, chỉ thay thế được."))
    names = list(current.files.values_list("file", flat=True))

    def delete_files() -> None:
        for name in names:
            default_storage.delete(name)

    # What is not deleted now, the nightly cleaning finds.
    transaction.on_commit(delete_files, robust=True)
    current.delete()
