"""The demonstration plans: true to their documents, and something to show on each page."""

from collections import Counter
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from agencies import reference
from agencies.access import rights_of
from agencies.models import Agency, Membership, User
from agencies.states import Role
from indicators.reference import load_indices
from plans import demo
from plans.demo.accounts import load_accounts
from plans.demo.days import Calendar
from plans.demo.later_documents import load_later_documents
from plans.demo.real_plans import load_real_plans
from plans.demo.rows import read_rows
from plans.demo.this_year import load_this_year
from plans.models import (
    Assignment,
    Event,
    Evidence,
    Extension,
    Plan,
    ProgressReport,
    Task,
)
from plans.states import Decision, PlanStatus, Standing, Status

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
WEEK_LATER = TODAY + timedelta(days=7)


@pytest.fixture(scope="module", autouse=True)
def _reference(django_db_setup, django_db_blocker):
    """Reference data for the module, in a transaction that is rolled back after it."""
    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        reference.load_provinces()
        reference.load_agencies()
        load_indices()
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


@pytest.fixture(scope="module")
def demo_rows(_reference, django_db_blocker):
    """The whole demonstration as loaded on TODAY."""
    with django_db_blocker.unblock():
        load_real_plans()
        return load_this_year(load_accounts(TODAY), TODAY)


@pytest.fixture
def plan(demo_rows):
    return demo_rows


@pytest.fixture
def rows(plan):
    return Assignment.objects.filter(plan=plan)


def counts():
    models = (Plan, Task, Assignment, Event, Evidence, Extension, ProgressReport, User, Membership)
    return [model.objects.count() for model in models]


@pytest.mark.parametrize(
    ("number", "issued_on", "province", "number_of_tasks"),
    [
        ("149/KH-UBND", date(2021, 3, 30), "Lào Cai", 12),
        ("193/KH-UBND", date(2021, 12, 17), "Bạc Liêu", 15),
        ("139/KH-UBND", date(2022, 7, 12), "Đắk Lắk", 10),
        ("04/KH-BBT", date(2022, 2, 25), "Sơn La", 8),
    ],
)
def test_a_real_plan_keeps_the_facts_of_its_document(
    plan, number, issued_on, province, number_of_tasks
):
    real = Plan.objects.get(number=number, is_illustrative=False)
    assert (real.issued_on, real.province.name) == (issued_on, province)
    assert real.tasks.count() == number_of_tasks
    assert real.status == PlanStatus.CLOSED


def test_the_plan_of_a_department_stands_under_its_province_without_number_or_date(plan):
    real = Plan.objects.get(number="", year=2022)
    assert (real.province.name, real.issued_on) == ("Khánh Hòa", None)
    assert "39,14" in real.baseline
    assert {task.lead_agency.name for task in real.tasks.all()} == {"Sở Thông tin và Truyền thông"}


def test_targets_of_real_plans_are_arithmetic(plan):
    rank = Plan.objects.get(number="193/KH-UBND").targets.get(metric="rank")
    assert (rank.operator, rank.value, rank.year) == ("<=", 20, 2025)
    rise = Plan.objects.get(number="149/KH-UBND").targets.get(metric="rank_up")
    assert (rise.value, rise.baseline_year) == (5, 2020)


def test_nobodys_progress_is_invented_for_a_real_plan(plan):
    assert not Assignment.objects.filter(plan__is_illustrative=False).exists()


def test_every_agency_named_by_a_plan_existed_on_its_day(plan):
    for one in Plan.objects.all():
        day = one.issued_on or one.period_start
        valid = set(
            Agency.objects.filter(province=one.province).valid_on(day).values_list("pk", flat=True)
        )
        named = {task.lead_agency_id for task in one.tasks.all() if task.lead_agency_id}
        named |= {agency.pk for task in one.tasks.all() for agency in task.supporters.all()}
        assert named
        assert named <= valid


def test_the_invented_plan_says_that_it_is_one(plan):
    assert plan.is_illustrative
    assert "(minh họa)" in plan.title
    assert plan.province.code == "15"
    assert plan.status == PlanStatus.ACTIVE
    assert Plan.objects.filter(is_illustrative=True).count() == 1


def test_it_has_96_tasks_over_all_eight_dimensions(plan):
    dimensions = Counter(
        plan.tasks.values_list("primary_component__stable_key", flat=True).order_by()
    )
    assert sum(dimensions.values()) == 96
    assert {f"D{number}" for number in range(1, 9)} <= set(dimensions)
    assert plan.tasks.filter(is_cross_cutting=True).count() == 4


def test_every_standing_is_there_to_be_seen(rows):
    tally = rows.tally(TODAY)
    for standing in Standing:
        assert getattr(tally, standing.value) > 0, standing
    assert set(rows.values_list("status", flat=True)) == set(Status.values)


def test_there_is_something_on_every_list(rows):
    assert rows.waiting().count() == 5
    assert 5 <= rows.silent(TODAY).count() <= 8
    assert rows.open().filter(due_on=TODAY).count() == 2
    assert rows.open().filter(due_on__range=(TODAY, WEEK_LATER)).count() >= 6
    ages = [row.days_overdue(TODAY) for row in rows.overdue(TODAY)]
    assert min(ages) <= 30 < max(ages)
    assert sum(age > 120 for age in ages) == 2
    decisions = Counter(Extension.objects.values_list("decision", flat=True))
    assert decisions == {Decision.WAITING: 3, Decision.APPROVED: 5, Decision.REFUSED: 1}
    assert Event.objects.open_directions().count() == 2
    assert rows.overdue(TODAY).filter(agency__is_requested=True).exists()


