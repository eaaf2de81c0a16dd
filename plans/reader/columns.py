"""Where a text runs in two columns, and where words stand in columns without ruled lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from papi_portal.text import fold
from plans.reader.blocks import RawCell
from plans.reader.lines import Char, Line, lines_of, rows_of

# Two columns of text: so many lines, each side this full, with a strip between them this wide.
MIN_LINES = 8
MIN_LETTERS = 18
NARROWEST_GUTTER = 6.0
MIDDLE = (0.3, 0.7)
# A table without lines: the strips between its columns, in points.
NARROWEST_STRIP = 4.5
# The same between headings, in parts of the size of the letters.
HEADER_STRIP = 0.5
MIN_COLUMNS = 3
MAX_HEADER_ROWS = 4
# Lines further apart than this share of the usual distance begin a new row.
ROW_GAP = 1.15

_ORDER = re.compile(r"(?:so )?(?:stt|tt)")
_NUMBER = re.compile(r"\(?(?:[0-9]{1,3}(?:\.[0-9]{1,3})*|[IVX]{1,5}|[A-HĐ])[.)]?")
_HEADING = re.compile(r"nhiem vu|noi dung|cong viec|giai phap|chu tri|thuc hien|thoi gian")

Strip = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Unruled:
    """A table that only the places of its words make."""

    top: float
    bottom: float
    cells: list[RawCell]
    strips: list[Strip]
    chars: list[Char]


@dataclass(slots=True)
class _Row:
    chars: list[Char]

    @property
    def top(self) -> float:
        return min(char.top for char in self.chars)

    @property
    def bottom(self) -> float:
        return max(char.bottom for char in self.chars)

    def blanks(self) -> list[Strip]:
        """Return the gaps between the letters, and what lies beside them."""
        shown = [char for char in self.chars if not char.text.isspace()]
        edges = [(-1e6, shown[0].left)]
        right = shown[0].right
        for char in shown[1:]:
            if char.left > right:
                edges.append((right, char.left))
            right = max(right, char.right)
        return [*edges, (right, 1e6)]


def two_columns(chars: list[Char], width: float) -> list[list[Char]]:
    """Return what stands above, left, right and below of a gutter; nothing if there is none."""
    rows = _rows(chars)
    best: tuple[int, int, float] | None = None
    start = 0
    while start + MIN_LINES <= len(rows):
        free: list[Strip] = [(MIDDLE[0] * width, MIDDLE[1] * width)]
        end = start
        while end < len(rows) and (left := _common(free, rows[end].blanks(), NARROWEST_GUTTER)):
            free, end = left, end + 1
        if end - start >= MIN_LINES:
            middle = sum(_widest(free)) / 2
            is_longer = best is None or end - start > best[1] - best[0]
            if is_longer and _is_text(rows[start:end], middle):
                best = start, end, middle
        start += 1
    if best is None:
        return []
    start, end, middle = best
    inside = [char for row in rows[start:end] for char in row.chars]
    return [
        [char for row in rows[:start] for char in row.chars],
        [char for char in inside if (char.left + char.right) / 2 <= middle],
        [char for char in inside if (char.left + char.right) / 2 > middle],
        [char for row in rows[end:] for char in row.chars],
    ]


def _is_text(rows: list[_Row], middle: float) -> bool:
    """Tell whether both sides of the gutter are full lines, as the cells of a table are not."""
    for is_left in (True, False):
        sides = [
            sum(1 for char in row.chars if (char.right <= middle) is is_left and char.text.strip())
            for row in rows
        ]
        written = [count for count in sides if count]
        full = sum(1 for count in written if count >= MIN_LETTERS)
        if len(written) < 0.4 * len(rows) or full < 0.6 * len(written):
            return False
    return True


def _widest(strips: list[Strip]) -> Strip:
    return max(strips, key=_width)


def _width(strip: Strip) -> float:
    return strip[1] - strip[0]


def unruled_tables(chars: list[Char], before: list[Strip] | None) -> list[Unruled]:
    """Return the tables of a page; `before` are the strips of one that the last page ended with."""
    rows = _rows(chars)
    tables: list[Unruled] = []
    at = 0
    if before:
        end, strips = _grow(rows, 0, before)
        table = _table(rows[:end], strips, has_header=False) if end else None
        if table:
            tables.append(table)
            at = end
    while at < len(rows):
        found = _begins(rows, at)
        if found is None:
            at += 1
            continue
        first, header_end, strips = found
        end, strips = _grow(rows, header_end, strips)
        table = _table(rows[first:end], strips, has_header=True)
        if table:
            tables.append(table)
        at = max(end, at + 1)
    return tables


def _rows(chars: list[Char]) -> list[_Row]:
    return [_Row(row) for row in rows_of(chars) if any(not char.text.isspace() for char in row)]


def _begins(rows: list[_Row], at: int) -> tuple[int, int, list[Strip]] | None:
    """Return the header around a line that begins with STT: its lines, the strips it leaves."""
    lines = lines_of(rows[at].chars, column_gap=0.6)
    if len(lines) < 2 or not _ORDER.fullmatch(fold(lines[0].text)):
        return None
    first = at
    while first > 0 and at - first < 2 and _stands_apart(rows, first - 1, lines[0].right):
        first -= 1
    end = at + 1
    while (
        end < len(rows) and end - first < MAX_HEADER_ROWS and not _begins_body(rows[end], lines[0])
    ):
        end += 1
    strips = [(-1e6, 1e6)]
    for row in rows[first:end]:
        strips = _common(strips, row.blanks(), HEADER_STRIP * lines[0].size)
    inner = _inner(strips, rows[first:end])
    words = fold(" ".join(line.text for row in rows[first:end] for line in lines_of(row.chars)))
    if len(inner) + 1 < MIN_COLUMNS or len(set(_HEADING.findall(words))) < 2:
        return None
    return first, end, inner


def _stands_apart(rows: list[_Row], at: int, right: float) -> bool:
    """Tell whether a line above STT is part of the header: nothing of it stands over STT."""
    row = rows[at]
    return len(row.blanks()) > 3 and all(char.left > right for char in row.chars)


def _begins_body(row: _Row, order: Line) -> bool:
    """Tell whether a line begins in the column of STT: with a number, or a label over all."""
    first = lines_of(row.chars, column_gap=0.6)[0]
    reaches = first.left < order.right and first.right > order.right + order.size
    return reaches or (
        first.left < order.right + order.size and _NUMBER.fullmatch(first.text) is not None
    )


def _grow(rows: list[_Row], at: int, strips: list[Strip]) -> tuple[int, list[Strip]]:
    """Return where the table ends, and the strips that all its lines leave blank.

    A heading is often narrower than what stands below it: of the blank beside it each line leaves
    several pieces, of which the widest that remains is the strip between the columns.
    """
    pieces = [[strip] for strip in strips]
    end, spanned = at, False
    while end < len(rows):
        if left := _narrowed(pieces, rows[end]):
            pieces, spanned = left, False
        elif not spanned and end + 1 < len(rows) and _narrowed(pieces, rows[end + 1]):
            # A label over all columns, between rows that keep to them.
            spanned = True
        else:
            break
        end += 1
    return end - spanned, [_widest(each) for each in pieces]


def _narrowed(pieces: list[list[Strip]], row: _Row) -> list[list[Strip]]:
    """Return what a line leaves of the strips, or nothing if it covers one of them."""
    blanks = row.blanks()
    left = [_common(each, blanks, NARROWEST_STRIP) for each in pieces]
    return left if all(left) else []


def _fits(row: _Row, strips: list[Strip]) -> bool:
    """Tell whether a line leaves the middle of each strip blank."""
    middles = [(first + last) / 2 for first, last in strips]
    blanks = row.blanks()
    return all(any(first < middle < last for first, last in blanks) for middle in middles)


def _common(strips: Iterable[Strip], others: list[Strip], narrowest: float) -> list[Strip]:
    """Return what two lists of strips share and is not too narrow."""
    shared = [
        (max(first, other_first), min(last, other_last))
        for first, last in strips
        for other_first, other_last in others
    ]
    return [strip for strip in shared if strip[1] - strip[0] >= narrowest]


def _inner(strips: list[Strip], rows: list[_Row]) -> list[Strip]:
    left = min(char.left for row in rows for char in row.chars)
    right = max(char.right for row in rows for char in row.chars)
    return [strip for strip in strips if strip[0] >= left and strip[1] <= right]


def _table(rows: list[_Row], strips: list[Strip], *, has_header: bool) -> Unruled | None:
    middles = [(first + last) / 2 for first, last in strips]
    groups = _logical_rows(rows, middles, has_header=has_header)
    if len(groups) < (2 if has_header else 1):
        return None
    cells: list[RawCell] = []
    for number, group in enumerate(groups):
        chars = [char for row in group for char in row.chars]
        spans = any(not _fits(row, strips) for row in group)
        if spans:
            lines = lines_of(chars, column_gap=None)
            is_bold = all(line.is_bold for line in lines)
            text = " ".join(line.text for line in lines)
            cells.append(RawCell(number, 0, text, 1, len(middles) + 1, is_bold))
            continue
        for column in range(len(middles) + 1):
            own = [char for char in chars if _column(char, middles) == column]
            lines = lines_of(own, column_gap=None)
            is_bold = bool(lines) and all(line.is_bold for line in lines)
            text = " ".join(line.text for line in lines)
            cells.append(RawCell(number, column, text, 1, 1, is_bold))
    all_chars = [char for row in rows for char in row.chars]
    return Unruled(rows[0].top, rows[-1].bottom, cells, strips, all_chars)


def _column(char: Char, middles: list[float]) -> int:
    return sum(1 for middle in middles if (char.left + char.right) / 2 > middle)


def _logical_rows(rows: list[_Row], middles: list[float], *, has_header: bool) -> list[list[_Row]]:
    """Return the lines by the row of the table they are of: a number at the left begins one.

    If the number stands at half the height of its row, the gap above the row tells.
    """
    steps = [below.bottom - above.bottom for above, below in zip(rows, rows[1:], strict=False)]
    usual = median(steps) if steps else 0.0
    starts: list[int] = [0]
    for position, row in enumerate(rows):
        text = "".join(char.text for char in row.chars if _column(char, middles) == 0).strip()
        spans = any(char.left < middles[0] < char.right for char in row.chars)
        if position == 0 or not (_NUMBER.fullmatch(text) or spans):
            continue
        above = range(starts[-1] + 1, position + 1)
        widest = max(above, key=lambda each: steps[each - 1], default=position)
        start = widest if steps[widest - 1] > ROW_GAP * usual else position
        if len(starts) > 1 or not has_header or start > 0:
            starts.append(start)
        if spans and position + 1 < len(rows):
            starts.append(position + 1)
    ordered = sorted(set(starts))
    return [
        rows[first:last] for first, last in zip(ordered, [*ordered[1:], len(rows)], strict=True)
    ]
