"""Turn a page whose text runs up, down or upside down, so that it can be read like any other."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from pdfminer.layout import LTChar, LTCurve, LTFigure, LTLine, LTRect

from plans.reader.lines import Char
from plans.reader.rulings import Drawn

# Points: letters of other sizes are watermarks or specks.
SMALLEST, LARGEST = 3, 80
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a page shows, from its top left corner as a person holds it."""

    width: float
    height: float
    chars: list[Char]
    drawn: list[Drawn]


def contents(page: Any) -> Contents:
    """Return the letters that run as most of the page does, and the lines and boxes on it."""
    letters: list[LTChar] = []
    drawn: list[Any] = []
    waiting = list(page.layout)
    while waiting:
        item = waiting.pop()
        if isinstance(item, LTFigure):
            waiting += item
        elif isinstance(item, LTChar):
            letters.append(item)
        elif isinstance(item, (LTLine, LTRect, LTCurve)):
            drawn.append(item)
    turns = [0 if _is_upright(letter) else _quarter_turns(letter) for letter in letters]
    turn = Counter(turns).most_common(1)[0][0] if any(turns) else 0
    width, height = float(page.width), float(page.height)
    size = (height, width) if turn % 2 else (width, height)
    chars = [
        _char(letter, _turned(_box(letter), turn, width, height), turn)
        for letter, own in zip(letters, turns, strict=True)
        if own == turn
    ]
    lines = [Drawn(*_turned(_box(item), turn, width, height)) for item in drawn]
    return Contents(*size, [char for char in chars if SMALLEST < char.size < LARGEST], lines)


def _is_upright(letter: LTChar) -> bool:
    return letter.matrix[0] > 0 and letter.matrix[1] == 0


def _quarter_turns(letter: LTChar) -> int:
    """Return by how many quarters to the left the letter is turned; a slanted one not at all."""
    right, up, *_rest = letter.matrix
    if abs(right) >= abs(up):
        return 0 if right >= 0 else 2
    return 1 if up > 0 else 3


def _box(item: Any) -> Box:
    return item.x0, item.y0, item.x1, item.y1


def _turned(box: Box, turn: int, width: float, height: float) -> Box:
    """Return left, top, right, bottom of a box given by its corners from the bottom left."""
    x0, y0, x1, y1 = box
    if turn == 1:
        return y0, x0, y1, x1
    if turn == 2:
        return width - x1, y0, width - x0, y1
    if turn == 3:
        return height - y1, width - x1, height - y0, width - x0
    return x0, height - y1, x1, height - y0


def _char(letter: LTChar, box: Box, turn: int) -> Char:
    size = box[3] - box[1] if turn % 2 else letter.size
    left, top, right, bottom = box
    return Char(letter.get_text(), left, right, top, bottom, size, letter.fontname)
