"""An official document as plain data: what every format prints, and nothing of how it looks.

A kind of report composes a `Paper` from frozen content; PDF, DOCX and XLSX are drawn from the
`Paper` alone, so that all three say the same. The parts and their order are those of Nghị định
30/2020/NĐ-CP, Phụ lục I.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

# A table of figures with no more rows is not broken.
SHORT_TABLE = 6
# A mark as short as "DỰ THẢO" stands under the number, a longer one under the title.
SHORT_MARK = 12


class Align(StrEnum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"


class Manner(StrEnum):
    """What a paragraph is."""

    BODY = "body"
    BASIS = "basis"  # "Căn cứ …"
    ITEM = "item"  # one line of a list
    NOTE = "note"  # under a table
    CLOSING = "closing"  # the last sentence, kept with what precedes it


class RowKind(StrEnum):
    """What a row of a table is."""

    PLAIN = "plain"
    SUM = "sum"
    SUB = "sub"  # part of the sum above
    GROUP = "group"  # one cell, a heading within the table
    SHARED = "shared"  # a task whose work follows, agency by agency
    PART = "part"  # one agency's work of the shared task above


@dataclass(frozen=True)
class Heading:
    """Level 1 is "I. …" in typed capitals, level 2 "1. …", level 3 "a) …"."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    text: str
    manner: Manner = Manner.BODY

    @property
    def is_leading(self) -> bool:
        """Whether it announces what follows, and so goes with it."""
        return self.text.endswith(":")


@dataclass(frozen=True)
class Cell:
    """Words as printed; `value` is what a workbook keeps instead: a number or a day."""

    text: str
    value: int | Decimal | date | None = None
    note: str = ""  # a smaller second line
    span: int = 1


@dataclass(frozen=True)
class Column:
    """`width` in percent of the table; columns side by side with one `group` share a head."""

    title: str
    width: int
    align: Align = Align.LEFT
    group: str = ""


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    kind: RowKind = RowKind.PLAIN


@dataclass(frozen=True)
class Table:
    """`name` is that of the sheet in a workbook; widths add up to 100, cells fill the columns."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: str = ""
    unit: str = ""
    note: str = ""

    @property
    def is_list(self) -> bool:
        """Of words more than of figures: set smaller."""
        return sum(column.align == Align.LEFT for column in self.columns) > 1

    @property
    def is_short(self) -> bool:
        """Figures that stay together on a page: to keep more whole would leave holes."""
        return len(self.rows) <= SHORT_TABLE and not self.is_list

    def __post_init__(self) -> None:
        if sum(column.width for column in self.columns) != 100:
            raise ValueError(f"{self.name}: widths of columns do not add up to 100")
        for number, row in enumerate(self.rows, start=1):
            if sum(cell.span for cell in row.cells) != len(self.columns):
                raise ValueError(f"{self.name}: row {number} does not fill the columns")


@dataclass(frozen=True)
class Drawing:
    """A picture as SVG; the figures stand in a table beside it, `title` is read out."""

    svg: str
    title: str
    caption: str


Block = Heading | Paragraph | Table | Drawing


def as_list(texts: Sequence[str]) -> list[str]:
    """Lines as documents list bodies: "- Như trên;", the last one with a full stop."""
    lines = [f"- {text.removeprefix('- ').rstrip(' .;')}" for text in texts]
    return [f"{line};" for line in lines[:-1]] + [f"{line}." for line in lines[-1:]]


@dataclass(frozen=True)
class Head:
    """What stands above the text: who writes, under what number, where and when.

    `number` and `day` are lines as printed, with room for the clerk's pen while they are open.
    """

    superior: str
    issuer: tuple[str, ...]
    number: str
    day: str


@dataclass(frozen=True)
class Foot:
    """Recipients at the left, who signs at the right; `name` is "" until it is known."""

    recipients: tuple[str, ...]
    signer: tuple[str, ...]
    name: str = ""

    @property
    def recipient_lines(self) -> list[str]:
        return as_list(self.recipients)


@dataclass(frozen=True)
class Appendix:
    """`number` is Roman, "" for the only one; pages are counted from 1 in each."""

    number: str
    title: str
    of: str
    blocks: tuple[Block, ...]
    is_landscape: bool = True

    @property
    def label(self) -> str:
        return f"Phụ lục {self.number}".rstrip()


@dataclass(frozen=True)
class Seal:
    """How anyone can tell later that this paper is ours and whether it still holds.

    `address` is the page of verification, drawn as QR; `fingerprint` is the SHA-256 of the frozen
    content.
    """

    code: str
    address: str
    fingerprint: str

    # What stands before each of them.
    of_code: ClassVar = "Mã xác minh"
    of_address: ClassVar = "Xác minh tại"
    of_fingerprint: ClassVar = "SHA-256 của bản chốt số liệu"

    @property
    def lines(self) -> list[str]:
        return [
            f"{self.of_code}: {self.code}",
            f"{self.of_address}: {self.address}",
            f"{self.of_fingerprint}: {self.fingerprint}",
        ]


@dataclass(frozen=True)
class Paper:
    """`kind` is typed in capitals above `about`; a letter has no kind, and "V/v …" as `about`."""

    title: str
    kind: str
    about: tuple[str, ...]
    head: Head
    body: tuple[Block, ...]
    foot: Foot
    seal: Seal
    author: str
    as_of: date  # the day of its figures
    under_title: str = ""  # "(Số liệu đến hết ngày …)"
    addressees: tuple[str, ...] = ()
    appendices: tuple[Appendix, ...] = ()
    subject_words: tuple[str, ...] = ()
    # "DỰ THẢO" and the like, each in a frame on the first page.
    marks: tuple[str, ...] = ()
    # Sentences about other papers: "Báo cáo này thay thế …".
    notices: tuple[str, ...] = ()
    # One page and no more: smaller type where it is allowed.
    is_one_page: bool = False

    @property
    def is_letter(self) -> bool:
        return not self.kind

    @property
    def short_marks(self) -> list[str]:
        return [mark for mark in self.marks if len(mark) <= SHORT_MARK]

    @property
    def long_marks(self) -> list[str]:
        return [mark for mark in self.marks if len(mark) > SHORT_MARK]

    @property
    def addressee_lines(self) -> list[str]:
        """ "Kính gửi: …" as printed: one body on the same line, several each on a line."""
        if len(self.addressees) == 1:
            return [f"Kính gửi: {self.addressees[0].rstrip(' .;')}."]
        return ["Kính gửi:", *as_list(self.addressees)] if self.addressees else []

    def tables(self) -> list[Table]:
        """Every table in the order of the paper: the sheets of its workbook."""
        blocks = [*self.body, *(block for part in self.appendices for block in part.blocks)]
        return [block for block in blocks if isinstance(block, Table)]


@dataclass(frozen=True)
class Attachment:
    """A file that travels inside the PDF."""

    name: str
    content: bytes = field(repr=False)
    media_type: str
    description: str
