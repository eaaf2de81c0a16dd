"""Work counted by standing: in all, by dimension, agency, plan and rhythm; sums close."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from plans.models import Event
from plans.querysets import Tally
from plans.reports.figures.rows import end_of, rows_on
from plans.reports.figures.words import agencies_on
from plans.reports.wording import plan_name
from plans.states import DeadlineKind, EventKind, Standing, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from plans.reports.figures.facts import Facts
    from plans.reports.figures.rows import Row

Data = dict[str, Any]

ADDITIVE = (
    "assigned",
    "done",
    "done_on_time",
    "done_late",
    "done_no_due",
    "unfinished",
    "in_time",
    "doing",
    "not_started",
    "overdue",
    "no_due",
    "due",
    "due_done",
    "due_on_time",
    "waiting",
    "cancelled",
)
SUMS = {
    "assigned": ("done", "unfinished"),
    "done": ("done_on_time", "done_late", "done_no_due"),
    "unfinished": ("doing", "not_started", "no_due", "overdue"),
    "due": ("due_done", "overdue"),
}
# Work without a single due date, in the order in which reports speak of it.
RHYTHMS = (
    (DeadlineKind.RECURRING, "Nhiệm vụ định kỳ (mỗi kỳ một phần việc)"),
    (DeadlineKind.CONTINUOUS, "Nhiệm vụ thường xuyên"),
    (DeadlineKind.EVENT, "Nhiệm vụ theo sự kiện"),
    (DeadlineKind.NONE, "Nhiệm vụ không quy định thời hạn"),
)


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def grouped(rows: Iterable[Row], key: Callable[[Row], Any]) -> defaultdict[Any, list[Row]]:
    found: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    return found


def counted(rows: Collection[Row], as_of: date) -> dict[str, int]:
    """Every count of these rows by name; `due_on_time` of `due` were done by their date.

    The same count as AssignmentQuerySet.tally, of rows that may come from history.
    """
    tally = Tally.of(
        [
            {
                "standing": row.standing(as_of).value,
                "rows": 1,
                "past_due": int(row.is_past_due(as_of)),
                "waiting": int(row.status == Status.REPORTED),
            }
            for row in rows
        ]
    )
    counts: Mapping[str, int] = vars(tally)
    return {
        **counts,
        "assigned": tally.assigned,
        "done": tally.done,
        "unfinished": tally.unfinished,
        "due_done": tally.due_done,
        "in_time": tally.doing + tally.not_started,
        "due_on_time": sum(
            row.standing(as_of) == Standing.DONE_ON_TIME and row.is_past_due(as_of) for row in rows
        ),
    }


def is_illustrative(facts: Facts) -> bool:
    """Whether some of the work is of a plan that was made up."""
    return any(facts.plans[row.plan_id].is_illustrative for row in facts.rows)


def totals(facts: Facts) -> dict[str, Data]:
    """Of agencies that take orders, and apart from them of bodies that are asked."""
    return {
        "totals": counted(facts.ordered, facts.as_of),
        "requested": counted(facts.requested, facts.as_of),
    }


def before(plans: Collection[int], day: date, today: date, *, agency: int | None = None) -> Data:
    """The totals at the end of `day`, or {} if there was no work yet; three queries."""
    which = Q(plan_id__in=plans) & (Q(agency_id=agency) if agency is not None else Q())
    rows = rows_on(which, day, today)
    agencies = agencies_on({row.agency_id for row in rows}, day, today)
    ordered = [row for row in rows if not agencies[row.agency_id].is_requested]
    return {"as_of": iso(day), "totals": counted(ordered, day)} if ordered else {}


def by_dimension(facts: Facts) -> list[Data]:
    """Every dimension of the plans' indices, also those without work, then the common tasks."""
    under = grouped(facts.ordered, facts.heading)
    return [
        {
            "number": heading.number,
            "name": heading.name,
            **counted(under[heading], facts.as_of),
        }
        for heading in facts.headings.all
    ]


def by_agency(facts: Facts, rows: list[Row]) -> list[Data]:
    of_agency = grouped(rows, lambda row: row.agency_id)
    return [
        {"name": agency.name, **counted(of_agency[pk], facts.as_of)}
        for pk, agency in facts.agencies.items()
        if pk in of_agency
    ]


def by_plan(facts: Facts, rows: list[Row]) -> list[Data]:
    """Every plan that has some of `rows`, in the order of the plans."""
    of_plan = grouped(rows, lambda row: row.plan_id)
    return [
        {
            "name": plan_name(plan),
            "title": plan.title,
            "issuer": plan.issuer,
            "tasks": len({row.task_id for row in of_plan[pk]}),
            **counted(of_plan[pk], facts.as_of),
        }
        for pk, plan in facts.plans.items()
        if pk in of_plan
    ]


def by_rhythm(facts: Facts) -> list[Data]:
    """Work that recurs, never ends or waits for an event: judged by period and by silence."""
    of_kind = grouped(facts.ordered, lambda row: facts.tasks[row.task_id].deadline_kind)
    return [
        {
            "name": name,
            "tasks": len({row.task_id for row in of_kind[kind]}),
            "silent": sum(row.is_silent(facts.as_of, facts.silent_after) for row in of_kind[kind]),
            **counted(of_kind[kind], facts.as_of),
        }
        for kind, name in RHYTHMS
        if kind in of_kind
    ]


def work_facts(facts: Facts) -> Data:
    """How many tasks, to how many agencies, how many are wholly done, what leaders directed."""
    by_task = grouped(
        (row for row in facts.ordered if row.status != Status.CANCELLED), lambda row: row.task_id
    )
    done = sum(all(row.status == Status.DONE for row in rows) for rows in by_task.values())
    end = end_of(facts.as_of)
    answers = Event.objects.filter(
        assignment__plan__in=facts.plans, kind=EventKind.DIRECTION, happened_at__lte=end
    ).values_list("assignment_id", "answer__happened_at")
    ours = {row.id for row in facts.rows}
    moments = [moment for assignment, moment in answers if assignment in ours]
    return {
        "tasks": len(facts.tasks),
        "tasks_counted": len(by_task),
        "tasks_done": done,
        "agencies": len({row.agency_id for row in facts.ordered}),
        "requested_agencies": len({row.agency_id for row in facts.requested}),
        "directions": len(moments),
        "directions_answered": sum(moment is not None and moment <= end for moment in moments),
    }


def check_that_sums_close(figures: Data, parts: Iterable[str]) -> None:
    """A sum that does not close stops the report: a wrong figure must not be signed.

    `parts` are keys of lists of lines that each add up to `totals`.
    """
    whole = figures["totals"]
    for name in ADDITIVE:
        for part in parts:
            if sum(line[name] for line in figures[part]) != whole[name]:
                raise ValueError(f"{part}: {name} does not add up to {whole[name]}")
    for name, terms in SUMS.items():
        if sum(whole[term] for term in terms) != whole[name]:
            raise ValueError(f"{name} is not {' + '.join(terms)}")
