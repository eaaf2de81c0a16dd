"""Blocks that several kinds print, from frozen figures alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from plans.reports import charts
from plans.reports.kinds import sentences, tables
from plans.reports.kinds.frame import ROMAN, told_day
from plans.reports.kinds.results import FONT
from plans.reports.paper import Block, Drawing, Heading, Paragraph
from plans.reports.wording import number

Data = dict[str, Any]

NONE = Paragraph("Không có.")


Parts = Iterable[tuple[str, Sequence[Block]]]


def sections(parts: Parts) -> list[Block]:
    """Parts that have something to say under "I. …", numbered as they come."""
    return _titled(parts, ROMAN, 1)


def subsections(parts: Parts) -> list[Block]:
    """Parts that have something to say under "1. …", numbered as they come."""
    return _titled(parts, map(str, count(1)), 2) or [NONE]


def _titled(parts: Parts, marks: Iterable[str], level: int) -> list[Block]:
    spoken = [(title, part) for title, part in parts if part]
    return [
        block
        for mark, (title, part) in zip(marks, spoken, strict=False)
        for block in (Heading(f"{mark}. {title}", level), *part)
    ]


def numbered(lines: Sequence[str]) -> list[Block]:
    """Each line with its number; one alone needs none."""
    if len(lines) < 2:
        return [Paragraph(words) for words in lines] or [NONE]
    return [Paragraph(f"{place}. {words}") for place, words in enumerate(lines, 1)]


def agencies(figures: Data) -> tuple[str, list[Block]]:
    """The appendix of all agencies; those that are only asked stand in a table of their own."""
    unit = f"{tables.UNIT}; số liệu đến hết ngày {told_day(figures['as_of'])}"
    found: list[Block] = [
        tables.standings_table(
            figures["agencies"], figures["totals"], name="Cơ quan", of="Cơ quan", unit=unit
        )
    ]
    if figures["requested_agencies"]:
        lines = figures["requested_agencies"]
        found.append(tables.requested_table(lines, figures["requested"]))
    return "KẾT QUẢ THEO CƠ QUAN", found


def dimensions(figures: Data) -> list[Block]:
    """Bảng 2 and Biểu đồ 1."""
    lines, title = figures["dimensions"], "Biểu đồ kết quả theo nội dung"
    drawn = charts.bar_chart(charts.bars_of(lines), title=title, font=FONT)
    words = "Kết quả theo nội dung (số phần việc; số cuối mỗi thanh là số được giao)"
    return [
        tables.dimensions_table(lines, figures["totals"], caption="Bảng 2. Kết quả theo nội dung"),
        Drawing(str(drawn), title, f"Biểu đồ 1. {words}"),
    ]


def overdue(late: Data, *, with_agency: bool = True) -> list[Block]:
    if not late["rows"]:
        return []
    words = (
        f"{sentences.late(late)} Tình hình, nguyên nhân ghi theo báo cáo gần nhất của cơ quan chủ "
        "trì."
    )
    caption = "Danh sách phần việc quá hạn chưa hoàn thành"
    table = tables.overdue_table(late["rows"], caption=caption, with_agency=with_agency)
    return [Paragraph(words), table]


def extensions(lines: Sequence[Data], where: str = "") -> list[Block]:
    detail = f" Chi tiết tại {where}." if where else ""
    return [Paragraph(f"{sentences.extension_counts(lines)}{detail}")] if lines else []


def waiting(lines: Sequence[Data]) -> list[Block]:
    return [tables.waiting_table(lines)] if lines else []


def silent(figures: Data) -> tuple[str, list[Block]]:
    """The work that nothing was heard of; its agency may well have reported other work."""
    lines, days = figures["silent"], figures["silent_after_days"]
    words = Paragraph(sentences.silence(lines, days))
    title = f"Phần việc không có báo cáo trong hơn {days} ngày"
    return title, [words, tables.silent_table(lines)] if lines else []


def due_next(figures: Data, *, with_agency: bool = True) -> list[Block]:
    """How much falls due in the next days, with the list where the figures have it."""
    due = figures["due_next"]
    span = f"Trong {figures['days_ahead']} ngày tính từ ngày {told_day(figures['as_of'])}"
    if not due["count"]:
        return [Paragraph(f"{span} không có phần việc nào đến hạn.")]
    words = f"{span} có {number(due['count'])} phần việc đến hạn"
    if "rows" not in due:
        return [Paragraph(f"{words}.")]
    return [
        Paragraph(f"{words}:"),
        tables.due_next_table(due["rows"], with_agency=with_agency),
    ]
