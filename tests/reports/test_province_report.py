"""The summary of a province: every plan of the period, agencies counted without names."""

from datetime import date

import pytest

from plans.reports import periods
from plans.reports.figures.rates import below, rate_bands
from plans.reports.kinds import KINDS
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from plans.states import PlanStatus, Status
from tests.factories import make_agency, make_assignment, make_plan, make_province, make_task
from tests.reports.conftest import NOW, TODAY
from tests.reports.contents import paper_of

pytestmark = pytest.mark.django_db


def scope_of(province):
    return Scope(ReportKind.PROVINCE, province, periods.custom(date(2026, 6, 1), TODAY))


def read(province):
    return KINDS[ReportKind.PROVINCE].read(scope_of(province), NOW)


def test_every_plan_that_was_carried_out_in_the_period_is_counted(home, give):
    give(due_on=date(2026, 5, 1))
    for number, status, ended in (
        ("2/KH-UBND", PlanStatus.ACTIVE, None),
        ("3/KH-UBND", PlanStatus.CLOSED, date(2026, 6, 5)),
        ("4/KH-UBND", PlanStatus.CLOSED, date(2026, 5, 5)),
    ):
        plan = make_plan(
            province=home.province,
            number=number,
            status=status,
            activated_on=date(2026, 2, 1),
            ended_on=ended,
        )
        task = make_task(plan=plan, lead_agency=home.agency)
        make_assignment(task=task, agency=home.agency, plan=plan)
    figures = read(home.province)
    assert [line["assigned"] for line in figures["plans"]] == [1, 1, 1]
    assert figures["totals"]["assigned"] == 3
    assert figures["totals"]["overdue"] == 1


def test_work_of_another_province_is_not_counted(home, give):
    give()
    make_assignment(agency=make_agency(province=make_province(name="Sơn La", code="14")))
    assert read(home.province)["totals"]["assigned"] == 1


def test_thresholds_are_counts_of_agencies_and_no_names_stand_beside_them(home, give, settings):
    settings.ON_TIME_PERCENTS = [50, 70, 80]
    past = date(2026, 5, 31)
    give(due_on=past, status=Status.DONE, done_on=date(2026, 5, 1))
    give(agency=home.monitor, due_on=past)
    give(agency=make_agency(name="Sở Y tế", province=home.province), due_on=date(2026, 7, 1))
    bands = read(home.province)["bands"]
    assert [(band["name"], band["count"]) for band in bands] == [
        ("Từ 80% trở lên", 1),
        ("Từ 70% đến dưới 80%", 0),
        ("Từ 50% đến dưới 70%", 0),
        ("Dưới 50%", 1),
        ("Chưa có phần việc đến hạn", 1),
    ]
    table = next(
        one for one in paper_of(scope_of(home.province), NOW).tables() if one.name == "Đúng hạn"
    )
    assert not [cell.text for row in table.rows for cell in row.cells if "Sở" in cell.text]


@pytest.mark.parametrize(
    ("on_time", "due", "band"),
    [
        (4, 5, 0),
        (79, 100, 1),
        (7, 10, 1),
        (69, 100, 2),
        (1, 2, 2),
        (49, 100, 3),
        (0, 1, 3),
        (0, 0, 4),
    ],
)
def test_an_agency_lies_in_one_band(settings, on_time, due, band):
    settings.ON_TIME_PERCENTS = [50, 70, 80]
    counts = [one["count"] for one in rate_bands([{"due_on_time": on_time, "due": due}])]
    assert counts == [int(place == band) for place in range(5)]


def test_those_below_come_lowest_first_and_of_equal_ones_the_one_with_more_work():
    lines = [
        {"name": "a", "due_on_time": 1, "due": 2},
        {"name": "b", "due_on_time": 0, "due": 1},
        {"name": "c", "due_on_time": 0, "due": 3},
        {"name": "d", "due_on_time": 4, "due": 5},
        {"name": "e", "due_on_time": 0, "due": 0},
    ]
    assert [line["name"] for line in below(lines, 80)] == ["c", "b", "a"]


def test_the_usual_monitor_of_the_province_writes(home, give):
    give()
    paper = paper_of(scope_of(home.province), NOW)
    assert paper.head.issuer == ("SỞ NỘI VỤ",)
    assert paper.addressees == ("Ủy ban nhân dân tỉnh Lào Cai",)
