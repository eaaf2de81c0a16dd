"""What every page shows of the reader's notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.functional import SimpleLazyObject

from plans.reminders.models import Notice

if TYPE_CHECKING:
    from django.http import HttpRequest

# One more is shown as "99+".
SHOWN_AT_MOST = 99


def notices(request: HttpRequest) -> dict[str, Any]:
    """Count only when a template asks, and no further than the head of the page can show."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notice_count": 0}
    unread = Notice.objects.visible_to(user).unread().order_by()
    return {"unread_notice_count": SimpleLazyObject(unread[: SHOWN_AT_MOST + 1].count)}
