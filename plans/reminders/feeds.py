"""Secret addresses of calendars: made, replaced, ended, and looked up by their token."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from plans.reminders.models import CalendarFeed

if TYPE_CHECKING:
    from datetime import datetime

    from agencies.models import User
    from plans.models import Plan

TOKEN_BYTES = 32


def renew(owner: User, plan: Plan | None, *, now: datetime) -> str:
    """Make the address, or another one in its place; it is known to whoever reads this alone."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    CalendarFeed.objects.update_or_create(
        owner=owner, plan=plan, defaults={"token_hash": digest(token), "made_at": now}
    )
    return settings.PORTAL_URL + reverse("reminders:feed", args=[token])


def revoke(feed: CalendarFeed) -> None:
    feed.delete()


def revoke_all(owner: User) -> int:
    """How many addresses have ended."""
    return CalendarFeed.objects.filter(owner=owner).delete()[0]


def of_token(token: str) -> CalendarFeed | None:
    """The feed behind an address; one query by the unique hash."""
    feeds = CalendarFeed.objects.usable().select_related("owner", "plan")
    return feeds.filter(token_hash=digest(token)).first()


def digest(token: str) -> str:
    """A token is 256 random bits, so a plain hash cannot be turned back."""
    return sha256(token.encode(errors="replace")).hexdigest()
