"""What must hold of reports: whole or failed with a reason, never stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from plans.invariants import fault_of_file
from plans.reports.models import Report
from plans.reports.services import LEASE
from plans.reports.states import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

# A worker that died is noticed within a minute of its lease; so long means nobody sweeps.
STUCK_AFTER = 10 * LEASE
END_OF_PDF = b"%%EOF"


def every_report_is_whole_or_says_why(now: datetime, is_quick: bool) -> Iterator[str]:
    """I6: done with its file and figures as they were frozen, or failed with a reason."""
    done = Report.objects.filter(state=State.DONE).select_related("snapshot")
    for report in done.iterator():
        fault = fault_of_file(report.pdf.name or "", sha256=report.pdf_sha256)
        if not fault and not _ends_as_pdf(report.pdf.name or ""):
            fault = _("tệp PDF bị cụt")
        if not fault and not report.page_count:
            fault = _("tệp PDF không có trang")
        if not fault and not (report.snapshot and report.snapshot.is_intact):
            fault = _("số liệu khác bản đã chốt")
        if fault:
            yield _("báo cáo %(pk)s: %(fault)s") % {"pk": report.pk, "fault": fault}
    for pk in Report.objects.filter(state=State.FAILED, reason="").values_list("pk", flat=True):
        yield _("báo cáo %(pk)s hỏng mà không ghi lý do") % {"pk": pk}
    for pk in Report.objects.filter(
        state=State.RUNNING, lease_until__lt=now - STUCK_AFTER
    ).values_list("pk", flat=True):
        yield _("báo cáo %(pk)s đứng giữa chừng") % {"pk": pk}


def _ends_as_pdf(name: str) -> bool:
    with default_storage.open(name) as file:
        file.seek(max(file.size - 1024, 0))
        return END_OF_PDF in file.read()


CHECKS = {"I6": every_report_is_whole_or_says_why}
