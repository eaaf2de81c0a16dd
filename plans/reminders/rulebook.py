"""Reads the rungs and the calendars of the provinces."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from plans.reminders.expected import Rulebook
from plans.reminders.ladder import DEFAULT, Ladder, sorted_rules
from plans.reminders.models import CalendarDay, CalendarDecision, ProvinceLadder, Rung
from plans.reminders.working_days import NATIONAL, WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

# The Government decides on the holidays of a year in the last months before it.
FIRST_MONTH_OF_WARNING = 10


def read_rulebook(answering: Mapping[int, int]) -> Rulebook:
    """The rules of the provinces that answer and of the plans of all; three queries."""
    ladders: dict[int, Ladder] = {}
    plan_ladders: dict[int, Ladder] = {}
    rungs: dict[int, list[Rung]] = {}
    for rung in Rung.objects.filter(ladder__province__in=set(answering)):
        rungs.setdefault(rung.ladder_id, []).append(rung)
    for row in ProvinceLadder.objects.filter(province__in=set(answering)):
        rules = Ladder(tuple(sorted_rules(rung.rule for rung in rungs.get(row.pk, ()))))
        if row.plan_id is None:
            ladders[row.province_id] = rules
        else:
            plan_ladders[row.plan_id] = rules
    return Rulebook(answering, read_calendars(set(answering.values())), ladders, plan_ladders)


def read_calendars(provinces: Iterable[int]) -> dict[int, WorkingCalendar]:
    """The calendars of those provinces that have decisions of their own; one query."""
    days: dict[int, dict[bool, set[date]]] = {}
    rows = CalendarDay.objects.filter(province__in=set(provinces))
    for province, day, is_working in rows.values_list("province_id", "day", "is_working"):
        days.setdefault(province, {True: set(), False: set()})[is_working].add(day)
    return {
        province: WorkingCalendar(frozenset(own[False]), frozenset(own[True]))
        for province, own in days.items()
    }


def calendar_of(province_id: int) -> WorkingCalendar:
    return read_calendars({province_id}).get(province_id, NATIONAL)


def own_ladder(province_id: int, plan_id: int | None = None) -> ProvinceLadder | None:
    """What the province, or the plan, has chosen itself; None if it goes by what is usual."""
    rows = ProvinceLadder.objects.filter(province=province_id, plan=plan_id)
    return rows.prefetch_related("rungs").first()


def ladder_in_force(province_id: int, plan_id: int | None = None) -> Ladder:
    """The rungs that hold for the plan, or for the province."""
    own = own_ladder(province_id, plan_id) if plan_id else None
    own = own or own_ladder(province_id)
    if own is None:
        return DEFAULT
    return Ladder(tuple(sorted_rules(rung.rule for rung in own.rungs.all())))


def fingerprint(rules: Rulebook, province: int, made_from: Iterable[int]) -> str:
    """Changes with whatever decides when work of the province is told."""
    calendar = rules.calendars.get(province, NATIONAL)
    told = [
        sorted(made_from),
        sorted(map(str, calendar.closed)),
        sorted(map(str, calendar.worked)),
        _words(rules.ladders.get(province, DEFAULT)),
        sorted((plan, _words(own)) for plan, own in rules.plan_ladders.items()),
    ]
    return sha256(repr(told).encode()).hexdigest()


def _words(ladder: Ladder) -> list[str]:
    return sorted(
        f"{rule.kind} {rule.days} {rule.unit} {rule.repeat_days} {sorted(rule.audience)}"
        for rule in ladder.rules
    )


def next_year_if_missing(provinces: Iterable[int], today: date) -> dict[int, int]:
    """From October on: next year, for each province that has not entered its yearly decision."""
    wanted = set(provinces)
    if today.month < FIRST_MONTH_OF_WARNING or not wanted:
        return {}
    year = today.year + 1
    entered = CalendarDecision.objects.filter(province__in=wanted, year=year, is_yearly=True)
    return dict.fromkeys(wanted - set(entered.values_list("province_id", flat=True)), year)
