"""Every write of imports: taking the file, previewing it, previewing it anew, carrying it out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Province
from indicators.models import Index
from papi_portal.sheets import Fault, HeaderError, Preview, SheetRefusedError, read_workbook
from papi_portal.sheets import reading as sheet_reading
from papi_portal.sheets.guards import grouped
from plans import leases, services, stored_files
from plans.importing import layout as layouts
from plans.importing.failures import NotImportedError, OutdatedError
from plans.importing.kinds import KINDS
from plans.importing.layout import Layout
from plans.importing.rows import SKIP, STRUCK
from plans.leases import MAX_ATTEMPTS
from plans.models import Plan, SheetImport
from plans.states import PlanStatus, ReadingState, SheetKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from django.core.files.uploadedfile import UploadedFile

    from papi_portal.sheets import RowChange, Workbook

# Longer than reading and comparing take: only a dead worker loses it.
LEASE = timedelta(seconds=sheet_reading.SECONDS + 120)
VALID_FOR = timedelta(hours=1)
FOLDER = "nhap-bang-tinh"


def store(upload: UploadedFile) -> tuple[str, str]:
    """Write a checked upload under a random name; return the name and the file's SHA-256."""
    return stored_files.store(upload, FOLDER), stored_files.sha256_of(upload)


def claim(pk: int, *, now: datetime) -> SheetImport | None:
    rows = SheetImport.objects.select_related("plan__province", "province", "index")
    row: SheetImport | None = leases.claim(rows, pk, lease_until=now + LEASE)
    return row


def preview(row: SheetImport, *, today: date, clock: Callable[[], datetime] = timezone.now) -> None:
    """Read a claimed file and store what it would do, or why it is refused.

    Slow, so no transaction is open meanwhile. Whatever else goes wrong is raised.
    """
    kind = KINDS[row.kind]
    # Taken first: what changes while the rows are compared makes the preview outdated at once.
    basis = kind.basis(row)
    try:
        layout, made = _made(row, open_workbook(row), today)
    except SheetRefusedError as error:
        leases.give_up(row, error.message, now=clock())
        return
    leases.write(
        row,
        state=ReadingState.DONE,
        layout=json.dumps(layout.dump()),
        preview=json.dumps(made.dump()),
        basis=basis,
        lease_until=None,
        finished_at=clock(),
    )


def _made(row: SheetImport, book: Workbook, today: date) -> tuple[Layout, Preview]:
    kind = KINDS[row.kind]
    if kind.preview_all is not None:
        names = [sheet.name for sheet in book.sheets]
        return Layout(sheets=names), kind.preview_all(row, book)
    assert kind.preview is not None
    if not book.sheets:
        raise SheetRefusedError(_("Tệp không có trang tính nào có dữ liệu."))
    sheet = layouts.choose_sheet(row, book, kind.columns)
    try:
        header = layouts.find_columns(row, sheet, kind.columns)
    except HeaderError as error:
        return layouts.describe(book, sheet, None), Preview(faults=[Fault(error.message)])
    layout = layouts.describe(book, sheet, header)
    rows = list(header.body(sheet))
    faults = [Fault(message) for message in header.faults]
    if not rows:
        faults.append(Fault(_("Tệp không có dòng dữ liệu nào dưới dòng tiêu đề.")))
    elif len(rows) > kind.limits.rows:
        told = {"count": grouped(len(rows)), "max": grouped(kind.limits.rows)}
        faults.append(Fault(_("Có %(count)s dòng; tối đa %(max)s. Hãy tách tệp.") % told))
    made = Preview(faults=faults) if faults else kind.preview(row, sheet, header, today)
    made.notes = [*layout.notes, *made.notes]
    return layout, made


def open_workbook(row: SheetImport) -> Workbook:
    """Read the stored file in a process apart. Raise `SheetRefusedError`."""
    with stored_files.local_copy(row.file.name or "") as path:
        return read_workbook(path, row.file_name, KINDS[row.kind].limits)


def preview_of(row: SheetImport) -> Preview:
    return Preview.load(json.loads(row.preview))


def layout_of(row: SheetImport) -> Layout:
    return Layout.load(json.loads(row.layout)) if row.layout else Layout()


@transaction.atomic
def preview_again(
    row: SheetImport, *, sheet_name: str, columns: Mapping[str, int], now: datetime
) -> bool:
    """Queue the file once more, for another sheet or other columns; False if it is not at rest.

    Columns chosen for one sheet say nothing of another one.
    """
    layout = layout_of(row)
    is_other_sheet = sheet_name != layout.sheet
    chosen = {} if is_other_sheet else {key: at for key, at in columns.items() if at}
    is_other = bool(chosen) and chosen != layout.columns
    if is_other:
        layouts.remember(row, layout, chosen)
    at_rest = SheetImport.objects.filter(
        pk=row.pk, state=ReadingState.DONE, applied_at__isnull=True
    )
    return bool(
        at_rest.update(
            state=ReadingState.QUEUED,
            sheet_name=sheet_name,
            columns=chosen if is_other or row.columns else {},
            requested_at=now,
            attempt=0,
        )
    )


