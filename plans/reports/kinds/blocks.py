"""Blocks that several kinds print, from frozen figures alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from plans.reports import charts
from plans.reports.kinds import sentences, tables
from plans.reports.kinds.frame import told_day
from plans.reports.kinds.results import FONT
from plans.reports.paper import Block, Drawing, Paragraph
from plans.reports.wording import number

Data = dict[str, Any]

NONE = Paragraph("Không có.")


def dimension_chart(lines: Sequence[Data], place: int = 1) -> Drawing:
    title = "Biểu đồ kết quả theo nội dung"
    drawn = charts.bar_chart(charts.bars_of(lines), title=title, font=FONT)
    words = "Kết quả theo nội dung (số phần việc; số cuối mỗi thanh là số được giao)"
    return Drawing(str(drawn), title, f"Biểu đồ {place}. {words}")


def overdue(late: Data, *, with_agency: bool = True) -> list[Block]:
    if not late["rows"]:
        return [NONE]
    words = (
        f"Có {number(len(late['rows']))} phần việc quá hạn chưa hoàn thành, trong đó: "
        f"{sentences.bands(late)}. Nguyên nhân ghi theo báo cáo gần nhất của cơ quan chủ trì."
    )
    caption = "Danh sách phần việc quá hạn chưa hoàn thành"
    table = tables.overdue_table(late["rows"], caption=caption, with_agency=with_agency)
    return [Paragraph(words), table]


def extensions(lines: Sequence[Data], where: str) -> Block:
    if not lines:
        return NONE
    return Paragraph(f"{sentences.extension_counts(lines)} Chi tiết tại {where}.")


def due_next(figures: Data, *, with_agency: bool = True) -> list[Block]:
    count = figures["due_next"]["count"]
    span = f"Trong {figures['days_ahead']} ngày tính từ ngày {told_day(figures['as_of'])}"
    if not count:
        return [Paragraph(f"{span} không có phần việc nào đến hạn.")]
    table = tables.due_next_table(figures["due_next"]["rows"], with_agency=with_agency)
    return [Paragraph(f"{span} có {number(count)} phần việc đến hạn:"), table]
