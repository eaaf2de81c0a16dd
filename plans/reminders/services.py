"""Writes of notices by their reader, and of gateways by their administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from plans.reminders.models import Notice, Webhook

if TYPE_CHECKING:
    from datetime import datetime

    from agencies.models import User


def mark_read(notice: Notice, *, now: datetime) -> None:
    """Note when a notice was first opened."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def mark_all_read(user: User, *, now: datetime) -> int:
    return Notice.objects.visible_to(user).unread().update(read_at=now)


def save_webhook(webhook: Webhook, *, now: datetime) -> Webhook:
    """Save a gateway; one that is switched on again is not told of what went by meanwhile."""
    was_active = Webhook.objects.active().filter(pk=webhook.pk).exists() if webhook.pk else False
    if not was_active:
        webhook.active_from = now
    webhook.save()
    return webhook


def renew_key(webhook: Webhook) -> None:
    """Make another secret; the gateway takes no call until it knows it."""
    webhook.key = uuid4()
    webhook.save(update_fields=["key"])
