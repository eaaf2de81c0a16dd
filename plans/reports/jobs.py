"""Wakes workers for reports; how often a report is tried again is decided here."""

from __future__ import annotations

import logging
from functools import partial

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans import leases
from plans.reports import services

logger = logging.getLogger(__name__)

# A second wake-up for a report that is still queued comes with the next sweep.
WAKE_UP_SECONDS = 55


@shared_task
def build_report(pk: int) -> None:
    """Make the report `pk`; a second run, or one that comes too late, finds nothing to do."""
    report = services.claim(pk, now=timezone.now())
    if report is None:
        return
    try:
        services.make(report)
    except leases.LostLeaseError:
        logger.warning("report %s, attempt %s: taken over", report.pk, report.attempt)
    except SoftTimeLimitExceeded:
        reason = _("Lập báo cáo quá lâu nên đã dừng; kế hoạch có thể quá lớn cho một báo cáo.")
        leases.give_up(report, reason, now=timezone.now())
    except Exception as error:
        logger.exception("report %s, attempt %s", report.pk, report.attempt)
        services.try_again(report, _reason(report.pk, error), now=timezone.now())


def wake(pk: int) -> None:
    """Wake a worker for the report `pk` once it is committed.

    A broker that is down is logged and no more: the row is kept, the next sweep finds it.
    """
    transaction.on_commit(partial(build_report.apply_async, (pk,), retry=False), robust=True)


@shared_task
def sweep_reports() -> None:
    """Each minute: whatever the broker or a worker has lost is taken up again."""
    for pk in services.sweep(now=timezone.now()):
        build_report.apply_async((pk,), expires=WAKE_UP_SECONDS)


def _reason(pk: int, error: Exception) -> str:
    if isinstance(error, MemoryError):
        return _("Máy chủ không đủ bộ nhớ để dàn trang báo cáo này.")
    if isinstance(error, OSError):
        return _("Không đọc hoặc ghi được tệp; có thể ổ đĩa đã đầy. Hãy báo quản trị hệ thống.")
    return _("Lỗi khi lập báo cáo số %(pk)s. Hãy báo quản trị hệ thống xem nhật ký.") % {"pk": pk}
