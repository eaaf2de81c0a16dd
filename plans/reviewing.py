"""A document under review: its rows as typed with their doubts, the verdicts, the draft plan."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Count, F, Max, Q
from django.utils.translation import gettext as _

from agencies.access import rights_of
from agencies.paging import int_key
from papi_portal import text
from plans import services
from plans.grid import CELLS, LISTS, RowReader
from plans.models import Plan, Reading, ReadingRow
from plans.reader import Certainty
from plans.rows import add_rows
from plans.states import RowVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from agencies.models import User
    from indicators.models import Index
    from plans import grid
    from plans.models import Target

MAX_TYPED = 6000


class TakenOverError(Exception):
    """A plan was made of the document, so its rows are no longer reviewed."""


class StaleRowError(Exception):
    """Somebody else saved or deleted the row since the person read it (`current` None: deleted)."""

    def __init__(self, current: ReadingRow | None) -> None:
        super().__init__(current.pk if current else None)
        self.current = current


class StaleHeadError(Exception):
    """Somebody else saved the head since the person read it."""

    def __init__(self, current: Reading) -> None:
        super().__init__(current.pk)
        self.current = current


class RefusedRowsError(Exception):
    """Rows that were accepted but cannot be kept as they are: row, cell, why."""

    def __init__(self, faults: list[tuple[ReadingRow, str, str]]) -> None:
        super().__init__(len(faults))
        self.faults = faults


@dataclass(frozen=True)
class Counts:
    """How many rows were judged how; they add up to all rows."""

    accepted: int
    left_out: int
    undecided: int

    @property
    def total(self) -> int:
        return self.accepted + self.left_out + self.undecided


def counts_of(reading: Reading) -> Counts:
    told: dict[str, int] = reading.rows.aggregate(
        **{verdict.value: Count("pk", filter=Q(verdict=verdict)) for verdict in RowVerdict}
    )
    return Counts(**told)


def plan_under_review(reading: Reading, user: User, today: date) -> Plan:
    """A plan that is never saved: what the head says so far, for rows to be understood by.

    Where no period is typed yet, rows are read as if it were the year of the document.
    """
    head = reading.head
    issued_on = _day_of(head.get("issued_on"))
    start, end = _day_of(head.get("period_start")), _day_of(head.get("period_end"))
    year = (issued_on or start or end or today).year
    if not start or not end or start > end:
        start, end = date(year, 1, 1), date(year, 12, 31)
    plan = Plan(issued_on=issued_on, year=year, period_start=start, period_end=end)
    plan.province_id = _province_of(reading, user)
    return plan


def _province_of(reading: Reading, user: User) -> int:
    """The province typed, if it is one the person keeps the files of."""
    with suppress(ValueError):
        typed = int_key(str(reading.head.get("province", "")))
        if typed in rights_of(user).office_provinces:
            return typed
    return reading.province_id


def _day_of(typed: object) -> date | None:
    try:
        return text.parse_date(str(typed or "")[:40])
    except text.TextError:
        return None


def look(row: ReadingRow, reader: RowReader) -> grid.Reading:
    """What the cells of a row mean now, with what was doubtful when they were read.

    A doubt is a question for as long as the cell says what was read from the document.
    """
    seen = reader.read(row.cells)
    read_cells, marks = row.as_read.get("cells", {}), row.as_read.get("marks", {})
    asked: dict[str, str] = row.as_read.get("questions", {})
    for cell in CELLS:
        if row.cells.get(cell) != read_cells.get(cell):
            continue
        questions = [seen.questions.get(cell, ""), asked.get(cell, ""), _doubt(marks.get(cell, ()))]
        told = " ".join(question for question in questions if question)
        if told:
            seen.questions[cell] = told
    return seen


def _doubt(places: Iterable[Sequence[Any]]) -> str:
    certainties = {place[2] for place in places}
    if Certainty.LOW in certainties:
        return _("Độ tin thấp: hãy đối chiếu với văn bản.")
    if Certainty.MEDIUM in certainties:
        return _("Độ tin trung bình: hãy đối chiếu với văn bản.")
    return ""


@transaction.atomic
def save_row(
    reading: Reading,
    cells: Mapping[str, str],
    verdict: RowVerdict,
    *,
    pk: int | None,
    version: int | None,
    by: User,
    now: datetime,
    row_key: UUID | None = None,
    after: int | None = None,
) -> ReadingRow:
    """Save the cells and the verdict of one row; a new one (`pk` None) goes behind the row `after`.

    `after` 0 is the top; without it, or if that row is gone, a new row goes to the end. A new row
    that came before with the same `row_key` is that row, saved again. Raise `TakenOverError` and
    `StaleRowError`.
    """
    stored = _lock(reading, now)
    row: ReadingRow | None = None
    if pk is not None:
        row = stored.rows.filter(pk=pk).first()
        if row is None or row.version != version:
            raise StaleRowError(row)
    elif row_key is not None:
        row = stored.rows.filter(row_key=row_key).first()
    if row is None:
        row = ReadingRow(reading=stored, position=_free_position(stored, after), row_key=row_key)
    else:
        row.version += 1
    row.cells, row.verdict, row.changed_by = dict(cells), verdict, by
    row.save()
    return row


def _free_position(reading: Reading, after: int | None) -> int:
    above: int | None = 0 if after == 0 else None
    if after:
        above = reading.rows.filter(pk=after).values_list("position", flat=True).first()
    if above is None:
        return (reading.rows.aggregate(last=Max("position"))["last"] or 0) + 1
    reading.rows.filter(position__gt=above).update(position=F("position") + 1)
    return above + 1


def numbers(reading: Reading) -> dict[int, int]:
    """The number of every row, as the page shows it; one query."""
    return dict(reading.rows.values_list("pk", "position"))


@transaction.atomic
def delete_row(reading: Reading, *, pk: int, version: int | None, now: datetime) -> None:
    """Delete a row that a person added; what was read is left out instead (see `save_row`).

    Raise `TakenOverError` and `StaleRowError`.
    """
    stored = _lock(reading, now)
    row = stored.rows.filter(pk=pk).first()
    if row is None:
        return
    if row.version != version or not row.is_added:
        raise StaleRowError(row)
    row.delete()
    stored.rows.filter(position__gt=row.position).update(position=F("position") - 1)


@transaction.atomic
def accept_all(
    reading: Reading, *, only_sure: bool, by: User, today: date, now: datetime
) -> tuple[int, int]:
    """Accept the rows not yet decided; return how many, and how many were passed over.

    Passed over are rows with a cell that cannot be kept and, if `only_sure`, those with anything
    lacking or to be asked. Raise `TakenOverError`.
    """
    stored = _lock(reading, now)
    reader = RowReader(plan_under_review(stored, by, today))
    undecided = list(stored.rows.filter(verdict=RowVerdict.UNDECIDED))
    accepted = [row.pk for row in undecided if _is_acceptable(look(row, reader), only_sure)]
    _judge(stored, accepted, RowVerdict.ACCEPTED, by)
    return len(accepted), len(undecided) - len(accepted)


@transaction.atomic
def forget_verdicts(reading: Reading, *, by: User, now: datetime) -> int:
    """Take back every verdict; return how many. Raise `TakenOverError`."""
    stored = _lock(reading, now)
    decided = stored.rows.exclude(verdict=RowVerdict.UNDECIDED)
    return _judge(stored, list(decided.values_list("pk", flat=True)), RowVerdict.UNDECIDED, by)


def _is_acceptable(seen: grid.Reading, only_sure: bool) -> bool:
    if seen.refused:
        return False
    return not only_sure or not (seen.problems or seen.questions)


def _judge(reading: Reading, keys: list[int], verdict: RowVerdict, by: User) -> int:
    changed = 0
    for start in range(0, len(keys), 500):
        rows = reading.rows.filter(pk__in=keys[start : start + 500])
        changed += rows.update(verdict=verdict, version=F("version") + 1, changed_by=by)
    return changed


@transaction.atomic
def save_head(
    reading: Reading, values: dict[str, Any], *, version: int | None, now: datetime
) -> Reading:
    """Keep the fields of the plan's form as typed. Raise `TakenOverError`, `StaleHeadError`."""
    stored = _lock(reading, now)
    if stored.head_version != version:
        raise StaleHeadError(stored)
    stored.head = {**stored.head, **values}
    stored.head_version += 1
    stored.save(update_fields=["head", "head_version"])
    return stored


