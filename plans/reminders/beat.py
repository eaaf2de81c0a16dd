"""The scheduler of Celery's beat, which says that it lives and outlives a wrong clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery.beat import PersistentScheduler
from django.db import close_old_connections
from django.utils import timezone

from plans.reminders import heartbeats

A_MOMENT = timedelta(minutes=1)


class Scheduler(PersistentScheduler):
    """Celery's own, each of whose rounds leaves a sign of life in the database."""

    app: Any

    def tick(self, *args: Any, **kwargs: Any) -> float:
        heartbeats.note_now_and_then(heartbeats.BEAT, timezone.now())
        close_old_connections()
        self._forget_what_is_to_come()
        pause: float = super().tick(*args, **kwargs)
        return pause

    def _forget_what_is_to_come(self) -> None:
        """A job that has run tomorrow ran before the clock was put back.

        Celery would start none of them until the clock has come so far again.
        """
        now = self.app.now()
        ahead = [entry for entry in self.schedule.values() if entry.last_run_at > now + A_MOMENT]
        for entry in ahead:
            entry.last_run_at = now
        if ahead:
            self.populate_heap()
