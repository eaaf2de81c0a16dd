"""Read a PDF that has text: lines into paragraphs, ruled tables, pages joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
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
from plans.reader.rulings import Drawn, Ruled, ruled_tables

MAX_PAGES = 400
MIN_CHARS_PER_PAGE = 40
# One letter in so many without a place in Unicode makes a text unreadable.
MAX_UNMAPPED = 30
LOCKED = "Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."
# Points: letters of other sizes are watermarks or specks.
SMALLEST, LARGEST = 3, 80
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
    chars, drawn = _contents(page)
    tables = ruled_tables(drawn) if len(drawn) >= MIN_DRAWN else []
    free = [char for char in chars if not any(table.holds(char) for table in tables)]
    gap = LETTERHEAD_GAP if page.page_number == 1 else COLUMN_GAP
    head = [char for char in free if char.bottom < LETTERHEAD * page.height]
    body = [char for char in free if char.bottom >= LETTERHEAD * page.height]
    lines = [*lines_of(head, column_gap=gap), *lines_of(body)]
    lines = [line for line in lines if not _is_margin(line, page)]
    ruled = []
    for table in tables:
        top, bottom = table.frame[1], table.frame[3]
        is_first = not any(line.top < top for line in lines)
        ruled.append(_RuledTable(top, bottom, _ruled_cells(table, chars), is_first))
    items: list[Line | _RuledTable] = sorted([*lines, *ruled], key=lambda item: item.top)
    left = min(Counter(round(line.left) for line in lines).most_common(3), default=(0, 0))[0]
    right = max((line.right for line in lines), default=0.0)
    return _Page(items, float(left), right)


def _contents(page: Any) -> tuple[list[Char], list[Drawn]]:
    """Return the upright letters of a page, and the lines and boxes drawn on it."""
    chars: list[Char] = []
    drawn: list[Drawn] = []
    waiting = list(page.layout)
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTFigure):
            waiting += item
            continue
        if not isinstance(item, (LTChar, LTLine, LTRect, LTCurve)):
            continue
        top, bottom = page.height - item.y1, page.height - item.y0
        if not isinstance(item, LTChar):
            drawn.append(Drawn(item.x0, top, item.x1, bottom))
        elif item.upright and SMALLEST < item.size < LARGEST:
            size, font = item.size, item.fontname
            chars.append(Char(item.get_text(), item.x0, item.x1, top, bottom, size, font))
    return chars, drawn


def _is_margin(line: Line, page: Any) -> bool:
    """Tell whether a line is a page number at the edge of the page."""
    edge = page.height * EDGE_OF_PAGE
    is_at_edge = line.bottom < edge or line.top > page.height - edge
    return is_at_edge and _PAGE_NUMBER.fullmatch(line.text.strip()) is not None


def _ruled_cells(table: Ruled, chars: list[Char]) -> list[RawCell]:
    """Return the cells of a table with their text; what spans several lines is merged."""
    shares = table.share(char for char in chars if table.holds(char))
    cells = []
    for box, own in shares.items():
        lines = lines_of(own, column_gap=None)
        row, column, rows, columns = table.place(box)
        is_bold = bool(lines) and all(line.is_bold for line in lines)
        cells.append(RawCell(row, column, _cell_text(lines), rows, columns, is_bold))
    return cells


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
