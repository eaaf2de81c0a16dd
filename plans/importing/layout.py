"""How a file is laid out: its sheets, the one that is read, and what its columns mean."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from papi_portal.sheets import HeaderError, find_header
from papi_portal.text import fold
from plans.models import SheetHeading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from papi_portal.sheets import Column, Header, Sheet, Workbook
    from plans.models import SheetImport

# The heading that our own copies with faults carry: nobody needs to be told of it.
FAULT_HEADING = "Lỗi"
# What a csv was cut at, in words; keyed by the sign.
DELIMITERS = {";": "dấu chấm phẩy (;)", ",": "dấu phẩy (,)", "\t": "dấu tab"}


@dataclass
class Layout:
    """What the page shows of the file's form; `headings` by column number, `columns` by key."""

    sheets: list[str] = field(default_factory=list)
    sheet: str = ""
    header_row: int = 0
    headings: dict[int, str] = field(default_factory=dict)
    columns: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def dump(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def load(cls, told: dict[str, Any]) -> Layout:
        # The keys of an object in JSON are text.
        headings = {int(column): heading for column, heading in told["headings"].items()}
        return cls(**{**told, "headings": headings})


def choose_sheet(row: SheetImport, book: Workbook, columns: Sequence[Column]) -> Sheet:
    """The sheet a person chose, else the first visible one with the best heading."""
    by_name = {sheet.name: sheet for sheet in book.sheets}
    if row.sheet_name in by_name:
        return by_name[row.sheet_name]
    candidates = [sheet for sheet in book.sheets if not sheet.is_hidden] or book.sheets
    known = remembered(row)

    def fitness(sheet: Sheet) -> int:
        try:
            header = find_header(sheet, columns, remembered=known)
        except HeaderError:
            return -1
        return len(header.columns) - len(header.faults)

    return max(candidates, key=fitness)


def find_columns(row: SheetImport, sheet: Sheet, columns: Sequence[Column]) -> Header:
    """The heading of `sheet`, as chosen, remembered or found. Raise `HeaderError`."""
    chosen: Mapping[str, int] | None = row.columns or None
    return find_header(sheet, columns, remembered=remembered(row), chosen=chosen)


def describe(book: Workbook, sheet: Sheet, header: Header | None) -> Layout:
    """What to tell of the form of the file, whether or not its heading was found."""
    notes = list(book.notes)
    if book.delimiter:
        sign = DELIMITERS.get(book.delimiter, f"“{book.delimiter}”")
        notes.append(_("Tệp CSV ngăn ô bằng %(sign)s.") % {"sign": sign})
    hidden = [each.name for each in book.sheets if each.is_hidden and each is not sheet]
    if hidden:
        names = ", ".join(f"“{name[:31]}”" for name in hidden)
        notes.append(_("Trang đang ẩn, không nhập: %(names)s.") % {"names": names})
    layout = Layout([each.name for each in book.sheets], sheet.name, notes=notes)
    if header is None:
        return layout
    unknown = [
        header.headings[column]
        for column in header.unknown
        if fold(header.headings[column]) != fold(FAULT_HEADING)
    ]
    if unknown:
        names = ", ".join(f"“{heading[:50]}”" for heading in unknown)
        notes.append(_("Cột không nhập: %(names)s.") % {"names": names})
    layout.header_row = header.row
    layout.headings = header.headings
    layout.columns = header.columns
    return layout


def remembered(row: SheetImport) -> dict[str, str]:
    """What headings mean in the files of this province, by what was chosen before."""
    known = SheetHeading.objects.filter(province=row.province_id, kind=row.kind)
    return dict(known.values_list("heading", "column"))


def remember(row: SheetImport, layout: Layout, columns: Mapping[str, int]) -> None:
    """Keep what a person chose for headings that the portal had taken for something else."""
    if row.province_id is None:
        return
    now = {column: key for key, column in columns.items() if column}
    before = {column: key for key, column in layout.columns.items()}
    for column, heading in layout.headings.items():
        meaning = now.get(column, "")
        if fold(heading) and meaning != before.get(column, ""):
            SheetHeading.objects.update_or_create(
                province_id=row.province_id,
                kind=row.kind,
                heading=fold(heading)[:200],
                defaults={"column": meaning},
            )
