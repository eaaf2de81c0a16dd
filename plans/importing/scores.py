"""Published scores as the fourth kind of spreadsheet: one release of the index, or nothing."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from indicators import score_import
from indicators.models import Index, Release
from indicators.score_import import ImportRefusedError, ScorePreview
from indicators.score_import.preview import stored_values, values_of
from papi_portal.sheets import Fault, Preview, Question, RowChange, Verdict
from plans.importing.failures import NotImportedError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from indicators.score_import import Doubt
    from papi_portal.sheets import Sheet, Value
    from plans.models import SheetImport

INDEX = "PAPI"
SHOWN_DOUBTS = 100
_YEAR = re.compile(r"(?<![0-9])(20[0-4][0-9])(?![0-9])")


def basis() -> str:
    """The newest release: another one, and the comparison no longer holds."""
    newest = Release.objects.filter(index__code=INDEX).order_by("-pk").values_list("pk", flat=True)
    return f"release {newest.first()}"


def preview(sheets: Sequence[Sheet], file_name: str) -> Preview:
    """What the visible sheets would publish, one row for each province and year."""
    visible = [sheet for sheet in sheets if not sheet.is_hidden]
    broken = [fault for sheet in visible for fault in _broken_cells(sheet)]
    read = _read(visible, file_name)
    if isinstance(read, Fault):
        return Preview(faults=[read])
    faults = [*broken, *(_fault(doubt) for doubt in read.errors)]
    notes = [str(doubt) for doubt in read.notes]
    notes += [_("Cột không nhập: %(name)s.") % {"name": name} for name in read.unread]
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


def _read(sheets: Sequence[Sheet], file_name: str) -> ScorePreview | Fault:
    index = Index.objects.filter(code=INDEX).first()
    if index is None:
        return Fault(_("chưa có chỉ số %(code)s: hãy nạp dữ liệu tham chiếu") % {"code": INDEX})
    years = {int(year) for year in _YEAR.findall(file_name)}
    year = years.pop() if len(years) == 1 else None
    tables = [(sheet.name, _with_errors(sheet)) for sheet in sheets]
    return score_import.preview(tables, index=index, year=year)


def _with_errors(sheet: Sheet) -> list[list[Value]]:
    """The rows with what a broken formula shows in its cell, so that it is refused as such."""
    rows = [list(row) for row in sheet.rows]
    for (row, column), error in sheet.errors.items():
        if row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = error
    return rows


def _broken_cells(sheet: Sheet) -> list[Fault]:
    message = _("ô là công thức chưa được tính. Hãy mở tệp bằng Excel, lưu lại rồi tải lên")
    return [Fault(message, sheet.name, row, column) for row, column in sorted(sheet.uncalculated)]


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


def apply(row: SheetImport, sheets: Sequence[Sheet], now: datetime) -> None:
    """Store what the file says as a new release. Raise `NotImportedError`."""
    visible = [sheet for sheet in sheets if not sheet.is_hidden]
    read = _read(visible, row.file_name)
    if isinstance(read, Fault):
        raise NotImportedError(read.text)
    with default_storage.open(row.file.name or "") as kept:
        content = kept.read()
    try:
        score_import.apply(
            read,
            content=content,
            file_name=row.file_name,
            source=row.file_name,
            by=row.requested_by,
            now=now,
        )
    except ImportRefusedError as error:
        raise NotImportedError(error.message) from error
