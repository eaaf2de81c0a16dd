"""Every write of readings: asking for one, taking the job, storing the draft, giving up.

A row in the database is the truth, the broker only wakes workers: whoever claims the row by a
conditional update reads, and only while its attempt is still the row's own.
"""

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

from plans import reader
from plans.models import Reading
from plans.states import ReadingState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile

# Longer than the reader gives a document: only a dead worker loses it.
LEASE = timedelta(seconds=reader.SECONDS + 60)
MAX_ATTEMPTS = 3
# Queued for so long, a row was probably lost by the broker: its worker is woken again.
RESEND_AFTER = timedelta(seconds=30)


class LostLeaseError(Exception):
    """Another worker has the document now; what this one read is thrown away."""


def store(upload: UploadedFile) -> str:
    """Write a checked upload under a random name; the row that names it comes after it."""
    suffix = PurePath(upload.name or "").suffix.lower()
    return default_storage.save(f"doc-van-ban/{uuid4().hex}{suffix}", upload)


def discard(name: str) -> None:
    """Take back a stored file whose row was never written."""
    default_storage.delete(name)


def claim(pk: int, *, now: datetime) -> Reading | None:
    """Take the queued document `pk`; None if another worker was quicker or nothing is to do."""
    taken = Reading.objects.filter(pk=pk, state=ReadingState.QUEUED, attempt__lt=MAX_ATTEMPTS)
    reading = taken.first()
    if reading is None:
        return None
    changes = {
        "state": ReadingState.RUNNING,
        "attempt": reading.attempt + 1,
        "lease_until": now + LEASE,
    }
    if taken.filter(attempt=reading.attempt).update(**changes) != 1:
        return None
    for name, value in changes.items():
        setattr(reading, name, value)
    return reading


def read(reading: Reading, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Read a claimed document and store its draft, or why there is none.

    Slow, so no transaction is open meanwhile. Whatever else goes wrong is raised.
    """
    try:
        draft = _draft_of(reading)
    except reader.ReaderRefusedError as error:
        _give_up(reading, error.message, now=clock())
        return
    _write(
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
    if reading.attempt >= MAX_ATTEMPTS:
        reason = _("Lỗi khi đọc văn bản số %(pk)s. Hãy báo quản trị hệ thống xem nhật ký.")
        _give_up(reading, reason % {"pk": reading.pk}, now=now)
    else:
        _write(reading, state=ReadingState.QUEUED, lease_until=None)


def sweep(*, now: datetime) -> list[int]:
    """Documents a worker should be woken for: abandoned, or perhaps lost by the broker.

    A document that was abandoned at its last attempt is failed.
    """
    abandoned = Reading.objects.filter(state=ReadingState.RUNNING, lease_until__lt=now)
    abandoned.filter(attempt__gte=MAX_ATTEMPTS).update(
        state=ReadingState.FAILED,
        reason=_("Máy đọc văn bản dừng giữa chừng %(count)s lần; có thể tệp quá lớn.")
        % {"count": MAX_ATTEMPTS},
        lease_until=None,
        finished_at=now,
    )
    abandoned.update(state=ReadingState.QUEUED, lease_until=None)
    forgotten = Reading.objects.filter(
        state=ReadingState.QUEUED, requested_at__lt=now - RESEND_AFTER
    )
    return list(forgotten.order_by("pk").values_list("pk", flat=True))


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


def _give_up(reading: Reading, reason: str, *, now: datetime) -> None:
    _write(
        reading,
        state=ReadingState.FAILED,
        reason=reason[:500],
        lease_until=None,
        finished_at=now,
    )


def _write(reading: Reading, **changes: object) -> None:
    """Write to the row if this attempt still owns it. Raise `LostLeaseError` if not."""
    own = Reading.objects.filter(pk=reading.pk, attempt=reading.attempt, state=ReadingState.RUNNING)
    if own.update(**changes) != 1:
        raise LostLeaseError(reading.pk, reading.attempt)
    for name, value in changes.items():
        setattr(reading, name, value)
