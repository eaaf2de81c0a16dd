"""What office staff and leaders are told of their provinces; a fixed number of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from plans.models import Assignment, Extension, Plan
from plans.reminders import letters
from plans.reminders.letters import LINE_FIELDS, LeaderSummary, Listing, OfficeSummary, PlanLine
from plans.states import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from plans.querysets import AssignmentQuerySet

# A province with all it was made from, for each province that somebody oversees.
Reach = dict[int, set[int]]


def office_summaries(
    reach: Reach, today: date, *, since: date, unreachable: Iterable[tuple[int, str]]
) -> dict[int, OfficeSummary]:
    """For each province of `reach`: what waits, is silent, or became overdue from `since` on.

    `unreachable` are provinces and names of agencies that have nobody to remind.
    """
    assignments = _active(reach)
    newly_overdue = assignments.unreported().orderable().filter(due_on__gte=since, due_on__lt=today)
    waiting = _listings(reach, assignments.waiting(), today)
    overdue = _listings(reach, newly_overdue, today)
    extensions = _extensions(reach, today)
    silent = _counts(reach, assignments.silent(today).orderable())
    nobody: dict[int, list[str]] = {province: [] for province in reach}
    for province, agency in sorted(unreachable):
        for overseer in _overseers(reach, province):
            nobody[overseer].append(agency)
    return {
        province: OfficeSummary(
            waiting[province],
            overdue[province],
            extensions[province],
            silent[province],
            nobody[province],
        )
        for province in reach
    }


def leader_summaries(reach: Reach, today: date) -> dict[int, LeaderSummary]:
    """For each province of `reach`: its active plans counted and what waits for a decision.

    Bodies that are asked are not in the counts.
    """
    orderable = _active(reach).orderable()
    overdue = _counts(reach, orderable.overdue(today))
    silent = _counts(reach, orderable.silent(today))
    extensions = _extensions(reach, today)
    found = {
        province: LeaderSummary([], overdue[province], extensions[province], silent[province])
        for province in reach
    }
    tallies = orderable.tally_by("plan_id", today)
    plans = Plan.objects.filter(pk__in=tallies).newest_first()
    for plan in plans:
        label = letters.plan_label(plan.number, plan.title, is_illustrative=plan.is_illustrative)
        url = settings.PORTAL_URL + reverse("plans:plan", args=[plan.pk])
        for overseer in _overseers(reach, plan.province_id):
            found[overseer].plans.append(PlanLine(label, tallies[plan.pk], url))
    return found


def _active(reach: Reach) -> AssignmentQuerySet:
    everywhere = {province for provinces in reach.values() for province in provinces}
    return Assignment.objects.filter(province__in=everywhere, plan__status=PlanStatus.ACTIVE)


def _overseers(reach: Reach, province: int) -> list[int]:
    return [overseer for overseer, provinces in reach.items() if province in provinces]


def _listings(reach: Reach, rows: AssignmentQuerySet, today: date) -> dict[int, Listing]:
    found = {province: Listing() for province in reach}
    for row in rows.by_due_date().values(*LINE_FIELDS):
        line = letters.line_of(row, today)
        for overseer in _overseers(reach, row["province_id"]):
            found[overseer].add(line)
    return found


def _extensions(reach: Reach, today: date) -> dict[int, Listing]:
    waiting = Extension.objects.waiting().values_list("assignment", flat=True)
    return _listings(reach, _active(reach).filter(pk__in=waiting), today)


def _counts(reach: Reach, rows: AssignmentQuerySet) -> dict[int, dict[str, int]]:
    """How many of `rows` each agency has, the most first."""
    counts = (
        rows.order_by()
        .values("province_id", "agency__name")
        .annotate(rows=Count("pk"))
        .order_by("-rows", "agency__name")
    )
    found: dict[int, dict[str, int]] = {province: {} for province in reach}
    for count in counts:
        for overseer in _overseers(reach, count["province_id"]):
            by_agency = found[overseer]
            name = count["agency__name"]
            by_agency[name] = by_agency.get(name, 0) + count["rows"]
    return found
