"""What must hold of the work itself: no change without a trace, no row without its file."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from plans.models import Assignment, Event, Evidence, Reading, SheetImport
from plans.states import Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

CHUNK = 1 << 20


def every_change_has_its_trace(now: datetime, is_quick: bool) -> Iterator[str]:
    """I5: as many rows of history as versions, and the last event of a status is the status."""
    kept = (
        Assignment.history.filter(id=OuterRef("pk")).order_by().values("id").annotate(n=Count("pk"))
    )
    untraced = Assignment.objects.annotate(kept=Coalesce(Subquery(kept.values("n")), 0))
    for pk, version, rows in untraced.exclude(kept=F("version")).values_list(
        "pk", "version", "kept"
    ):
        yield f"assignment {pk} is at version {version} with {rows} rows of history"
    moves = Event.objects.filter(assignment=OuterRef("pk")).exclude(new="").order_by("-pk")
    last = Coalesce(Subquery(moves.values("new")[:1]), Value(Status.NOT_STARTED))
    told = Assignment.objects.annotate(told=last).exclude(told=F("status"))
    for pk, status, event in told.values_list("pk", "status", "told"):
        yield f"assignment {pk} is {status}, its last event says {event}"


def every_row_has_its_file(now: datetime, is_quick: bool) -> Iterator[str]:
    """I8: the files that people gave are there, as long as noted and, unless quick, the same."""
    evidence = Evidence.objects.exclude(file="").values_list("pk", "file", "size_bytes", "sha256")
    for pk, name, size, sha256 in evidence.iterator():
        fault = fault_of_file(name, size=size, sha256="" if is_quick else sha256)
        if fault:
            yield f"evidence {pk}: {fault}"
    for rows in (Reading, SheetImport):
        for pk, name in rows.objects.exclude(file="").values_list("pk", "file").iterator():
            fault = fault_of_file(name)
            if fault:
                yield f"{rows.__name__} {pk}: {fault}"


def fault_of_file(name: str, *, size: int | None = None, sha256: str = "") -> str:
    """What is wrong with a stored file, "" if nothing; with `sha256` the whole of it is read."""
    try:
        found = default_storage.size(name)
        if size is not None and found != size:
            return f"{name} has {found} bytes instead of {size}"
        if sha256 and sha256_of(name) != sha256:
            return f"{name} has another SHA-256"
    except OSError as error:
        return f"{name}: {error}"
    return ""


def sha256_of(name: str) -> str:
    digest = hashlib.sha256()
    with default_storage.open(name) as file:
        for chunk in file.chunks(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


CHECKS = {"I5": every_change_has_its_trace, "I8": every_row_has_its_file}