@transaction.atomic
def make_plan(
    reading: Reading, plan: Plan, *, targets: Sequence[Target], indices: Iterable[Index]
) -> Plan:
    """The draft plan of the rows that were accepted, under the head that was reviewed.

    Called again for one document it returns the plan of the first time. Raise
    `RefusedRowsError`, and `services.NumberTakenError` if the number is another plan's.
    """
    stored = Reading.objects.select_for_update().get(pk=reading.pk)
    if stored.plan is not None:
        return stored.plan
    services.save_plan(plan, targets=targets, indices=indices, version=None)
    reader = RowReader(plan)
    read = [
        (row, reader.read(row.cells)) for row in stored.rows.filter(verdict=RowVerdict.ACCEPTED)
    ]
    faults = [(row, cell, message) for row, seen in read for cell, message in seen.refused.items()]
    if faults:
        raise RefusedRowsError(faults)
    add_rows(plan, [seen.row for _row, seen in read], by=plan.created_by)
    stored.plan = plan
    stored.save(update_fields=["plan"])
    return plan


def typed_cells(posted: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row as they were sent, lists of lines as one line."""
    cells = {cell: posted.get(cell, "") for cell in CELLS}
    for cell in LISTS:
        lines = (line.strip() for line in cells[cell].splitlines())
        cells[cell] = "; ".join(line for line in lines if line)
    return {**cells, "needs_evidence": "1" if posted.get("needs_evidence") else ""}


def kept_cells(seen: grid.Reading) -> dict[str, str]:
    """The cells as the normaliser has them, to be stored."""
    fields = seen.row.fields
    cells = {cell: fields[column] for cell, (column, _length) in CELLS.items()}
    return {**cells, "needs_evidence": "1" if fields["needs_evidence"] else ""}


def _lock(reading: Reading, now: datetime) -> Reading:
    stored = Reading.objects.select_for_update().get(pk=reading.pk)
    if stored.plan_id is not None:
        raise TakenOverError
    Reading.objects.filter(pk=stored.pk).update(touched_at=now)
    return stored
