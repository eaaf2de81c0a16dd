"""Giving out a plan and what that ends; ending a plan; handing over work of agencies gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from agencies.access import rights_of
from plans import access, closing, moving, services, taking_over
from plans.forms.ending import STOP, CloseForm, ConsentForm, HandOverForm
from plans.views.sending import send

if TYPE_CHECKING:
    from agencies.models import Agency
    from agencies.request import PortalRequest
    from plans.models import Plan


@require_http_methods(["GET", "HEAD", "POST"])
def activate(request: PortalRequest, pk: int) -> HttpResponse:
    """Give out a plan; if that ends work of another plan, show it first and ask."""
    plan = access.editable_plan(request.user, pk)
    if plan.is_amendment:
        return redirect("plans:apply", pk=plan.pk)
    if not plan.is_draft:
        messages.info(request, _("Kế hoạch này đã được giao việc rồi."))
        return redirect(plan)
    ending = taking_over.ending(plan, taking_over.carried_tasks(plan))
    form = ConsentForm(request.POST if "asked" in request.POST else None)
    if ending.rows or ending.replaced:
        if not (request.method == "POST" and form.is_valid()):
            context = {"plan": plan, "ending": ending, "form": form}
            status = 422 if form.errors else 200
            return render(request, "plans/give_out.html", context, status=status)
    elif request.method != "POST":
        return redirect(plan)
    return _give_out(request, plan, may_stop_rest=form.is_bound)


def _give_out(request: PortalRequest, plan: Plan, *, may_stop_rest: bool) -> HttpResponse:
    now = timezone.now()
    try:
        made = services.activate(
            plan,
            by=request.user,
            today=timezone.localdate(now),
            now=now,
            may_stop_rest=may_stop_rest,
        )
    except services.IncompletePlanError as error:
        messages.error(
            request,
            _("Chưa giao việc được: còn %(count)s chỗ thiếu, xem danh sách dưới đây.")
            % {"count": len(error.problems)},
        )
        return redirect("plans:grid", pk=plan.pk)
    except services.NotDraftError:
        messages.info(request, _("Kế hoạch này đã được giao việc rồi."))
        return redirect(plan)
    except taking_over.OpenWorkError:
        return redirect("plans:activate", pk=plan.pk)
    told = ngettext(
        "Đã giao %(count)s phần việc cho các cơ quan.",
        "Đã giao %(count)s phần việc cho các cơ quan.",
        len(made),
    )
    messages.success(request, told % {"count": len(made)})
    return redirect(plan)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.editable_plan(request.user, pk)
    if not plan.is_active:
        messages.info(request, _("Chỉ kết thúc được kế hoạch đang thực hiện."))
        return redirect(plan)
    rows = list(closing.open_work(plan))
    form = CloseForm(request.POST or None, has_open=bool(rows))
    if request.method == "POST" and form.is_valid():
        url = send(request, form, lambda: _close(request, plan, form))
        if url is not None:
            messages.success(request, _("Đã kết thúc kế hoạch."))
            return redirect(url)
    context = {"plan": plan, "form": form, "rows": rows, "today": timezone.localdate()}
    return render(request, "plans/close.html", context, status=422 if form.errors else 200)


def _close(request: PortalRequest, plan: Plan, form: CloseForm) -> str:
    now = timezone.now()
    closing.close(
        plan,
        reason=form.cleaned_data["reason"],
        stops_open=form.cleaned_data.get("open_work") == STOP,
        by=request.user,
        today=timezone.localdate(now),
        now=now,
    )
    return plan.get_absolute_url()


@require_safe
def stranded(request: PortalRequest) -> HttpResponse:
    """Agencies that are gone and still have open work, for the office."""
    access.require_office(request.user)
    provinces = rights_of(request.user).office_provinces
    rows = moving.stranded(provinces, timezone.localdate()).by_name()
    return render(request, "plans/stranded.html", {"agencies": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: PortalRequest, pk: int) -> HttpResponse:
    agency = access.office_agency(request.user, pk)
    today = timezone.localdate()
    if agency.valid_to is None or agency.valid_to >= today:
        messages.info(request, _("Cơ quan này vẫn hoạt động nên việc không chuyển ở đây."))
        return redirect("plans:stranded")
    rows = list(moving.work_of(agency).for_lists().by_due_date())
    if not rows:
        messages.info(request, _("Cơ quan này không còn phần việc nào đang mở."))
        return redirect("plans:stranded")
    takers = moving.takers(agency, rights_of(request.user).office_provinces, today)
    form = HandOverForm(
        request.POST or None,
        takers=takers,
        work=[row.pk for row in rows],
        initial={"ground": moving.ground_of(agency)},
    )
    if request.method == "POST" and form.is_valid():
        url = send(request, form, lambda: _hand_over(request, agency, form))
        if url is not None:
            messages.success(request, _("Đã chuyển việc và ghi căn cứ ở từng phần việc."))
            return redirect(url)
    chosen = form.data.getlist("work") if form.is_bound else None  # type: ignore[attr-defined]
    context = {
        "agency": agency,
        "form": form,
        "rows": [(row, chosen is None or str(row.pk) in chosen) for row in rows],
        "today": today,
    }
    return render(request, "plans/hand_over.html", context, status=422 if form.errors else 200)


def _hand_over(request: PortalRequest, agency: Agency, form: HandOverForm) -> str:
    data = form.cleaned_data
    moving.hand_over(
        agency,
        data["to"],
        data["work"],
        ground=data["ground"],
        by=request.user,
        now=timezone.now(),
    )
    return reverse("plans:stranded")
