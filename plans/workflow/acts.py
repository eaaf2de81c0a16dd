"""What people do to one assignment: report, prove, confirm, return, stop, extend, direct."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.models import Assignment, Event, Evidence, Extension, ProgressReport
from plans.states import (
    MOVES_WITH_REASON,
    NEXT_STATUSES,
    UNREPORTED,
    Decision,
    EventKind,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agencies.models import User


class WorkflowError(Exception):
    """The rules do not allow what was asked; `message` says why, in Vietnamese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class TransitionError(WorkflowError):
    """The stored status does not lead to the wanted one."""


class StaleError(WorkflowError):
    """Somebody else changed the row since the person read it; `current` is the row as stored."""

    def __init__(self, current: Assignment) -> None:
        super().__init__(_("Người khác vừa cập nhật phần việc này."))
        self.current = current


def move(
    assignment: Assignment,
    to: Status,
    *,
    by: User | None,
    now: datetime,
    kind: EventKind,
    reason: str = "",
    report: ProgressReport | None = None,
    only_from: frozenset[Status] = frozenset(Status),
) -> Event:
    """Move `assignment` to the status `to` and log it; `by=None` means the system.

    The row is locked and read again first, so of two people who press at once only one
    succeeds. Raise `TransitionError` if the stored status does not lead to `to` or is not in
    `only_from`, and `WorkflowError` if the move needs a reason and has none.
    """
    with transaction.atomic():
        stored = _locked(assignment)
        old = Status(stored.status)
        if to not in NEXT_STATUSES[old] or old not in only_from:
            raise TransitionError(
                _("Phần việc đang ở trạng thái “%(old)s”, không chuyển sang “%(new)s” được.")
                % {"old": old.label, "new": to.label}
            )
        if (old, to) in MOVES_WITH_REASON and not reason.strip():
            raise WorkflowError(_("Hãy ghi lý do, ví dụ: “Chưa có văn bản kèm theo”."))

        stored.status = to
        stored.done_on = _reported_done_on(stored, now) if to == Status.DONE else None
        if to == Status.DONE:
            stored.percent_done = 100
        elif old in {Status.REPORTED, Status.DONE} and to == Status.IN_PROGRESS:
            stored.percent_done = _percent_before_completion(stored)
        _save(stored, now, "status", "done_on", "percent_done")
        _refresh(assignment, stored)
        return _log(stored, kind, by, now, reason, old=old, new=to, report=report)


@dataclass(frozen=True)
class NewEvidence:
    """A stored file (its storage name) and what was found out about it, or a document number."""

    file: str = ""
    file_name: str = ""
    content_type: str = ""
    size_bytes: int = 0
    sha256: str = ""
    document_number: str = ""
    note: str = ""


@dataclass(frozen=True)
class NewReport:
    """What an agency says: percent 0-100, whether that completes the work, and its proof."""

    percent_done: int
    is_completion: bool
    text: str
    evidence: Sequence[NewEvidence] = field(default_factory=tuple)


def report_progress(
    assignment: Assignment,
    report: NewReport,
    *,
    by: User,
    version: int,
    now: datetime,
    note: str = "",
) -> ProgressReport:
    """Keep what the agency says and move the status accordingly, all or nothing.

    `note` stands in the log beside the report: how it came here, where that is worth telling.
    Raise `StaleError` if the row is no longer at `version`, `TransitionError` if it is not the
    agency's turn, `WorkflowError` if a completion lacks the evidence its task asks for.
    """
    with transaction.atomic():
        stored = _locked(assignment)
        if stored.version != version:
            raise StaleError(stored)
        old = Status(stored.status)
        if old not in UNREPORTED:
            raise TransitionError(
                _("Phần việc đang ở trạng thái “%(old)s” nên chưa nhận báo cáo mới.")
                % {"old": old.label}
            )
        if report.is_completion:
            _check_completion(stored, report)

        made = _keep_report(stored, report, by=by, now=now)
        _refresh(assignment, stored)

        to = Status.REPORTED if report.is_completion else Status.IN_PROGRESS
        if to == old:
            _log(stored, EventKind.REPORT, by, now, note, report=made)
        else:
            move(assignment, to, by=by, now=now, kind=EventKind.REPORT, reason=note, report=made)
        return made


