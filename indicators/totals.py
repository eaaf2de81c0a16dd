"""Recompute published totals: a dimension from its parts, the whole of PAPI from its dimensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agencies.models import Province
from indicators.models import Component, Edition, EditionComponent
from indicators.querysets import PAPI
from indicators.states import Level

if TYPE_CHECKING:
    from indicators.querysets import ScoreQuerySet

# A figure printed with n places may be half a unit of the last place off.
TOLERANCE = Decimal("0.01")
# In `Parts` the composite, whose key differs between the editions, stands as 0.
WHOLE = 0
Key = tuple[int, int, int]
Parts = dict[tuple[int, int], set[int]]


@dataclass(frozen=True)
class Figure:
    """A score as far as sums need it."""

    edition: Edition
    component: Component
    province: Province
    value: Decimal | None

    @property
    def key(self) -> Key:
        return self.edition.pk, self.component.pk, self.province.pk


@dataclass(frozen=True)
class OpenTotal:
    """A total that is not the sum of its parts, or lacks parts or itself."""

    whole: Figure
    parts: tuple[Figure, ...]
    message: str

    @property
    def keys(self) -> list[Key]:
        return [self.whole.key, *(part.key for part in self.parts)]

    def __str__(self) -> str:
        return self.message


def stored_figures(scores: ScoreQuerySet) -> list[Figure]:
    """What holds today among `scores`; four queries, without an object per joined row."""
    keys = ("edition_id", "component_id", "province_id", "value")
    rows = list(scores.current().values_list(*keys))
    editions = Edition.objects.select_related("index").in_bulk({row[0] for row in rows})
    components = Component.objects.in_bulk({row[1] for row in rows})
    provinces = Province.objects.in_bulk({row[2] for row in rows})
    return [
        Figure(editions[edition], components[component], provinces[province], value)
        for edition, component, province, value in rows
    ]


def parts_of(editions: Iterable[int]) -> Parts:
    """Which components make up each total of these editions; one query."""
    parts: Parts = {}
    printed = EditionComponent.objects.filter(edition__in=editions).select_related("component")
    for row in printed:
        component = row.component
        if component.level == Level.DIMENSION:
            parts.setdefault((row.edition_id, WHOLE), set()).add(component.pk)
        elif component.level == Level.SUBDIMENSION and component.parent_id:
            parts.setdefault((row.edition_id, component.parent_id), set()).add(component.pk)
    return parts


def open_totals(figures: Iterable[Figure], parts: Parts) -> Iterator[OpenTotal]:
    """Every total of PAPI that does not close, by edition and province.

    Nothing is said of a total of which some part was never spoken of. PAPI is an unweighted sum
    of its dimensions, each the sum of its sub-dimensions (technical annex of the yearly
    reports); other indices are weighted, so nothing is said of them.
    """
    tables: dict[tuple[int, int], dict[int, Figure]] = {}
    for figure in figures:
        if figure.edition.index.code == PAPI:
            table = tables.setdefault((figure.edition.pk, figure.province.pk), {})
            table[figure.component.pk] = figure
    for (edition, _province), table in tables.items():
        for figure in table.values():
            is_whole = figure.component.level == Level.COMPOSITE
            wanted = parts.get((edition, WHOLE if is_whole else figure.component.pk), set())
            if wanted and wanted <= table.keys():
                yield from _open(figure, [table[component] for component in sorted(wanted)])


def _open(whole: Figure, parts: list[Figure]) -> Iterator[OpenTotal]:
    """Whether `whole` is the sum of `parts`; nothing is said where none has a figure."""
    known = [part.value for part in parts if part.value is not None]
    if not known:
        return
    total = sum(known, Decimal(0))
    values: dict[str, object] = {
        "name": whole.province.name,
        "year": whole.edition.year,
        "component": _label(whole.component),
        "sum": _comma(total),
        "known": len(known),
        "all": len(parts),
    }
    if whole.value is None:
        if len(known) == len(parts):
            message = _(
                "%(name)s %(year)s: %(component)s không có số liệu dù đủ %(all)s phần, cộng được "
                "%(sum)s. Giữ là không có số liệu."
            )
            yield OpenTotal(whole, tuple(parts), message % values)
        return
    values["value"] = _comma(whole.value)
    if len(known) < len(parts):
        message = _(
            "%(name)s %(year)s: %(component)s là %(value)s mà chỉ có %(known)s/%(all)s phần có số "
            "liệu."
        )
    elif abs(total - whole.value) > _tolerance([whole.value, *known]):
        values["gap"] = _comma(whole.value - total)
        message = _(
            "%(name)s %(year)s: %(component)s là %(value)s, cộng %(all)s phần được %(sum)s, chênh "
            "%(gap)s."
        )
    else:
        return
    yield OpenTotal(whole, tuple(parts), message % values)


def _label(component: Component) -> str:
    if component.level == Level.COMPOSITE:
        return _("điểm tổng")
    return _("nội dung %(number)s") % {"number": component.position}


def _tolerance(values: list[Decimal]) -> Decimal:
    """Half a unit of the last place of each figure, and 0.01 at least."""
    places = max(-int(value.normalize().as_tuple().exponent) for value in values)
    return max(TOLERANCE, len(values) * Decimal(5).scaleb(-max(places, 0) - 1))


def _comma(value: Decimal) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
