"""The published scores of a province as plain data: the whole index by year, its dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indicators.models import Edition
from indicators.panel import WHOLE
from indicators.panels import panels_of
from indicators.querysets import PAPI
from indicators.series import lineage_of
from indicators.states import ScoreGroup
from plans.aims import DIMENSIONS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from agencies.models import Province
    from indicators.models import Index
    from indicators.panel import Panel, Results

Data = dict[str, Any]

# Of longer series the last years are printed.
YEARS_SHOWN = 10


def index_of(indices: Collection[Index]) -> Index | None:
    """PAPI where it is one of them, else the first."""
    ordered = sorted(indices, key=lambda index: (index.code != PAPI, index.code))
    return ordered[0] if ordered else None


def scores(province: Province, index: Index | None, as_of: date) -> Data:
    """The index over the years and the last scores of its dimensions; {} without any figure.

    A province that was made from others and has no score of its own yet shows theirs, each apart.
    Eight queries at most.
    """
    if index is None:
        return {}
    panel = panels_of([index.pk], components=DIMENSIONS, published_by=as_of)[index.pk]
    lineage = lineage_of(province)
    subjects = [(province.name, lineage.own_keys)]
    series = _series(panel, subjects)
    is_own = bool(series)
    if not is_own:
        subjects = [(one.name, {one.pk}) for one in lineage.predecessors]
        series = _series(panel, subjects)
    if not series:
        return {}
    shown = sorted({point["year"] for one in series for point in one["points"]})[-YEARS_SHOWN:]
    last = Edition.objects.filter(index=index, year=shown[-1]).first()
    return {
        "index": index.code,
        "name": index.name,
        "source": last.source if last else "",
        "publisher": index.publisher,
        "is_own": is_own,
        "years": shown,
        "series": series,
        "dimensions": _dimensions(panel, lineage.own_keys),
    }


def _series(panel: Panel, subjects: Collection[tuple[str, set[int]]]) -> list[Data]:
    found = []
    for name, keys in subjects:
        points = [
            _point(results, key)
            for results in (panel.at(WHOLE, year) for year in panel.years())
            if results is not None
            for key in keys & results.scores.keys()
        ]
        if points:
            found.append({"name": name, "points": points})
    return found


def _point(results: Results, province: int) -> Data:
    """A score with its place; what the publisher did not print is marked as an estimate."""
    group, place = results.group(province), results.place(province)
    return {
        "year": results.year,
        "value": str(results.scores[province]),
        "structure": results.structure,
        "group": str(ScoreGroup(group).label) if group else "",
        "is_group_estimate": province not in results.groups,
        "rank": f"{place.rank}/{place.n}" if place else "",
        "is_rank_estimate": place is not None and place.is_estimate,
    }


def _dimensions(panel: Panel, keys: set[int]) -> dict[str, Data]:
    """By stable key the last score of each dimension that this province has."""
    found: dict[str, Data] = {}
    for component in DIMENSIONS:
        for year in panel.years(component):
            results = panel.at(component, year)
            if results is not None:
                for key in keys & results.scores.keys():
                    found[component] = _point(results, key)
    return found
