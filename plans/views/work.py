"""Pages of the people who do the work: their list, one piece of work, reporting, extending."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from agencies.access import rights_of
from agencies.models import Agency
from plans import access, workflow
from plans.forms import (
    CommentForm,
    DecisionForm,
    DirectionForm,
    ExtensionForm,
    ReasonForm,
    ReportForm,
)
from plans.models import Assignment, Event
from plans.paging import page_by_due_date
from plans.states import UNREPORTED, Urgency, urgency
from plans.views.sending import send, send_with_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from agencies.request import PortalRequest

# So long a change by a document stands at the head of the agency's work.
TOLD_FOR = timedelta(days=14)


@require_safe
def my_work(request: PortalRequest) -> HttpResponse:
    agencies = rights_of(request.user).agencies
    if not agencies:
        raise PermissionDenied
    today = timezone.localdate()
    own = Assignment.objects.led_by(agencies).in_active_plans()
    page = page_by_due_date(own.unreported().for_lists(), request.GET.get("sau"))
    orderable = Agency.objects.filter(pk__in=agencies, is_requested=False)
    context: dict[str, Any] = {
        "groups": group_by_urgency(page.rows, today),
        # Bodies that are only asked are never called late.
        "is_only_asked": not orderable.exists(),
        "next_query": page.query(request.GET),
        "today": today,
    }
    if request.htmx and request.GET.get("sau"):
        return render(request, "plans/_work_list.html", context)
    context |= {
        "counts": own.urgency_counts(today),
        "waiting": own.waiting().for_lists().by_due_date()[:50],
        "directions": Event.objects.open_directions()
        .filter(assignment__agency__in=agencies)
        .select_related("assignment__task", "by")[:20],
        "ordered": Event.objects.by_documents_since(timezone.now() - TOLD_FOR)
        .filter(assignment__agency__in=agencies)
        .select_related("assignment__task", "document")[:20],
        "supported": Assignment.objects.supported_by(agencies)
        .in_active_plans()
        .open()
        .for_lists()
        .by_due_date()[:20],
    }
    return render(request, "plans/my_work.html", context)


URGENCY_ICONS = {
    Urgency.OVERDUE: "late",
    Urgency.SOON: "soon",
    Urgency.LATER: "calendar",
    Urgency.NO_DUE: "regular",
}


def group_by_urgency(rows: Sequence[Assignment], today: date) -> list[dict[str, Any]]:
    """Rows under the headings of `Urgency`, in the order they come."""
    groups: dict[Urgency, list[Assignment]] = {}
    for row in rows:
        groups.setdefault(urgency(row.due_on, today), []).append(row)
    return [
        {"key": key.value, "label": key.label, "icon": URGENCY_ICONS[key], "rows": groups[key]}
        for key in Urgency
        if key in groups
    ]


@require_safe
def assignment(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.readable_assignment(request.user, pk)
    user = request.user
    may_report = access.may_report(user, row)
    context = {
        "assignment": row,
        "today": timezone.localdate(),
        "events": row.events.with_details(),
        "evidence": row.evidence.select_related("by"),
        "extensions": row.extensions.select_related("asked_by", "decided_by"),
        "supporters": row.task.supporters.all(),
        "components": row.task.components.all(),
        "may_report": may_report and row.status in UNREPORTED,
        "may_answer": may_report,
        "may_confirm": access.may_confirm(user, row),
        "may_decide": access.may_decide(user, row),
        "may_comment": access.may_comment(user, row),
        "report_form": empty_report_form(row),
        "reason_form": ReasonForm(),
        "comment_form": CommentForm(auto_id="trao-doi-%s"),
        "direction_form": DirectionForm(auto_id="chi-dao-%s"),
        "decision_form": DecisionForm(),
        "answer_form": DirectionForm(),
    }
    return render(request, "plans/assignment.html", context)


def empty_report_form(row: Assignment) -> ReportForm:
    """The form with what was said last; its ids carry the row's, for a list may show several."""
    initial = {"version": row.version, "percent_done": row.percent_done}
    return ReportForm(initial=initial, auto_id=_ids(row))


def _ids(row: Assignment) -> str:
    return f"viec-{row.pk}-%s"


