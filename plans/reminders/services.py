"""Writes of notices by their reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plans.reminders.models import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from agencies.models import User


def mark_read(notice: Notice, *, now: datetime) -> None:
    """Note when a notice was first opened."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def mark_all_read(user: User, *, now: datetime) -> int:
    return Notice.objects.visible_to(user).unread().update(read_at=now)
