"""A new plan from an old one, and unfinished tasks taken along into a draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agencies.access import rights_of
from papi_portal import text
from plans import access, carrying, services, workflow
from plans.forms.carrying import ALL, UNFINISHED, CarryForm, ViewForm
from plans.models import Assignment
from plans.services import plan_day
from plans.views.sending import send

if TYPE_CHECKING:
    from datetime import date

    from agencies.request import PortalRequest
    from plans.models import Plan


@require_http_methods(["GET", "HEAD", "POST"])
def carry_over(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.editable_plan(request.user, pk)
    if plan.is_draft or plan.is_amendment:
        messages.info(request, _("Chỉ chép được từ kế hoạch đã giao việc."))
        return redirect(plan)
    drafts = carrying.drafts_for(plan, rights_of(request.user).office_provinces)
    usual = _usual(plan, timezone.localdate())
    view_form = ViewForm(request.GET if "nam" in request.GET else usual, drafts=drafts)
    view = view_form.cleaned_data if view_form.is_valid() else usual
    into: Plan | None = view["vao"]
    day = plan_day(into) if into else text.shift_day(plan.period_start, view["nam"])
    province = into.province if into else carrying.new_province(plan, day)
    lines = carrying.lines(plan, view["nam"], timezone.localdate())
    form = CarryForm(
        request.POST or None,
        lines=lines,
        gone=carrying.gone(plan, province, day),
        years=view["nam"],
        is_new=into is None,
        initial={"title": text.shift_years(plan.title, view["nam"])},
    )
    if request.method == "POST" and view_form.is_valid() and form.is_valid():
        url = send(request, form, lambda: _carry(request, plan, into, form))
        if url is not None:
            messages.success(request, _told(into))
            return redirect(url)
    is_refused = bool(form.errors or (view_form.is_bound and view_form.errors))
    context = {
        "plan": plan,
        "view_form": view_form,
        "form": form,
        "into": into,
        "today": timezone.localdate(),
        "province": province,
        "lines": _rows(lines, view["chi"] == UNFINISHED, form),
        "targets": [] if into else _targets(plan, view["nam"]),
    }
    return render(request, "plans/carry_over.html", context, status=422 if is_refused else 200)


def _usual(plan: Plan, today: date) -> dict[str, Any]:
    """The next year, this one for an old plan; what is unfinished, or all if nothing is."""
    years = min(max(today.year - plan.period_end.year, 1), carrying.MAX_YEARS)
    is_any_open = Assignment.objects.filter(plan=plan).open().exists()
    return {"nam": years, "chi": UNFINISHED if is_any_open else ALL, "vao": None}


def _carry(request: PortalRequest, plan: Plan, into: Plan | None, form: CarryForm) -> str:
    choice = form.choice()
    if into is None:
        into = carrying.copy_plan(
            plan,
            choice,
            title=form.cleaned_data["title"],
            with_targets=form.cleaned_data["with_targets"],
            by=request.user,
        )
    else:
        try:
            carrying.carry_into(into, plan, choice)
        except services.NotDraftError:
            message = _("Kế hoạch được chọn vừa được giao việc nên không thêm nhiệm vụ được nữa.")
            raise workflow.WorkflowError(message) from None
    return reverse("plans:grid", args=[into.pk])


def _told(into: Plan | None) -> str:
    if into is None:
        return _("Đã tạo bản nháp, chưa giao việc gì. Hãy xem lại từng dòng rồi mới giao việc.")
    return _("Đã thêm nhiệm vụ vào bản nháp, chưa giao việc gì.")


def _rows(
    lines: list[carrying.Line], is_unfinished_only: bool, form: CarryForm
) -> list[dict[str, Any]]:
    """The lines to show, each with whether its boxes are ticked."""
    chosen = set(form.data.getlist("tasks")) if form.is_bound else None  # type: ignore[attr-defined]
    renamed = set(form.data.getlist("renamed")) if form.is_bound else set()  # type: ignore[attr-defined]
    return [
        {
            "line": line,
            "task": line.task,
            "is_chosen": str(line.task.pk) in chosen if chosen is not None else not line.went_to,
            "is_renamed": str(line.task.pk) in renamed,
        }
        for line in lines
        if line.is_unfinished or not is_unfinished_only
    ]


def _targets(plan: Plan, years: int) -> list[tuple[str, str]]:
    return [(row.text, text.shift_years(row.text, years)) for row in plan.targets.all()]
