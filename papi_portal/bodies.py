"""Refuses requests that bring more than the portal ever takes, before any of it is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase


class LargeBodyMiddleware:
    """413 by the length that the request names; the server reads no more than that of it.

    Forms are read after it, even those of people who have no session yet.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        named = request.META.get("CONTENT_LENGTH") or "0"
        if named.isascii() and named.isdigit() and len(named) < 10:
            is_large = int(named) > settings.MAX_BODY_BYTES
        else:
            is_large = named.isdigit()
        if is_large:
            return render(request, "errors/413.html", status=413)
        return self.get_response(request)
