"""The grid in which the tasks of a draft plan are typed, one saved row at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from plans import access, rows, services, unsaved
from plans.grid import CELLS, Reading, RowReader
from plans.models import Plan, Task
from plans.sent_rows import NAMES, read_key
from plans.views.cells import (
    COLUMNS,
    conflict,
    differing,
    meaning_json,
    not_saved,
    refused,
    sent_number,
    shown_cells,
    wants_json,
)
from plans.views.suggestions import grid_suggestions

if TYPE_CHECKING:
    from agencies.request import PortalRequest


@require_safe
def grid(request: PortalRequest, pk: int) -> HttpResponse:
    plan = access.editable_plan(request.user, pk)
    if not plan.is_draft:
        messages.info(request, _("Kế hoạch đã giao việc nên bảng nhiệm vụ không sửa được nữa."))
        return redirect(plan)
    reader = RowReader(plan)
    tasks = plan.tasks.in_order()
    context = {
        "plan": plan,
        "columns": COLUMNS,
        "rows": _with_blank(
            [_row(plan, task, reader.read_stored(task)) for task in tasks],
            _blank(plan, request.GET.get("noi-dung", "")),
            request.GET.get("chen", ""),
        ),
        "unsaved": unsaved.offered(plan, request.user),
        "page_keys": "plans/_grid_keys.html",
        "problems": services.problems(plan),
        "inferred": plan.tasks.inferred(),
        "suggestions": grid_suggestions(reader),
    }
    return render(request, "plans/grid.html", context)


@require_POST
def save_row(request: PortalRequest, pk: int, task_pk: int | None = None) -> HttpResponse:
    """Save one row; JSON for the grid's script, a redirect for the form without it."""
    plan = access.editable_plan(request.user, pk)
    reading = RowReader(plan).read({name: request.POST.get(name, "") for name in NAMES})
    if reading.refused:
        return refused(request, reading.refused, back_url=_grid_url(plan))
    after = sent_number(request, "after")
    try:
        task = services.save_task(
            plan,
            reading.row,
            pk=task_pk,
            version=sent_number(request, "version"),
            row_key=read_key(request.POST.get("row_key", "")),
            after=after,
            restores=sent_number(request, "restores"),
        )
    except services.NotDraftError:
        return not_saved(
            request,
            _("Kế hoạch đã giao việc hoặc đã bị xóa nên không sửa được nữa."),
            409,
            back_url=_grid_url(plan),
        )
    except services.StaleTaskError as error:
        return _conflict(request, plan, reading, error.current)
    if not wants_json(request):
        return redirect(f"{reverse('plans:grid', args=[plan.pk])}#dong-{task.pk}")
    answer = {**row_json(plan, task, reading), "summary": summary(request, plan)}
    if after is not None:
        answer["numbers"] = rows.numbers(plan)
    return JsonResponse(answer)


@require_POST
def delete_row(request: PortalRequest, pk: int, task_pk: int) -> HttpResponse:
    plan = access.editable_plan(request.user, pk)
    try:
        services.delete_task(plan, pk=task_pk, version=sent_number(request, "version"))
    except services.NotDraftError:
        return not_saved(
            request,
            _("Kế hoạch đã giao việc hoặc đã bị xóa nên không xóa được nữa."),
            409,
            back_url=_grid_url(plan),
        )
    except services.StaleTaskError:
        message = _("Chưa xóa: người khác vừa sửa dòng này. Hãy tải lại trang để xem bản mới.")
        return not_saved(request, message, 409, back_url=_grid_url(plan))
    if not wants_json(request):
        return redirect("plans:grid", pk=plan.pk)
    return JsonResponse({"summary": summary(request, plan), "numbers": rows.numbers(plan)})


