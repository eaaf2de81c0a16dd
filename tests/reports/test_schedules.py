"""Scheduled reports: once per cut-off, after days off all of them, told to those who wait."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from agencies.models import Membership
from plans.reminders.models import Notice
from plans.reports import jobs, services
from plans.reports.models import Report, ReportSchedule
from plans.reports.periods import PeriodKind
from plans.reports.services import scheduling
from plans.reports.states import State
from plans.states import PlanStatus
from tests.factories import at
from tests.reports import fakes
from tests.reports.conftest import NOW

pytestmark = pytest.mark.django_db

MONTH, QUARTER = PeriodKind.MONTH, PeriodKind.QUARTER
# The month that runs on 15/6/2026 ends on 14/7, the quarter on 14/9.
LAST_DAY = at(2026, 7, 14, 23, 59)
OVER = at(2026, 7, 15, 0)


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    fakes.install(monkeypatch)
    ids = []
    monkeypatch.setattr(jobs, "wake", lambda report: ids.append(report.pk))
    return ids


@pytest.fixture
def schedule(plan, home, give):
    give()

    def make(*kinds, readers=()):
        services.set_schedules(plan, kinds or [MONTH], readers, by=home.office, now=NOW)

    return make


def periods():
    return sorted(report.period.code for report in Report.objects.all())


def test_a_report_is_asked_for_once_its_cut_off_day_is_over(schedule, home):
    schedule()
    assert services.ask_due(now=LAST_DAY) == []
    asked = services.ask_due(now=OVER)
    assert periods() == ["2026-M07"]
    assert (asked[0].requested_by, asked[0].kind) == (home.office, "progress")
    assert services.ask_due(now=OVER) == []
    assert services.ask_due(now=OVER + timedelta(days=1)) == []


def test_a_period_that_was_over_before_the_schedule_was_set_is_not_made(schedule):
    schedule(MONTH, QUARTER)
    assert services.ask_due(now=NOW) == []


def test_after_days_off_every_period_is_made_and_no_more(schedule):
    schedule(MONTH, QUARTER)
    services.ask_due(now=at(2026, 9, 20))
    assert periods() == ["2026-M07", "2026-M08", "2026-M09", "2026-Q3"]


def test_two_beats_make_one_report(schedule):
    schedule()
    blind = ReportSchedule.objects.select_related("plan__province", "made_by").get()
    services.ask_due(now=OVER)
    period = next(scheduling._closed_since(blind, date(2026, 7, 15)))
    assert scheduling._ask(blind, period, now=OVER) is None
    assert Report.objects.count() == 1


def test_a_discarded_report_does_not_come_back(schedule):
    schedule()
    services.discard(services.ask_due(now=OVER)[0])
    assert services.ask_due(now=OVER) == []


def test_a_report_that_people_asked_for_already_is_not_made_twice_but_told(schedule, plan, home):
    schedule(readers=[home.leader])
    july = services.request(
        fakes.scope_of(plan, fakes.periods.window(MONTH, 2026, 7)), by=home.leader, now=NOW
    )
    assert services.ask_due(now=OVER) == [july]
    assert Report.objects.count() == 1
    services.run(july.pk, clock=lambda: OVER)
    assert services.announce(now=OVER) == 1
    assert Notice.objects.get().recipient == home.leader


def test_a_plan_that_has_ended_is_left_alone(schedule, plan):
    schedule()
    plan.status = PlanStatus.CLOSED
    plan.save()
    assert services.ask_due(now=OVER) == []


def test_those_who_wait_are_told_once_when_the_report_is_there(schedule, home):
    schedule(readers=[home.leader])
    report = services.ask_due(now=OVER)[0]
    assert services.announce(now=OVER) == 0
    services.run(report.pk, clock=lambda: OVER)
    assert services.announce(now=OVER) == 1
    assert services.announce(now=OVER) == 0
    notice = Notice.objects.get()
    assert (notice.recipient, notice.url) == (home.leader, report.get_absolute_url())
    assert "tháng 07 năm 2026 của 149/KH-UBND" in notice.text


def test_those_who_wait_are_told_that_it_failed(schedule, home):
    schedule(readers=[home.leader])
    services.ask_due(now=OVER)
    Report.objects.update(state=State.FAILED, reason="Ổ đĩa đã đầy.")
    services.announce(now=OVER)
    assert "Không lập được" in Notice.objects.get().text


def test_who_may_no_longer_read_is_not_told(schedule, home):
    schedule(readers=[home.leader])
    report = services.ask_due(now=OVER)[0]
    services.run(report.pk, clock=lambda: OVER)
    Membership.objects.filter(user=home.leader).update(ends_on=date(2026, 7, 1))
    services.announce(now=OVER)
    assert not Notice.objects.exists()


def test_the_job_asks_wakes_and_tells(schedule, home, woken, monkeypatch):
    schedule(readers=[home.leader])
    monkeypatch.setattr(jobs.timezone, "now", lambda: OVER)
    jobs.ask_scheduled_reports()
    assert woken == [Report.objects.get().pk]


def url(plan):
    return reverse("reports:schedules", args=[plan.pk])


def test_a_schedule_is_set_changed_and_taken_away(plan, home, client_of):
    client = client_of(home.office)
    offered = dict(client.get(url(plan)).context["form"].fields["readers"].choices)
    assert set(offered) == {home.office.pk, home.leader.pk, home.administrator.pk}
    client.post(url(plan), {"kinds": ["month", "quarter"], "readers": [home.leader.pk]})
    assert plan.report_schedules.count() == 2
    kept = plan.report_schedules.get(period_kind="month")
    assert list(kept.readers.all()) == [home.leader]
    client.post(url(plan), {"kinds": ["month"], "readers": []})
    assert plan.report_schedules.get() == kept
    client.post(url(plan), {})
    assert not plan.report_schedules.exists()


def test_odd_choices_are_refused(plan, home, stranger, client_of):
    client = client_of(home.office)
    for data in ({"kinds": ["custom"]}, {"kinds": ["month"], "readers": [stranger.pk]}):
        assert client.post(url(plan), data).status_code == 422
    assert not plan.report_schedules.exists()


def test_only_who_may_ask_for_reports_sets_schedules(plan, home, stranger, client_of):
    for person, status in ((home.administrator, 403), (home.head, 403), (stranger, 404)):
        assert client_of(person).get(url(plan)).status_code == status
        assert client_of(person).post(url(plan), {"kinds": ["month"]}).status_code == status
    assert client_of(home.leader).get(url(plan)).status_code == 200
    assert client_of(home.leader).put(url(plan)).status_code == 405


def test_the_page_of_the_plan_names_the_schedule(plan, home, schedule, client_of):
    schedule(QUARTER)
    page = client_of(home.office).get(reverse("reports:plan_reports", args=[plan.pk]))
    assert "Quý" in page.content.decode().partition('id="schedules"')[2]