def _form(request: PortalRequest, name: str, context: dict[str, Any], status: int) -> HttpResponse:
    """A form inside its card where htmx asked for it, else on a page of its own."""
    if not request.htmx:
        return render(request, f"plans/{name}.html", context, status=status)
    response = render(request, f"plans/_{name}_form.html", context, status=status)
    # A refused form stays where it stands; only a success replaces the card.
    return reswap(retarget(response, f"#mau-{context['assignment'].pk}"), "innerHTML")


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: PortalRequest, pk: int) -> HttpResponse:
    """Report on one's own work; in the list the form opens and closes inside the card."""
    row = access.reportable_assignment(request.user, pk)
    form = empty_report_form(row)
    status = 200
    if request.method == "POST":
        form = ReportForm(request.POST, request.FILES, auto_id=_ids(row))
        if form.is_valid():
            try:
                url = _report(request, row, form)
            except workflow.StaleError as error:
                return _stale_report(request, row, error.current)
            if url is not None:
                return _after_work(request, row.pk, url, _("Đã gửi báo cáo."))
        status = 422
    context = {"assignment": row, "form": form, "today": timezone.localdate()}
    return _form(request, "report", context, status)


def _report(request: PortalRequest, row: Assignment, form: ReportForm) -> str | None:
    version = form.cleaned_data["version"]

    def act(stored: Sequence[workflow.NewEvidence]) -> str:
        new = new_report(form, stored)
        workflow.report_progress(row, new, by=request.user, version=version, now=timezone.now())
        return row.get_absolute_url()

    return send_with_evidence(request, form, act)


def new_report(form: ReportForm, stored: Sequence[workflow.NewEvidence]) -> workflow.NewReport:
    data = form.cleaned_data
    return workflow.NewReport(
        percent_done=data["percent_done"],
        is_completion=data["is_completion"],
        text=data["text"],
        evidence=stored,
    )


def _stale_report(request: PortalRequest, row: Assignment, current: Assignment) -> HttpResponse:
    """409: what was said meanwhile, beside the form with what this person typed."""
    again = request.POST.copy()
    again["version"] = str(current.version)
    form = ReportForm(again, auto_id=_ids(row))
    last = current.reports.select_related("by").first()
    context = {
        "assignment": access.readable_assignment(request.user, row.pk),
        "form": form,
        "today": timezone.localdate(),
        "conflict": last,
        "has_conflict": True,
        "had_file": bool(request.FILES),
    }
    return _form(request, "report", context, 409)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_extension(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.reportable_assignment(request.user, pk)
    form = ExtensionForm(request.POST or None, auto_id=_ids(row))
    if request.method == "POST" and form.is_valid():

        def act() -> str:
            workflow.ask_extension(
                row,
                by=request.user,
                now=timezone.now(),
                reason=form.cleaned_data["reason"],
                proposed_due_on=form.cleaned_data["proposed_due_on"],
            )
            return row.get_absolute_url()

        url = send(request, form, act)
        if url is not None:
            return _after_work(request, row.pk, url, _("Đã gửi đề nghị gia hạn."))
    context = {"assignment": row, "form": form, "today": timezone.localdate()}
    return _form(request, "extension", context, 422 if form.errors else 200)


@require_safe
def card(request: PortalRequest, pk: int) -> HttpResponse:
    """The card of one piece of work with its form closed again."""
    row = access.readable_assignment(request.user, pk)
    if not request.htmx:
        return redirect(row)
    return _card(request, row)


def _after_work(request: PortalRequest, pk: int, url: str, told: str) -> HttpResponse:
    """The card as it is now where htmx asked for it, else the page with a message."""
    if not request.htmx:
        messages.success(request, told)
        return redirect(url)
    response = _card(request, access.readable_assignment(request.user, pk))
    # Header values are ASCII, and JSON writes other letters as escapes.
    response["HX-Trigger"] = json.dumps({"portal:toast": {"text": told, "kind": "done"}})
    return response


def _card(request: PortalRequest, row: Assignment) -> HttpResponse:
    context = {"assignment": row, "today": timezone.localdate()}
    return render(request, "plans/_work_card.html", context)
