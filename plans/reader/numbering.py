"""The numbers that Word writes before the paragraphs of a list without storing them as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LEVELS = 9

_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
# Word numbers with the English alphabet: its list has no đ.
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Level:
    format: str
    text: str
    start: int


@dataclass(slots=True)
class Numbering:
    """The lists of one document and how far each has counted."""

    lists: dict[str, tuple[str, dict[int, Level]]] = field(default_factory=dict)
    _counts: dict[str, list[int | None]] = field(default_factory=dict)

    def label(self, number_id: str, level: int) -> str:
        """Count one paragraph of a list on and return what stands before it."""
        found = self.lists.get(number_id)
        if found is None or level not in found[1]:
            return ""
        abstract, levels = found
        counts = self._counts.setdefault(abstract, [None] * LEVELS)
        last = counts[level]
        counts[level] = levels[level].start if last is None else last + 1
        counts[level + 1 :] = [None] * (LEVELS - level - 1)
        if levels[level].format == "bullet":
            return "+" if "+" in levels[level].text else "-"
        return re.sub(
            "%([1-9])", lambda sign: _count(levels, counts, int(sign[1]) - 1), levels[level].text
        )


def read_numbering(root: Any) -> Numbering:
    """Return the lists that the numbering part of a document defines."""
    abstracts: dict[str, dict[int, Level]] = {}
    for node in root.iter(f"{W}abstractNum"):
        levels = dict(_level(each) for each in node.findall(f"{W}lvl"))
        abstracts[node.get(f"{W}abstractNumId", "")] = levels
    lists: dict[str, tuple[str, dict[int, Level]]] = {}
    for node in root.findall(f"{W}num"):
        link = node.find(f"{W}abstractNumId")
        name = link.get(f"{W}val", "") if link is not None else ""
        number_id = node.get(f"{W}numId", "")
        levels = dict(abstracts.get(name, {}))
        overrides = node.findall(f"{W}lvlOverride")
        for override in overrides:
            if (each := override.find(f"{W}lvl")) is not None:
                index, level = _level(each)
                levels[index] = level
        # A list with overrides starts anew; others of one kind go on counting.
        lists[number_id] = (f"{name}/{number_id}" if overrides else name, levels)
    return Numbering(lists)


def _level(node: Any) -> tuple[int, Level]:
    def value(name: str, default: str) -> str:
        child = node.find(f"{W}{name}")
        return child.get(f"{W}val", default) if child is not None else default

    start = value("start", "1")
    level = Level(value("numFmt", "decimal"), value("lvlText", ""), int(start or 1))
    return min(int(node.get(f"{W}ilvl", "0")), LEVELS - 1), level


def _count(levels: dict[int, Level], counts: list[int | None], index: int) -> str:
    level = levels.get(index)
    number = counts[index] if counts[index] is not None else (level.start if level else 1)
    return _written(number or 0, level.format if level else "decimal")


def _written(number: int, form: str) -> str:
    if form in ("upperRoman", "lowerRoman"):
        roman = _roman(number)
        return roman.upper() if form == "upperRoman" else roman
    if form in ("upperLetter", "lowerLetter"):
        letter = _LETTERS[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    if not 0 < number < 40:
        return str(number)
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text
