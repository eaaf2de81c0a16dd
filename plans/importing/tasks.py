"""Tasks from a spreadsheet into a draft plan: what each row means, and writing them all at once."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from papi_portal import text
from papi_portal.sheets import Column, Preview, Question, RowChange, Verdict
from plans import services
from plans.grid import CELLS, LISTS, Reading, RowReader
from plans.importing.failures import FailedRowError
from plans.importing.group_rows import GroupRows
from plans.importing.rows import RowSource, SheetRow, doubles, told_rows
from plans.models import Plan, Task
from plans.rows import add_rows, change_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from papi_portal.sheets import Header, Sheet
    from plans.services import TaskRow

COLUMNS = (
    Column("number", "Số", ("STT", "TT", "Số TT", "Số thứ tự", "Mã", "Mã nhiệm vụ"), width=8),
    Column(
        "name",
        "Nhiệm vụ",
        (
            "Tên nhiệm vụ",
            "Nội dung nhiệm vụ",
            "Nội dung công việc",
            "Nội dung thực hiện",
            "Nhiệm vụ, giải pháp",
            "Nhiệm vụ cụ thể",
            "Công việc",
            "Hoạt động",
            "Nội dung",
        ),
        is_required=True,
        width=60,
    ),
    Column(
        "dimensions",
        "Nội dung PAPI",
        ("Nội dung số", "Chỉ số nội dung", "Trục nội dung", "Lĩnh vực nội dung", "Tiêu chí"),
        width=14,
    ),
    Column(
        "lead",
        "Cơ quan chủ trì",
        (
            "Chủ trì",
            "Đơn vị chủ trì",
            "Cơ quan, đơn vị chủ trì",
            "Cơ quan thực hiện",
            "Đơn vị thực hiện",
            "Cơ quan chủ trì thực hiện",
        ),
        is_required=True,
        width=34,
    ),
    Column(
        "supporters",
        "Cơ quan phối hợp",
        ("Phối hợp", "Đơn vị phối hợp", "Cơ quan, đơn vị phối hợp"),
        width=40,
    ),
    Column(
        "deadline",
        "Thời hạn",
        (
            "Hạn",
            "Hạn hoàn thành",
            "Thời hạn hoàn thành",
            "Thời gian",
            "Thời gian thực hiện",
            "Thời gian hoàn thành",
            "Tiến độ",
            "Tiến độ thực hiện",
        ),
        width=22,
    ),
    Column(
        "product",
        "Sản phẩm",
        ("Sản phẩm, kết quả", "Kết quả", "Kết quả đầu ra", "Sản phẩm đầu ra", "Dự kiến sản phẩm"),
        width=30,
    ),
    Column(
        "needs_evidence",
        "Cần tài liệu",
        ("Cần tài liệu kiểm chứng", "Tài liệu kiểm chứng", "Kiểm chứng"),
        width=12,
    ),
)
TITLES = {column.key: column.title for column in COLUMNS}
YES, NO = gettext_lazy("có"), gettext_lazy("không")
_YES_WORDS = frozenset({"co", "x", "v", "1", "yes", "true", "can"})
_NO_WORDS = frozenset({"khong", "0", "no", "false", "k"})
# The days that a spreadsheet program counts from 2011 to 2045.
_SERIAL_DAYS = range(40_544, 53_328)
_YEAR = re.compile(r"(?<![0-9])(20[1-4][0-9])(?![0-9])")
YEAR = "year"
# Fewer day cells than this may well all lie in the first twelve days of a month.
FEW_DAYS = 4
# What is found wrong with an empty cell is no fault of the file: the draft will say it is missing.
_MAY_BE_EMPTY = frozenset({"dimensions", "lead", "supporters", "deadline"})


def stored_cells(task: Task) -> dict[str, str]:
    """What a file says of a stored task: its words or, where it has none, what is known."""
    lead = task.lead_agency or task.lead_group
    numbers = [row.stable_key.removeprefix("D") for row in task.components.all()]
    cells = {cell: getattr(task, column) for cell, (column, _length) in CELLS.items()}
    cells["lead"] = cells["lead"] or (lead.name if lead else "")
    cells["dimensions"] = cells["dimensions"] or (
        _("chung") if task.is_cross_cutting else "; ".join(sorted(numbers))
    )
    cells["supporters"] = cells["supporters"] or "; ".join(
        agency.name for agency in task.supporters.all()
    )
    if not cells["deadline"] and task.due_on:
        cells["deadline"] = f"{task.due_on:%d/%m/%Y}"
    cells["needs_evidence"] = str(YES if task.needs_evidence else NO)
    return cells


def for_sheets(tasks: Any) -> Any:
    """Tasks with all that `stored_cells` looks at; four queries however many they are."""
    related = tasks.select_related("lead_agency", "lead_group")
    return related.prefetch_related("components", "supporters").in_order()


def basis(plan: Plan) -> str:
    """A fingerprint of the plan and its rows, other whenever one of them was saved."""
    rows = plan.tasks.order_by("pk").values_list("pk", "version")
    head = Plan.objects.values_list("version", "status").get(pk=plan.pk)
    return hashlib.sha256(f"{head}{list(rows)}".encode()).hexdigest()


def preview(plan: Plan, sheet: Sheet, header: Header, file_name: str) -> Preview:
    """What the rows of `sheet` would do to the draft `plan`; nothing is written."""
    source = RowSource(sheet, header, COLUMNS)
    groups = GroupRows(source)
    rows = [row for row in source.rows() if not groups.takes(row)]
    made = _Changes(plan, source).of_all(rows)
    notes = [*source.notes(rows), *groups.notes(), *made.notes, *_swapped_days(rows)]
    questions = [
        *source.struck_question(rows),
        *_year_question(plan, sheet, header, file_name, made),
    ]
    columns = {key: TITLES[key] for key in TITLES if key in header.columns}
    return Preview(made.rows, [], notes, questions, columns)


class _Changes:
    """Compares the rows of a file with the tasks of a plan."""

    def __init__(self, plan: Plan, source: RowSource) -> None:
        self.plan = plan
        self.source = source
        self.reader = RowReader(plan)
        self.tasks = list(for_sheets(plan.tasks))
        self.rows: list[RowChange] = []
        self.notes: list[str] = []
        self.due_years: Counter[int] = Counter()
        self._lacking: Counter[str] = Counter()
        self._by_both = self._index(lambda task: _key(task.number_in_plan, task.name))
        self._by_number = self._index(lambda task: text.fold(task.number_in_plan))
        self._by_name = self._index(lambda task: text.fold(task.name))

    def _index(self, key: Any) -> dict[Any, Task]:
        """Tasks by a key that only one of them has."""
        counted = Counter(key(task) for task in self.tasks)
        return {key(task): task for task in self.tasks if counted[key(task)] == 1 and key(task)}

    def of_all(self, rows: Sequence[SheetRow]) -> _Changes:
        keys = {row.number: _key(*_named(row)) for row in rows}
        same = doubles([(key if key[1] else None, number) for number, key in keys.items()])
        matched = {number: self._match(*key) for number, key in keys.items()}
        twice = doubles([(task.pk if task else None, number) for number, task in matched.items()])
        for row in rows:
            change = self._change(row, matched[row.number])
            both = same.get(row.number) or twice.get(row.number)
            if both:
                message = _("trùng nhiệm vụ: dòng %(rows)s là một. Hãy giữ một dòng") % {
                    "rows": told_rows(both)
                }
                change.faults.append(self.source.fault(row.number, "name", message))
                change.verdict = Verdict.ERROR
            self.rows.append(change)
        self._note(matched)
        return self

    def _match(self, number: str, name: str) -> Task | None:
        """The task of the plan that a row means: by number and name, else number, else name."""
        return (
            self._by_both.get((number, name))
            or (self._by_number.get(number) if number else None)
            or (self._by_name.get(name) if name else None)
        )

    def _change(self, row: SheetRow, task: Task | None) -> RowChange:
        old = stored_cells(task) if task else {}
        cells, questions, faults = self._cells(row, old)
        reading = self.reader.read({**cells, "needs_evidence": _flag(cells["needs_evidence"])})
        new = {
            key: reading.row.fields[CELLS[key][0]] if key in CELLS else cells[key]
            for key in row.texts
        }
        differing = {
            key: (old.get(key, ""), new[key]) for key in new if old.get(key, "") != new[key]
        }
        change = RowChange(
            sheet=self.source.sheet.name,
            row=row.number,
            verdict=Verdict.CHANGED if task else Verdict.NEW,
            label=f"{new.get('number', '')} {new.get('name', '')}".strip(),
            notes=row.notes,
            data={"pk": task.pk if task else None, "is_struck": row.is_struck, "cells": cells},
        )
        if task and not differing and not row.faults:
            change.verdict = Verdict.SAME
            return change
        change.cells = differing
        change.faults = [*row.faults, *faults, *self._faults(row, cells, reading)]
        change.questions = [*row.questions, *questions]
        change.questions += [
            self.source.fault(row.number, key, message, cells[key])
            for key, message in reading.questions.items()
        ]
        if change.faults:
            # Never carried out, and its cells may be very long.
            change.verdict, change.data["cells"] = Verdict.ERROR, {}
        due_on: date | None = reading.row.fields["due_on"]
        if due_on and not reading.row.fields["is_deadline_inferred"]:
            self.due_years[due_on.year] += 1
        return change

    def _cells(
        self, row: SheetRow, old: dict[str, str]
    ) -> tuple[dict[str, str], list[Any], list[Any]]:
        """The cells as the grid reads them; what the file has no column for stays as it is."""
        cells = {**dict.fromkeys(TITLES, ""), "needs_evidence": str(YES), **old, **row.texts}
        questions, faults = [], []
        for key in LISTS:
            cells[key] = "; ".join(p.strip() for p in cells[key].splitlines() if p.strip())
        serial = row.values.get("deadline")
        if isinstance(serial, int | float) and int(serial) in _SERIAL_DAYS:
            cells["deadline"] = _day_of(int(serial))
            message = _("là số ngày của Excel; hiểu là %(day)s – đúng không?")
            told = message % {"day": cells["deadline"]}
            questions.append(self.source.fault(row.number, "deadline", told, row.texts["deadline"]))
        written = row.texts.get("needs_evidence", "")
        flag = text.fold(written)
        if flag and flag not in _YES_WORDS | _NO_WORDS:
            message = _("không hiểu được: hãy ghi “có” hoặc “không”")
            faults.append(self.source.fault(row.number, "needs_evidence", message, written))
        elif "needs_evidence" in row.texts:
            stays = old.get("needs_evidence", str(YES))
            known = str(NO if flag in _NO_WORDS else YES)
            cells["needs_evidence"] = row.texts["needs_evidence"] = known if flag else stays
        return cells, questions, faults

    def _faults(self, row: SheetRow, cells: dict[str, str], reading: Reading) -> list[Any]:
        """What cannot be kept, and what was typed but not understood."""
        has_own_fault = {fault.column for fault in row.faults}
        found = []
        for key, message in {**reading.problems, **reading.refused}.items():
            if not cells[key] and key in _MAY_BE_EMPTY:
                self._lacking[key] += 1
            elif self.source.header.columns.get(key, 0) not in has_own_fault:
                found.append(self.source.fault(row.number, key, message, cells[key]))
        return found

    def _note(self, matched: dict[int, Task | None]) -> None:
        for key, count in self._lacking.items():
            self.notes.append(
                _("%(count)s dòng để trống “%(title)s”: vẫn nhập, bảng nhiệm vụ sẽ nhắc điền.")
                % {"count": count, "title": TITLES[key]}
            )
        known = {task.pk for task in matched.values() if task}
        left = sum(1 for task in self.tasks if task.pk not in known)
        if left:
            self.notes.append(
                _("%(count)s nhiệm vụ đang có trong kế hoạch không có trong tệp: giữ nguyên.")
                % {"count": left}
            )


def _named(row: SheetRow) -> tuple[str, str]:
    return row.texts.get("number", ""), row.texts.get("name", "")


def _key(number: str, name: str) -> tuple[str, str]:
    return text.fold(number), text.fold(name)


def _flag(written: str) -> str:
    return "1" if text.fold(written) in _YES_WORDS else ""


def _day_of(serial: int) -> str:
    return f"{date(1899, 12, 30) + timedelta(days=serial):%d/%m/%Y}"


def _swapped_days(rows: Sequence[SheetRow]) -> list[str]:
    """Warn where a program may have read 5/3 as 3 May: no day cell is later than the 12th."""
    days = [value for row in rows if isinstance(value := row.values.get("deadline"), date)]
    if len(days) < FEW_DAYS or any(day.day > 12 for day in days):
        return []
    return [
        _(
            "Mọi ô ngày đều có ngày từ 1 đến 12: hãy xem Excel có đảo ngày và tháng không, "
            "ví dụ %(day)s."
        )
        % {"day": f"{days[0]:%d/%m/%Y}"}
    ]


def _year_question(
    plan: Plan, sheet: Sheet, header: Header, file_name: str, made: _Changes
) -> list[Question]:
    """Ask if the file speaks of other years than the plan: last year's file, most likely."""
    years = set(range(plan.period_start.year, plan.period_end.year + 1))
    above = [sheet.text(row, at) for row in range(1, header.top) for at in range(1, 12)]
    named = {
        int(year) for words in (file_name, sheet.name, *above) for year in _YEAR.findall(words)
    }
    dated = sum(made.due_years.values())
    outside = {year: count for year, count in made.due_years.items() if year not in years}
    is_outside = dated and 2 * sum(outside.values()) > dated
    if not is_outside and (not named or named & years):
        return []
    found = sorted(set(outside) if is_outside else named)
    message = _("Tệp ghi năm %(found)s, còn kế hoạch là của %(years)s. Vẫn nhập tệp này?") % {
        "found": ", ".join(map(str, found)),
        "years": "–".join(map(str, sorted({min(years), max(years)}))),
    }
    return [Question(YEAR, message, (("yes", _("Đúng tệp này, vẫn nhập")),))]


