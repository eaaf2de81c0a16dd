"""Counts close, and what SQL says of a row is what Python says of it."""

from collections import Counter
from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from django.utils import timezone

from plans.models import Assignment
from plans.querysets import Tally
from plans.states import Standing, Status, Urgency, standing, urgency
from tests.factories import make_agency, make_assignment, make_plan, make_task

pytestmark = pytest.mark.django_db

TODAY = date(2026, 6, 15)


def make_one_of_each():
    agency = make_agency()
    plan = make_plan(province=agency.province, status="active")
    days = [None, TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=1)]
    for status, due_on in product(Status, days):
        done_days = [TODAY - timedelta(days=2), TODAY] if status == Status.DONE else [None]
        for done_on in done_days:
            fields = {"done_on": done_on} if done_on else {}
            row = make_assignment(
                agency=agency,
                task=make_task(plan=plan, lead_agency=agency),
                status=status,
                **fields,
            )
            Assignment.objects.filter(pk=row.pk).update(due_on=due_on, first_due_on=due_on)


def test_sql_and_python_agree_on_the_standing_of_every_kind_of_row():
    make_one_of_each()
    rows = Assignment.objects.with_standing(TODAY)
    assert len(rows) == 24
    for row in rows:
        assert row.standing == standing(row.status, row.due_on, row.done_on, TODAY)
    assert {row.standing for row in rows} == set(Standing)


def test_sql_and_python_agree_on_how_urgent_each_kind_of_row_is():
    make_one_of_each()
    make_assignment(due_on=TODAY + timedelta(days=6))
    make_assignment(due_on=TODAY + timedelta(days=7))
    counts = Assignment.objects.urgency_counts(TODAY)
    of_turn = Counter(urgency(row.due_on, TODAY) for row in Assignment.objects.unreported())
    assert counts == {
        "overdue": of_turn[Urgency.OVERDUE],
        "this_week": of_turn[Urgency.SOON],
        "later": of_turn[Urgency.LATER],
        "without_date": of_turn[Urgency.NO_DUE],
        "waiting": Assignment.objects.waiting().count(),
    }
    assert set(of_turn) == set(Urgency)


def test_the_parts_of_a_tally_add_up_to_all_rows_that_are_not_cancelled():
    make_one_of_each()
    tally = Assignment.objects.tally(TODAY)
    live = Assignment.objects.exclude(status=Status.CANCELLED).count()
    assert tally.assigned == live
    assert tally.done + tally.unfinished == live
    assert tally.due == tally.due_done + tally.overdue
    assert tally.cancelled == Assignment.objects.filter(status=Status.CANCELLED).count()


def test_tallies_by_dimension_add_up_to_the_tally_of_all():
    make_one_of_each()
    parts = Assignment.objects.tally_by("primary_component", TODAY)
    assert sum(part.assigned for part in parts.values()) == (
        Assignment.objects.tally(TODAY).assigned
    )


def test_nothing_assigned_is_no_rate_and_not_zero_percent():
    assert Assignment.objects.tally(TODAY) == Tally()
    assert Tally().due_percent is None


def test_what_is_due_today_is_not_overdue_and_from_midnight_in_vietnam_it_is():
    row = make_assignment(due_on=TODAY)
    with time_machine.travel("2026-06-15T16:59:00Z", tick=False):
        assert not row.is_overdue(timezone.localdate())
    with time_machine.travel("2026-06-15T17:00:00Z", tick=False):
        assert row.is_overdue(timezone.localdate())
        assert row.days_overdue(timezone.localdate()) == 1
