"""What reaching the targets of a plan would take."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from agencies.request import PortalRequest
from plans import access
from plans.aims import JudgedTarget, judge_targets, judged_targets, meaning_of
from plans.earlier import earlier_results
from plans.forms.plan import PlanForm
from plans.models import Plan
from plans.outlooks import outlooks


@require_safe
def outlook(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.readable_plan(request.user, pk)
    targets = judged_targets(plan)
    context = {
        "plan": plan,
        "outlooks": outlooks(plan, targets),
        "earlier": earlier_results(plan, targets),
    }
    return render(request, "plans/outlook.html", context)


@require_POST
def read_targets(request: PortalRequest) -> HttpResponse:
    """What is understood of the targets while the form of a plan is being typed; saves nothing."""
    access.require_office(request.user)
    form = PlanForm(request.POST, user=request.user)
    form.full_clean()
    context = {"targets": _read(form), "faults": form.errors.get("targets", [])}
    return render(request, "plans/_targets_read.html", context)


def _read(form: PlanForm) -> list[JudgedTarget]:
    """The targets of a form that may lack all else: then they are read back and not judged."""
    data = form.cleaned_data
    targets = data.get("targets", [])
    if not all(data.get(name) for name in ("province", "period_start", "period_end")):
        return [JudgedTarget(target, meaning_of(target)) for target in targets]
    plan = Plan(**{name: data[name] for name in ("province", "period_start", "period_end")})
    return judge_targets(plan, targets, own=[index.pk for index in data.get("indices", [])])
