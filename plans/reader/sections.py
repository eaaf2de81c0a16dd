"""The numbered order of a document: I. 1. a) - +, and what kind of thing each part holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from plans.reader.blocks import Paragraph, Table

MAX_HEADING = 260


class Kind(StrEnum):
    """What a section is about, told from the words of its heading."""

    HEAD = "head"
    PURPOSE = "purpose"
    TARGETS = "targets"
    BASELINE = "baseline"
    TASKS = "tasks"
    DUTIES = "duties"
    BUDGET = "budget"
    APPENDIX = "appendix"
    FOOT = "foot"


class Rank(StrEnum):
    """How deep a marker stands; the order of the members is the order of depth."""

    PART = "part"
    CAPITAL = "capital"
    ROMAN = "roman"
    NAMED = "named"
    ARABIC = "arabic"
    DOTTED = "dotted"
    BRACKET = "bracket"
    LETTER = "letter"
    DASH = "dash"
    PLUS = "plus"
    NONE = "none"


_DEPTH = {rank: depth for depth, rank in enumerate(Rank)}
_MARKERS = (
    (
        Rank.PART,
        r"(?:phan|chuong|muc|dieu|phu luc)\s+(?:so\s+)?(?P<m>[ivxlc]{1,6}|[0-9]{1,3}"
        r"|thu \w+)\b[.:)]?",
    ),
    (Rank.PART, r"(?P<m>phu luc)\s*$"),
    (
        Rank.NAMED,
        r"(?:nhom\s+)?(?:nhiem vu|giai phap|noi dung|cong viec|hoat dong)(?:\s+(?:so|thu))?"
        r"\s+(?P<m>[0-9]{1,2}|nhat|hai|ba|tu|nam|sau|bay|tam)\s*[.:-](?![0-9])",
    ),
    (Rank.ROMAN, r"(?P<m>[IVX]{1,6})(?:\s*[./)]\s*-?|\s+-\s+|-(?=\s))"),
    (Rank.CAPITAL, r"(?P<m>[A-HĐK])\s*[.)]\s*-?\s*(?=\S)"),
    (Rank.DOTTED, r"(?P<m>[0-9]{1,2}(?:\.[0-9]{1,2}){1,4})(?:[.)]|-(?=\s)|\s|(?=[^\W\d]))"),
    (Rank.ARABIC, r"(?P<m>[0-9]{1,3})\s*(?:[.)/]|-(?=\s))(?![0-9])"),
    (Rank.BRACKET, r"\((?P<m>[0-9]{1,2}|[ivx]{1,4}|[a-zđ])\)"),
    (Rank.LETTER, r"(?P<m>[a-zđ](?:\.?[0-9]{1,2})?)\s*[.)/](?=\s|[^\W\d_])"),
    (Rank.DASH, r"(?P<m>[-–—•*])(?=\s|[^\W\d_])"),
    (Rank.PLUS, r"(?P<m>\+)\s*"),
)
_COMPILED = [
    (rank, re.compile(pattern, re.IGNORECASE if rank is Rank.PART else 0))
    for rank, pattern in _MARKERS
]
_KEYWORDS = (
    (
        Kind.BASELINE,
        r"ket qua (?:danh gia|xep hang|chi so|thuc hien|nam|dat duoc|cong bo)"
        r"|thuc trang|su can thiet|danh gia (?:ket qua|chung|thuc trang)|dac diem tinh hinh"
        r"|(?:ton tai|han che)[^.]*nguyen nhan|tinh hinh thuc hien",
    ),
    (Kind.BUDGET, r"kinh phi|nguon luc thuc hien"),
    (
        Kind.DUTIES,
        r"to chuc thuc hien|phan cong|trach nhiem (?:thuc hien|cua)|to chuc trien khai"
        r"|trach nhiem to chuc|che do (?:thong tin|bao cao)",
    ),
    (Kind.TASKS, r"noi dung|nhiem vu|giai phap|bien phap|cong viec|viec can lam|hoat dong"),
    (Kind.TARGETS, r"muc tieu|chi tieu|phan dau"),
    (Kind.PURPOSE, r"muc dich|yeu cau|quan diem|can cu|pham vi|doi tuong|phuong cham|nguyen tac"),
    (Kind.APPENDIX, r"phu luc|bieu (?:so|mau)|danh muc"),
)
_KIND_PATTERNS = [(kind, re.compile(rf"\b(?:{words})")) for kind, words in _KEYWORDS]
_FOOT = re.compile(
    r"noi nhan\s*:|(?:t/?m|k/?t|t/?l|tuq|q)[\s./]\s*(?:uy ban|ubnd|chu tich|giam doc|pho|ban"
    r"|bi thu)"
    r"|luu\s*:\s*vt"
)
_ATTACHED = re.compile(r"\((?:ban hanh )?kem theo\b")


_SIGNED = re.compile(
    r"noi nhan\s*:|(?:tm|kt|tl|tuq)\s*[./]\s*(?:uy ban|ubnd|chu tich|giam doc"
    r"|ban)"
)


def _starts_attachment(block: Paragraph) -> bool:
    is_kind = re.match(r"(?:ke hoach|chuong trinh|de an)\b", block.flat) is not None
    return _ATTACHED.match(block.flat) is not None or (is_kind and block.text.isupper())


@dataclass(slots=True)
class Item:
    """A paragraph with its marker; `body` is where its text starts behind the marker."""

    paragraph: Paragraph
    rank: Rank
    marker: str
    body: int
    path: str
    kind: Kind
    parents: list[Item] = field(default_factory=list)
    has_children: bool = False

    @property
    def text(self) -> str:
        return self.paragraph.text[self.body :]

    @property
    def flat(self) -> str:
        return self.paragraph.flat[self.body :]

    def body_line(self) -> Paragraph:
        """Return the text behind the marker as a line of its own, in its place."""
        line = self.paragraph
        return replace(line, text=line.text[self.body :], start=line.start + self.body)

    @property
    def parent(self) -> Item | None:
        return self.parents[-1] if self.parents else None


def outline(blocks: Iterable[Paragraph | Table]) -> list[Item]:
    """Return the paragraphs as items of a tree, each with the kind of section it stands in."""
    open_items: list[Item] = []
    items: list[Item] = []
    counts: dict[tuple[str, Rank], int] = {}
    kind = Kind.HEAD
    for block in blocks:
        if isinstance(block, Table):
            if any(_SIGNED.match(line.flat) for cell in block.cells for line in cell.lines()):
                kind, open_items = Kind.FOOT, []
            continue
        rank, marker, body = marker_of(block)
        if _FOOT.match(block.flat.strip()):
            kind, open_items = Kind.FOOT, []
        elif kind is Kind.FOOT and _starts_attachment(block):
            kind, open_items = Kind.HEAD, []
        rank = _unnumbered_rank(block, rank, kind)
        while open_items and not _is_below(rank, marker, open_items[-1]):
            open_items.pop()
        path = _path(open_items, rank, marker, counts)
        kind = _kind(block, rank, body, open_items, kind)
        item = Item(block, rank, marker, body, path, kind, list(open_items))
        if open_items and rank is not Rank.NONE:
            open_items[-1].has_children = True
        if rank is not Rank.NONE:
            open_items.append(item)
        items.append(item)
    return items


def marker_of(paragraph: Paragraph) -> tuple[Rank, str, int]:
    """Return the rank of the marker a paragraph begins with, the marker, and where text starts."""
    text = paragraph.text
    for rank, pattern in _COMPILED:
        source = paragraph.flat if rank in (Rank.PART, Rank.NAMED) else text
        match = pattern.match(source)
        if match is None:
            continue
        end = match.end()
        while end < len(text) and text[end] in " .:":
            end += 1
        return rank, text[match.start("m") : match.end("m")], end
    return Rank.NONE, "", 0


def kind_of_heading(flat_text: str) -> Kind | None:
    """Return what the words of a heading say, by what stands first in it."""
    found = [
        (match.start(), order, kind)
        for order, (kind, pattern) in enumerate(_KIND_PATTERNS)
        if (match := pattern.search(flat_text))
    ]
    if not found:
        return None
    kinds = {kind for _start, _order, kind in found}
    if Kind.BASELINE in kinds:
        return Kind.BASELINE
    if Kind.DUTIES in kinds and min(found)[2] is not Kind.TASKS:
        return Kind.DUTIES
    if Kind.TARGETS in kinds and Kind.TASKS not in kinds:
        return Kind.TARGETS
    return min(found)[2]


def _unnumbered_rank(block: Paragraph, rank: Rank, kind: Kind) -> Rank:
    """Return the rank of a line in capitals that heads a section without a number."""
    if rank is not Rank.NONE or len(block.text) > 120 or kind is Kind.FOOT:
        return rank
    letters = [char for char in block.text if char.isalpha()]
    is_loud = len(letters) > 6 and all(char.isupper() for char in letters)
    known = kind_of_heading(block.flat)
    if is_loud and known in (Kind.TASKS, Kind.PURPOSE, Kind.TARGETS, Kind.DUTIES, Kind.BASELINE):
        starts = re.match(r"ke hoach|chuong trinh|quyet dinh|chi thi|cong hoa|uy ban", block.flat)
        if starts is None and kind is not Kind.HEAD or block.flat.startswith(_SECTION_STARTS):
            return Rank.ROMAN
    return rank


_SECTION_STARTS = ("noi dung", "muc dich", "muc tieu", "nhiem vu", "to chuc thuc hien")


def _is_below(rank: Rank, marker: str, above: Item) -> bool:
    if rank is Rank.NONE:
        return True
    if rank is Rank.DOTTED and above.rank in (Rank.ARABIC, Rank.DOTTED):
        return marker.startswith(f"{above.marker}.") or (
            above.rank is Rank.ARABIC
            and marker.count(".") >= 1
            and above.marker == "1"
            and marker.split(".")[0] == above.marker
        )
    if rank is Rank.ARABIC and above.rank is Rank.LETTER and _is_next(marker, above):
        return False
    return _DEPTH[rank] > _DEPTH[above.rank]


def _is_next(marker: str, above: Item) -> bool:
    return any(item.rank is Rank.ARABIC for item in above.parents) and marker != "1"


def _path(
    open_items: list[Item], rank: Rank, marker: str, counts: dict[tuple[str, Rank], int]
) -> str:
    if rank is Rank.NONE:
        return ""
    base = open_items[-1].path if open_items else ""
    if rank is Rank.DOTTED:
        above = [item for item in open_items if item.rank not in (Rank.ARABIC, Rank.DOTTED)]
        base = above[-1].path if above else ""
    if rank in (Rank.DASH, Rank.PLUS):
        counts[base, rank] = counts.get((base, rank), 0) + 1
        sign = "-" if rank is Rank.DASH else "+"
        marker = f"{sign}{counts[base, rank]}"
    return f"{base}.{marker}" if base else marker


def _kind(block: Paragraph, rank: Rank, body: int, open_items: list[Item], last: Kind) -> Kind:
    if last is Kind.FOOT and rank is not Rank.PART:
        return last
    inherited = open_items[-1].kind if open_items else last
    if rank is Rank.NONE or rank in (Rank.DASH, Rank.PLUS) or len(block.text) > MAX_HEADING:
        return inherited if open_items else last
    is_large = rank in (Rank.PART, Rank.CAPITAL, Rank.ROMAN)
    # A duty may speak of results; a small heading says what it is about with its first words.
    known = kind_of_heading(block.flat[body : body + (160 if is_large else 32)])
    if rank is Rank.NAMED and inherited in (Kind.HEAD, Kind.TASKS):
        return Kind.TASKS
    is_top = not any(item.rank in (Rank.ROMAN, Rank.CAPITAL, Rank.PART) for item in open_items)
    if is_large:
        if rank is Rank.PART and block.flat.startswith("dieu"):
            return known or Kind.TASKS
        return known or (Kind.TASKS if inherited in (Kind.HEAD, Kind.FOOT) else inherited)
    if known is None:
        return Kind.TASKS if is_top and inherited is Kind.HEAD else inherited
    if rank in (Rank.ARABIC, Rank.NAMED) and is_top:
        return known
    # Below a heading only these change what the part is about: goals stand among purposes.
    is_goal = known is Kind.TARGETS and inherited in (Kind.PURPOSE, Kind.BASELINE, Kind.HEAD)
    is_past = known is Kind.BASELINE and inherited is not Kind.BASELINE and len(block.text) < 120
    return known if is_goal or is_past else inherited
