"""Work by name, as plain data: every label a string, every day ISO, the gravest first."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from plans.reports.figures.counts import grouped, iso
from plans.reports.figures.headings import GENERAL, Heading
from plans.reports.wording import plan_name
from plans.states import OPEN, DeadlineKind, Decision, Recurrence, Standing, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plans.reports.figures.facts import Facts
    from plans.reports.figures.rows import Request, Row
    from plans.reports.figures.words import TaskWords

Data = dict[str, Any]

BANDS = ((1, 30, "Quá hạn từ 1 đến 30 ngày"), (31, 120, "Quá hạn từ 31 đến 120 ngày"))
LAST_BAND = "Quá hạn trên 120 ngày"
DAYS_AHEAD = 30


def line(facts: Facts, row: Row) -> Data:
    """What every list says of one agency's work."""
    task = facts.tasks[row.task_id]
    return {
        "plan": plan_name(facts.plans[row.plan_id]),
        "number": task.number,
        "task": task.name,
        "period": row.period_label,
        "agency": facts.agency(row),
        "first_due_on": iso(row.first_due_on),
        "due_on": iso(row.due_on),
        "percent_done": row.percent_done,
        "heard_on": iso(row.last_heard_on) if row.has_reported else "",
        "said": row.last_said,
    }


def late_lines(facts: Facts, rows: Iterable[Row]) -> list[Data]:
    """The overdue of `rows`, what is late for longest first, with what was asked for."""
    asked = {
        request.assignment_id: request.proposed_due_on
        for request in facts.requests
        if request.decision == Decision.WAITING
    }
    late = [row for row in rows if row.days_overdue(facts.as_of)]
    late.sort(key=lambda row: (-row.days_overdue(facts.as_of), row.id))
    return [
        {
            **line(facts, row),
            "days": row.days_overdue(facts.as_of),
            "asked_until": iso(asked.get(row.id)),
            "is_reported": row.status == Status.REPORTED,
        }
        for row in late
    ]


def overdue(facts: Facts) -> Data:
    """What is late by how long, with what its agency last said."""
    lines = late_lines(facts, facts.ordered)
    bands = [
        {"name": name, "count": sum(first <= one["days"] <= last for one in lines)}
        for first, last, name in BANDS
    ]
    last_day = BANDS[-1][1]
    bands.append({"name": LAST_BAND, "count": sum(one["days"] > last_day for one in lines)})
    return {"bands": bands, "rows": lines}


def waiting(facts: Facts) -> list[Data]:
    """Reported as done; the monitor has not confirmed it yet."""
    return [line(facts, row) for row in facts.ordered if row.status == Status.REPORTED]


def silent(facts: Facts) -> list[Data]:
    """Agencies of which nothing was heard about some open work for longer than the limit.

    `without_due` is the part of `count` that has no due date.
    """
    quiet = [row for row in facts.ordered if row.is_silent(facts.as_of, facts.silent_after)]
    of_agency = grouped(quiet, lambda row: row.agency_id)
    return [
        {
            "name": agency.name,
            "count": len(of_agency[pk]),
            "without_due": sum(row.due_on is None for row in of_agency[pk]),
            "since": iso(min(row.last_heard_on for row in of_agency[pk])),
        }
        for pk, agency in facts.agencies.items()
        if pk in of_agency
    ]


def due_next(facts: Facts) -> Data:
    """Open work due from the day of the report to 30 days later, the earliest first.

    One task that many agencies owe by one day is one line, or a hundred communes fill pages.
    """
    last = facts.as_of + timedelta(days=DAYS_AHEAD)
    rows = [
        row
        for row in facts.ordered
        if row.status in OPEN and row.due_on and facts.as_of <= row.due_on <= last
    ]
    rows.sort(key=lambda row: (iso(row.due_on), row.id))
    together = grouped(rows, lambda row: (row.task_id, row.period_label, row.due_on))
    return {"count": len(rows), "rows": [_shared(facts, same) for same in together.values()]}


def _shared(facts: Facts, rows: list[Row]) -> Data:
    shared = line(facts, rows[0])
    lowest, highest = (pick(row.percent_done for row in rows) for pick in (min, max))
    shared["percent"] = f"{lowest}%" if lowest == highest else f"{lowest}–{highest}%"
    if len(rows) > 1:
        group = facts.groups.get(facts.tasks[rows[0].task_id].lead_group_id or 0)
        names = [group] if group else [facts.agency(row) for row in rows]
        shared["agency"] = f"{', '.join(names)} ({len(rows)} phần việc)"
    return shared


def extensions(facts: Facts) -> list[Data]:
    rows = {row.id: row for row in facts.rows}
    return [
        {**line(facts, rows[request.assignment_id]), **_request(request)}
        for request in facts.requests
        if request.assignment_id in rows
    ]


def _request(request: Request) -> Data:
    return {
        "asked_on": iso(request.asked_on),
        "old_due_on": iso(request.old_due_on),
        "new_due_on": iso(request.proposed_due_on),
        "reason": request.reason,
        "is_waiting": request.decision == Decision.WAITING,
        "is_approved": request.decision == Decision.APPROVED,
        "decision": str(request.decision.label),
        "decided_on": iso(request.decided_on),
    }


def all_tasks(facts: Facts) -> list[Data]:
    """Every task under its dimension, each with the work of every agency that leads it."""
    rows = grouped(facts.rows, lambda row: row.task_id)
    under: dict[Heading, list[Data]] = {heading: [] for heading in facts.headings.all}
    for task in facts.tasks.values():
        work = rows.get(task.id, [])
        told = {
            **task_words(facts, task),
            "has_one_agency": len({row.agency_id for row in work}) == 1,
            "work": [_work(facts, row) for row in work],
        }
        under[facts.headings.of(task.primary_component_id)].append(told)
    return [
        {"number": heading.number, "name": heading.name, "tasks": tasks}
        for heading, tasks in under.items()
        if tasks or heading != GENERAL
    ]


def task_words(facts: Facts, task: TaskWords) -> Data:
    """A task as its plan sets it."""
    return {
        "number": task.number,
        "name": task.name,
        "product": task.product,
        "plan": plan_name(facts.plans[task.plan_id]),
        "lead": facts.lead(task),
        "supporters": facts.support(task),
        "deadline": task.deadline_text or str(DeadlineKind(task.deadline_kind).label),
        "recurrence": str(Recurrence(task.recurrence).label) if task.recurrence else "",
    }


def _work(facts: Facts, row: Row) -> Data:
    return {
        "agency": facts.agency(row),
        "period": row.period_label,
        "first_due_on": iso(row.first_due_on),
        "due_on": iso(row.due_on),
        "standing": "" if facts.is_requested(row) else row.standing(facts.as_of).value,
        "status": _status(facts, row),
        "percent_done": row.percent_done,
        "done_on": iso(row.done_on),
        "heard_on": iso(row.last_heard_on) if row.has_reported else "",
        "said": row.last_said,
    }


def _status(facts: Facts, row: Row) -> str:
    """The words of official reports; a body that is only asked is never called late."""
    standing = row.standing(facts.as_of)
    if facts.is_requested(row):
        if row.status in {Status.DONE, Status.CANCELLED}:
            return str(Status(row.status).label)
        return "Đề nghị phối hợp, đang thực hiện"
    if standing == Standing.OVERDUE:
        days = f"Quá hạn {row.days_overdue(facts.as_of)} ngày"
        return f"{days}, chờ xác nhận" if row.status == Status.REPORTED else days
    if row.status == Status.REPORTED:
        return str(Status.REPORTED.label)
    return str(standing.label)
