"""Which reminders a change of the calendar moves: from which day to which, and how many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count

from plans.models import Assignment
from plans.reminders.ladder import family_of
from plans.reminders.rulebook import read_rulebook
from plans.reminders.states import Kind
from plans.reminders.working_days import WorkingCalendar
from plans.states import UNREPORTED, PlanStatus, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from plans.reminders.ladder import Rule


@dataclass(frozen=True, order=True)
class Move:
    """So many rungs of assignments that come on another day."""

    old: date
    new: date
    count: int


def with_days(
    calendar: WorkingCalendar, closed: Collection[date], worked: Collection[date]
) -> WorkingCalendar:
    return WorkingCalendar(calendar.closed | set(closed), calendar.worked | set(worked))


def without_days(calendar: WorkingCalendar, days: Collection[date]) -> WorkingCalendar:
    return WorkingCalendar(calendar.closed - set(days), calendar.worked - set(days))


def moved(province: int, made_from: Iterable[int], new: WorkingCalendar, today: date) -> list[Move]:
    """What the calendar `new` moves of all that is to come after `today`; five queries.

    Deadlines stay. Of a rung that recurs the next time is counted.
    """
    rules = read_rulebook(dict.fromkeys(made_from, province))
    old = rules.calendar_of(province)
    counts: dict[tuple[date, date], int] = {}
    for family, plan, anchor, rows in _anchors(made_from):
        for rule in rules.ladder_of(plan, province).rules:
            if family_of(rule.kind) != family:
                continue
            before, after = (_next(rule, anchor, today, each) for each in (old, new))
            if before and after and before != after:
                counts[before, after] = counts.get((before, after), 0) + rows
    return sorted(Move(before, after, rows) for (before, after), rows in counts.items())


def _anchors(provinces: Iterable[int]) -> Iterator[tuple[Kind, int, date, int]]:
    """Family, plan and day that rungs count from, with how many assignments have them."""
    active = Assignment.objects.filter(
        province__in=list(provinces), plan__status=PlanStatus.ACTIVE
    ).order_by()
    for family, column, statuses in (
        (Kind.DUE, "due_on", UNREPORTED),
        (Kind.SILENCE, "last_heard_on", UNREPORTED),
        (Kind.WAITING, "last_heard_on", {Status.REPORTED}),
    ):
        rows = active.filter(status__in=statuses, **{f"{column}__isnull": False})
        for plan, day, count in rows.values_list("plan_id", column).annotate(rows=Count("pk")):
            yield family, plan, day, count


def _next(rule: Rule, anchor: date, today: date, calendar: WorkingCalendar) -> date | None:
    """The first day after `today` on which the rung comes; None if it has come for good."""
    first = rule.first_day(anchor, calendar)
    if first > today or not rule.repeat_days:
        return first if first > today else None
    times = (today - first).days // rule.repeat_days
    while True:
        on = calendar.on_or_after(first + timedelta(days=times * rule.repeat_days))
        if on > today:
            return on
        times += 1
