"""Ending a plan by hand, at the end of its period or for another reason that is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from plans import workflow
from plans.models import Assignment, Plan
from plans.states import PlanStatus

if TYPE_CHECKING:
    from datetime import date, datetime

    from agencies.models import User
    from plans.querysets import AssignmentQuerySet


def open_work(plan: Plan) -> AssignmentQuerySet:
    """What is not done, in the order of its dates; what waits for confirmation is not done."""
    return Assignment.objects.filter(plan=plan).open().for_lists().by_due_date()


@transaction.atomic
def close(
    plan: Plan, *, reason: str, stops_open: bool, by: User, today: date, now: datetime
) -> int:
    """End an active plan; return how much work was open.

    Open work either stops, with the reason, or stays as it is: unfinished in every report, and
    nobody is reminded of it any more. Raise `workflow.WorkflowError` if the plan is not active.
    """
    stored = Plan.objects.select_for_update().get(pk=plan.pk)
    if not stored.is_active:
        raise workflow.WorkflowError(_("Kế hoạch không còn ở trạng thái đang thực hiện."))
    rows = list(open_work(stored).select_for_update(of=("self",)))
    if stops_open:
        workflow.stop_all(
            rows,
            workflow.Order(by, now),
            reason_of=lambda _row: _("Kế hoạch kết thúc: %(reason)s") % {"reason": reason},
        )
    stored.status, stored.ended_on, stored.ending_reason = PlanStatus.CLOSED, today, reason
    stored.version += 1
    stored.save(update_fields=["status", "ended_on", "ending_reason", "version", "updated_at"])
    return len(rows)