def book_to_apply(row: SheetImport) -> Workbook | None:
    """The workbook that `apply` needs of a kind that finds its own way through all its sheets.

    Read before a transaction begins: a large file takes seconds, and would keep everybody else
    from writing. Raise `NotImportedError`.
    """
    if KINDS[row.kind].apply_all is None:
        return None
    try:
        return open_workbook(row)
    except SheetRefusedError as error:
        raise NotImportedError(error.message) from error


@transaction.atomic
def apply(
    row: SheetImport, answers: Mapping[str, str], *, book: Workbook | None = None, now: datetime
) -> bool:
    """Carry the preview out: all rows or none. False if that was done before.

    `book` is that of `book_to_apply`.
    Raise `OutdatedError` if what it was compared with, or the file, is no longer the same, and
    `NotImportedError` for all else that keeps it from being written.
    """
    stored = SheetImport.objects.select_for_update().get(pk=row.pk)
    if stored.applied_at is not None:
        return False
    if not stored.is_done or stored.finished_at is None or stored.finished_at + VALID_FOR < now:
        raise OutdatedError(_("Bản xem trước đã hết hạn. Hãy xem trước lại rồi xác nhận."))
    with default_storage.open(stored.file.name or "") as file:
        if stored_files.sha256_of(file) != stored.sha256:
            raise OutdatedError(_("Tệp đã đổi từ lúc xem trước. Hãy tải tệp lên lại."))
    kind = KINDS[stored.kind]
    if stored.plan_id is not None:
        stored.plan = Plan.objects.select_for_update().get(pk=stored.plan_id)
        if stored.plan.status != PlanStatus.DRAFT:
            raise NotImportedError(_("Kế hoạch đã giao việc nên không nhập thêm nhiệm vụ được."))
    elif stored.province_id is not None:
        # Two files with one new agency: the second is compared with what the first has made.
        Province.objects.select_for_update().get(pk=stored.province_id)
    elif stored.index_id is not None:
        # Two tables of one edition: the second is held against what the first has published.
        Index.objects.select_for_update().get(pk=stored.index_id)
    if kind.basis(stored) != stored.basis:
        raise OutdatedError(_outdated(stored))
    made = preview_of(stored)
    if made.fault_count:
        raise NotImportedError(_("Tệp còn lỗi nên chưa nhập dòng nào. Hãy sửa rồi tải lên lại."))
    try:
        if kind.apply_all is not None:
            assert book is not None, "such a kind is applied with its book"
            kind.apply_all(stored, book, now)
        elif kind.apply is not None:
            kind.apply(stored, _wanted(made, answers))
    except services.NotDraftError:
        raise NotImportedError(_("Kế hoạch đã giao việc nên không nhập được.")) from None
    stored.answers, stored.applied_at = dict(answers), now
    stored.save(update_fields=["answers", "applied_at"])
    return True


def _wanted(made: Preview, answers: Mapping[str, str]) -> list[RowChange]:
    skips_struck = answers.get(STRUCK) == SKIP
    return [row for row in made.rows if not (skips_struck and row.data.get("is_struck"))]


def _outdated(row: SheetImport) -> str:
    if row.kind != SheetKind.TASKS or row.plan is None:
        return _("Dữ liệu đã được người khác sửa. Hãy xem trước lại.")
    last = row.plan.tasks.model.history.filter(plan=row.plan_id).order_by("-history_date").first()
    at = timezone.localtime(last.history_date if last else row.plan.updated_at)
    return _("Kế hoạch đã được sửa lúc %(at)s. Hãy xem trước lại.") % {"at": f"{at:%H:%M}"}


def try_again(row: SheetImport, *, now: datetime) -> None:
    """Queue a file for the next sweep; after the last attempt fail it."""
    reason = _("Lỗi khi xem trước bảng tính số %(pk)s. Hãy báo quản trị hệ thống xem nhật ký.")
    leases.try_again(row, reason % {"pk": row.pk}, now=now)


def sweep(*, now: datetime) -> list[int]:
    """Files a worker should be woken for: abandoned, or perhaps lost by the broker."""
    reason = _("Máy xem trước dừng giữa chừng %(count)s lần; có thể tệp quá lớn.")
    return leases.sweep(SheetImport.objects.all(), reason % {"count": MAX_ATTEMPTS}, now=now)


def clean_up(*, now: datetime) -> int:
    """Delete files given long ago with their previews, imported or not, and files without a row.

    Return how many were deleted. What was imported stays: it is rows of its own by then.
    """
    before = now - timedelta(days=settings.SHEET_KEEP_DAYS)
    old = SheetImport.objects.filter(requested_at__lt=before)
    stale = old.exclude(state=ReadingState.RUNNING)
    keys = list(stale.values_list("pk", flat=True))
    deleted = sum(stored_files.delete_with_file(stale, pk) for pk in keys)
    return deleted + stored_files.discard_orphans(FOLDER, SheetImport.objects.all(), now=now)
