"""Tables in Word: heads repeated and in groups, rows that stay whole, one text per row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from plans.reports.paper import Align, Cell, Column, Row, RowKind, Table
from plans.reports.printing.word.markup import NOTHING, paragraph, run

ALIGNED = {Align.LEFT: "", Align.CENTER: "center", Align.RIGHT: "right"}
STRONG = frozenset({RowKind.SUM, RowKind.GROUP})
# Rows that mean nothing without the next.
LEADING = frozenset({RowKind.GROUP, RowKind.SHARED, RowKind.SUM})
# Rows whose second cell stands in from the one above.
INDENTED = frozenset({RowKind.SUB, RowKind.PART})
INDENT = (200, 0)
# A row of more lines than this may be broken: one that fills a page could not be placed at all.
MAX_WHOLE_LINES = 25
LETTER_WIDTH = 115
HEAD_ROW = mark_safe("<w:cantSplit/><w:tblHeader/>")
WHOLE_ROW = mark_safe("<w:cantSplit/>")
SHADE = mark_safe('<w:shd w:val="clear" w:color="auto" w:fill="EEF1F5"/>')
MIDDLE = mark_safe('<w:vAlign w:val="center"/>')
BEGINS_BELOW = mark_safe('<w:vMerge w:val="restart"/>')
GOES_ON = mark_safe("<w:vMerge/>")
NO_GAPS = mark_safe(
    '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
)
LINE_ABOVE = mark_safe(
    '<w:tblBorders><w:top w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tblBorders>'
)


@dataclass(frozen=True)
class Grid:
    """A table on paper: widths of its columns in twips, beginning of the ids of its styles."""

    widths: tuple[int, ...]
    columns: tuple[Column, ...]
    style: str

    def width(self, start: int, span: int) -> int:
        return sum(self.widths[start : start + span])


def table(
    source: Table, width: int, *, is_small: bool, keeps_end: bool = False
) -> Iterator[SafeString]:
    """The table with what stands above and below it; `width` is that of the text in twips.

    With `keeps_end` its last row stays with what follows.
    """
    if source.caption:
        yield paragraph("Caption", run(source.caption))
    if source.unit:
        yield paragraph("Unit", run(source.unit))
    if not source.caption and not source.unit:
        yield paragraph("Gap", keep=True)
    style = "CellSmall" if is_small or source.is_list else "Cell"
    grid = Grid(shared_out(width, source.columns), source.columns, style)
    yield _opening("Grid", grid.widths, title=source.caption or source.name)
    yield from _head(grid)
    rows = source.rows or (_blank(source),)
    for left, row in zip(range(len(rows) - 1, 0, -1), rows, strict=False):
        yield _row(row, grid, keep=source.is_short or row.kind in LEADING or left == 1)
    yield _row(rows[-1], grid, keep=keeps_end)
    yield mark_safe("</w:tbl>")
    below = ("Note", run(source.note)) if source.note else ("Gap",)
    yield paragraph(*below, keep=keeps_end)


def frame(
    widths: Sequence[int], rows: Sequence[Sequence[SafeString]], borders: SafeString = NOTHING
) -> SafeString:
    """A table that only places paragraphs side by side; its rows stay whole."""
    lines = (
        _tr(
            WHOLE_ROW,
            format_html_join(
                "", "{}", ((_tc(width, cell),) for width, cell in zip(widths, row, strict=True))
            ),
        )
        for row in rows
    )
    return format_html(
        "{}{}</w:tbl>",
        _opening("TableNormal", widths, borders=borders),
        format_html_join("", "{}", ((line,) for line in lines)),
    )


def shared_out(width: int, columns: Sequence[Column]) -> tuple[int, ...]:
    """The width by the percents of the columns; what rounding leaves goes to the last."""
    widths = [width * column.width // 100 for column in columns]
    widths[-1] += width - sum(widths)
    return tuple(widths)


def _blank(source: Table) -> Row:
    """A head alone looks like a fault."""
    return Row((Cell("", span=len(source.columns)),))


def _opening(
    style: str, widths: Sequence[int], *, title: str = "", borders: SafeString = NOTHING
) -> SafeString:
    is_grid = bool(title)
    return format_html(
        '<w:tbl><w:tblPr><w:tblStyle w:val="{}"/><w:tblW w:w="{}" w:type="dxa"/>{}'
        '<w:tblLayout w:type="fixed"/>{}<w:tblLook w:val="{}" w:firstRow="{}" w:lastRow="0" '
        'w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>{}</w:tblPr>'
        "<w:tblGrid>{}</w:tblGrid>",
        style,
        sum(widths),
        borders,
        "" if is_grid else NO_GAPS,
        "0620" if is_grid else "0600",
        int(is_grid),
        format_html('<w:tblCaption w:val="{}"/>', _one_line(title)) if is_grid else "",
        format_html_join("", '<w:gridCol w:w="{}"/>', ((width,) for width in widths)),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _head(grid: Grid) -> Iterator[SafeString]:
    """One row of heads, or two where columns share one: the others reach over both."""
    has_groups = any(column.group for column in grid.columns)
    top, below, start = [], [], 0
    for group, columns in groupby(grid.columns, key=_group):
        titles = [column.title for column in columns]
        span = len(titles)
        merge = BEGINS_BELOW if has_groups and not group[0] else NOTHING
        top.append(_head_cell(grid, start, group[0] or titles[0], span, merge))
        for place, title in enumerate(titles, start=start):
            below.append(_head_cell(grid, place, title if group[0] else "", 1, merge and GOES_ON))
        start += span
    for cells in (top, below) if has_groups else (top,):
        yield _tr(HEAD_ROW, format_html_join("", "{}", ((cell,) for cell in cells)))


def _group(column: Column) -> tuple[str, int]:
    """Equal for columns side by side under one head."""
    return (column.group, 0) if column.group else ("", id(column))


def _head_cell(grid: Grid, start: int, title: str, span: int, merge: SafeString) -> SafeString:
    content = paragraph(f"{grid.style}Head", run(title), keep=True)
    look = format_html("{}{}{}", _span(span), merge, MIDDLE)
    return _tc(grid.width(start, span), content, look)


def _row(row: Row, grid: Grid, *, keep: bool) -> SafeString:
    cells, start, is_whole = [], 0, True
    for cell in row.cells:
        width = grid.width(start, cell.span)
        cells.append((_cell(cell, row.kind, grid, start, keep=keep),))
        is_whole = is_whole and _lines(cell, width) <= MAX_WHOLE_LINES
        start += cell.span
    return _tr(WHOLE_ROW if is_whole else NOTHING, format_html_join("", "{}", cells))


def _cell(cell: Cell, kind: RowKind, grid: Grid, start: int, *, keep: bool) -> SafeString:
    style = f"{grid.style}Strong" if kind in STRONG else grid.style
    align = "" if cell.span > 1 else ALIGNED[grid.columns[start].align]
    sides = INDENT if kind in INDENTED and start == 1 else None
    content = paragraph(style, run(cell.text), keep=keep, sides=sides, align=align)
    if cell.note:
        note = paragraph(f"{grid.style}Note", run(cell.note), keep=keep, sides=sides, align=align)
        content = content + note
    look = _span(cell.span)
    width = grid.width(start, cell.span)
    return _tc(width, content, look + SHADE if kind == RowKind.GROUP else look)


def _lines(cell: Cell, width: int) -> int:
    """About how many lines the cell fills."""
    in_a_line = max(1, width // LETTER_WIDTH)
    return sum(
        len(line) // in_a_line + 1 for text in (cell.text, cell.note) for line in text.split("\n")
    )


def _span(span: int) -> SafeString:
    return format_html('<w:gridSpan w:val="{}"/>', span) if span > 1 else NOTHING


def _tr(properties: SafeString, cells: SafeString) -> SafeString:
    return format_html("<w:tr><w:trPr>{}</w:trPr>{}</w:tr>", properties, cells)


def _tc(width: int, content: SafeString, look: SafeString = NOTHING) -> SafeString:
    return format_html(
        '<w:tc><w:tcPr><w:tcW w:w="{}" w:type="dxa"/>{}</w:tcPr>{}</w:tc>', width, look, content
    )
