"""Writes of notices: by their reader, and what is forgotten at night."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plans.reminders.models import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from agencies.models import User


def mark_read(notice: Notice, *, now: datetime) -> None:
    """Note when a notice was first opened."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def mark_unread(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(read_at=None)


def mark_all_read(user: User, *, up_to: int | None, now: datetime) -> int:
    """Mark what the person has seen: a notice later than `up_to` came while the page was open."""
    seen = Notice.objects.visible_to(user).unread()
    if up_to is not None:
        seen = seen.filter(pk__lte=up_to)
    return seen.update(read_at=now)


def forget_old_notices(*, now: datetime) -> int:
    """Delete what was read long ago; how many. The letter itself is kept."""
    deleted, _by_model = Notice.objects.forgettable(now).delete()
    return deleted
