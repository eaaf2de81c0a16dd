"""The header of a table of tasks: which column holds what, and where the rows begin."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from papi_portal.text import fold
from plans.reader.agencies import agencies_of_cell
from plans.reader.blocks import Cell

MAX_HEADER_ROWS = 4
MAX_HEADING = 120

# By field, the folded words of a heading; what stands first wins.
_HEADINGS = (
    ("deadline", r"^ket thuc$|^den ngay$|^thoi gian ket thuc|^hoan thanh$"),
    (
        "note",
        r"^bat dau$|^tu ngay$|thoi gian bat dau|ghi chu|^can cu|van ban giao|^diem"
        r"|thu hang|hang nam|ket qua nam|kinh phi|nguon",
    ),
    ("order", r"^(?:so )?(?:stt|tt|so tt|so thu tu)$"),
    ("both", r"chu tri.{0,6}(?:va )?phoi hop|co quan don vi chu tri phoi hop"),
    ("person", r"lanh dao|chuyen vien|nguoi (?:thuc hien|phu trach|theo doi)|can bo phu trach"),
    ("support", r"phoi hop|cung (?:thuc hien|tham gia)|^(?:co quan|don vi)? ?tham gia"),
    (
        "lead",
        r"chu tri|tham muu|(?:co quan|don vi).{0,20}thuc hien|trach nhiem|dau moi|don vi thuc hien"
        r"|^(?:co quan|don vi|dia phuong)(?: (?:don vi|dia phuong))*$|phan cong|nguoi thuc hien"
        r"|^(?:cq|dv)(?: dv)?(?: (?:th|ct))?$"
        r"|(?:co quan|don vi).{0,20}duoc giao$|^giao (?:cho|don vi|co quan)",
    ),
    (
        "deadline",
        r"thoi gian|thoi han|tien do|^han\b|han hoan thanh|hoan thanh truoc|moc thoi|lo trinh"
        r"|^(?:tg|th gian)\b|thoi diem|^nam (?:thuc hien|hoan thanh)$|^ngay hoan thanh",
    ),
    ("product", r"san pham|ket qua|dau ra|^sp\b"),
    (
        "component",
        r"chi so noi dung|noi dung thanh phan|tieu chi|chi so thanh phan|^chi so$|linh vuc"
        r"|truc noi dung|^chi so chi tieu|^chi tieu$",
    ),
    ("task", r"nhiem vu|cong viec|giai phap|hoat dong|noi dung|viec can|bien phap"),
    ("target", r"muc tieu|chi tieu"),
)
_PATTERNS = [(name, re.compile(words)) for name, words in _HEADINGS]
_STRONG_TASK = re.compile(
    r"nhiem vu|cong viec|giai phap|hoat dong|viec can|bien phap|noi dung thuc hien"
)
# A cross, or the first letters of "chủ trì" and "phối hợp".
MARK = re.compile(r"x|v|o|p|c|t|ct|ph|chu tri|phoi hop|[✓✔●•+*√☑-]")
_COLUMN_NUMBER = re.compile(r"\(?[0-9a-z]{1,2}\)?(?:\s*=.*)?")


@dataclass(slots=True)
class Layout:
    """Which column holds which field, and where the rows of the body start.

    `marked` are the columns with an agency at their head, in which a cross gives it the task.
    """

    columns: dict[str, int]
    width: int
    top: int
    body: int
    header: tuple[str, ...] = ()
    marked: dict[int, Cell] = field(default_factory=dict)


def find_layout(grid: list[list[Cell | None]]) -> Layout | None:
    """Return which column is what if the first rows are the header of a table of tasks."""
    best: Layout | None = None
    for top in range(min(MAX_HEADER_ROWS, len(grid))):
        for depth in (1, 2, 3):
            if top + depth > len(grid):
                break
            layout = _layout(grid, top, depth)
            if layout and (best is None or len(layout.columns) > len(best.columns)):
                best = layout
        if best:
            break
    return best


def _layout(grid: list[list[Cell | None]], top: int, depth: int) -> Layout | None:
    rows = grid[top : top + depth]
    columns: dict[str, int] = {}
    for column in range(len(rows[0])):
        texts = dict.fromkeys(fold(row[column].text) for row in rows if row[column])  # type: ignore[union-attr]
        if any(len(text) > MAX_HEADING for text in texts):
            return None
        name = _field(list(texts))
        if name and name not in columns:
            columns[name] = column
    _prefer_duties(columns, rows)
    if "task" not in columns and "component" in columns and "lead" in columns:
        columns["task"] = columns.pop("component")
    if "task" not in columns:
        return None
    header_text = fold(rows[0][columns["task"]].text) if rows[0][columns["task"]] else ""  # type: ignore[union-attr]
    useful = {"lead", "both", "support", "deadline", "product"} & set(columns)
    is_strong = _STRONG_TASK.search(header_text) is not None and "order" in columns
    marked = _marked_columns(grid, top + depth, set(columns.values()))
    if not useful and not is_strong and not marked:
        return None
    if depth > 1 and not _is_header_row(rows[-1], rows[-2]):
        return None
    header = tuple(fold(cell.text) if cell else "" for cell in rows[0])
    body = top + depth
    while body < len(grid) and is_column_numbers(grid[body]):
        body += 1
    return Layout(columns, len(rows[0]), top, body, header, marked)


def _marked_columns(grid: list[list[Cell | None]], body: int, taken: set[int]) -> dict[int, Cell]:
    """Return the columns, by the cell at their head, in which agencies are ticked off."""
    marked = {}
    for column, head in enumerate(grid[body - 1]):
        below = {row[column].text.strip() for row in grid[body:] if row[column]}  # type: ignore[union-attr]
        is_ticked = any(below) and all(
            not text or MARK.fullmatch(fold_mark(text)) for text in below
        )
        if head is None or column in taken or not is_ticked or is_column_numbers(grid[body - 1]):
            continue
        if agencies_of_cell(head.text):
            marked[column] = head
    return marked if len(marked) > 1 else {}


def fold_mark(text: str) -> str:
    return fold(text) or text.strip()


def _prefer_duties(columns: dict[str, int], rows: list[list[Cell | None]]) -> None:
    """Of "Nội dung PAPI" and "Nội dung công việc" the second holds the tasks."""
    weak = columns.get("task")
    if weak is None or _names_duties(rows, weak):
        return
    for column in range(weak + 1, len(rows[0])):
        if column not in columns.values() and _names_duties(rows, column):
            columns.setdefault("component", weak)
            columns["task"] = column
            return


def _names_duties(rows: list[list[Cell | None]], column: int) -> bool:
    return any(_STRONG_TASK.search(fold(cell.text)) for row in rows if (cell := row[column]))


def _field(texts: list[str]) -> str:
    """Return the field of a column from its heading, the lowest row of it first."""
    for text in reversed(texts):
        for name, pattern in _PATTERNS:
            if pattern.search(text):
                return name
    return ""


def _is_header_row(row: list[Cell | None], above: list[Cell | None]) -> bool:
    """Tell whether a row goes on with the header: what is new in it are headings."""
    new = [cell for cell, upper in zip(row, above, strict=True) if cell and cell is not upper]
    named = [cell for cell in new if cell.text and _field([fold(cell.text)])]
    merged = len(new) < len([cell for cell in row if cell])
    return bool(named) and merged and all(len(cell.text) < 60 for cell in new)


def is_column_numbers(row: list[Cell | None]) -> bool:
    texts = [cell.text.strip() for cell in row if cell and cell.text.strip()]
    digits = [text.strip("()") for text in texts]
    numbers = all(_COLUMN_NUMBER.fullmatch(text) for text in texts) and len(texts) >= 3
    return numbers and (digits == [str(n + 1) for n in range(len(digits))] or "(2)" in texts)
