"""The only door from a request to a plan, a task or an assignment.

What the person may not know of answers 404, the same as what does not exist; what may be seen
but not done answers 403.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from agencies.access import allow, rights_of
from agencies.models import Agency
from plans.models import Assignment, Event, Evidence, Extension, Plan, Reading, SheetImport, Task
from plans.states import SheetKind

if TYPE_CHECKING:
    from agencies.models import User


def may_enter_plans(user: User) -> bool:
    return bool(rights_of(user).office_provinces)


def office_provinces(user: User) -> frozenset[int]:
    """The provinces whose plans the person enters."""
    return rights_of(user).office_provinces


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


def require_office(user: User) -> None:
    """403 unless the person enters plans for some province."""
    allow(may_enter_plans(user))


def readable_plan(user: User, pk: int) -> Plan:
    plans = Plan.objects.visible_to(user).select_related(
        "province", "monitor", "amends", "parent", "supersedes"
    )
    return get_object_or_404(plans, pk=pk)


def editable_plan(user: User, pk: int) -> Plan:
    plan = readable_plan(user, pk)
    allow(may_edit_plan(user, plan))
    return plan


def overseen_plan(user: User, pk: int) -> Plan:
    """A plan of which the person may see everything, not only the own agency's part."""
    plan = readable_plan(user, pk)
    allow(may_oversee_plan(user, plan))
    return plan


def office_agency(user: User, pk: int) -> Agency:
    """An agency of a province whose plans the person enters; others of the province get 403."""
    rights = rights_of(user)
    known = Agency.objects.filter(province__in=rights.provinces)
    agency = get_object_or_404(known.select_related("province"), pk=pk)
    allow(agency.province_id in rights.office_provinces)
    return agency


def readable_reading(user: User, pk: int) -> Reading:
    """A document read for an office of the person's; others of the province get 403."""
    rights = rights_of(user)
    known = Reading.objects.filter(province__in=rights.provinces)
    reading = get_object_or_404(known.select_related("province", "requested_by", "plan"), pk=pk)
    allow(reading.province_id in rights.office_provinces)
    return reading


def may_import(user: User, kind: str, province_id: int | None) -> bool:
    """Tasks are the office's, agencies and their names the administrator's, scores nobody else's
    but of whoever runs the portal."""
    rights = rights_of(user)
    if kind == SheetKind.TASKS:
        return province_id in rights.office_provinces
    if kind == SheetKind.SCORES:
        return user.is_superuser
    return province_id in rights.administered_provinces


def importable_provinces(user: User, kind: str) -> frozenset[int]:
    """The provinces for which the person may import agencies or names; 403 without any."""
    rights = rights_of(user)
    allow(rights.is_administrator and (kind != SheetKind.SCORES or user.is_superuser))
    return rights.administered_provinces


def own_import(user: User, pk: int) -> SheetImport:
    """A spreadsheet the person gave and may still import; a preview is nobody else's."""
    rows = SheetImport.objects.select_related("plan__province", "province", "index")
    row = get_object_or_404(rows, pk=pk, requested_by=user)
    if not may_import(user, row.kind, row.province_id):
        raise Http404
    return row


def readable_task(user: User, pk: int) -> Task:
    tasks = Task.objects.visible_to(user).select_related(
        "plan__province", "primary_component", "origin__plan", "stopped_by"
    )
    return get_object_or_404(tasks, pk=pk)


def readable_assignment(user: User, pk: int) -> Assignment:
    rows = Assignment.objects.visible_to(user).for_lists().select_related("plan__province")
    return get_object_or_404(rows, pk=pk)


def reportable_assignment(user: User, pk: int) -> Assignment:
    assignment = readable_assignment(user, pk)
    allow(may_report(user, assignment))
    return assignment


def confirmable_assignment(user: User, pk: int) -> Assignment:
    assignment = readable_assignment(user, pk)
    allow(may_confirm(user, assignment))
    return assignment


def commentable_assignment(user: User, pk: int) -> Assignment:
    assignment = readable_assignment(user, pk)
    allow(may_comment(user, assignment))
    return assignment


def directable_assignment(user: User, pk: int) -> Assignment:
    assignment = readable_assignment(user, pk)
    allow(may_decide(user, assignment))
    return assignment


def answerable_direction(user: User, pk: int) -> Event:
    """An open direction on work of the person's own agency."""
    visible = Assignment.objects.visible_to(user)
    rows = Event.objects.open_directions().filter(assignment__in=visible)
    direction = get_object_or_404(rows.select_related("assignment"), pk=pk)
    allow(may_report(user, direction.assignment))
    return direction


def decidable_extension(user: User, pk: int) -> Extension:
    visible = Assignment.objects.visible_to(user)
    rows = Extension.objects.filter(assignment__in=visible).select_related("assignment")
    extension = get_object_or_404(rows, pk=pk)
    allow(may_decide(user, extension.assignment))
    return extension


def readable_evidence(user: User, pk: int) -> Evidence:
    return get_object_or_404(Evidence.objects.visible_to(user), pk=pk)
