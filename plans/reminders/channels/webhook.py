"""The word of a letter to a gateway outside, signed, by HTTPS; the contract is in operations.md."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import socket
import ssl
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv6Address, ip_address
from threading import Timer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from plans.reminders.channels import DeliveryError
from plans.reminders.models import Mail, Webhook, WebhookCall
from plans.reminders.states import MailKind, MailState
from plans.reminders.tries import Ladder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from ipaddress import IPv4Address

    from agencies.models import User

# Seconds for each word of the gateway, and for the whole call: one that dribbles its answer, or
# says "100 Continue" without end, keeps nobody waiting.
WORD_SECONDS, CALL_SECONDS = 10, 20
# Of the answer only the first words are read, and only to show them.
MAX_ANSWER_BYTES = 300
# These say that the message itself will never be taken; all others, that something is to be mended.
FINAL_STATUSES = frozenset({400, 410, 413, 422})
# What is older is not told: the letter has long been read.
TELL_WITHIN = timedelta(days=1)


class AddressError(Exception):
    """The portal may not call this address; `message` says why, in Vietnamese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Target:
    """Where a call goes: a machine that was looked up and found allowed, and what to ask it for."""

    scheme: str
    host: str
    address: str
    port: int
    path: str


class WebhookChannel:
    """Calls to one gateway, each by a connection of its own."""

    def __init__(self, webhook: Webhook) -> None:
        self.rows = WebhookCall.objects.filter(webhook=webhook)

    def send(self, row: WebhookCall) -> None:
        if not row.webhook.is_active:
            raise DeliveryError(_("Kênh này đã ngừng dùng."), None)
        body = json.dumps(payload(row), ensure_ascii=False).encode()
        post(row.webhook, body, str(row.mail.message_id), timezone.now())

    def close(self) -> None:
        pass


def channels() -> list[WebhookChannel]:
    """One for each gateway for which calls wait, though it be out of use: they have to end.

    Apart, so that one that is away does not end the run of the others; in no order, so that one
    that is slow does not take the time of the same others each time.
    """
    waiting = WebhookCall.objects.open().order_by().values("webhook")
    found = [WebhookChannel(webhook) for webhook in Webhook.objects.filter(pk__in=waiting)]
    random.shuffle(found)
    return found


def queue_calls(now: datetime) -> int:
    """A call for each new letter and each gateway of its province that has none; how many.

    People without a telephone number are passed over: gateways of Zalo and SMS need one.
    """
    made = 0
    for webhook in Webhook.objects.active():
        told = WebhookCall.objects.filter(webhook=webhook, mail=OuterRef("pk"))
        untold = Mail.objects.filter(
            ~Q(recipient__phone=""),
            ~Q(state=MailState.OVERTAKEN),
            ~Exists(told),
            province=webhook.province_id,
            kind=MailKind.DAILY,
        ).filter(
            created_at__gte=webhook.active_from,
            for_date__gte=timezone.localdate(now - TELL_WITHIN),
            next_try_at__lte=now + TELL_WITHIN,
        )
        calls = [
            WebhookCall(webhook=webhook, mail_id=pk, next_try_at=starts_at, created_at=now)
            for pk, starts_at in untold.values_list("pk", "next_try_at")
        ]
        made += len(WebhookCall.objects.bulk_create(calls, ignore_conflicts=True))
    return made


def payload(call: WebhookCall) -> dict[str, Any]:
    """Who is to be told, and how much waits; which tasks these are stays inside the portal."""
    mail = call.mail
    return {
        "id": mail.message_id.strip("<>"),
        "kind": mail.kind,
        "date": mail.for_date.isoformat(),
        "to": {"name": mail.to_name, "phone": mail.recipient.phone, "email": mail.to_email},
        "text": mail.subject,
        "url": settings.PORTAL_URL + "/",
    }


def send_test(webhook: Webhook, user: User, now: datetime) -> None:
    """Tell a gateway of the person who tries it. Raise `DeliveryError` if it takes nothing."""
    told = {
        "id": f"test-{uuid4()}",
        "kind": "test",
        "date": timezone.localdate(now).isoformat(),
        "to": {"name": user.full_name, "phone": user.phone, "email": user.email},
        "text": _("Cổng PAPI gọi thử."),
        "url": settings.PORTAL_URL + "/",
    }
    post(webhook, json.dumps(told, ensure_ascii=False).encode(), str(told["id"]), now)


def secret_of(webhook: Webhook) -> str:
    """What both sides sign with; not stored, so that a copy of the database cannot sign."""
    return salted_hmac("reminders.webhook", str(webhook.key), algorithm="sha256").hexdigest()


def signature(secret: str, body: bytes, moment: int) -> str:
    """HMAC-SHA256 over "moment.body": whoever catches a call cannot date it anew."""
    signed = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={signed.hexdigest()}"


