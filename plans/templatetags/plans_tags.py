"""Words, icons and colours for where an assignment or a task stands."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from indicators.judging import Verdict
from indicators.states import Level
from indicators.telling import Cell, Told, tell
from papi_portal.templatetags.portal_tags import icon
from plans.amending.columns import label_of
from plans.grid import cell_id
from plans.states import SOON_DAYS, DeadlineKind, PlanStatus, Status

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from plans.aims import JudgedTarget
    from plans.models import Assignment, Plan, Task
    from plans.radar.coverage import TaskFacts
    from plans.source_marks import Run

register = template.Library()
register.filter("cell_id", cell_id)


def badge(kind: str, word: str) -> SafeString:
    return format_html('<span class="badge s-{}">{}{}</span>', kind, icon(kind), word)


@register.simple_tag
def assignment_badge(assignment: Assignment, today: date) -> SafeString:
    """Status of one assignment on `today`; a body that is only asked is never called late."""
    status = assignment.status
    if status == Status.DONE:
        is_late = (
            assignment.due_on and assignment.done_on and assignment.done_on > assignment.due_on
        )
        return badge("done", _("Hoàn thành, quá hạn") if is_late else _("Hoàn thành"))
    if status == Status.CANCELLED:
        return badge("cancelled", _("Đã dừng"))
    if status == Status.REPORTED:
        return badge("wait", _("Chờ xác nhận"))
    if assignment.due_on is None:
        return badge("regular", _("Không có hạn"))
    days_left = (assignment.due_on - today).days
    if days_left < 0:
        if assignment.agency.is_requested:
            return badge("wait", _("Đã qua ngày đề nghị"))
        return badge("late", _("Quá hạn %(days)s ngày") % {"days": -days_left})
    if days_left == 0:
        return badge("soon", _("Đến hạn hôm nay"))
    if days_left < SOON_DAYS:
        return badge("soon", _("Còn %(days)s ngày") % {"days": days_left})
    if status == Status.NOT_STARTED:
        return badge("todo", _("Chưa triển khai"))
    return badge("doing", _("Đang thực hiện"))


@register.simple_tag
def task_badge(task: Task, today: date) -> SafeString:
    """Status of a task out of its assignments (a row of TaskQuerySet.with_progress)."""
    assigned, done = task.assigned, task.done  # type: ignore[attr-defined]  # annotated
    if task.stopped_by_id is not None:
        return badge("cancelled", _("Đã dừng"))
    if not assigned:
        return badge("todo", _("Chưa giao"))
    if done == assigned:
        return badge("done", _("Hoàn thành"))
    if task.overdue:  # type: ignore[attr-defined]  # annotated
        return badge("late", _("Quá hạn"))
    if task.waiting:  # type: ignore[attr-defined]  # annotated
        return badge("wait", _("Chờ xác nhận"))
    if task.deadline_kind == DeadlineKind.CONTINUOUS:
        return badge("regular", _("Thường xuyên"))
    if task.started or done:  # type: ignore[attr-defined]  # annotated
        return badge("doing", _("Đang thực hiện"))
    return badge("todo", _("Chưa triển khai"))


@register.simple_tag
def plan_badge(plan: Plan) -> SafeString:
    kinds = {
        PlanStatus.DRAFT: "todo",
        PlanStatus.ACTIVE: "doing",
        PlanStatus.CLOSED: "done",
        PlanStatus.SUPERSEDED: "cancelled",
        PlanStatus.APPLIED: "done",
    }
    return badge(kinds[PlanStatus(plan.status)], plan.get_status_display())


@register.simple_tag
def source_runs(runs: list[Run]) -> SafeString:
    """The characters of a document under review, each marked run a link to its field."""
    return format_html_join("", "{}", ((_run(run),) for run in runs))


def _run(run: Run) -> SafeString:
    if not run.keys:
        return format_html("{}", run.text)
    first, *others = run.anchors or ("",)
    return format_html(
        '{}<a class="found is-{}" href="#{}" data-cells="{}" title="{}"{}>{}</a>',
        format_html_join("", '<span id="v-{}"></span>', ((key,) for key in others)),
        run.certainty,
        run.keys[0],
        " ".join(run.keys),
        run.label,
        format_html(' id="v-{}"', first) if first else "",
        run.text,
    )


VERDICT_BADGES = {
    Verdict.MET: "done",
    Verdict.NOT_MET: "late",
    Verdict.PENDING: "wait",
    Verdict.UNKNOWABLE: "todo",
}


@register.simple_tag
def tell_target(judged: JudgedTarget) -> Told | None:
    """The lines of a judged target; None if its sentence is not arithmetic."""
    if judged.judgement is None:
        return None
    part = judged.target.component
    is_named = part is not None and part.level not in (Level.COMPOSITE, Level.DIMENSION)
    return tell(judged.judgement, {part.stable_key: part.name} if part and is_named else {})


@register.simple_tag
def verdict_badge(told: Told | Cell) -> SafeString:
    return badge(VERDICT_BADGES[told.verdict], told.label)


@register.filter
def within(tasks: Iterable[TaskFacts], keys: Container[int]) -> list[TaskFacts]:
    """The tasks with a key in `keys`: those that the reader may know of."""
    return [task for task in tasks if task.pk in keys]


@register.filter
def column_label(name: str) -> str:
    """The heading of a column that a document changed."""
    return label_of(name)


EVENT_MARKS = {
    "created": ("todo", "plus"),
    "report": ("doing", "edit"),
    "confirm": ("done", "done"),
    "return": ("late", "return"),
    "reopen": ("soon", "return"),
    "cancel": ("todo", "cancelled"),
    "comment": ("todo", "comment"),
    "direction": ("wait", "info"),
    "answer": ("doing", "comment"),
    "evidence": ("doing", "attach"),
    "extension_asked": ("soon", "calendar"),
    "extension_approved": ("done", "calendar"),
    "extension_refused": ("late", "calendar"),
    "amended": ("soon", "edit"),
    "moved": ("soon", "return"),
}


@register.simple_tag
def event_mark(kind: str) -> SafeString:
    css_class, name = EVENT_MARKS[kind]
    return format_html('<span class="mark s-{}">{}</span>', css_class, icon(name))
