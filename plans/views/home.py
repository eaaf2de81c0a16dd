"""The first page: what the portal is for, and the demo accounts where there are any."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from agencies.context import landing_url
from agencies.models import User
from plans import demo

if TYPE_CHECKING:
    from django.http import HttpRequest


@never_cache
@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        landing = landing_url(request.user)
        if landing != request.path:
            return redirect(landing)
        return render(request, "plans/no_post.html")
    accounts = demo_accounts() if settings.IS_EMBEDDED else []
    context = {"accounts": accounts, "demo_password": demo.PASSWORD if accounts else ""}
    return render(request, "plans/home.html", context)


def demo_accounts() -> list[demo.Account]:
    """The demo accounts that were loaded and are still open, in the order of the story."""
    emails = [account.email for account in demo.ACCOUNTS]
    loaded = set(
        User.objects.filter(email__in=emails, is_active=True).values_list("email", flat=True)
    )
    return [account for account in demo.ACCOUNTS if account.email in loaded]
