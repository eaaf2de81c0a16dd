"""The part of a Celery worker that says that it lives, be there work or not."""

from __future__ import annotations

from typing import Any

from celery.bootsteps import StartStopStep
from celery.signals import worker_shutdown
from django.db import connection
from django.utils import timezone

from plans.reminders import heartbeats

SECONDS = 60.0


class Pulse(StartStopStep):
    """Runs by the worker's own timer while it is connected with the broker.

    In the process that hands the jobs out, which forks: it keeps no connection to the database.
    """

    def __init__(self, consumer: Any, **options: Any) -> None:
        super().__init__(consumer, **options)
        self.entry: Any = None

    def start(self, consumer: Any) -> None:
        """Also after the broker was lost, for Celery forgets all timers then."""
        beat(consumer.hostname)
        self.entry = consumer.timer.call_repeatedly(SECONDS, beat, (consumer.hostname,))

    def stop(self, consumer: Any) -> None:
        if self.entry is not None:
            self.entry.cancel()
            self.entry = None


def beat(worker: str) -> None:
    heartbeats.note_now_and_then(heartbeats.WORKER + worker, timezone.now())
    connection.close()


@worker_shutdown.connect
def leave(sender: Any = None, **_kwargs: Any) -> None:
    """A worker that was told to stop is not missed; one that was killed is."""
    heartbeats.forget(heartbeats.WORKER + sender.hostname)
    connection.close()
