"""Letters by the mail server: one connection for many, and what its answers mean."""

from __future__ import annotations

import re
from contextlib import suppress
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

from django.core.mail import EmailMultiAlternatives, get_connection

from papi_portal.text import normalise
from plans.reminders.channels import DeliveryError, one_line
from plans.reminders.models import Mail
from plans.reminders.tries import Ladder

if TYPE_CHECKING:
    from django.core.mail.backends.base import BaseEmailBackend

# Some servers take no more by one connection.
LETTERS_PER_CONNECTION = 50
# What the server says of us (who we are, how we sign in) is a setting to mend, and no fault of
# the letter; the same goes for a server that is not there.
ABOUT_US = (
    SMTPServerDisconnected,
    SMTPConnectError,
    SMTPHeloError,
    SMTPAuthenticationError,
    SMTPNotSupportedError,
    SMTPSenderRefused,
)
CODES_ABOUT_US = frozenset({421, 530, 534, 535, 538})
# "550 5.7.1 relay denied": a refusal by rule says nothing of whether the box exists (RFC 3463).
_BY_RULE = re.compile(r"\b5\.7\.\d")


class MailChannel:
    """Letters through Django's mail backend.

    The server's 250 is the last thing waited for: leaving it politely comes when all are sent,
    so that nothing slow lies between its word and ours in the database.
    """

    def __init__(self) -> None:
        self.rows = Mail.objects.all()
        self._connection: BaseEmailBackend | None = None
        self._sent = 0

    def send(self, row: Mail) -> None:
        try:
            message = _message(row)
            message.connection = self._open()
            message.send()
        except (SMTPException, OSError) as error:
            self.close()
            raise _told(error) from error
        except (ValueError, TypeError, LookupError, MessageError) as error:
            # The letter itself cannot be written as a message, today or tomorrow.
            raise DeliveryError(_line(error, str(error)), None) from error
        self._sent += 1
        if self._sent % LETTERS_PER_CONNECTION == 0:
            self.close()

    def close(self) -> None:
        if self._connection is not None:
            with suppress(SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _open(self) -> BaseEmailBackend:
        if self._connection is None:
            self._connection = get_connection()
            self._connection.open()
        return self._connection


def _message(mail: Mail) -> EmailMultiAlternatives:
    """Raise `ValueError` or `MessageError` for what no header can carry."""
    message = EmailMultiAlternatives(
        subject=normalise(one_line(mail.subject)),
        body=mail.text,
        to=[mail.to_email],
        headers={
            "Message-ID": mail.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Portal-Date": mail.for_date.isoformat(),
            **mail.headers,
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _told(error: Exception) -> DeliveryError:
    """What the server's answer, or its silence, means for the letter."""
    if isinstance(error, SMTPRecipientsRefused):
        [(code, answer)] = error.recipients.values()
        said = _line(error, f"{code} {_decoded(answer)}")
        if code in CODES_ABOUT_US:
            return DeliveryError(said, Ladder.CHANNEL)
        if code >= 500:
            return DeliveryError(said, None, is_bounce=not _BY_RULE.search(said))
        return DeliveryError(said, Ladder.RECIPIENT)
    if not isinstance(error, SMTPResponseException):
        return DeliveryError(_line(error, str(error)), Ladder.CHANNEL)
    said = _line(error, f"{error.smtp_code} {_decoded(error.smtp_error)}")
    if isinstance(error, ABOUT_US) or error.smtp_code in CODES_ABOUT_US:
        return DeliveryError(said, Ladder.CHANNEL)
    return DeliveryError(said, None if error.smtp_code >= 500 else Ladder.BUSY)


def _line(error: Exception, said: str) -> str:
    return f"{type(error).__name__}: {said}"


def _decoded(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
