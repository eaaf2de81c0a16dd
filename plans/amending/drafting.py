"""The draft of an amendment: a copy of every task of the plan, to be changed in the grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from plans.amending.columns import COLUMNS
from plans.models import Plan, Task
from plans.rows import add_rows
from plans.services import NotDraftError, TaskRow, save_plan
from plans.states import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from agencies.models import User


def draft_of(plan: Plan) -> Plan | None:
    """The amendment that somebody is writing; there is one at a time."""
    return plan.amendments.filter(status=PlanStatus.DRAFT).first()


@transaction.atomic
def start(plan: Plan, head: Mapping[str, Any], *, by: User) -> Plan:
    """The draft of an amendment of `plan` by the document that `head` describes.

    If there is a draft already, that one. Raise `services.NumberTakenError` if the number is taken.
    """
    stored = Plan.objects.select_for_update().get(pk=plan.pk)
    if (draft := draft_of(stored)) is not None:
        return draft
    amendment = Plan(
        **head,
        amends=stored,
        province=stored.province,
        year=head["issued_on"].year,
        period_start=stored.period_start,
        period_end=stored.period_end,
        monitor=stored.monitor,
        is_illustrative=stored.is_illustrative,
        created_by=by,
    )
    save_plan(amendment, targets=[], indices=list(stored.indices.all()), version=None)
    tasks = stored.tasks.filter(stopped_by__isnull=True).in_order()
    read = tasks.select_related("primary_component", "lead_agency", "lead_group")
    add_rows(
        amendment,
        [_copy(task) for task in read.prefetch_related("components", "supporters")],
    )
    return amendment


@transaction.atomic
def keep(amendment: Plan, task: Task) -> None:
    """Put a task back that was taken out of the amendment. What is there stays as it is.

    Raise `services.NotDraftError` once the amendment is applied.
    """
    stored = Plan.objects.select_for_update().get(pk=amendment.pk)
    if not stored.is_draft:
        raise NotDraftError
    if task.plan_id == stored.amends_id and not stored.tasks.filter(origin=task).exists():
        add_rows(stored, [_copy(task)])


def _copy(task: Task) -> TaskRow:
    """A row that says what `task` says, at its place."""
    names = [name for column in COLUMNS for name in (column.words, *column.read)]
    return TaskRow(
        {name: getattr(task, name) for name in names} | {"origin": task, "position": task.position},
        components=list(task.components.all()),
        supporters=list(task.supporters.all()),
    )