def _keep_report(
    stored: Assignment, report: NewReport, *, by: User, now: datetime
) -> ProgressReport:
    made = ProgressReport.objects.create(
        assignment=stored,
        by=by,
        reported_at=now,
        percent_done=report.percent_done,
        is_completion=report.is_completion,
        text=report.text,
    )
    add_evidence(stored, report.evidence, by=by, now=now, report=made)
    stored.percent_done = report.percent_done
    stored.last_heard_on = timezone.localdate(now)
    stored.last_said = report.text[:300]
    stored.has_reported = True
    _save(stored, now, "percent_done", "last_heard_on", "last_said", "has_reported")
    return made


def add_evidence(
    assignment: Assignment,
    evidence: Sequence[NewEvidence],
    *,
    by: User,
    now: datetime,
    report: ProgressReport | None = None,
) -> list[Evidence]:
    """Keep what proves an assignment; without a report it is logged as an event of its own."""
    with transaction.atomic():
        rows = [
            Evidence.objects.create(
                assignment=assignment, report=report, by=by, added_at=now, **vars(item)
            )
            for item in evidence
        ]
        if rows and report is None:
            told = ", ".join(str(row) for row in rows)[:2000]
            _log(assignment, EventKind.EVIDENCE, by, now, told)
        return rows


def confirm(assignment: Assignment, *, by: User, now: datetime) -> Event:
    """The office accepts a completion; it counts from the day the agency reported it."""
    return move(assignment, Status.DONE, by=by, now=now, kind=EventKind.CONFIRM)


def send_back(assignment: Assignment, *, by: User, now: datetime, reason: str) -> Event:
    """The office returns a completion with its reason; the agency has the work again."""
    return move(
        assignment,
        Status.IN_PROGRESS,
        by=by,
        now=now,
        kind=EventKind.RETURN,
        reason=reason,
        only_from=frozenset({Status.REPORTED}),
    )


def reopen(assignment: Assignment, *, by: User | None, now: datetime, reason: str) -> Event:
    """Take back a confirmation or a cancellation."""
    return move(
        assignment,
        Status.IN_PROGRESS,
        by=by,
        now=now,
        kind=EventKind.REOPEN,
        reason=reason,
        only_from=frozenset({Status.DONE, Status.CANCELLED}),
    )


def cancel(assignment: Assignment, *, by: User, now: datetime, reason: str) -> Event:
    """Stop the work; the reason names the document that orders it."""
    return move(assignment, Status.CANCELLED, by=by, now=now, kind=EventKind.CANCEL, reason=reason)


def ask_extension(
    assignment: Assignment, *, by: User, now: datetime, reason: str, proposed_due_on: date
) -> Extension:
    """Ask for a later due date. Raise `WorkflowError` when there is nothing to extend."""
    with transaction.atomic():
        stored = _locked(assignment)
        if stored.status not in UNREPORTED:
            raise TransitionError(_("Phần việc không còn mở nên không xin gia hạn được."))
        if stored.due_on is None:
            raise WorkflowError(_("Phần việc không có hạn nên không cần gia hạn."))
        if proposed_due_on <= stored.due_on:
            raise WorkflowError(
                _("Hạn đề nghị %(new)s phải sau hạn hiện tại %(old)s.")
                % {"new": f"{proposed_due_on:%d/%m/%Y}", "old": f"{stored.due_on:%d/%m/%Y}"}
            )
        if stored.extensions.filter(decision=Decision.WAITING).exists():
            raise WorkflowError(_("Đã có một đề nghị gia hạn đang chờ quyết định."))

        extension = Extension.objects.create(
            assignment=stored,
            asked_by=by,
            asked_at=now,
            reason=reason,
            old_due_on=stored.due_on,
            proposed_due_on=proposed_due_on,
            is_late=timezone.localdate(now) > stored.due_on,
        )
        _log(stored, EventKind.EXTENSION_ASKED, by, now, reason, extension=extension)
        return extension


