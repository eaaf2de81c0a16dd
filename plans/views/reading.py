"""Pages that read a plan from a document: give it, watch it being read, make a draft of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.decorators.vary import vary_on_headers

from agencies.models import Agency
from plans import access, drafting, evidence, jobs, readings
from plans.forms import OnceForm
from plans.models import Reading
from plans.reader import Certainty, Draft, Found
from plans.reading_form import ReadingForm
from plans.states import DeadlineKind, Recurrence
from plans.views.sending import send

if TYPE_CHECKING:
    from agencies.request import PortalRequest

# A queued document that nobody took for so long: the page says that it is not the reader's fault.
SLOW_AFTER = timedelta(seconds=60)
HEAD = (
    ("kind", gettext_lazy("Loại văn bản")),
    ("number", gettext_lazy("Số, ký hiệu")),
    ("issued_on", gettext_lazy("Ngày ban hành")),
    ("effective_on", gettext_lazy("Ngày hiệu lực")),
    ("issuer", gettext_lazy("Cơ quan ban hành")),
    ("signer", gettext_lazy("Người ký")),
    ("field", gettext_lazy("Lĩnh vực")),
    ("title", gettext_lazy("Trích yếu")),
    ("province", gettext_lazy("Tỉnh, thành phố")),
)
LABELS = {
    **{f"document.{name}": label for name, label in HEAD},
    "period.from_on": gettext_lazy("Thực hiện từ ngày"),
    "period.to_on": gettext_lazy("Đến ngày"),
    "based_on": gettext_lazy("Căn cứ"),
    "indices": gettext_lazy("Chỉ số"),
    "components": gettext_lazy("Nội dung"),
    "targets": gettext_lazy("Mục tiêu"),
    "tasks": gettext_lazy("Nhiệm vụ"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def read_document(request: PortalRequest) -> HttpResponse:
    """Give a document; a worker reads it, never this process."""
    access.require_office(request.user)
    is_sent = request.method == "POST"
    form = ReadingForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        user=request.user,
        initial={"province": _own_province(request)},
    )
    if is_sent and form.is_valid():
        url = _ask(request, form)
        if url is not None:
            return redirect(url)
    status = 422 if form.errors else 200
    return render(request, "plans/read_document.html", {"form": form}, status=status)


@require_safe
@never_cache
@vary_on_headers("HX-Request")
def reading(request: PortalRequest, pk: int) -> HttpResponse:
    """One document: asks for itself while it is read, then shows the draft."""
    row = access.readable_reading(request.user, pk)
    template = "plans/_reading_state.html" if request.htmx else "plans/reading.html"
    return render(request, template, _context(row, OnceForm()))


@require_POST
def make_plan(request: PortalRequest, pk: int) -> HttpResponse:
    """Make the draft plan of a document; pressed twice, both lead to the one plan."""
    row = access.readable_reading(request.user, pk)
    if not row.is_done:
        raise Http404
    form = OnceForm(request.POST)
    notes: list[str] = []

    def act() -> str:
        plan, told = drafting.make_plan(row, by=request.user, today=timezone.localdate())
        notes.extend(told)
        return reverse("plans:grid", args=[plan.pk])

    url = send(request, form, act) if form.is_valid() else None
    if url is None:
        return render(request, "plans/reading.html", _context(row, form), status=422)
    for note in notes:
        messages.warning(request, note)
    return redirect(url)


def _ask(request: PortalRequest, form: ReadingForm) -> str | None:
    """Store the file, then the row; the file is taken back if no row was written."""
    upload = form.cleaned_data["file"]
    stored = readings.store(upload) if upload else ""
    made: list[Reading] = []

    def act() -> str:
        row = Reading.objects.create(
            province=form.cleaned_data["province"],
            requested_by=request.user,
            requested_at=timezone.now(),
            file=stored,
            file_name=evidence.shown_name(upload) if upload else "",
            text=form.cleaned_data["text"],
        )
        made.append(row)
        return row.get_absolute_url()

    try:
        url = send(request, form, act)
    finally:
        if stored and not made:
            readings.discard(stored)
    for row in made:
        jobs.wake(row.pk)
    return url


def _own_province(request: PortalRequest) -> int | None:
    posts = Agency.objects.filter(memberships__user=request.user).order_by("-pk")
    return posts.values_list("province", flat=True).first()


def _context(row: Reading, form: OnceForm) -> dict[str, Any]:
    waited = timezone.now() - row.requested_at
    context: dict[str, Any] = {
        "reading": row,
        "form": form,
        "is_slow": row.is_open and not row.lease_until and waited > SLOW_AFTER,
        "draft": None,
        "other_province": "",
    }
    if row.is_done:
        draft = readings.draft_of(row)
        context["draft"] = _shown_draft(draft)
        context["other_province"] = drafting.other_province(draft, row.province)
    return context


def _shown_draft(draft: Draft) -> dict[str, Any]:
    facts = [(label, getattr(draft.document, name)) for name, label in HEAD]
    facts += [
        (LABELS["period.from_on"], draft.period.from_on),
        (LABELS["period.to_on"], draft.period.to_on),
    ]
    lists = [
        (LABELS["based_on"], draft.based_on),
        (gettext_lazy("Viện dẫn"), draft.cited),
        (gettext_lazy("Thay thế"), draft.supersedes),
        (LABELS["indices"], draft.indices),
        (LABELS["components"], draft.components),
    ]
    tasks = [_shown_task(task) for task in draft.tasks]
    return {
        "facts": [(label, _shown(found)) for label, found in facts if found],
        "lists": [(label, [_shown(each) for each in found]) for label, found in lists if found],
        "not_found": [LABELS.get(name, name) for name in draft.not_found],
        "targets": [_shown(target.text) for target in draft.targets],
        "tasks": tasks,
        "lacking": _lacking(draft, tasks),
        "notes": draft.notes,
    }


def _lacking(draft: Draft, tasks: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many tasks lack what the plan needs, or were read with doubt; none is left out."""
    counts = (
        (_("chưa thấy cơ quan chủ trì"), sum(1 for task in draft.tasks if not task.lead)),
        (_("chưa thấy thời hạn"), sum(1 for task in draft.tasks if not task.deadline.text)),
        (_("chưa thấy nội dung PAPI"), sum(1 for task in draft.tasks if not task.components)),
        (_("có chỗ độ tin thấp"), sum(1 for task in tasks if task["is_doubtful"])),
    )
    return [(label, count) for label, count in counts if count]


