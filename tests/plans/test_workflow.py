"""The transitions of assignments: the table over all pairs, reasons, evidence, versions."""

from datetime import date, timedelta
from itertools import product

import pytest
from django.utils import timezone

from plans import workflow
from plans.models import Assignment, Event
from plans.states import (
    MOVES_WITH_REASON,
    NEXT_STATUSES,
    Decision,
    EventKind,
    Standing,
    Status,
    standing,
)
from tests.factories import at, make_assignment, make_task, report

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("old", "new"), list(product(Status, Status)))
def test_only_the_moves_of_the_table_are_made_and_each_leaves_one_event(old, new, head):
    assignment = make_assignment(agency=head.agency, status=old)
    act = lambda: workflow.move(  # noqa: E731
        assignment,
        new,
        by=head.user,
        now=timezone.now(),
        kind=EventKind.REPORT,
        reason="Theo văn bản 12/UBND",
    )
    if new in NEXT_STATUSES[old]:
        event = act()
        assert (event.old, event.new) == (old, new)
        assert Assignment.objects.get(pk=assignment.pk).status == new
        assert Event.objects.count() == 1
    else:
        with pytest.raises(workflow.TransitionError):
            act()
        assert Assignment.objects.get(pk=assignment.pk).status == old
        assert not Event.objects.exists()


@pytest.mark.parametrize(("old", "new"), sorted(MOVES_WITH_REASON))
def test_a_move_that_undoes_work_needs_a_reason(old, new, head):
    assignment = make_assignment(agency=head.agency, status=old)
    with pytest.raises(workflow.WorkflowError, match="lý do"):
        workflow.move(
            assignment, new, by=head.user, now=timezone.now(), kind=EventKind.RETURN, reason="  "
        )
    assert Assignment.objects.get(pk=assignment.pk).status == old


def test_the_first_report_starts_the_work_and_keeps_what_was_said(head):
    assignment = make_assignment(agency=head.agency)
    report(assignment, by=head.user, percent=60, text="Đã lấy ý kiến 12 xã.")
    stored = Assignment.objects.get()
    assert stored.status == Status.IN_PROGRESS
    assert (stored.percent_done, stored.last_said) == (60, "Đã lấy ý kiến 12 xã.")
    assert stored.has_reported
    assert [event.kind for event in stored.events.all()] == [EventKind.REPORT]


def test_a_second_report_leaves_an_event_though_the_status_stays(head):
    assignment = make_assignment(agency=head.agency)
    report(assignment, by=head.user, percent=20)
    report(assignment, by=head.user, percent=40)
    assert assignment.events.count() == 2


def test_completion_without_evidence_is_refused_and_nothing_is_saved(head):
    assignment = make_assignment(agency=head.agency)
    with pytest.raises(workflow.WorkflowError, match="tài liệu kiểm chứng"):
        report(assignment, by=head.user, done=True)
    stored = Assignment.objects.get()
    assert (stored.status, stored.percent_done, stored.version) == (Status.NOT_STARTED, 0, 1)
    assert not stored.reports.exists()


def test_completion_without_evidence_is_taken_when_the_task_asks_for_none(head):
    task = make_task(lead_agency=head.agency, needs_evidence=False)
    assignment = make_assignment(agency=head.agency, task=task)
    report(assignment, by=head.user, done=True)
    assert Assignment.objects.get().status == Status.REPORTED


def test_completion_at_forty_percent_is_refused(head):
    assignment = make_assignment(agency=head.agency)
    new = workflow.NewReport(40, True, "Xong", [workflow.NewEvidence(document_number="1/BC-SNV")])
    with pytest.raises(workflow.WorkflowError, match="40 %"):
        workflow.report_progress(assignment, new, by=head.user, version=1, now=timezone.now())


def complete(assignment, user, now=None):
    proof = [workflow.NewEvidence(document_number="215/BC-STTTT")]
    return report(assignment, by=user, done=True, evidence=proof, now=now)


def test_done_counts_from_the_day_it_was_reported_not_confirmed(head, office):
    assignment = make_assignment(agency=head.agency, due_on=date(2026, 3, 10))
    complete(assignment, head.user, now=at(2026, 3, 10, 23, 30))
    workflow.confirm(assignment, by=office.user, now=at(2026, 3, 20))
    stored = Assignment.objects.get()
    assert stored.done_on == date(2026, 3, 10)
    assert standing(stored.status, stored.due_on, stored.done_on, date(2026, 4, 1)) == (
        Standing.DONE_ON_TIME
    )


def test_a_return_gives_back_the_percent_that_was_before_completion(head, office):
    assignment = make_assignment(agency=head.agency)
    report(assignment, by=head.user, percent=60)
    complete(assignment, head.user)
    workflow.send_back(assignment, by=office.user, now=timezone.now(), reason="Thiếu dấu")
    stored = Assignment.objects.get()
    assert (stored.status, stored.percent_done) == (Status.IN_PROGRESS, 60)


