"""The tasks of a plan as the radar counts them, by the parts of PAPI that they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q

from indicators.states import Level
from plans.models import Assignment, Plan, Task
from plans.querysets import Tally
from plans.radar.kinds import ProductKind, is_talk_only, product_kind
from plans.states import DeadlineKind, Status

# People are asked from August to November of the year (PAPI's own account of its fieldwork).
SURVEY_MONTHS = (8, 11)
SURVEY_END = (11, 30)
# A task that names as many of the eight dimensions is aimed at none of them.
EVERYTHING_FROM = 6
LEADS_NAMED = 3


@dataclass(frozen=True)
class TaskFacts:
    """What counts of one task. `due_on` is its latest date as given out, None without one."""

    pk: int
    number: str
    name: str
    parts: frozenset[int]
    dimensions: frozenset[int]
    lead: str
    is_one_agency: bool
    product: ProductKind
    is_talk: bool
    due_on: date | None
    is_late: bool
    serves_all: bool


@dataclass(frozen=True)
class Coverage:
    """The tasks of one row of the matrix; those in `wide` name its dimension and no part.

    Of the work that has come due, `due` in number, `due_done` is done.
    """

    own: tuple[TaskFacts, ...]
    wide: tuple[TaskFacts, ...] = ()
    due_done: int = 0
    due: int = 0

    @property
    def tasks(self) -> tuple[TaskFacts, ...]:
        return (*self.own, *self.wide)

    @property
    def talk_count(self) -> int:
        return sum(task.is_talk for task in self.tasks)

    @property
    def is_talk_only(self) -> bool:
        return bool(self.tasks) and self.talk_count == len(self.tasks)

    @property
    def late_count(self) -> int:
        return sum(task.is_late for task in self.tasks)

    @property
    def dated_count(self) -> int:
        return sum(task.due_on is not None for task in self.tasks)

    @property
    def last_due_on(self) -> date | None:
        return max((task.due_on for task in self.tasks if task.due_on), default=None)

    @property
    def leads(self) -> list[tuple[str, int]]:
        """Those that lead most of the tasks, and how many; the rest is in `other_leads`."""
        return self._leads().most_common(LEADS_NAMED)

    @property
    def other_leads(self) -> int:
        return max(len(self._leads()) - LEADS_NAMED, 0)

    @property
    def products(self) -> list[tuple[str, int]]:
        counts = Counter(task.product for task in self.tasks)
        return [(str(kind.label), count) for kind, count in counts.most_common()]

    def _leads(self) -> Counter[str]:
        return Counter(task.lead for task in self.tasks if task.lead)


def survey_end(plan: Plan) -> date:
    """The last day on which people are asked in the plan's last year."""
    return date(plan.period_end.year, *SURVEY_END)


def facts_of(plan: Plan) -> list[TaskFacts]:
    """The tasks of a plan that are still to be done or were done; three queries.

    A task that was stopped, or all of whose work was, aims at nothing any more.
    """
    end = survey_end(plan)
    latest = {
        row["task"]: row
        for row in Assignment.objects.filter(plan=plan)
        .order_by()
        .values("task")
        .annotate(
            last=Max("due_on", filter=~Q(status=Status.CANCELLED)),
            live=Count("pk", filter=~Q(status=Status.CANCELLED)),
        )
    }
    rows = plan.tasks.in_order().filter(stopped_by__isnull=True)
    return [
        _facts(task, latest.get(task.pk), end)
        for task in rows.select_related("lead_agency", "lead_group").prefetch_related("components")
        if task.pk not in latest or latest[task.pk]["live"]
    ]


def _facts(task: Task, work: Mapping[str, Any] | None, end: date) -> TaskFacts:
    components = task.components.all()
    dimensions = {row.pk for row in components if row.level == Level.DIMENSION}
    parts = {row.pk for row in components if row.level == Level.SUBDIMENSION}
    dimensions |= {row.parent_id for row in components if row.pk in parts and row.parent_id}
    is_dated = task.deadline_kind in (DeadlineKind.DATE, DeadlineKind.PERIOD)
    # Work that comes again each quarter has acted before the survey, whenever its last one is due.
    due_on = ((work or {}).get("last") or task.due_on) if is_dated else None
    lead = (
        task.lead_agency.label
        if task.lead_agency
        else task.lead_group.name
        if task.lead_group
        else ""
    )
    return TaskFacts(
        pk=task.pk,
        number=task.number,
        name=task.name,
        parts=frozenset(parts),
        dimensions=frozenset(dimensions),
        lead=lead,
        is_one_agency=task.lead_agency_id is not None,
        product=product_kind(task.product),
        is_talk=is_talk_only(task.name, task.product),
        due_on=due_on,
        is_late=due_on is not None and due_on > end,
        serves_all=task.is_cross_cutting or len(dimensions) >= EVERYTHING_FROM,
    )


def of_dimension(
    facts: Iterable[TaskFacts], component: int, tallies: Mapping[int, Tally]
) -> Coverage:
    """All tasks that name the dimension or one of its parts."""
    tasks = tuple(task for task in facts if component in task.dimensions)
    return _counted(tasks, (), tallies)


def of_part(
    facts: Iterable[TaskFacts],
    component: int,
    siblings: frozenset[int],
    parent: int | None,
    tallies: Mapping[int, Tally],
) -> Coverage:
    """The tasks that name a part, and those that name its dimension and none of `siblings`.

    A part that the edition no longer measures is none of them: then the whole dimension is meant.
    """
    tasks = [task for task in facts if parent in task.dimensions]
    own = tuple(task for task in tasks if component in task.parts)
    wide = tuple(task for task in tasks if not task.parts & siblings)
    return _counted(own, wide, tallies)


def _counted(
    own: tuple[TaskFacts, ...], wide: tuple[TaskFacts, ...], tallies: Mapping[int, Tally]
) -> Coverage:
    work = [tallies[task.pk] for task in (*own, *wide) if task.pk in tallies]
    return Coverage(own, wide, sum(each.due_done for each in work), sum(each.due for each in work))
