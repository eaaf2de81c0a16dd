"""A paper as HTML, in the pieces between which a page may end."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import groupby

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import mark_safe

from plans.reports.paper import (
    Align,
    Appendix,
    Block,
    Cell,
    Column,
    Drawing,
    Heading,
    Manner,
    Paper,
    Paragraph,
    Row,
    Table,
)
from plans.reports.printing import qr
from plans.reports.printing.legible import legible

# What the fonts of a paper do not have; a test compares this with the fonts.
NOT_DRAWN = re.compile(
    "[^\n\t -~\u00a0-\u00ff\u0102\u0103\u0110\u0111\u0128\u0129\u0131\u0168\u0169\u01a0\u01a1\u01af"
    "\u01b0\u02c6\u02dc\u0300-\u0304\u0306\u0308\u0309\u031b\u0323\u1e00-\u1eff\u2002-\u200a"
    "\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u2044\u2070"
    "\u2074-\u2079\u2080-\u2089\u20ab\u20ac\u2116\u2122\u2190-\u2193\u2212\u2215\u2248\u2260\u2264"
    "\u2265\u25a0\u25a1\u25aa\u25cb\u25cf]"
)
# Where a word without end may be broken; finding places letter by letter takes quadratic time.
ENDLESS = re.compile(r"\S{100}(?=\S{100})")
# How often what has to fit one page is set smaller; print.css has the sizes.
TIGHTEST = 3
# Letters of HTML in a row that may be broken.
LONG_ROW = 3_000
CELL_CLASSES = {Align.LEFT: "", Align.CENTER: ' class="c"', Align.RIGHT: ' class="n"'}


@dataclass(frozen=True)
class Piece:
    """One element that stays whole where it can; `table` opens the table of which it is a row."""

    tag: str
    inner: str
    css_class: str = ""
    table: str = ""
    attributes: str = ""

    def html(self, number: int) -> str:
        return (
            f'<{self.tag} id="{name_of(number)}" class="{self.css_class}"{self.attributes}>'
            f"{self.inner}</{self.tag}>"
        )


@dataclass(frozen=True)
class Flow:
    """What is counted in pages from 1 on: the body of a paper or one appendix."""

    pieces: tuple[Piece, ...]
    css_class: str
    hides_first_number: bool = False


@dataclass(frozen=True)
class HeadCell:
    """A cell of the first line of heads; a `group` has those of its columns below."""

    title: str
    span: int
    is_group: bool


def name_of(number: int) -> str:
    """The id of a piece, by which the process that lays out says where pages begin."""
    return f"p{number}"


def flows(paper: Paper) -> list[Flow]:
    """The body and each appendix; the seal ends the last, or stands in the foot of the body."""
    with translation.override("vi"):
        body = [
            Piece("div", render_to_string("reports/paper/head.html", {"paper": paper})),
            *(piece for block in paper.body for piece in _block(block)),
            Piece("div", _foot(paper), "foot"),
        ]
        rest = [list(_appendix(appendix)) for appendix in paper.appendices]
        if rest:
            rest[-1].append(Piece("div", _seal(paper), "seal"))
    one_page = "one-page" if paper.is_one_page else ""
    ways = ["across" if appendix.is_landscape else "" for appendix in paper.appendices]
    return [
        Flow(tuple(body), one_page, hides_first_number=True),
        *(Flow(tuple(pieces), way) for pieces, way in zip(rest, ways, strict=True)),
    ]


def sheet(paper: Paper, flow: Flow, first: int, stop: int, *, tightness: int = 0) -> str:
    """The HTML of the pieces from `first` up to `stop`, legible whatever people typed.

    What has to fit one page is set smaller with each step of `tightness`, up to `TIGHTEST`.
    """
    numbered = list(enumerate(flow.pieces[first:stop], start=first))
    main = "".join(
        _joined(list(pieces))
        for _table, pieces in groupby(numbered, key=lambda each: id(each[1].table))
    )
    context = {
        "paper": paper,
        "main": mark_safe(main),  # every text in it is escaped
        "css_class": f"{flow.css_class} tight-{tightness}" if tightness else flow.css_class,
        "hides_number": flow.hides_first_number and first == 0,
        "seal": "; ".join(paper.seal.lines),
        "keywords": ", ".join(paper.subject_words),
        "mark": _for_css(drawable(" · ".join(paper.marks))),
    }
    with translation.override("vi"):
        return drawable(render_to_string("reports/paper/sheet.html", context))


def _joined(numbered: list[tuple[int, Piece]]) -> str:
    """Pieces side by side: the rows of one table, or such as stand alone."""
    opening = numbered[0][1].table
    inner = "".join(piece.html(number) for number, piece in numbered)
    return f"{opening}{inner}</tbody></table>" if opening else inner


def drawable(text: str) -> str:
    """The text legible, with a box for each letter that the fonts do not have."""
    return NOT_DRAWN.sub("□", legible(text))


def _text(text: str) -> str:
    """Words people typed, as HTML."""
    # The null may be in no text of a document, so it can stand for a place to break.
    composed = unicodedata.normalize("NFC", text)
    return escape(ENDLESS.sub("\\g<0>\0", composed)).replace("\0", "<wbr>")


def _for_css(text: str) -> str:
    """The text as the inside of a CSS string: nothing in it can end the string."""
    return mark_safe("".join(f"\\{ord(letter):06x}" for letter in text))


def _foot(paper: Paper) -> str:
    """Without an appendix the seal fills the room beside that for the signature."""
    seal = "" if paper.appendices else _seal(paper)
    context = {"paper": paper, "seal": mark_safe(seal)}  # made of templates
    return render_to_string("reports/paper/foot.html", context)


def _seal(paper: Paper) -> str:
    context = {"seal": paper.seal, "qr": qr.drawing(paper.seal.address)}
    return render_to_string("reports/paper/seal.html", context)


def _appendix(appendix: Appendix) -> Iterator[Piece]:
    label = f"Phụ lục {appendix.number}".strip()
    attribute = f' data-label="{escape(f"{label}. {appendix.title}")}"'
    yield Piece("h1", _text(label), "appendix", attributes=attribute)
    yield Piece("p", _text(appendix.title), "appendix-title")
    if appendix.of:
        yield Piece("p", _text(appendix.of), "appendix-of")
    for block in appendix.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[Piece]:
    match block:
        case Heading():
            yield Piece(f"h{block.level + 1}", _text(block.text), "heading")
        case Paragraph(manner=Manner.NOTE):
            yield Piece("p", _text(block.text), "note")
        case Paragraph():
            dash = "- " if block.manner == Manner.ITEM else ""
            css_class = f"body {block.manner}{' leading' if block.is_leading else ''}"
            yield Piece("p", dash + _text(block.text), css_class)
        case Drawing():
            yield Piece("figure", _figure(block))
        case Table():
            yield from _table(block)


def _figure(drawing: Drawing) -> str:
    """The title goes into the picture: it is what is read out instead."""
    opening, bracket, rest = drawing.svg.partition(">")
    picture = f"{opening}{bracket}<title>{escape(drawing.title)}</title>{rest}"
    return f"{picture}<figcaption>{_text(drawing.caption)}</figcaption>"


def _table(table: Table) -> Iterator[Piece]:
    for text, css_class in ((table.caption, "caption"), (table.unit, "unit")):
        if text:
            yield Piece("p", _text(text), css_class)
    opening = _opening(table)
    for number, row in enumerate(table.rows, start=1):
        inner = "".join(_cells(row, table.columns))
        css_class = f"{row.kind} long" if len(inner) > LONG_ROW else row.kind
        last = " last" if number == len(table.rows) else ""
        yield Piece("tr", inner, f"{css_class}{last}", opening)
    if not table.rows:
        blank = f'<td colspan="{len(table.columns)}"></td>'
        yield Piece("tr", blank, "plain", opening)
    if table.note:
        yield Piece("p", _text(table.note), "note")


def _opening(table: Table) -> str:
    groups = [(group, list(each)) for group, each in groupby(table.columns, key=_group)]
    css_class = "grid list" if table.is_list else "grid short" if table.is_short else "grid"
    context = {
        "columns": table.columns,
        "heads": [
            HeadCell(group[0] or each[0].title, len(each), bool(group[0])) for group, each in groups
        ],
        "second_heads": [column.title for column in table.columns if column.group],
    }
    heads = render_to_string("reports/paper/table.html", context)
    noted = " noted" if table.note else ""
    return f'<table class="{css_class}{noted}">{heads}<tbody>'


def _group(column: Column) -> tuple[str, int]:
    """Equal for columns side by side under one head."""
    return (column.group, 0) if column.group else ("", id(column))


def _cells(row: Row, columns: tuple[Column, ...]) -> Iterator[str]:
    """Written here and not in a template: there may be 100,000 of them."""
    place = 0
    for cell in row.cells:
        yield f"<td{_attributes(cell, columns[place])}>{_text(cell.text)}{_note(cell)}</td>"
        place += cell.span


def _attributes(cell: Cell, column: Column) -> str:
    if cell.span > 1:
        return f' colspan="{cell.span}"'
    return ' class="d"' if isinstance(cell.value, date) else CELL_CLASSES[column.align]


def _note(cell: Cell) -> str:
    return f"<small>{_text(cell.note)}</small>" if cell.note else ""
