"""Tables out of the portal in the very form in which they come in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from agencies.models import Agency, AgencyAlias
from papi_portal.sheets.writing import Table, write_csv, write_xlsx
from papi_portal.text import parse_date
from plans.importing import tasks
from plans.importing.bodies import AGENCY_COLUMNS, ALIAS_COLUMNS, agency_cells
from plans.importing.layout import FAULT_HEADING
from plans.states import SheetKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papi_portal.sheets import Column, Preview, Sheet, Value
    from plans.importing.kinds import Kind

XLSX, CSV = "xlsx", "csv"
CONTENT_TYPES = {
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    CSV: "text/csv; charset=utf-8",
}
_EXAMPLES = {
    SheetKind.TASKS: {
        "number": "1.1",
        "name": "Công khai quy hoạch sử dụng đất trên Cổng thông tin điện tử",
        "dimensions": "2; 8",
        "lead": "Sở Nông nghiệp và Môi trường",
        "supporters": "Văn phòng UBND tỉnh; UBND các xã, phường",
        "deadline": "Quý III",
        "product": "Chuyên mục công khai",
        "needs_evidence": "có",
    },
    SheetKind.AGENCIES: {
        "name": "Sở Khoa học và Công nghệ",
        "short_name": "Sở KH&CN",
        "code": "SKHCN",
        "kind": "Sở, ban, ngành",
        "is_requested": "không",
        "valid_from": "01/03/2025",
    },
    SheetKind.ALIASES: {"agency": "Sở Khoa học và Công nghệ", "name": "Sở Khoa học - Công nghệ"},
}


def tasks_table(rows: Any) -> Table:
    """The tasks that `rows` selects, as the import of tasks reads them."""
    cells = (tasks.stored_cells(task) for task in tasks.for_sheets(rows))
    return _table(_("Nhiệm vụ"), tasks.COLUMNS, cells)


def agencies_table(province_id: int) -> Table:
    rows = Agency.objects.filter(province=province_id).order_by("sort_text", "pk")
    dated = ("valid_from", "valid_to")
    cells = (
        {key: (parse_date(v) if v and key in dated else v) for key, v in agency_cells(row).items()}
        for row in rows
    )
    return _table(_("Cơ quan"), AGENCY_COLUMNS, cells)


def aliases_table(province_id: int) -> Table:
    rows = AgencyAlias.objects.filter(agency__province=province_id).select_related("agency")
    cells = (
        {"agency": row.agency.name, "gso_code": row.agency.gso_code, "name": row.name}
        for row in rows.order_by("agency__sort_text", "agency", "name")
    )
    return _table(_("Tên khác"), ALIAS_COLUMNS, cells)


def written(table: Table, form: str) -> bytes:
    return write_xlsx([table]) if form == XLSX else write_csv(table)


def template(kind: Kind) -> bytes:
    """An empty form with a second sheet that explains each column."""
    example = _EXAMPLES.get(kind.key, {})
    guide = [
        (
            column.title,
            _("bắt buộc") if column.is_required else _("có thể để trống"),
            example.get(column.key, ""),
            "; ".join(column.synonyms),
        )
        for column in kind.columns
    ]
    headings = ((_("Cột"), 24), (_("Cần không"), 18), (_("Ví dụ"), 50), (_("Cũng nhận tên"), 60))
    return write_xlsx(
        [_table(str(kind.title), kind.columns, ()), Table(_("Hướng dẫn"), headings, guide)]
    )


def with_faults(sheet: Sheet, preview: Preview, header_row: int) -> bytes:
    """The sheet as it came, with a last column that says what is wrong in each row."""
    told: dict[int, list[str]] = {}
    for row in preview.rows:
        for fault in row.faults:
            told.setdefault(row.row, []).append(fault.text)
    general = [fault.text for fault in preview.faults]
    width = max(map(len, sheet.rows), default=0)
    top = max(header_row, 1)
    rows: list[Sequence[Value]] = []
    for number, values in enumerate(sheet.rows, start=1):
        note = FAULT_HEADING if number == top else "\n".join(told.get(number, []))
        if number == top + 1 and general:
            note = "\n".join([*general, note]).strip()
        rows.append([*values, *[None] * (width - len(values)), note or None])
    # The first row becomes the head of the copy, whatever stands in it.
    head = [str(value) if value is not None else "" for value in rows[0]] if rows else [""]
    columns = [(heading, 24) for heading in head[:-1]] + [(head[-1], 60)]
    return write_xlsx([Table(sheet.name, columns, rows[1:])])


def _table(name: str, columns: Sequence[Column], cells: Any) -> Table:
    headings = [(column.title, column.width) for column in columns]
    rows = ([row.get(column.key, "") or None for column in columns] for row in cells)
    return Table(name, headings, rows)