def apply(plan: Plan, changes: Iterable[RowChange]) -> None:
    """Write new and changed rows into the draft `plan`, in the order of the file.

    Raise `services.NotDraftError` if the plan was given out, and `FailedRowError` with the row
    that the database refused: then nothing was written.
    """
    services.lock_draft(plan)
    reader = RowReader(plan)
    rows = [
        (change, _row_of(reader, change))
        for change in changes
        if change.verdict in (Verdict.NEW, Verdict.CHANGED)
    ]
    named = [change.data["pk"] for change, _row in rows]
    stored = plan.tasks.filter(pk__in=named).prefetch_related("components", "supporters")
    known = {task.pk: task for task in stored}
    try:
        _write(plan, rows, known)
    except DatabaseError as error:
        raise FailedRowError(_refused_row(plan, rows, known)) from error


@transaction.atomic
def _write(
    plan: Plan, rows: Sequence[tuple[RowChange, TaskRow]], known: Mapping[int, Task]
) -> None:
    new = [row for change, row in rows if change.data["pk"] is None]
    changed = [(known[pk], row) for change, row in rows if (pk := change.data["pk"]) is not None]
    add_rows(plan, new)
    change_rows(changed)


def _row_of(reader: RowReader, change: RowChange) -> TaskRow:
    cells = change.data["cells"]
    return reader.read({**cells, "needs_evidence": _flag(cells["needs_evidence"])}).row


def _refused_row(
    plan: Plan, rows: Sequence[tuple[RowChange, TaskRow]], known: Mapping[int, Task]
) -> int:
    """Which row it was that the database refused; what this writes is taken back with the rest."""
    for change, row in rows:
        try:
            _write(plan, [(change, row)], known)
        except DatabaseError:
            return change.row
    return 0
