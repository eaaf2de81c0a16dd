"""What reaching the targets of a plan would take."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.request import PortalRequest
from plans import access
from plans.outlooks import outlooks


@require_safe
def outlook(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.readable_plan(request.user, pk)
    return render(request, "plans/outlook.html", {"plan": plan, "outlooks": outlooks(plan)})
