"""A progress report: totals that close, the past as it was, nobody blamed who was only asked."""

import json
from datetime import date

import pytest
import time_machine

from indicators.models import Component, Edition
from indicators.states import Level
from plans import workflow
from plans.models import Assignment, Change, Plan, Target
from plans.reports import periods
from plans.reports.content import ContentError, canonical, fingerprint
from plans.reports.figures.counts import ADDITIVE
from plans.reports.kinds import KINDS, progress
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from plans.states import ChangeKind, PlanKind, PlanStatus
from tests.factories import at, make_group, make_papi, make_plan, make_score, make_task, report
from tests.reports.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


def scope_of(plan, as_of=TODAY, first=None):
    period = periods.custom(first or date(as_of.year, 1, 1), as_of)
    return Scope(ReportKind.PROGRESS, plan.province, period, plan)


def build(plan, as_of=TODAY, now=NOW, first=None):
    return KINDS[ReportKind.PROGRESS].read(scope_of(plan, as_of, first), now)


def every_string(value):
    if isinstance(value, dict):
        for part in value.values():
            yield from every_string(part)
    elif isinstance(value, list):
        for part in value:
            yield from every_string(part)
    elif isinstance(value, str):
        yield value


def test_totals_are_the_tally_of_bodies_that_take_orders(plan, mixed):
    tally = Assignment.objects.filter(plan=plan).orderable().tally(TODAY)
    figures = build(plan)
    for name in ("assigned", "done", "unfinished", "overdue", "due", "due_done", "waiting"):
        assert figures["totals"][name] == getattr(tally, name)
    assert figures["totals"]["assigned"] == 8
    assert figures["totals"]["cancelled"] == 1


def test_dimensions_and_agencies_add_up_to_the_totals(plan, mixed):
    figures = build(plan)
    for parts in (figures["dimensions"], figures["agencies"]):
        for name in ADDITIVE:
            assert sum(part[name] for part in parts) == figures["totals"][name]


def test_all_eight_dimensions_are_listed_even_without_work(plan, give):
    give(number=3)
    lines = build(plan)["dimensions"]
    assert [line["number"] for line in lines] == [*"12345678", ""]
    assert [line["assigned"] for line in lines] == [0, 0, 1, 0, 0, 0, 0, 0, 0]


def test_a_task_that_serves_all_dimensions_stands_under_the_common_ones(plan, home, give):
    task = make_task(plan=plan, lead_agency=home.agency, due_on=date(2026, 7, 1))
    task.primary_component, task.is_cross_cutting = None, True
    task.save()
    give(task=task, due_on=date(2026, 7, 1))
    assert build(plan)["dimensions"][-1]["assigned"] == 1


def test_a_task_that_aims_at_an_indicator_stands_under_its_dimension(plan, home, give):
    dimension = Component.objects.get(stable_key="D2")
    indicator = Component.objects.create(
        index=make_papi(),
        stable_key="I21",
        level=Level.INDICATOR,
        parent=dimension,
        name="Chỉ tiêu",
    )
    task = make_task(
        plan=plan, dimension=indicator, lead_agency=home.agency, due_on=date(2026, 7, 1)
    )
    give(task=task, due_on=date(2026, 7, 1))
    assert build(plan)["dimensions"][1]["assigned"] == 1


def test_bodies_that_are_asked_are_counted_apart_and_never_late(plan, mixed):
    figures = build(plan)
    assert figures["requested"]["assigned"] == 2
    assert [line["name"] for line in figures["requested_agencies"]] == [mixed.front.name]
    late = {line["agency"] for line in figures["overdue"]["rows"]}
    assert mixed.front.name not in late
    work = [work for group in figures["tasks"] for task in group["tasks"] for work in task["work"]]
    said = {row["status"] for row in work if row["agency"] == mixed.front.name}
    assert said == {"Hoàn thành", "Đề nghị phối hợp, đang thực hiện"}


def test_the_overdue_are_listed_longest_first_with_their_bands(plan, mixed):
    overdue = build(plan)["overdue"]
    assert [line["days"] for line in overdue["rows"]] == [135, 15]
    assert [band["count"] for band in overdue["bands"]] == [1, 0, 1]


@pytest.mark.parametrize(
    ("days", "counts"),
    [(1, [1, 0, 0]), (30, [1, 0, 0]), (31, [0, 1, 0]), (120, [0, 1, 0]), (121, [0, 0, 1])],
)
def test_a_delay_falls_into_one_band(plan, give, days, counts):
    give(due_on=date.fromordinal(TODAY.toordinal() - days))
    assert [band["count"] for band in build(plan)["overdue"]["bands"]] == counts


def test_what_is_due_on_the_day_of_the_report_is_not_overdue(plan, give):
    give(due_on=TODAY)
    figures = build(plan)
    assert figures["totals"]["overdue"] == figures["totals"]["due"] == 0
    assert figures["due_next"]["count"] == 1


