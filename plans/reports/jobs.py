"""Wakes workers for reports; how often a report is tried again is decided here."""

from __future__ import annotations

import logging
from functools import partial

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from celery.signals import worker_process_init
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans import leases
from plans.reports import services
from plans.reports.models import Report
from plans.reports.printing import printer

logger = logging.getLogger(__name__)

# A second wake-up for a report that is still queued comes with the next sweep.
WAKE_UP_SECONDS = 55
# Small reports do not wait for large ones; see docs/operations.md for who serves which.
QUEUE, HEAVY_QUEUE = "reports", "heavy"
# Of a large report, in seconds; longer than any that was measured, shorter than the broker waits.
HEAVY_LIMITS = {"soft_time_limit": 780, "time_limit": 840}


@worker_process_init.connect
def have_printer_ready(**_sent: object) -> None:
    """A worker process that begins, also in place of one that grew too large."""
    printer.start_spare()


@shared_task
def build_report(pk: int) -> None:
    """Make the report `pk`; a second run, or one that comes too late, finds nothing to do."""
    report = services.claim(pk, now=timezone.now())
    if report is None:
        return
    try:
        services.make(report)
    except leases.LostLeaseError:
        logger.warning("report %s, attempt %s: taken over or cancelled", report.pk, report.attempt)
    except SoftTimeLimitExceeded:
        reason = _("Lập báo cáo quá lâu nên đã dừng; kế hoạch có thể quá lớn cho một báo cáo.")
        _end(partial(leases.give_up, report, reason, now=timezone.now()))
    except Exception as error:
        logger.exception("report %s, attempt %s", report.pk, report.attempt)
        reason = _reason(report.pk, error)
        _end(partial(services.try_again, report, reason, now=timezone.now()))


def wake(report: Report) -> None:
    """Wake a worker for `report` once it is committed.

    A broker that is down is logged and no more: the row is kept, the next sweep finds it.
    """

    # A function and no partial: Django writes its name into the log.
    def send() -> None:
        _send(report.pk, report.is_large, retry=False)

    transaction.on_commit(send, robust=True)


@shared_task
def sweep_reports() -> None:
    """Each minute: freeze what is over, take up again what the broker or a worker has lost."""
    now = timezone.now()
    for report in services.freeze_ripe(now=now):
        wake(report)
    for pk, is_large in services.sweep(now=now):
        _send(pk, is_large, expires=WAKE_UP_SECONDS)


@shared_task
def ask_scheduled_reports() -> None:
    """Each minute: ask for the reports whose cut-off is over, tell of those that are made."""
    now = timezone.now()
    for report in services.ask_due(now=now):
        wake(report)
    services.announce(now=now)


@shared_task
def clean_report_files() -> None:
    """Each night: files that a worker left when it died."""
    services.clean_files(now=timezone.now())


def _send(pk: int, is_large: bool, **options: object) -> None:
    if is_large:
        options |= {"queue": HEAVY_QUEUE, **HEAVY_LIMITS}
    build_report.apply_async((pk,), **{"queue": QUEUE, **options})


def _end(write: partial[None]) -> None:
    """Write how it ended, unless the report is no longer this worker's."""
    try:
        write()
    except leases.LostLeaseError:
        logger.warning("report %s: taken over or cancelled", write.args[0].pk)


def _reason(pk: int, error: Exception) -> str:
    message = getattr(error, "message", "")
    if isinstance(message, str) and message:
        return message
    if isinstance(error, MemoryError):
        return _("Máy chủ không đủ bộ nhớ để dàn trang báo cáo này.")
    if isinstance(error, OSError):
        return _("Không đọc hoặc ghi được tệp; có thể ổ đĩa đã đầy. Hãy báo quản trị hệ thống.")
    return _("Lỗi khi lập báo cáo số %(pk)s. Hãy báo quản trị hệ thống xem nhật ký.") % {"pk": pk}
