"""Wakes planner and senders each minute; each finds for itself what is to be done."""

from __future__ import annotations

import logging
import time

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from papi_portal import checking
from plans.reminders import delivery_reports, heartbeats, outbox, planner, services, tries
from plans.reminders.channels import webhook

logger = logging.getLogger(__name__)


@shared_task
def plan_reminders() -> None:
    """Plan today once the morning has come; a second run, or a second beat, does nothing."""
    now = timezone.localtime()
    if now.hour >= settings.REMINDERS_FROM_HOUR:
        planner.plan_day(now.date(), now)
    heartbeats.note(heartbeats.PLANNING, now)


# A run, and one letter more by the slowest server.
@shared_task(soft_time_limit=360, time_limit=390)
def send_due_mail() -> None:
    """Claims what is due by lease, so two beats or two workers send nothing twice."""
    outbox.send_due(timezone.now, seconds=tries.run_seconds())
    heartbeats.note(heartbeats.SENDING, timezone.now())


@shared_task
def call_webhooks() -> None:
    """Apart from the letters: a gateway that is slow or away holds up nobody but itself."""
    webhook.queue_calls(timezone.now())
    end = time.monotonic() + tries.run_seconds()
    for channel in webhook.channels():
        outbox.send_due(timezone.now, seconds=end - time.monotonic(), through=channel)


@shared_task
def read_bounces() -> None:
    """Letters that came back since the last time."""
    delivery_reports.read(settings.BOUNCES_URL, timezone.now())
    heartbeats.note(heartbeats.RETURNS, timezone.now())


@shared_task
def check_invariants() -> None:
    """Each night; what is found is logged, and shown to the administrator until the next check."""
    found = [str(breach) for breach in checking.breaches(timezone.now(), is_quick=True)]
    for line in found:
        logger.error("check_invariants: %s", line)
    heartbeats.note(heartbeats.CHECKING, timezone.now(), "\n".join(found))
    heartbeats.forget_old(timezone.now())


@shared_task
def clean_notices() -> None:
    """Each night: notices that were read long ago; a second run finds nothing."""
    services.forget_old_notices(now=timezone.now())
