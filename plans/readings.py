"""Every write of readings: taking the job (see leases), storing the draft, giving up."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.storage import default_storage
from django.utils import timezone
from django.utils.translation import gettext as _

from plans import leases, reader
from plans.leases import MAX_ATTEMPTS
from plans.models import Reading
from plans.states import ReadingState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

# Longer than the reader gives a document: only a dead worker loses it.
LEASE = timedelta(seconds=reader.SECONDS + 60)


def store(upload: UploadedFile) -> str:
    """Write a checked upload under a random name; the row that names it comes after it."""
    suffix = PurePath(upload.name or "").suffix.lower()
    return default_storage.save(f"doc-van-ban/{uuid4().hex}{suffix}", upload)


def discard(name: str) -> None:
    """Take back a stored file whose row was never written."""
    default_storage.delete(name)


def claim(pk: int, *, now: datetime) -> Reading | None:
    """Take the queued document `pk`; None if another worker was quicker or nothing is to do."""
    reading: Reading | None = leases.claim(Reading.objects.all(), pk, lease_until=now + LEASE)
    return reading


def read(reading: Reading, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Read a claimed document and store its draft, or why there is none.

    Slow, so no transaction is open meanwhile. Whatever else goes wrong is raised.
    """
    try:
        draft = _draft_of(reading)
    except reader.ReaderRefusedError as error:
        leases.give_up(reading, error.message, now=clock())
        return
    leases.write(
        reading,
        state=ReadingState.DONE,
        draft=json.dumps(draft.dump()),
        lease_until=None,
        finished_at=clock(),
    )


def draft_of(reading: Reading) -> reader.Draft:
    """The stored draft of a document that was read."""
    return reader.Draft.load(json.loads(reading.draft))


def try_again(reading: Reading, *, now: datetime) -> None:
    """Queue a document for the next sweep; after the last attempt fail it."""
    reason = _("Lỗi khi đọc văn bản số %(pk)s. Hãy báo quản trị hệ thống xem nhật ký.")
    leases.try_again(reading, reason % {"pk": reading.pk}, now=now)


def sweep(*, now: datetime) -> list[int]:
    """Documents a worker should be woken for: abandoned, or perhaps lost by the broker."""
    reason = _("Máy đọc văn bản dừng giữa chừng %(count)s lần; có thể tệp quá lớn.")
    return leases.sweep(Reading.objects.all(), reason % {"count": MAX_ATTEMPTS}, now=now)


def _draft_of(reading: Reading) -> reader.Draft:
    if not reading.file:
        return reader.read_text(reading.text)
    # The reader's own process opens a path; where files are kept may be another machine.
    name = reading.file.name or ""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"van-ban{PurePath(name).suffix}"
        with default_storage.open(name) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        return reader.read(path)
