"""Targets and published scores as blocks: tables, the line over the years, where they come from."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from indicators.charts import Line, Point, line_chart
from indicators.wording import points
from plans.reports.kinds.tables import CENTER, EMPTY, RIGHT
from plans.reports.paper import (
    Block,
    Cell,
    Column,
    Drawing,
    Manner,
    Paragraph,
    Row,
    Table,
)
from plans.reports.wording import listed

Data = dict[str, Any]

FONT = "Tinos"
UNKNOWN = Cell("–")
BASELINE = "Kết quả làm cơ sở so sánh: "
NO_RESULT = "Chưa có kết quả công bố"
NOTE = (
    "Ghi chú: Tiến độ thực hiện nhiệm vụ không dùng để ước tính điểm, nhóm hoặc thứ hạng của Chỉ "
    "số."
)


def targets_table(lines: Sequence[Data], *, caption: str) -> Table:
    columns = (
        Column("STT", 6, CENTER),
        Column("Mục tiêu", 32),
        Column("Năm đạt", 8, CENTER),
        Column("Kết quả công bố gần nhất", 22),
        Column("Đánh giá", 32),
    )
    rows = [
        Row(
            (
                Cell(str(place)),
                Cell(line["text"]),
                Cell(str(line["year"] or ""), line["year"]),
                Cell(line["latest"] or NO_RESULT),
                Cell(line["told"], note=line["because"]),
            )
        )
        for place, line in enumerate(lines, 1)
    ]
    return Table("Mục tiêu", columns, tuple(rows), caption=caption, note=NOTE)


def judged_sentence(lines: Sequence[Data]) -> str:
    """How many targets are met, missed, open: with their number."""
    verdicts = [line["verdict"] for line in lines]
    met, missed = verdicts.count("met"), verdicts.count("not_met")
    rest = len(lines) - met - missed
    told = ((met, "đạt"), (missed, "chưa đạt"), (rest, "chưa hoặc không đánh giá được"))
    parts = [f"{count}/{len(lines)} mục tiêu {what}" for count, what in told if count]
    return f"Đối chiếu với kết quả đã công bố: {listed(parts)}."


def score_blocks(scores: Data, *, chart: str, table: str) -> list[Block]:
    """The index over the years as a line and as a table, with its source."""
    if not scores:
        return []
    index, series = scores["index"], scores["series"]
    names = listed([one["name"] for one in series])
    if not scores["is_own"]:
        names = f"{len(series)} tỉnh trước hợp nhất ({names})"
    title = f"Điểm tổng hợp {index} của {names} qua các năm công bố"
    return [
        Paragraph(
            f"Điểm tổng hợp {index} đã công bố của {names} được nêu tại {table}. Các năm có cấu "
            "trúc Chỉ số khác nhau không so sánh được với nhau nên không nối liền trên biểu đồ."
        ),
        Drawing(_chart(scores, title), title, f"{chart}. {title}{_legend(series)}"),
        scores_table(scores, caption=f"{table}. {title}"),
        Paragraph(_source(scores), Manner.NOTE),
    ]


# How the lines of a chart are told apart, in their order.
MARKS = ("dấu tròn", "dấu vuông", "dấu tam giác", "dấu thoi", "dấu tam giác ngược")


def _legend(series: Sequence[Data]) -> str:
    if len(series) == 1:
        return ""
    told = [f"{mark}: {one['name']}" for mark, one in zip(MARKS, series, strict=False)]
    return f" ({'; '.join(told)})"


def _source(scores: Data) -> str:
    """Where the figures come from; what the portal reckoned itself is said to be so."""
    words = scores["source"] or scores["publisher"]
    has_rank = len(scores["series"]) == 1
    estimates = [
        point
        for one in scores["series"]
        for point in one["points"]
        if (point["group"] and point["is_group_estimate"])
        or (has_rank and point["is_rank_estimate"])
    ]
    note = " Nhóm, thứ hạng có dấu * do Cổng PAPI ước tính, không do cơ quan công bố đưa ra."
    return f"Nguồn: {words} và các kỳ trước.{note if estimates else ''}"


def _chart(scores: Data, title: str) -> str:
    lines = [
        Line(
            one["name"],
            [
                Point(point["year"], Decimal(point["value"]), point["structure"])
                for point in one["points"]
                if point["year"] in scores["years"]
            ],
        )
        for one in scores["series"]
    ]
    described = "; ".join(
        f"{line.label}: {', '.join(f'{p.year}: {points(p.value or 0, 2)}' for p in line.points)}"
        for line in lines
    )
    drawn = line_chart(lines, title=title, description=described, width=620, height=210)
    return drawn.replace("<svg ", f'<svg font-family="{FONT}" ', 1)


def scores_table(scores: Data, *, caption: str) -> Table:
    """A line per year; with several provinces a pair of columns for each."""
    series = scores["series"]
    if len(series) == 1:
        columns: tuple[Column, ...] = (
            Column("Năm", 12, CENTER),
            Column("Điểm", 16, RIGHT),
            Column("So với năm trước", 26, CENTER),
            Column("Nhóm", 26, CENTER),
            Column("Thứ hạng", 20, CENTER),
        )
    else:
        width = 84 // (2 * len(series))
        columns = (Column("Năm", 100 - 2 * width * len(series), CENTER),)
        for one in series:
            columns += (
                Column("Điểm", width, RIGHT, one["name"]),
                Column("Nhóm", width, CENTER, one["name"]),
            )
    rows = tuple(_year_row(scores, year) for year in scores["years"])
    return Table("Điểm qua các năm", columns, rows, caption=caption)


def _year_row(scores: Data, year: int) -> Row:
    is_only = len(scores["series"]) == 1
    cells: list[Cell] = []
    note = ""
    for one in scores["series"]:
        known = {point["year"]: point for point in one["points"]}
        point, before = known.get(year), known.get(year - 1)
        if point is None:
            cells += [Cell("không có số liệu"), *[EMPTY] * (3 if is_only else 1)]
            continue
        value = Decimal(point["value"])
        group = Cell(f"{point['group']}{'*' if point['is_group_estimate'] else ''}")
        rank = Cell(f"{point['rank']}{'*' if point['is_rank_estimate'] else ''}")
        cells.append(Cell(points(value, 2), value))
        cells += [Cell(_change(before, point))] if is_only else []
        cells.append(group if point["group"] else UNKNOWN)
        cells += [rank if point["rank"] else UNKNOWN] if is_only else []
        if before and before["structure"] != point["structure"] and not is_only:
            note = "đổi cấu trúc"
    return Row((Cell(str(year), year, note), *cells))


def _change(before: Data | None, point: Data) -> str:
    """The rise or fall within one structure, else why there is none."""
    if before is None:
        return "–"
    if before["structure"] != point["structure"]:
        return "cấu trúc đã đổi"
    difference = Decimal(point["value"]) - Decimal(before["value"])
    sign = "+" if difference > 0 else "-" if difference < 0 else ""
    return f"{sign}{points(abs(difference), 2)}"