def test_work_due_in_thirty_days_is_listed_and_later_work_is_not(plan, give):
    give(due_on=date(2026, 7, 15))
    give(due_on=date(2026, 7, 16))
    assert [line["due_on"] for line in build(plan)["due_next"]["rows"]] == ["2026-07-15"]


def test_what_many_agencies_owe_by_one_day_is_one_line_of_what_comes_next(plan, home, give):
    members = [home.agency, home.monitor]
    task = make_task(
        plan=plan, lead_group=make_group(members=members, name="các sở"), due_on=date(2026, 7, 1)
    )
    for agency, percent in zip(members, (10, 40), strict=True):
        give(task=task, agency=agency, due_on=date(2026, 7, 1), percent_done=percent)
    ahead = build(plan)["due_next"]
    assert ahead["count"] == 2
    assert [(line["agency"], line["percent"]) for line in ahead["rows"]] == [
        ("các sở (2 phần việc)", "10–40%")
    ]


def test_silent_agencies_are_named_with_the_day_of_their_last_word(plan, home, mixed):
    silent = build(plan)["silent"]
    assert silent == [
        {"name": home.monitor.name, "count": 1, "without_due": 1, "since": "2026-01-02"}
    ]


def test_an_extension_shows_both_dates_and_moves_the_due_date_only(plan, home, give):
    row = give(due_on=date(2026, 6, 20))
    asked = workflow.ask_extension(
        row, by=home.head, now=NOW, reason="Chờ kinh phí", proposed_due_on=date(2026, 8, 1)
    )
    workflow.decide_extension(asked, is_approved=True, by=home.leader, now=NOW)
    figures = build(plan)
    line = figures["extensions"][0]
    assert (line["old_due_on"], line["new_due_on"]) == ("2026-06-20", "2026-08-01")
    assert (line["decision"], line["is_waiting"]) == ("Đồng ý", False)
    assert (line["first_due_on"], line["due_on"]) == ("2026-06-20", "2026-08-01")


def test_a_past_day_is_reported_as_it_was_then(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 5, 20), last_heard_on=date(2026, 5, 1))
    with time_machine.travel(at(2026, 6, 1), tick=False):
        report(row, by=home.head, done=True, now=at(2026, 6, 1))
        workflow.confirm(row, by=home.office, now=at(2026, 6, 1))

    then, now = build(plan, date(2026, 5, 25)), build(plan)
    assert (then["totals"]["overdue"], then["totals"]["done"]) == (1, 0)
    assert then["overdue"]["rows"][0]["days"] == 5
    assert (now["totals"]["overdue"], now["totals"]["done_late"]) == (0, 1)


def test_the_last_moment_of_a_past_day_still_counts(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 7, 1), last_heard_on=date(2026, 5, 1))
    with time_machine.travel(at(2026, 5, 10, 23, 59), tick=False):
        report(row, by=home.head, percent=30, now=at(2026, 5, 10, 23, 59))
    assert build(plan, date(2026, 5, 9))["totals"]["not_started"] == 1
    assert build(plan, date(2026, 5, 10))["totals"]["doing"] == 1


def test_two_changes_of_one_moment_count_once_and_the_last_holds(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 5, 20))
        report(row, by=home.head, done=True, now=at(2026, 5, 1))
        workflow.confirm(row, by=home.office, now=at(2026, 5, 1))
    totals = build(plan, date(2026, 5, 2))["totals"]
    assert (totals["assigned"], totals["done"]) == (1, 1)


def test_a_request_decided_later_was_still_waiting_on_the_day(plan, home, give):
    with time_machine.travel(at(2026, 5, 1), tick=False):
        row = give(due_on=date(2026, 6, 1), last_heard_on=date(2026, 5, 1))
        asked = workflow.ask_extension(
            row, by=home.head, now=at(2026, 5, 1), reason="Chờ", proposed_due_on=date(2026, 8, 1)
        )
    with time_machine.travel(at(2026, 5, 20), tick=False):
        workflow.decide_extension(asked, is_approved=True, by=home.leader, now=at(2026, 5, 20))
    line = build(plan, date(2026, 5, 10))["extensions"][0]
    assert line["is_waiting"]
    assert line["due_on"] == "2026-06-01"


def test_a_period_that_has_not_begun_is_refused(plan, give):
    give()
    with pytest.raises(ContentError, match="16/6/2026"):
        build(plan, date(2026, 9, 14), first=date(2026, 6, 16))


def test_a_period_that_still_runs_is_read_as_it_stands_today(plan, give):
    give(due_on=date(2026, 6, 14))
    figures = build(plan, date(2026, 9, 14), first=date(2026, 6, 15))
    assert figures["as_of"] == "2026-06-15"
    assert figures["totals"]["overdue"] == 1