def test_reopening_takes_the_day_of_completion_away(head, office):
    assignment = make_assignment(agency=head.agency)
    complete(assignment, head.user)
    workflow.confirm(assignment, by=office.user, now=timezone.now())
    workflow.reopen(assignment, by=office.user, now=timezone.now(), reason="Phát hiện sai số liệu")
    assert Assignment.objects.get().done_on is None


def test_only_one_of_two_confirmations_succeeds(head, office):
    assignment = make_assignment(agency=head.agency)
    complete(assignment, head.user)
    workflow.confirm(assignment, by=office.user, now=timezone.now())
    with pytest.raises(workflow.TransitionError):
        workflow.confirm(assignment, by=office.user, now=timezone.now())
    assert assignment.events.filter(kind=EventKind.CONFIRM).count() == 1


def test_a_report_on_a_version_that_has_passed_is_refused_with_the_row_as_it_is(head):
    assignment = make_assignment(agency=head.agency)
    report(assignment, by=head.user, percent=30)
    new = workflow.NewReport(50, False, "Cũ", ())
    with pytest.raises(workflow.StaleError) as refused:
        workflow.report_progress(assignment, new, by=head.user, version=1, now=timezone.now())
    assert refused.value.current.percent_done == 30


def test_an_approved_extension_moves_the_due_date_and_keeps_the_first(head, leader):
    assignment = make_assignment(agency=head.agency, due_on=date(2026, 6, 30))
    extension = workflow.ask_extension(
        assignment,
        by=head.user,
        now=at(2026, 6, 1),
        reason="Chờ hướng dẫn của bộ",
        proposed_due_on=date(2026, 8, 31),
    )
    workflow.decide_extension(extension, is_approved=True, by=leader.user, now=at(2026, 6, 5))
    stored = Assignment.objects.get()
    assert (stored.first_due_on, stored.due_on) == (date(2026, 6, 30), date(2026, 8, 31))
    assert stored.extensions.get().decision == Decision.APPROVED
    assert not extension.is_late


def test_a_refused_extension_leaves_the_due_date_and_needs_a_reason(head, leader):
    assignment = make_assignment(agency=head.agency, due_on=date(2026, 6, 30))
    extension = workflow.ask_extension(
        assignment,
        by=head.user,
        now=at(2026, 7, 1, 0, 0),
        reason="Chậm",
        proposed_due_on=date(2026, 7, 31),
    )
    assert extension.is_late
    with pytest.raises(workflow.WorkflowError, match="lý do"):
        workflow.decide_extension(extension, is_approved=False, by=leader.user, now=at(2026, 7, 2))
    workflow.decide_extension(
        extension, is_approved=False, by=leader.user, now=at(2026, 7, 2), note="Không chính đáng"
    )
    assert Assignment.objects.get().due_on == date(2026, 6, 30)


def test_a_request_is_decided_once_and_only_one_may_wait(head, leader):
    assignment = make_assignment(agency=head.agency)
    later = assignment.due_on + timedelta(days=30)
    ask = lambda: workflow.ask_extension(  # noqa: E731
        assignment, by=head.user, now=timezone.now(), reason="Lý do", proposed_due_on=later
    )
    extension = ask()
    with pytest.raises(workflow.WorkflowError, match="đang chờ"):
        ask()
    workflow.decide_extension(extension, is_approved=True, by=leader.user, now=timezone.now())
    with pytest.raises(workflow.WorkflowError, match="đã có quyết định"):
        workflow.decide_extension(extension, is_approved=True, by=leader.user, now=timezone.now())


def test_an_extension_must_lie_after_the_due_date(head):
    assignment = make_assignment(agency=head.agency)
    with pytest.raises(workflow.WorkflowError, match="phải sau"):
        workflow.ask_extension(
            assignment,
            by=head.user,
            now=timezone.now(),
            reason="Lý do",
            proposed_due_on=assignment.due_on,
        )


def test_a_direction_stays_open_until_it_is_answered_once(head, leader):
    assignment = make_assignment(agency=head.agency)
    direction = workflow.direct(assignment, by=leader.user, now=timezone.now(), text="Báo cáo ngay")
    assert list(Event.objects.open_directions()) == [direction]
    workflow.answer_direction(direction, by=head.user, now=timezone.now(), text="Đã rõ")
    assert not Event.objects.open_directions().exists()
    with pytest.raises(workflow.WorkflowError):
        workflow.answer_direction(direction, by=head.user, now=timezone.now(), text="Lần hai")


def test_every_change_of_an_assignment_is_in_its_history(head):
    assignment = make_assignment(agency=head.agency)
    report(assignment, by=head.user, percent=20)
    assert Assignment.objects.get().history.count() >= 2
