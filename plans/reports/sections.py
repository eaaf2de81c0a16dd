"""The parts of a progress report as plain data: every label a string, every day ISO."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from plans.models import Event
from plans.reports.dimensions import GENERAL, latest_scores
from plans.reports.rows import end_of, figures_of, tally_of
from plans.reports.wording import plan_name, plan_subject
from plans.states import (
    OPEN,
    ChangeKind,
    DeadlineKind,
    Decision,
    EventKind,
    PlanStatus,
    Recurrence,
    Standing,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indicators.models import Score
    from plans.models import Plan
    from plans.reports.facts import Facts
    from plans.reports.rows import Request, Row

Data = dict[str, Any]

BANDS = ((1, 30, "Quá hạn từ 1 đến 30 ngày"), (31, 120, "Quá hạn từ 31 đến 120 ngày"))
LAST_BAND = "Quá hạn trên 120 ngày"
DAYS_AHEAD = 30
# Work without a single due date, in the order in which reports speak of it.
RHYTHMS = (
    (DeadlineKind.RECURRING, "Nhiệm vụ định kỳ (mỗi kỳ một phần việc)"),
    (DeadlineKind.CONTINUOUS, "Nhiệm vụ thường xuyên"),
    (DeadlineKind.EVENT, "Nhiệm vụ theo sự kiện"),
    (DeadlineKind.NONE, "Nhiệm vụ không quy định thời hạn"),
)


def iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def plan_facts(facts: Facts) -> Data:
    plan = facts.plan
    return {
        "name": plan_name(plan),
        "reference": f"{plan_name(plan)} của {plan.issuer}",
        "subject": plan_subject(plan),
        "kind": plan.get_kind_display(),
        "number": plan.number,
        "title": plan.title,
        "issuer": plan.issuer,
        "issued_on": iso(plan.issued_on),
        "signer": plan.signer_name,
        "signer_title": plan.signer_title,
        "period_start": iso(plan.period_start),
        "period_end": iso(plan.period_end),
        "monitor": plan.monitor.name if plan.monitor else "",
        "based_on": plan.based_on,
        "baseline": plan.baseline,
        "indices": [index.code for index in plan.indices.all()],
        "replaces": _replaced(plan.supersedes),
        "amendments": _amendments(facts),
    }


def _replaced(old: Plan | None) -> str:
    return f"{plan_name(old)} của {old.issuer}" if old else ""


def _amendments(facts: Facts) -> list[Data]:
    """The documents that had changed the plan by that day, with how many tasks each touched."""

    def touched(kind: ChangeKind) -> Count:
        return Count("changes__task", filter=Q(changes__kind=kind), distinct=True)

    applied = facts.plan.amendments.filter(
        status=PlanStatus.APPLIED, activated_on__lte=facts.as_of
    ).annotate(
        added=touched(ChangeKind.ADDED),
        changed=touched(ChangeKind.CHANGED),
        stopped=touched(ChangeKind.STOPPED),
    )
    return [
        {
            "name": plan_name(each),
            "issuer": each.issuer,
            "applied_on": iso(each.activated_on),
            "added": each.added,
            "changed": each.changed,
            "stopped": each.stopped,
        }
        for each in applied.order_by("activated_on", "pk")
    ]


def work_facts(facts: Facts) -> Data:
    """How many tasks, to how many agencies, and how many tasks are wholly done."""
    by_task: dict[int, list[Row]] = defaultdict(list)
    for row in facts.ordered:
        if row.status != Status.CANCELLED:
            by_task[row.task_id].append(row)
    done = sum(all(row.status == Status.DONE for row in rows) for rows in by_task.values())
    end = end_of(facts.as_of)
    directions = Event.objects.filter(
        assignment__plan=facts.plan, kind=EventKind.DIRECTION, happened_at__lte=end
    ).values_list("answer__happened_at", flat=True)
    return {
        "tasks": len(facts.tasks),
        "tasks_counted": len(by_task),
        "tasks_done": done,
        "agencies": len({row.agency_id for row in facts.ordered}),
        "requested_agencies": len({row.agency_id for row in facts.requested}),
        "directions": len(directions),
        "directions_answered": sum(moment is not None and moment <= end for moment in directions),
    }


def targets(facts: Facts) -> list[Data]:
    rows = list(facts.plan.targets.all())
    scores = latest_scores(facts.plan, rows, facts.as_of)
    return [
        {"text": row.text, "year": row.year, "latest": _score(scores.get(row.pk))} for row in rows
    ]


def _score(score: Score | None) -> str:
    if score is None or (score.value is None and not score.as_printed):
        return ""
    value = score.as_printed or str(score.value).replace(".", ",")
    parts = [f"Năm {score.edition.year}: {value} điểm"]
    if score.group:
        parts.append(f"nhóm {score.get_group_display()}")
    if score.rank:
        parts.append(f"thứ hạng {score.rank}")
    return ", ".join(parts)


def by_dimension(facts: Facts) -> list[Data]:
    """Every dimension of the plan's indices, also those without work, then the common tasks."""
    grouped = _group(facts.ordered, lambda row: facts.heading_of[row.task_id])
    return [
        {
            "number": heading.number,
            "name": heading.name,
            **figures_of(tally_of(grouped[heading], facts.as_of)),
        }
        for heading in facts.headings
    ]


