"""Reads the sources of the labelled documents: paragraphs, pairs side by side, tables, breaks.

A source is a few `key: value` lines that say how to print it (the header, the footer and a text
box of a docx among them), a line `---` and the text. Lines
that begin with `= `, `~ `, `> `, `* ` and `# ` are centred, italic, at the right, a bullet and a
number of Word's own making. `[[pair]]` holds rows of two cells without rules, `[[table …]]` rows
with rules, `[[raw]]` HTML as it is, each up to `[[/]]`; `[[page]]` and `[[landscape]]` begin a
page. Cells are apart by ` | `, lines in a cell by ` // `; `^` is one cell with the one above and
`<` with the one at its left. `[+added+]` and `[-deleted-]` are Word's tracked changes.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

BETWEEN = re.compile(r" \|(?: |$)")
TRACKED_CHANGE = re.compile(r"\[([+-])(.*?)\1\]")
STYLES = {"=": "centre", "~": "italic", ">": "right", "*": "bullet", "#": "number"}


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its lines, and how many rows and columns it covers."""

    lines: tuple[str, ...]
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Block:
    """A piece of a document; `kind` is a style, pair, table, raw, page or landscape."""

    kind: str
    text: str = ""
    grid: tuple[tuple[str, ...], ...] = ()
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """A document before it is printed."""

    name: str
    options: dict[str, str]
    body: str
    blocks: tuple[Block, ...]


def read_source(path: Path) -> Source:
    head, _, body = path.read_text("utf-8").partition("---\n")
    options = dict(line.split(": ", 1) for line in head.splitlines())
    return Source(path.stem, options, body, tuple(_blocks(body.splitlines())))


def cells(grid: tuple[tuple[str, ...], ...]) -> list[Cell]:
    """Return the cells of `grid`, each with all it covers."""
    found = []
    for row, line in enumerate(grid):
        for column, text in enumerate(line):
            if text not in ("^", "<"):
                rows, columns = _reach(grid, row, column)
                found.append(Cell(tuple(text.split(" // ")), row, column, rows, columns))
    return found


def _reach(grid: tuple[tuple[str, ...], ...], row: int, column: int) -> tuple[int, int]:
    columns = 1
    while column + columns < len(grid[row]) and grid[row][column + columns] == "<":
        columns += 1
    rows = 1
    while row + rows < len(grid) and grid[row + rows][column] == "^":
        rows += 1
    return rows, columns


def _blocks(lines: list[str]) -> list[Block]:
    blocks: list[Block] = []
    waiting = iter(lines)
    for line in waiting:
        if line.startswith("[[") and line.endswith("]]"):
            kind, *words = line[2:-2].split()
            options = dict((word.split("=") + ["yes"])[:2] for word in words)
            held = []
            if kind in ("pair", "table", "raw"):
                held = list(iter(lambda: next(waiting), "[[/]]"))
            grid = tuple(tuple(map(str.strip, BETWEEN.split(row))) for row in held)
            blocks.append(Block(kind, "\n".join(held), grid if kind != "raw" else (), options))
        elif line[:2] in {f"{sign} " for sign in STYLES}:
            blocks.append(Block(STYLES[line[0]], line[2:]))
        elif line.strip():
            blocks.append(Block("plain", line))
    return blocks
