"""Files that people give: kept under random names, deleted when no row names them."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.core.files.storage import default_storage
from django.db import transaction

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.core.files import File
    from django.core.files.uploadedfile import UploadedFile
    from django.db.models import QuerySet

# A file is stored before its row is written, so a young one without a row may yet get it.
ORPHAN_AFTER = timedelta(days=1)


def store(upload: UploadedFile, folder: str) -> str:
    """Write a checked upload under a random name; the row that names it comes after it."""
    suffix = PurePath(upload.name or "").suffix.lower()
    return default_storage.save(f"{folder}/{uuid4().hex}{suffix}", upload)


def sha256_of(file: File) -> str:
    """The digest of all that `file` holds; it is at its beginning again afterwards."""
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


@contextmanager
def local_copy(name: str) -> Iterator[Path]:
    """A stored file on this machine, for a process that opens a path: storage may be elsewhere."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"tep{PurePath(name).suffix}"
        with default_storage.open(name) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        yield path


def discard(name: str) -> None:
    """Take back a stored file whose row was never written."""
    default_storage.delete(name)


@transaction.atomic
def delete_with_file(rows: QuerySet[Any], pk: int) -> int:
    """Delete the row `pk` if it is still among `rows`, then its file; how many were deleted."""
    row = rows.select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        return 0
    name: str = row.file.name or ""
    row.delete()
    if name:
        transaction.on_commit(lambda: discard(name))
    return 1


def discard_orphans(folder: str, rows: QuerySet[Any], *, now: datetime) -> int:
    """Delete the files of `folder` that none of `rows` names; how many there were."""
    old = orphans(folder, rows, now=now)
    for name in old:
        discard(name)
    return len(old)


def orphans(folder: str, rows: QuerySet[Any], *, now: datetime) -> list[str]:
    """The files of `folder` that none of `rows` names and that are too old to be just written."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    known = set(rows.exclude(file="").values_list("file", flat=True))
    unknown = [name for name in (f"{folder}/{file}" for file in files) if name not in known]
    before = now - ORPHAN_AFTER
    return [name for name in unknown if default_storage.get_modified_time(name) < before]
