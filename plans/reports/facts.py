"""What one report is made from, read once: rows, tasks, agencies, requests for more time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from agencies.models import Agency
from plans.models import Task
from plans.reports.dimensions import Heading, Headings
from plans.reports.rows import Request, Row, requests_on, rows_on

if TYPE_CHECKING:
    from plans.models import Plan


@dataclass(frozen=True)
class Facts:
    """Rows of one plan on one day with everything their labels need."""

    plan: Plan
    as_of: date
    rows: list[Row]
    tasks: dict[int, Task]
    agencies: dict[int, Agency]
    headings: list[Heading]
    heading_of: dict[int, Heading]
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

    def number(self, task: Task) -> str:
        """The number the plan prints, else the place of the task in the plan."""
        return task.number_in_plan or str(task.position)


def read_facts(plan: Plan, as_of: date, today: date) -> Facts:
    """A fixed number of queries, whatever the size of the plan."""
    rows = rows_on(plan, as_of, today)
    tasks = Task.objects.filter(plan=plan).in_order()
    by_pk = {
        task.pk: task
        for task in tasks.select_related("lead_agency", "lead_group").prefetch_related("supporters")
    }
    # In Vietnamese order, so that every list of agencies comes in it.
    agencies = Agency.objects.filter(pk__in={row.agency_id for row in rows}).by_name()
    headings = Headings(plan)
    return Facts(
        plan=plan,
        as_of=as_of,
        # History may remember work on a task that has been deleted since.
        rows=[row for row in rows if row.task_id in by_pk],
        tasks=by_pk,
        agencies={agency.pk: agency for agency in agencies},
        headings=headings.all,
        heading_of={task.pk: headings.of(task) for task in by_pk.values()},
        requests=requests_on(plan, as_of),
        silent_after=timedelta(days=settings.SILENT_AFTER_DAYS),
    )
