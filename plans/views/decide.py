"""What offices and leaders decide: confirm, return, stop, extend, direct; and the talk about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agencies.access import rights_of
from plans import access, moving, workflow
from plans.forms import CommentForm, DecisionForm, DirectionForm, OnceForm, ReasonForm
from plans.models import Assignment, Extension
from plans.paging import page_by_due_date
from plans.views.sending import send, send_with_evidence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from agencies.request import PortalRequest


@require_safe
def waiting(request: PortalRequest) -> HttpResponse:
    """What waits for this person: completions for the office, requests for a leader."""
    rights = rights_of(request.user)
    if not (rights.office_provinces or rights.leader_provinces):
        raise PermissionDenied
    reported = Assignment.objects.filter(province__in=rights.office_provinces).waiting()
    page = page_by_due_date(
        reported.for_lists().prefetch_related("evidence"), request.GET.get("sau")
    )
    extensions = Extension.objects.decidable_by(request.user).waiting()
    context: dict[str, Any] = {
        "page": page,
        "next_query": page.query(request.GET),
        "reported_count": reported.count(),
        "extensions": extensions.select_related(
            "asked_by", "assignment__task", "assignment__agency", "assignment__plan"
        )[:100],
        "is_office": bool(rights.office_provinces),
        "is_leader": bool(rights.leader_provinces),
        "today": timezone.localdate(),
        "stranded_count": moving.stranded(rights.office_provinces, timezone.localdate()).count(),
        "reason_form": ReasonForm(),
        "decision_form": DecisionForm(),
    }
    return render(request, "plans/waiting.html", context)


@require_POST
def confirm(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.confirmable_assignment(request.user, pk)
    return _act(
        request,
        row,
        OnceForm(request.POST),
        lambda _data: workflow.confirm(row, by=request.user, now=timezone.now()),
        _("Đã xác nhận hoàn thành."),
    )


@require_POST
def send_back(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.confirmable_assignment(request.user, pk)
    return _act_with_reason(request, row, workflow.send_back, _("Đã trả lại, kèm lý do."))


@require_POST
def reopen(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.confirmable_assignment(request.user, pk)
    return _act_with_reason(request, row, workflow.reopen, _("Đã mở lại phần việc."))


@require_POST
def cancel(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.confirmable_assignment(request.user, pk)
    return _act_with_reason(request, row, workflow.cancel, _("Đã dừng phần việc."))


@require_POST
def decide_extension(request: PortalRequest, pk: int) -> HttpResponse:
    extension = access.decidable_extension(request.user, pk)
    return _act(
        request,
        extension.assignment,
        DecisionForm(request.POST),
        lambda data: workflow.decide_extension(
            extension,
            is_approved=data["decision"] == "approve",
            by=request.user,
            now=timezone.now(),
            note=data["note"],
        ),
        _("Đã ghi quyết định gia hạn."),
    )


@require_POST
def direct(request: PortalRequest, pk: int) -> HttpResponse:
    row = access.directable_assignment(request.user, pk)
    return _act(
        request,
        row,
        DirectionForm(request.POST),
        lambda data: workflow.direct(row, by=request.user, now=timezone.now(), text=data["text"]),
        _("Đã gửi ý kiến chỉ đạo tới cơ quan chủ trì."),
    )


@require_POST
def answer(request: PortalRequest, pk: int) -> HttpResponse:
    direction = access.answerable_direction(request.user, pk)
    return _act(
        request,
        direction.assignment,
        DirectionForm(request.POST),
        lambda data: workflow.answer_direction(
            direction, by=request.user, now=timezone.now(), text=data["text"]
        ),
        _("Đã gửi trả lời."),
    )


@require_POST
def comment(request: PortalRequest, pk: int) -> HttpResponse:
    """Say something about an assignment or add evidence, without moving its status."""
    row = access.commentable_assignment(request.user, pk)
    form = CommentForm(request.POST, request.FILES)

    def act(stored: Sequence[workflow.NewEvidence]) -> str:
        now = timezone.now()
        workflow.add_evidence(row, stored, by=request.user, now=now)
        if form.cleaned_data["text"]:
            workflow.comment(row, by=request.user, now=now, text=form.cleaned_data["text"])
        return row.get_absolute_url()

    url = send_with_evidence(request, form, act) if form.is_valid() else None
    if url is None:
        return _refused(request, row, form)
    messages.success(request, _("Đã ghi."))
    return redirect(url)


def _act_with_reason(
    request: PortalRequest, row: Assignment, move: Callable[..., Any], told: str
) -> HttpResponse:
    return _act(
        request,
        row,
        ReasonForm(request.POST),
        lambda data: move(row, by=request.user, now=timezone.now(), reason=data["reason"]),
        told,
    )


def _act(
    request: PortalRequest,
    row: Assignment,
    form: OnceForm,
    work: Callable[[dict[str, Any]], Any],
    told: str,
) -> HttpResponse:
    """Do `work` with the form's values once, and go back to the page it was asked from."""

    def act() -> str:
        work(form.cleaned_data)
        return row.get_absolute_url()

    url = send(request, form, act) if form.is_valid() else None
    if url is None:
        return _refused(request, row, form)
    messages.success(request, told)
    return redirect(_back(request) or url)


def _refused(request: PortalRequest, row: Assignment, form: OnceForm) -> HttpResponse:
    """The faults, and what was typed, on a page from which it can be sent again."""
    context = {
        "assignment": row,
        "form": form,
        "action": request.path,
        "back_url": _back(request) or row.get_absolute_url(),
    }
    return render(request, "plans/action_refused.html", context, status=422)


def _back(request: PortalRequest) -> str | None:
    """The page named by the form, if it is one of ours."""
    url = request.POST.get("next", "")
    is_ours = url.startswith("/") and url_has_allowed_host_and_scheme(
        url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return url if is_ours else None
