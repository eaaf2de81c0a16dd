"""Amending a plan by a named document: the words, the work, the events; once, and as shown."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from plans import amending, services, workflow
from plans.models import Assignment, Change, Event, Extension, Plan, Task
from plans.reports import periods
from plans.reports.kinds import KINDS
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from plans.states import ChangeKind, EventKind, PlanStatus, Status
from tests.conftest import count_queries
from tests.factories import (
    make_agency,
    make_dimension,
    make_group,
    make_plan,
    report,
)
from tests.plans.amendments import (
    NOW,
    TODAY,
    add,
    apply,
    drop,
    edit,
    give_out,
    plan_to_amend,
    start,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(office):
    return plan_to_amend(office.agency.province)


def test_nothing_of_the_plan_changes_while_the_amendment_is_written(plan, office, head):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, name="Tên khác", deadline="30/11/2026")
    assert Task.objects.get(pk=task.pk).name == "Niêm yết thủ tục"
    assert Assignment.objects.get().due_on == date(2026, 10, 31)
    assert Assignment.objects.tally(TODAY).assigned == 1


def test_changed_words_are_applied_and_the_old_ones_kept(plan, office, head):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, name="Niêm yết và công khai thủ tục", product="Biên bản")
    apply(amendment, office)
    task.refresh_from_db()
    assert (task.name, task.product) == ("Niêm yết và công khai thủ tục", "Biên bản")
    assert "cong khai" in task.search_text
    kept = {row.column: (row.old, row.new) for row in Change.objects.filter(task=task)}
    assert kept == {
        "name": ("Niêm yết thủ tục", "Niêm yết và công khai thủ tục"),
        "product": ("", "Biên bản"),
    }
    assert task.history.filter(name="Niêm yết thủ tục").exists()
    event = Event.objects.get(kind=EventKind.AMENDED)
    assert event.document == amendment
    assert "215/QĐ-UBND" in event.text


def test_a_due_date_moves_with_the_document_and_the_first_one_stays(plan, office, head):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, deadline="30/11/2026")
    apply(amendment, office)
    row = Assignment.objects.get()
    assert (row.first_due_on, row.due_on) == (date(2026, 10, 31), date(2026, 11, 30))
    event = row.events.get(kind=EventKind.AMENDED)
    assert "31/10/2026 → 30/11/2026" in event.text
    assert row.history.first().due_on == date(2026, 11, 30)


def test_an_extended_date_stays_unless_the_document_sets_another(plan, office, head, leader):
    task = add(plan, head.agency)
    (row,) = give_out(plan)
    asked = workflow.ask_extension(
        row, by=head.user, now=NOW, reason="Chờ", proposed_due_on=date(2026, 12, 15)
    )
    workflow.decide_extension(asked, is_approved=True, by=leader.user, now=NOW)
    amendment = start(plan, office)
    edit(amendment, task, name="Tên khác")
    apply(amendment, office)
    row.refresh_from_db()
    assert row.due_on == date(2026, 12, 15)


def test_a_request_that_a_document_has_overtaken_is_not_approved(plan, office, head, leader):
    task = add(plan, head.agency)
    (row,) = give_out(plan)
    workflow.ask_extension(
        row, by=head.user, now=NOW, reason="Chờ", proposed_due_on=date(2026, 11, 15)
    )
    amendment = start(plan, office)
    edit(amendment, task, deadline="30/11/2026")
    apply(amendment, office)
    with pytest.raises(workflow.WorkflowError, match="30/11/2026"):
        workflow.decide_extension(
            Extension.objects.get(), is_approved=True, by=leader.user, now=NOW
        )
    assert Assignment.objects.get().due_on == date(2026, 11, 30)


def test_a_date_may_be_taken_away_and_given(plan, office, head):
    dated = add(plan, head.agency)
    undated = add(plan, head.agency, deadline="thường xuyên")
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, dated, deadline="thường xuyên")
    edit(amendment, undated, deadline="30/11/2026")
    apply(amendment, office)
    first, second = Assignment.objects.order_by("pk")
    assert (first.first_due_on, first.due_on) == (date(2026, 10, 31), None)
    assert (second.first_due_on, second.due_on) == (None, date(2026, 11, 30))


def test_an_added_task_is_given_out_and_no_copy_is_left(plan, office, head):
    add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    added = add(amendment, head.agency, name="Việc mới", deadline="15/12/2026")
    apply(amendment, office)
    assert list(plan.tasks.values_list("name", flat=True)) == ["Niêm yết thủ tục", "Việc mới"]
    assert not amendment.tasks.exists()
    row = Assignment.objects.get(task=added)
    assert (row.plan_id, row.due_on, row.first_due_on) == (
        plan.pk,
        date(2026, 12, 15),
        date(2026, 12, 15),
    )
    assert row.events.get().document == amendment
    assert Change.objects.get().kind == ChangeKind.ADDED


def test_a_new_lead_gets_new_work_linked_to_the_old(plan, office, head):
    task = add(plan, head.agency)
    (old,) = give_out(plan)
    report(old, by=head.user, percent=40, now=NOW)
    amendment = start(plan, office)
    edit(amendment, task, lead=office.agency.name)
    apply(amendment, office)
    old.refresh_from_db()
    new = Assignment.objects.get(agency=office.agency)
    assert (old.status, new.status, new.replaces) == (Status.CANCELLED, Status.NOT_STARTED, old)
    assert new.due_on == date(2026, 10, 31)


def test_a_lead_that_comes_back_has_its_old_work_opened_again(plan, office, head):
    task = add(plan, head.agency)
    (old,) = give_out(plan)
    first = start(plan, office)
    edit(first, task, lead=office.agency.name)
    apply(first, office)
    second = start(plan, office, number="300/QĐ-UBND")
    edit(second, task, lead=head.agency.name, deadline="30/11/2026")
    apply(second, office)
    old.refresh_from_db()
    assert (old.status, old.due_on) == (Status.IN_PROGRESS, date(2026, 11, 30))
    assert Assignment.objects.get(agency=office.agency).status == Status.CANCELLED


def test_work_stopped_by_hand_stays_stopped(plan, office, head):
    task = add(plan, head.agency)
    (row,) = give_out(plan)
    workflow.cancel(row, by=office.user, now=NOW, reason="Không còn cần")
    amendment = start(plan, office)
    edit(amendment, task, deadline="30/11/2026")
    apply(amendment, office)
    row.refresh_from_db()
    assert (row.status, row.due_on) == (Status.CANCELLED, date(2026, 10, 31))


def test_periods_that_were_over_are_neither_asked_nor_taken_away(plan, office, head):
    task = add(plan, head.agency, deadline="hằng quý")
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, deadline="hằng tháng")
    apply(amendment, office)
    rows = Assignment.objects.exclude(status=Status.CANCELLED).order_by("due_on")
    assert [row.period_label for row in rows] == [
        "Quý I/2026",
        "Quý II/2026",
        "Tháng 9/2026",
        "Tháng 10/2026",
        "Tháng 11/2026",
        "Tháng 12/2026",
    ]


def test_a_longer_period_of_the_plan_gives_out_its_further_quarters(plan, office, head):
    add(plan, head.agency, deadline="hằng quý")
    give_out(plan)
    amendment = start(plan, office)
    amendment.period_end = date(2027, 6, 30)
    amendment.save()
    apply(amendment, office)
    plan.refresh_from_db()
    assert plan.period_end == date(2027, 6, 30)
    assert Assignment.objects.filter(due_on__year=2027).count() == 2
    assert Change.objects.get().column == "period"


def test_a_dimension_is_changed_on_the_work_too_done_or_not(plan, office, head):
    task = add(plan, head.agency)
    (row,) = give_out(plan)
    report(row, by=head.user, done=True, now=NOW)
    workflow.confirm(row, by=office.user, now=NOW)
    amendment = start(plan, office)
    edit(amendment, task, dimensions="2")
    apply(amendment, office)
    row.refresh_from_db()
    assert row.primary_component == make_dimension(2)
    assert row.status == Status.DONE


def test_a_report_of_the_plan_still_closes(plan, office, head):
    kept, stopped = add(plan, head.agency), add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, kept, lead=office.agency.name)
    drop(amendment, stopped)
    add(amendment, head.agency, name="Việc mới", deadline="15/12/2026")
    apply(amendment, office)
    plan.refresh_from_db()
    today = timezone.localdate()
    scope = Scope(ReportKind.PROGRESS, plan.province, periods.custom(today, today), plan)
    totals = KINDS[ReportKind.PROGRESS].read(scope, timezone.now())["totals"]
    assert (totals["assigned"], totals["cancelled"]) == (2, 2)


def test_the_same_amendment_is_applied_once(plan, office, head):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, deadline="30/11/2026")
    apply(amendment, office)
    with pytest.raises(services.NotDraftError):
        amending.apply(amendment, digest="", by=None, today=TODAY, now=NOW)
    assert Event.objects.filter(kind=EventKind.AMENDED).count() == 1


def test_what_changed_after_it_was_shown_is_shown_again_and_nothing_is_done(plan, office, head):
    task = add(plan, head.agency)
    (row,) = give_out(plan)
    amendment = start(plan, office)
    drop(amendment, task)
    shown = amending.compare(amendment, TODAY).digest
    report(row, by=head.user, done=True, now=NOW)
    with pytest.raises(amending.StaleComparisonError):
        amending.apply(amendment, digest=shown, by=office.user, today=TODAY, now=NOW)
    row.refresh_from_db()
    assert row.status == Status.REPORTED
    assert not Change.objects.exists()


def test_there_is_one_draft_of_an_amendment_at_a_time(plan, office, head):
    add(plan, head.agency)
    give_out(plan)
    assert start(plan, office) == start(plan, office, number="216/QĐ-UBND")


def test_a_task_taken_out_by_mistake_is_put_back(plan, office, head, office_client):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    drop(amendment, task)
    url = f"/ke-hoach/{amendment.pk}/giu-lai/"
    office_client.post(url, {"task": task.pk})
    office_client.post(url, {"task": task.pk})
    assert amendment.tasks.get().origin == task
    assert amending.compare(amendment, TODAY).is_empty


def test_an_amendment_is_not_given_out_as_a_plan(plan, office, head):
    add(plan, head.agency)
    give_out(plan)
    with pytest.raises(services.AmendmentError):
        give_out(start(plan, office))


def test_a_document_without_a_number_changes_nothing(plan, office, head):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, name="Khác")
    Plan.objects.filter(pk=amendment.pk).update(number="")
    with pytest.raises(amending.UnnamedDocumentError):
        apply(amendment, office)


def test_an_agency_that_ended_is_no_fault_in_a_row_that_does_not_change(plan, office, head):
    gone = make_agency(province=plan.province, name="Sở Cũ", valid_to=date(2026, 6, 30))
    add(plan, gone, name="Việc của sở cũ")
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, name="Khác")
    assert services.problems(amendment) == []
    comparison = apply(amendment, office)
    assert [change.task for change in comparison.changes] == [task]


def test_comparing_makes_as_many_queries_for_ten_tasks_as_for_one(plan, office, head):
    add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    for_one = count_queries(lambda: amending.compare(amendment, TODAY))
    other = make_plan(province=plan.province, period_start=plan.period_start)
    tasks = [add(other, head.agency) for _row in range(10)]
    give_out(other)
    second = start(other, office, number="216/QĐ-UBND")
    for task in tasks:
        edit(second, task, deadline="30/11/2026")
    assert count_queries(lambda: amending.compare(second, TODAY)) == for_one


def test_applying_makes_no_more_queries_for_a_group_of_twenty_than_of_two(plan, office):
    def queries(size, number):
        members = [make_agency(province=plan.province) for _member in range(size)]
        other = make_plan(province=plan.province, period_start=plan.period_start)
        group = make_group(members=members, name=f"nhóm {size} cơ quan")
        task = add(other, group.name)
        give_out(other)
        amendment = start(other, office, number=number)
        edit(amendment, task, deadline="30/11/2026")
        return count_queries(lambda: apply(amendment, office))

    assert queries(20, "217/QĐ-UBND") == queries(2, "218/QĐ-UBND")


def test_yesterdays_history_tells_the_old_date(plan, office, head):
    task = add(plan, head.agency)
    give_out(plan)
    amendment = start(plan, office)
    edit(amendment, task, deadline="30/11/2026")
    apply(amendment, office)
    before = Assignment.history.as_of(NOW - timedelta(days=1)).get()
    assert before.due_on == date(2026, 10, 31)


def test_tasks_keep_their_order_and_a_stopped_one_its_place(plan, office, head):
    tasks = [add(plan, head.agency, name=f"Việc {number}") for number in range(1, 6)]
    give_out(plan)
    amendment = start(plan, office)
    drop(amendment, tasks[0])
    drop(amendment, tasks[2])
    edit(amendment, tasks[4], product="Báo cáo")
    add(amendment, head.agency, name="Việc 6")
    apply(amendment, office)
    names = list(plan.tasks.in_order().values_list("name", flat=True))
    assert names == [f"Việc {number}" for number in range(1, 7)]


def test_a_row_deleted_and_typed_again_is_still_the_same_task(plan, office, head):
    task = add(plan, head.agency)
    (row,) = give_out(plan)
    amendment = start(plan, office)
    drop(amendment, task)
    add(amendment, head.agency, deadline="30/11/2026")
    comparison = apply(amendment, office)
    assert [change.kind for change in comparison.changes] == [ChangeKind.CHANGED]
    row.refresh_from_db()
    assert (row.status, row.due_on) == (Status.NOT_STARTED, date(2026, 11, 30))
    assert plan.tasks.get() == task


def test_starting_makes_as_many_queries_for_ten_tasks_as_for_one(plan, office, head):
    def queries(number):
        return count_queries(lambda: start(plan, office, number=f"{number}/QĐ-UBND"))

    task = add(plan, head.agency, supporters=office.agency.name)
    give_out(plan)
    for_one = queries(1)
    copy = Plan.objects.get(amends=plan).tasks.get()
    assert list(copy.components.all()) == list(task.components.all())
    assert list(copy.supporters.all()) == [office.agency]
    assert (copy.search_text, copy.history.count()) == (task.search_text, 1)
    services.delete_draft(Plan.objects.get(amends=plan))
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.DRAFT)
    for _ in range(9):
        add(plan, head.agency, supporters=office.agency.name)
    Plan.objects.filter(pk=plan.pk).update(status=PlanStatus.ACTIVE)
    assert queries(2) == for_one
