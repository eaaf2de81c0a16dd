"""Sends letters from the outbox: claim by lease, try, and tell how it went."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass, replace
from email.errors import MessageError
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from papi_portal.text import normalise
from plans.reminders import policy
from plans.reminders.models import Mail
from plans.reminders.states import MailState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from plans.reminders.querysets import MailQuerySet

logger = logging.getLogger(__name__)

# After so many letters in a row without a server, the rest of the run would fare no better.
GIVE_UP_AFTER = 3
NO_SERVER = (
    SMTPServerDisconnected,
    SMTPConnectError,
    SMTPHeloError,
    SMTPAuthenticationError,
    SMTPNotSupportedError,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Outcome:
    """How many letters of a run were sent, put off, or have failed for good."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0

    def plus(self, state: MailState) -> Outcome:
        """This outcome with one letter more, which came to `state`."""
        if state == MailState.SENT:
            return replace(self, sent=self.sent + 1)
        if state == MailState.FAILED:
            return replace(self, failed=self.failed + 1)
        return replace(self, put_off=self.put_off + 1)


@dataclass(frozen=True)
class Delivery:
    """What became of one try; `is_unreached`: no server was there to judge the letter."""

    state: MailState
    is_unreached: bool = False


def message_id(mail: Mail) -> str:
    """The same for the same letter, however often it is sent."""
    name = f"{mail.kind}/{mail.province_id}/{mail.recipient_id}/{mail.for_date}"
    host = urlsplit(settings.PORTAL_URL).hostname
    return f"<{uuid5(NAMESPACE_URL, f'{settings.PORTAL_URL}/{name}')}@{host}>"


def send_due(clock: Callable[[], datetime], limit: int = 200) -> Outcome:
    """Send what is due, one letter after the other, so that none is claimed and left waiting."""
    outcome = Outcome()
    unreached = 0
    give_up(clock())
    for _turn in range(limit):
        claimed = claim(clock(), limit=1)
        if not claimed:
            break
        delivery = deliver(claimed[0], clock())
        outcome = outcome.plus(delivery.state)
        unreached = unreached + 1 if delivery.is_unreached else 0
        if unreached == GIVE_UP_AFTER:
            break
    return outcome


def claim(now: datetime, limit: int) -> list[Mail]:
    """Take up to `limit` letters for the length of a lease; two senders never take the same.

    The state `sending` is committed on return, unless the caller is inside a transaction.
    """
    with transaction.atomic():
        due = Mail.objects.claimable(now).order_by("next_try_at", "pk")
        # Without SKIP LOCKED (SQLite) the transaction itself is the one write lock.
        taken = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
        if not taken:
            return []
        Mail.objects.filter(pk__in=taken).update(
            state=MailState.SENDING, attempt=F("attempt") + 1, lease_until=now + policy.LEASE
        )
        return list(Mail.objects.filter(pk__in=taken).order_by("next_try_at", "pk"))


def deliver(mail: Mail, now: datetime) -> Delivery:
    """Try a claimed letter once and keep the result; never inside a transaction.

    The result of a sender that lost its lease meanwhile is dropped: the letter is another's.
    """
    try:
        _message(mail).send()
    except (SMTPException, OSError) as error:
        wait = None if _is_final(error) else policy.retry_after(mail.attempt)
        state = _finish(mail, error=_told(error), next_try_at=now + wait if wait else None)
        return Delivery(state, _is_unreached(error))
    except (ValueError, MessageError) as error:
        # The letter itself cannot be written as a message, today or tomorrow.
        return Delivery(_finish(mail, error=_told(error)))
    return Delivery(_finish(mail, sent_at=now))


def give_up(now: datetime) -> int:
    """Fail the letters whose every sender died, or they would be tried for ever."""
    reason = _("Bên gửi dừng giữa chừng %(count)s lần.") % {"count": policy.MAX_TRIES}
    return (
        Mail.objects.claimable(now)
        .filter(state=MailState.SENDING, attempt__gte=policy.MAX_TRIES)
        .update(state=MailState.FAILED, lease_until=None, error=reason)
    )


def try_again(mails: MailQuerySet, now: datetime) -> int:
    """Put those of `mails` that have failed back into the queue with all tries; how many."""
    return mails.filter(state=MailState.FAILED).update(
        state=MailState.PENDING, attempt=0, next_try_at=now, error=""
    )


def _finish(
    mail: Mail,
    *,
    sent_at: datetime | None = None,
    next_try_at: datetime | None = None,
    error: str = "",
) -> MailState:
    state = MailState.SENT if sent_at else MailState.PENDING if next_try_at else MailState.FAILED
    if state != MailState.SENT:
        logger.warning("mail %s, try %s, %s: %s", mail.pk, mail.attempt, state, error)
    Mail.objects.filter(pk=mail.pk, attempt=mail.attempt, state=MailState.SENDING).update(
        state=state,
        lease_until=None,
        sent_at=sent_at,
        next_try_at=next_try_at or mail.next_try_at,
        error=error,
    )
    return state


def _message(mail: Mail) -> EmailMultiAlternatives:
    """Raise `ValueError` or `MessageError` for what no header can carry."""
    message = EmailMultiAlternatives(
        subject=normalise(_CONTROL.sub(" ", mail.subject)),
        body=mail.text,
        to=[mail.to_email],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Portal-Date": mail.for_date.isoformat(),
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _is_final(error: Exception) -> bool:
    """Whether the server will say the same tomorrow of this letter.

    What it says of us (sign-in, sender) is a setting to mend, and no fault of the letter.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    if isinstance(error, (*NO_SERVER, SMTPSenderRefused)):
        return False
    return isinstance(error, SMTPResponseException) and error.smtp_code >= 500


def _is_unreached(error: Exception) -> bool:
    """Whether it failed before a server had a look at the letter (SMTPException is an OSError)."""
    return isinstance(error, NO_SERVER) or not isinstance(error, SMTPException)


def _told(error: Exception) -> str:
    """What the server or the library said, one line, for the administrator."""
    if isinstance(error, SMTPRecipientsRefused):
        said = "; ".join(f"{code} {_decoded(text)}" for code, text in error.recipients.values())
    elif isinstance(error, SMTPResponseException):
        said = f"{error.smtp_code} {_decoded(error.smtp_error)}"
    else:
        said = str(error)
    line = _CONTROL.sub(" ", f"{type(error).__name__}: {said}")
    return line.encode(errors="replace").decode()[:500]


def _decoded(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
