"""Scores as SVG, drawn on the server: lines over the years, and one province among all.

Lines are told apart by dash and mark as well as by colour, which a style sheet sets by class;
the attributes serve the PDF. The table below each picture carries every figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

INKS = ("#0b5cad", "#7a4700", "#13683a", "#5b3a96", "#0b6165")
DASHES = ("", "7 4", "2 4", "10 3 2 3", "5 2")
TICKS = (Decimal("0.05"), Decimal("0.1"), Decimal("0.25"), Decimal("0.5"), *map(Decimal, (1, 2, 5)))
MOST_TICKS = 5


@dataclass(frozen=True)
class Point:
    """A score in a year; two points are joined only if their `structure` is the same."""

    year: int
    value: Decimal | None
    structure: str


@dataclass(frozen=True)
class Line:
    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Frame:
    """Where years and scores lie in a drawing."""

    years: tuple[int, ...]
    low: Decimal
    high: Decimal
    width: int
    height: int
    left: int = 44
    right: int = 16
    top: int = 14
    bottom: int = 26

    def x(self, year: int) -> float:
        step = (self.width - self.left - self.right) / max(len(self.years) - 1, 1)
        at = self.years.index(year)
        return self.left + (step * at if len(self.years) > 1 else step / 2)

    def y(self, value: Decimal) -> float:
        share = (value - self.low) / (self.high - self.low)
        return float(self.height - self.bottom - share * (self.height - self.top - self.bottom))


def line_chart(
    lines: Sequence[Line], *, title: str, description: str, width: int = 900, height: int = 270
) -> SafeString:
    """Lines over all years of `lines`, the first one the strongest; "" without any figure."""
    values = [point.value for line in lines for point in line.points if point.value is not None]
    years = sorted({point.year for line in lines for point in line.points})
    if not values:
        return SafeString("")
    low, high, step = _scale(min(values), max(values))
    frame = Frame(tuple(years), low, high, width, height)
    drawn = format_html_join(
        "", "{}", ((_line(frame, line, place),) for place, line in reversed([*enumerate(lines)]))
    )
    return _svg(
        frame,
        title,
        description,
        format_html("{}{}{}", _grid(frame, step), _breaks(frame, lines), drawn),
    )


def strip_chart(
    values: Sequence[Decimal],
    marked: Sequence[tuple[str, Decimal]],
    cuts: Sequence[Decimal],
    *,
    title: str,
    description: str,
) -> SafeString:
    """Every score of an edition as a tick on one axis, the cuts between groups, some named."""
    low, high, step = _scale(min(values), max(values))
    width, height = 900, 96
    axis = 62

    def x(value: Decimal) -> str:
        return f"{float((value - low) / (high - low)) * (width - 40) + 20:.1f}"

    ticks = format_html_join(
        "",
        '<line class="c-mark" x1="{0}" x2="{0}" y1="48" y2="62" stroke="#748196"/>',
        ((x(value),) for value in values),
    )
    limits = format_html_join(
        "",
        '<line class="c-grid" x1="{0}" x2="{0}" y1="22" y2="68" stroke="#748196" '
        'stroke-dasharray="3 3"/>',
        ((x(value),) for value in cuts),
    )
    numbers = format_html_join(
        "",
        '<text class="c-tick" x="{}" y="84" text-anchor="middle" font-size="13">{}</text>',
        (
            (x(low + step * at), comma(low + step * at))
            for at in range(int((high - low) / step) + 1)
        ),
    )
    line = format_html(
        '<line class="c-grid" x1="14" x2="{}" y1="{}" y2="{}" stroke="#748196"/>',
        width - 14,
        axis,
        axis,
    )
    places = [(label, x(value)) for label, value in marked]
    frame = Frame((0,), low, high, width, height)
    body = format_html("{}{}{}{}{}", limits, line, ticks, numbers, _named(places, width))
    return _svg(frame, title, description, body)


def _named(places: Sequence[tuple[str, str]], width: int) -> SafeString:
    """A mark with its label at each place, on two heights in turn so that neighbours stay apart."""
    return format_html_join(
        "",
        '<path class="c-dot" d="M{0} 46 l-6 -11 h12 z" fill="#0b5cad"/><text class="c-val" x="{0}" '
        'y="{1}" text-anchor="{2}" font-size="13">{3}</text>',
        (
            (place, 30 - 14 * (at % 2), _anchor(float(place), width), label)
            for at, (label, place) in enumerate(places)
        ),
    )


def comma(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _anchor(x: float, width: int) -> str:
    if x < width * 0.15:
        return "start"
    return "end" if x > width * 0.85 else "middle"


def _scale(least: Decimal, most: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    """Round ends around the values and the step between ticks."""
    room = max(most - least, Decimal("0.05"))
    step = next((one for one in TICKS if room / one <= MOST_TICKS), TICKS[-1])
    low = (least / step).to_integral_value("ROUND_FLOOR") * step
    high = (most / step).to_integral_value("ROUND_CEILING") * step
    return low, max(high, low + step), step


def _svg(frame: Frame, title: str, description: str, body: SafeString) -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {} {}" role="img" '
        'aria-label="{}" font-size="13"><desc>{}</desc>{}</svg>',
        frame.width,
        frame.height,
        f"{title}. {description}",
        description,
        body,
    )


def _grid(frame: Frame, step: Decimal) -> SafeString:
    count = int((frame.high - frame.low) / step)
    scores = format_html_join(
        "",
        '<line class="c-grid" x1="{}" x2="{}" y1="{}" y2="{}" stroke="#d9dfe9"/>'
        '<text class="c-tick" x="{}" y="{}" text-anchor="end">{}</text>',
        (
            (
                frame.left,
                frame.width - frame.right,
                *(f"{frame.y(value):.1f}",) * 2,
                frame.left - 6,
                f"{frame.y(value) + 4:.1f}",
                comma(value),
            )
            for value in (frame.low + step * at for at in range(count + 1))
        ),
    )
    # Where years stand too close, every second one is named, the last one always.
    every = 1 if (frame.width - frame.left) / max(len(frame.years), 1) >= 34 else 2
    last = len(frame.years) - 1
    years = format_html_join(
        "",
        '<text class="c-tick" x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (f"{frame.x(year):.1f}", frame.height - 8, year if every == 1 else f"’{year % 100:02d}")
            for at, year in enumerate(frame.years)
            if (last - at) % every == 0
        ),
    )
    return format_html("{}{}", scores, years)


def _breaks(frame: Frame, lines: Sequence[Line]) -> SafeString:
    """A dashed upright between two years of different structure."""
    structures: dict[int, str] = {}
    for line in lines:
        structures.update({point.year: point.structure for point in line.points})
    pairs = zip(frame.years, frame.years[1:], strict=False)
    return format_html_join(
        "",
        '<line class="c-break" x1="{0}" x2="{0}" y1="{1}" y2="{2}" stroke="#748196" '
        'stroke-dasharray="2 4"/>',
        (
            (f"{(frame.x(one) + frame.x(two)) / 2:.1f}", frame.top, frame.height - frame.bottom)
            for one, two in pairs
            if structures[one] != structures[two]
        ),
    )


def _line(frame: Frame, line: Line, place: int) -> SafeString:
    """Straight pieces between neighbours in time of one structure, and a mark at each figure."""
    ink, dash = INKS[place % len(INKS)], DASHES[place % len(DASHES)]
    known = {point.year: point for point in line.points if point.value is not None}
    pieces = [
        (known[one], known[two])
        for one, two in zip(frame.years, frame.years[1:], strict=False)
        if one in known and two in known and known[one].structure == known[two].structure
    ]
    drawn = format_html_join(
        "",
        '<line class="c-line c-l{}" x1="{}" y1="{}" x2="{}" y2="{}" stroke="{}" '
        'stroke-width="{}" stroke-dasharray="{}"/>',
        (
            (
                place,
                *_xy(frame, one),
                *_xy(frame, two),
                ink,
                "2.4" if place == 0 else "1.6",
                dash,
            )
            for one, two in pieces
        ),
    )
    marks = format_html_join(
        "",
        '<path class="c-dot c-d{}" d="{}" fill="{}"/>',
        ((place, _mark(frame, point, place), ink) for point in known.values()),
    )
    return format_html("{}{}", drawn, marks)


def _xy(frame: Frame, point: Point) -> tuple[str, str]:
    assert point.value is not None
    return f"{frame.x(point.year):.1f}", f"{frame.y(point.value):.1f}"


def _mark(frame: Frame, point: Point, place: int) -> str:
    """A disc for the province itself; square, triangle, diamond and cross for others."""
    x, y = _xy(frame, point)
    shapes = (
        f"M{x} {y} m-4 0 a4 4 0 1 0 8 0 a4 4 0 1 0 -8 0",
        f"M{x} {y} m-3.5 -3.5 h7 v7 h-7 z",
        f"M{x} {y} m0 -4.5 l4.5 8 h-9 z",
        f"M{x} {y} m0 -5 l5 5 l-5 5 l-5 -5 z",
        f"M{x} {y} m0 4.5 l4.5 -8 h-9 z",
    )
    return shapes[place % len(shapes)]
