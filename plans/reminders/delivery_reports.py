"""Letters that a mail server took and gave back later by a mail of its own (RFC 3464).

Such a mail may be forged. It is believed only if it knows the Message-ID of a letter, which
nobody can guess, and names the address that letter went to; and the next letter is sent anyway.
"""

from __future__ import annotations

import logging
import re
import ssl
from dataclasses import dataclass
from email import message_from_bytes
from email.parser import BytesHeaderParser
from imaplib import IMAP4_SSL
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, unquote, urlsplit

from plans.reminders import bounces
from plans.reminders.channels import one_line
from plans.reminders.models import Mail
from plans.reminders.states import MailState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.message import Message

logger = logging.getLogger(__name__)

MAX_BYTES = 256 * 1024  # of a mail; what is told of the letter stands before its text
MAX_RECIPIENTS = 50  # of a report; a letter of ours has one
AT_ONCE = 500
TIMEOUT = 20
TYPE = "multipart/report"
# No such box; 5.7 is a refusal by rule, 4 a server that gave up trying (RFC 3463).
_NO_BOX = re.compile(r"5\.(?!7\.)")


@dataclass(frozen=True)
class Failure:
    """A recipient who did not get a letter, by all the names the report has for the address."""

    message_id: str
    addresses: frozenset[str]
    status: str
    said: str


def read(url: str, now: datetime) -> int:
    """Read the unread reports of a mailbox; how many letters came back."""
    return sum(
        _take(failure, now) for raw in _unread(urlsplit(url)) for failure in failures_in(raw)
    )


def failures_in(raw: bytes) -> list[Failure]:
    """Whom a report gave up; nobody if it is no report or cannot be read."""
    try:
        return list(islice(_failures(message_from_bytes(raw)), MAX_RECIPIENTS))
    except Exception:  # noqa: BLE001 - anybody may write to us, and the parser raises many things
        logger.warning("a delivery report cannot be read", exc_info=True)
        return []


def _failures(message: Message) -> Iterator[Failure]:
    if message.get_content_type() != TYPE:
        return
    parts = _parts(message)
    message_id = next(filter(None, map(_original_id, parts)), "")
    for part in parts:
        if part.get_content_type() != "message/delivery-status" or not message_id:
            continue
        for block in _parts(part):
            if _field(block, "Action").casefold() == "failed":
                status = _field(block, "Status")
                names = (_address(block, f"{which}-Recipient") for which in ("Final", "Original"))
                said = f"{status} {_field(block, 'Diagnostic-Code')}".strip()
                yield Failure(message_id, frozenset(names), status, said)


def _parts(message: Message) -> list[Any]:
    found = message.get_payload()
    return found if isinstance(found, list) else []


def _original_id(part: Message) -> str:
    """The Message-ID of the letter that is sent back, whole or by its head."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        return "".join(_field(letter, "Message-ID") for letter in _parts(part))
    if kind == "text/rfc822-headers":
        head = part.get_payload(decode=True)
        return _field(_head(head), "Message-ID") if isinstance(head, bytes) else ""
    return ""


def _head(raw: bytes) -> Message:
    return BytesHeaderParser().parsebytes(raw)


def _field(message: Message, name: str) -> str:
    return " ".join(one_line(str(message.get(name, ""))).split())


def _address(block: Message, name: str) -> str:
    """ "rfc822; a@laocai.vn" without what kind of address it is."""
    return _field(block, name).rpartition(";")[2].strip(" <>").casefold()


def _take(failure: Failure, now: datetime) -> bool:
    """Note that a letter came back; False for a letter we did not send to that address."""
    mail = Mail.objects.filter(message_id=failure.message_id, state=MailState.SENT).first()
    if mail is None or mail.to_email.casefold() not in failure.addresses:
        return False
    state = MailState.BOUNCED if _NO_BOX.match(failure.status) else MailState.FAILED
    said = failure.said[:500] or str(state.label)
    own = Mail.objects.filter(pk=mail.pk, state=MailState.SENT)
    is_kept = bool(own.update(state=state, sent_at=None, error=said))
    if is_kept and state == MailState.BOUNCED:
        bounces.tell_office(mail, said, now)
    return is_kept


def _unread(url: SplitResult) -> Iterator[bytes]:
    """Reports nobody has read, each marked as read when the next one is asked for.

    Other mail in the mailbox stays as it is.
    """
    yield from _of_maildir(Path(url.path)) if url.scheme == "maildir" else _of_imap(url)


def _of_imap(url: SplitResult) -> Iterator[bytes]:
    host, port = url.hostname or "", url.port or 993
    folder = unquote(url.path.strip("/")) or "INBOX"
    context = ssl.create_default_context()
    with IMAP4_SSL(host, port, ssl_context=context, timeout=TIMEOUT) as box:
        box.login(unquote(url.username or ""), unquote(url.password or ""))
        box.select(f'"{folder}"')
        _ok, found = box.uid("SEARCH", "UNSEEN", "HEADER", "Content-Type", TYPE)
        for key in (found[0] or b"").decode().split()[:AT_ONCE]:
            _ok, answer = box.uid("FETCH", key, f"(BODY.PEEK[]<0.{MAX_BYTES}>)")
            yield from (part[1] for part in answer if isinstance(part, tuple))
            box.uid("STORE", key, "+FLAGS", r"(\Seen)")


def _of_maildir(folder: Path) -> Iterator[bytes]:
    for path in sorted((folder / "new").iterdir()):
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES)
        if _head(raw).get_content_type() == TYPE:
            yield raw
            path.rename(folder / "cur" / f"{path.name}:2,S")
