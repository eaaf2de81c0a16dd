"""The only door from a request to a report.

A foreign report answers 404, the same as none; one of the person's own province that only
overseers may read answers 403, and so does a request by those who only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from agencies.access import rights_of
from plans.access import overseen_plan
from plans.reports.models import Report

if TYPE_CHECKING:
    from agencies.models import User
    from plans.models import Plan


def require_overseer(user: User) -> None:
    """403 unless the person oversees some province."""
    if not rights_of(user).overseen_provinces:
        raise PermissionDenied


def may_request(user: User, plan: Plan) -> bool:
    """The office and the leaders of the plan's province; an administrator only reads."""
    rights = rights_of(user)
    return plan.province_id in rights.office_provinces | rights.leader_provinces


def readable_plan(user: User, pk: int) -> Plan:
    """A plan whose reports the person may read."""
    return overseen_plan(user, pk)


def requestable_plan(user: User, pk: int) -> Plan:
    plan = overseen_plan(user, pk)
    if not may_request(user, plan):
        raise PermissionDenied
    return plan


def readable_report(user: User, pk: int) -> Report:
    rights = rights_of(user)
    known = Report.objects.in_provinces_of(user).select_related(
        "plan__province", "requested_by", "snapshot"
    )
    report = get_object_or_404(known, pk=pk)
    if report.province_id not in rights.overseen_provinces:
        raise PermissionDenied
    return report