def _shown_task(task: Any) -> dict[str, Any]:
    deadline = task.deadline
    parts = [task.text, *task.lead, *task.support, deadline.text, *task.components, task.product]
    return {
        "number": task.number.value or "",
        "text": _shown(task.text),
        "components": [_shown(each) for each in task.components],
        "lead": [_shown(each) for each in task.lead],
        "support": [_shown(each) for each in task.support],
        "deadline": _shown(deadline.text),
        "parsed": _parsed(deadline),
        "product": _shown(task.product),
        "is_doubtful": any(each and each.certainty == Certainty.LOW for each in parts),
    }


def _parsed(deadline: Any) -> str:
    """How a deadline was understood: its last day, how often, or its kind."""
    if deadline.due_on:
        return _shown_value(deadline.due_on.value)
    if deadline.recurrence and deadline.recurrence.value in Recurrence.values:
        return str(Recurrence(deadline.recurrence.value).label)
    if deadline.kind and deadline.kind.value in DeadlineKind.values:
        return str(DeadlineKind(deadline.kind.value).label)
    return ""


def _shown(found: Found) -> dict[str, Any]:
    """A value and, unless it is sure, the words and colour of its badge."""
    badges = {
        Certainty.LOW: ("late", _("độ tin thấp")),
        Certainty.MEDIUM: ("soon", _("độ tin trung bình")),
    }
    badge = badges.get(found.certainty) if found else None
    return {"value": _shown_value(found.value), "badge": badge, "source": found.text}


def _shown_value(value: object) -> str:
    """Days as people here write them, all else as it is."""
    if value is None:
        return ""
    try:
        return f"{date.fromisoformat(str(value)):%d/%m/%Y}" if len(str(value)) == 10 else str(value)
    except ValueError:
        return str(value)
