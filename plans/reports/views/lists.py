"""Lists of reports and the forms that ask for one."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agencies.models import Province
from agencies.paging import int_key, page_newest_first
from plans.models import Plan
from plans.reports import access, jobs, services
from plans.reports.forms import AgencyReportForm, PeriodForm, PlanReportForm, ProvinceReportForm
from plans.reports.models import Report
from plans.reports.states import OF_A_PLAN, ReportKind, Stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agencies.request import PortalRequest
    from plans.reports.querysets import ReportQuerySet

FILTERS = ("loai", "ke-hoach", "giai-doan")
KINDS_OF_PLAN = [kind for kind in ReportKind if kind in OF_A_PLAN]


@require_safe
def reports(request: PortalRequest) -> HttpResponse:
    """Every report the person reads, the newest first, by kind, plan and stage."""
    access.require_reader(request.user)
    visible = Report.objects.visible_to(request.user)
    page = page_newest_first(_filtered(visible, request).for_lists(), request.GET.get("sau"))
    plans = Plan.objects.visible_to(request.user).filter(reports__in=visible).distinct()
    context = {
        "page": page,
        "next_query": page.query(request.GET),
        "kinds": ReportKind,
        "stages": Stage,
        "plans": plans.order_by("-year", "-pk"),
        "kind": request.GET.get("loai", ""),
        "stage": request.GET.get("giai-doan", ""),
        "plan": request.GET.get("ke-hoach", ""),
        "is_filtered": any(request.GET.get(name) for name in FILTERS),
        "to_ask": access.requestable_kinds(request.user),
    }
    return render(request, "reports/reports.html", context)


def _filtered(rows: ReportQuerySet, request: PortalRequest) -> ReportQuerySet:
    """Filters that name nothing there is are passed over."""
    kind, stage = request.GET.get("loai", ""), request.GET.get("giai-doan", "")
    if kind in ReportKind:
        rows = rows.filter(kind=kind)
    if stage in Stage:
        rows = rows.filter(stage=stage)
    with suppress(ValueError):
        rows = rows.filter(plan=int_key(request.GET.get("ke-hoach", "")))
    return rows


@require_http_methods(["GET", "HEAD", "POST"])
def plan_reports(request: PortalRequest, plan_pk: int) -> HttpResponse:
    """The reports of one plan, and the form that asks for a new one."""
    is_sent = request.method == "POST"
    open_plan = access.requestable_plan if is_sent else access.readable_plan
    plan = open_plan(request.user, plan_pk)
    kind = _chosen_kind(request, KINDS_OF_PLAN)
    today = timezone.localdate()
    overdue = services.overdue_agencies(plan, today) if kind == ReportKind.URGING else ()
    form = PlanReportForm(
        request.POST if is_sent else None, kind=kind, plan=plan, overdue=overdue, today=today
    )
    if is_sent and form.is_valid() and (answer := _ask(request, form)):
        return answer

    page = page_newest_first(Report.objects.filter(plan=plan).for_lists(), request.GET.get("sau"))
    context = {
        "plan": plan,
        "form": form,
        "kind": kind,
        "kinds": KINDS_OF_PLAN,
        "may_request": access.may_request(request.user, plan),
        "can_report": kind == ReportKind.PLAN or services.first_day(plan) is not None,
        "schedules": plan.report_schedules.prefetch_related("readers").order_by("pk"),
        "page": page,
        "next_query": page.query(request.GET),
    }
    return render(request, "reports/plan_reports.html", context, status=422 if is_sent else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def new_report(request: PortalRequest) -> HttpResponse:
    """The form for reports that are of no single plan: of an agency, of the province."""
    access.require_reader(request.user)
    kinds = access.requestable_kinds(request.user)
    if not kinds:
        return redirect("reports:reports")
    is_sent = request.method == "POST"
    kind = _chosen_kind(request, kinds)
    form = _form_of(kind, request)
    if is_sent and form.is_valid() and (answer := _ask(request, form)):
        return answer
    context = {"form": form, "kind": kind, "kinds": kinds}
    return render(request, "reports/new_report.html", context, status=422 if is_sent else 200)


def _form_of(kind: ReportKind, request: PortalRequest) -> PeriodForm:
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    if kind == ReportKind.AGENCY:
        agencies = access.requestable_agencies(request.user, today)
        return AgencyReportForm(data, kind=kind, agencies=agencies, today=today)
    # The newest first: those it was made from keep their reports.
    provinces = Province.objects.filter(pk__in=access.deciding_provinces(request.user))
    listed = list(provinces.order_by("-valid_from", "name"))
    return ProvinceReportForm(data, kind=kind, provinces=listed, today=today)


def _ask(request: PortalRequest, form: PeriodForm) -> HttpResponse | None:
    """Where to go; None if the report was refused, which stands on the form."""
    try:
        report = services.request(form.scope, by=request.user, now=timezone.now())
    except services.ReportError as error:
        form.add_error(None, error.message)
        return None
    # A report that was asked for before is woken once more; only one worker can take it.
    if report.is_open:
        jobs.wake(report)
    return redirect(report)


def _chosen_kind(request: PortalRequest, kinds: Iterable[ReportKind]) -> ReportKind:
    """The kind the address names, else the first."""
    listed = list(kinds)
    named = request.GET.get("loai", "")
    return next((kind for kind in listed if kind == named), listed[0])
