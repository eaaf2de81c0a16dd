"""Every write of reports: asking for one, taking the job, freezing, storing, giving up.

Taking the job, and keeping it, is the business of plans.leases.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans import leases
from plans.leases import MAX_ATTEMPTS, LostLeaseError
from plans.reports import snapshot
from plans.reports.models import Report, Snapshot
from plans.reports.states import STEP_PERCENT, State, Step
from plans.reports.wording import short_date

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from agencies.models import User
    from plans.models import Plan

# Renewed at each step and, while pages are laid out, each second: only a dead worker loses it.
LEASE = timedelta(seconds=150)
LEASE_RENEWED_AFTER = timedelta(seconds=1)
WAITING = {"step": Step.WAIT, "percent_done": 0}


class ReportError(Exception):
    """The report cannot be asked for or made; `message` says why, in Vietnamese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def first_day(plan: Plan) -> date | None:
    """The first day of which there is something to report; None for a plan not given out."""
    return None if plan.is_draft else plan.activated_on


def check_as_of(plan: Plan, as_of: date, today: date) -> None:
    """Raise `ReportError` if `plan` has no figures of `as_of`."""
    first = first_day(plan)
    if first is None:
        raise ReportError(_("Kế hoạch chưa giao việc nên chưa có số liệu để báo cáo."))
    values = {"day": short_date(as_of), "today": short_date(today), "first": short_date(first)}
    if as_of > today:
        raise ReportError(
            _("Ngày %(day)s chưa tới. Hãy chọn từ ngày %(first)s đến ngày %(today)s.") % values
        )
    if as_of < first:
        raise ReportError(
            _(
                "Kế hoạch được giao việc từ ngày %(first)s nên chưa có số liệu của ngày %(day)s. "
                "Hãy chọn từ ngày %(first)s đến ngày %(today)s."
            )
            % values
        )


def request_report(plan: Plan, as_of: date, *, by: User, now: datetime) -> Report:
    """A queued report, or the one this person has asked for already and that is not finished.

    Raise `ReportError` if the plan has no figures of that day.
    """
    check_as_of(plan, as_of, timezone.localdate(now))
    mine = Report.objects.open().filter(plan=plan, as_of=as_of, requested_by=by)
    # Pressed twice at once, the second insert fails and finds the first; if that one has been
    # finished meanwhile, a new report is what was asked for.
    for _attempt in range(2):
        known = mine.first()
        if known is not None:
            return known
        try:
            with transaction.atomic():
                return Report.objects.create(
                    plan=plan,
                    province_id=plan.province_id,
                    as_of=as_of,
                    requested_by=by,
                    requested_at=now,
                )
        except IntegrityError:
            continue
    return mine.get()


def claim(pk: int, *, now: datetime) -> Report | None:
    """Take the queued report `pk`; None if another worker was quicker or nothing is to do."""
    rows = Report.objects.select_related("plan__province", "plan__monitor", "snapshot")
    report: Report | None = leases.claim(
        rows, pk, lease_until=now + LEASE, started_at=now, **WAITING
    )
    return report


def run(pk: int, *, clock: Callable[[], datetime] = timezone.now) -> Report | None:
    """Take and make the report `pk` here and now; None if it was not there to be taken."""
    report = claim(pk, now=clock())
    return make(report, clock=clock) if report else None


def make(report: Report, *, clock: Callable[[], datetime] = timezone.now) -> Report:
    """Freeze, print and store a claimed report; slow, so no transaction is open meanwhile.

    A report for which there are no figures is failed with its reason. Whatever else goes wrong
    is raised: the caller decides whether to try again.
    """
    # Here and not above: web processes import this module and must never load WeasyPrint.
    from plans.reports import pdf

    try:
        _step(report, Step.FREEZE, now=clock())
        frozen = report.snapshot or _freeze(report, now=clock())
    except snapshot.SnapshotError as error:
        leases.give_up(report, error.message, now=clock())
        return report
    if not frozen.is_intact:
        leases.give_up(report, _("Bản chốt số liệu đã bị sửa nên không dùng được."), now=clock())
        return report
    figures = frozen.figures()
    _step(report, Step.LAY_OUT, now=clock())
    follow = _follow(report, pdf.estimated_pages(figures), clock)
    content, page_count = pdf.render_counted(figures, on_page=follow)
    _step(report, Step.STORE, now=clock())
    _store(report, content, page_count, now=clock())
    return report


def try_again(report: Report, reason: str, *, now: datetime) -> None:
    """Queue a report for the next sweep; after the last attempt fail it with `reason`."""
    leases.try_again(report, reason, now=now, **WAITING)


def sweep(*, now: datetime) -> list[int]:
    """Reports a worker should be woken for: abandoned ones, and those the broker may have lost."""
    reason = _("Máy lập báo cáo dừng giữa chừng %(count)s lần; có thể báo cáo quá lớn.")
    return leases.sweep(Report.objects.all(), reason % {"count": MAX_ATTEMPTS}, now=now, **WAITING)


def _freeze(report: Report, *, now: datetime) -> Snapshot:
    content = snapshot.canonical(snapshot.build(report.plan, report.as_of, now))
    with transaction.atomic():
        frozen = Snapshot.objects.create(
            plan=report.plan,
            as_of=report.as_of,
            content=content,
            sha256=snapshot.fingerprint(content),
            made_at=now,
        )
        leases.write(report, snapshot=frozen)
    return frozen


def _store(report: Report, content: bytes, page_count: int, *, now: datetime) -> None:
    """The file first, the row second: a row never names a file that is not there."""
    name = default_storage.save(f"bao-cao/{uuid4()}.pdf", ContentFile(content))
    earlier = Report.objects.filter(plan=report.plan, as_of=report.as_of, state=State.DONE)
    try:
        leases.write(
            report,
            state=State.DONE,
            step=Step.WAIT,
            percent_done=100,
            lease_until=None,
            finished_at=now,
            pdf=name,
            pdf_sha256=hashlib.sha256(content).hexdigest(),
            page_count=page_count,
            supersedes=earlier.order_by("-pk").first(),
        )
    except LostLeaseError:
        default_storage.delete(name)
        raise


def _step(report: Report, step: Step, *, now: datetime) -> None:
    leases.write(report, step=step, percent_done=STEP_PERCENT[step], lease_until=now + LEASE)


def _follow(report: Report, page_count: int, clock: Callable[[], datetime]) -> Callable[[], None]:
    """What to do at each page: at most once a second show how far it is and renew the lease.

    A worker that has lost its lease stops there instead of printing to the end.
    """
    start, end = STEP_PERCENT[Step.LAY_OUT], STEP_PERCENT[Step.STORE]
    pages, written_at = 0, clock()

    def follow() -> None:
        nonlocal pages, written_at
        pages += 1
        now = clock()
        if now - written_at >= LEASE_RENEWED_AFTER:
            written_at = now
            share = min(pages / page_count, 1)
            percent = start + int((end - start) * share)
            leases.write(report, percent_done=percent, lease_until=now + LEASE)

    return follow
