"""The scheduler of Celery's beat, which says that it lives."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler
from django.db import close_old_connections
from django.utils import timezone

from plans.reminders import heartbeats


class Scheduler(PersistentScheduler):
    """Celery's own, each of whose rounds leaves a sign of life in the database."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        heartbeats.note_now_and_then(heartbeats.BEAT, timezone.now())
        close_old_connections()
        pause: float = super().tick(*args, **kwargs)
        return pause
