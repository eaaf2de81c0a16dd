"""What every request passes: sessions that end, text that survives it, first passwords, headers."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.encoding import escape_uri_path
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    GetResponse = Callable[[HttpRequest], HttpResponseBase]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
SIGNED_IN_AT = "signed_in_at"
LAST_SEEN_AT = "last_seen_at"
# However busy, a session ends with the working day: a forgotten computer is not signed in tomorrow.
LONGEST_SESSION = timedelta(hours=12)
# The session row is written at most once in this time, not at every request.
SEEN_EVERY = timedelta(minutes=1)

# Where a person who must change the password may still go.
OPEN_BEFORE_PASSWORD_CHANGE = frozenset(
    {"account_change_password", "account_set_password", "account_logout", "livez", "readyz"}
)
SECRET_FIELD = re.compile(r"passw|csrfmiddlewaretoken|mat_?khau|otp|secret", re.IGNORECASE)
# Keys, versions and chosen codes travel with the form but are nothing a person typed.
MACHINE_VALUE = re.compile(r"[\d\s.,/:-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z_]+")


class PrivatePageMiddleware:
    """Pages of a signed-in person are kept by no cache; no page may use the device's sensors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        )
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response


class IdleSessionMiddleware:
    """End a session after SESSION_IDLE_MINUTES without a request; lose nothing that was typed."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        now = int(timezone.now().timestamp())
        has_ended = request.user.is_authenticated and session_has_ended(request, now)
        if has_ended:
            logout(request)
        response = self.get_response(request)
        if request.user.is_authenticated:
            _note_activity(request, now)
        elif _is_sent_to_sign_in(response):
            response = ask_to_sign_in(request, response, has_ended=has_ended)
        return response


class PasswordChangeMiddleware:
    """Whoever signed in with a password that somebody else knows chooses a new one first."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if not getattr(request.user, "must_change_password", False):
            return None
        if match and match.url_name in OPEN_BEFORE_PASSWORD_CHANGE:
            return None
        target = resolve_url("account_change_password")
        if "HX-Request" in request.headers:
            return HttpResponse(status=204, headers={"HX-Redirect": target})
        return redirect(target)


def session_has_ended(request: HttpRequest, now: int) -> bool:
    """Whether the signed-in session was idle, or went on, for too long; `now` in seconds."""
    seen = request.session.get(LAST_SEEN_AT, now)
    started = request.session.get(SIGNED_IN_AT, now)
    return (
        now - seen > settings.SESSION_IDLE_MINUTES * 60
        or now - started > LONGEST_SESSION.total_seconds()
    )


def _note_activity(request: HttpRequest, now: int) -> None:
    session = request.session
    if SIGNED_IN_AT not in session:
        session[SIGNED_IN_AT] = now
    if now - session.get(LAST_SEEN_AT, 0) >= SEEN_EVERY.total_seconds():
        session[LAST_SEEN_AT] = now


def _is_sent_to_sign_in(response: HttpResponseBase) -> bool:
    """Whether this is the redirect of a page that needs a person, not a mere link to sign-in."""
    location = response.headers.get("Location", "")
    return response.status_code == 302 and location.startswith(
        f"{resolve_url(settings.LOGIN_URL)}?next="
    )


def ask_to_sign_in(
    request: HttpRequest, response: HttpResponseBase, *, has_ended: bool
) -> HttpResponseBase:
    """Send the person to sign in, keeping on the screen whatever the request carried."""
    message = _("Phiên làm việc đã hết hạn. Anh/chị đăng nhập lại để tiếp tục.")
    if "HX-Request" in request.headers:
        return _tell_htmx(request, message)
    if _wants_json(request):
        return JsonResponse({"message": message, "url": sign_in_url(request)}, status=401)
    if request.method in SAFE_METHODS:
        if has_ended:
            messages.warning(request, message)
        return response
    if typed_fields(request) or request.FILES:
        return keep_typed_text(request, message)
    messages.warning(request, message)
    return redirect(sign_in_url(request))


def _tell_htmx(request: HttpRequest, message: str) -> HttpResponse:
    """Put a message with a link above the page; the form stays as it was typed."""
    context = {"message": message, "sign_in_url": sign_in_url(request)}
    response = render(request, "errors/_session_expired.html", context, status=401)
    response.headers["HX-Retarget"] = "#messages"
    response.headers["HX-Reswap"] = "innerHTML"
    patch_cache_control(response, no_store=True, private=True)
    response.headers["HX-Trigger"] = json.dumps({"portal:toast": {"text": message, "kind": "late"}})
    return response


def keep_typed_text(request: HttpRequest, message: str) -> HttpResponse:
    """A page that shows what was typed and can send it once more."""
    fields = typed_fields(request)
    context = {
        "message": message,
        "action": request.get_full_path(),
        "fields": fields,
        "text": "\n\n".join(v for _name, v in fields if not MACHINE_VALUE.fullmatch(v)),
        "has_files": bool(request.FILES),
        "sign_in_url": sign_in_url(request),
    }
    response = render(request, "errors/session_expired.html", context, status=403)
    patch_cache_control(response, no_store=True, private=True)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose token is old, as after signing in in another tab; keep what it says.

    Only a form of our own pages is offered for sending again: what another site has posted would
    otherwise be one press away from being done.
    """
    if is_from_our_page(request) and "HX-Request" not in request.headers:
        message = _("Biểu mẫu đã cũ vì anh/chị vừa đăng nhập lại. Chưa có gì được ghi.")
        if typed_fields(request):
            return keep_typed_text(request, message)
    return render(request, "errors/403_csrf.html", status=403)


def is_from_our_page(request: HttpRequest) -> bool:
    """Whether the browser itself says that a page of this portal sent the request."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    ours = f"{request.scheme}://{request.get_host()}"
    return "{0.scheme}://{0.netloc}".format(urlsplit(source)) == ours


def typed_fields(request: HttpRequest) -> list[tuple[str, str]]:
    """The posted fields in their order, without passwords and tokens."""
    return [
        (name, value)
        for name, posted in request.POST.lists()
        if not SECRET_FIELD.search(name)
        for value in posted
    ]


def sign_in_url(request: HttpRequest) -> str:
    """Where to sign in, coming back to the page that the person was looking at."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if request.method in SAFE_METHODS and "HX-Request" not in request.headers:
        page = request.get_full_path()
    is_ours = url_has_allowed_host_and_scheme(
        page, {request.get_host()}, require_https=request.is_secure()
    )
    parts = urlsplit(page) if is_ours else urlsplit("/")
    path = escape_uri_path(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': path})}"


def _wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"
