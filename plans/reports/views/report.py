"""One report: watched while it is made, read, written beside, issued, replaced."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import retarget

from plans.reports import access, jobs, services
from plans.reports.content import FORM
from plans.reports.files import MEDIA_TYPES, file_name
from plans.reports.forms import IssueForm
from plans.reports.kinds import KINDS
from plans.reports.kinds.sentences import outdated
from plans.reports.models import Report
from plans.reports.states import Format, ReportKind, Stage, Step
from plans.reports.views.texts import suggested

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django_stubs_ext import StrOrPromise

    from agencies.request import PortalRequest
    from plans.reports.models import ReportFile

# A queued report that nobody took for so long: the page says that it is not the reader's fault.
SLOW_AFTER = timedelta(seconds=60)
STEPS = (Step.FREEZE, Step.WRITE, Step.LAY_OUT, Step.STORE)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def report(request: PortalRequest, pk: int) -> HttpResponse:
    """One report: its progress while it is made, its files, what can be done with it."""
    try:
        row = access.readable_report(request.user, pk)
    except Http404:
        if not request.htmx:
            raise
        # Discarded by somebody else while this page was watching: it stops asking.
        return HttpResponse(status=404, headers={"HX-Refresh": "true"})
    if not request.htmx:
        return render(request, "reports/report.html", _context(request, row))
    # While it is made only the progress changes: buttons, links and what was opened stay.
    if row.is_open:
        return render(request, "reports/_progress.html", _progress(row))
    ended = render(request, "reports/_report_state.html", _context(request, row))
    return retarget(ended, "#report-state")


def _progress(row: Report) -> dict[str, Any]:
    is_slow = row.is_open and not row.step and _waited(row) > SLOW_AFTER
    return {"report": row, "steps": _steps(row), "is_slow": is_slow}


def _context(request: PortalRequest, row: Report) -> dict[str, Any]:
    today = timezone.localdate()
    frozen = row.snapshot.data() if row.snapshot else {}
    files = list(row.files.in_order().select_related("snapshot").defer("snapshot__content"))
    # While the issued ones are made, the drafts are no files of the issued paper.
    current = None if row.is_issued and not row.is_done else row.snapshot_id
    correction = row.correction()
    return {
        **_progress(row),
        "stages": _stages(row),
        "may_change": access.may_change(request.user, row),
        "files": [file for file in files if file.snapshot_id == current],
        "earlier": _by_snapshot([file for file in files if file.snapshot_id != current]),
        "figures": _brief(frozen),
        "written": _written(row, frozen),
        "is_old_form": bool(frozen) and frozen.get("form") != FORM,
        "correction": correction,
        "refusal": services.why_not_issuable(row, today),
        "is_over": row.as_of < today,
        "agencies": row.agencies.by_name(),
    }


def _brief(frozen: dict[str, Any]) -> dict[str, Any] | None:
    """The figures that the page draws, of kinds that have them; form 1 had nothing else."""
    figures: dict[str, Any] = frozen.get("figures", frozen)
    return figures if {"totals", "dimensions"} <= figures.keys() else None


def _written(
    row: Report, frozen: dict[str, Any]
) -> list[tuple[StrOrPromise, str, list[tuple[str, str]]]]:
    """The paragraphs under the titles of their sections, with the lines of older figures."""
    sections = KINDS[ReportKind(row.kind)].sections
    now = suggested(row, frozen)
    return [
        (part.title, row.texts[part.key], outdated(row.texts[part.key], now.get(part.key, ())))
        for part in sections
        if part.key in row.texts
    ]


@require_safe
@never_cache
def download(request: PortalRequest, pk: int) -> FileResponse:
    """One file of a report under a readable name; 404 if it is gone."""
    file = access.readable_file(request.user, pk)
    try:
        content = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        content,
        as_attachment=True,
        filename=file_name(file.report, Format(file.format), is_draft=not file.is_issued),
        content_type=MEDIA_TYPES[Format(file.format)],
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_POST
def make_again(request: PortalRequest, pk: int) -> HttpResponse:
    """Make a draft anew, or once more what failed or was cancelled."""
    row = services.make_again(access.changeable_report(request.user, pk), now=timezone.now())
    if row.is_open:
        jobs.wake(row)
    else:
        messages.info(request, _("Số liệu đã chốt, các tệp đã có đủ nên không cần lập lại."))
    return redirect(row)


@require_POST
def cancel(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.changeable_report(request.user, pk)
    if services.cancel(row, now=timezone.now()):
        messages.success(request, _("Đã dừng lập báo cáo."))
    else:
        messages.info(request, _("Báo cáo không còn đang lập nên không có gì để dừng."))
    return redirect(row)


@require_POST
def discard(request: PortalRequest, pk: int) -> HttpResponse:
    """Delete an unissued report."""
    row = access.changeable_report(request.user, pk)
    try:
        services.discard(row)
    except services.ReportError as error:
        messages.error(request, error.message)
        return redirect(row)
    messages.success(request, _("Đã bỏ %(report)s.") % {"report": row})
    return (
        redirect("reports:plan_reports", row.plan_id)
        if row.plan_id
        else redirect("reports:reports")
    )


@require_http_methods(["GET", "HEAD", "POST"])
def issue(request: PortalRequest, pk: int) -> HttpResponse:
    """Write down number, day and signer of the signed paper, for good."""
    row = access.changeable_report(request.user, pk)
    is_sent, now = request.method == "POST", timezone.now()
    form = _issue_form(row, request.POST if is_sent else None)
    status = 422 if is_sent else 200
    if is_sent and form.is_valid():
        try:
            services.issue(
                row, form.issue(), version=form.cleaned_data["version"], by=request.user, now=now
            )
        except services.ReportError as error:
            form.add_error(error.field, error.message)
        except services.StaleError as error:
            # Sent once more, it is issued with the texts as they are now.
            form = _issue_form(row, {**request.POST.dict(), "version": str(error.current.version)})
            form.add_error(None, _("Phần tự viết vừa được sửa. Hãy xem lại tệp rồi phát hành."))
            status = 409
        else:
            row.refresh_from_db()
            jobs.wake(row)
            issued = _("Đã ghi phát hành số %(number)s, đang lập các tệp phát hành.")
            messages.success(request, issued % {"number": row.number})
            return redirect(row)
    context = {
        "report": row,
        "form": form,
        "refusal": services.why_not_issuable(row, timezone.localdate(now)),
    }
    return render(request, "reports/issue.html", context, status=status)


def _issue_form(row: Report, data: Mapping[str, str] | None) -> IssueForm:
    head = row.snapshot.data().get("head", {}) if row.snapshot else {}
    initial = {"version": row.version}
    return IssueForm(data, initial=initial, symbol=head.get("symbol") or "BC-UBND")


@require_POST
def correct(request: PortalRequest, pk: int) -> HttpResponse:
    """Begin the report that replaces an issued one."""
    row = access.changeable_report(request.user, pk)
    try:
        made = services.correct(row, by=request.user, now=timezone.now())
    except services.ReportError as error:
        messages.error(request, error.message)
        return redirect(row)
    if made.is_open:
        jobs.wake(made)
    return redirect(made)


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


def _stages(row: Report) -> Sequence[tuple[Stage, str]]:
    """Each stage as `_steps` tells them; the paper that is issued has passed all."""
    stages = list(Stage)
    current = stages.index(Stage(row.stage))
    return [
        (stage, "done" if place < current or row.is_issued else "current" * (place == current))
        for place, stage in enumerate(stages)
    ]


def _by_snapshot(files: Sequence[ReportFile]) -> list[list[ReportFile]]:
    """Files of earlier snapshots, those of one together; they come in that order."""
    groups: list[list[ReportFile]] = []
    for file in files:
        if not groups or groups[-1][0].snapshot_id != file.snapshot_id:
            groups.append([])
        groups[-1].append(file)
    return groups


def _waited(row: Report) -> timedelta:
    return timezone.now() - row.requested_at
