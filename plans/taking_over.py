"""What a plan that is given out ends elsewhere: work that was carried over, a plan it replaces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from plans import workflow
from plans.models import Assignment, Plan, Task
from plans.states import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class OpenWorkError(Exception):
    """The plan to be replaced has open work that nobody has agreed to stop."""


@dataclass(frozen=True)
class Ending:
    """Open work that stops when a plan is given out: carried over, or merely left behind."""

    replaced: Plan | None
    carried: list[Assignment]
    left: list[Assignment]

    @property
    def rows(self) -> list[Assignment]:
        return [*self.carried, *self.left]


def carried_tasks(plan: Plan) -> dict[int, Task]:
    """The tasks that carry unfinished work over, with the plans they were taken from."""
    carried = plan.tasks.filter(is_carried_over=True)
    return {task.pk: task for task in carried.select_related("origin__plan")}


def taken_from(task: Task | None) -> str:
    """Where the work of `task` was before, for the log of the new work."""
    if task is None or task.origin is None:
        return ""
    return _("Chuyển tiếp từ %(plan)s, nhiệm vụ %(task)s") % {
        "plan": task.origin.plan,
        "task": task.origin.number,
    }


def ending(plan: Plan, carried: Mapping[int, Task], *, is_locked: bool = False) -> Ending:
    """What giving out `plan` would stop; with `is_locked` the rows are locked. Two queries."""
    replaced = plan.supersedes if plan.supersedes and plan.supersedes.is_active else None
    heirs = _heirs(carried, replaced)
    rows = Assignment.objects.open().filter(
        Q(task__in=list(heirs)) | Q(plan=replaced.pk if replaced else 0)
    )
    if is_locked:
        rows = rows.select_for_update(of=("self",))
    found = list(rows.for_lists().by_due_date())
    return Ending(
        replaced,
        [row for row in found if row.task_id in heirs],
        [row for row in found if row.task_id not in heirs],
    )


def end_old_work(
    plan: Plan, carried: Mapping[int, Task], order: workflow.Order, *, may_stop_rest: bool
) -> None:
    """Stop what `plan` takes over, and end the plan it replaces.

    Raise `OpenWorkError` if that plan has open work besides and `may_stop_rest` is false.
    """
    if plan.supersedes_id is not None:
        Plan.objects.select_for_update().get(pk=plan.supersedes_id)
    found = ending(plan, carried, is_locked=True)
    if found.left and not may_stop_rest:
        raise OpenWorkError
    heirs = _heirs(carried, found.replaced)

    def reason(row: Assignment) -> str:
        if row.task_id in heirs:
            return _("Chuyển sang %(plan)s, nhiệm vụ %(task)s") % {
                "plan": plan,
                "task": heirs[row.task_id].number,
            }
        return _("Kế hoạch bị thay thế bởi %(plan)s") % {"plan": plan}

    workflow.stop_all(found.rows, order, reason_of=reason)


def supersede(plan: Plan, today: date) -> None:
    """End the plan that `plan` replaces, if it is still carried out."""
    old = plan.supersedes
    if old is None or not old.is_active:
        return
    old.status, old.ended_on = PlanStatus.SUPERSEDED, today
    old.ending_reason = _("Bị thay thế bởi %(plan)s") % {"plan": plan}
    old.version += 1
    old.save(update_fields=["status", "ended_on", "ending_reason", "version", "updated_at"])


def _heirs(carried: Mapping[int, Task], replaced: Plan | None) -> dict[int, Task]:
    """The new task of each old one whose open work stops: as chosen, or with its whole plan."""
    return {
        task.origin_id: task
        for task in carried.values()
        if task.origin_id is not None
        and (task.ends_origin or (replaced and task.origin and task.origin.plan_id == replaced.pk))
    }
