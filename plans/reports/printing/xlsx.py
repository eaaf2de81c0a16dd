"""Draws a paper as a workbook: its words on the first sheet, each table on one of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from itertools import chain, islice
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from papi_portal.sheets.writing import saved, sheet_names, throw_away, value_cell
from plans.reports.paper import Align, Block, Cell, Drawing, Heading, Paper, Row, RowKind, Table
from plans.reports.printing.legible import legible
from plans.reports.printing.progress import Progress, nobody, told

FIRST_SHEET = "Báo cáo"
# Characters across a printed page: what the percents of the columns are percents of.
PAGE_WIDTH, MIN_WIDTH, ASIDE_WIDTH = 125, 7, 24
WORDS_WIDTH = 85
# The number of this size of paper in workbooks.
A4 = 9
LINE_HEIGHT, MAX_HEIGHT = 16, 409
DECIMALS = re.compile(r",(\d+)")
STRONG = frozenset({RowKind.SUM, RowKind.GROUP})
BOLD, ITALIC = Font("Calibri", 11, bold=True), Font("Calibri", 11, italic=True)
SHADE = PatternFill("solid", fgColor="EEF1F5")
HEAD_SHADE = PatternFill("solid", fgColor="E3ECF4")
CENTERED = Alignment(horizontal="center", vertical="center", wrap_text=True)
IN_CELL = {
    align: Alignment(horizontal=align.value, vertical="top", wrap_text=True) for align in Align
}
# The heading of a group runs on over the empty cells beside it.
RUNNING_ON = Alignment(vertical="top")


@dataclass(frozen=True)
class Place:
    """A column of the sheet: the values of a column of the table, or what stands aside of them."""

    index: int
    title: str
    group: str
    width: int
    align: Align
    is_aside: bool = False


def render(paper: Paper, *, on_progress: Progress = nobody) -> bytes:
    """The workbook. Rows are written as they come, so memory grows with the paper alone."""
    book = Workbook(write_only=True)
    try:
        _write(book, paper, on_progress)
    except BaseException:
        throw_away(book)
        raise
    return saved(book)


def _write(book: Workbook, paper: Paper, on_progress: Progress) -> None:
    book.properties.title = legible(paper.title)
    book.properties.creator = legible(paper.author)
    book.properties.keywords = legible(", ".join((*paper.subject_words, paper.seal.code)))
    book.properties.language = "vi-VN"
    # The day of the figures: the clock of a machine says nothing about a paper.
    book.properties.created = book.properties.modified = datetime.combine(
        paper.as_of, time.min, UTC
    )
    tables = paper.tables()
    first, *names = sheet_names([FIRST_SHEET, *(legible(table.name) for table in tables)])
    _write_words(book.create_sheet(first), paper, iter(names))
    count = sum(len(table.rows) for table in tables)
    rows = told(chain.from_iterable(table.rows for table in tables), count, on_progress)
    for name, table in zip(names, tables, strict=True):
        _write_table(book.create_sheet(name), table, islice(rows, len(table.rows)))


def _write_words(sheet: Any, paper: Paper, names: Iterator[str]) -> None:
    """Everything that is not a table, one line per row, in the order of the paper."""
    sheet.column_dimensions["A"].width = WORDS_WIDTH
    _set_up(sheet, is_landscape=False)
    for number, (text, font) in enumerate(_lines(paper, names), start=1):
        cell = value_cell(sheet, legible(text))
        if font is not None:
            cell.font = font
        _set_height(sheet, number, [(text, WORDS_WIDTH)])
        sheet.append([cell])


def _lines(paper: Paper, names: Iterator[str]) -> Iterator[tuple[str, Font | None]]:
    head, foot = paper.head, paper.foot
    for text in (head.superior, *head.issuer, head.number, head.day, *paper.marks):
        yield text, None
    for text in (paper.kind, *paper.about):
        yield text, BOLD
    for text in (paper.under_title, *paper.notices):
        yield text, ITALIC
    for text in (*paper.seal.lines, "", *paper.addressee_lines):
        yield text, None
    yield from _block_lines(paper.body, names)
    if foot.recipients:
        yield "Nơi nhận:", ITALIC
    for text in foot.recipient_lines:
        yield text, None
    for text in (*foot.signer, foot.name):
        yield text, BOLD
    for appendix in paper.appendices:
        yield "", None
        yield appendix.label, BOLD
        yield appendix.title, BOLD
        yield appendix.of, ITALIC
        yield from _block_lines(appendix.blocks, names)


def _block_lines(
    blocks: tuple[Block, ...], names: Iterator[str]
) -> Iterator[tuple[str, Font | None]]:
    for block in blocks:
        if isinstance(block, Heading):
            yield block.text, BOLD
        elif isinstance(block, Table):
            yield f"{block.caption} (xem trang tính “{next(names)}”)".strip(), ITALIC
        elif isinstance(block, Drawing):
            yield block.caption, ITALIC
        else:
            yield block.text, None


def _write_table(sheet: Any, table: Table, rows: Iterable[Row]) -> None:
    places = _places(table)
    above = [(text, font) for text, font in ((table.caption, BOLD), (table.unit, ITALIC)) if text]
    has_groups = any(place.group for place in places)
    head_row = len(above) + 1 + has_groups
    for number, place in enumerate(places, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = place.width
    sheet.freeze_panes = f"A{head_row + 1}"
    _set_up(sheet, is_landscape=True, head_row=head_row)
    sheet.auto_filter.ref = f"A{head_row}:{_filtered_to(table, places, head_row)}"
    for text, font in above:
        sheet.append([_line(sheet, text, font)])
    _write_head(sheet, places, head_row, has_groups)
    for number, row in enumerate(rows, start=head_row + 1):
        if row.kind != RowKind.GROUP:
            _set_height(sheet, number, _texts(row, places))
        sheet.append(_cells(sheet, row, places))
    if table.note:
        sheet.append([])
        sheet.append([_line(sheet, table.note, ITALIC)])


def _places(table: Table) -> list[Place]:
    """The columns of the table, each followed by one for what its values leave unsaid, if any."""
    has_aside = {
        index for row in table.rows for index, cell in _placed(row).items() if _aside(cell)
    }
    places = []
    for index, column in enumerate(table.columns):
        width = max(MIN_WIDTH, column.width * PAGE_WIDTH // 100)
        places.append(Place(index, column.title, column.group, width, column.align))
        if index in has_aside:
            title = f"{column.title} (ghi chú)"
            places.append(Place(index, title, column.group, ASIDE_WIDTH, Align.LEFT, True))
    return places


def _placed(row: Row) -> dict[int, Cell]:
    """The cells by the first column each of them covers."""
    placed, index = {}, 0
    for cell in row.cells:
        placed[index] = cell
        index += cell.span
    return placed


def _aside(cell: Cell) -> str:
    """What is printed but not in the value: a note, words around a number."""
    text = "" if cell.value is None or _is_told(cell.text, cell.value) else cell.text
    return "\n".join(filter(None, (text, cell.note)))


def _is_told(text: str, value: int | Decimal | date) -> bool:
    """Whether `text` is just this number or day as written: 1.234,5 or 75,0% or 05/6/2026."""
    try:
        if isinstance(value, date):
            day, month, year = map(int, text.split("/"))
            return (year, month, day) == (value.year, value.month, value.day)
        return Decimal(text.removesuffix("%").replace(".", "").replace(",", ".")) == value
    except (ValueError, InvalidOperation):
        return not text


def _filtered_to(table: Table, places: list[Place], head_row: int) -> str:
    """The last cell under the filter; sums below the lines they are of stay in sight."""
    last = len(table.rows)
    while last and table.rows[last - 1].kind in {RowKind.SUM, RowKind.SUB}:
        last -= 1
    last = last or len(table.rows)
    return f"{get_column_letter(len(places))}{head_row + last}"


def _write_head(sheet: Any, places: list[Place], head_row: int, has_groups: bool) -> None:
    titles = [_head_cell(sheet, place.title) for place in places]
    if has_groups:
        sheet.append([_head_cell(sheet, place.group or place.title) for place in places])
        # In this order: the library keeps ranges in a set, whose order changes.
        sheet.merged_cells = list(_merged(places, head_row))
    _set_height(sheet, head_row, [(place.title, place.width) for place in places])
    sheet.append(titles)


def _merged(places: list[Place], head_row: int) -> Iterator[str]:
    """Columns side by side of one group share the upper cell, the others stand in both rows."""
    start = 0
    while start < len(places):
        end, group = start + 1, places[start].group
        while group and end < len(places) and places[end].group == group:
            end += 1
        first, last = get_column_letter(start + 1), get_column_letter(end)
        if not group:
            yield f"{first}{head_row - 1}:{first}{head_row}"
        elif first != last:
            yield f"{first}{head_row - 1}:{last}{head_row - 1}"
        start = end


def _head_cell(sheet: Any, text: str) -> Any:
    cell = _line(sheet, text, BOLD)
    cell.fill, cell.alignment = HEAD_SHADE, CENTERED
    return cell


def _line(sheet: Any, text: str, font: Font) -> Any:
    cell = value_cell(sheet, legible(text))
    cell.font, cell.alignment = font, RUNNING_ON
    return cell


def _cells(sheet: Any, row: Row, places: list[Place]) -> list[Any]:
    placed = _placed(row)
    cells = []
    for place in places:
        source = placed.get(place.index)
        value = None if source is None else _aside(source) if place.is_aside else _value(source)
        cell = value_cell(sheet, legible(value) if isinstance(value, str) else value)
        cell.alignment = RUNNING_ON if row.kind == RowKind.GROUP else IN_CELL[place.align]
        if row.kind in STRONG:
            cell.font = BOLD
        if row.kind == RowKind.GROUP:
            cell.fill = SHADE
        if isinstance(value, Decimal | int):
            cell.number_format = _number_format(source)
        cells.append(cell)
    return cells


def _value(cell: Cell) -> Any:
    return cell.text if cell.value is None else cell.value


def _number_format(cell: Cell | None) -> str:
    """As it is printed: decimals, thousands, the plus of a change.

    "%" is a word here: the number is not divided by 100.
    """
    text = cell.text if cell else ""
    decimals = DECIMALS.search(text)
    whole = "#,##0" if "." in text else "0"
    number = f"{whole}.{'0' * len(decimals[1])}" if decimals else whole
    if text.endswith("%"):
        number += '"%"'
    return f"+{number};-{number};{number}" if text.startswith("+") else number


def _texts(row: Row, places: list[Place]) -> Iterator[tuple[str, int]]:
    placed = _placed(row)
    for place in places:
        cell = placed.get(place.index)
        if cell is not None:
            yield _aside(cell) if place.is_aside else cell.text, place.width


def _set_height(sheet: Any, number: int, texts: Iterable[tuple[str, int]]) -> None:
    """Room for the texts in columns of these widths.

    Excel would find the height by itself, other programs show one line. The row stays one whose
    height follows its text when people edit it, which the library's own way would end.
    """
    lines = max(
        (
            sum(len(line) * 11 // (10 * width) + 1 for line in text.split("\n"))
            for text, width in texts
        ),
        default=1,
    )
    if lines > 1:
        height = min(lines * LINE_HEIGHT, MAX_HEIGHT)
        sheet.row_dimensions[number] = {"ht": str(height)}


def _set_up(sheet: Any, *, is_landscape: bool, head_row: int = 0) -> None:
    """A4, as wide as the page, the head on each page, grid lines, page numbers."""
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "landscape" if is_landscape else "portrait"
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.HeaderFooter.oddHeader.center.text = "&P"
    if head_row:
        sheet.print_options.gridLines = True
        sheet.print_title_rows = f"1:{head_row}"