def post(webhook: Webhook, body: bytes, call_id: str, now: datetime) -> None:
    """Call a gateway. Raise `DeliveryError` if it does not take it."""
    try:
        target = look_up(webhook.url)
        status, said = _post(target, body, _headers(webhook, body, call_id, now))
    except AddressError as error:
        raise DeliveryError(error.message, Ladder.CHANNEL) from error
    except (HTTPException, OSError, ValueError) as error:
        line = " ".join(f"{type(error).__name__}: {error}".split())
        raise DeliveryError(line, Ladder.CHANNEL) from error
    if not 200 <= status < 300:
        ladder = None if status in FINAL_STATUSES else Ladder.CHANNEL
        raise DeliveryError(f"{status} {said}".strip(), ladder)


def look_up(url: str) -> Target:
    """Find the machine of `url` and make sure that it may be called.

    The call goes to the very address that was judged: a name that means something else a moment
    later is no way round. Raise `AddressError` or, for a name nobody knows, `OSError`.
    """
    host, port = host_and_port(url)
    parts = urlsplit(url)
    is_trusted = f"{host}:{port}" in settings.WEBHOOK_PRIVATE_HOSTS
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
    if not is_trusted and not all(is_public(address) for address in addresses):
        raise AddressError(
            _(
                "Địa chỉ %(host)s nằm trong mạng nội bộ nên cổng không gọi tới. Người vận hành "
                "máy chủ cho phép bằng WEBHOOK_PRIVATE_HOSTS=%(host)s:%(port)s."
            )
            % {"host": host, "port": port}
        )
    if parts.scheme == "http" and not all(address.is_loopback for address in addresses):
        raise AddressError(_("Địa chỉ phải bắt đầu bằng https://; http:// chỉ cho chính máy này."))
    path = iri_to_uri((parts.path or "/") + (f"?{parts.query}" if parts.query else ""))
    return Target(parts.scheme, host, str(addresses[0]), port, path)


def host_and_port(url: str) -> tuple[str, int]:
    """Read an address without looking it up. Raise `AddressError` if it is none to be called."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AddressError(_("Địa chỉ sai, ví dụ đúng: https://sms.example.vn/gui.")) from error
    if parts.scheme not in {"https", "http"} or not host:
        raise AddressError(_("Địa chỉ phải bắt đầu bằng https://; http:// chỉ cho chính máy này."))
    if parts.username or parts.password:
        raise AddressError(_("Địa chỉ không được chứa tên đăng nhập hay mật khẩu."))
    return host, port or (443 if parts.scheme == "https" else 80)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
        # The well-known prefix under which a network reaches IPv4, its own included (RFC 6052).
        if address.packed[:12] == IPv6Address("64:ff9b::").packed[:12]:
            return is_public(ip_address(address.packed[12:]))
        # Sites of old networks and addresses set apart, which Python calls global.
        if address.is_site_local or address.is_reserved:
            return False
    return address.is_global and not address.is_multicast


def _headers(webhook: Webhook, body: bytes, call_id: str, now: datetime) -> dict[str, str]:
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Cong-PAPI",
        # The same at each try, so that the gateway can recognise what it has taken already.
        "Idempotency-Key": call_id.strip("<>"),
        "X-Portal-Signature": signature(secret_of(webhook), body, int(now.timestamp())),
    }


def _post(target: Target, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Status and first words of the answer; redirects are not followed, nothing is tried twice."""
    with _connected(target) as connection:
        connection.request("POST", target.path, body, headers)
        response = connection.getresponse()
        said = response.read(MAX_ANSWER_BYTES)
    return response.status, " ".join(said.decode(errors="replace").split())


@contextmanager
def _connected(target: Target) -> Iterator[HTTPConnection]:
    """A connection by address, whose certificate has to be that of the name; ended in time."""
    with (
        socket.create_connection((target.address, target.port), WORD_SECONDS) as plain,
        # Stays when the other is taken over for TLS, whose beginning can dribble too.
        plain.dup() as handle,
    ):
        ends_at = time.monotonic() + CALL_SECONDS
        end = Timer(CALL_SECONDS, _end, [handle])
        end.start()
        try:
            if target.scheme == "https":
                connection: HTTPConnection = HTTPSConnection(target.host, target.port)
                context = ssl.create_default_context()
                connection.sock = context.wrap_socket(plain, server_hostname=target.host)
            else:
                connection = HTTPConnection(target.host, target.port)
                connection.sock = plain
            with connection.sock:
                yield connection
        finally:
            end.cancel()
    # What was cut off can look like a short answer.
    if time.monotonic() >= ends_at:
        raise TimeoutError(_("máy nhận trả lời quá %(count)s giây") % {"count": CALL_SECONDS})


def _end(connected: socket.socket) -> None:
    with suppress(OSError):  # the other side has ended it already
        connected.shutdown(socket.SHUT_RDWR)
