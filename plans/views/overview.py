"""The leader's page: totals with denominators, dimensions, what is late, silent or waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, Min, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.access import rights_of
from agencies.paging import int_key
from plans.aims import judged_targets
from plans.forms import DecisionForm
from plans.models import Assignment, Extension, Plan
from plans.querysets import Tally
from plans.radar.lines import DimensionLine, dimension_lines
from plans.radar.matrix import Choice, Radar, radar_of, scores_for

if TYPE_CHECKING:
    from agencies.request import PortalRequest


@require_safe
def overview(request: PortalRequest) -> HttpResponse:
    rights = rights_of(request.user)
    if not rights.overseen_provinces:
        raise PermissionDenied
    today = timezone.localdate()
    plans = (
        Plan.objects.visible_to(request.user)
        .active()
        .newest_first()
        .select_related("province")[:50]
    )
    chosen = _chosen(list(plans), request.GET.get("ke-hoach", ""))
    assignments = Assignment.objects.filter(
        province__in=rights.overseen_provinces
    ).in_active_plans()
    if chosen is not None:
        assignments = assignments.filter(plan=chosen)
    extensions = Extension.objects.waiting().filter(
        Exists(assignments.filter(pk=OuterRef("assignment")))
    )
    # What other bodies are asked to do is counted apart, here as in the report.
    ordered = assignments.orderable()
    tallies = ordered.tally_by("primary_component", today)
    radar = radar_of(chosen, {}) if chosen else None
    context: dict[str, Any] = {
        "plans": plans,
        "chosen": chosen,
        "today": today,
        "tally": sum(tallies.values(), Tally()),
        "requested_count": assignments.requested().count(),
        "dimensions": _lines(tallies, list(plans), radar),
        "radar": radar,
        "overdue": ordered.overdue(today).for_lists().by_due_date()[:6],
        "silent": ordered.silent(today)
        .values("agency", "agency__name", "agency__short_name")
        .annotate(count=Count("pk"), since=Min("last_heard_on"))
        .order_by("since")[:6],
        "silent_days": settings.SILENT_AFTER_DAYS,
        "silent_count": ordered.silent(today).count(),
        "waiting_count": ordered.waiting().count(),
        "extensions": extensions.select_related(
            "asked_by", "assignment__task", "assignment__agency", "assignment__plan"
        )[:4],
        "extension_count": extensions.count(),
        "decision_form": DecisionForm(),
        "may_decide": bool(rights.leader_provinces),
        "may_confirm": bool(rights.office_provinces),
    }
    return render(request, "plans/overview.html", context)


def _chosen(plans: list[Plan], typed: str) -> Plan | None:
    """The plan named in the address; the only one if there is one; else None, which is all."""
    try:
        pk = int_key(typed)
    except ValueError:
        return plans[0] if len(plans) == 1 else None
    return next((plan for plan in plans if plan.pk == pk), None)


def _lines(
    tallies: dict[Any, Tally], plans: list[Plan], radar: Radar | None
) -> list[DimensionLine]:
    """Scores, targets and flags of the plan chosen; of many plans of one province its scores."""
    if radar is not None:
        targets = judged_targets(radar.plan)
        return dimension_lines(tallies, table=radar.scores.table, radar=radar, targets=targets)
    provinces = {plan.province_id: plan.province for plan in plans}
    if len(provinces) != 1:
        return dimension_lines(tallies)
    (province,) = provinces.values()
    return dimension_lines(tallies, table=scores_for(province, Choice()).table)
