"""How letters fare, for those who watch over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agencies.access import rights_of
from plans.reminders import access, bounces
from plans.reminders import health as figures

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agencies.request import PortalRequest


@require_safe
def health(request: PortalRequest) -> HttpResponse:
    """Administrators and the office: whether it runs, what went out, who was not reached."""
    provinces = access.watched_provinces(request.user)
    # What stands in letters, and what servers say of them, is for administrators alone.
    own = rights_of(request.user).administered_provinces
    now = timezone.now()
    today = timezone.localdate(now)
    context = {
        "signs": figures.signs(now),
        "breaches": figures.breaches(),
        "days": figures.days(provinces, today),
        "oldest": figures.oldest_unsent(own, now),
        "reasons": figures.reasons(own, today),
        "bounced": bounces.people_with_bounced_address(provinces, today),
        "unreachable": figures.agencies_without_recipient(provinces, today),
        "gateways": figures.gateways(provinces, today),
        "is_administrator": bool(own),
        "province": access.first_managed_province(request.user),
    }
    return render(request, "reminders/health.html", context)