def decide_extension(
    extension: Extension, *, is_approved: bool, by: User, now: datetime, note: str = ""
) -> Event:
    """Decide a request once; approval moves `due_on`, `first_due_on` stays for ever.

    Raise `WorkflowError` if it was decided already, if the work has ended meanwhile, or if a
    refusal gives no reason.
    """
    with transaction.atomic():
        stored = _locked(extension.assignment)
        request = Extension.objects.select_for_update().get(pk=extension.pk)
        if request.decision != Decision.WAITING:
            raise WorkflowError(
                _("Đề nghị này đã có quyết định: %(decision)s.")
                % {"decision": request.get_decision_display()}
            )
        if is_approved and not stored.is_open:
            raise WorkflowError(_("Phần việc đã kết thúc nên không gia hạn nữa."))
        if is_approved and stored.due_on is None:
            raise WorkflowError(_("Phần việc không còn hạn theo văn bản nên không cần gia hạn."))
        if is_approved and stored.due_on and request.proposed_due_on <= stored.due_on:
            # A document has moved the date since the request.
            raise WorkflowError(
                _("Hạn hiện tại %(now)s không sớm hơn hạn đề nghị %(asked)s nên không cần gia hạn.")
                % {
                    "now": f"{stored.due_on:%d/%m/%Y}",
                    "asked": f"{request.proposed_due_on:%d/%m/%Y}",
                }
            )
        if not is_approved and not note.strip():
            raise WorkflowError(_("Hãy ghi lý do không đồng ý gia hạn."))

        request.decision = Decision.APPROVED if is_approved else Decision.REFUSED
        request.decided_by, request.decided_at, request.decision_note = by, now, note
        request.save(update_fields=["decision", "decided_by", "decided_at", "decision_note"])
        if is_approved:
            stored.due_on = request.proposed_due_on
            _save(stored, now, "due_on")
        kind = EventKind.EXTENSION_APPROVED if is_approved else EventKind.EXTENSION_REFUSED
        return _log(stored, kind, by, now, note, extension=request)


def comment(assignment: Assignment, *, by: User, now: datetime, text: str) -> Event:
    return _log(assignment, EventKind.COMMENT, by, now, text)


def direct(assignment: Assignment, *, by: User, now: datetime, text: str) -> Event:
    """A leader's direction; it shows in the agency's work until it is answered."""
    return _log(assignment, EventKind.DIRECTION, by, now, text)


def answer_direction(direction: Event, *, by: User, now: datetime, text: str) -> Event:
    """Answer a direction, once. Raise `WorkflowError` if somebody has answered it."""
    with transaction.atomic():
        _locked(direction.assignment)
        if Event.objects.filter(answers=direction).exists():
            raise WorkflowError(_("Ý kiến chỉ đạo này đã có trả lời."))
        return _log(direction.assignment, EventKind.ANSWER, by, now, text, answers=direction)


def _log(
    assignment: Assignment,
    kind: EventKind,
    by: User | None,
    now: datetime,
    text: str,
    **related: object,
) -> Event:
    return Event.objects.create(
        assignment=assignment, kind=kind, by=by, happened_at=now, text=text, **related
    )


def _locked(assignment: Assignment) -> Assignment:
    return Assignment.objects.select_for_update().get(pk=assignment.pk)


def _check_completion(stored: Assignment, report: NewReport) -> None:
    if report.percent_done != 100:
        raise WorkflowError(
            _("Báo hoàn thành thì tiến độ phải là 100 %%, không phải %(percent)s %%.")
            % {"percent": report.percent_done}
        )
    if stored.task.needs_evidence and not (report.evidence or stored.evidence.exists()):
        raise WorkflowError(
            _("Nhiệm vụ này cần tài liệu kiểm chứng: hãy đính kèm tệp hoặc ghi số văn bản.")
        )


def _reported_done_on(stored: Assignment, now: datetime) -> date:
    completion = stored.reports.filter(is_completion=True).order_by("-reported_at", "-pk").first()
    return timezone.localdate(completion.reported_at if completion else now)


def _percent_before_completion(stored: Assignment) -> int:
    earlier = stored.reports.filter(is_completion=False).order_by("-reported_at", "-pk").first()
    return earlier.percent_done if earlier else 0


def _save(stored: Assignment, now: datetime, *fields: str) -> None:
    """Write `fields`; history dates the change `now`, so that lists as of a day are right."""
    stored.version += 1
    stored._history_date = now  # type: ignore[attr-defined]  # read by django-simple-history
    stored.save(update_fields=[*fields, "version"])


def _refresh(assignment: Assignment, stored: Assignment) -> None:
    """Let the caller's object tell what is stored now."""
    for name in (
        "status",
        "done_on",
        "percent_done",
        "due_on",
        "version",
        "last_heard_on",
        "last_said",
        "has_reported",
    ):
        setattr(assignment, name, getattr(stored, name))
