"""Wakes the planner and the sender each minute, which find for themselves what is to be done."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from plans.reminders import outbox, planner, services


@shared_task
def plan_reminders() -> None:
    """Plan today once the morning has come; a second run, or a second beat, does nothing."""
    now = timezone.localtime()
    if now.hour >= settings.REMINDERS_FROM_HOUR:
        planner.plan_day(now.date(), now)


@shared_task
def send_due_mail() -> None:
    """Claims what is due by lease, so two beats or two workers send nothing twice."""
    outbox.send_due(timezone.now)


@shared_task
def clean_notices() -> None:
    """Each night: notices that were read long ago; a second run finds nothing."""
    services.forget_old_notices(now=timezone.now())
