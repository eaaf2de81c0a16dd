"""What every page shows of the reader's notices, and whether anybody is reminded at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from agencies.access import rights_of
from plans.reminders import heartbeats
from plans.reminders.models import Notice

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from agencies.models import User

# One more is shown as "99+".
SHOWN_AT_MOST = 99


def notices(request: HttpRequest) -> dict[str, Any]:
    """Count only when a template asks, and no further than the head of the page can show."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notice_count": 0, "stalled_since": None}
    unread = Notice.objects.visible_to(user).unread().order_by()
    return {
        "unread_notice_count": SimpleLazyObject(unread[: SHOWN_AT_MOST + 1].count),
        "stalled_since": SimpleLazyObject(lambda: _stalled_since(user)),
    }


def _stalled_since(user: User) -> datetime | None:
    """Only for those who can do something about it or have to know; one query for them."""
    rights = rights_of(user)
    if not (rights.administered_provinces or rights.office_provinces):
        return None
    return heartbeats.stalled_since(timezone.now())
