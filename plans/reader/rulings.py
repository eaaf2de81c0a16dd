"""Drawn lines and boxes of a PDF page into tables: their cells, merged ones as one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pdfplumber.table import (
    cells_to_tables,
    edges_to_intersections,
    intersections_to_cells,
    merge_edges,
)

from plans.reader.lines import Char

# Points: how far apart two lines may be and still be one, and what is too short for a line.
SAME_LINE = 3.0
SHORTEST = 3.0
MIN_CELLS = 3
# A page with more is a drawing, not a table.
MAX_LINES = 6_000

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line or a box, from the top left corner of the page."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Ruled:
    """A table as drawn: its frame, its cells, and the lines they lie between."""

    frame: Box
    cells: list[Box]
    across: list[float]
    down: list[float]

    def holds(self, char: Char) -> bool:
        across, down = (char.left + char.right) / 2, (char.top + char.bottom) / 2
        left, top, right, bottom = self.frame
        return left <= across <= right and top <= down <= bottom

    def place(self, box: Box) -> tuple[int, int, int, int]:
        """Return row, column, rows and columns of a cell."""
        row, column = _nearest(self.down, box[1]), _nearest(self.across, box[0])
        rows, columns = _nearest(self.down, box[3]) - row, _nearest(self.across, box[2]) - column
        return row, column, max(rows, 1), max(columns, 1)

    def share(self, chars: Iterable[Char]) -> dict[Box, list[Char]]:
        """Return the letters of each cell."""
        owners = {
            (row + r, column + c): box
            for box in self.cells
            for row, column, rows, columns in [self.place(box)]
            for r in range(rows)
            for c in range(columns)
        }
        shares: dict[Box, list[Char]] = {box: [] for box in self.cells}
        for char in chars:
            row = bisect_right(self.down, (char.top + char.bottom) / 2) - 1
            column = bisect_right(self.across, (char.left + char.right) / 2) - 1
            if (box := owners.get((row, column))) is not None:
                shares[box].append(char)
        return shares


def ruled_tables(drawn: list[Drawn]) -> list[Ruled]:
    """Return the tables on a page; a row that the end of the page cuts is closed there."""
    if len(drawn) > MAX_LINES:
        return []
    edges = [edge for each in drawn for edge in _edges(each)]
    upright = [edge for edge in edges if edge["orientation"] == "v"]
    if not upright:
        return []
    left, right = min(edge["x0"] for edge in upright), max(edge["x1"] for edge in upright)
    for level in (min(e["top"] for e in upright), max(e["bottom"] for e in upright)):
        edges.append(_edge(left, level, right, level))
    merged = merge_edges(edges, SAME_LINE, SAME_LINE, SAME_LINE, SAME_LINE)
    crossings = edges_to_intersections(merged, SAME_LINE, SAME_LINE)
    tables = cells_to_tables(intersections_to_cells(crossings))
    return [_ruled(cells) for cells in tables if len(cells) >= MIN_CELLS]


def _ruled(cells: list[Box]) -> Ruled:
    across = _lines(edge for cell in cells for edge in (cell[0], cell[2]))
    down = _lines(edge for cell in cells for edge in (cell[1], cell[3]))
    ordered = sorted(cells, key=lambda cell: (cell[1], cell[0]))
    return Ruled((across[0], down[0], across[-1], down[-1]), ordered, across, down)


def _edges(each: Drawn) -> Iterable[dict[str, Any]]:
    """Yield the sides of a box that are long enough; a line has one that is."""
    width, height = each.right - each.left, each.bottom - each.top
    if width >= SHORTEST:
        yield _edge(each.left, each.top, each.right, each.top)
        if height >= SHORTEST:
            yield _edge(each.left, each.bottom, each.right, each.bottom)
    if height >= SHORTEST:
        yield _edge(each.left, each.top, each.left, each.bottom)
        if width >= SHORTEST:
            yield _edge(each.right, each.top, each.right, each.bottom)


def _edge(left: float, top: float, right: float, bottom: float) -> dict[str, Any]:
    return {
        "x0": left,
        "x1": right,
        "top": top,
        "bottom": bottom,
        "width": right - left,
        "height": bottom - top,
        "orientation": "h" if top == bottom else "v",
        "object_type": "line",
    }


def _lines(edges: Iterable[float]) -> list[float]:
    lines: list[float] = []
    for edge in sorted(edges):
        if not lines or edge - lines[-1] > SAME_LINE:
            lines.append(edge)
    return lines


def _nearest(lines: list[float], edge: float) -> int:
    return min(range(len(lines)), key=lambda index: abs(lines[index] - edge))
