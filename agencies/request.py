"""The request as the portal's views know it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django_htmx.middleware import HtmxDetails

    from agencies.models import User


class PortalRequest(HttpRequest):
    """A request of a signed-in person, with what django-htmx adds."""

    htmx: HtmxDetails
    user: User
