"""Jobs that are rows: taking one by a lease, writing only while it is one's own, sweeping up.

A row in the database is the truth, the broker only wakes workers: whoever claims the row by a
conditional update works on it, and only while request and attempt are still the row's own: a
worker that wakes up after its lease, or after a new request, finds others and stops. A model of
such rows has state, attempt, lease_until, requested_at, reason and finished_at.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

MAX_ATTEMPTS = 3
# Queued for so long, a row was probably lost by the broker: its worker is woken again.
RESEND_AFTER = timedelta(seconds=30)


class JobState(StrEnum):
    """The states a job can be in; each kind of job has its own words for them."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class LostLeaseError(Exception):
    """Another worker has the row now; what this one made is thrown away."""


def claim(rows: QuerySet[Any], pk: int, *, lease_until: datetime, **changes: object) -> Any | None:
    """Take the queued row `pk`; None if another worker was quicker or nothing is to do."""
    taken = rows.filter(pk=pk, state=JobState.QUEUED, attempt__lt=MAX_ATTEMPTS)
    row = taken.first()
    if row is None:
        return None
    changes |= {
        "state": JobState.RUNNING,
        "attempt": row.attempt + 1,
        "lease_until": lease_until,
    }
    if taken.filter(attempt=row.attempt, requested_at=row.requested_at).update(**changes) != 1:
        return None
    for name, value in changes.items():
        setattr(row, name, value)
    return row


def write(row: Any, **changes: object) -> None:
    """Write to the row if this attempt still owns it. Raise `LostLeaseError` if not."""
    rows = type(row).objects
    own = rows.filter(
        pk=row.pk, attempt=row.attempt, requested_at=row.requested_at, state=JobState.RUNNING
    )
    if own.update(**changes) != 1:
        raise LostLeaseError(row.pk, row.attempt)
    for name, value in changes.items():
        setattr(row, name, value)


def give_up(row: Any, reason: str, *, now: datetime) -> None:
    """Fail a row for good, with a reason people can act on."""
    write(row, state=JobState.FAILED, reason=reason[:500], lease_until=None, finished_at=now)


def try_again(row: Any, reason: str, *, now: datetime, **changes: object) -> None:
    """Queue a row for the next sweep; after the last attempt fail it with `reason`."""
    if row.attempt >= MAX_ATTEMPTS:
        give_up(row, reason, now=now)
    else:
        write(row, state=JobState.QUEUED, lease_until=None, **changes)


def sweep(rows: QuerySet[Any], reason: str, *, now: datetime, **changes: object) -> list[int]:
    """Keys of rows a worker should be woken for: abandoned, or perhaps lost by the broker.

    A row that was abandoned at its last attempt is failed with `reason`; one that is queued again
    gets `changes` as well.
    """
    abandoned = rows.filter(state=JobState.RUNNING, lease_until__lt=now)
    abandoned.filter(attempt__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED, reason=reason, lease_until=None, finished_at=now
    )
    abandoned.update(state=JobState.QUEUED, lease_until=None, **changes)
    forgotten = rows.filter(state=JobState.QUEUED, requested_at__lt=now - RESEND_AFTER)
    return list(forgotten.order_by("pk").values_list("pk", flat=True))
