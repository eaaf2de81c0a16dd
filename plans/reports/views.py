"""Pages of reports: ask for one, watch it being made, download it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.paging import page_newest_first
from papi_portal.text import fold
from plans.reports import access, jobs, services
from plans.reports.forms import ReportForm
from plans.reports.models import Report
from plans.reports.states import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agencies.request import PortalRequest

# A queued report that nobody took for so long: the page says that it is not the reader's fault.
SLOW_AFTER = timedelta(seconds=60)
STEPS = (Step.FREEZE, Step.LAY_OUT, Step.STORE)


@require_safe
def reports(request: PortalRequest) -> HttpResponse:
    """Reports of all plans the person oversees, the newest first."""
    access.require_overseer(request.user)
    rows = Report.objects.visible_to(request.user).for_lists()
    page = page_newest_first(rows, request.GET.get("sau"))
    context = {"page": page, "next_query": page.query(request.GET)}
    return render(request, "reports/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_reports(request: PortalRequest, plan_pk: int) -> HttpResponse:
    """The reports of one plan, and the form that asks for a new one."""
    is_sent = request.method == "POST"
    open_plan = access.requestable_plan if is_sent else access.readable_plan
    plan = open_plan(request.user, plan_pk)
    form = ReportForm(request.POST if is_sent else None, plan=plan, today=timezone.localdate())
    if is_sent and form.is_valid():
        as_of = form.cleaned_data["as_of"]
        report = services.request_report(plan, as_of, by=request.user, now=timezone.now())
        # A report that was asked for before is woken once more; only one worker can take it.
        jobs.wake(report.pk)
        return redirect(report)

    rows = Report.objects.filter(plan=plan).for_lists()
    page = page_newest_first(rows, request.GET.get("sau"))
    context = {
        "plan": plan,
        "form": form,
        "may_request": access.may_request(request.user, plan),
        "first_day": services.first_day(plan),
        "page": page,
        "next_query": page.query(request.GET),
    }
    return render(request, "reports/plan_reports.html", context, status=422 if is_sent else 200)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def report(request: PortalRequest, pk: int) -> HttpResponse:
    """One report: its progress while it is made, then its figures and the file."""
    row = access.readable_report(request.user, pk)
    figures = row.snapshot.figures() if row.is_done and row.snapshot else None
    context: dict[str, Any] = {
        "report": row,
        "steps": _steps(row),
        "is_slow": row.is_open and not row.step and _waited(row) > SLOW_AFTER,
        "may_request": access.may_request(request.user, row.plan),
        "figures": figures,
    }
    template = "reports/_report_state.html" if request.htmx else "reports/report.html"
    return render(request, template, context)


@require_safe
@never_cache
def download(request: PortalRequest, pk: int) -> FileResponse:
    """The PDF under a readable name; 404 until it is done."""
    row = access.readable_report(request.user, pk)
    if not row.is_done:
        raise Http404
    response = FileResponse(
        row.pdf.open("rb"),
        as_attachment=True,
        filename=file_name(row),
        content_type="application/pdf",
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_name(row: Report) -> str:
    """bao-cao-149-kh-ubnd-2021-04-30.pdf: ASCII only, so that every system keeps it."""
    plan = "-".join(fold(row.plan.number).split()) or f"ke-hoach-{row.plan_id}"
    return f"bao-cao-{plan}-{row.as_of.isoformat()}.pdf"


def _steps(row: Report) -> Sequence[tuple[Step, str]]:
    """Each step with its state: "done", "current", "failed" or "" for one that is to come."""
    current = STEPS.index(Step(row.step)) if row.step else -1
    if row.is_done:
        return [(step, "done") for step in STEPS]
    now = "failed" if row.has_failed else "current"
    return [
        (step, "done" if place < current else now if place == current else "")
        for place, step in enumerate(STEPS)
    ]


def _waited(row: Report) -> timedelta:
    return timezone.now() - row.requested_at
