"""Tables that several kinds print, from frozen lines alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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


def count(value: int) -> Cell:
    return Cell(number(value), value)


def day(value: str, note: str = "") -> Cell:
    return Cell(told_day(value), read_day(value), note)


def share(part: int, whole: int) -> Cell:
    """The part with its whole and its rate; a dash when there is nothing to divide."""
    return Cell(rate(part, whole) if whole else "–")


def task_cell(line: Data, note: str = "") -> Cell:
    period = f" ({line['period']})" if line["period"] else ""
    return Cell(f"{line['task']}{period}", note=note)


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
    columns = (
        Column("Loại nhiệm vụ", 40),
        Column("Số nhiệm vụ", 12, RIGHT),
        Column("Được giao", 12, RIGHT),
        Column("Hoàn thành", 12, RIGHT),
        Column("Quá hạn", 10, RIGHT),
        Column(f"Chưa báo cáo trên {silent_after_days} ngày", 14, RIGHT),
    )
    keys = ("tasks", "assigned", "done", "overdue", "silent")
    rows = [Row((Cell(line["name"]), *counts(line, *keys))) for line in lines]
    return Table("Định kỳ, thường xuyên", columns, tuple(rows), caption=caption, unit=UNIT)


def overdue_table(lines: Iterable[Data], *, caption: str = "", with_agency: bool = True) -> Table:
    columns = [
        Column("Số NV", 7 if with_agency else 8, CENTER),
        Column("Nhiệm vụ", 29 if with_agency else 38),
        Column("Hạn", 14, CENTER),
        Column("Số ngày quá hạn", 8 if with_agency else 10, RIGHT),
        Column("Báo cáo gần nhất", 26 if with_agency else 30),
    ]
    if with_agency:
        columns.insert(2, Column("Cơ quan chủ trì", 16))
    rows = []
    for line in lines:
        cells = [
            Cell(line["number"]),
            task_cell(line),
            due_cell(line),
            count(line["days"]),
            Cell(last_word(line)),
        ]
        if with_agency:
            cells.insert(2, Cell(line["agency"]))
        rows.append(Row(tuple(cells)))
    return Table("Quá hạn", tuple(columns), tuple(rows), caption=caption)


def due_cell(line: Data) -> Cell:
    moved = line["first_due_on"] and line["first_due_on"] != line["due_on"]
    return day(line["due_on"], f"ban đầu {told_day(line['first_due_on'])}" if moved else "")


def last_word(line: Data) -> str:
    """What the agency said last, whether it waits, what it asked for."""
    words = ["Chưa báo cáo."]
    if line["heard_on"]:
        said = f"{sentence(line['said'])} ".lstrip()
        words = [f"{said}({told_day(line['heard_on'])}, {line['percent_done']}%)."]
    if line["is_reported"]:
        words.append("Chờ xác nhận.")
    if line["asked_until"]:
        words.append(f"Đã đề nghị gia hạn đến {told_day(line['asked_until'])}.")
    return " ".join(words)


def waiting_table(lines: Iterable[Data]) -> Table:
    columns = (
        Column("Số NV", 8, CENTER),
        Column("Nhiệm vụ", 42),
        Column("Cơ quan chủ trì", 22),
        Column("Ngày báo cáo", 14, CENTER),
        Column("Hạn", 14, CENTER),
    )
    rows = [
        Row(
            (
                Cell(line["number"]),
                task_cell(line),
                Cell(line["agency"]),
                day(line["heard_on"]),
                day(line["due_on"]),
            )
        )
        for line in lines
    ]
    return Table("Chờ xác nhận", columns, tuple(rows))


def silent_table(lines: Sequence[Data]) -> Table:
    columns = (
        Column("STT", 8, CENTER),
        Column("Cơ quan", 50),
        Column("Số phần việc", 20, RIGHT),
        Column("Không có cập nhật từ ngày", 22, CENTER),
    )
    rows = [
        Row((Cell(str(place)), Cell(line["name"]), count(line["count"]), day(line["since"])))
        for place, line in enumerate(lines, 1)
    ]
    return Table("Chưa báo cáo", columns, tuple(rows))


def due_next_table(lines: Iterable[Data], *, with_agency: bool = True) -> Table:
    columns = [
        Column("Số NV", 8, CENTER),
        Column("Nhiệm vụ", 45 if with_agency else 68),
        Column("Hạn", 14, CENTER),
        Column("Tiến độ", 10, RIGHT),
    ]
    if with_agency:
        columns.insert(2, Column("Cơ quan chủ trì", 23))
    rows = []
    for line in lines:
        cells = [
            Cell(line["number"]),
            task_cell(line),
            day(line["due_on"]),
            Cell(line["percent"]),
        ]
        if with_agency:
            cells.insert(2, Cell(line["agency"]))
        rows.append(Row(tuple(cells)))
    return Table("Sắp đến hạn", tuple(columns), tuple(rows))


def extensions_table(lines: Iterable[Data]) -> Table:
    columns = (
        Column("Số NV", 6, CENTER),
        Column("Nhiệm vụ", 27),
        Column("Cơ quan", 14),
        Column("Lý do", 19),
        Column("Ngày đề nghị", 8, CENTER),
        Column("Hạn cũ", 8, CENTER),
        Column("Hạn đề nghị", 8, CENTER),
        Column("Quyết định", 10, CENTER),
    )
    rows = [
        Row(
            (
                Cell(line["number"]),
                task_cell(line),
                Cell(line["agency"]),
                Cell(sentence(line["reason"])),
                day(line["asked_on"]),
                day(line["old_due_on"]),
                day(line["new_due_on"]),
                Cell(line["decision"], note=told_day(line["decided_on"])),
            )
        )
        for line in lines
    ]
    return Table("Gia hạn", columns, tuple(rows))
