"""Where the provinces stood that a merged one was made from, until it has results of its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agencies.models import Province
from indicators.distance import Stand, stand
from indicators.models import Index
from indicators.panel import WHOLE, Panel
from indicators.panels import panels_of
from indicators.series import Lineage, lineage_of
from plans.aims import JudgedTarget
from plans.models import Plan


@dataclass(frozen=True)
class Earlier:
    """The last results of one province before the merger; never those of the merged one."""

    index: Index
    province: Province
    stand: Stand


def earlier_results(plan: Plan, targets: Iterable[JudgedTarget]) -> list[Earlier]:
    """What the predecessors last had of the indices that `targets` wait for.

    Nothing is added up or averaged. No query for a province that was always there, else six.
    """
    indices = {one.index.pk: one.index for one in targets if one.index and one.is_open}
    if plan.province.valid_from is None or not indices:
        return []
    lineage = lineage_of(plan.province)
    if not lineage.predecessors:
        return []
    panels = panels_of(indices)
    return [row for key, index in indices.items() for row in _earlier(index, panels[key], lineage)]


def _earlier(index: Index, panel: Panel, lineage: Lineage) -> list[Earlier]:
    results = panel.results.get(WHOLE, {})
    if any(lineage.own_keys & row.scores.keys() for row in results.values()):
        return []
    rows = []
    for province in lineage.predecessors:
        years = [year for year, row in results.items() if province.pk in row.scores]
        if years:
            rows.append(Earlier(index, province, stand(results[max(years)], province.pk)))
    return rows
