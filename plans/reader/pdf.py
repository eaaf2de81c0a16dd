"""Read a PDF that has text: lines into paragraphs, ruled tables, pages joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTLine, LTRect
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdftypes import resolve1
from pdfplumber.utils.exceptions import PdfminerException

from plans.reader.blocks import Builder, Document, RawCell
from plans.reader.encodings import legacy_encoding
from plans.reader.lines import COLUMN_GAP, Char, Line, lines_of
from plans.reader.refusals import ReaderRefusedError

MAX_PAGES = 400
MIN_CHARS_PER_PAGE = 40
# One letter in so many without a place in Unicode makes a text unreadable.
MAX_UNMAPPED = 30
LOCKED = "Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."
# Points: how far apart two rulings may be and still be one.
SAME_RULING = 2.5
# Fewer lines and boxes make no table.
MIN_DRAWN = 4
EDGE_OF_PAGE = 0.09
# The letterhead: this part of the page, and what divides its two columns.
LETTERHEAD = 0.3
LETTERHEAD_GAP = 0.9

_STARTS_ITEM = re.compile(
    r"(?:[-+*•●▪–\uf000-\uf0ff]\s|[IVXLC]{1,6}[.)]\s|[A-ZĐ][.)]\s|[a-zđ]{1,2}\)\s"
    r"|\(?[0-9]{1,2}[.)]\s"
    r"|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}\.?\s|(?:Điều|Phần|Chương|Phụ lục|PHỤ LỤC|Căn cứ|Nơi nhận)\b)"
)
_PAGE_NUMBER = re.compile(
    r"(?:trang |page )?[-–]?\s*[0-9]{1,4}\s*(?:/\s*[0-9]{1,4})?\s*[-–]?", re.I
)


@dataclass(frozen=True, slots=True)
class _RuledTable:
    top: float
    bottom: float
    cells: list[RawCell]
    is_first: bool


@dataclass(frozen=True, slots=True)
class _Page:
    items: list[Line | _RuledTable]
    left: float
    right: float


def read_pdf(path: Path) -> Document:
    """Raise `ReaderRefusedError` for a scan, a locked file, and more pages than are read."""
    try:
        pages = _pages(path)
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise ReaderRefusedError(LOCKED) from error
        raise ReaderRefusedError("Tệp PDF hỏng hoặc bị cắt ngang. Hãy tải lại tệp gốc.") from error
    text = "\n".join(_texts(pages))
    if len(text.strip()) < MIN_CHARS_PER_PAGE * min(len(pages), 3):
        raise ReaderRefusedError("Tệp là ảnh quét, không có chữ. Hãy tải bản Word hoặc PDF có chữ.")
    if text.count("(cid:") * MAX_UNMAPPED > len(text):
        raise ReaderRefusedError(
            "Chữ trong tệp PDF không đọc được (phông không có bảng mã). Hãy tải bản Word."
        )
    return _build(pages, Builder(legacy_encoding(text)))


def _pages(path: Path) -> list[_Page]:
    with pdfplumber.open(path) as pdf:
        # What the file says of itself comes first: to list a million pages takes minutes.
        told = resolve1(resolve1(pdf.doc.catalog.get("Pages")) or {}).get("Count")
        count = told if isinstance(told, int) and told > MAX_PAGES else len(pdf.pages)
        if count > MAX_PAGES:
            raise ReaderRefusedError(
                f"Tệp có {count} trang; tối đa {MAX_PAGES}. Hãy tách riêng phần kế hoạch."
            )
        pages = []
        for page in pdf.pages:
            pages.append(_page(page))
            page.close()
    return pages


def _texts(pages: Iterable[_Page]) -> Iterable[str]:
    for page in pages:
        for item in page.items:
            if isinstance(item, Line):
                yield item.text
            else:
                yield from (cell.text for cell in item.cells)


def _page(page: Any) -> _Page:
    chars, drawn = _chars_of(page)
    tables = _tables(page) if drawn >= MIN_DRAWN else []
    boxes = [table.bbox for table in tables]
    free = [char for char in chars if not any(_is_inside(char, box) for box in boxes)]
    gap = LETTERHEAD_GAP if page.page_number == 1 else COLUMN_GAP
    head = [char for char in free if char.bottom < LETTERHEAD * page.height]
    body = [char for char in free if char.bottom >= LETTERHEAD * page.height]
    lines = [*lines_of(head, column_gap=gap), *lines_of(body)]
    lines = [line for line in lines if not _is_margin(line, page)]
    ruled = []
    for table in tables:
        own = [char for char in chars if _is_inside(char, table.bbox)]
        is_first = not any(line.top < table.bbox[1] for line in lines)
        ruled.append(_RuledTable(table.bbox[1], table.bbox[3], _ruled_cells(table, own), is_first))
    items: list[Line | _RuledTable] = sorted([*lines, *ruled], key=lambda item: item.top)
    left = min(Counter(round(line.left) for line in lines).most_common(3), default=(0, 0))[0]
    right = max((line.right for line in lines), default=0.0)
    return _Page(items, float(left), right)


def _chars_of(page: Any) -> tuple[list[Char], int]:
    """Return the upright letters of a page and how many lines and boxes are drawn on it."""
    chars: list[Char] = []
    drawn = 0
    waiting = list(page.layout)
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTChar):
            if item.upright and 3 < item.size < 80:
                top, bottom = page.height - item.y1, page.height - item.y0
                size, font = item.size, item.fontname
                chars.append(Char(item.get_text(), item.x0, item.x1, top, bottom, size, font))
        elif isinstance(item, LTFigure):
            waiting += item
        elif isinstance(item, (LTLine, LTRect, LTCurve)):
            drawn += 1
    return chars, drawn


def _is_margin(line: Line, page: Any) -> bool:
    """Tell whether a line is a page number at the edge of the page."""
    edge = page.height * EDGE_OF_PAGE
    is_at_edge = line.bottom < edge or line.top > page.height - edge
    return is_at_edge and _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _is_inside(char: Char, box: Sequence[float]) -> bool:
    across, down = (char.left + char.right) / 2, (char.top + char.bottom) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _tables(page: Any) -> list[Any]:
    """Return the ruled tables; a row cut by the end of the page is closed there."""
    upright = [edge for edge in page.edges if edge["orientation"] == "v"]
    ends = _rulings([edge["top"] for edge in upright] + [edge["bottom"] for edge in upright])
    settings = {"explicit_horizontal_lines": [ends[0], ends[-1]]} if len(ends) > 1 else {}
    return [table for table in page.find_tables(settings) if len(table.cells) > 2]


def _ruled_cells(table: Any, chars: list[Char]) -> list[RawCell]:
    """Return the cells of a table; what spans several rulings is a merged cell."""
    across = _rulings(edge for cell in table.cells for edge in (cell[0], cell[2]))
    down = _rulings(edge for cell in table.cells for edge in (cell[1], cell[3]))
    cells = []
    for box in sorted(table.cells, key=lambda cell: (cell[1], cell[0])):
        own = [char for char in chars if _is_inside(char, box)]
        lines = lines_of(own, column_gap=None)
        row, column = _position(down, box[1]), _position(across, box[0])
        rows, columns = _position(down, box[3]) - row, _position(across, box[2]) - column
        is_bold = bool(lines) and all(line.is_bold for line in lines)
        text = _cell_text(lines)
        cells.append(RawCell(row, column, text, max(rows, 1), max(columns, 1), is_bold))
    return cells


def _rulings(edges: Iterable[float]) -> list[float]:
    rulings: list[float] = []
    for edge in sorted(edges):
        if not rulings or edge - rulings[-1] > SAME_RULING:
            rulings.append(edge)
    return rulings


def _position(rulings: list[float], edge: float) -> int:
    return min(range(len(rulings)), key=lambda index: abs(rulings[index] - edge))


def _cell_text(lines: list[Line]) -> str:
    """Return the lines of a cell as one, but for those that start an item."""
    text = ""
    for line in lines:
        glue = "\n" if _STARTS_ITEM.match(line.text) else " "
        text = f"{text}{glue}{line.text}" if text else line.text
    return text


def _build(pages: list[_Page], builder: Builder) -> Document:
    waiting: list[Line] = []

    def flush() -> None:
        if waiting:
            text = " ".join(line.text for line in waiting)
            bold = all(line.is_bold for line in waiting)
            builder.paragraph(text, bold=bold, centred=centred)
            waiting.clear()

    centred = False
    is_after_table = False
    for page in pages:
        for item in page.items:
            if isinstance(item, _RuledTable):
                flush()
                builder.table(item.cells, after_break=item.is_first and is_after_table)
                is_after_table = True
                continue
            if not waiting or not _goes_on(waiting[-1], item, page, centred):
                flush()
                centred = _is_centred(item, page)
            waiting.append(item)
            is_after_table = False
    flush()
    return builder.finish()


def _goes_on(last: Line, line: Line, page: _Page, is_centred: bool) -> bool:
    """Tell whether `line` belongs to the paragraph that `last` is the end of, so far."""
    if _STARTS_ITEM.match(line.text) or is_centred or line.is_bold != last.is_bold:
        return _continues_sentence(last, line, page) and line.is_bold != last.is_bold
    if line.top - last.top > 2.4 * last.size:
        return False
    is_full = last.right >= page.right - 4 * last.size
    return is_full and line.left <= page.left + line.size


def _continues_sentence(last: Line, line: Line, page: _Page) -> bool:
    is_full = last.right >= page.right - 4 * last.size
    return is_full and line.text[:1].islower() and not _STARTS_ITEM.match(line.text)


def _is_centred(line: Line, page: _Page) -> bool:
    before, after = line.left - page.left, page.right - line.right
    return min(before, after) > 1.5 * line.size and abs(before - after) < 3 * line.size
