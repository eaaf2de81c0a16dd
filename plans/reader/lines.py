"""Characters with places on a page into lines of words."""

from __future__ import annotations

from dataclasses import dataclass

# In parts of the size of the letters: a blank between words, a gap between columns.
BLANK = 0.18
COLUMN_GAP = 2.2
SAME_LINE = 0.45


@dataclass(frozen=True, slots=True)
class Char:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    font: str


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    is_bold: bool


def lines_of(chars: list[Char], *, column_gap: float | None = COLUMN_GAP) -> list[Line]:
    """Return the lines in reading order; text side by side with a wide gap is several lines."""
    lines = []
    for row in rows_of(chars):
        parts = [row] if column_gap is None else _columns(row, column_gap)
        lines += [line for part in parts if (line := _line(part)) is not None]
    return lines


def rows_of(chars: list[Char]) -> list[list[Char]]:
    """Return the characters by the line they stand on, from left to right."""
    rows: list[list[Char]] = []
    for char in sorted(chars, key=lambda one: (one.bottom, one.left)):
        if rows and char.bottom - rows[-1][-1].bottom < SAME_LINE * char.size:
            rows[-1].append(char)
        else:
            rows.append([char])
    for row in rows:
        row.sort(key=lambda one: one.left)
    return rows


def _columns(row: list[Char], gap: float) -> list[list[Char]]:
    parts: list[list[Char]] = [[]]
    last_right = None
    for char in row:
        if char.text.isspace():
            parts[-1].append(char)
            continue
        if last_right is not None and char.left - last_right > gap * char.size:
            parts.append([])
        parts[-1].append(char)
        last_right = char.right
    return parts


def _line(chars: list[Char]) -> Line | None:
    pieces: list[str] = []
    last = None
    for char in chars:
        if last is not None and char.left - last.right > BLANK * char.size:
            pieces.append(" ")
        pieces.append(char.text)
        last = char
    text = " ".join("".join(pieces).split())
    shown = [char for char in chars if not char.text.isspace()]
    if not text or not shown:
        return None
    bold = sum(1 for char in shown if "bold" in char.font.lower())
    return Line(
        text,
        shown[0].left,
        shown[-1].right,
        min(char.top for char in shown),
        max(char.bottom for char in shown),
        max(char.size for char in shown),
        bold * 10 >= len(shown) * 9,
    )