def test_the_head_of_the_offered_department_has_work_in_every_bucket(rows):
    own = rows.filter(agency__code="SKHCN")
    assert own.overdue(TODAY).exists()
    assert own.open().filter(due_on__range=(TODAY, WEEK_LATER)).exists()
    assert own.unreported().filter(due_on__gt=WEEK_LATER).exists()
    assert own.waiting().exists()


def test_nothing_happens_before_the_plan_or_after_yesterday(plan):
    days = [
        timezone.localdate(moment) for moment in Event.objects.values_list("happened_at", flat=True)
    ]
    assert min(days) == plan.issued_on
    assert max(days) < TODAY


def test_events_of_an_assignment_follow_one_another(rows):
    for row in rows.prefetch_related("events"):
        moments = [event.happened_at for event in sorted(row.events.all(), key=lambda e: e.pk)]
        assert moments == sorted(moments), row.task.number_in_plan


def test_history_tells_the_state_of_a_day_in_the_past(rows):
    row = rows.filter(status=Status.DONE, period_label="").order_by("-done_on").first()
    confirmed = row.events.get(kind="confirm").happened_at
    assert row.history.as_of(confirmed - timedelta(days=1)).status != Status.DONE
    assert row.history.as_of(confirmed + timedelta(seconds=1)).status == Status.DONE
    days = [timezone.localdate(m) for m in row.history.values_list("history_date", flat=True)]
    assert max(days) < TODAY


def test_every_lead_has_a_head_who_gets_the_mail(rows):
    heads = Membership.objects.filter(role=Role.HEAD).values("agency")
    assert not rows.exclude(agency__in=heads).exists()


def test_each_account_can_sign_in_and_reaches_what_its_hint_promises(plan, client):
    for account in demo.ACCOUNTS:
        assert client.login(username=account.email, password=demo.PASSWORD)
        rights = rights_of(User.objects.get(email=account.email))
        assert account.role in rights.roles
        assert (plan.province_id in rights.provinces) == account.email.endswith("@laocai.example")
    administrator = User.objects.get(email="quan-tri@laocai.example")
    assert Plan.objects.visible_to(administrator).count() == 6


def test_loading_again_changes_nothing(plan):
    Plan.objects.filter(pk=plan.pk).update(title="Người dùng đã sửa")
    head = User.objects.get(email="giam-doc@laocai.example")
    head.set_password("mat-khau-khac")
    head.save()
    before = counts()
    assert load_real_plans() == []
    assert load_this_year(load_accounts(TODAY), TODAY) is None
    assert counts() == before
    assert User.objects.get(pk=head.pk).check_password("mat-khau-khac")
    assert Plan.objects.get(pk=plan.pk).title == "Người dùng đã sửa"


def test_the_command_prints_the_standings_and_the_accounts(plan, capsys):
    call_command("load_demo")
    printed = capsys.readouterr().out
    assert "96 nhiệm vụ" in printed
    assert all(str(standing.label) in printed for standing in Standing)
    assert all(account.email in printed for account in demo.ACCOUNTS)


@pytest.mark.parametrize("today", [TODAY, date(2026, 1, 10), date(2027, 3, 1)])
def test_a_document_amends_it_and_the_next_plan_carries_work_on(today, plan):
    Plan.objects.filter(pk=plan.pk).update(is_illustrative=False, number="")
    people = load_accounts(today)
    plan = load_this_year(people, today)
    draft = load_later_documents(plan, people, today)
    amendment = Plan.objects.get(amends=plan)
    assert amendment.status == PlanStatus.APPLIED
    assert set(amendment.changes.values_list("kind", flat=True)) == {"added", "changed", "stopped"}
    assert draft.is_draft
    assert draft.tasks.filter(is_carried_over=True, ends_origin=True).count() >= 1


@pytest.mark.parametrize("today", [date(2026, 1, 10), date(2027, 3, 1)])
def test_it_can_be_loaded_on_any_day(today, plan):
    Plan.objects.filter(pk=plan.pk).update(is_illustrative=False, number="")
    plan = load_this_year(load_accounts(today), today)
    rows = Assignment.objects.filter(plan=plan)
    tally = rows.tally(today)
    assert plan.period_start <= today <= plan.period_end
    for standing in Standing:
        assert getattr(tally, standing.value) > 0, standing
    events = Event.objects.filter(assignment__plan=plan)
    assert timezone.localdate(max(events.values_list("happened_at", flat=True))) < today


@pytest.mark.parametrize("month", range(1, 13))
def test_deadlines_are_written_for_any_day_of_the_year(month):
    for day in (1, 15, 28):
        calendar = Calendar.around(date(2027, month, day))
        assert calendar.issued_on < calendar.today <= calendar.period_end
        for row in read_rows("tasks_this_year.csv"):
            assert calendar.written(row["when"])
