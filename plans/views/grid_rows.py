"""Several rows of the grid in one request, their order, and what is not saved yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from agencies.paging import int_key
from plans import access, rows, services, unsaved
from plans.grid import Reading, RowReader
from plans.sent_rows import SentRow, SentRowsError, read_rows
from plans.views.grid import (
    changed_by,
    conflict_json,
    gone_message,
    row_json,
    summary,
)

if TYPE_CHECKING:
    from agencies.request import PortalRequest


@require_POST
def save_rows(request: PortalRequest, pk: int) -> HttpResponse:
    """Save and delete rows sent as JSON, all or none; each refused row is told by its place."""
    plan = access.editable_plan(request.user, pk)
    try:
        sent = read_rows(request.POST.get("rows", ""))
        deleted = read_rows(request.POST.get("deleted", ""))
    except SentRowsError:
        return _unreadable()
    reader = RowReader(plan)
    readings = [reader.read(row.cells) for row in sent]
    refused = {
        place: {"status": 422, "refused": reading.refused}
        for place, reading in enumerate(readings)
        if reading.refused
    }
    if refused:
        return _all_refused(refused, 422)
    try:
        tasks = rows.save_rows(
            plan,
            [_change(row, reading) for row, reading in zip(sent, readings, strict=True)],
            deleted=[(row.pk, row.version) for row in deleted if row.pk],
        )
    except services.NotDraftError:
        return _given_out()
    except rows.StaleRowsError as error:
        return _all_refused(_stale(error, readings), 409)
    answer = {
        "rows": [row_json(plan, *each) for each in zip(tasks, readings, strict=True)],
        "numbers": rows.numbers(plan),
        "summary": summary(request, plan),
    }
    return JsonResponse(answer)


@require_POST
def move_rows(request: PortalRequest, pk: int) -> HttpResponse:
    """Put rows behind another; the answer, refused or not, tells the order as it is now."""
    plan = access.editable_plan(request.user, pk)
    try:
        pks = [int_key(value) for value in request.POST.getlist("task")]
        after = int_key(request.POST.get("after", ""))
    except ValueError:
        return _unreadable()
    status, message = 200, ""
    try:
        rows.move_rows(plan, pks, after=after)
    except services.NotDraftError:
        return _given_out()
    except services.StaleTaskError:
        status, message = 409, _("Chưa chuyển: người khác vừa xóa một dòng. Bảng đã xếp lại.")
    answer = {"message": message, "numbers": rows.numbers(plan), "summary": summary(request, plan)}
    return JsonResponse(answer, status=status)


@require_POST
def step_row(request: PortalRequest, pk: int, task_pk: int) -> HttpResponse:
    """One row up or down, for the page without its script."""
    plan = access.editable_plan(request.user, pk)
    try:
        rows.step_row(plan, task_pk, is_up=request.POST.get("step") == "len")
    except services.NotDraftError:
        return redirect(plan)
    except services.StaleTaskError:
        return redirect("plans:grid", pk=plan.pk)
    return redirect(f"{reverse('plans:grid', args=[plan.pk])}#dong-{task_pk}")


@require_POST
def keep_unsaved(request: PortalRequest, pk: int) -> HttpResponse:
    """Remember for this person what stands in cells that were not left yet."""
    plan = access.editable_plan(request.user, pk)
    try:
        typed = read_rows(request.POST.get("rows", ""))
    except SentRowsError:
        return _unreadable()
    if not plan.is_draft:
        return _given_out()
    unsaved.keep(plan, request.user, typed, now=timezone.now())
    return HttpResponse(status=204)


def _change(row: SentRow, reading: Reading) -> rows.RowChange:
    return rows.RowChange(
        reading.row,
        pk=row.pk,
        version=row.version,
        row_key=row.row_key,
        after=row.after,
        restores=row.restores,
    )


def _stale(error: rows.StaleRowsError, readings: list[Reading]) -> dict[int, dict[str, Any]]:
    """Each stale row as the answer to one row alone would tell it."""
    told: dict[int, dict[str, Any]] = {}
    for place, current in error.stale.items():
        if current is None:
            told[place] = {"status": 409, "message": gone_message(), "is_gone": True}
        elif place < len(readings):
            theirs = conflict_json(readings[place], current)
            told[place] = {"status": 409, "message": changed_by(current), **theirs}
        else:
            told[place] = {"status": 409, "message": changed_by(current)}
    return told


def _all_refused(told: dict[int, dict[str, Any]], status: int) -> HttpResponse:
    message = ngettext(
        "Chưa lưu: %(count)s dòng cần xem lại.",
        "Chưa lưu: %(count)s dòng cần xem lại.",
        len(told),
    ) % {"count": len(told)}
    return JsonResponse({"message": message, "rows": told}, status=status)


def _unreadable() -> HttpResponse:
    message = _("Không đọc được các dòng gửi lên. Hãy tải lại trang rồi thử lại.")
    return JsonResponse({"message": message}, status=400)


def _given_out() -> HttpResponse:
    message = _("Kế hoạch đã giao việc, không sửa được nữa.")
    return JsonResponse({"message": message}, status=409)
