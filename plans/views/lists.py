"""Lists over all plans: assignments with filters, the search, one task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from papi_portal.text import fold
from plans import access, carrying
from plans.filters import AssignmentFilter
from plans.models import Assignment, Plan, Task
from plans.paging import page_by_due_date

if TYPE_CHECKING:
    from agencies.request import PortalRequest

FOUND_AT_MOST = 30


@require_safe
def assignments(request: PortalRequest) -> HttpResponse:
    rows = Assignment.objects.visible_to(request.user).in_active_plans()
    chosen = AssignmentFilter(request.GET, queryset=rows.for_lists(), request=request)
    page = page_by_due_date(chosen.qs, request.GET.get("sau"))
    context = {
        "filter": chosen,
        "page": page,
        "next_query": page.query(request.GET),
        "today": timezone.localdate(),
    }
    if request.htmx and request.GET.get("sau"):
        return render(request, "plans/_assignment_rows.html", context)
    context["count"] = chosen.qs.order_by().count()
    return render(request, "plans/assignments.html", context)


@require_safe
def task(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.readable_task(request.user, pk)
    rows = Assignment.objects.visible_to(request.user).filter(task=row).for_lists()
    page = page_by_due_date(rows, request.GET.get("sau"), size=150)
    generations = carrying.generations(row)
    earlier = [task.pk for task in generations] or [row.origin_id or 0]
    tasks = Task.objects.visible_to(request.user)
    context = {
        "task": row,
        "plan": row.plan,
        "page": page,
        "next_query": page.query(request.GET),
        "tally": rows.tally(timezone.localdate()),
        "supporters": row.supporters.all(),
        "components": row.components.all(),
        "today": timezone.localdate(),
        "generations": generations,
        "changes": row.changes.select_related("amendment"),
        "visible_origins": set(tasks.filter(pk__in=earlier).values_list("pk", flat=True)),
        "copies": tasks.filter(origin=row, plan__amends__isnull=True).select_related("plan"),
    }
    return render(request, "plans/task.html", context)


@require_safe
def search(request: PortalRequest) -> HttpResponse:
    """Plans and tasks whose words, with or without marks, contain every word typed."""
    query = request.GET.get("q", "")[:200].strip()
    folded = fold(query)
    context = {"query": query, "plans": [], "tasks": [], "is_searched": bool(folded)}
    if folded:
        plans = Plan.objects.visible_to(request.user).matching(folded).newest_first()
        # The rows of an amendment say again what the plan says.
        tasks = Task.objects.visible_to(request.user).filter(plan__amends__isnull=True)
        tasks = tasks.matching(folded).select_related("plan")
        context |= {
            "plans": plans.select_related("province")[:FOUND_AT_MOST],
            "tasks": tasks.order_by("-plan__year", "-pk")[:FOUND_AT_MOST],
        }
    return render(request, "plans/search.html", context)
