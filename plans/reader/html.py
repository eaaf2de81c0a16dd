"""Read a page of HTML: its paragraphs and tables, what stands beside them marked as aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from plans.reader.blocks import Builder, Document, RawCell
from plans.reader.encodings import legacy_encoding

MAX_DEPTH = 200
MAX_SPAN = 200

_DROPPED = {"script", "style", "noscript", "template", "svg", "iframe", "object", "select", "title"}
_ASIDE = {"nav", "header", "footer", "aside", "form", "button"}
_ASIDE_NAME = re.compile(
    r"(?:^|[-_ ])(?:menu|nav|navbar|sidebar|footer|header|breadcrumb|related|banner|widget|links?"
    r"|lienket|copyright|topbar|tin-lien-quan|search)(?:$|[-_ ])",
    re.IGNORECASE,
)
_BLOCKS = {
    *("p", "div", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "center", "dt"),
    *("section", "article", "main", "ul", "ol", "dl", "dd", "body", "tr", "td", "th", "hr"),
    *("figure", "figcaption", "caption", "address", *_ASIDE),
}
_BOLD = {"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"}


def read_html(text: str) -> Document:
    parser = lxml_html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True)
    # A declared encoding is not needed any more and lxml refuses it in decoded text.
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", text)
    try:
        root = lxml_html.document_fromstring(source or "<p></p>", parser=parser)
    except etree.ParserError:
        return Builder().finish()
    builder = Builder(legacy_encoding(root.text_content()))
    article = root.find(".//article")
    _Walk(builder, article).element(root, 0, is_aside=article is not None)
    return builder.finish()


class _Walk:
    """Goes through the tree and hands lines and tables to the builder."""

    def __init__(self, builder: Builder, article: Any) -> None:
        self._builder, self._article = builder, article
        self._pieces: list[str] = []
        self._bold = [0, 0]

    def element(self, node: Any, depth: int, *, is_aside: bool) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        if not tag or tag in _DROPPED or depth > MAX_DEPTH or _is_hidden(node):
            return
        if node is self._article:
            is_aside = False
        is_aside = is_aside or tag in _ASIDE or _names_an_aside(node)
        if tag == "br":
            self._pieces.append("\n")
            return
        if tag == "table" and _is_data_table(node):
            self._flush(is_aside)
            self._builder.table(list(_cells(node)))
            return
        is_block = tag in _BLOCKS
        if is_block:
            self._flush(is_aside)
        self._text(node.text, tag in _BOLD)
        for child in node:
            self.element(child, depth + 1, is_aside=is_aside)
            self._text(child.tail, tag in _BOLD)
        if is_block:
            self._flush(is_aside)

    def _text(self, text: str | None, is_bold: bool) -> None:
        if text:
            self._pieces.append(re.sub(r"\s+", " ", text))
            self._bold[is_bold] += len(text.strip())

    def _flush(self, is_aside: bool) -> None:
        text = "".join(self._pieces)
        is_bold = self._bold[True] > 0 and self._bold[False] == 0
        self._pieces, self._bold = [], [0, 0]
        if text.strip():
            self._builder.paragraph(text, bold=is_bold, aside=is_aside)


def _is_hidden(node: Any) -> bool:
    style = re.sub(r"\s", "", node.get("style", "")).lower()
    return "display:none" in style or node.get("hidden") is not None


def _names_an_aside(node: Any) -> bool:
    if node.tag in ("body", "html"):
        return False
    names = f"{node.get('id', '')} {node.get('class', '')}"
    return _ASIDE_NAME.search(names) is not None


def _is_data_table(node: Any) -> bool:
    """Tell a table of data from one that only lays out the page."""
    if node.find(".//table") is not None:
        return False
    rows = node.findall(".//tr")
    widths = [len(row.findall("td")) + len(row.findall("th")) for row in rows]
    return len(rows) >= 2 and max(widths, default=0) >= 2 or max(widths, default=0) >= 3


def _cells(table: Any) -> Iterator[RawCell]:
    """Yield the cells with their places, spans over rows and columns counted."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in (child for child in line if child.tag in ("td", "th")):
            while (row, column) in taken:
                column += 1
            rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
            taken |= {(row + r, column + c) for r in range(rows) for c in range(columns)}
            is_bold = cell.tag == "th" or _is_bold(cell)
            yield RawCell(row, column, _cell_text(cell), rows, columns, is_bold)
            column += columns


def _span(cell: Any, name: str) -> int:
    written = cell.get(name, "1").strip()
    return min(int(written), MAX_SPAN) if written.isdecimal() and int(written) > 0 else 1


def _cell_text(cell: Any) -> str:
    return "".join(_pieces(cell, 0)).strip()


def _pieces(node: Any, depth: int) -> Iterator[str]:
    yield re.sub(r"\s+", " ", node.text or "")
    for child in node:
        if child.tag not in _DROPPED and depth < MAX_DEPTH:
            edge = "\n" if child.tag in _BLOCKS or child.tag == "br" else ""
            yield edge
            yield from _pieces(child, depth + 1)
            yield edge
        yield re.sub(r"\s+", " ", child.tail or "")


def _is_bold(cell: Any) -> bool:
    text = "".join(cell.text_content().split())
    bold = "".join("".join(node.text_content().split()) for node in cell.iter("b", "strong"))
    return bool(text) and len(bold) >= len(text)
