"""What one report is made from, read once: rows, tasks, agencies, requests for more time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Q

from agencies.models import AgencyGroup
from plans.models import Task
from plans.reports.figures.headings import Heading, Headings
from plans.reports.figures.rows import Request, Row, requests_on, rows_on
from plans.reports.figures.words import AgencyWords, TaskWords, agencies_on, tasks_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agencies.models import Agency
    from plans.models import Plan


@dataclass(frozen=True)
class Facts:
    """Work of some plans on one day with everything its labels need."""

    as_of: date
    today: date
    plans: dict[int, Plan]
    rows: list[Row]
    tasks: dict[int, TaskWords]
    agencies: dict[int, AgencyWords]
    groups: dict[int, str]
    # By task, in the order of their names.
    supporters: dict[int, list[int]]
    headings: Headings
    requests: list[Request]
    silent_after: timedelta

    @property
    def ordered(self) -> list[Row]:
        """Rows of agencies that take orders: all counts and rates are of these."""
        return [row for row in self.rows if not self.is_requested(row)]

    @property
    def requested(self) -> list[Row]:
        """Rows of bodies that are asked: counted apart, never late."""
        return [row for row in self.rows if self.is_requested(row)]

    def is_requested(self, row: Row) -> bool:
        return self.agencies[row.agency_id].is_requested

    def agency(self, row: Row) -> str:
        return self.agencies[row.agency_id].name

    def words_of(self, agency: Agency) -> AgencyWords:
        """The agency as it was called on the day."""
        return self.agencies[agency.pk]

    def heading(self, row: Row) -> Heading:
        return self.headings.of(self.tasks[row.task_id].primary_component_id)

    def lead(self, task: TaskWords) -> str:
        """The group or the agency that leads, else the words of the document."""
        agency = self.agencies.get(task.lead_agency_id or 0)
        return (
            self.groups.get(task.lead_group_id or 0)
            or (agency.name if agency else "")
            or (task.lead_text)
        )

    def support(self, task: TaskWords) -> str:
        names = [self.agencies[pk].label for pk in self.supporters.get(task.id, [])]
        return task.supporters_text or ", ".join(names)


def read_facts(
    plans: Sequence[Plan], as_of: date, today: date, *, agency: int | None = None
) -> Facts:
    """A fixed number of queries; with `agency` only work that it leads or supports."""
    keys = {plan.pk for plan in plans}
    support = _supporters(keys)
    which = Q(plan_id__in=keys)
    if agency is not None:
        supported = {task for task, agencies in support.items() if agency in agencies}
        which &= Q(agency_id=agency) | Q(task_id__in=supported)
    rows = rows_on(which, as_of, today)
    with_work = {row.task_id for row in rows}
    tasks = tasks_on(keys, with_work, as_of, today)
    if agency is not None:
        tasks = {pk: task for pk, task in tasks.items() if pk in with_work}
    named = {row.agency_id for row in rows} | ({agency} if agency is not None else set())
    named |= {task.lead_agency_id for task in tasks.values() if task.lead_agency_id}
    named |= {pk for task in tasks for pk in support.get(task, ())}
    agencies = agencies_on(named, as_of, today)
    places = {pk: place for place, pk in enumerate(agencies)}
    return Facts(
        as_of=as_of,
        today=today,
        plans={plan.pk: plan for plan in plans},
        rows=[row for row in rows if row.task_id in tasks],
        tasks=tasks,
        agencies=agencies,
        groups=dict(AgencyGroup.objects.filter(led_tasks__plan__in=keys).values_list("pk", "name")),
        supporters={task: sorted(support.get(task, ()), key=places.__getitem__) for task in tasks},
        headings=Headings(keys),
        requests=requests_on(keys, as_of),
        silent_after=timedelta(days=settings.SILENT_AFTER_DAYS),
    )


def _supporters(plans: set[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    pairs = Task.supporters.through.objects.filter(task__plan__in=plans)
    for task, agency in pairs.values_list("task_id", "agency_id"):
        found.setdefault(task, set()).add(agency)
    return found
