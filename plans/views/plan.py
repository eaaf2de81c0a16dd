"""Pages of plans: the list, one plan, its head, giving it out."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.db.models import Count, ProtectedError, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agencies.access import rights_of
from agencies.models import Agency
from agencies.request import PortalRequest
from agencies.states import AgencyKind
from indicators.models import Index
from papi_portal.text import fold
from plans import access, grid, services, workflow
from plans.aims import judged_targets
from plans.earlier import earlier_results
from plans.forms.plan import PlanForm, number_taken_message
from plans.models import Assignment, Change, Plan, Task
from plans.paging import page_by_position, page_by_year
from plans.querysets import Tally
from plans.radar.lines import dimension_lines
from plans.radar.matrix import radar_of
from plans.states import PlanKind, PlanStatus
from plans.views.sending import send, sent_before

if TYPE_CHECKING:
    from agencies.models import User

# Plans of a year are drafted from the last quarter of the year before.
FIRST_MONTH_OF_NEXT_PLANS = 10
# The columns that the form fills directly.
PLAIN_FIELDS = (
    "province",
    "number",
    "kind",
    "issued_on",
    "year",
    "title",
    "issuer",
    "signer_name",
    "signer_title",
    "period_start",
    "period_end",
    "monitor",
    "based_on",
    "parent",
    "supersedes",
)


@require_safe
def plans(request: PortalRequest) -> HttpResponse:
    query = request.GET.get("q", "")[:200]
    status = request.GET.get("tinh-trang", "")
    rows = Plan.objects.visible_to(request.user).matching(fold(query)).select_related("province")
    counts = dict(rows.order_by("status").values_list("status").annotate(Count("pk")))
    if status in PlanStatus.values:
        rows = rows.filter(status=status)
    page = page_by_year(rows, request.GET.get("sau"))
    context = {
        "page": page,
        "next_query": page.query(request.GET),
        "query": query,
        "status": status,
        "chips": [(state.value, state.label, counts.get(state, 0)) for state in PlanStatus],
        "total": sum(counts.values()),
        "may_enter": access.may_enter_plans(request.user),
    }
    template = "plans/_plan_list.html" if request.htmx else "plans/plans.html"
    return render(request, template, context)


@require_safe
def plan(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.readable_plan(request.user, pk)
    today = timezone.localdate()
    assignments = Assignment.objects.visible_to(request.user).filter(plan=plan)
    tasks = Task.objects.visible_to(request.user).filter(plan=plan)
    dimension = request.GET.get("noi-dung", "")[:10]
    if dimension:
        tasks = tasks.of_dimension(dimension)
    rows = tasks.select_related("lead_agency", "lead_group", "primary_component")
    page = page_by_position(rows.with_progress(today), request.GET.get("sau"))
    if request.htmx and request.GET.get("sau"):
        context = {"plan": plan, "page": page, "next_query": page.query(request.GET)}
        return render(request, "plans/_task_table.html", {**context, "today": today})
    # What other bodies are asked to do is counted apart, here as in the report.
    ordered = assignments.orderable()
    tallies = ordered.tally_by("primary_component", today)
    targets = judged_targets(plan)
    # What an applied amendment says stands in the plan that it changed.
    has_radar = plan.is_draft or not plan.is_amendment
    radar = radar_of(plan, {}) if has_radar else None
    context = {
        "plan": plan,
        "today": today,
        "tally": sum(tallies.values(), Tally()),
        "requested_count": assignments.requested().count(),
        "dimensions": dimension_lines(
            tallies, table=radar.scores.table if radar else None, radar=radar, targets=targets
        ),
        "radar": radar,
        "dimension": dimension,
        "task_count": tasks.count(),
        "page": page,
        "next_query": page.query(request.GET),
        "targets": targets,
        "has_outlook": any(target.is_open for target in targets),
        "earlier": earlier_results(plan, targets),
        "indices": plan.indices.all(),
        "documents": plan.readings.only("file_name", "plan"),
        "may_edit": access.may_edit_plan(request.user, plan),
        "may_oversee": access.may_oversee_plan(request.user, plan),
        "problems": services.problems(plan) if plan.is_draft else [],
        "inferred": plan.tasks.inferred() if plan.is_draft else [],
        **_related(request, plan),
        "changes": _changes(request, plan) if plan.is_amendment else [],
    }
    return render(request, "plans/plan.html", context)


def _related(request: PortalRequest, plan: Plan) -> dict[str, list[Plan]]:
    """Plans that name this one, as far as the person may know of them; one query."""
    names_it = Q(amends=plan) | Q(parent=plan) | Q(supersedes=plan)
    rows = list(Plan.objects.visible_to(request.user).filter(names_it).newest_first())
    return {
        "amendments": [row for row in rows if row.amends_id == plan.pk],
        "children": [row for row in rows if row.parent_id == plan.pk],
        "replacing": [row for row in rows if row.supersedes_id == plan.pk],
    }


def _changes(request: PortalRequest, plan: Plan) -> list[Change]:
    """What an amendment changed, as far as the person may know of the tasks."""
    may_know = Task.objects.visible_to(request.user)
    rows = plan.changes.filter(Q(task__isnull=True) | Q(task__in=may_know))
    return list(rows.select_related("task"))


@require_http_methods(["GET", "HEAD", "POST"])
def add_plan(request: PortalRequest) -> HttpResponse:
    access.require_office(request.user)
    if first_answer := sent_before(request):
        return redirect(first_answer)
    today = timezone.localdate()
    first_values = _first_values(request.user, today)
    form = PlanForm(request.POST or None, user=request.user, initial=first_values)
    if request.method == "POST" and form.is_valid():
        plan = Plan(created_by=request.user)
        has_sheet = request.POST.get("then") == "bang-tinh"
        leads_to = "plans:import_tasks" if has_sheet else "plans:grid"
        url = send(request, form, lambda: _save(plan, form, version=None, leads_to=leads_to))
        if url is not None:
            messages.success(request, _("Đã lưu kế hoạch. Tiếp theo: nhập các nhiệm vụ."))
            return redirect(url)
    return _plan_form(request, form, None)


@require_http_methods(["GET", "HEAD", "POST"])
def edit_plan(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.editable_plan(request.user, pk)
    stored_values = _values(plan)
    form = PlanForm(request.POST or None, user=request.user, plan=plan, initial=stored_values)
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        try:
            url = send(request, form, lambda: _save(plan, form, version=version))
        except services.StalePlanError as error:
            return _conflict(request, form, error.current, stored_values)
        if url is not None:
            messages.success(request, _("Đã lưu thay đổi của kế hoạch."))
            return redirect(url)
    return _plan_form(request, form, plan)


@require_POST
def delete_plan(request: PortalRequest, pk: int) -> HttpResponse:
    """Throw away a draft; what was given out stays for ever."""
    plan = access.editable_plan(request.user, pk)
    try:
        services.delete_draft(plan)
    except services.NotDraftError:
        messages.error(request, _("Kế hoạch đã giao việc nên không xóa được."))
        return redirect(plan)
    except ProtectedError:
        messages.error(
            request, _("Đã lập văn bản từ bản nháp này: hãy bỏ văn bản ấy ở mục Báo cáo rồi xóa.")
        )
        return redirect(plan)
    messages.success(request, _("Đã xóa bản nháp “%(plan)s”.") % {"plan": plan})
    return redirect("plans:plans")


def _plan_form(
    request: PortalRequest, form: PlanForm, plan: Plan | None, **context: Any
) -> HttpResponse:
    status = 409 if context else (422 if form.errors else 200)
    provinces = rights_of(request.user).office_provinces
    earlier = Plan.objects.filter(province__in=provinces).to_carry_from().newest_first()
    context |= {
        "form": form,
        "plan": plan,
        "targets_read": judged_targets(plan) if plan else [],
        "agencies": _suggestions(provinces),
        "earlier_plans": [] if plan else earlier[:10],
    }
    return render(request, "plans/plan_form.html", context, status=status)


def _save(plan: Plan, form: PlanForm, *, version: int | None, leads_to: str = "plans:plan") -> str:
    data = form.cleaned_data
    for name in PLAIN_FIELDS:
        if name in data:
            setattr(plan, name, data[name])
    try:
        services.save_plan(plan, targets=data["targets"], indices=data["indices"], version=version)
    except services.NumberTakenError:
        # Another request took the number between the check of the form and this write.
        message = number_taken_message(plan.number, plan.year)
        raise workflow.WorkflowError(message) from None
    if version is not None and plan.is_draft:
        grid.read_again(plan)
    return reverse(leads_to, args=[plan.pk])


def _values(plan: Plan) -> dict[str, Any]:
    """What the form shows of a stored plan."""
    values = {name: getattr(plan, name) for name in PLAIN_FIELDS}
    return {
        **values,
        "version": plan.version,
        "monitor": plan.monitor.name if plan.monitor else "",
        "indices": list(plan.indices.all()),
        "targets": "\n".join(target.text for target in plan.targets.all()),
    }


def _first_values(user: User, today: date) -> dict[str, Any]:
    """What an office usually types: its province, itself as the agency that watches, one year.

    From October on the plan that is written is that of the next year.
    """
    provinces = rights_of(user).office_provinces
    agency = (
        Agency.objects.filter(memberships__user=user, province__in=provinces)
        .select_related("province")
        .first()
    )
    year = today.year + (today.month >= FIRST_MONTH_OF_NEXT_PLANS)
    values: dict[str, Any] = {
        "kind": PlanKind.PLAN,
        "indices": list(Index.objects.filter(code="PAPI")),
        "period_start": date(year, 1, 1),
        "period_end": date(year, 12, 31),
    }
    if agency is not None:
        province = agency.province
        issuer = f"UBND {province.get_kind_display().lower()} {province.name}"
        values |= {"province": province, "monitor": agency.name, "issuer": issuer}
    return values


def _suggestions(provinces: frozenset[int]) -> list[dict[str, str]]:
    """Names for the type-ahead of the agency that watches: all but communes and districts."""
    agencies = (
        Agency.objects.filter(province__in=provinces)
        .exclude(kind__in=[AgencyKind.COMMUNE, AgencyKind.DISTRICT])
        .order_by("sort_text", "pk")
    )
    seen = {
        row.name: {"label": row.name, "keys": row.search_text, "code": fold(row.code)}
        for row in agencies
    }
    return list(seen.values())


def _conflict(
    request: PortalRequest, form: PlanForm, current: Plan, shown: dict[str, Any]
) -> HttpResponse:
    """The form with what was typed, beside what another person has saved meanwhile."""
    mine = {**form.cleaned_data, "targets": "\n".join(t.text for t in form.cleaned_data["targets"])}
    theirs = _values(current)
    rows = [
        {
            "label": field.label,
            "mine": _told(mine.get(field.name)),
            "theirs": _told(theirs.get(field.name)),
        }
        for field in form.visible_fields()
    ]
    again = request.POST.copy()
    again["version"] = str(current.version)
    last_change = current.history.select_related("history_user").first()
    return _plan_form(
        request,
        PlanForm(again, user=request.user, plan=current, initial=shown),
        current,
        conflict=[row for row in rows if row["mine"] != row["theirs"]],
        changed_at=current.updated_at,
        changed_by=last_change.history_user if last_change else None,
    )


def _told(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, list) or hasattr(value, "iterator"):
        return ", ".join(sorted(str(item) for item in value))
    return str(value)
