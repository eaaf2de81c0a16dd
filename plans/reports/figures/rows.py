"""Assignments as they stood on a day: today's rows, or what history kept."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.utils import timezone

from plans.models import Assignment, Extension
from plans.states import UNREPORTED, Decision, Standing, standing

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import timedelta

    from django.db.models import Q


@dataclass(frozen=True)
class Row:
    """The columns of an assignment that a report reads, on the day it is about."""

    id: int
    plan_id: int
    task_id: int
    agency_id: int
    period_label: str
    first_due_on: date | None
    due_on: date | None
    status: str
    percent_done: int
    done_on: date | None
    last_heard_on: date
    last_said: str
    has_reported: bool

    def standing(self, as_of: date) -> Standing:
        return standing(self.status, self.due_on, self.done_on, as_of)

    def is_past_due(self, as_of: date) -> bool:
        return self.due_on is not None and self.due_on < as_of

    def days_overdue(self, as_of: date) -> int:
        """Full days since the due date, 0 if it is not overdue."""
        is_overdue = self.standing(as_of) == Standing.OVERDUE and self.due_on is not None
        return (as_of - self.due_on).days if is_overdue and self.due_on else 0

    def is_silent(self, as_of: date, after: timedelta) -> bool:
        return self.status in UNREPORTED and self.last_heard_on < as_of - after


@dataclass(frozen=True)
class Request:
    """A request for more time as it stood on the day of the report."""

    assignment_id: int
    asked_on: date
    old_due_on: date
    proposed_due_on: date
    reason: str
    decision: Decision
    decided_on: date | None


COLUMNS = tuple(field.name for field in fields(Row))


def end_of(day: date) -> datetime:
    """The last moment of `day` in Việt Nam."""
    return timezone.make_aware(datetime.combine(day, time.max))


def start_of(day: date) -> datetime:
    """The first moment of `day` in Việt Nam."""
    return timezone.make_aware(datetime.combine(day, time.min))


def rows_on(which: Q, as_of: date, today: date) -> list[Row]:
    """One query; `which` names columns of an assignment.

    Days before `today` are read from history, as they stood at the end of the day.
    """
    if as_of == today:
        current = Assignment.objects.filter(which).order_by("pk")
        return [Row(*values) for values in current.values_list(*COLUMNS)]

    past = Assignment.history.as_of(end_of(as_of)).filter(which).order_by("history_id")
    # Two changes of one moment are both the latest; the one written last holds.
    by_id = {values[0]: Row(*values) for values in past.values_list(*COLUMNS)}
    return [by_id[pk] for pk in sorted(by_id)]


def requests_on(plans: Collection[int], as_of: date) -> list[Request]:
    """Requests made until the end of `as_of`; one decided later was still waiting then."""
    end = end_of(as_of)
    asked = Extension.objects.filter(assignment__plan__in=plans, asked_at__lte=end)
    return [_request(row, end) for row in asked.order_by("asked_at", "pk")]


def _request(row: Extension, end: datetime) -> Request:
    was_decided = row.decided_at is not None and row.decided_at <= end
    return Request(
        assignment_id=row.assignment_id,
        asked_on=timezone.localdate(row.asked_at),
        old_due_on=row.old_due_on,
        proposed_due_on=row.proposed_due_on,
        reason=row.reason,
        decision=Decision(row.decision) if was_decided else Decision.WAITING,
        decided_on=timezone.localdate(row.decided_at) if was_decided else None,
    )
