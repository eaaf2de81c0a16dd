"""The saves of a document under review: rows, verdicts, the head, and the plan made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from papi_portal import text
from plans import access, drafting, readings, reviewing, services, workflow
from plans.forms.plan import number_taken_message
from plans.forms.reading import ReviewForm
from plans.grid import CELLS, RowReader
from plans.models import Plan, ReadingRow
from plans.sent_rows import read_key
from plans.states import RowVerdict
from plans.views.cells import conflict, headings, not_saved, refused, sent_number, wants_json
from plans.views.plan import PLAIN_FIELDS
from plans.views.review_page import review, review_form, row_json, summary, url_of
from plans.views.sending import send

if TYPE_CHECKING:
    from agencies.request import PortalRequest
    from plans.models import Reading
    from plans.reader import Draft


@require_POST
def save_row(request: PortalRequest, pk: int, row_pk: int | None = None) -> HttpResponse:
    """Save one row under review; JSON for the grid's script, a redirect for the form without it."""
    reading = _reviewed(request, pk)
    today = timezone.localdate()
    reader = RowReader(reviewing.plan_under_review(reading, request.user, today))
    stored = reading.rows.filter(pk=row_pk).first() if row_pk else None
    typed = reviewing.typed_cells(request.POST)
    seen = reader.read(typed)
    verdict = _verdict(request)
    if verdict is None:
        both = _("chỉ đánh dấu một: nhận hoặc bỏ")
        return refused(request, {"verdict": both}, back_url=reading.get_absolute_url())
    cells = reviewing.kept_cells(seen)
    if seen.refused:
        # What was read may be too long to be kept: it is still there to be left out or mended.
        if stored is None or verdict == RowVerdict.ACCEPTED or typed != stored.cells:
            return refused(request, seen.refused, back_url=reading.get_absolute_url())
        cells = stored.cells
    after = sent_number(request, "after")
    try:
        row = reviewing.save_row(
            reading,
            cells,
            verdict,
            pk=row_pk,
            version=sent_number(request, "version"),
            by=request.user,
            now=timezone.now(),
            row_key=read_key(request.POST.get("row_key", "")),
            after=after,
        )
    except reviewing.TakenOverError:
        return _taken_over(request, reading)
    except reviewing.StaleRowError as error:
        return _conflict(request, reading, typed, error.current)
    if not wants_json(request):
        return redirect(url_of(reading, row))
    answer = row_json(row, reviewing.look(row, reader))
    if after is not None:
        answer["numbers"] = reviewing.numbers(reading)
    return JsonResponse({**answer, "summary": summary(request, reading)})


@require_POST
def delete_row(request: PortalRequest, pk: int, row_pk: int) -> HttpResponse:
    """Delete a row that a person added."""
    reading = _reviewed(request, pk)
    try:
        reviewing.delete_row(
            reading, pk=row_pk, version=sent_number(request, "version"), now=timezone.now()
        )
    except reviewing.TakenOverError:
        return _taken_over(request, reading)
    except reviewing.StaleRowError:
        message = _("Chưa xóa: người khác vừa sửa dòng này. Hãy tải lại trang để xem bản mới.")
        return _told(request, reading, message, 409)
    if not wants_json(request):
        return redirect(reading)
    answer = {"summary": summary(request, reading), "numbers": reviewing.numbers(reading)}
    return JsonResponse(answer)


