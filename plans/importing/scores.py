"""Published scores as the fourth kind of spreadsheet: one release of the index, or nothing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from indicators import score_import
from indicators.models import Release
from indicators.score_import import ImportRefusedError, ScorePreview
from indicators.score_import.preview import stored_values, values_of
from papi_portal.sheets import Fault, Preview, Question, RowChange, Verdict
from plans.importing.failures import NotImportedError

if TYPE_CHECKING:
    from datetime import datetime

    from indicators.models import Index
    from indicators.score_import import Doubt
    from papi_portal.sheets import Workbook
    from plans.models import SheetImport

SHOWN_DOUBTS = 100


def basis(row: SheetImport) -> str:
    """The newest release of the index: another one, and the comparison no longer holds."""
    releases = Release.objects.filter(index=row.index_id).order_by("-pk")
    return f"release {releases.values_list('pk', flat=True).first()}"


def preview(row: SheetImport, book: Workbook) -> Preview:
    """What the sheets would publish, one row for each province and year."""
    if row.index is None:
        return Preview(faults=[Fault(_("Chưa chọn chỉ số. Hãy tải tệp lên lại và chọn chỉ số."))])
    read = _read(row.index, row, book)
    faults = [_fault(doubt) for doubt in read.errors]
    if not faults and not read.has_news:
        message = _("Mọi điểm trong tệp đã có và không đổi; không cần nhập lại.")
        faults = [Fault(message)]
    notes = [str(doubt) for doubt in read.notes]
    if read.unread:
        notes.append(_("Cột không nhập: %(names)s.") % {"names": ", ".join(read.unread)})
    questions = []
    if read.questions:
        message = _("%(count)s điều nghi vấn trong bảng điểm: đã xem và vẫn nhập?")
        told = tuple(str(doubt) for doubt in read.questions[:SHOWN_DOUBTS])
        if len(read.questions) > SHOWN_DOUBTS:
            more = len(read.questions) - SHOWN_DOUBTS
            told = (*told, _("… và %(count)s điều khác") % {"count": more})
        choices = (("yes", _("Đã xem, vẫn nhập")),)
        questions = [Question("doubts", message % {"count": len(read.questions)}, choices, told)]
    return Preview([] if faults else _rows(read), faults, notes, questions, {"scores": _("Điểm")})


def _read(index: Index, row: SheetImport, book: Workbook) -> ScorePreview:
    tables, told = score_import.tables_of(book)
    return score_import.preview(tables, index=index, year=row.edition_year, told=told)


def _fault(doubt: Doubt) -> Fault:
    place = doubt.place
    if place.column is None:
        return Fault(doubt.message, place.sheet, place.row)
    at = place.column.at + 1
    return Fault(doubt.message, place.sheet, place.row, at, place.column.header)


def _rows(read: ScorePreview) -> list[RowChange]:
    known = stored_values({score.edition.pk for score in read.scores})
    counted: dict[tuple[str, int], Counter[str]] = {}
    first: dict[tuple[str, int], tuple[str, int]] = {}
    for score in read.scores:
        before = known.get(score.key)
        verdict = Verdict.NEW if before is None else Verdict.CHANGED
        if before == values_of(score):
            verdict = Verdict.SAME
        key = (score.province.name, score.edition.year)
        counted.setdefault(key, Counter())[verdict] += 1
        first.setdefault(key, (score.place.sheet, score.place.row))
    return [
        RowChange(
            sheet=first[key][0],
            row=first[key][1],
            verdict=_verdict(counts),
            label=f"{key[0]} {key[1]}",
            cells={"scores": ("", _told(counts))},
        )
        for key, counts in counted.items()
    ]


def _verdict(counts: Counter[str]) -> Verdict:
    if counts[Verdict.CHANGED]:
        return Verdict.CHANGED
    return Verdict.NEW if counts[Verdict.NEW] else Verdict.SAME


def _told(counts: Counter[str]) -> str:
    return _("%(new)s điểm mới, %(changed)s điểm khác bản đang có, %(same)s điểm giữ nguyên") % {
        "new": counts[Verdict.NEW],
        "changed": counts[Verdict.CHANGED],
        "same": counts[Verdict.SAME],
    }


def apply(row: SheetImport, book: Workbook, now: datetime) -> None:
    """Store what the file says as a new release. Raise `NotImportedError`."""
    assert row.index is not None, "a preview without an index has a fault"
    with default_storage.open(row.file.name or "") as kept:
        content = kept.read()
    try:
        score_import.apply(
            _read(row.index, row, book),
            content=content,
            file_name=row.file_name,
            source=row.source,
            by=row.requested_by,
            now=now,
        )
    except ImportRefusedError as error:
        raise NotImportedError(error.message) from error
