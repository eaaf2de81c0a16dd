"""Read a PDF that has text: lines into paragraphs, ruled tables, pages joined again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdftypes import resolve1
from pdfplumber.utils.exceptions import PdfminerException

from plans.reader.blocks import Builder, Document, RawCell
from plans.reader.columns import Strip, two_columns, unruled_tables
from plans.reader.encodings import legacy_encoding
from plans.reader.lines import COLUMN_GAP, Char, Line, lines_of, rows_of
from plans.reader.refusals import ReaderRefusedError
from plans.reader.rulings import Ruled, ruled_tables
from plans.reader.upright import contents

MAX_PAGES = 400
MIN_CHARS_PER_PAGE = 40
# One letter in so many without a place in Unicode makes a text unreadable.
MAX_UNMAPPED = 30
_ACTIVE = "Tệp có mã lệnh hoặc tệp đính kèm bên trong; cổng chỉ đọc chữ, không chạy và không mở."
LOCKED = "Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."
# Fewer lines and boxes make no table.
MIN_DRAWN = 4
EDGE_OF_PAGE = 0.09
# The letterhead: this part of the page, and what divides its two columns.
LETTERHEAD = 0.3
LETTERHEAD_GAP = 0.9

_STARTS_ITEM = re.compile(
    r"(?:[-+*•●▪–\uf000-\uf0ff]\s|[IVXLC]{1,6}[.)]\s|[A-ZĐ][.)]\s|[a-zđ]{1,2}\)\s"
    r"|\(?[0-9]{1,2}[.)]\s"
    r"|[0-9]{1,2}(?:\.[0-9]{1,2}){1,3}[.-]?\s|(?:[IVX]{1,5}|[0-9]{1,2})-\s"
    r"|(?:Nội dung|Nhiệm vụ|Giải pháp)\s(?:thứ\s|số\s)?(?:[0-9]{1,2}|[^\W\d_]{2,4})[.:]\s"
    r"|(?:Điều|Phần|Chương|Phụ lục|PHỤ LỤC|Căn cứ|Nơi nhận)\b)"
)
_PAGE_NUMBER = re.compile(
    r"(?:trang |page )?[-–]?\s*[0-9]{1,4}\s*(?:/\s*[0-9]{1,4})?\s*[-–]?", re.I
)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table on a page; `strips` stand between its columns if no ruled lines do."""

    top: float
    bottom: float
    cells: list[RawCell]
    is_first: bool
    strips: list[Strip] | None


@dataclass(slots=True)
class _Page:
    items: list[Line | _Table]
    left: float
    right: float
    has_columns: bool = False


def read_pdf(path: Path) -> Document:
    """Raise `ReaderRefusedError` for a scan, a locked file, and more pages than are read."""
    try:
        pages, active = _pages(path)
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
    document = _build(pages, Builder(legacy_encoding(text)))
    document.notes += [*_notes(pages), *active]
    return document


def _notes(pages: list[_Page]) -> Iterable[str]:
    """Tell what was guessed from the places of the words."""
    tables = [item for page in pages for item in page.items if isinstance(item, _Table)]
    if guessed := sum(1 for table in tables if table.strips is not None):
        yield (
            f"Có {guessed} bảng không kẻ khung: cột được đoán theo vị trí chữ. "
            "Hãy đối chiếu từng dòng với văn bản."
        )
    if any(page.has_columns for page in pages):
        yield "Văn bản dàn hai cột: đã đọc cột trái rồi cột phải. Hãy kiểm tra chỗ nối."


