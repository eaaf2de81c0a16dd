"""Applying an amendment: in one transaction, once, and only what was shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from plans import workflow
from plans.amending.columns import BY_NAME, copy_column
from plans.amending.comparing import Comparison, TaskChange, compare
from plans.models import Assignment, Change, Plan
from plans.rows import put_in_order
from plans.services import IncompletePlanError, NotDraftError, problems
from plans.states import ChangeKind, PlanStatus

if TYPE_CHECKING:
    from datetime import date, datetime

    from agencies.models import User


class NotAmendableError(Exception):
    """The plan is no longer carried out, so that no document can change it."""


class UnnamedDocumentError(Exception):
    """The amendment has no number or no date: nothing changes without a named document."""


class StaleComparisonError(Exception):
    """The plan, its work or the amendment changed since it was shown; `current` is how now."""

    def __init__(self, current: Comparison) -> None:
        super().__init__(current.amendment.pk)
        self.current = current


@transaction.atomic
def apply(
    amendment: Plan, *, digest: str, by: User | None, today: date, now: datetime
) -> Comparison:
    """Do what `compare` showed: the words of the tasks, then the work, with all its events.

    Raise `NotDraftError` if it was applied before, `NotAmendableError`, `UnnamedDocumentError`,
    `IncompletePlanError`, and `StaleComparisonError` if what was shown has another `digest`.
    """
    stored = _lock(amendment)
    missing = problems(stored)
    if missing:
        raise IncompletePlanError(missing)
    if not stored.number or stored.issued_on is None:
        raise UnnamedDocumentError
    comparison = compare(stored, today, is_locked=True)
    order_of_tasks = _order_of_tasks(comparison)
    if comparison.digest != digest:
        raise StaleComparisonError(comparison)

    order = workflow.Order(by, now, stored)
    _keep_changes(comparison)
    for change in comparison.changes:
        _rewrite(change, comparison)
    _move_work(comparison, order)
    # What remains are copies of tasks that now read the same; history keeps them.
    stored.tasks.all().delete()
    positions = dict(comparison.plan.tasks.values_list("pk", "position"))
    put_in_order(comparison.plan, [(pk, positions[pk]) for pk in order_of_tasks])
    _finish(comparison, today)
    return comparison


def _lock(amendment: Plan) -> Plan:
    """The amendment as stored, locked after its plan, so that two documents never cross."""
    assert amendment.amends_id is not None, "only an amendment is applied"
    Plan.objects.select_for_update().get(pk=amendment.amends_id)
    stored = (
        Plan.objects.select_for_update(of=("self",)).select_related("amends").get(pk=amendment.pk)
    )
    if not stored.is_draft:
        raise NotDraftError
    if stored.amends is None or not stored.amends.is_active:
        raise NotAmendableError
    return stored


def _order_of_tasks(comparison: Comparison) -> list[int]:
    """The keys of all tasks as the amendment has them; stopped ones stay behind their neighbour."""
    rows = comparison.amendment.tasks.in_order().values_list("pk", flat=True)
    order = [comparison.task_of_row.get(pk, pk) for pk in rows]
    before: int | None = None
    for pk in comparison.plan.tasks.in_order().values_list("pk", flat=True):
        if pk not in order:
            order.insert(order.index(before) + 1 if before is not None else 0, pk)
        before = pk
    return order


def _keep_changes(comparison: Comparison) -> None:
    rows = [
        Change(
            amendment=comparison.amendment,
            kind=ChangeKind.CHANGED,
            column=edit.column,
            old=edit.old,
            new=edit.new,
        )
        for edit in comparison.head
    ]
    for change in comparison.changes:
        if change.kind == ChangeKind.CHANGED:
            rows += [
                Change(
                    amendment=comparison.amendment,
                    task=change.task,
                    kind=change.kind,
                    column=edit.column,
                    old=edit.old,
                    new=edit.new,
                )
                for edit in change.edits
            ]
        else:
            rows.append(Change(amendment=comparison.amendment, task=change.task, kind=change.kind))
    Change.objects.bulk_create(rows)


def _rewrite(change: TaskChange, comparison: Comparison) -> None:
    task = change.task
    if change.kind == ChangeKind.STOPPED:
        task.stopped_by = comparison.amendment
    elif change.kind == ChangeKind.ADDED:
        task.plan = comparison.plan
    elif change.row is not None:
        for name in change.edited:
            copy_column(task, change.row, BY_NAME[name])
    task.version += 1
    task.save()


def _move_work(comparison: Comparison, order: workflow.Order) -> None:
    document = comparison.amendment.reference
    changes = comparison.changes
    tasks = {change.task.pk: change for change in changes}

    def according(_row: Assignment) -> str:
        return _("Theo %(document)s") % {"document": document}

    def dated(row: Assignment, old: date | None) -> str:
        return _("Theo %(document)s: hạn %(old)s → %(new)s%(also)s") % {
            "document": document,
            "old": _day(old),
            "new": _day(row.due_on),
            "also": _edited(tasks[row.task_id], besides="deadline"),
        }

    def noted(row: Assignment) -> str:
        return _("Theo %(document)s%(also)s") % {
            "document": document,
            "also": _edited(tasks[row.task_id]),
        }

    workflow.stop_all(
        [row for change in changes for row in change.effect.stopped], order, reason_of=according
    )
    reopened = [each for change in changes for each in change.effect.reopened]
    for each in reopened:
        workflow.reopen(
            each.assignment, by=order.by, now=order.now, reason=according(each.assignment)
        )
    workflow.date_all(
        [*reopened, *(each for change in changes for each in change.effect.dated)],
        order,
        text_of=dated,
    )
    refiled = [change for change in changes if "dimensions" in change.edited]
    workflow.refile_all(
        list(Assignment.objects.filter(task__in=[change.task.pk for change in refiled])),
        lambda row: tasks[row.task_id].task.primary_component_id,
        order,
    )
    workflow.note_all(
        [row for change in changes if change.edits for row in change.untouched_open],
        order,
        text_of=noted,
    )
    workflow.assign_all(
        [row for change in changes for row in change.effect.created], order, text_of=according
    )


def _edited(change: TaskChange, *, besides: str = "") -> str:
    """ "; sửa: Sản phẩm, Phối hợp", or nothing."""
    labels = [edit.label for edit in change.edits if edit.column != besides]
    return _("; sửa: %(columns)s") % {"columns": ", ".join(labels)} if labels else ""


def _day(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else _("không có")


def _finish(comparison: Comparison, today: date) -> None:
    plan, amendment = comparison.plan, comparison.amendment
    plan.period_start, plan.period_end = amendment.period_start, amendment.period_end
    plan.version += 1
    plan.save(update_fields=["period_start", "period_end", "version", "updated_at"])
    amendment.status, amendment.activated_on = PlanStatus.APPLIED, today
    amendment.version += 1
    amendment.save(update_fields=["status", "activated_on", "version", "updated_at"])
