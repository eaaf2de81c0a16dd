"""Under which heading each task is reported, and the last published scores of targets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Component, Score
from indicators.states import Level

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from plans.models import Plan, Target, Task


@dataclass(frozen=True)
class Heading:
    """A dimension of an index; the one without a number is for tasks that serve them all."""

    number: str
    name: str


GENERAL = Heading("", "Nhiệm vụ chung")


class Headings:
    """The dimensions of a plan's indices in their order, then what serves all of them."""

    def __init__(self, plan: Plan) -> None:
        # One query; with the levels below, as a task may aim at a single indicator.
        indices = plan.indices.values("pk")
        led = Component.objects.filter(Q(index__in=indices) | Q(tasks__plan=plan))
        self._components = {row.pk: row for row in led.distinct().order_by("index", "position")}
        dimensions = [row for row in self._components.values() if row.level == Level.DIMENSION]
        self._headings = {row.pk: Heading(str(row.position), row.name) for row in dimensions}
        self.all = [*self._headings.values(), GENERAL]

    def of(self, task: Task) -> Heading:
        component = self._components.get(task.primary_component_id or 0)
        while component is not None and component.level != Level.DIMENSION:
            component = self._components.get(component.parent_id or 0)
        return self._headings[component.pk] if component else GENERAL


def latest_scores(plan: Plan, targets: Iterable[Target], as_of: date) -> dict[int, Score]:
    """By target: the last score published until `as_of`, of its component or of its index."""
    wanted = {target.component_id for target in targets if target.component_id}
    published = (
        Score.objects.current()
        .filter(province_id=plan.province_id, edition__published_on__lte=as_of)
        .filter(Q(component__in=wanted) | Q(component__level=Level.COMPOSITE))
        .select_related("edition", "component")
        .order_by("edition__year", "pk")
    )
    by_component: dict[int, Score] = {}
    by_index: dict[int, Score] = {}
    for score in published:
        by_component[score.component_id] = score
        if score.component.level == Level.COMPOSITE:
            by_index[score.component.index_id] = score

    found = {
        target.pk: by_component.get(target.component_id)
        if target.component_id
        else by_index.get(target.index_id or 0)
        for target in targets
    }
    return {pk: score for pk, score in found.items() if score is not None}
