"""Tasks and agencies in the words of a day: what was renamed or deleted later reads as it did."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.db.models import Q

from agencies.models import Agency
from plans.models import Task
from plans.reports.figures.rows import end_of

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date


@dataclass(frozen=True)
class TaskWords:
    """The columns of a task that a report reads."""

    id: int
    plan_id: int
    position: int
    number_in_plan: str
    name: str
    product: str
    primary_component_id: int | None
    lead_text: str
    lead_agency_id: int | None
    lead_group_id: int | None
    supporters_text: str
    deadline_text: str
    deadline_kind: str
    recurrence: str

    @property
    def number(self) -> str:
        """The number the plan prints, else the place of the task in the plan."""
        return self.number_in_plan or str(self.position)


@dataclass(frozen=True)
class AgencyWords:
    """The columns of an agency that a report reads."""

    id: int
    name: str
    short_name: str
    is_requested: bool
    sort_text: str

    @property
    def label(self) -> str:
        """The short name where there is one: what fits into a table."""
        return self.short_name or self.name


TASK_COLUMNS = tuple(field.name for field in fields(TaskWords))
AGENCY_COLUMNS = tuple(field.name for field in fields(AgencyWords))


def tasks_on(
    plans: Collection[int], with_work: Collection[int], as_of: date, today: date
) -> dict[int, TaskWords]:
    """Tasks of `plans` by their keys, in the order of the plans; two queries.

    `with_work` are those that had work on that day: of these the words of today are taken where
    history does not go back so far.
    """
    current = Task.objects.filter(plan__in=plans).order_by("plan_id", "position", "pk")
    found = {values[0]: TaskWords(*values) for values in current.values_list(*TASK_COLUMNS)}
    if as_of != today:
        past = Task.history.as_of(end_of(as_of)).filter(plan_id__in=plans).order_by("history_id")
        then = {values[0]: TaskWords(*values) for values in past.values_list(*TASK_COLUMNS)}
        known = {pk: task for pk, task in found.items() if pk in with_work}
        found = {**known, **then}
    ordered = sorted(found.values(), key=lambda task: (task.plan_id, task.position, task.id))
    return {task.id: task for task in ordered}


def agencies_on(keys: Collection[int], as_of: date, today: date) -> dict[int, AgencyWords]:
    """These agencies by their keys, in Vietnamese order of their names; two queries at most."""
    current = Agency.objects.filter(pk__in=keys)
    found = {values[0]: AgencyWords(*values) for values in current.values_list(*AGENCY_COLUMNS)}
    if as_of != today:
        past = Agency.history.as_of(end_of(as_of)).filter(Q(id__in=keys)).order_by("history_id")
        found |= {values[0]: AgencyWords(*values) for values in past.values_list(*AGENCY_COLUMNS)}
    ordered = sorted(found.values(), key=lambda agency: (agency.sort_text, agency.id))
    return {agency.id: agency for agency in ordered}