def _pages(path: Path) -> tuple[list[_Page], list[str]]:
    """Return the pages, and a note on what else than pages the file holds."""
    with pdfplumber.open(path) as pdf:
        active = [_ACTIVE] if _is_active(pdf.doc.catalog) else []
        # What the file says of itself comes first: to list a million pages takes minutes.
        told = resolve1(resolve1(pdf.doc.catalog.get("Pages")) or {}).get("Count")
        count = told if isinstance(told, int) and told > MAX_PAGES else len(pdf.pages)
        if count > MAX_PAGES:
            raise ReaderRefusedError(
                f"Tệp có {count} trang; tối đa {MAX_PAGES}. Hãy tách riêng phần kế hoạch."
            )
        pages: list[_Page] = []
        for page in pdf.pages:
            last = pages[-1].items[-1] if pages and pages[-1].items else None
            pages += _page(page, last.strips if isinstance(last, _Table) else None)
            page.close()
    return pages, active


def _is_active(catalog: dict[str, Any]) -> bool:
    names = resolve1(catalog.get("Names"))
    held = names if isinstance(names, dict) else {}
    acts = "OpenAction" in catalog and isinstance(resolve1(catalog["OpenAction"]), dict)
    return acts or "AA" in catalog or bool({"JavaScript", "EmbeddedFiles"} & set(held))


def _texts(pages: Iterable[_Page]) -> Iterable[str]:
    for page in pages:
        for item in page.items:
            if isinstance(item, Line):
                yield item.text
            else:
                yield from (cell.text for cell in item.cells)


def _page(page: Any, before: list[Strip] | None) -> list[_Page]:
    """Return a page as what follows each other on it: one part, or the columns of its text."""
    shown = contents(page)
    tables = ruled_tables(shown.drawn) if len(shown.drawn) >= MIN_DRAWN else []
    free = [char for char in shown.chars if not any(table.holds(char) for table in tables)]
    free = _without_page_number(free, shown.height)
    ruled = [_of_ruled(table, shown.chars) for table in tables]
    head = LETTERHEAD * shown.height if page.page_number == 1 else 0.0
    found = unruled_tables(free, before)
    if not tables and not found and (parts := two_columns(free, shown.width)):
        above, left, right, below = (_part(part, [], head) for part in parts)
        for part in (above, below):
            part.left, part.right = min(above.left, left.left), right.right
        for part in (above, left, right, below):
            part.has_columns = True
        return [part for part in (above, left, right, below) if part.items]
    guessed = [_Table(each.top, each.bottom, each.cells, False, each.strips) for each in found]
    for each in found:
        taken = set(map(id, each.chars))
        free = [char for char in free if id(char) not in taken]
    return [_part(free, [*ruled, *guessed], head)]


def _part(chars: list[Char], tables: list[_Table], head: float) -> _Page:
    letterhead = [char for char in chars if char.bottom < head]
    body = [char for char in chars if char.bottom >= head]
    gap = LETTERHEAD_GAP if head else COLUMN_GAP
    lines = [*lines_of(letterhead, column_gap=gap), *lines_of(body)]
    tables = [
        replace(table, is_first=not any(line.top < table.top for line in lines)) for table in tables
    ]
    items: list[Line | _Table] = sorted([*lines, *tables], key=lambda item: item.top)
    left = min(Counter(round(line.left) for line in lines).most_common(3), default=(0, 0))[0]
    right = max((line.right for line in lines), default=0.0)
    return _Page(items, float(left), right)


def _of_ruled(table: Ruled, chars: list[Char]) -> _Table:
    return _Table(table.frame[1], table.frame[3], _ruled_cells(table, chars), False, None)


def _without_page_number(chars: list[Char], height: float) -> list[Char]:
    """Leave out a page number at the edge of the page."""
    edge = height * EDGE_OF_PAGE
    at_edge = [char for char in chars if char.bottom < edge or char.top > height - edge]
    numbers = {
        id(char)
        for row in rows_of(at_edge)
        if _PAGE_NUMBER.fullmatch("".join(char.text for char in row).strip())
        for char in row
    }
    return [char for char in chars if id(char) not in numbers]


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
            if isinstance(item, _Table):
                flush()
                goes_on = item.is_first and is_after_table
                builder.table(item.cells, after_break=goes_on, guessed=item.strips is not None)
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