@require_POST
def judge(request: PortalRequest, pk: int) -> HttpResponse:
    """Accept all rows not yet decided, or the sure ones; or take every verdict back."""
    reading = _reviewed(request, pk)
    by, now = request.user, timezone.now()
    asked = request.POST.get("act", "")
    try:
        if asked == "forget":
            count = reviewing.forget_verdicts(reading, by=by, now=now)
            messages.info(request, _("Đã đưa %(count)s dòng về chưa xem.") % {"count": count})
            return redirect(_same_part(request, reading))
        if asked not in ("all", "sure"):
            raise Http404
        accepted, passed = reviewing.accept_all(
            reading, only_sure=asked == "sure", by=by, today=timezone.localdate(), now=now
        )
    except reviewing.TakenOverError:
        return _taken_over(request, reading)
    messages.success(request, _("Đã nhận %(count)s dòng.") % {"count": accepted})
    if passed:
        told = _("Còn %(count)s dòng cần xem: có chỗ thiếu, chỗ nghi ngờ hoặc chữ quá dài.")
        messages.warning(request, told % {"count": passed})
    return redirect(_same_part(request, reading))


def _same_part(request: PortalRequest, reading: Reading) -> str:
    """The part of a long document that the form was sent from."""
    number = sent_number(request, "phan") or 1
    return f"{reading.get_absolute_url()}?phan={number}"


@require_POST
def save_head(request: PortalRequest, pk: int) -> HttpResponse:
    """Keep the head as typed, right or wrong; 409 with both texts if a colleague was quicker."""
    reading = _reviewed(request, pk)
    values, too_long = _typed_head(request)
    if too_long:
        labels = {name: str(field.label) for name, field in ReviewForm.base_fields.items()}
        back_url = reading.get_absolute_url()
        return refused(request, too_long, labels=labels, back_url=back_url)
    try:
        stored = reviewing.save_head(
            reading, values, version=sent_number(request, "version"), now=timezone.now()
        )
    except reviewing.TakenOverError:
        return _taken_over(request, reading)
    except reviewing.StaleHeadError as error:
        theirs = error.current.head
        differing = {
            name: _as_text(theirs.get(name)) for name in values if values[name] != theirs.get(name)
        }
        message = _("Phần đầu vừa được người khác sửa.")
        answer = {"message": message, "theirs": differing, "version": error.current.head_version}
        if wants_json(request):
            return JsonResponse(answer, status=409)
        return _told(request, reading, message, 409)
    if not wants_json(request):
        messages.success(request, _("Đã lưu phần đầu."))
        return redirect(reading)
    rereads = any(
        stored.head.get(name) != reading.head.get(name)
        for name in ("province", "issued_on", "period_start", "period_end")
    )
    return JsonResponse({"version": stored.head_version, "rereads": rereads})


@require_POST
def make_plan(request: PortalRequest, pk: int) -> HttpResponse:
    """Make the draft plan of what was accepted; pressed twice, both lead to the one plan."""
    reading = access.readable_reading(request.user, pk)
    if not reading.is_done:
        raise Http404
    if reading.plan_id is not None:
        return redirect("plans:grid", pk=reading.plan_id)
    draft, counts = readings.draft_of(reading), reviewing.counts_of(reading)
    form = review_form(request, reading, draft, counts, request.POST)
    status = 422
    if form.is_valid():
        if form.cleaned_data["version"] not in (None, reading.head_version):
            form, status = _form_with_theirs(request, reading, form, draft, counts), 409
        else:
            url = send(request, form, lambda: _make(request, reading, form))
            if url is not None:
                messages.success(request, _("Đã tạo bản nháp từ văn bản."))
                return redirect(url)
    return review(request, reading, form, status)


def _make(request: PortalRequest, reading: Reading, form: ReviewForm) -> str:
    data = form.cleaned_data
    plan = Plan(created_by=request.user)
    for name in PLAIN_FIELDS:
        setattr(plan, name, data[name])
    try:
        made = reviewing.make_plan(reading, plan, targets=data["targets"], indices=data["indices"])
    except services.NumberTakenError:
        # Another request took the number between the check of the form and this write.
        raise workflow.WorkflowError(number_taken_message(plan.number, plan.year)) from None
    except reviewing.RefusedRowsError as error:
        lines = "; ".join(
            _("dòng %(row)s, ô “%(cell)s”: %(why)s")
            % {"row": row.position, "cell": headings()[cell], "why": why}
            for row, cell, why in error.faults[:10]
        )
        raise workflow.WorkflowError(_("Chưa tạo được: %(lines)s.") % {"lines": lines}) from None
    return reverse("plans:grid", args=[made.pk])


