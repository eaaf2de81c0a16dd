"""The summary of a province over every plan that was carried out in the period.

Figures: `as_of`, `silent_after_days`, `days_ahead`, `province`, `is_illustrative`, `work`,
`totals`, `requested`, `before`, `plans`, `dimensions`, `agencies`, `requested_agencies`,
`overdue`, `bands` (how many agencies keep their dates how well), `silent`, `extensions`,
`due_next`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from plans.reports.content import Content
from plans.reports.figures import counts, lists
from plans.reports.figures.rates import rate_bands
from plans.reports.figures.reading import facts_of_province
from plans.reports.kinds import blocks, sentences, tables
from plans.reports.kinds.frame import closing, lines_of, paper, period_line, told_day, written
from plans.reports.kinds.kind import Kind, Section
from plans.reports.letterhead import full_name
from plans.reports.paper import Block, Cell, Column, Paper, Paragraph, Row, RowKind, Table
from plans.reports.scope import Scope
from plans.reports.wording import number, percent

Data = dict[str, Any]

SECTIONS = (
    Section(
        "direction",
        _("I. Công tác chỉ đạo, triển khai"),
        _("Văn bản đã ban hành, hội nghị, kiểm tra trong kỳ."),
    ),
    Section("assessment", _("II. Đánh giá kết quả thực hiện"), _("Nhận xét chung.")),
    Section("causes", _("III. Nguyên nhân của tồn tại, hạn chế"), _("Nguyên nhân, trách nhiệm.")),
    Section("tasks_ahead", _("IV. Nhiệm vụ thời gian tới"), _("Việc cần tập trung.")),
    Section("proposals", _("V. Đề xuất, kiến nghị"), _("Mỗi dòng một kiến nghị, tự đánh số.")),
)


@translation.override("vi")
def read(scope: Scope, now: datetime) -> Data:
    """All plans of the period together, in a fixed number of queries."""
    facts = facts_of_province(scope, now)
    day = scope.period.first - timedelta(days=1)
    agencies = counts.by_agency(facts, facts.ordered)
    figures: Data = {
        "as_of": facts.as_of.isoformat(),
        "silent_after_days": facts.silent_after.days,
        "days_ahead": lists.DAYS_AHEAD,
        "province": full_name(scope.province),
        "is_illustrative": counts.is_illustrative(facts),
        "work": counts.work_facts(facts),
        **counts.totals(facts),
        "before": counts.before(facts.plans.keys(), day, facts.today),
        "plans": counts.by_plan(facts, facts.ordered),
        "dimensions": counts.by_dimension(facts),
        "agencies": agencies,
        "requested_agencies": counts.by_agency(facts, facts.requested),
        "overdue": lists.overdue(facts),
        "bands": rate_bands(agencies),
        "silent": lists.silent(facts),
        "extensions": lists.extensions(facts),
        "due_next": {"count": lists.due_next(facts)["count"]},
    }
    counts.check_that_sums_close(figures, ("plans", "dimensions", "agencies"))
    if sum(band["count"] for band in figures["bands"]) != len(agencies):
        raise ValueError("bands do not hold every agency once")
    return figures


def suggest(content: Content) -> dict[str, list[str]]:
    figures = content["figures"]
    dimensions = [line for line in figures["dimensions"] if line["number"]]
    found = {
        "assessment": [
            *sentences.extremes(figures["plans"], "kế hoạch"),
            *sentences.extremes(dimensions, "nội dung"),
            *sentences.extremes(figures["agencies"], "cơ quan"),
        ],
        "causes": [sentences.without_reason(figures["overdue"])],
        "tasks_ahead": [sentences.ahead(figures)],
        "proposals": _proposals(figures),
    }
    return sentences.said(found)


def _proposals(figures: Data) -> list[str]:
    undecided = sum(line["is_waiting"] for line in figures["extensions"])
    late = figures["totals"]["overdue"]
    asked = f"Đề nghị Ủy ban nhân dân {figures['province']}"
    found = []
    if undecided:
        found.append(f"{asked} xem xét, quyết định {number(undecided)} đề nghị gia hạn đang chờ.")
    if late:
        found.append(
            f"{asked} chỉ đạo các cơ quan chủ trì {number(late)} phần việc quá hạn khẩn trương "
            "thực hiện, báo cáo rõ nguyên nhân và thời gian hoàn thành."
        )
    return found


def compose(content: Content) -> Paper:
    figures = content["figures"]
    about = "Tổng hợp kết quả thực hiện các kế hoạch nâng cao Chỉ số PAPI"
    return paper(
        content,
        kind="Báo cáo",
        about=(about, f"của {figures['province']}"),
        under_title=period_line(content),
        title=f"{about} của {figures['province']}, số liệu đến ngày {told_day(figures['as_of'])}",
        body=[
            *blocks.sections(_sections(content)),
            closing(sentences.reported(content, _last_words(figures))),
        ],
        appendices=[blocks.agencies(figures)],
    )


def _sections(content: Content) -> list[tuple[str, list[Block]]]:
    figures = content["figures"]
    proposed = lines_of(content, "proposals") or _proposals(figures)
    return [
        ("CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", _direction(content)),
        ("KẾT QUẢ THỰC HIỆN", _results(content)),
        ("TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", _shortcomings(content)),
        ("NHIỆM VỤ THỜI GIAN TỚI", [*blocks.due_next(figures), *written(content, "tasks_ahead")]),
        ("ĐỀ XUẤT, KIẾN NGHỊ", blocks.numbered(proposed)),
    ]


def _direction(content: Content) -> list[Block]:
    figures = content["figures"]
    work, totals, asked = figures["work"], figures["totals"], figures["requested"]
    words = (
        f"Trong kỳ, {figures['province']} thực hiện {number(len(figures['plans']))} kế hoạch với "
        f"{number(work['tasks'])} nhiệm vụ, được giao thành {number(totals['assigned'])} phần "
        f"việc cho {number(work['agencies'])} cơ quan, đơn vị chủ trì"
    )
    if asked["assigned"]:
        words += (
            f"; ngoài ra có {number(asked['assigned'])} phần việc đề nghị "
            f"{number(work['requested_agencies'])} cơ quan ngoài hệ thống hành chính phối hợp "
            f"thực hiện, đã hoàn thành {number(asked['done'])}/{number(asked['assigned'])}, được "
            "thống kê riêng"
        )
    return [Paragraph(f"{words}."), *written(content, "direction")]


def _results(content: Content) -> list[Block]:
    figures = content["figures"]
    totals = figures["totals"]
    compared = sentences.compared(figures)
    caption = "Bảng 1. Kết quả thực hiện các phần việc được giao"
    whole: list[Block] = [
        Paragraph(sentences.headline(figures)),
        *([Paragraph(compared)] if compared else []),
        tables.totals_table(totals, figures["before"], caption=caption),
        *written(content, "assessment"),
    ]
    by_agency: list[Block] = [
        Paragraph(
            "Số cơ quan theo tỷ lệ hoàn thành đúng hạn trên số phần việc đã đến hạn; kết quả của "
            "từng cơ quan có tại Phụ lục."
        ),
        _bands_table(figures["bands"], len(figures["agencies"])),
    ]
    return blocks.subsections(
        (
            ("Kết quả chung", whole),
            ("Kết quả theo kế hoạch", [tables.plans_table(figures["plans"], totals)]),
            ("Kết quả theo nội dung của Chỉ số", blocks.dimensions(figures)),
            ("Kết quả theo cơ quan", by_agency),
        )
    )


def _bands_table(bands: Sequence[Data], whole: int) -> Table:
    columns = (
        Column("Tỷ lệ hoàn thành đúng hạn", 60),
        Column("Số cơ quan", 20, tables.RIGHT),
        Column("Tỷ lệ", 20, tables.RIGHT),
    )
    rows = [
        Row((Cell(band["name"]), tables.count(band["count"]), Cell(percent(band["count"], whole))))
        for band in bands
    ]
    rows.append(Row((Cell("Cộng"), tables.count(whole), Cell(percent(whole, whole))), RowKind.SUM))
    return Table(
        "Đúng hạn",
        columns,
        tuple(rows),
        caption="Bảng 3. Cơ quan theo mức độ hoàn thành đúng hạn",
        unit="Đơn vị tính: cơ quan",
    )


def _shortcomings(content: Content) -> list[Block]:
    figures = content["figures"]
    late = figures["overdue"]
    words = f"{sentences.late(late)} Danh sách có trong báo cáo của từng kế hoạch."
    return blocks.subsections(
        (
            ("Phần việc quá hạn chưa hoàn thành", [Paragraph(words)] if late["rows"] else []),
            blocks.silent(figures),
            ("Gia hạn", blocks.extensions(figures["extensions"])),
            ("Nguyên nhân", written(content, "causes")),
        )
    )


def _last_words(figures: Data) -> str:
    return (
        "Trên đây là báo cáo tổng hợp kết quả thực hiện các kế hoạch nâng cao Chỉ số PAPI của "
        f"{figures['province']}"
    )


PROVINCE = Kind(SECTIONS, read, suggest, compose)
