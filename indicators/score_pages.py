"""What the pages of scores show, reckoned from a book of scores: rows, lines, cells, words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.charts import Line, Point, line_chart, strip_chart
from indicators.models import Component, Edition, EditionComponent, Release, Score
from indicators.moves import Moves, moves_of
from indicators.ranking import Standing, inclusive_quartiles
from indicators.series import Book, Change, Field, changes
from indicators.states import Level, ScoreGroup

HEAT_CLASSES = 5
FALLS_SHOWN = 5


@dataclass(frozen=True)
class Subject:
    """A province in a picture: its name and the keys of all its rows over time."""

    label: str
    keys: frozenset[int]


@dataclass(frozen=True)
class YearRow:
    """An edition of the whole index for one province; `change` only within one component."""

    edition: Edition
    score: Score | None
    change: Decimal | None
    is_same_structure: bool
    estimate: Standing | None
    measured: int
    province_count: int

    @property
    def estimated_group(self) -> str:
        return str(ScoreGroup(self.estimate.group).label) if self.estimate else ""


def year_rows(book: Book, subject: Subject, fields: dict[int, Field]) -> list[YearRow]:
    """One row per edition, the latest first."""
    rows: list[YearRow] = []
    before: tuple[Edition, Score | None] | None = None
    for edition in book.editions:
        whole = book.whole(edition)
        score = book.score(subject.keys, edition, whole.component_id) if whole else None
        change = None
        if before and score and score.value is not None and before[1]:
            earlier = before[1]
            is_next = before[0].year == edition.year - 1
            is_same = earlier.component_id == score.component_id and earlier.value is not None
            change = score.value - earlier.value if is_next and is_same else None  # type: ignore[operator]  # told by is_same
        field = fields[edition.pk]
        rows.append(
            YearRow(
                edition=edition,
                score=score,
                change=change,
                is_same_structure=before is not None and before[0].structure == edition.structure,
                estimate=field.standings.get(score.province_id) if score else None,
                measured=len(field.values),
                province_count=field.province_count,
            )
        )
        before = (edition, score)
    return rows[::-1]


def total_chart(book: Book, subjects: Sequence[Subject], index: str) -> SafeString:
    lines = [
        Line(subject.label, _points(book, subject, level=Level.COMPOSITE)) for subject in subjects
    ]
    title = _("Điểm %(index)s qua các kỳ của %(names)s") % {
        "index": index,
        "names": ", ".join(subject.label for subject in subjects),
    }
    return line_chart(lines, title=title, description=_words(lines[0]))


@dataclass(frozen=True)
class DimensionChart:
    component: Component
    picture: SafeString


def dimension_charts(book: Book, subjects: Sequence[Subject]) -> list[DimensionChart]:
    """A small picture for each dimension, all of one size."""
    charts = []
    for component in book.components(Level.DIMENSION):
        lines = [
            Line(subject.label, _points(book, subject, component=component)) for subject in subjects
        ]
        title = f"{component.position}. {component.name}"
        picture = line_chart(
            lines, title=title, description=_words(lines[0]), width=300, height=150
        )
        charts.append(DimensionChart(component, picture))
    return charts


def _points(
    book: Book, subject: Subject, *, component: Component | None = None, level: str = ""
) -> list[Point]:
    points = []
    for edition in book.editions:
        whole = book.whole(edition)
        key = component.pk if component else whole.component_id if level and whole else None
        if key is not None and (edition.pk, key) in book.printed:
            value = book.value(subject.keys, edition, key)
            points.append(Point(edition.year, value, edition.structure))
    return points


def _words(line: Line) -> str:
    """The figures of a line, for those who hear the picture."""
    none = _("không có số liệu")
    return "; ".join(
        f"{point.year}: {_comma(point.value) if point.value is not None else none}"
        for point in line.points
    )


# The heat map


@dataclass(frozen=True)
class Cell:
    """`share` is how much of its range the score reached; `css` its shade."""

    shown: str
    css: str
    said: str
    is_remeasured: bool = False


@dataclass(frozen=True)
class HeatRow:
    component: Component
    cells: list[Cell]


def heat_rows(book: Book, subject: Subject) -> list[tuple[Component, list[HeatRow]]]:
    """Sub-dimensions under their dimensions, one cell per edition."""
    rows = []
    subdimensions = book.components(Level.SUBDIMENSION)
    for dimension in book.components(Level.DIMENSION):
        parts = [one for one in subdimensions if one.parent_id == dimension.pk]
        heat = [
            HeatRow(part, [_cell(book, subject, edition, part) for edition in book.editions])
            for part in parts
        ]
        rows.append((dimension, heat))
    return rows


def _cell(book: Book, subject: Subject, edition: Edition, component: Component) -> Cell:
    printed = book.printed.get((edition.pk, component.pk))
    if printed is None:
        return Cell("·", "h-none", _("không đo trong kỳ này"))
    value = book.value(subject.keys, edition, component.pk)
    if value is None:
        return Cell("–", "h-none", _("mã %(code)s, không có số liệu") % {"code": printed.code})
    share = (value - printed.score_min) / (printed.score_max - printed.score_min)
    shade = min(max(int(share * HEAT_CLASSES), 0), HEAT_CLASSES - 1)
    said = _("mã %(code)s, thang %(least)s-%(most)s") % {
        "code": printed.code,
        "least": _comma(printed.score_min),
        "most": _comma(printed.score_max),
    }
    if printed.remeasured:
        said = f"{said}. {printed.remeasured}"
    return Cell(_comma(value, 2), f"h{shade}", said, bool(printed.remeasured))


# What changed since the edition before


@dataclass(frozen=True)
class Account:
    """How the total of an edition came about from an earlier one, in parts and in words."""

    before: Edition
    total: Change
    dimensions: list[Change]
    falls: list[Change]
    rises: list[Change]
    notes: list[str]
    moves: Moves | None = None
    others: tuple[int, ...] = ()


def account_of(book: Book, subject: Subject, edition: Edition, since: str = "") -> Account | None:
    """The change since the edition of the year `since`, else since the one before.

    None where that has another composite, or one of the two has no figure.
    """
    totals = {
        one.year: (one, total)
        for one in book.editions
        if one.year < edition.year
        for total in changes(book, subject.keys, edition, one, Level.COMPOSITE)
        if total.difference is not None
    }
    chosen = next((year for year in totals if str(year) == since), edition.year - 1)
    if chosen not in totals:
        return None
    before, total = totals[chosen]
    parts = changes(book, subject.keys, edition, before, Level.SUBDIMENSION)
    known = sorted(
        (part for part in parts if part.difference), key=lambda part: part.difference or 0
    )
    return Account(
        before=before,
        total=total,
        dimensions=changes(book, subject.keys, edition, before, Level.DIMENSION),
        falls=[part for part in known if (part.difference or 0) < 0][:FALLS_SHOWN],
        rises=[part for part in reversed(known) if (part.difference or 0) > 0][:FALLS_SHOWN],
        notes=_notes(book, edition, before, total, known),
        moves=moves_of(book, subject.keys, edition, before, total.difference or Decimal(0)),
        others=tuple(sorted(totals, reverse=True)),
    )


def _notes(
    book: Book, edition: Edition, before: Edition, total: Change, parts: list[Change]
) -> list[str]:
    notes = []
    difference = total.difference or Decimal(0)
    largest = next(iter(parts if difference < 0 else reversed(parts)), None)
    if largest and largest.difference and difference and largest.difference / difference > 0:
        message = _(
            "Riêng %(code)s %(name)s đổi %(part)s, bằng %(share)s %% của mức đổi %(total)s."
        )
        values = {
            "code": largest.printed.code,
            "name": largest.printed.name,
            "part": signed(largest.difference),
            "share": f"{largest.difference / difference * 100:.0f}",
            "total": signed(difference),
        }
        notes.append(message % values)
    between = [one for one in book.editions if before.year < one.year <= edition.year]
    notes += [
        f"{row.code} {row.name}: {row.remeasured}."
        for one in between
        for row in book.parts(one, Level.SUBDIMENSION)
        if row.remeasured
    ]
    if edition.structure != before.structure:
        message = _(
            "Hai kỳ %(before)s và %(after)s có cấu trúc hoặc cách đo khác nhau: mức đổi không chỉ "
            "do điều hành."
        )
        notes.append(message % {"before": before.year, "after": edition.year})
    return notes


# The place among all


def position_chart(field: Field, subjects: Sequence[Subject], edition: Edition) -> SafeString:
    """All provinces of the edition on one axis; "" where too few have scores."""
    if not field.is_ranked:
        return SafeString("")
    values = sorted(field.values.values())
    marked = [
        (subject.label, value)
        for subject in subjects
        for key, value in field.values.items()
        if key in subject.keys
    ]
    title = _("Vị trí trong %(count)s tỉnh có số liệu, kỳ %(edition)s")
    said = "; ".join(f"{label}: {_comma(value)}" for label, value in marked)
    return strip_chart(
        values,
        marked,
        inclusive_quartiles(values),
        title=title % {"count": len(values), "edition": edition},
        description=said or _("không có tỉnh nào được đánh dấu"),
    )


@dataclass(frozen=True)
class Neighbour:
    province_id: int
    name: str
    rank: int
    value: Decimal
    gap: Decimal
    is_own: bool


def neighbours_of(
    field: Field, keys: Collection[int], names: dict[int, str], around: int = 3
) -> list[Neighbour]:
    """The provinces next above and next below, with how far they are."""
    ordered = sorted(field.standings.items(), key=lambda item: (item[1].rank, names[item[0]]))
    place = next((at for at, (key, _one) in enumerate(ordered) if key in keys), None)
    if place is None:
        return []
    own = field.values[ordered[place][0]]
    return [
        Neighbour(
            key, names[key], one.rank, field.values[key], field.values[key] - own, key in keys
        )
        for key, one in ordered[max(place - around, 0) : place + around + 1]
    ]


# Where figures come from


def releases_of(book: Book, keys: Collection[int]) -> list[Release]:
    found = {
        score.release_id: score.release
        for (province, _edition, _component), score in book.scores.items()
        if province in keys
    }
    return [found[key] for key in sorted(found, reverse=True)]


def dimension_rows(
    book: Book, subject: Subject
) -> list[tuple[EditionComponent | Component, list[str]]]:
    """The table below the small pictures: each dimension in each edition."""
    return [
        (
            component,
            [_shown(book, subject, edition, component) for edition in book.editions],
        )
        for component in book.components(Level.DIMENSION)
    ]


def dimension_cells(book: Book, subject: Subject, edition: Edition) -> list[str]:
    """The dimensions of one edition in their order."""
    return [
        _shown(book, subject, edition, printed.component)
        for printed in book.parts(edition, Level.DIMENSION)
    ]


def _shown(book: Book, subject: Subject, edition: Edition, component: Component) -> str:
    if (edition.pk, component.pk) not in book.printed:
        return "·"
    value = book.value(subject.keys, edition, component.pk)
    return _comma(value) if value is not None else "–"


def signed(value: Decimal) -> str:
    """A change with its sign: +0,5 or −3,0236."""
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{_comma(abs(value))}"


def _comma(value: Decimal, places: int = 4) -> str:
    return f"{value:.{places}f}".replace(".", ",")
