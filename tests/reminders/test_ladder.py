"""Rungs and working days."""

from datetime import date, timedelta

import pytest

from plans.reminders.ladder import DEFAULT, Ladder, Rule, described
from plans.reminders.states import Audience, Kind, Unit
from plans.reminders.working_days import NATIONAL, WorkingCalendar

OFFICER = frozenset({Audience.OFFICER})
TUESDAY = date(2026, 6, 30)


def current(rules, anchor, today, calendar=NATIONAL, family=Kind.DUE):
    return Ladder(tuple(rules)).current(family, Audience.OFFICER, anchor, today, calendar)


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
    assert NATIONAL.is_working_day(day) is is_worked


def test_decisions_of_a_province_close_days_and_have_others_worked():
    storm, saturday = date(2026, 10, 13), date(2026, 10, 17)
    calendar = WorkingCalendar(frozenset({storm}), frozenset({saturday}))
    assert not calendar.is_working_day(storm)
    assert calendar.is_working_day(saturday)
    assert calendar.moved(date(2026, 10, 12), 1) == date(2026, 10, 14)
    assert calendar.on_or_after(saturday) == saturday
    assert calendar.on_or_before(storm) == date(2026, 10, 12)


def test_working_days_are_counted_over_weekends_both_ways():
    assert NATIONAL.moved(date(2026, 10, 9), 1) == date(2026, 10, 12)
    assert NATIONAL.moved(date(2026, 10, 12), -1) == date(2026, 10, 9)
    assert NATIONAL.moved(date(2026, 10, 9), 10) == date(2026, 10, 23)


def test_a_rung_before_tet_goes_to_the_last_working_day_and_one_after_to_the_first():
    due_on = date(2026, 2, 19)  # a day of Tết
    assert Rule(Kind.DUE, 0, OFFICER).first_day(due_on, NATIONAL) == date(2026, 2, 13)
    assert Rule(Kind.OVERDUE, 1, OFFICER).first_day(due_on, NATIONAL) == date(2026, 2, 23)


def test_working_days_before_and_after_a_date():
    before = Rule(Kind.DUE, 3, OFFICER, Unit.WORKING_DAY)
    after = Rule(Kind.ESCALATION, 3, OFFICER, Unit.WORKING_DAY)
    assert before.first_day(TUESDAY, NATIONAL) == date(2026, 6, 25)
    assert after.first_day(TUESDAY, NATIONAL) == date(2026, 7, 3)


@pytest.mark.parametrize("days", range(-40, 60))
def test_the_current_rung_is_the_latest_whose_day_has_come(days):
    today = TUESDAY + timedelta(days=days)
    rules = [Rule(Kind.DUE, before, OFFICER) for before in (30, 7, 0)]
    rules.append(Rule(Kind.OVERDUE, 7, OFFICER, repeat_days=7))
    found = current(rules, TUESDAY, today)
    come = {
        on: number
        for number in (-30, -7, 0, *range(7, 70, 7))
        if (on := _shifted(TUESDAY + timedelta(days=number), number)) <= today
    }
    assert (found and (found.on, found.number)) == (max(come.items()) if come else None)


def _shifted(day, number):
    return NATIONAL.on_or_before(day) if number <= 0 else NATIONAL.on_or_after(day)


def test_nothing_has_come_before_the_first_rung():
    assert current([Rule(Kind.DUE, 7, OFFICER)], TUESDAY, TUESDAY - timedelta(days=8)) is None


def test_of_a_body_that_is_asked_nobody_above_hears_and_nothing_is_silent():
    late = TUESDAY + timedelta(days=100)
    for audience in Audience:
        step = DEFAULT.current(Kind.DUE, audience, TUESDAY, late, NATIONAL, is_requested=True)
        assert bool(step) == (audience in {Audience.OFFICER, Audience.HEAD})
        assert not step or step.kind != Kind.ESCALATION
        silent = DEFAULT.current(Kind.SILENCE, audience, TUESDAY, late, NATIONAL, is_requested=True)
        assert silent is None


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Rule(Kind.DUE, 7, OFFICER), "Trước hạn 7 ngày: nhắc cán bộ."),
        (
            Rule(Kind.DUE, 0, OFFICER | {Audience.HEAD}),
            "Đúng ngày đến hạn: nhắc cán bộ, thủ trưởng.",
        ),
        (
            Rule(Kind.ESCALATION, 5, frozenset({Audience.OFFICE}), Unit.WORKING_DAY),
            "Quá hạn 5 ngày làm việc: báo lên đầu mối.",
        ),
        (
            Rule(Kind.SILENCE, 90, OFFICER, repeat_days=30),
            "Đủ 90 ngày không báo cáo: nhắc cán bộ, rồi cứ 30 ngày một lần.",
        ),
    ],
)
def test_a_rung_says_in_a_sentence_what_it_means(rule, sentence):
    assert described(rule) == sentence
