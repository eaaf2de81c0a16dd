"""Lays out one part of a paper with WeasyPrint; only the process apart imports this.

It uses the inner steps of WeasyPrint 70, whose public ones cannot begin in the middle of a
document: a part is the same layout as the whole paper, resumed where the part before it ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pydyf
import weasyprint.layout
from weasyprint import CSS, DEFAULT_OPTIONS, HTML
from weasyprint.css.counters import CounterStyle
from weasyprint.document import Document, Page
from weasyprint.formatting_structure.build import build_formatting_structure
from weasyprint.html import get_html_metadata
from weasyprint.pdf import generate_pdf
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from plans.reports.printing import tagging
from plans.reports.printing.tagging import SCALE, Tags

# No address is ever opened: what people typed must not make this process read or call anything.
NOTHING = URLFetcher(allowed_protocols=())
WIDTHS = "".join(f".w{percent} {{ width: {percent}% }}" for percent in range(1, 101))
STYLES = CSS(
    string=Path(__file__).with_name("print.css").read_text("utf-8") + WIDTHS, url_fetcher=NOTHING
)
OPTIONS: dict[str, Any] = {
    **DEFAULT_OPTIONS,
    "pdf_variant": "pdf/a-3a",
    "pdf_tags": True,
    "pdf_version": "1.7",
    "output_intent": "srgb",
}

Box = Any


@dataclass
class Prepared:
    """A part with its styles and boxes, before anything has a place."""

    html: HTML
    context: Any
    root: Box
    fonts: FontConfiguration


@dataclass
class Laid:
    """The pages of a part that it keeps, still without their margins.

    `following` is the piece with which the next part begins: None if this part ends its flow, 0 if
    there is no page on which a piece begins.
    """

    prepared: Prepared
    pages: Iterator[Box]
    page_count: int
    following: int | None


def prepare(source: str) -> Prepared:
    fonts = FontConfiguration()
    html = HTML(string=source, url_fetcher=NOTHING)
    counter_style = CounterStyle()
    options = {**OPTIONS, "stylesheets": [STYLES]}
    context = Document._build_layout_context(html, fonts, counter_style, {}, options)
    root = build_formatting_structure(
        html.etree_element,
        context.style_for,
        context.get_image_from_uri,
        html.base_url,
        context.target_collector,
        counter_style,
        context.footnotes,
    )
    return Prepared(html, context, root, fonts)


def lay_out(prepared: Prepared, first: int, first_page: int, *, is_last: bool) -> Laid:
    """Break the part into pages, from the piece `first` at the top of page `first_page` on.

    The last page of a part is left to the next part, which has what follows on it.
    """
    pages = _pages(prepared, first, first_page)
    # The first page comes when all pages are broken; what stands in the margins follows page by
    # page, and nothing waits for it.
    pages = chain([next(pages)], pages)
    count, following = len(prepared.context.page_maker) - 1, None
    if not is_last:
        count, following = _last_beginning(prepared)
    return Laid(prepared, islice(pages, count), count, following)


def finish(laid: Laid) -> Document:
    """The pages with their margins."""
    metadata = DocumentMetadata(**get_html_metadata(laid.prepared.html))
    pages = [Page(box) for box in laid.pages]
    return Document(pages, metadata, NOTHING, laid.prepared.fonts, {}, "srgb")


def draw(document: Document, *, goes_on: bool) -> tuple[pydyf.PDF, Tags]:
    """The pages as a file; marks for navigation are those of the whole paper, not of a part.

    `goes_on` tells whether the part begins within the table that the part before ends with.
    """
    for page in document.pages:
        page.bookmarks.clear()
        page.anchors.clear()
    pdf = generate_pdf(document, None, 1, **OPTIONS)
    return pdf, tagging.gather(pdf, list(_goes_on(document, goes_on)))


def _goes_on(document: Document, first: bool) -> Iterator[bool]:
    """Of each page, whether what it begins with has begun before: the same element of the HTML."""
    last = None
    for page in document.pages:
        html = page._page_box.children[0]
        pieces = html.children[0].children[0].children
        yield first if last is None else pieces[0].element is last
        last = pieces[-1].element


def bookmarks(document: Document) -> list[tuple[int, str, int, float, float]]:
    """Level, words, index of the page and place on it, of each heading."""
    return [
        (level, label, index, x * SCALE, (page.height - y) * SCALE)
        for index, page in enumerate(document.pages)
        for level, label, (x, y), _state in page.bookmarks
    ]


def signature_place(document: Document) -> tuple[int, list[float]] | None:
    """Index of the page and rectangle of the space for a signature."""
    for index, page in enumerate(document.pages):
        if place := page.anchors.get("signature"):
            left, top, right, bottom = place
            height = page.height
            corners = left, height - bottom, right, height - top
            return index, [round(corner * SCALE, 2) for corner in corners]
    return None


def _pages(prepared: Prepared, first: int, first_page: int) -> Iterator[Box]:
    initialize = weasyprint.layout.initialize_page_maker
    path = _path(prepared.root, f"p{first}") if first else None

    def resume(context: Any, root: Box) -> None:
        initialize(context, root)
        _nothing, page, is_right, state, remake = context.page_maker[0]
        state[1]["page"] = [first_page - 1]
        state[2][0].add("page")
        context.page_maker[0] = (path, page, is_right, state, remake)

    weasyprint.layout.initialize_page_maker = resume
    try:
        yield from weasyprint.layout.layout_document(prepared.html, prepared.root, prepared.context)
    finally:
        weasyprint.layout.initialize_page_maker = initialize


def _path(box: Box, name: str) -> dict[int, Any] | None:
    """Where WeasyPrint resumes at the element of this id: {index: {index: None}}."""
    for index, child in enumerate(getattr(box, "children", ())):
        if child.element is not None and child.element.get("id") == name:
            return {index: None}
        if (path := _path(child, name)) is not None:
            return {index: path}
    return None


def _last_beginning(prepared: Prepared) -> tuple[int, int]:
    """The last page that begins with a piece and not within one, and that piece; else zeros."""
    starts = [path for path, *_rest in prepared.context.page_maker[1:-1]]
    for index, path in reversed(list(enumerate(starts, start=1))):
        if piece := _piece(prepared.root, path):
            return index, piece
    return 0, 0


def _piece(box: Box, path: dict[int, Any] | None) -> int:
    """The piece at which this path of WeasyPrint ends; 0 if it leads into one."""
    while path is not None:
        ((index, path),) = path.items()
        box = box.children[index]
        name = box.element.get("id", "") if box.element is not None else ""
        if name.startswith("p"):
            return 0 if path else int(name[1:])
    return 0