def _reviewed(request: PortalRequest, pk: int) -> Reading:
    """A document that is under review or was; any other is as none."""
    reading = access.readable_reading(request.user, pk)
    if not reading.is_done:
        raise Http404
    return reading


def _form_with_theirs(
    request: PortalRequest,
    reading: Reading,
    form: ReviewForm,
    draft: Draft,
    counts: reviewing.Counts,
) -> ReviewForm:
    """The form with what was typed, beside each field what a colleague has saved meanwhile."""
    again = request.POST.copy()
    again["version"] = str(reading.head_version)
    shown = review_form(request, reading, draft, counts, again)
    values, _refused_values = _typed_head(request)
    shown.theirs = {
        name: _as_text(reading.head.get(name))
        for name in values
        if values[name] != reading.head.get(name)
    }
    shown.add_error(
        None,
        _(
            "Phần đầu vừa được người khác sửa: xem bản đang lưu dưới từng ô, sửa nếu cần, rồi bấm "
            "“Tạo bản nháp” lần nữa."
        ),
    )
    return shown


def _typed_head(request: PortalRequest) -> tuple[dict[str, Any], dict[str, str]]:
    """The fields of the head as typed, cleaned of what cannot be stored; and what is refused."""
    values: dict[str, Any] = {}
    why: dict[str, str] = {}
    for name in drafting.HEAD_FIELDS:
        if name == "indices":
            values[name] = [typed[:20] for typed in request.POST.getlist(name)[:50]]
            continue
        typed = request.POST.get(name, "")
        if len(typed) > reviewing.MAX_TYPED:
            why[name] = _("dài %(length)s ký tự, tối đa %(max)s: hãy viết ngắn lại") % {
                "length": len(typed),
                "max": reviewing.MAX_TYPED,
            }
            continue
        try:
            values[name] = text.normalise(typed, multiline=name == "targets")
        except text.TextError as error:
            why[name] = error.message
    return values, why


def _as_text(value: Any) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value or "")


def _verdict(request: PortalRequest) -> RowVerdict | None:
    """What the two boxes of a row say; None if both are ticked."""
    accepts, leaves = bool(request.POST.get("accepts")), bool(request.POST.get("leaves_out"))
    if accepts and leaves:
        return None
    if accepts:
        return RowVerdict.ACCEPTED
    return RowVerdict.LEFT_OUT if leaves else RowVerdict.UNDECIDED


def _conflict(
    request: PortalRequest, reading: Reading, typed: dict[str, str], current: ReadingRow | None
) -> HttpResponse:
    if current is None:
        told = _(
            "Người khác đã xóa dòng này. Chữ anh/chị gõ còn ở đây, chép sang dòng mới nếu cần."
        )
        if wants_json(request):
            return JsonResponse({"message": told, "is_gone": True}, status=409)
        return _told(request, reading, told, 409)
    who = str(current.changed_by or "") or _("người khác")
    return conflict(
        request,
        typed,
        {name: str(current.cells.get(name, "")) for name in CELLS},
        message=_("Dòng này vừa được %(who)s sửa.") % {"who": who},
        version=current.version,
        boxes=("accepts", "leaves_out", "needs_evidence"),
        back_url=url_of(reading, current),
    )


def _taken_over(request: PortalRequest, reading: Reading) -> HttpResponse:
    told = _("Văn bản này đã thành bản nháp: hãy sửa ở bảng nhiệm vụ của kế hoạch.")
    return _told(request, reading, told, 409)


def _told(request: PortalRequest, reading: Reading, message: str, status: int) -> HttpResponse:
    return not_saved(request, message, status, back_url=reading.get_absolute_url())
