"""Every write of readings as jobs: taking one (see leases), storing the draft, cleaning up."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from papi_portal.sheets.guards import grouped
from plans import drafting, leases, reader, stored_files
from plans.leases import MAX_ATTEMPTS
from plans.models import Reading, ReadingRow
from plans.states import ReadingState

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# Longer than the reader gives a document: only a dead worker loses it.
LEASE = timedelta(seconds=reader.SECONDS + 60)
FOLDER = "doc-van-ban"
# Many times the longest plan: beyond it the document is another kind of list.
MAX_TASKS = 2_000


def claim(pk: int, *, now: datetime) -> Reading | None:
    """Take the queued document `pk`; None if another worker was quicker or nothing is to do."""
    reading: Reading | None = leases.claim(Reading.objects.all(), pk, lease_until=now + LEASE)
    return reading


def read(reading: Reading, *, clock: Callable[[], datetime] = timezone.now) -> None:
    """Read a claimed document and store what is to be reviewed, or why there is nothing.

    Slow, so no transaction is open while it reads. Whatever else goes wrong is raised.
    """
    try:
        draft = _draft_of(reading)
    except reader.ReaderRefusedError as error:
        leases.give_up(reading, error.message, now=clock())
        return
    if len(draft.tasks) > MAX_TASKS:
        told = {"count": grouped(len(draft.tasks)), "max": grouped(MAX_TASKS)}
        reason = _(
            "Văn bản có %(count)s nhiệm vụ; tối đa %(max)s. Hãy tách riêng phần kế hoạch rồi đọc "
            "lại, hoặc nhập từ bảng tính."
        )
        leases.give_up(reading, reason % told, now=clock())
        return
    finish(reading, draft, now=clock())


@transaction.atomic
def finish(reading: Reading, draft: reader.Draft, *, now: datetime) -> None:
    """Store what was read, its tasks as rows. Raise `LostLeaseError` if it is another's now."""
    rows = drafting.rows_of(reading, draft)
    leases.write(
        reading,
        state=ReadingState.DONE,
        # Tasks are the larger part of a draft by far, and are read row by row.
        draft=json.dumps({**draft.dump(), "tasks": []}),
        head=drafting.head_of(reading, draft),
        lease_until=None,
        finished_at=now,
        touched_at=now,
    )
    ReadingRow.objects.bulk_create(rows, batch_size=500)


def draft_of(reading: Reading) -> reader.Draft:
    """The stored draft of a document that was read, without its tasks."""
    return reader.Draft.load(json.loads(reading.draft))


def read_again(reading: Reading, *, now: datetime) -> bool:
    """Queue a document that could not be read once more; False if it is not failed any more."""
    failed = Reading.objects.filter(pk=reading.pk, state=ReadingState.FAILED)
    changes = {"state": ReadingState.QUEUED, "attempt": 0, "reason": "", "finished_at": None}
    return bool(failed.update(**changes, requested_at=now, touched_at=now))


def delete(reading: Reading) -> None:
    """Delete a document with what was reviewed of it; a plan that was made of it stays."""
    stored_files.delete_with_file(Reading.objects.all(), reading.pk)


def clean_up(*, now: datetime) -> int:
    """Delete documents nobody made a plan of or touched for long, and files without a row.

    Return how many were deleted. What a plan was made of is kept as long as the plan.
    """
    before = now - timedelta(days=settings.READING_KEEP_DAYS)
    abandoned = Reading.objects.filter(plan=None, touched_at__lt=before)
    stale = abandoned.exclude(state=ReadingState.RUNNING)
    keys = list(stale.values_list("pk", flat=True))
    deleted = sum(stored_files.delete_with_file(stale, pk) for pk in keys)
    return deleted + stored_files.discard_orphans(FOLDER, Reading.objects.all(), now=now)


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
    with stored_files.local_copy(reading.file.name or "") as path:
        return reader.read(path)
