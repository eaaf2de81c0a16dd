"""A mail backend that puts each message into a file of its own, for a portal without a server."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.mail.backends.filebased import EmailBackend
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail import EmailMessage

_UNSAFE = re.compile(r"[^\w@.+-]+", re.ASCII)


class FileBackend(EmailBackend):
    """Files such as EMAIL_FILE_PATH/2026-11-23-giam-doc@laocai.vn-1f3a9c.eml.

    A message sent again has the same name, for it has the same Message-ID.
    """

    def open(self) -> bool:
        """Nothing is kept open between two letters; Django's own would begin a file here."""
        return False

    def close(self) -> None:
        pass

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(self.file_path)
        for message in email_messages:
            written = message.message()
            day = written.get("X-Portal-Date") or timezone.localdate().isoformat()
            path = folder / file_name(day, message.recipients(), str(written["Message-ID"]))
            # A reader never sees half a letter.
            part = path.with_name(f".{path.name}.{uuid4().hex}")
            part.write_bytes(written.as_bytes())
            part.replace(path)
        return len(email_messages)


def file_name(day: str, addresses: Sequence[str], message_id: str) -> str:
    address = _UNSAFE.sub("_", addresses[0] if addresses else "")[:80].strip(".")
    return f"{day}-{address}-{sha256(message_id.encode()).hexdigest()[:6]}.eml"
