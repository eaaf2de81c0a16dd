"""The only door from a request to a plan, a task or an assignment.

What the person may not know of answers 404, the same as what does not exist; what may be seen
but not done answers 403.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from agencies.access import rights_of
from plans.models import Assignment, Event, Evidence, Extension, Plan, Task

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agencies.models import User

# The largest key both databases can compare with; more is no row, not an error.
LARGEST_KEY = 2**63 - 1


def _one(rows: QuerySet[Any], pk: int) -> Any:
    row = rows.filter(pk=pk).first() if 0 < pk <= LARGEST_KEY else None
    if row is None:
        raise Http404
    return row


def may_enter_plans(user: User) -> bool:
    return bool(rights_of(user).office_provinces)


def may_edit_plan(user: User, plan: Plan) -> bool:
    return plan.province_id in rights_of(user).office_provinces


def may_oversee_plan(user: User, plan: Plan) -> bool:
    return plan.province_id in rights_of(user).overseen_provinces


def may_report(user: User, assignment: Assignment) -> bool:
    return assignment.agency_id in rights_of(user).agencies


def may_confirm(user: User, assignment: Assignment) -> bool:
    return assignment.province_id in rights_of(user).office_provinces


def may_decide(user: User, assignment: Assignment) -> bool:
    return assignment.province_id in rights_of(user).leader_provinces


def may_comment(user: User, assignment: Assignment) -> bool:
    """Everyone who works on it or answers for it; an administrator only looks."""
    rights = rights_of(user)
    if may_report(user, assignment) or may_confirm(user, assignment):
        return True
    is_supporter = Task.supporters.through.objects.filter(
        task_id=assignment.task_id, agency_id__in=rights.agencies
    ).exists()
    return may_decide(user, assignment) or is_supporter


def _allow(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def require_office(user: User) -> None:
    """403 unless the person enters plans for some province."""
    _allow(may_enter_plans(user))


def readable_plan(user: User, pk: int) -> Plan:
    plans = Plan.objects.visible_to(user).select_related("province", "monitor")
    plan: Plan = _one(plans, pk)
    return plan


def editable_plan(user: User, pk: int) -> Plan:
    plan = readable_plan(user, pk)
    _allow(may_edit_plan(user, plan))
    return plan


def overseen_plan(user: User, pk: int) -> Plan:
    """A plan of which the person may see everything, not only the own agency's part."""
    plan = readable_plan(user, pk)
    _allow(may_oversee_plan(user, plan))
    return plan


def readable_task(user: User, pk: int) -> Task:
    tasks = Task.objects.visible_to(user).select_related("plan__province", "primary_component")
    task: Task = _one(tasks, pk)
    return task


def readable_assignment(user: User, pk: int) -> Assignment:
    rows = Assignment.objects.visible_to(user).for_lists().select_related("plan__province")
    assignment: Assignment = _one(rows, pk)
    return assignment


def reportable_assignment(user: User, pk: int) -> Assignment:
    assignment = readable_assignment(user, pk)
    _allow(may_report(user, assignment))
    return assignment


def confirmable_assignment(user: User, pk: int) -> Assignment:
    assignment = readable_assignment(user, pk)
    _allow(may_confirm(user, assignment))
    return assignment


def commentable_assignment(user: User, pk: int) -> Assignment:
    assignment = readable_assignment(user, pk)
    _allow(may_comment(user, assignment))
    return assignment


def directable_assignment(user: User, pk: int) -> Assignment:
    assignment = readable_assignment(user, pk)
    _allow(may_decide(user, assignment))
    return assignment


def answerable_direction(user: User, pk: int) -> Event:
    """An open direction on work of the person's own agency."""
    visible = Assignment.objects.visible_to(user)
    rows = Event.objects.open_directions().filter(assignment__in=visible)
    direction: Event = _one(rows.select_related("assignment"), pk)
    _allow(may_report(user, direction.assignment))
    return direction


def decidable_extension(user: User, pk: int) -> Extension:
    visible = Assignment.objects.visible_to(user)
    rows = Extension.objects.filter(assignment__in=visible).select_related("assignment")
    extension: Extension = _one(rows, pk)
    _allow(may_decide(user, extension.assignment))
    return extension


def readable_evidence(user: User, pk: int) -> Evidence:
    evidence: Evidence = _one(Evidence.objects.visible_to(user), pk)
    return evidence
