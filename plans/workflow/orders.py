"""What a document does to many assignments at once; each act leaves its event on every row.

The queries are fixed but for a few per batch of rows. The caller holds the transaction and has
locked the rows (`lock`), so that what was shown is what is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from plans.models import Assignment, Event
from plans.states import OPEN, EventKind, Status
from plans.workflow.acts import WorkflowError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from agencies.models import Agency, User
    from plans.models import Plan

BATCH = 500


@dataclass(frozen=True)
class Order:
    """Who acts, when, and the document that says so (None: no document of the portal)."""

    by: User | None
    now: datetime
    document: Plan | None = None


@dataclass(frozen=True)
class Dates:
    """The dates that a document gives to one assignment."""

    assignment: Assignment
    starts_on: date | None
    due_on: date | None


def assign_all(
    rows: Iterable[Assignment],
    order: Order,
    *,
    text_of: Callable[[Assignment], str] = lambda _row: "",
) -> list[Assignment]:
    """Give out new work; `first_due_on` of a row is set once, here."""
    made = bulk_create_with_history(
        list(rows), Assignment, batch_size=BATCH, default_user=order.by, default_date=order.now
    )
    _log(made, order, EventKind.CREATED, text_of)
    return made


def stop_all(
    rows: Sequence[Assignment], order: Order, *, reason_of: Callable[[Assignment], str]
) -> None:
    """Stop open work, each with its reason. Raise `WorkflowError` for a row without one."""
    reasons = {row.pk: reason_of(row).strip() for row in rows}
    if not all(reasons.values()):
        raise WorkflowError(_("Hãy ghi lý do dừng, ví dụ: “Theo Quyết định 12/QĐ-UBND”."))
    old = {row.pk: row.status for row in rows}
    for row in rows:
        if row.status not in OPEN:
            raise WorkflowError(_("Chỉ dừng được phần việc đang mở."))
        row.status = Status.CANCELLED
    _update(rows, order, "status")
    _log(
        rows,
        order,
        EventKind.CANCEL,
        lambda row: reasons[row.pk],
        moves=lambda row: (old[row.pk], Status.CANCELLED),
    )


def date_all(
    dates: Sequence[Dates], order: Order, *, text_of: Callable[[Assignment, date | None], str]
) -> None:
    """Move due dates as the document of `order` says; `first_due_on` stays for ever.

    `text_of` gets the row, dated anew, and its old due date.
    """
    assert order.document is not None, "a due date moves only with its document"
    old = {each.assignment.pk: each.assignment.due_on for each in dates}
    rows = [each.assignment for each in dates]
    for each in dates:
        each.assignment.starts_on, each.assignment.due_on = each.starts_on, each.due_on
    _update(rows, order, "starts_on", "due_on")
    _log(rows, order, EventKind.AMENDED, lambda row: text_of(row, old[row.pk]))


def refile_all(
    rows: Sequence[Assignment], component_of: Callable[[Assignment], int | None], order: Order
) -> None:
    """Repeat the dimension of the task on its rows, done ones too, so that counts agree."""
    for row in rows:
        row.primary_component_id = component_of(row)
    _update(rows, order, "primary_component")


def hand_over_all(rows: Sequence[Assignment], to: Agency, order: Order, *, text: str) -> None:
    """Give open work, with all that was reported on it, to another agency."""
    for row in rows:
        row.agency = to
    _update(rows, order, "agency")
    _log(rows, order, EventKind.MOVED, lambda _row: text)


def note_all(
    rows: Sequence[Assignment], order: Order, *, text_of: Callable[[Assignment], str]
) -> None:
    """Tell on each row what a document changed in the words of its task."""
    _log(rows, order, EventKind.AMENDED, text_of)


def _update(rows: Sequence[Assignment], order: Order, *fields: str) -> None:
    for row in rows:
        row.version += 1
    bulk_update_with_history(
        list(rows),
        Assignment,
        [*fields, "version"],
        batch_size=BATCH,
        default_user=order.by,
        default_date=order.now,
    )


def _log(
    rows: Iterable[Assignment],
    order: Order,
    kind: EventKind,
    text_of: Callable[[Assignment], str],
    *,
    moves: Callable[[Assignment], tuple[str, str]] = lambda _row: ("", ""),
) -> None:
    events = []
    for row in rows:
        old, new = moves(row)
        events.append(
            Event(
                assignment=row,
                kind=kind,
                old=old,
                new=new,
                by=order.by,
                text=text_of(row)[:2000],
                happened_at=order.now,
                document=order.document,
            )
        )
    Event.objects.bulk_create(events, batch_size=BATCH)
