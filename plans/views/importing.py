"""Pages that take a spreadsheet in: give it, look at what it would do, then all rows or none."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from papi_portal.sheets import SheetRefusedError, Verdict
from plans import access, evidence, jobs, stored_files
from plans.forms.importing import ConfirmForm, LayoutForm, ScoreSheetForm, SheetForm
from plans.importing import exports, pipeline
from plans.importing.failures import NotImportedError, OutdatedError
from plans.importing.kinds import BY_SLUG, KINDS, Kind
from plans.models import Plan, SheetImport
from plans.states import SheetKind
from plans.views.exports import download
from plans.views.sending import send

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agencies.models import Province
    from agencies.request import PortalRequest
    from papi_portal.sheets import Preview, RowChange, Workbook

SLOW_AFTER = timedelta(seconds=60)
ROWS_PER_PAGE = 50
FAULTS_SHOWN = 100
VERDICTS = (
    (Verdict.NEW, gettext_lazy("Mới"), "doing"),
    (Verdict.CHANGED, gettext_lazy("Cập nhật"), "soon"),
    (Verdict.SAME, gettext_lazy("Giữ nguyên"), "todo"),
    (Verdict.ERROR, gettext_lazy("Có lỗi"), "late"),
)
ASKING = "hoi"


@require_http_methods(["GET", "HEAD", "POST"])
def import_tasks(request: PortalRequest, pk: int) -> HttpResponse:
    """Give a file of tasks for a draft plan."""
    plan = access.editable_plan(request.user, pk)
    if not plan.is_draft:
        messages.info(request, _("Kế hoạch đã giao việc nên không nhập thêm nhiệm vụ được."))
        return redirect(plan)
    return _give(request, KINDS[SheetKind.TASKS], [plan.province_id], plan)


@require_http_methods(["GET", "HEAD", "POST"])
def import_sheet(request: PortalRequest, slug: str) -> HttpResponse:
    """Give a file of anything that belongs to no plan."""
    kind = BY_SLUG.get(slug)
    if kind is None or kind.key == SheetKind.TASKS:
        raise Http404
    provinces = access.importable_provinces(request.user, kind.key)
    return _give(request, kind, [] if kind.key == SheetKind.SCORES else provinces, None)


def _give(
    request: PortalRequest, kind: Kind, provinces: Iterable[int], plan: Plan | None
) -> HttpResponse:
    is_sent = request.method == "POST"
    form_class = ScoreSheetForm if kind.key == SheetKind.SCORES else SheetForm
    form = form_class(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        provinces=provinces,
    )
    if is_sent and form.is_valid():
        province = plan.province if plan else form.chosen_province
        url = _store(request, form, kind, province, plan)
        if url is not None:
            return redirect(url)
    context = {"form": form, "kind": kind, "plan": plan}
    status = 422 if form.errors else 200
    return render(request, "plans/import_sheet.html", context, status=status)


def _store(
    request: PortalRequest,
    form: SheetForm,
    kind: Kind,
    province: Province | None,
    plan: Plan | None,
) -> str | None:
    """Store the file, then the row; the file is taken back if no row was written."""
    upload = form.cleaned_data["file"]
    stored, digest = pipeline.store(upload)
    made: list[SheetImport] = []

    def act() -> str:
        row = SheetImport.objects.create(
            kind=kind.key,
            province=province,
            plan=plan,
            requested_by=request.user,
            requested_at=timezone.now(),
            file=stored,
            file_name=evidence.shown_name(upload),
            sha256=digest,
            index=form.cleaned_data.get("index"),
            source=form.cleaned_data.get("source", ""),
            edition_year=form.cleaned_data.get("edition_year"),
        )
        made.append(row)
        return row.get_absolute_url()

    try:
        url = send(request, form, act)
    finally:
        if not made:
            stored_files.discard(stored)
    for row in made:
        jobs.wake_for_sheet(row.pk)
    return url


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def sheet_import(request: PortalRequest, pk: int) -> HttpResponse:
    """One file: asks for itself while it is read, then shows what it would do."""
    row = access.own_import(request.user, pk)
    template = "plans/_import_state.html" if request.htmx else "plans/sheet_import.html"
    return render(request, template, _context(request, row))


@require_POST
def preview_again(request: PortalRequest, pk: int) -> HttpResponse:
    """Preview the file anew, with the sheet and the columns that the form names."""
    row = access.own_import(request.user, pk)
    form = LayoutForm(request.POST, layout=pipeline.layout_of(row), columns=KINDS[row.kind].columns)
    if not form.is_valid():
        context = _context(request, row, layout_form=form)
        return render(request, "plans/sheet_import.html", context, status=422)
    is_queued = pipeline.preview_again(
        row,
        sheet_name=form.cleaned_data["sheet"],
        columns=form.chosen,
        now=timezone.now(),
    )
    if is_queued:
        jobs.wake_for_sheet(row.pk)
    return redirect(row)


@require_POST
def apply(request: PortalRequest, pk: int) -> HttpResponse:
    """Carry the preview out; pressed twice, it is carried out once."""
    row = access.own_import(request.user, pk)
    if row.applied_at is not None:
        return redirect(_leads_to(row))
    if not row.is_done:
        return redirect(row)
    preview = pipeline.preview_of(row)
    form = ConfirmForm(request.POST, preview=preview)
    was_applied: list[bool] = []
    outdated: list[OutdatedError] = []
    book: Workbook | None = None
    if form.is_valid():
        try:
            book = pipeline.book_to_apply(row)
        except NotImportedError as error:
            form.add_error(None, error.message)

    def act() -> str:
        try:
            now = timezone.now()
            was_applied.append(pipeline.apply(row, form.answers, book=book, now=now))
        except OutdatedError as error:
            outdated.append(error)
            raise
        return _leads_to(row)

    url = send(request, form, act) if form.is_valid() else None
    if url is None:
        context = _context(request, row, form=form) | {"is_outdated": bool(outdated)}
        status = 409 if outdated else 422
        return render(request, "plans/sheet_import.html", context, status=status)
    if any(was_applied):
        messages.success(request, _told(preview))
    return redirect(url)


@require_safe
def faults(request: PortalRequest, pk: int) -> HttpResponse:
    """The sheet as it came, with a column that says what is wrong in each row."""
    row = access.own_import(request.user, pk)
    if not row.is_done:
        raise Http404
    layout = pipeline.layout_of(row)
    try:
        book = pipeline.open_workbook(row)
    except SheetRefusedError as error:
        raise Http404 from error
    sheet = next((each for each in book.sheets if each.name == layout.sheet), None)
    if sheet is None:
        raise Http404
    content = exports.with_faults(sheet, pipeline.preview_of(row), layout.header_row)
    return download(content, f"Loi {row.file_name.rpartition('.')[0]}", exports.XLSX)


def _leads_to(row: SheetImport) -> str:
    if row.plan_id is not None:
        return reverse("plans:grid", args=[row.plan_id])
    is_scores = row.kind == SheetKind.SCORES
    return reverse("indicators:indices" if is_scores else "agencies:agencies")


def _told(preview: Preview) -> str:
    counts = preview.counts
    if preview.columns.get("scores"):
        return _("Đã nhập một bản công bố điểm mới.")
    return _("Đã nhập: %(new)s dòng mới, %(changed)s dòng cập nhật, %(same)s dòng giữ nguyên.") % {
        "new": counts[Verdict.NEW],
        "changed": counts[Verdict.CHANGED],
        "same": counts[Verdict.SAME],
    }


def _context(
    request: PortalRequest,
    row: SheetImport,
    *,
    form: ConfirmForm | None = None,
    layout_form: LayoutForm | None = None,
) -> dict[str, Any]:
    kind = KINDS[row.kind]
    waited = timezone.now() - row.requested_at
    context: dict[str, Any] = {
        "row": row,
        "kind": kind,
        "is_slow": row.is_open and not row.lease_until and waited > SLOW_AFTER,
        "preview": None,
        "is_outdated": False,
        "again_url": _again_url(row),
        "leads_to": _leads_to(row),
    }
    if not row.is_done:
        return context
    preview = pipeline.preview_of(row)
    layout = pipeline.layout_of(row)
    columns = kind.columns
    told = [fault.text for fault in preview.all_faults()]
    is_expired = (
        row.finished_at is not None and row.finished_at + pipeline.VALID_FOR < timezone.now()
    )
    context |= {
        "preview": preview,
        "is_outdated": is_expired and row.applied_at is None,
        "form": form or ConfirmForm(preview=preview),
        "layout": layout,
        "layout_form": layout_form or LayoutForm(layout=layout, columns=columns),
        "told_faults": told[:FAULTS_SHOWN],
        "more_faults": max(len(told) - FAULTS_SHOWN, 0),
        "fault_count": len(told),
        **_page_of(request, preview),
    }
    return context


def _again_url(row: SheetImport) -> str:
    if row.plan_id is not None:
        return reverse("plans:import_tasks", args=[row.plan_id])
    return reverse("plans:import_sheet", args=[KINDS[row.kind].slug])


def _cells_of(row: RowChange, preview: Preview) -> list[tuple[str, str, str]]:
    """Title, old and new of each cell that changes; a new row's label says its first two."""
    told = {"number", "name"} if row.verdict != Verdict.CHANGED else set()
    return [
        (preview.columns.get(key, key), old, new)
        for key, (old, new) in row.cells.items()
        if key not in told and (old or new)
    ]


def _page_of(request: PortalRequest, preview: Preview) -> dict[str, Any]:
    """One page of the rows, by verdict or of those that are asked about."""
    wanted = request.GET.get("loc", "")
    counts = preview.counts
    rows = preview.rows
    if wanted in counts:
        rows = [row for row in rows if row.verdict == wanted]
    elif wanted == ASKING:
        rows = [row for row in rows if row.questions or row.data.get("is_struck")]
    else:
        wanted = ""
    badges = {verdict: (label, css) for verdict, label, css in VERDICTS}
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("trang"))
    asked = sum(1 for row in preview.rows if row.questions or row.data.get("is_struck"))
    chips = [(verdict.value, label, css, counts[verdict]) for verdict, label, css in VERDICTS]
    return {
        "wanted": wanted,
        "chips": [*chips, (ASKING, _("Cần xem"), "wait", asked)],
        "page": page,
        "shown_rows": [
            {
                "change": row,
                "badge": badges[row.verdict],
                "cells": _cells_of(row, preview),
            }
            for row in page
        ],
    }
