"""The only door from a request to a report.

A foreign report answers 404, the same as none; one of the person's own province that only
others may read answers 403, and so does a request by those who only read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from agencies.access import allow, rights_of
from agencies.models import Agency, Membership
from agencies.states import Role
from plans.access import overseen_plan
from plans.reports.models import Report, ReportFile
from plans.reports.states import ReportKind

if TYPE_CHECKING:
    from datetime import date

    from agencies.models import User
    from plans.models import Plan


def deciding_provinces(user: User) -> frozenset[int]:
    """Provinces whose reports the person makes: the office and the leaders."""
    rights = rights_of(user)
    return rights.office_provinces | rights.leader_provinces


def headed_agencies(user: User) -> frozenset[int]:
    """Agencies for which the person signs; one query."""
    posts = Membership.objects.current(rights_of(user).today).filter(user=user, role=Role.HEAD)
    return frozenset(posts.values_list("agency", flat=True))


def require_reader(user: User) -> None:
    """403 unless there can be reports the person reads."""
    rights = rights_of(user)
    allow(bool(rights.overseen_provinces or rights.agencies))


def may_request(user: User, plan: Plan) -> bool:
    """The office and the leaders of the plan's province; an administrator only reads."""
    return plan.province_id in deciding_provinces(user)


def requestable_kinds(user: User) -> list[ReportKind]:
    """Kinds that are of no plan and that the person may ask for."""
    if deciding_provinces(user):
        return [ReportKind.AGENCY, ReportKind.PROVINCE]
    return [ReportKind.AGENCY] if headed_agencies(user) else []


def requestable_agencies(user: User, today: date) -> list[Agency]:
    """Agencies of which the person may ask for a report, by name."""
    known = Agency.objects.filter(province__in=deciding_provinces(user))
    own = Agency.objects.filter(pk__in=headed_agencies(user))
    return list((known | own).valid_on(today).select_related("province").by_name())


def may_change(user: User, report: Report) -> bool:
    """Whoever may ask for the report also writes its texts, issues and corrects it."""
    if report.province_id in deciding_provinces(user):
        return True
    if report.kind != ReportKind.AGENCY:
        return False
    return report.agencies.filter(pk__in=headed_agencies(user)).exists()


def readable_plan(user: User, pk: int) -> Plan:
    """A plan whose reports the person may read."""
    return overseen_plan(user, pk)


def requestable_plan(user: User, pk: int) -> Plan:
    plan = overseen_plan(user, pk)
    allow(may_request(user, plan))
    return plan


def readable_report(user: User, pk: int) -> Report:
    known = Report.objects.in_provinces_of(user).select_related(
        "province", "plan__province", "requested_by", "issued_by", "snapshot", "supersedes"
    )
    # What is frozen may be large; a page that watches the progress asks each second without it.
    report = get_object_or_404(known.defer("snapshot__content"), pk=pk)
    allow(Report.objects.visible_to(user).filter(pk=pk).exists())
    return report


def changeable_report(user: User, pk: int) -> Report:
    report = readable_report(user, pk)
    allow(may_change(user, report))
    return report


def readable_file(user: User, pk: int) -> ReportFile:
    reports = Report.objects.in_provinces_of(user)
    files = ReportFile.objects.filter(report__in=reports)
    file = get_object_or_404(files.select_related("report__plan", "report__province"), pk=pk)
    allow(Report.objects.visible_to(user).filter(pk=file.report_id).exists())
    return file


def verifiable_report(code: str) -> Report:
    """The report behind a code that stands on a paper: whoever holds the paper may ask.

    Only what the page of verification tells may be told of it.
    """
    rows = Report.objects.select_related("province", "snapshot", "plan")
    report = rows.filter(code=code).first() if code else None
    if report is None:
        raise Http404
    return report
