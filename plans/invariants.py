"""What must hold of the work itself: no change without a trace, no row without its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.db.models import Count, F, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from plans import readings, stored_files
from plans.evidence import FOLDER as EVIDENCE
from plans.importing import pipeline
from plans.models import Assignment, Event, Evidence, Reading, SheetImport
from plans.states import Status

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet


def every_change_has_its_trace(now: datetime, is_quick: bool) -> Iterator[str]:
    """I5: as many rows of history as versions, and the last event of a status is the status."""
    kept = (
        Assignment.history.filter(id=OuterRef("pk")).order_by().values("id").annotate(n=Count("pk"))
    )
    untraced = Assignment.objects.annotate(kept=Coalesce(Subquery(kept.values("n")), 0))
    for pk, version, rows in untraced.exclude(kept=F("version")).values_list(
        "pk", "version", "kept"
    ):
        values = {"pk": pk, "version": version, "rows": rows}
        yield _("phần việc %(pk)s ở bản %(version)s mà lịch sử có %(rows)s dòng") % values
    moves = Event.objects.filter(assignment=OuterRef("pk")).exclude(new="").order_by("-pk")
    last = Coalesce(Subquery(moves.values("new")[:1]), Value(Status.NOT_STARTED))
    told = Assignment.objects.annotate(told=last).exclude(told=F("status"))
    for pk, status, event in told.values_list("pk", "status", "told"):
        values = {"pk": pk, "status": status, "event": event}
        yield _("phần việc %(pk)s là %(status)s, diễn biến cuối ghi %(event)s") % values


def every_row_has_its_file(*, is_quick: bool) -> Iterator[str]:
    """The files that people gave are there, as long as noted and, unless quick, the same."""
    evidence = Evidence.objects.exclude(file="").values_list("pk", "file", "size_bytes", "sha256")
    for pk, name, size, sha256 in evidence.iterator():
        fault = fault_of_file(name, size=size, sha256="" if is_quick else sha256)
        if fault:
            yield _("tài liệu kiểm chứng %(pk)s: %(fault)s") % {"pk": pk, "fault": fault}
    for rows in (Reading, SheetImport):
        for pk, name in rows.objects.exclude(file="").values_list("pk", "file").iterator():
            fault = fault_of_file(name)
            if fault:
                yield f"{rows._meta.verbose_name} {pk}: {fault}"


def every_file_has_its_row(now: datetime) -> Iterator[str]:
    """Evidence is named and never deleted: after a restored backup the row may just be missing."""
    given = {
        EVIDENCE: Evidence.objects.all(),
        readings.FOLDER: Reading.objects.all(),
        pipeline.FOLDER: SheetImport.objects.all(),
    }
    for folder, rows in given.items():
        yield from files_without_row(folder, rows, now)


def files_without_row(folder: str, rows: QuerySet[Any], now: datetime) -> Iterator[str]:
    """What a process left that died before it wrote the row, a day after it should be cleaned."""
    for name in stored_files.orphans(folder, rows, now=now - stored_files.ORPHAN_AFTER):
        yield _("tệp %(name)s không thuộc bản ghi nào") % {"name": name}


def files_and_rows_agree(now: datetime, is_quick: bool) -> Iterator[str]:
    """I8: no row without its file, no file without its row."""
    yield from every_row_has_its_file(is_quick=is_quick)
    yield from every_file_has_its_row(now)


def fault_of_file(name: str, *, size: int | None = None, sha256: str = "") -> str:
    """What is wrong with a stored file, "" if nothing; with `sha256` the whole of it is read."""
    try:
        found = default_storage.size(name)
        if size is not None and found != size:
            values = {"name": name, "found": found, "size": size}
            return _("tệp %(name)s dài %(found)s byte, phải là %(size)s") % values
        if sha256:
            with default_storage.open(name) as file:
                if stored_files.sha256_of(file) != sha256:
                    return _("tệp %(name)s khác SHA-256 đã ghi") % {"name": name}
    except OSError as error:
        # Without the folder of the server: those who watch over letters read this line.
        values = {"name": name, "error": error.strerror or type(error).__name__}
        return _("không đọc được tệp %(name)s: %(error)s") % values
    return ""


CHECKS = {"I5": every_change_has_its_trace, "I8": files_and_rows_agree}
