"""What a plan that is given out ends elsewhere: work that was carried over, a plan it replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from plans import workflow
from plans.models import Assignment, Plan, Task

if TYPE_CHECKING:
    from collections.abc import Mapping


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


def end_carried_work(plan: Plan, carried: Mapping[int, Task], order: workflow.Order) -> None:
    """Stop the open work of which the office said that `plan` takes its place."""
    heirs = {task.origin_id: task for task in carried.values() if task.ends_origin}
    if not heirs:
        return
    rows = Assignment.objects.select_for_update().filter(task__in=list(heirs)).open()
    workflow.stop_all(
        list(rows),
        order,
        reason_of=lambda row: (
            _("Chuyển sang %(plan)s, nhiệm vụ %(task)s")
            % {"plan": plan, "task": heirs[row.task_id].number}
        ),
    )
