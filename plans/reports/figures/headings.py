"""Under which heading each task is reported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from indicators.models import Component
from indicators.states import Level

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True)
class Heading:
    """A dimension of an index; the one without a number is for tasks that serve them all."""

    number: str
    name: str
    # The stable key of the dimension.
    key: str = ""


GENERAL = Heading("", "Nhiệm vụ chung")


class Headings:
    """The dimensions of the plans' indices in their order, then what serves all of them."""

    def __init__(self, plans: Collection[int]) -> None:
        # One query; with the levels below, as a task may aim at a single indicator.
        led = Component.objects.filter(Q(index__plans__in=plans) | Q(tasks__plan__in=plans))
        self._components = {row.pk: row for row in led.distinct().order_by("index", "position")}
        dimensions = [row for row in self._components.values() if row.level == Level.DIMENSION]
        self._headings = {
            row.pk: Heading(str(row.position), row.name, row.stable_key) for row in dimensions
        }
        self.all = [*self._headings.values(), GENERAL]

    def of(self, component_id: int | None) -> Heading:
        component = self._components.get(component_id or 0)
        while component is not None and component.level != Level.DIMENSION:
            component = self._components.get(component.parent_id or 0)
        return self._headings[component.pk] if component else GENERAL
