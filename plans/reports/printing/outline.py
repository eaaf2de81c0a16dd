"""The headings of a paper as the outline of a PDF (PDF 1.7, 12.3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pydyf


@dataclass(frozen=True)
class Bookmark:
    """A heading; `page` is the number of the page's object."""

    level: int
    words: str
    page: int
    x: float
    y: float


@dataclass
class _Item:
    number: int
    bookmark: Bookmark | None = None
    parent: _Item | None = None
    children: list[_Item] = field(default_factory=list)


def outline(bookmarks: Sequence[Bookmark], first_number: int) -> list[tuple[int, pydyf.Dictionary]]:
    """The objects with their numbers, from `first_number` on; the first is the outline itself."""
    trunk = _Item(first_number)
    items = [_Item(number, each) for number, each in enumerate(bookmarks, start=first_number + 1)]
    branch = [trunk]
    for item in items:
        while len(branch) > 1 and _level(branch[-1]) >= _level(item):
            branch.pop()
        item.parent = branch[-1]
        item.parent.children.append(item)
        branch.append(item)
    return [(each.number, _dictionary(each)) for each in (trunk, *items)]


def _level(item: _Item) -> int:
    return item.bookmark.level if item.bookmark else 0


def _dictionary(item: _Item) -> pydyf.Dictionary:
    written: dict[str, object] = {"Count": _count(item)}
    if item.children:
        written["First"] = _reference(item.children[0])
        written["Last"] = _reference(item.children[-1])
    if item.bookmark and item.parent:
        mark, siblings = item.bookmark, item.parent.children
        place = siblings.index(item)
        written["Title"] = pydyf.String(mark.words)
        written["Parent"] = _reference(item.parent)
        written["Dest"] = pydyf.Array([f"{mark.page} 0 R", "/XYZ", mark.x, mark.y, 0])
        if place > 0:
            written["Prev"] = _reference(siblings[place - 1])
        if place + 1 < len(siblings):
            written["Next"] = _reference(siblings[place + 1])
    return pydyf.Dictionary(written)


def _count(item: _Item) -> int:
    """All below: the whole outline is unfolded."""
    return sum(1 + _count(child) for child in item.children)


def _reference(item: _Item) -> str:
    return f"{item.number} 0 R"
