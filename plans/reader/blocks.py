"""A document as paragraphs and tables over one canonical text, in which every offset counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from papi_portal.text import LegacyFontError, TextError, normalise
from papi_portal.text.legacy import from_legacy
from papi_portal.text.normalise import without_marks
from plans.reader.draft import Certainty, Found, Piece, Value

MAX_LINE = 5_000
# Bullets of the Symbol and Wingdings fonts, and the signs that Word and Zalo make of them.
_BULLET = re.compile("^[ \\t]*[\uf000-\uf0ff•●▪■◦○✓✔✅☑▶➤➢►➡⇒❖◆♦·∙👉🔹🔸📌🔷🔶]\ufe0f?[ \\t]*")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_BROKEN = re.compile("[\x00\ud800-\udfff]")
_EQUAL_SIGNS = {
    **dict.fromkeys("‐‑‒–—―−－", "-"),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("“”„«»″", '"'),
    **dict.fromkeys("‘’´`", "'"),
    "…": ".",
    "\u00a0": " ",
    "\t": " ",
}


# The inside of a class of capital letters: a range such as À-Ỹ would hold small ones too.
CAPITALS = "".join(
    letter
    for letter in map(chr, range(0x41, 0x1EFA))
    if letter.isupper() and without_marks(letter).isascii()
)


class _FlatTable(dict[int, str]):
    """Maps each character to one character without marks, made as characters are met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        bare = _EQUAL_SIGNS.get(char) or without_marks(char)
        self[code] = bare if len(bare) == 1 else char
        return self[code]


_FLAT = _FlatTable()


@lru_cache(maxsize=512)
def flat(text: str) -> str:
    """Return `text` in lower case without marks, with the same length: offsets stay true."""
    return text.translate(_FLAT)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the document as a person sees it, from a paragraph or from a cell."""

    text: str
    start: int
    is_bold: bool = False
    is_centred: bool = False
    is_aside: bool = False
    table: int | None = None
    row: int | None = None
    column: int | None = None

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def flat(self) -> str:
        return flat(self.text)

    def found(
        self, value: Value, certainty: Certainty, first: int = 0, last: int | None = None
    ) -> Found:
        """Return `value` as read from the characters `first` to `last` of this line."""
        end = len(self.text) if last is None else last
        return Found(
            value,
            self.text[first:end],
            self.start + first,
            self.start + end,
            certainty,
            self.table,
            self.row,
            self.column,
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell; `text` may have several lines."""

    text: str
    start: int
    table: int
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    is_bold: bool = False

    @property
    def flat(self) -> str:
        return flat(self.text)

    def piece(self) -> Piece:
        """Return what the layout keeps of the cell."""
        end = self.start + len(self.text)
        place = self.table, self.row, self.column, self.row_span, self.column_span
        return Piece(self.start, end, self.is_bold, False, *place)

    def whole(self) -> Paragraph:
        """Return the cell as one line, to take places from."""
        place = self.table, self.row, self.column
        return Paragraph(self.text, self.start, self.is_bold, False, False, *place)

    def lines(self) -> Iterator[Paragraph]:
        at = self.start
        for line in self.text.split("\n"):
            place = self.table, self.row, self.column
            yield Paragraph(line, at, self.is_bold, False, False, *place)
            at += len(line) + 1


@dataclass(slots=True)
class Table:
    """A table; `after_break` says that it may go on from the table before it.

    The columns of one that `is_guessed` stand in the document without lines between them.
    """

    index: int
    cells: list[Cell]
    after_break: bool = False
    is_guessed: bool = False

    def grid(self) -> list[list[Cell | None]]:
        """Return rows of cells in which a merged cell stands at each place it covers."""
        rows = max((cell.row + cell.row_span for cell in self.cells), default=0)
        columns = max((cell.column + cell.column_span for cell in self.cells), default=0)
        grid: list[list[Cell | None]] = [[None] * columns for _row in range(rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                for column in range(cell.column, cell.column + cell.column_span):
                    grid[row][column] = cell
        return grid


@dataclass(slots=True)
class Document:
    """The canonical text with its blocks in reading order."""

    text: str = ""
    blocks: list[Paragraph | Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[Paragraph]:
        """Yield every line that is not empty, those in cells as well."""
        for block in self.blocks:
            if isinstance(block, Paragraph):
                yield block
            else:
                for cell in block.cells:
                    yield from (line for line in cell.lines() if line.text)

    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]

    def layout(self) -> list[Piece]:
        """Return the form of the document, to be shown again from its text alone."""
        pieces: list[Piece] = []
        for block in self.blocks:
            if isinstance(block, Paragraph):
                pieces.append(Piece(block.start, block.end, block.is_bold, block.is_centred))
            else:
                pieces += [cell.piece() for cell in block.cells]
        return pieces


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as a file gives it, before its text is cleaned."""

    row: int
    column: int
    text: str
    row_span: int = 1
    column_span: int = 1
    is_bold: bool = False


class Builder:
    """Collects what a file holds, cleans each piece and gives it its place in the text."""

    def __init__(self, encoding: str = "") -> None:
        self.document = Document()
        self._encoding = encoding
        self._pieces: list[str] = []
        self._length = 0
        self._tables = 0

    def paragraph(
        self, raw: str, *, bold: bool = False, centred: bool = False, aside: bool = False
    ) -> None:
        for line in self.clean(raw).split("\n"):
            for piece in _short(line):
                place = self._place(piece)
                self.document.blocks.append(Paragraph(piece, place, bold, centred, aside))

    def table(
        self, cells: list[RawCell], *, after_break: bool = False, guessed: bool = False
    ) -> None:
        index, placed = self._tables, []
        for cell in cells:
            text = self.clean(cell.text)
            at = self._place(text)
            spans = cell.row_span, cell.column_span
            placed.append(Cell(text, at, index, cell.row, cell.column, *spans, cell.is_bold))
        if any(cell.text for cell in placed):
            self.document.blocks.append(Table(index, placed, after_break, guessed))
            self._tables += 1

    def finish(self) -> Document:
        self.document.text = "".join(self._pieces)
        return self.document

    def clean(self, raw: str) -> str:
        """Return `raw` as stored text: Unicode, bullets as `-`, no blank lines."""
        text = _BROKEN.sub("", raw)
        if self._encoding:
            text = from_legacy(text, self._encoding)
        text = "\n".join(_BULLET.sub("- ", line) for line in text.split("\n"))
        text = _PRIVATE.sub("", text)
        return re.sub("\n{2,}", "\n", _normalised(text).replace("\t", " "))

    def _place(self, text: str) -> int:
        start = self._length
        self._pieces += [text, "\n"]
        self._length += len(text) + 1
        return start


def _short(line: str) -> Iterator[str]:
    """Yield a line, or the pieces of one that is longer than any office writes."""
    while len(line) > MAX_LINE:
        cut = max(line.rfind(". ", 0, MAX_LINE), line.rfind("; ", 0, MAX_LINE)) + 1 or MAX_LINE
        yield line[:cut]
        line = line[cut:].lstrip()
    if line:
        yield line


def _normalised(text: str) -> str:
    try:
        return normalise(text, multiline=True)
    except LegacyFontError:
        # A foreign name that looks like an old font to the guess; the whole was judged before.
        return " ".join(text.split())
    except TextError:
        return ""
