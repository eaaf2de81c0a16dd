"""The work that notices tell of: the same as in the letter of that morning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Count, F, Min, Value, When, Window
from django.db.models.fields import BooleanField
from django.db.models.functions import RowNumber

from agencies.access import rights_of
from plans.models import Assignment
from plans.reminders.models import Notice, Reminder
from plans.states import Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from agencies.models import User

SHOWN_ROWS = 3


@dataclass(frozen=True)
class Line:
    """A notice with the first rows of its work by due date, and how many there are besides."""

    notice: Notice
    work: list[Assignment]
    unshown_count: int


def lines(notices: Sequence[Notice], user: User) -> list[Line]:
    """Only work that the person may see today; two queries for any number of notices."""
    told: dict[tuple[int, bool], list[dict[str, Any]]] = {}
    for row in _first_rows({notice.mail_id for notice in notices if notice.mail_id}, user):
        told.setdefault((row["mail_id"], row["is_own"]), []).append(row)
    keys = {row["assignment_id"] for rows in told.values() for row in rows}
    assignments = Assignment.objects.for_lists().in_bulk(keys)
    found = []
    for notice in notices:
        rows = told.get((notice.mail_id or 0, notice.is_about_own_work), [])
        work = [assignments[row["assignment_id"]] for row in rows]
        found.append(Line(notice, work, rows[0]["total"] - len(rows) if rows else 0))
    return found


def destination(notice: Notice, user: User, today: date) -> str:
    """Where a notice leads: to its only piece of work, else to the list, at what is overdue."""
    own = [
        row
        for row in _first_rows({notice.mail_id} if notice.mail_id else set(), user)
        if row["is_own"] == notice.is_about_own_work
    ]
    if len(own) == 1:
        return Assignment(pk=own[0]["assignment_id"]).get_absolute_url()
    if notice.is_about_own_work and own and own[0]["due"] and own[0]["due"] < today:
        return f"{notice.url}#{Urgency.OVERDUE}"
    return notice.url


def _first_rows(mails: set[int], user: User) -> list[dict[str, Any]]:
    """Of each letter the first rows of the person's own work and of what is overseen."""
    own = When(assignment__agency__in=rights_of(user).agencies, then=Value(True))
    parts = [F("mail"), F("is_own")]
    # Work without a due date last, on every database.
    by_due = F("due").asc(nulls_last=True)
    rows = (
        Reminder.objects.filter(
            mail__in=mails, assignment__in=Assignment.objects.visible_to(user).order_by()
        )
        .annotate(is_own=Case(own, default=Value(False), output_field=BooleanField()))
        .values("mail_id", "assignment_id", "is_own")
        # Two rungs of one piece of work are one row.
        .annotate(due=Min("assignment__due_on"))
        .annotate(
            place=Window(RowNumber(), partition_by=parts, order_by=[by_due, "assignment_id"]),
            total=Window(Count("assignment_id"), partition_by=parts),
        )
        .filter(place__lte=SHOWN_ROWS)
        .order_by("mail_id", "place")
    )
    return [dict(row) for row in rows]
