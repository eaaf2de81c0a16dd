"""What leaders are told of their provinces once a week; a fixed number of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Count
from django.urls import reverse

from plans.models import Assignment, Plan
from plans.reminders import letters
from plans.reminders.letters import LeaderSummary, PlanLine
from plans.states import PlanStatus

if TYPE_CHECKING:
    from datetime import date

    from plans.querysets import AssignmentQuerySet

# A province with all it was made from, for each province that somebody leads.
Reach = dict[int, set[int]]


def leader_summaries(reach: Reach, today: date) -> dict[int, LeaderSummary]:
    """For each province of `reach`: its active plans counted and the agencies that are late.

    Bodies that are asked are not in the counts. Reads all work of the plans.
    """
    everywhere = {province for provinces in reach.values() for province in provinces}
    orderable = Assignment.objects.filter(
        province__in=everywhere, plan__status=PlanStatus.ACTIVE
    ).orderable()
    overdue = _counts(reach, orderable.overdue(today))
    found = {province: LeaderSummary([], overdue[province]) for province in reach}
    tallies = orderable.tally_by("plan_id", today)
    for plan in Plan.objects.filter(pk__in=tallies).newest_first():
        label = letters.plan_label(plan.number, plan.title, is_illustrative=plan.is_illustrative)
        url = settings.PORTAL_URL + reverse("plans:plan", args=[plan.pk])
        for overseer in _overseers(reach, plan.province_id):
            found[overseer].plans.append(PlanLine(label, tallies[plan.pk], url))
    return found


def _overseers(reach: Reach, province: int) -> list[int]:
    return [overseer for overseer, provinces in reach.items() if province in provinces]


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
