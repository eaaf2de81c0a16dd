"""Store what a preview showed: one release with its file and all its scores, or nothing."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _

from indicators.models import Index, Release, Score
from indicators.score_import.preview import ScorePreview
from papi_portal import text

if TYPE_CHECKING:
    from datetime import datetime

    from agencies.models import User

BATCH = 2_000
NAME_LENGTH = 200
SOURCE_LENGTH = 300


class ImportRefusedError(text.TextError):
    """The preview cannot be stored; the message says why and what to do."""


def apply(
    shown: ScorePreview,
    *,
    content: bytes,
    file_name: str,
    source: str,
    by: User | None,
    now: datetime,
) -> Release:
    """Store `shown` as a release with the file it came from; all or nothing.

    Raise `ImportRefusedError` if the preview has errors, if it says nothing new (so a second
    confirm stores nothing), or if another release came since it was made.
    """
    if shown.errors:
        raise ImportRefusedError(_("Tệp còn lỗi; chưa nhập gì. Hãy sửa tệp rồi nhập lại."))
    name = text.normalise(PurePath(file_name).name)[:NAME_LENGTH] or "diem"
    suffix = PurePath(name).suffix.lower()[:10]
    path = default_storage.save(f"scores/{uuid4()}{suffix}", ContentFile(content))
    try:
        with transaction.atomic():
            _refuse_stale(shown)
            release = Release.objects.create(
                index=shown.index,
                source=text.normalise(source)[:SOURCE_LENGTH] or name,
                file_name=name,
                file=path,
                sha256=hashlib.sha256(content).hexdigest(),
                imported_by=by,
                imported_at=now,
                score_count=len(shown.scores),
                doubts="\n".join(map(str, shown.questions)),
            )
            Score.objects.bulk_create(_rows(shown, release), batch_size=BATCH)
            _count_anew()
    except BaseException:
        default_storage.delete(path)
        raise
    return release


def _refuse_stale(shown: ScorePreview) -> None:
    """Of two who confirm at once, one waits here and then finds the other's release."""
    index = Index.objects.select_for_update().get(pk=shown.index.pk)
    newest = index.releases.order_by("-pk").first()
    if newest is not None and newest.pk != shown.based_on:
        message = _(
            "Đã có bản điểm mới (%(name)s) từ khi xem trước; chưa nhập gì. Hãy xem trước lại."
        )
        raise ImportRefusedError(message % {"name": newest.file_name})
    if not shown.has_news:
        raise ImportRefusedError(_("Mọi điểm trong tệp đã có và không đổi; không cần nhập lại."))


def _count_anew() -> None:
    """Tell the database how many scores there are now.

    PostgreSQL would learn it a minute later. Where it last counted none, as after an import that
    was taken back, it holds each row against each other to find those that hold today.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {connection.ops.quote_name(Score._meta.db_table)}")


def _rows(shown: ScorePreview, release: Release) -> list[Score]:
    return [
        Score(
            release=release,
            edition=score.edition,
            component_id=score.printed.component_id,
            province=score.province,
            value=score.value,
            as_printed=score.as_printed,
            group=score.group,
            rank=score.rank,
            rank_of=score.rank_of,
            source=score.source,
        )
        for score in shown.scores
    ]