def by_agency(facts: Facts, rows: list[Row]) -> list[Data]:
    grouped = _group(rows, lambda row: row.agency_id)
    return [
        {"name": agency.name, **figures_of(tally_of(grouped[pk], facts.as_of))}
        for pk, agency in facts.agencies.items()
        if pk in grouped
    ]


def by_rhythm(facts: Facts) -> list[Data]:
    """Work that recurs, never ends or waits for an event: judged by period and by silence."""
    grouped = _group(facts.ordered, lambda row: facts.tasks[row.task_id].deadline_kind)
    return [
        {
            "name": name,
            "tasks": len({row.task_id for row in grouped[kind]}),
            "silent": sum(row.is_silent(facts.as_of, facts.silent_after) for row in grouped[kind]),
            **figures_of(tally_of(grouped[kind], facts.as_of)),
        }
        for kind, name in RHYTHMS
        if kind in grouped
    ]


def overdue(facts: Facts) -> Data:
    """What is late by how long, the longest first, with what its agency last said."""
    waiting = {
        request.assignment_id: request.proposed_due_on
        for request in facts.requests
        if request.decision == Decision.WAITING
    }
    late = [row for row in facts.ordered if row.days_overdue(facts.as_of)]
    late.sort(key=lambda row: (-row.days_overdue(facts.as_of), row.id))
    lines = [
        {
            **_line(facts, row),
            "days": row.days_overdue(facts.as_of),
            "asked_until": iso(waiting.get(row.id)),
            "is_reported": row.status == Status.REPORTED,
        }
        for row in late
    ]
    bands = [
        {"name": name, "count": sum(first <= line["days"] <= last for line in lines)}
        for first, last, name in BANDS
    ]
    last_day = BANDS[-1][1]
    bands.append({"name": LAST_BAND, "count": sum(line["days"] > last_day for line in lines)})
    return {"bands": bands, "rows": lines}


def waiting(facts: Facts) -> list[Data]:
    """Reported as done; the monitor has not confirmed it yet."""
    return [_line(facts, row) for row in facts.ordered if row.status == Status.REPORTED]