def test_a_day_before_the_portal_knew_of_the_work_is_refused(plan, give):
    give()
    with pytest.raises(ContentError, match="14/6/2026"):
        build(plan, date(2026, 6, 14))


def test_a_target_is_set_against_the_last_score_published_by_then(plan, home, give):
    give()
    index = make_papi()
    composite = Component.objects.create(
        index=index, stable_key="PAPI", level=Level.COMPOSITE, name="Chỉ số tổng hợp"
    )
    Target.objects.create(plan=plan, position=1, text="Tăng 05 bậc", year=2026, index=index)
    Target.objects.create(plan=plan, position=2, text="Dân hài lòng hơn", year=2026)
    for year, published, printed in (
        (2024, date(2025, 4, 15), "42,10"),
        (2025, date(2026, 5, 5), "43,25"),
        (2026, date(2027, 4, 15), "44,00"),
    ):
        edition = Edition.objects.create(
            index=index,
            year=year,
            structure="a",
            score_min=10,
            score_max=80,
            published_on=published,
        )
        make_score(
            edition=edition,
            component=composite,
            province=home.province,
            value=None,
            as_printed=printed,
        )
    assert [line["latest"] for line in build(plan)["targets"]] == ["Năm 2025: 43,25 điểm", ""]


def test_documents_that_changed_the_plan_by_that_day_are_named_with_their_counts(plan, home, give):
    with time_machine.travel(at(2026, 6, 1, 9), tick=False):
        tasks = [give().task for _ in range(3)]
    for number, day in ((215, date(2026, 6, 1)), (300, date(2026, 6, 14))):
        amendment = make_plan(
            province=home.province,
            amends=plan,
            kind=PlanKind.DECISION,
            number=f"{number}/QĐ-UBND",
            issued_on=day,
            activated_on=day,
            status=PlanStatus.APPLIED,
        )
        changes = [
            Change(amendment=amendment, task=tasks[0], kind=ChangeKind.CHANGED, column="name"),
            Change(amendment=amendment, task=tasks[0], kind=ChangeKind.CHANGED, column="deadline"),
            Change(amendment=amendment, kind=ChangeKind.CHANGED, column="period"),
            Change(amendment=amendment, task=tasks[1], kind=ChangeKind.STOPPED),
            Change(amendment=amendment, task=tasks[2], kind=ChangeKind.ADDED),
        ]
        Change.objects.bulk_create(changes)
    make_plan(province=home.province, amends=plan, status=PlanStatus.DRAFT)
    told = build(plan, as_of=date(2026, 6, 13))["plan"]["amendments"]
    assert told == [
        {
            "name": "Quyết định số 215/QĐ-UBND ngày 01/6/2026",
            "issuer": "UBND tỉnh Lào Cai",
            "applied_on": "2026-06-01",
            "added": 1,
            "changed": 1,
            "stopped": 1,
        }
    ]
    assert len(build(plan)["plan"]["amendments"]) == 2


def test_the_plan_that_was_replaced_is_named(plan, home, give):
    give()
    assert build(plan)["plan"]["replaces"] == ""
    plan.supersedes = make_plan(
        province=home.province, number="20/KH-UBND", issued_on=date(2025, 2, 10)
    )
    plan.save(update_fields=["supersedes"])
    assert (
        build(plan)["plan"]["replaces"]
        == "Kế hoạch số 20/KH-UBND ngày 10/02/2025 của UBND tỉnh Lào Cai"
    )


def test_equal_figures_have_one_text_and_one_fingerprint(plan, mixed):
    first, second = (canonical(build(plan)) for _ in range(2))
    assert first == second
    assert json.loads(first) == build(plan)
    assert fingerprint(first) == fingerprint(second)
    mixed.doing.percent_done = 41
    mixed.doing.save()
    assert fingerprint(canonical(build(plan))) != fingerprint(first)


def test_figures_need_nothing_but_itself(plan, mixed):
    figures = build(plan)
    # No lazy translation, no None that would be printed, no key of a database row.
    text = canonical(figures)
    assert "__proxy__" not in text
    assert "None" not in text
    assert "_id" not in text
    assert all(string == string.strip() for string in every_string(figures))


def test_a_sum_that_does_not_close_stops_the_report(plan, mixed):
    figures = build(plan)
    figures["dimensions"][0]["done"] += 1
    with pytest.raises(ValueError, match="done"):
        progress.check(figures, 11)


def test_figures_take_as_many_queries_for_ten_tasks_as_for_one(plan, give, count_queries):
    def read():
        return build(Plan.objects.get(pk=plan.pk))

    give()
    for_one = count_queries(read)
    for number in range(1, 10):
        give(number=number % 8 + 1, due_on=date(2026, 5, number))
    assert count_queries(read) == for_one
