"""Asking for reports: one per subject and period, days that will not do, codes, large ones."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from plans.reports import codes, periods, services
from plans.reports.models import Report
from plans.reports.periods import PeriodKind
from plans.reports.querysets import ReportQuerySet
from plans.reports.scope import Scope
from plans.reports.services import asking
from plans.reports.states import ReportKind, Stage, State
from tests.factories import make_agency, make_plan
from tests.reports import fakes
from tests.reports.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fakes(monkeypatch):
    fakes.install(monkeypatch)


@pytest.fixture
def ask(plan, home, give):
    give()

    def make(period=fakes.QUARTER, *, by=None, now=NOW, **fields):
        return services.request(
            fakes.scope_of(plan, period, **fields), by=by or home.office, now=now
        )

    return make


def test_whoever_asks_again_for_the_same_gets_the_same_report(ask, home):
    assert ask() == ask(by=home.leader)
    assert Report.objects.count() == 1


def test_other_periods_kinds_and_agencies_are_other_reports(ask, home):
    first, second = home.agency, home.monitor
    asked = [
        ask(),
        ask(fakes.RUNNING),
        ask(kind=ReportKind.LEADER),
        ask(kind=ReportKind.URGING, agencies=[first]),
        ask(kind=ReportKind.URGING, agencies=[second]),
        ask(kind=ReportKind.URGING, agencies=[first, second]),
    ]
    assert len({report.pk for report in asked}) == 6
    assert ask(kind=ReportKind.URGING, agencies=[second, first]) == asked[-1]


def test_a_letter_to_hundreds_of_agencies_has_a_key_that_fits(plan, home):
    agencies = [make_agency(province=home.province, name=f"Xã {number}") for number in range(120)]
    scope = fakes.scope_of(plan, kind=ReportKind.URGING, agencies=agencies)
    report = services.request(scope, by=home.office, now=NOW)
    assert len(report.key) <= 300
    assert report.agencies.count() == 120
    assert services.request(scope, by=home.leader, now=NOW) == report


def test_the_database_refuses_a_second_open_report_of_one_key(ask):
    report = ask()
    report.pk = None
    report.code = codes.draw()
    with pytest.raises(IntegrityError), transaction.atomic():
        report.save(force_insert=True)


def test_of_two_requests_that_arrive_at_once_the_second_finds_the_first(ask, monkeypatch):
    first = ask()
    real, looks = ReportQuerySet.first, []

    def blind_at_first(rows):
        # The second request looked before the first was written.
        looks.append(rows)
        return real(rows) if len(looks) > 1 else None

    monkeypatch.setattr(ReportQuerySet, "first", blind_at_first)
    assert ask() == first
    assert len(looks) == 2


def test_a_draft_that_was_made_is_made_again_for_its_figures_may_have_moved(ask):
    report = services.run(ask(fakes.RUNNING).pk)
    assert (report.stage, report.state) == (Stage.DRAFT, State.DONE)
    again = ask(fakes.RUNNING, now=NOW + timedelta(hours=1))
    assert (again.pk, again.state, again.attempt) == (report.pk, State.QUEUED, 0)


def test_a_frozen_report_is_not_made_again(ask):
    report = services.run(ask().pk)
    assert (report.stage, report.state) == (Stage.FROZEN, State.DONE)
    assert ask(now=NOW + timedelta(hours=1)).state == State.DONE


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_what_failed_or_was_cancelled_is_queued_when_it_is_asked_for_again(ask, state):
    report = ask()
    Report.objects.update(state=state, reason="Ổ đĩa đã đầy.", finished_at=NOW, attempt=3)
    again = ask(now=NOW + timedelta(hours=1))
    assert (again.pk, again.state, again.attempt, again.reason) == (report.pk, State.QUEUED, 0, "")


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (fakes.until(date(2026, 6, 1), date(2026, 6, 16)), "16/6/2026 chưa tới"),
        (fakes.until(date(2026, 6, 16), date(2026, 6, 16)), "bắt đầu ngày 16/6/2026, chưa tới"),
        (periods.window(PeriodKind.QUARTER, 2026, 4), "quý IV năm 2026"),
        (periods.window(PeriodKind.QUARTER, 2026, 1), "giao việc từ ngày 01/4/2026"),
    ],
)
def test_a_period_without_figures_is_refused_with_what_to_choose(ask, period, words):
    with pytest.raises(services.ReportError, match=words):
        ask(period)
    assert not Report.objects.exists()


def test_a_period_that_is_running_may_be_asked_for(ask):
    assert ask(fakes.RUNNING).as_of == date(2026, 9, 14)


def test_a_plan_that_is_not_given_out_can_only_be_printed(home):
    draft = make_plan(province=home.province)
    with pytest.raises(services.ReportError, match="chưa giao việc"):
        services.request(fakes.scope_of(draft), by=home.office, now=NOW)
    scope = fakes.scope_of(draft, kind=ReportKind.PLAN)
    assert services.request(scope, by=home.office, now=NOW).kind == ReportKind.PLAN


@pytest.mark.parametrize("kind", [ReportKind.AGENCY, ReportKind.URGING])
def test_an_agency_has_to_be_chosen_where_the_kind_is_about_one(plan, home, kind):
    owner = plan if kind == ReportKind.URGING else None
    scope = Scope(kind, home.province, fakes.QUARTER, owner)
    with pytest.raises(services.ReportError, match="Hãy chọn"):
        services.request(scope, by=home.office, now=NOW)


def test_a_report_of_many_assignments_is_large(ask, give, monkeypatch):
    assert not ask().is_large
    give()
    monkeypatch.setattr(asking, "LARGE_FROM", 2)
    assert ask(kind=ReportKind.LEADER).is_large
    # The plan has grown since this one was asked for first.
    small = Report.objects.get(kind=ReportKind.PROGRESS)
    services.run(small.pk)
    Report.objects.update(stage=Stage.DRAFT)
    assert services.make_again(small, now=NOW).is_large


def test_cancelling_wins_only_while_the_report_is_being_made(ask):
    report = ask()
    assert services.cancel(report, now=NOW)
    assert not services.cancel(report, now=NOW)
    made = services.run(ask(kind=ReportKind.LEADER).pk)
    assert not services.cancel(made, now=NOW)
    made.refresh_from_db()
    assert made.state == State.DONE


def test_a_cancelled_report_can_be_tried_again(ask):
    report = ask()
    services.cancel(report, now=NOW)
    assert services.make_again(report, now=NOW).state == State.QUEUED
    assert services.run(report.pk).state == State.DONE


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ABCDE-23456", "ABCDE23456"),
        (" abcde 23456 ", "ABCDE23456"),
        ("ABCDE", ""),
        ("ABCDE-2345O", ""),
        ("", ""),
        ("A" * 5000, ""),
    ],
)
def test_a_code_is_read_however_it_is_typed(typed, code):
    assert codes.as_kept(typed) == code


def test_codes_that_are_drawn_are_codes_that_are_read():
    drawn = {codes.draw() for _draw in range(200)}
    assert len(drawn) == 200
    assert all(codes.as_kept(codes.as_printed(code)) == code for code in drawn)


def test_today_is_the_day_the_clock_of_these_tests_shows():
    assert fakes.QUARTER.last < TODAY < fakes.RUNNING.last