def silent(facts: Facts) -> list[Data]:
    """Agencies of which nothing was heard about some open work for longer than the limit."""
    quiet = [row for row in facts.ordered if row.is_silent(facts.as_of, facts.silent_after)]
    grouped = _group(quiet, lambda row: row.agency_id)
    return [
        {
            "name": agency.name,
            "count": len(grouped[pk]),
            "since": iso(min(row.last_heard_on for row in grouped[pk])),
        }
        for pk, agency in facts.agencies.items()
        if pk in grouped
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
    together = _group(rows, lambda row: (row.task_id, row.period_label, row.due_on))
    return {"count": len(rows), "rows": [_shared_line(facts, same) for same in together.values()]}


def _shared_line(facts: Facts, rows: list[Row]) -> Data:
    line = _line(facts, rows[0])
    lowest, highest = (pick(row.percent_done for row in rows) for pick in (min, max))
    line["percent"] = f"{lowest}%" if lowest == highest else f"{lowest}–{highest}%"
    if len(rows) > 1:
        group = facts.tasks[rows[0].task_id].lead_group
        names = [group.name] if group else [facts.agency(row) for row in rows]
        line["agency"] = f"{', '.join(names)} ({len(rows)} phần việc)"
    return line


def extensions(facts: Facts) -> list[Data]:
    rows = {row.id: row for row in facts.rows}
    return [
        {**_line(facts, rows[request.assignment_id]), **_request(request)}
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
        "decision": str(request.decision.label),
        "decided_on": iso(request.decided_on),
    }


def proposals(figures: Data) -> list[str]:
    """What the figures themselves ask for; the office adds the rest to the draft."""
    undecided = sum(line["is_waiting"] for line in figures["extensions"])
    late, quiet = len(figures["overdue"]["rows"]), len(figures["silent"])
    unconfirmed = len(figures["waiting"])
    found = []
    if undecided:
        found.append(f"Xem xét, quyết định {undecided} đề nghị gia hạn nêu tại mục IV.4.")
    if late:
        found.append(
            f"Các cơ quan chủ trì {late} phần việc quá hạn nêu tại mục IV.1 khẩn trương thực hiện, "
            "báo cáo rõ nguyên nhân và thời gian hoàn thành."
        )
    if quiet:
        found.append(f"{quiet} cơ quan nêu tại mục IV.3 cập nhật tình hình thực hiện.")
    if unconfirmed:
        found.append(
            f"Cơ quan theo dõi rà soát, xác nhận {unconfirmed} phần việc nêu tại mục IV.2."
        )
    return found


def all_tasks(facts: Facts) -> list[Data]:
    """Every task under its dimension, each with the work of every agency that leads it."""
    rows = _group(facts.rows, lambda row: row.task_id)
    under: dict[Any, list[Data]] = {heading: [] for heading in facts.headings}
    for task in facts.tasks.values():
        lead = task.lead_group or task.lead_agency
        work = rows.get(task.pk, [])
        under[facts.heading_of[task.pk]].append(
            {
                "number": facts.number(task),
                "name": task.name,
                "product": task.product,
                "lead": lead.name if lead else task.lead_text,
                "supporters": task.supporters_text
                or ", ".join(agency.label for agency in task.supporters.all()),
                "deadline": task.deadline_text or str(DeadlineKind(task.deadline_kind).label),
                "recurrence": str(Recurrence(task.recurrence).label) if task.recurrence else "",
                "has_one_agency": len({row.agency_id for row in work}) == 1,
                "work": [_work(facts, row) for row in work],
            }
        )
    return [
        {"number": heading.number, "name": heading.name, "tasks": tasks}
        for heading, tasks in under.items()
        if tasks or heading != GENERAL
    ]


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


def _line(facts: Facts, row: Row) -> Data:
    task = facts.tasks[row.task_id]
    return {
        "number": facts.number(task),
        "task": task.name,
        "period": row.period_label,
        "agency": facts.agency(row),
        "first_due_on": iso(row.first_due_on),
        "due_on": iso(row.due_on),
        "percent_done": row.percent_done,
        "heard_on": iso(row.last_heard_on) if row.has_reported else "",
        "said": row.last_said,
    }


def _group(rows: Iterable[Row], key: Callable[[Row], Any]) -> defaultdict[Any, list[Row]]:
    grouped: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        grouped[key(row)].append(row)
    return grouped