def _row(plan: Plan, task: Task | None, reading: Reading | None) -> dict[str, Any]:
    """What the template of a row needs; without a task it is the empty one at the end."""
    values = _stored_cells(task) if task else {}
    return {
        "task": task,
        "key": str(task.pk) if task else "moi",
        "cells": shown_cells(values, reading),
        "needs_evidence": task.needs_evidence if task else True,
        "version": task.version if task else "",
        "row_key": "" if task else str(uuid4()),
        "save_url": _save_url(plan, task),
        "delete_url": reverse("plans:delete_row", args=[plan.pk, task.pk]) if task else "",
        "can_move": True,
        "step_url": reverse("plans:step_row", args=[plan.pk, task.pk]) if task else "",
        "insert_url": f"?chen={task.pk}#dong-moi" if task else "#dong-moi",
        "after": "",
    }


def _blank(plan: Plan, dimensions: str) -> dict[str, Any]:
    """The empty row; the radar asks for a task of one dimension, which is filled in."""
    row = _row(plan, None, None)
    for cell in row["cells"]:
        if cell["name"] == "dimensions":
            cell["value"] = dimensions[:20]
    return row


def _with_blank(
    found: list[dict[str, Any]], blank: dict[str, Any], after: str
) -> list[dict[str, Any]]:
    """The rows with the empty one at the end, or behind the row `after` as the address asks."""
    for place, row in enumerate(found):
        if row["key"] == after:
            return [*found[: place + 1], {**blank, "after": after}, *found[place + 1 :]]
    return [*found, blank]


def _save_url(plan: Plan, task: Task | None) -> str:
    if task is None:
        return reverse("plans:add_row", args=[plan.pk])
    return reverse("plans:save_row", args=[plan.pk, task.pk])


def row_json(plan: Plan, task: Task, reading: Reading) -> dict[str, Any]:
    return {
        "pk": task.pk,
        "number": str(task.position),
        "version": task.version,
        "save_url": _save_url(plan, task),
        "delete_url": reverse("plans:delete_row", args=[plan.pk, task.pk]),
        **meaning_json(reading),
    }


def summary(request: PortalRequest, plan: Plan) -> str:
    """The list of what is missing, as the page shows it."""
    context = {
        "plan": plan,
        "problems": services.problems(plan),
        "inferred": plan.tasks.inferred(),
    }
    return render_to_string("plans/_grid_summary.html", context, request=request)


def _conflict(
    request: PortalRequest, plan: Plan, reading: Reading, current: Task | None
) -> HttpResponse:
    if current is None:
        return _gone(request, plan)
    return conflict(
        request,
        _typed_cells(reading),
        _stored_cells(current),
        message=changed_by(current),
        version=current.version,
        boxes=("needs_evidence",),
        back_url=_grid_url(plan),
    )


def changed_by(current: Task) -> str:
    """Who was quicker, as the refused row says it."""
    last_change = current.history.select_related("history_user").first()
    who = str(last_change.history_user or "") if last_change else ""
    return _("Dòng này vừa được %(who)s sửa.") % {"who": who or _("người khác")}


def conflict_json(reading: Reading, current: Task) -> dict[str, Any]:
    """What the script of the grid needs to show both texts of one row among several."""
    theirs = differing(_typed_cells(reading), _stored_cells(current))
    return {**theirs, "version": current.version}


def _typed_cells(reading: Reading) -> dict[str, str]:
    """What was typed, as the normaliser has it."""
    return {cell: reading.row.fields[column] for cell, (column, _length) in CELLS.items()}


def _stored_cells(task: Task) -> dict[str, str]:
    return {cell: getattr(task, column) for cell, (column, _length) in CELLS.items()}


def _gone(request: PortalRequest, plan: Plan) -> HttpResponse:
    """A colleague deleted the row: the grid makes a new one of it, the page shows the text."""
    if wants_json(request):
        return JsonResponse({"message": gone_message(), "is_gone": True}, status=409)
    told = _("Người khác đã xóa dòng này. Chữ anh/chị gõ còn ở dưới, chép sang dòng mới nếu cần.")
    return not_saved(request, told, 409, back_url=_grid_url(plan))


def gone_message() -> str:
    return _(
        "Người khác đã xóa dòng này. Chữ anh/chị gõ vẫn còn: rời dòng lần nữa thì lưu thành "
        "dòng mới."
    )


def _grid_url(plan: Plan) -> str:
    return reverse("plans:grid", args=[plan.pk])
