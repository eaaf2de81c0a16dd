"""Giving out a plan: what it lacks is named, groups and periods are written out, once."""

from datetime import date

import pytest
from django.utils import timezone

from agencies.states import AgencyKind
from plans import services
from plans.models import Assignment, Plan
from plans.states import DeadlineKind, PlanStatus, Recurrence
from tests.conftest import count_queries
from tests.factories import (
    make_agency,
    make_group,
    make_plan,
    make_province,
    make_task,
)

pytestmark = pytest.mark.django_db
TODAY = date(2021, 4, 5)


def make_plan_of_2021(**fields):
    return make_plan(
        number="149/KH-UBND",
        issued_on=date(2021, 3, 30),
        year=2021,
        period_start=date(2021, 1, 1),
        period_end=date(2021, 12, 31),
        **fields,
    )


def activate(plan):
    return services.activate(plan, by=None, today=TODAY, now=timezone.now())


def test_a_plan_without_tasks_is_not_given_out():
    with pytest.raises(services.IncompletePlanError):
        activate(make_plan_of_2021())


def test_every_missing_cell_is_named_and_nothing_is_given_out():
    plan = make_plan_of_2021()
    make_task(plan=plan, lead_agency=None, primary_component=None, deadline_kind="")
    plan.tasks.update(primary_component=None)
    with pytest.raises(services.IncompletePlanError) as refused:
        activate(plan)
    assert [problem.field for problem in refused.value.problems] == [
        "lead",
        "dimensions",
        "deadline",
    ]
    assert Plan.objects.get().status == PlanStatus.DRAFT
    assert not Assignment.objects.exists()


def test_a_group_gives_one_assignment_to_each_member_that_existed_on_the_day_of_the_plan():
    old = make_agency(name="Sở Thông tin và Truyền thông", valid_to=date(2025, 2, 28))
    kept = make_agency(name="Sở Nội vụ")
    new = make_agency(name="Sở Dân tộc và Tôn giáo", valid_from=date(2025, 3, 1))
    group = make_group(members=[old, kept, new])
    plan = make_plan_of_2021(province=old.province)
    make_task(plan=plan, lead_group=group)
    activate(plan)
    assert set(Assignment.objects.values_list("agency__name", flat=True)) == {
        old.name,
        kept.name,
    }


def test_a_group_that_has_lost_its_members_is_a_missing_lead():
    gone = make_agency(valid_to=date(2021, 3, 29))
    plan = make_plan_of_2021(province=gone.province)
    make_task(plan=plan, lead_group=make_group(members=[gone]))
    make_task(plan=plan)
    with pytest.raises(services.IncompletePlanError) as refused:
        activate(plan)
    assert [problem.field for problem in refused.value.problems] == ["lead"]
    assert not Assignment.objects.exists()


def test_a_recurring_task_gives_one_assignment_per_period_each_with_its_own_date():
    plan = make_plan_of_2021()
    make_task(
        plan=plan,
        deadline_text="hằng quý",
        deadline_kind=DeadlineKind.RECURRING,
        recurrence=Recurrence.QUARTERLY,
        due_on=None,
    )
    activate(plan)
    rows = Assignment.objects.order_by("due_on").values_list("period_label", "due_on")
    assert [due_on for _label, due_on in rows] == [
        date(2021, 3, 31),
        date(2021, 6, 30),
        date(2021, 9, 30),
        date(2021, 12, 31),
    ]
    assert rows[2][0] == "Quý III/2021"


def test_nobody_is_silent_about_a_period_that_has_not_begun():
    plan = make_plan_of_2021()
    make_task(
        plan=plan,
        deadline_kind=DeadlineKind.RECURRING,
        recurrence=Recurrence.QUARTERLY,
        due_on=None,
    )
    activate(plan)
    assert Assignment.objects.silent(date(2021, 8, 1)).count() == 2


def test_a_continuous_task_has_no_due_date_and_is_never_overdue():
    plan = make_plan_of_2021()
    make_task(plan=plan, deadline_kind=DeadlineKind.CONTINUOUS, due_on=None)
    activate(plan)
    assert not Assignment.objects.overdue(date(2030, 1, 1)).exists()
    assert Assignment.objects.silent(date(2030, 1, 1)).count() == 1


def test_the_assignment_repeats_plan_province_and_dimension_of_its_task():
    plan = make_plan_of_2021()
    task = make_task(plan=plan)
    activate(plan)
    row = Assignment.objects.get()
    assert (row.plan, row.province, row.primary_component) == (
        plan,
        plan.province,
        task.primary_component,
    )
    assert row.first_due_on == row.due_on == task.due_on
    assert row.events.count() == 1
    assert row.history.count() == 1


def test_a_plan_is_given_out_once():
    plan = make_plan_of_2021()
    make_task(plan=plan)
    activate(plan)
    with pytest.raises(services.NotDraftError):
        activate(plan)
    assert Assignment.objects.count() == 1


def test_a_draft_deleted_meanwhile_is_no_longer_one():
    plan = make_plan_of_2021()
    make_task(plan=plan)
    services.delete_draft(Plan.objects.get(pk=plan.pk))
    with pytest.raises(services.NotDraftError):
        activate(plan)
    with pytest.raises(services.NotDraftError):
        services.delete_draft(plan)


def test_giving_out_makes_as_many_queries_for_ten_tasks_as_for_one():
    one, ten = make_plan(), make_plan()
    make_task(plan=one)
    for _ in range(10):
        make_task(plan=ten)
    assert count_queries(lambda: activate(ten)) == count_queries(lambda: activate(one))


def test_bodies_of_the_front_are_asked_and_never_named_as_late():
    front = make_agency(name="Ủy ban MTTQ tỉnh", kind=AgencyKind.FRONT, is_requested=True)
    plan = make_plan_of_2021(province=front.province)
    make_task(plan=plan, lead_agency=front, due_on=date(2021, 6, 30))
    activate(plan)
    late = Assignment.objects.overdue(date(2022, 1, 1))
    assert late.count() == 1
    assert not late.orderable().exists()


def test_two_plans_of_one_number_in_a_province_and_year_are_refused_but_not_in_two_provinces():
    make_plan_of_2021()
    other = make_province(name="Yên Bái", code="15")
    make_plan_of_2021(province=other)
    plan = Plan.objects.filter(province=other).get()
    plan.pk, plan.province = None, make_province()
    with pytest.raises(services.NumberTakenError):
        services.save_plan(plan, targets=[], indices=[], version=None)
