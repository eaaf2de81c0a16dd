"""Fill panels of plain values from the scores that are stored."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from agencies.models import Province
from indicators.models import Edition, EditionComponent, Score
from indicators.panel import WHOLE, Panel, Place, Results
from indicators.states import Level

Days = list[tuple[date | None, date | None]]


def panels_of(
    indices: Iterable[int],
    *,
    components: Collection[str] = (),
    structure: str | None = None,
    known_as: Mapping[int, int] | None = None,
    published_by: date | None = None,
) -> dict[int, Panel]:
    """The panels of the indices with these keys: the composites and `components` by stable key.

    Four queries, whatever is asked for; ask for few components or one `structure`, as PAPI alone
    has some 20,000 scores, of which the composites are 900. What has no score is in no panel,
    nor what came out after the day `published_by`. `known_as` gives the key of today for those of
    a province under its earlier names.
    """
    indices = list(indices)
    wanted = Q(component__level=Level.COMPOSITE) | Q(component__stable_key__in=components)
    held = Edition.objects.filter(index__in=indices)
    if structure is not None:
        held = held.filter(structure=structure)
    if published_by is not None:
        held = held.published_by(published_by)
    editions = {row.pk: row for row in held}
    printed: dict[tuple[int, int], tuple[str, Decimal]] = {
        (edition, component): (WHOLE if level == Level.COMPOSITE else stable_key, score_max)
        for edition, component, stable_key, level, score_max in EditionComponent.objects.filter(
            wanted, edition__in=editions
        ).values_list(
            "edition_id", "component_id", "component__stable_key", "component__level", "score_max"
        )
    }
    wanted_keys = {component for _edition, component in printed}
    gathered = _gathered(editions, wanted_keys, known_as or {})
    days: Days = list(Province.objects.values_list("valid_from", "valid_to"))
    panels: dict[int, dict[str, dict[int, Results]]] = {index: {} for index in indices}
    for place, columns in gathered.items():
        if place not in printed:
            continue
        edition, (key, score_max) = editions[place[0]], printed[place]
        panels[edition.index_id].setdefault(key, {})[edition.year] = Results(
            year=edition.year,
            structure=edition.structure,
            score_max=score_max,
            population=_count(days, edition.map_day),
            **columns,
        )
    return {index: Panel(results) for index, results in panels.items()}


def population_on(day: date) -> int:
    """How many provinces there are on a day. One query."""
    return Province.objects.valid_on(day).count()


def _gathered(
    editions: Collection[int], components: Collection[int], known_as: Mapping[int, int]
) -> dict[tuple[int, int], dict[str, Any]]:
    """The columns of `Results` by edition and component; one query."""
    rows = Score.objects.current().filter(
        edition__in=editions, component__in=components, value__isnull=False
    )
    gathered: dict[tuple[int, int], dict[str, Any]] = defaultdict(
        lambda: {"scores": {}, "ranks": {}, "groups": {}}
    )
    for edition, component, key, value, group, *place in rows.values_list(
        "edition_id", "component_id", "province_id", "value", "group", "rank", "rank_of"
    ):
        province = known_as.get(key, key)
        columns = gathered[edition, component]
        columns["scores"][province] = value
        if group:
            columns["groups"][province] = group
        if place[0]:
            columns["ranks"][province] = place
    for columns in gathered.values():
        measured = len(columns["scores"])
        columns["ranks"] = {
            province: Place(rank, of or measured, is_estimate=False)
            for province, (rank, of) in columns["ranks"].items()
        }
    return gathered


def _count(days: Days, day: date) -> int:
    return sum(
        (first is None or first <= day) and (last is None or last >= day) for first, last in days
    )
