"""The scores of a province over the editions of an index, and of what it was made from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from agencies.models import Province, Succession
from agencies.states import SuccessionKind
from indicators.models import Component, Edition, EditionComponent, Score
from indicators.ranking import Standing, is_enough, standings
from indicators.states import Level

if TYPE_CHECKING:
    from indicators.models import Index

Days = list[tuple[date | None, date | None]]
# The same land under another name or kind: its series goes on.
SAME_LAND = frozenset({SuccessionKind.RENAME, SuccessionKind.UPGRADE})


@dataclass(frozen=True)
class Lineage:
    """A province with its earlier names, the provinces it was made from, and its heir today."""

    province: Province
    own: tuple[Province, ...]
    predecessors: tuple[Province, ...]
    heir: Province | None

    @property
    def own_keys(self) -> set[int]:
        return {province.pk for province in self.own}


def lineage_of(province: Province) -> Lineage:
    """Follow the successions back from `province` and once forward; two queries."""
    links = list(
        Succession.objects.filter(
            old_provinces__isnull=False, new_provinces__isnull=False
        ).values_list("kind", "old_provinces", "new_provinces")
    )
    own, earlier = {province.pk}, set[int]()
    frontier = {province.pk}
    while frontier:
        # What stays on both sides of an act (a part was split off) is not its own predecessor.
        passed = own | earlier
        back = [link for link in links if link[2] in frontier and link[1] not in passed]
        own |= {old for kind, old, new in back if kind in SAME_LAND and new in own}
        earlier |= {old for _kind, old, _new in back}
        frontier = {old for _kind, old, _new in back}
    heir = _last_heir(province.pk, {old: new for _kind, old, new in links})
    found = Province.objects.in_bulk(own | earlier | ({heir} if heir else set()))
    return Lineage(
        province=province,
        own=_by_name(found[key] for key in own),
        predecessors=_by_name(found[key] for key in earlier - own),
        heir=found[heir] if heir else None,
    )


def _last_heir(key: int, heirs: dict[int, int]) -> int | None:
    passed = [key]
    while (heir := heirs.get(passed[-1])) and heir not in passed:
        passed.append(heir)
    return passed[-1] if len(passed) > 1 else None


def _by_name(provinces: Iterable[Province]) -> tuple[Province, ...]:
    return tuple(sorted(provinces, key=lambda one: (one.sort_text, one.pk)))


@dataclass(frozen=True)
class Book:
    """The current scores of some provinces in all editions of an index that have scores."""

    editions: tuple[Edition, ...]
    printed: dict[tuple[int, int], EditionComponent]
    scores: dict[tuple[int, int, int], Score]

    def whole(self, edition: Edition) -> EditionComponent | None:
        return next(iter(self.parts(edition, Level.COMPOSITE)), None)

    def parts(self, edition: Edition, level: str) -> list[EditionComponent]:
        """What the edition prints on `level`, in the order of its codes."""
        return self._by_level.get((edition.pk, level), [])

    @cached_property
    def _by_level(self) -> dict[tuple[int, str], list[EditionComponent]]:
        found: dict[tuple[int, str], list[EditionComponent]] = {}
        ordered = sorted(self.printed.values(), key=lambda row: (row.component.position, row.code))
        for row in ordered:
            found.setdefault((row.edition_id, row.component.level), []).append(row)
        return found

    def components(self, level: str) -> list[Component]:
        """All that any edition printed on `level`."""
        found = {row.component_id: row.component for row in self.printed.values()}
        rows = [component for component in found.values() if component.level == level]
        return sorted(rows, key=lambda component: component.position)

    def score(self, provinces: Collection[int], edition: Edition, component: int) -> Score | None:
        """The score of the one of `provinces` that existed in that edition."""
        found = (self.scores.get((key, edition.pk, component)) for key in provinces)
        return next((score for score in found if score is not None), None)

    def value(self, provinces: Collection[int], edition: Edition, component: int) -> Decimal | None:
        score = self.score(provinces, edition, component)
        return score.value if score else None

    def last_edition(self, provinces: Collection[int]) -> Edition | None:
        """The last edition with a figure of one of `provinces`."""
        with_figure = {
            edition
            for (province, edition, _component), score in self.scores.items()
            if province in provinces and score.value is not None
        }
        return next((one for one in reversed(self.editions) if one.pk in with_figure), None)


def scores_of(
    provinces: Collection[int],
    index: Index,
    years: Collection[int] | None = None,
    *,
    levels: Collection[str] = tuple(Level),
) -> Book:
    """What holds today of these provinces, components of `levels`; three queries."""
    editions = Edition.objects.filter(index=index).with_scores().select_related("index")
    if years is not None:
        editions = editions.filter(year__in=years)
    found = tuple(editions.order_by("year"))
    printed = EditionComponent.objects.filter(edition__in=found, component__level__in=levels)
    scores = Score.objects.current().filter(
        province__in=provinces, edition__in=found, component__level__in=levels
    )
    return Book(
        found,
        {(row.edition_id, row.component_id): row for row in printed.select_related("component")},
        {
            (row.province_id, row.edition_id, row.component_id): row
            for row in scores.select_related("release")
        },
    )


@dataclass(frozen=True)
class Field:
    """All provinces in one edition: their composites, and where each stands."""

    values: dict[int, Decimal]
    province_count: int
    standings: dict[int, Standing]

    @property
    def is_ranked(self) -> bool:
        """Too few provinces with scores: then a rank would say nothing of the country."""
        return bool(self.standings)


def fields_of(editions: Collection[Edition]) -> dict[int, Field]:
    """The composites of all provinces by edition; two queries."""
    rows = Score.objects.current().filter(
        edition__in=editions, component__level=Level.COMPOSITE, value__isnull=False
    )
    values: dict[int, dict[int, Decimal]] = {edition.pk: {} for edition in editions}
    for edition_id, province, value in rows.values_list("edition_id", "province_id", "value"):
        if value is not None:
            values[edition_id][province] = value
    days = list(Province.objects.values_list("valid_from", "valid_to"))
    return {edition.pk: _field(values[edition.pk], edition, days) for edition in editions}


def _field(values: dict[int, Decimal], edition: Edition, days: Days) -> Field:
    day = edition.map_day
    count = sum(
        (first is None or first <= day) and (last is None or last >= day) for first, last in days
    )
    return Field(values, count, standings(values) if is_enough(len(values), count) else {})


@dataclass(frozen=True)
class Change:
    """One component in an edition and in the one before; `before` None where it was not scored."""

    printed: EditionComponent
    after: Score | None
    before: Score | None

    @property
    def difference(self) -> Decimal | None:
        if self.after is None or self.before is None:
            return None
        if self.after.value is None or self.before.value is None:
            return None
        return self.after.value - self.before.value


def changes(
    book: Book, provinces: Collection[int], edition: Edition, before: Edition, level: str
) -> list[Change]:
    """Each component of `level` printed in `edition`, beside its score in `before`."""
    return [
        Change(
            printed,
            book.score(provinces, edition, printed.component_id),
            book.score(provinces, before, printed.component_id),
        )
        for printed in book.parts(edition, level)
    ]
