"""Tables into xlsx and csv in which no cell can ever be a formula."""

from __future__ import annotations

import csv
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import WorkbookAlreadySaved
from openpyxl.writer.excel import ExcelWriter

from papi_portal.sheets.delimited import guarded
from papi_portal.sheets.packing import NO_TIME, FixedZip, xml_text
from papi_portal.sheets.sheet import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from papi_portal.sheets.sheet import Value

MAX_CELL, MAX_NAME = 32_767, 31
CSV_DELIMITER = ";"
DATE_FORMAT, DATETIME_FORMAT, TIME_FORMAT = "dd/mm/yyyy", "dd/mm/yyyy hh:mm", "hh:mm"
# In a cell "_x000A_" means the character of that number, so such text is written with its own.
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_HEAD_FONT = Font("Calibri", 11, bold=True)
_HEAD_FILL = PatternFill("solid", fgColor="E3ECF4")
_WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass
class Table:
    """One sheet to be written: `columns` are (heading, width in characters)."""

    name: str
    columns: Sequence[tuple[str, int]]
    rows: Iterable[Sequence[Value | Decimal]]


def write_xlsx(tables: Sequence[Table]) -> bytes:
    """Return a workbook: the head frozen, filtered and wrapped, days as days, text as text."""
    book = Workbook(write_only=True)
    # The library writes no book without these.
    book.properties.created = book.properties.modified = NO_TIME
    for name, table in zip(sheet_names(table.name for table in tables), tables, strict=True):
        sheet = book.create_sheet(name)
        sheet.freeze_panes = "A2"
        for number, (_heading, width) in enumerate(table.columns, start=1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([_head(sheet, heading) for heading, _width in table.columns])
        last_row = 1
        for row in table.rows:
            sheet.append([value_cell(sheet, value) for value in row])
            last_row += 1
        if table.columns:
            sheet.auto_filter.ref = f"A1:{get_column_letter(len(table.columns))}{last_row}"
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The file of a book: the same cells give the same bytes, whenever and wherever."""
    content = io.BytesIO()
    with FixedZip(content) as archive:
        ExcelWriter(book, archive).write_data()
    return content.getvalue()


def throw_away(book: Workbook) -> None:
    """End a book that was begun and will not be saved: its rows lie in temporary files.

    The library takes them away when it saves, else as the process ends, which a worker's never do.
    """
    for sheet in book.worksheets:
        with suppress(WorkbookAlreadySaved):
            sheet.close()
        with suppress(OSError, ValueError):
            sheet._writer.cleanup()


def sheet_names(wanted: Iterable[str]) -> Iterator[str]:
    """Names for sheets as workbooks allow them: short, without signs, none twice in any case."""
    used: set[str] = set()
    for text in wanted:
        name = first = _cut(_NOT_IN_NAME.sub(" ", xml_text(text)).strip("' ") or "Trang", MAX_NAME)
        number = 1
        while name.lower() in used:
            number += 1
            name = f"{_cut(first, MAX_NAME - 5)} ({number})"
        used.add(name.lower())
        yield name


def write_csv(table: Table) -> bytes:
    """Return UTF-8 with its mark and ";" between cells, as Excel here opens it by itself."""
    content = io.StringIO(newline="")
    writer = csv.writer(content, delimiter=CSV_DELIMITER)
    writer.writerow([guarded(heading) for heading, _width in table.columns])
    for row in table.rows:
        writer.writerow([_written(value) for value in row])
    return content.getvalue().encode("utf-8-sig")


def _head(sheet: Any, heading: str) -> Any:
    cell = value_cell(sheet, heading)
    cell.font, cell.fill = _HEAD_FONT, _HEAD_FILL
    return cell


def value_cell(sheet: Any, value: Value | Decimal) -> Any:
    """A cell that keeps numbers and days, and in which a text can only ever be text."""
    if not isinstance(value, str):
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, datetime):
            cell.number_format = DATETIME_FORMAT
        elif isinstance(value, date):
            cell.number_format = DATE_FORMAT
        elif isinstance(value, time):
            cell.number_format = TIME_FORMAT
        return cell
    text = _ESCAPE.sub("_x005F_", _cut(xml_text(value), MAX_CELL))
    cell = WriteOnlyCell(sheet, text)
    # Whatever it looks like: the library would take "=…" for a formula, "#REF!" for an error.
    cell.data_type = "s"
    cell.alignment = _WRAPPED
    # Stays text for whoever edits the cell, too.
    cell.quotePrefix = guarded(text) != text
    return cell


def _cut(text: str, length: int) -> str:
    """The start of a text; programs count a picture sign beyond the first 65,536 as two."""
    if len(text) * 2 <= length:
        return text
    return text.encode("utf-16-le")[: 2 * length].decode("utf-16-le", "ignore")


def _written(value: Value | Decimal) -> str:
    """A value as csv: text guarded, numbers with a comma, which no program takes for more."""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, float | Decimal) and not isinstance(value, bool):
        written = as_text(value) if isinstance(value, float) else str(value)
        return written.replace(".", ",")
    return as_text(value)
