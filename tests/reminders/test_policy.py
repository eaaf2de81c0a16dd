"""Rungs, working days and the ladder of tries."""

from datetime import date, timedelta

import pytest

from plans.reminders import policy
from plans.reminders.states import Kind

DUE_ON = date(2026, 6, 30)
RUNGS = [-30, -15, -7, -3, -1, 0, 7, 14, 21, 28, 35]


@pytest.mark.parametrize("days", range(-40, 41))
def test_the_current_rung_is_the_latest_whose_day_has_come(days):
    expected = max((rung for rung in RUNGS if rung <= days), default=None)
    assert policy.rung_for(DUE_ON, DUE_ON + timedelta(days=days)) == expected


@pytest.mark.parametrize("days", range(-40, 401))
def test_no_rung_is_current_for_longer_than_the_planner_looks_back(days):
    rung = policy.rung_for(DUE_ON, DUE_ON + timedelta(days=days))
    assert rung is None or days - rung < policy.LONGEST_RUNG_DAYS


def test_only_work_past_its_date_is_overdue_and_what_is_asked_never_is():
    assert policy.kind_of(-1, is_requested=False) == Kind.DUE
    assert policy.kind_of(0, is_requested=False) == Kind.DUE
    assert policy.kind_of(7, is_requested=False) == Kind.OVERDUE
    assert {policy.kind_of(step, is_requested=True) for step in RUNGS} == {Kind.REQUEST}


@pytest.mark.parametrize(
    ("day", "is_worked"),
    [
        (date(2026, 10, 12), True),  # Monday
        (date(2026, 10, 16), True),  # Friday
        (date(2026, 10, 17), False),  # Saturday
        (date(2026, 10, 18), False),  # Sunday
        (date(2026, 9, 2), False),  # National Day
        (date(2026, 2, 17), False),  # Tết
        (date(2026, 8, 22), True),  # a Saturday worked for Monday 31 August
        (date(2026, 8, 31), False),
    ],
)
def test_working_days_follow_the_calendar_of_viet_nam(day, is_worked):
    assert policy.is_working_day(day) is is_worked


def test_the_working_day_before_monday_is_friday_and_the_one_after_friday_monday():
    assert policy.previous_working_day(date(2026, 10, 12)) == date(2026, 10, 9)
    assert policy.next_working_day(date(2026, 10, 9)) == date(2026, 10, 12)


def test_a_letter_is_tried_again_after_1_5_15_60_and_240_minutes_and_then_no_more():
    waits = [policy.retry_after(tries) for tries in range(1, 7)]
    assert waits == [*(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)), None]
