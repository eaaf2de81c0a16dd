"""Changing a plan that was given out: name the document, see what it does, apply it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agencies.paging import int_key
from plans import access, amending, services, workflow
from plans.forms.amending import AmendmentForm, ApplyForm
from plans.forms.plan import number_taken_message
from plans.models import Task
from plans.states import PlanKind
from plans.views.sending import send, sent_before

if TYPE_CHECKING:
    from agencies.request import PortalRequest
    from plans.models import Plan


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: PortalRequest, pk: int) -> HttpResponse:
    """Name the document that changes a plan; its draft starts as the plan reads now."""
    plan = access.editable_plan(request.user, pk)
    if first_answer := sent_before(request):
        return redirect(first_answer)
    if not plan.is_active:
        messages.info(request, _("Chỉ sửa đổi được kế hoạch đang thực hiện."))
        return redirect(plan)
    if request.method != "POST" and (draft := amending.draft_of(plan)) is not None:
        messages.info(request, _("Đang có một văn bản sửa đổi chưa áp dụng, mở lại ở đây."))
        return redirect(draft)
    initial = {"kind": PlanKind.DECISION, "issuer": plan.issuer}
    form = AmendmentForm(request.POST or None, plan=plan, initial=initial)
    if request.method == "POST" and form.is_valid():
        url = send(request, form, lambda: _start(request, plan, form))
        if url is not None:
            return redirect(url)
    context = {"plan": plan, "form": form}
    return render(request, "plans/amend.html", context, status=422 if form.errors else 200)


def _start(request: PortalRequest, plan: Plan, form: AmendmentForm) -> str:
    try:
        amendment = amending.start(plan, form.head(), by=request.user)
    except services.NumberTakenError:
        data = form.cleaned_data
        message = number_taken_message(data["number"], data["issued_on"].year)
        raise workflow.WorkflowError(message) from None
    return reverse("plans:grid", args=[amendment.pk])


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: PortalRequest, pk: int) -> HttpResponse:
    """Show what an amendment does to words and work; do it once, exactly as shown."""
    amendment = access.editable_plan(request.user, pk)
    if not amendment.is_amendment or amendment.amends is None:
        messages.info(request, _("Đây không phải văn bản sửa đổi: hãy dùng nút Giao việc."))
        return redirect(amendment)
    plan = access.editable_plan(request.user, amendment.amends.pk)
    if not amendment.is_draft:
        messages.info(request, _("Văn bản sửa đổi này đã được áp dụng."))
        return redirect(amendment)
    comparison = amending.compare(amendment, timezone.localdate())
    form = ApplyForm(request.POST or None, has_stops=bool(comparison.stopped))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["digest"] != comparison.digest:
            form.add_error(None, _stale_message())
            return _preview(request, amendment, comparison, form, status=409)
        try:
            url = send(request, form, lambda: _apply(request, amendment, form, plan))
        except amending.StaleComparisonError as error:
            form.add_error(None, _stale_message())
            return _preview(request, amendment, error.current, form, status=409)
        if url is not None:
            messages.success(request, _("Đã áp dụng văn bản sửa đổi vào kế hoạch."))
            return redirect(url)
    return _preview(request, amendment, comparison, form, status=422 if form.errors else 200)


def _stale_message() -> str:
    return _(
        "Chưa áp dụng: kế hoạch hoặc phần việc vừa thay đổi sau khi anh/chị mở trang. "
        "Dưới đây là kết quả mới, hãy xem lại rồi bấm Áp dụng."
    )


def _apply(request: PortalRequest, amendment: Plan, form: ApplyForm, plan: Plan) -> str:
    now = timezone.now()
    try:
        amending.apply(
            amendment,
            digest=form.cleaned_data["digest"],
            by=request.user,
            today=timezone.localdate(now),
            now=now,
        )
    except services.IncompletePlanError as error:
        message = _("Còn %(count)s chỗ thiếu trong bảng nhiệm vụ: hãy điền rồi áp dụng.")
        raise workflow.WorkflowError(message % {"count": len(error.problems)}) from None
    except amending.UnnamedDocumentError:
        message = _("Văn bản sửa đổi chưa có số hoặc ngày: hãy ghi ở Sửa thông tin.")
        raise workflow.WorkflowError(message) from None
    except (amending.NotAmendableError, services.NotDraftError):
        message = _("Kế hoạch không còn thực hiện hoặc văn bản này đã được áp dụng.")
        raise workflow.WorkflowError(message) from None
    return plan.get_absolute_url()


def _preview(
    request: PortalRequest,
    amendment: Plan,
    comparison: amending.Comparison,
    form: ApplyForm,
    *,
    status: int,
) -> HttpResponse:
    context: dict[str, Any] = {
        "amendment": amendment,
        "plan": comparison.plan,
        "comparison": comparison,
        "counts": comparison.counts,
        "form": form,
        "problems": services.problems(amendment),
        "today": timezone.localdate(),
    }
    return render(request, "plans/apply_amendment.html", context, status=status)


@require_POST
def keep(request: PortalRequest, pk: int) -> HttpResponse:
    """Put back a task that was taken out of an amendment."""
    amendment = access.editable_plan(request.user, pk)
    tasks = Task.objects.visible_to(request.user).filter(plan=amendment.amends)
    try:
        task = tasks.filter(pk=int_key(request.POST.get("task", ""))).first()
    except ValueError:
        task = None
    if task is None:
        messages.error(request, _("Không tìm thấy nhiệm vụ ấy trong kế hoạch được sửa."))
        return redirect(amendment)
    try:
        amending.keep(amendment, task)
    except services.NotDraftError:
        messages.info(request, _("Văn bản sửa đổi này đã được áp dụng."))
        return redirect(amendment)
    messages.success(request, _("Đã đưa nhiệm vụ “%(task)s” trở lại.") % {"task": task})
    return redirect("plans:apply", pk=amendment.pk)
