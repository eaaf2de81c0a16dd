"""The rungs of a province and of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from plans.reminders import access, services
from plans.reminders.forms import LadderForms, initial_rungs
from plans.reminders.ladder import DEFAULT, described
from plans.reminders.rulebook import ladder_in_force, own_ladder

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.models import Province
    from agencies.request import PortalRequest
    from plans.models import Plan


@require_http_methods(["GET", "HEAD", "POST"])
def province_ladder(request: PortalRequest, pk: int) -> HttpResponse:
    return _ladder(request, access.managed_province(request.user, pk), None)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_ladder(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.managed_plan(request.user, pk)
    return _ladder(request, plan.province, plan)


def _ladder(request: PortalRequest, province: Province, plan: Plan | None) -> HttpResponse:
    own = own_ladder(province.pk, plan.pk if plan else None)
    in_force = ladder_in_force(province.pk, plan.pk if plan else None)
    context: dict[str, Any] = {"has_conflict": False}
    forms = LadderForms(initial=initial_rungs(in_force.rules), prefix="nac")
    status = 200
    if request.method == "POST":
        if "mac-dinh" in request.POST:
            services.reset_ladder(province, plan)
            messages.success(request, _("Đã bỏ bậc nhắc riêng, dùng lại bậc nhắc chung."))
            return redirect(request.path)
        forms = LadderForms(request.POST, prefix="nac")
        status = 422
        if forms.is_valid():
            if _save(request, province, plan, forms):
                messages.success(request, _("Đã lưu bậc nhắc; thư dùng từ sáng mai."))
                return redirect(request.path)
            status, context["has_conflict"] = 409, True
    context |= {
        "province": province,
        "plan": plan,
        "forms": forms,
        "own": own,
        # Only a conflict, which shows the rungs of others, goes on from their version.
        "version": request.POST.get("version") if status == 422 else own.version if own else 0,
        "sentences": [described(rule) for rule in in_force.rules],
        "default_sentences": [described(rule) for rule in DEFAULT.rules],
    }
    return render(request, "reminders/ladder.html", context, status=status)


def _save(request: PortalRequest, province: Province, plan: Plan | None, forms: Any) -> bool:
    """False if somebody else has saved meanwhile."""
    typed = request.POST.get("version", "")
    try:
        services.save_ladder(
            province,
            plan,
            forms.rules,
            version=int(typed) if typed.isdecimal() and len(typed) < 9 else -1,
            by=request.user,
            now=timezone.now(),
        )
    except services.StaleLadderError:
        return False
    return True
