"""The document as a page shows it: paragraphs and tables, with each place that was read marked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from plans.reader.draft import Piece


@dataclass(frozen=True, slots=True)
class Mark:
    """The characters `start` to `end` of the source, read into the field with the id `key`."""

    start: int
    end: int
    certainty: str
    key: str
    label: str = ""


@dataclass(slots=True)
class Run:
    """Characters under the same marks; `keys` are their fields, the closest mark first.

    `anchors` are the keys of marks that begin here: links from their fields lead to this run.
    """

    text: str
    keys: list[str] = field(default_factory=list)
    certainty: str = ""
    label: str = ""
    anchors: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ShownCell:
    runs: list[Run]
    row_span: int = 1
    column_span: int = 1
    is_bold: bool = False


@dataclass(slots=True)
class Block:
    """A paragraph (`runs`) or a table (`rows`)."""

    runs: list[Run] = field(default_factory=list)
    rows: list[list[ShownCell]] = field(default_factory=list)
    is_bold: bool = False
    is_centred: bool = False


def part_of(layout: Sequence[Piece], start: int | None, end: int | None) -> list[Piece]:
    """The pieces from the offset `start` to before `end`; a row of a table is never cut."""
    first = 0 if start is None else _row_start(layout, start)
    last = len(layout) if end is None else _row_start(layout, end)
    return list(layout[first:last])


def _row_start(layout: Sequence[Piece], offset: int) -> int:
    """The first piece of the row of the table, or the paragraph, in which `offset` lies."""
    at = max(0, bisect_right(layout, offset, key=lambda piece: piece.start) - 1)
    if at < len(layout) and layout[at].table is not None:
        place = layout[at].table, layout[at].row
        while at and (layout[at - 1].table, layout[at - 1].row) == place:
            at -= 1
    return at


def blocks_of(source: str, layout: Sequence[Piece], marks: Iterable[Mark]) -> list[Block]:
    """The document of `layout`, its text cut where a mark begins or ends."""
    over = _marks_by_piece(layout, marks)
    met: set[str] = set()
    blocks: list[Block] = []
    table: _TableMaker | None = None
    for piece, found in zip(layout, over, strict=True):
        runs = _runs(source, piece, found, met)
        if piece.table is None:
            table = None
            blocks.append(Block(runs, is_bold=piece.is_bold, is_centred=piece.is_centred))
            continue
        if table is None or table.index != piece.table:
            table = _TableMaker(piece.table)
            blocks.append(table.block)
        table.add(piece, runs)
    return blocks


class _TableMaker:
    """Makes the rows of one table; keeps cells in their columns where a part begins inside it."""

    def __init__(self, index: int) -> None:
        self.index = index
        self.block = Block()
        self._row = -1
        self._free = 0  # the next column of this row
        self._covered: dict[int, int] = {}  # column: the row up to which a merged cell covers it

    def add(self, piece: Piece, runs: list[Run]) -> None:
        if piece.row != self._row:
            self._row, self._free = piece.row, 0
            self.block.rows.append([])
        cells = self.block.rows[-1]
        for column in range(self._free, piece.column):
            if self._covered.get(column, 0) <= piece.row:
                cells.append(ShownCell([]))
        cells.append(ShownCell(runs, piece.row_span, piece.column_span, piece.is_bold))
        self._free = piece.column + piece.column_span
        for column in range(piece.column, self._free):
            self._covered[column] = piece.row + piece.row_span


def _marks_by_piece(layout: Sequence[Piece], marks: Iterable[Mark]) -> list[list[Mark]]:
    over: list[list[Mark]] = [[] for _piece in layout]
    for mark in marks:
        at = bisect_left(layout, mark.start + 1, key=lambda piece: piece.end)
        while at < len(layout) and layout[at].start < mark.end:
            over[at].append(mark)
            at += 1
    return over


def _runs(source: str, piece: Piece, marks: list[Mark], met: set[str]) -> list[Run]:
    """`met` are the keys that have their anchor; each gets one, where it first begins."""
    cuts = {piece.start, piece.end}
    for mark in marks:
        cuts |= {max(mark.start, piece.start), min(mark.end, piece.end)}
    edges = sorted(cuts)
    runs = []
    for start, end in zip(edges, edges[1:], strict=False):
        here = [mark for mark in marks if mark.start < end and mark.end > start]
        here.sort(key=lambda mark: mark.end - mark.start)
        keys = list(dict.fromkeys(mark.key for mark in here))
        anchors = [key for key in keys if key not in met]
        met.update(anchors)
        closest = here[0] if here else None
        runs.append(
            Run(
                source[start:end],
                keys,
                closest.certainty if closest else "",
                closest.label if closest else "",
                anchors,
            )
        )
    return runs
