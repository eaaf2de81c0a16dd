"""What must hold of reports: whole or failed with a reason, never stuck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from plans.invariants import fault_of_file, files_without_row
from plans.reports.models import Report, ReportFile
from plans.reports.services import LEASE
from plans.reports.services.making import FOLDER
from plans.reports.states import Format, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

# A worker that died is noticed within a minute of its lease; so long means nobody sweeps.
STUCK_AFTER = 10 * LEASE
END_OF_PDF = b"%%EOF"
PRINTED = frozenset({Format.PDF, Format.SIGNED})
REPORTS_AT_ONCE = 500


def every_report_is_whole_or_says_why(now: datetime, is_quick: bool) -> Iterator[str]:
    """I6: done with its files and figures as they were frozen, or failed with a reason."""
    files = Prefetch("files", queryset=ReportFile.objects.of_reports())
    done = Report.objects.filter(state=State.DONE).select_related("snapshot")
    for report in done.prefetch_related(files).iterator(chunk_size=REPORTS_AT_ONCE):
        for fault in _faults(report, is_quick=is_quick):
            yield _("báo cáo %(pk)s: %(fault)s") % {"pk": report.pk, "fault": fault}
    for pk in Report.objects.filter(state=State.FAILED, reason="").values_list("pk", flat=True):
        yield _("báo cáo %(pk)s hỏng mà không ghi lý do") % {"pk": pk}
    for pk in Report.objects.filter(
        state=State.RUNNING, lease_until__lt=now - STUCK_AFTER
    ).values_list("pk", flat=True):
        yield _("báo cáo %(pk)s đứng giữa chừng") % {"pk": pk}


def _faults(report: Report, *, is_quick: bool) -> Iterator[str]:
    if not (report.snapshot and report.snapshot.is_intact):
        yield _("số liệu khác bản đã chốt")
    files = report.files.all()
    if not any(file.format == Format.PDF for file in files):
        yield _("không có tệp PDF")
    yield from filter(None, (_fault(file, is_quick=is_quick) for file in files))


def _fault(file: ReportFile, *, is_quick: bool) -> str:
    name = file.file.name or ""
    fault = fault_of_file(name, size=file.byte_count, sha256="" if is_quick else file.sha256)
    if fault or file.format not in PRINTED:
        return fault
    if not file.page_count:
        return _("tệp PDF không có trang")
    return "" if _ends_as_pdf(name) else _("tệp PDF bị cụt")


def _ends_as_pdf(name: str) -> bool:
    with default_storage.open(name) as file:
        file.seek(max(file.size - 1024, 0))
        return END_OF_PDF in file.read()


def every_file_has_its_row(now: datetime, is_quick: bool) -> Iterator[str]:
    """I8, of the files of reports."""
    yield from files_without_row(FOLDER, ReportFile.objects.all(), now)


CHECKS = {"I6": every_report_is_whole_or_says_why, "I8": every_file_has_its_row}
