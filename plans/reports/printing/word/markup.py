"""Runs, paragraphs and sections; whatever people typed passes `words`, where it is escaped."""

from __future__ import annotations

import re
from functools import cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from plans.reports.printing.legible import legible

NOTHING = mark_safe("")
PAGE_NUMBER = mark_safe('<w:fldSimple w:instr=" PAGE "><w:r><w:t>2</w:t></w:r></w:fldSimple>')
HEADER = mark_safe('<w:headerReference w:type="default" r:id="header"/>')
FOOTER = mark_safe('<w:footerReference w:type="default" r:id="footer"/>')
_SIGNS = {"\n": mark_safe("<w:br/>"), "\t": mark_safe("<w:tab/>")}
_FRAME = mark_safe('<w:rPr><w:bdr w:val="single" w:sz="8" w:space="1" w:color="auto"/></w:rPr>')


def twips(millimetres: float) -> int:
    """Twentieths of a point."""
    return round(millimetres * 1440 / 25.4)


def words(text: str) -> SafeString:
    """The content of a run; lines stay lines, what cannot be seen is left out."""
    parts = re.split("([\n\t])", legible(text))
    return format_html_join("", "{}", ((_part(part),) for part in parts if part))


def _part(part: str) -> SafeString:
    return _SIGNS.get(part) or format_html('<w:t xml:space="preserve">{}</w:t>', part)


def run(text: str) -> SafeString:
    return format_html("<w:r>{}</w:r>", words(text)) if text else NOTHING


def framed(text: str) -> SafeString:
    """A run in a single frame, with some room at both ends."""
    return format_html("<w:r>{}{}</w:r>", _FRAME, words(f"\u00a0{text}\u00a0"))


def paragraph(
    style: str,
    content: SafeString = NOTHING,
    *,
    keep: bool = False,
    sides: tuple[int, int] | None = None,
    align: str = "",
    section: SafeString = NOTHING,
) -> SafeString:
    """A paragraph of a style of `styles`; `keep` holds it on the page of what follows.

    `sides` are indents in twips, `section` the properties of the section that ends here.
    """
    properties = _properties(style, keep, sides, align)
    return format_html("<w:p><w:pPr>{}{}</w:pPr>{}</w:p>", properties, section, content)


@cache
def _properties(style: str, keep: bool, sides: tuple[int, int] | None, align: str) -> SafeString:
    return format_html(
        '<w:pStyle w:val="{}"/>{}{}{}',
        style,
        mark_safe("<w:keepNext/>") if keep else "",
        format_html('<w:ind w:left="{}" w:right="{}" w:firstLine="0"/>', *sides) if sides else "",
        format_html('<w:jc w:val="{}"/>', align) if align else "",
    )


def section(*, is_landscape: bool, is_first: bool, has_footer: bool) -> SafeString:
    """A4 with the margins of Nghị định 30; pages count from 1, the first of all shows no number.

    Sections take header and footer from the one before.
    """
    width, height = (297, 210) if is_landscape else (210, 297)
    return format_html(
        '<w:sectPr>{}{}<w:type w:val="nextPage"/><w:pgSz w:w="{}" w:h="{}"{}/>'
        '<w:pgMar w:top="{}" w:right="{}" w:bottom="{}" w:left="{}" w:header="{}" w:footer="{}" '
        'w:gutter="0"/><w:pgNumType w:start="1"/>{}</w:sectPr>',
        HEADER if is_first else "",
        FOOTER if is_first and has_footer else "",
        twips(width),
        twips(height),
        mark_safe(' w:orient="landscape"') if is_landscape else "",
        *map(twips, (20, 15, 20, 30, 10, 10)),
        mark_safe("<w:titlePg/>") if is_first else "",
    )
