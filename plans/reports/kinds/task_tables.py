"""The long tables of tasks in appendices: with the work of every agency, or as planned."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from plans.reports.kinds.frame import told_day
from plans.reports.kinds.tables import CENTER, EMPTY, RIGHT, Field, day, of_lines, share, word
from plans.reports.paper import Cell, Column, Row, RowKind, Table
from plans.reports.wording import opened, sentence

Data = dict[str, Any]


def progress_table(groups: Iterable[Data], *, unit: str) -> Table:
    """One row per task under its dimension; the work of several agencies follows, one row each."""
    columns = (
        Column("Số", 4, CENTER),
        Column("Nhiệm vụ; sản phẩm", 22),
        Column("Cơ quan chủ trì", 11),
        Column("Phối hợp", 11),
        Column("Thời hạn theo Kế hoạch", 8),
        Column("Hạn ban đầu", 8, CENTER),
        Column("Hạn hiện hành", 8, CENTER),
        Column("Tình trạng; tiến độ", 10),
        Column("Báo cáo gần nhất", 18),
    )
    rows = [
        row
        for group in groups
        for row in (_heading(group, len(columns)), *_rows_of(group["tasks"]))
    ]
    return Table("Nhiệm vụ", columns, tuple(rows), unit=unit)


def _heading(group: Data, width: int) -> Row:
    words = f"Nội dung {group['number']}. {group['name']}" if group["number"] else group["name"]
    if not group["tasks"]:
        words += ": Không có nhiệm vụ"
    return Row((Cell(words, span=width),), RowKind.GROUP)


def _rows_of(tasks: Sequence[Data]) -> Iterator[Row]:
    for task in tasks:
        work = task["work"]
        is_shared = len(work) > 1
        yield Row(
            (*_task_cells(task), *(_work_cells(work[0]) if len(work) == 1 else _no_work(work))),
            RowKind.SHARED if is_shared else RowKind.PLAIN,
        )
        if is_shared:
            yield from (_part(task, each) for each in work)


def _task_cells(task: Data) -> tuple[Cell, ...]:
    parts = f" ({len(task['work'])} phần việc)" if len(task["work"]) > 1 else ""
    product = f"Sản phẩm: {sentence(task['product'])}" if task["product"] else ""
    return (
        Cell(task["number"]),
        Cell(task["name"], note=product),
        Cell(f"{opened(task['lead'])}{parts}"),
        Cell(opened(task["supporters"])),
        Cell(opened(task["deadline"])),
    )


def _no_work(work: Sequence[Data]) -> tuple[Cell, ...]:
    return (EMPTY, EMPTY, EMPTY, EMPTY if work else Cell("Chưa giao"))


def _part(task: Data, work: Data) -> Row:
    who = "" if task["has_one_agency"] else work["agency"]
    words = ", ".join(word for word in (who, work["period"]) if word)
    return Row((EMPTY, Cell(f"- {words}", span=4), *_work_cells(work)), RowKind.PART)


def _work_cells(work: Data) -> tuple[Cell, ...]:
    done = f" ({told_day(work['done_on'])})" if work["done_on"] else f"; {work['percent_done']}%"
    said = "Chưa báo cáo"
    if work["heard_on"]:
        said = f"{sentence(work['said'])} ({told_day(work['heard_on'])})".strip()
    return (
        day(work["first_due_on"]),
        day(work["due_on"]),
        Cell(f"{work['status']}{done}"),
        Cell(said),
    )


def plan_table(groups: Iterable[Data]) -> Table:
    """The tasks as the plan sets them, under their dimensions."""
    fields = (
        Field(Column("STT", 5, CENTER), word("number")),
        Field(Column("Nhiệm vụ", 33), word("name")),
        Field(Column("Cơ quan chủ trì", 16), _opened("lead")),
        Field(Column("Cơ quan phối hợp", 18), _opened("supporters")),
        Field(Column("Sản phẩm", 16), _opened("product")),
        Field(Column("Thời hạn", 12), _opened("deadline")),
    )
    rows: list[Row] = []
    for group in groups:
        rows += (_heading(group, len(fields)), *of_lines("", fields, group["tasks"]).rows)
    return Table("Nhiệm vụ", tuple(field.column for field in fields), tuple(rows))


def supported_table(tasks: Iterable[Data], *, unit: str) -> Table:
    """Tasks of others, with how much of their work is done."""
    fields = (
        Field(Column("Số", 5, CENTER), word("number")),
        Field(Column("Nhiệm vụ", 40), word("name")),
        Field(Column("Kế hoạch", 20), word("plan")),
        Field(Column("Cơ quan chủ trì", 18), _opened("lead")),
        Field(Column("Thời hạn", 9), _opened("deadline")),
        Field(
            Column("Đã hoàn thành", 8, RIGHT), lambda task: share(task["done"], task["assigned"])
        ),
    )
    return of_lines("Nhiệm vụ phối hợp", fields, tasks, unit=unit)


def _opened(key: str) -> Callable[[Data], Cell]:
    """Names of groups and words of deadlines begin small where documents have them."""
    return lambda task: Cell(opened(task[key]))
