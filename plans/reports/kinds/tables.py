"""Tables that several kinds print, from frozen lines alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from plans.reports.kinds.frame import read_day, told_day
from plans.reports.paper import Align, Cell, Column, Row, RowKind, Table
from plans.reports.wording import number, percent, rate, sentence, signed

Data = dict[str, Any]
LEFT, CENTER, RIGHT = Align.LEFT, Align.CENTER, Align.RIGHT
UNIT = "Đơn vị tính: phần việc"
EMPTY = Cell("")

# Of Bảng 1: number, words, key of the count, key of what it is set against, kind of row.
STANDINGS = (
    ("A", "Tổng số được giao", "assigned", "assigned", RowKind.SUM),
    ("I", "Đã hoàn thành", "done", "assigned", RowKind.SUM),
    ("1", "Hoàn thành đúng hạn", "done_on_time", "assigned", RowKind.SUB),
    ("2", "Hoàn thành quá hạn", "done_late", "assigned", RowKind.SUB),
    ("3", "Hoàn thành, không quy định hạn", "done_no_due", "assigned", RowKind.SUB),
    ("II", "Chưa hoàn thành", "unfinished", "assigned", RowKind.SUM),
    ("1", "Đang thực hiện, trong hạn", "doing", "assigned", RowKind.SUB),
    ("2", "Chưa triển khai, trong hạn", "not_started", "assigned", RowKind.SUB),
    ("3", "Chưa hoàn thành, không có hạn", "no_due", "assigned", RowKind.SUB),
    ("4", "Quá hạn chưa hoàn thành", "overdue", "assigned", RowKind.SUB),
    ("B", "Đã đến hạn", "due", "assigned", RowKind.SUM),
    ("", "Đã hoàn thành trong số đã đến hạn", "due_done", "due", RowKind.SUB),
    ("C", "Đã báo cáo hoàn thành, chờ xác nhận (thuộc mục II)", "waiting", "assigned", RowKind.SUM),
)
TOTALS_NOTE = (
    "Ghi chú: Phần việc có hạn đúng ngày chốt số liệu chưa tính là đến hạn. Phần việc chờ xác "
    "nhận chưa tính là hoàn thành. Hạn dùng để thống kê là hạn hiện hành, gồm cả hạn đã được gia "
    "hạn."
)


@dataclass(frozen=True)
class Field:
    """A column of a list and what stands in it, of the frozen line."""

    column: Column
    cell: Callable[[Data], Cell]


def of_lines(
    name: str, fields: Sequence[Field], lines: Iterable[Data], *, caption: str = "", unit: str = ""
) -> Table:
    """A row for each line."""
    columns = tuple(field.column for field in fields)
    rows = tuple(Row(tuple(field.cell(line) for field in fields)) for line in lines)
    return Table(name, columns, rows, caption=caption, unit=unit)


def word(key: str) -> Callable[[Data], Cell]:
    return lambda line: Cell(line[key])


def amount(key: str) -> Callable[[Data], Cell]:
    return lambda line: count(line[key])


def on_day(key: str) -> Callable[[Data], Cell]:
    return lambda line: day(line[key])


def count(value: int) -> Cell:
    return Cell(number(value), value)


def day(value: str, note: str = "") -> Cell:
    return Cell(told_day(value), read_day(value), note)


def share(part: int, whole: int) -> Cell:
    """The part with its whole and its rate; a dash when there is nothing to divide."""
    return Cell(rate(part, whole) if whole else "–")


def task_cell(line: Data) -> Cell:
    period = f" ({line['period']})" if line["period"] else ""
    return Cell(f"{line['task']}{period}")


def totals_table(totals: Data, before: Data, *, caption: str) -> Table:
    """The standings with their sums; beside those of the period before, if there were any."""
    earlier = before.get("totals")
    columns = [
        Column("STT", 7 if earlier else 9, CENTER),
        Column("Nội dung", 41 if earlier else 51),
        Column("Số lượng", 11 if earlier else 12, RIGHT),
        Column("Trên tổng", 12 if earlier else 14, RIGHT),
        Column("Tỷ lệ", 10 if earlier else 14, RIGHT),
    ]
    if earlier:
        group = f"So với ngày {told_day(before['as_of'])}"
        columns += [Column("Kỳ trước", 9, RIGHT, group), Column("Tăng, giảm", 10, RIGHT, group)]
    rows = []
    for mark, words, part, whole, kind in STANDINGS:
        cells = [
            Cell(mark),
            Cell(words),
            count(totals[part]),
            Cell(f"{number(totals[part])}/{number(totals[whole])}"),
            Cell(percent(totals[part], totals[whole])),
        ]
        if earlier:
            difference = totals[part] - earlier[part]
            cells += [count(earlier[part]), Cell(signed(difference), difference)]
        rows.append(Row(tuple(cells), kind))
    return Table(
        "Kết quả chung", tuple(columns), tuple(rows), caption=caption, unit=UNIT, note=TOTALS_NOTE
    )


def summed(
    lines: Sequence[Data], totals: Data, cells: Callable[[str, Data], tuple[Cell, ...]]
) -> tuple[Row, ...]:
    """A row for each line, with its place, and the row of their sum."""
    rows = [Row(cells(str(place), line)) for place, line in enumerate(lines, 1)]
    return (*rows, Row(cells("", {**totals, "name": "Cộng"}), RowKind.SUM))


def counts(line: Data, *keys: str) -> tuple[Cell, ...]:
    return tuple(count(line[key]) for key in keys)


def due_done(line: Data) -> Cell:
    """How much of what has come due is done."""
    return share(line["due_done"], line["due"])


def dimensions_table(lines: Sequence[Data], totals: Data, *, caption: str) -> Table:
    columns = (
        Column("STT", 7, CENTER),
        Column("Nội dung", 35),
        Column("Được giao", 10, RIGHT),
        Column("Hoàn thành", 11, RIGHT),
        Column("Quá hạn", 10, RIGHT),
        Column("Đã đến hạn", 10, RIGHT),
        Column("Hoàn thành/ đã đến hạn", 17, RIGHT),
    )

    def cells(_place: str, line: Data) -> tuple[Cell, ...]:
        named = Cell(line.get("number", "")), Cell(line["name"])
        return (*named, *counts(line, "assigned", "done", "overdue", "due"), due_done(line))

    rows = summed(lines, totals, cells)
    return Table("Theo nội dung", columns, rows, caption=caption, unit=UNIT)


STANDING_KEYS = (
    *("assigned", "done_on_time", "done_late", "done_no_due"),
    *("in_time", "overdue", "no_due", "due"),
)


def standings_table(
    lines: Sequence[Data], totals: Data, *, name: str, of: str, unit: str = UNIT
) -> Table:
    """One line for each agency, or plan, with every standing; `of` heads their names."""
    done, open_ = "Đã hoàn thành", "Chưa hoàn thành"
    columns = (
        Column("STT", 5, CENTER),
        Column(of, 26),
        Column("Được giao", 7, RIGHT),
        Column("Đúng hạn", 7, RIGHT, done),
        Column("Quá hạn", 7, RIGHT, done),
        Column("Không có hạn", 7, RIGHT, done),
        Column("Trong hạn", 7, RIGHT, open_),
        Column("Quá hạn", 7, RIGHT, open_),
        Column("Không có hạn", 7, RIGHT, open_),
        Column("Đã đến hạn", 7, RIGHT),
        Column("Hoàn thành/ đã đến hạn", 13, RIGHT),
    )

    def cells(place: str, line: Data) -> tuple[Cell, ...]:
        return Cell(place), Cell(line["name"]), *counts(line, *STANDING_KEYS), due_done(line)

    return Table(name, columns, summed(lines, totals, cells), unit=unit)


def plans_table(lines: Sequence[Data], totals: Data) -> Table:
    """One line for each plan: what fits beside the text."""
    columns = (
        Column("STT", 7, CENTER),
        Column("Kế hoạch", 37),
        Column("Được giao", 9, RIGHT),
        Column("Hoàn thành", 10, RIGHT),
        Column("Quá hạn", 9, RIGHT),
        Column("Đã đến hạn", 10, RIGHT),
        Column("Hoàn thành/ đã đến hạn", 18, RIGHT),
    )

    def cells(place: str, line: Data) -> tuple[Cell, ...]:
        named = Cell(place), Cell(line["name"], note=line.get("title", ""))
        return (*named, *counts(line, "assigned", "done", "overdue", "due"), due_done(line))

    return Table("Theo kế hoạch", columns, summed(lines, totals, cells), unit=UNIT)


def requested_table(lines: Sequence[Data], requested: Data) -> Table:
    columns = (
        Column("STT", 5, CENTER),
        Column("Cơ quan", 56),
        Column("Được đề nghị", 13, RIGHT),
        Column("Đã hoàn thành", 13, RIGHT),
        Column("Đang thực hiện", 13, RIGHT),
    )

    def cells(place: str, line: Data) -> tuple[Cell, ...]:
        return Cell(place), Cell(line["name"]), *counts(line, "assigned", "done", "unfinished")

    return Table(
        "Cơ quan phối hợp",
        columns,
        summed(lines, requested, cells),
        unit="Cơ quan được đề nghị phối hợp (thống kê riêng, không tính quá hạn); "
        "đơn vị tính: phần việc",
    )


def rhythms_table(lines: Sequence[Data], silent_after_days: int, *, caption: str) -> Table:
    silent = f"Chưa báo cáo trên {silent_after_days} ngày"
    fields = (
        Field(Column("Loại nhiệm vụ", 40), word("name")),
        Field(Column("Số nhiệm vụ", 12, RIGHT), amount("tasks")),
        Field(Column("Được giao", 12, RIGHT), amount("assigned")),
        Field(Column("Hoàn thành", 12, RIGHT), amount("done")),
        Field(Column("Quá hạn", 10, RIGHT), amount("overdue")),
        Field(Column(silent, 14, RIGHT), amount("silent")),
    )
    return of_lines("Định kỳ, thường xuyên", fields, lines, caption=caption, unit=UNIT)


def overdue_table(lines: Iterable[Data], *, caption: str = "", with_agency: bool = True) -> Table:
    fields = [
        Field(Column("Số NV", 7 if with_agency else 8, CENTER), word("number")),
        Field(Column("Nhiệm vụ", 29 if with_agency else 38), task_cell),
        Field(Column("Hạn", 14, CENTER), due_cell),
        Field(Column("Số ngày quá hạn", 8 if with_agency else 10, RIGHT), amount("days")),
        Field(Column("Báo cáo gần nhất", 26 if with_agency else 30), last_word),
    ]
    if with_agency:
        fields.insert(2, Field(Column("Cơ quan chủ trì", 16), word("agency")))
    return of_lines("Quá hạn", fields, lines, caption=caption)


def due_cell(line: Data) -> Cell:
    moved = line["first_due_on"] and line["first_due_on"] != line["due_on"]
    return day(line["due_on"], f"ban đầu {told_day(line['first_due_on'])}" if moved else "")


def last_word(line: Data) -> Cell:
    """What the agency said last, whether it waits, what it asked for."""
    words = ["Chưa báo cáo."]
    if line["heard_on"]:
        said = f"{sentence(line['said'])} ".lstrip()
        words = [f"{said}({told_day(line['heard_on'])}, {line['percent_done']}%)."]
    if line.get("is_reported"):
        words.append("Chờ xác nhận.")
    if line.get("asked_until"):
        words.append(f"Đã đề nghị gia hạn đến {told_day(line['asked_until'])}.")
    return Cell(" ".join(words))


def waiting_table(lines: Iterable[Data]) -> Table:
    fields = (
        Field(Column("Số NV", 8, CENTER), word("number")),
        Field(Column("Nhiệm vụ", 42), task_cell),
        Field(Column("Cơ quan chủ trì", 22), word("agency")),
        Field(Column("Ngày báo cáo", 14, CENTER), on_day("heard_on")),
        Field(Column("Hạn", 14, CENTER), on_day("due_on")),
    )
    return of_lines("Chờ xác nhận", fields, lines)


def silent_table(lines: Sequence[Data]) -> Table:
    fields = (
        Field(Column("STT", 8, CENTER), word("place")),
        Field(Column("Cơ quan", 50), word("name")),
        Field(Column("Số phần việc", 20, RIGHT), amount("count")),
        Field(Column("Không có cập nhật từ ngày", 22, CENTER), on_day("since")),
    )
    placed = ({"place": str(place), **line} for place, line in enumerate(lines, 1))
    return of_lines("Lâu không báo cáo", fields, placed)


def due_next_table(lines: Iterable[Data], *, with_agency: bool = True) -> Table:
    fields = [
        Field(Column("Số NV", 8, CENTER), word("number")),
        Field(Column("Nhiệm vụ", 45 if with_agency else 68), task_cell),
        Field(Column("Hạn", 14, CENTER), on_day("due_on")),
        Field(Column("Tiến độ", 10, RIGHT), word("percent")),
    ]
    if with_agency:
        fields.insert(2, Field(Column("Cơ quan chủ trì", 23), word("agency")))
    return of_lines("Sắp đến hạn", fields, lines)


def extensions_table(lines: Iterable[Data]) -> Table:
    fields = (
        Field(Column("Số NV", 6, CENTER), word("number")),
        Field(Column("Nhiệm vụ", 27), task_cell),
        Field(Column("Cơ quan", 14), word("agency")),
        Field(Column("Lý do", 19), lambda line: Cell(sentence(line["reason"]))),
        Field(Column("Ngày đề nghị", 8, CENTER), on_day("asked_on")),
        Field(Column("Hạn cũ", 8, CENTER), on_day("old_due_on")),
        Field(Column("Hạn đề nghị", 8, CENTER), on_day("new_due_on")),
        Field(
            Column("Quyết định", 10, CENTER),
            lambda line: Cell(line["decision"], note=told_day(line["decided_on"])),
        ),
    )
    return of_lines("Gia hạn", fields, lines)
