"""A report on a past day reads in the words of that day: before names changed or tasks went."""

from datetime import date

import pytest
import time_machine

from agencies.models import Agency
from plans.models import Assignment, Task
from plans.reports import periods
from plans.reports.kinds import KINDS
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from tests.factories import at, make_agency

pytestmark = pytest.mark.django_db

THEN = date(2026, 5, 20)


@pytest.fixture
def read(plan):
    def figures(as_of=THEN):
        period = periods.custom(date(2026, 4, 1), as_of)
        scope = Scope(ReportKind.PROGRESS, plan.province, period, plan)
        return KINDS[ReportKind.PROGRESS].read(scope, at(2026, 6, 15, 9))

    return figures


def listed(figures):
    return [task for group in figures["tasks"] for task in group["tasks"]]


@pytest.fixture
def old_work(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        agency = make_agency(name="Sở Giao thông", province=home.province)
        return give(name="Sửa đường", agency=agency, due_on=date(2026, 5, 15))


def test_an_agency_is_called_as_it_was_called_then(old_work, read):
    agency = Agency.objects.get(name="Sở Giao thông")
    with time_machine.travel(at(2026, 6, 1), tick=False):
        agency.name = "Sở Xây dựng"
        agency.save()
    then, now = read(), read(date(2026, 6, 15))
    assert [line["name"] for line in then["agencies"]] == ["Sở Giao thông"]
    assert listed(then)[0]["lead"] == "Sở Giao thông"
    assert [line["name"] for line in now["agencies"]] == ["Sở Xây dựng"]


def test_a_task_reads_as_it_read_then(old_work, read):
    with time_machine.travel(at(2026, 6, 1), tick=False):
        task = old_work.task
        task.name = "Sửa cầu"
        task.save()
    assert [task["name"] for task in listed(read())] == ["Sửa đường"]
    assert [task["name"] for task in listed(read(date(2026, 6, 15)))] == ["Sửa cầu"]


def test_a_task_deleted_since_is_still_reported_for_that_day(old_work, read, give):
    give(name="Việc khác")
    with time_machine.travel(at(2026, 6, 1), tick=False):
        Assignment.objects.get(pk=old_work.pk).delete()
        Task.objects.get(pk=old_work.task_id).delete()
    then = read()
    assert [task["name"] for task in listed(then)] == ["Sửa đường"]
    assert then["overdue"]["rows"][0]["task"] == "Sửa đường"
    assert [task["name"] for task in listed(read(date(2026, 6, 15)))] == ["Việc khác"]


def test_a_task_added_since_is_not_reported_for_that_day(old_work, read, give):
    with time_machine.travel(at(2026, 6, 1), tick=False):
        give(name="Việc thêm")
    assert [task["name"] for task in listed(read())] == ["Sửa đường"]


def test_where_history_does_not_reach_the_words_of_today_are_taken(old_work, read):
    Task.history.all().delete()
    Agency.history.all().delete()
    then = read()
    assert [task["name"] for task in listed(then)] == ["Sửa đường"]
    assert [line["name"] for line in then["agencies"]] == ["Sở Giao thông"]


def test_a_body_made_one_that_is_only_asked_was_ordered_before(old_work, read):
    agency = Agency.objects.get(name="Sở Giao thông")
    with time_machine.travel(at(2026, 6, 1), tick=False):
        agency.is_requested = True
        agency.save()
    assert read()["totals"]["overdue"] == 1
    assert read(date(2026, 6, 15))["totals"]["assigned"] == 0
