"""Who is alive: beat, the workers, and the jobs without which nobody is reminded."""

from __future__ import annotations

import logging
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import Error
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Min

from plans.reminders.models import Heartbeat

if TYPE_CHECKING:
    from datetime import datetime

logger = logging.getLogger(__name__)

BEAT = "beat"
PLANNING = "plan"
SENDING = "send"
CHECKING = "check"
RETURNS = "returns"
WORKER = "worker "  # and its name

# Beat, workers and the jobs of each minute say so once a minute or more often.
SILENT_AFTER = timedelta(minutes=10)
# Over night nothing is planned, but the jobs run all the same: this long means nobody runs them.
STALLED_AFTER = timedelta(hours=26)
# Containers have a new name with each deployment; those that are gone are forgotten.
KEEP = timedelta(days=7)
SECONDS_BETWEEN = 30
_noted: dict[str, float] = {}


def note(name: str, now: datetime, found: str = "") -> None:
    """Note that `name` is alive."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name[:150], seen_at=now, found=found)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["seen_at", "found"],
    )


def note_now_and_then(name: str, now: datetime) -> None:
    """Note it at most twice a minute; a database that is away costs the note, never the caller."""
    if time.monotonic() - _noted.get(name, float("-inf")) < SECONDS_BETWEEN:
        return
    _noted[name] = time.monotonic()
    try:
        note(name, now)
    except Error:
        logger.warning("no heartbeat of %s", name, exc_info=True)


def forget(name: str) -> None:
    """Forget what was told to stop."""
    try:
        Heartbeat.objects.filter(name=name[:150]).delete()
    except Error:
        logger.warning("the heartbeat of %s stays", name, exc_info=True)


def forget_old(now: datetime) -> int:
    """Forget workers that have not been seen for a week; how many."""
    old = Heartbeat.objects.filter(name__startswith=WORKER, seen_at__lt=now - KEEP)
    return old.delete()[0]


def stalled_since(now: datetime) -> datetime | None:
    """Since when nothing was planned or nothing was sent, if that is too long; else None.

    A portal on which it never ran counts from its installation: forgetting to start worker or
    beat is the commonest fault of all, and the portal itself looks well.
    """
    seen = dict(
        Heartbeat.objects.filter(name__in=[PLANNING, SENDING]).values_list("name", "seen_at")
    )
    last = min(seen.values()) if len(seen) == 2 else installed_at()
    return last if last is not None and last < now - STALLED_AFTER else None


def installed_at() -> datetime | None:
    applied = MigrationRecorder.Migration.objects.aggregate(first=Min("applied"))
    first: datetime | None = applied["first"]
    return first
