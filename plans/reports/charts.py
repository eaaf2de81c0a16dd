"""Bar charts as SVG, drawn on the server: the same in a page and in the PDF.

Colours are attributes, which a style sheet of the page overrides by class; the PDF, mostly
printed in black and white, keeps them: dark, hatched, pale.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

WIDTH = 620
BAR_WIDTH = 560
ROW_HEIGHT = 40
TOP = 34
# A figure is written into its part when the part is this wide, in units of the drawing.
MIN_LABEL_WIDTH = 22
HATCH = mark_safe(
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#ffffff"/>'
    '<path d="M0 6 L6 0 M-1 1 L1 -1 M5 7 L7 5" stroke="#8f1616" stroke-width="2.2"/>'
    "</pattern></defs>"
)


@dataclass(frozen=True)
class Part:
    """One kind of part: its class in pages, its fill and ink on paper, its word."""

    name: str
    css_class: str
    fill: str
    ink: str
    label: str


PARTS = (
    Part("done", "c-done", "#1f4e79", "#ffffff", "Hoàn thành"),
    Part("overdue", "c-late", "url(#hatch)", "", "Quá hạn chưa hoàn thành"),
    Part("rest", "c-rest", "#d3d9e1", "#1a1a1a", "Chưa hoàn thành, chưa quá hạn"),
)


@dataclass(frozen=True)
class Bar:
    """One line of the chart: counts that add up to `assigned`."""

    label: str
    assigned: int
    done: int
    overdue: int

    @property
    def rest(self) -> int:
        return self.assigned - self.done - self.overdue


def bars_of(lines: Sequence[Mapping[str, Any]]) -> list[Bar]:
    """Bars of frozen lines with `number`, `name` and the counts of a tally."""
    return [
        Bar(
            label=f"{line['number']}. {line['name']}" if line["number"] else line["name"],
            assigned=line["assigned"],
            done=line["done"],
            overdue=line["overdue"],
        )
        for line in lines
    ]


def bar_chart(bars: Sequence[Bar], *, title: str, font: str = "") -> SafeString:
    """Stacked bars on one scale, each with its figures; read out it is only `title`.

    The table beside the chart carries the figures for those who do not see it.
    """
    scale = BAR_WIDTH / max([bar.assigned for bar in bars] + [1])
    height = TOP + ROW_HEIGHT * len(bars)
    lines = format_html_join(
        "", "{}", ((_bar(bar, TOP + ROW_HEIGHT * row, scale),) for row, bar in enumerate(bars))
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {} {}" role="img" '
        'aria-label="{}" font-size="14"{}>{}{}{}</svg>',
        WIDTH,
        height,
        title,
        format_html(' font-family="{}"', font) if font else "",
        HATCH,
        _legend(),
        lines,
    )


def _legend() -> SafeString:
    places = (0, 110, 320)
    return format_html_join(
        "",
        '<rect class="{}" x="{}" y="4" width="16" height="12" fill="{}" stroke="#555555" '
        'stroke-width="0.5"/><text class="c-tick" x="{}" y="15" font-size="13">{}</text>',
        (
            (part.css_class, x, part.fill, x + 22, part.label)
            for part, x in zip(PARTS, places, strict=True)
        ),
    )


def _bar(bar: Bar, top: float, scale: float) -> SafeString:
    label = format_html('<text class="c-val" x="0" y="{}">{}</text>', top + 12, bar.label)
    shapes: list[tuple[SafeString]] = []
    start = 0.0
    for part in PARTS:
        count: int = getattr(bar, part.name)
        width = count * scale
        if width:
            shapes.append((_part(part, count, start, top + 17, width),))
            start += width
    total = format_html(
        '<text class="c-val" x="{}" y="{}">{}</text>', f"{start + 6:.1f}", top + 29, bar.assigned
    )
    return format_html("{}{}{}", label, format_html_join("", "{}", shapes), total)


def _part(part: Part, count: int, x: float, y: float, width: float) -> SafeString:
    shape = format_html(
        '<rect class="{}" x="{}" y="{}" width="{}" height="15" fill="{}" stroke="#555555" '
        'stroke-width="0.5"/>',
        part.css_class,
        f"{x:.1f}",
        y,
        f"{width:.1f}",
        part.fill,
    )
    # On hatching a figure cannot be read; the table has it.
    if width < MIN_LABEL_WIDTH or not part.ink:
        return shape
    return shape + format_html(
        '<text class="c-in-{}" x="{}" y="{}" text-anchor="middle" font-size="12" fill="{}">'
        "{}</text>",
        part.name,
        f"{x + width / 2:.1f}",
        y + 12,
        part.ink,
        count,
    )
