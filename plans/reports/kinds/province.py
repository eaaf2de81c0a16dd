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
from plans.reports.paper import Block, Cell, Column, Heading, Paper, Paragraph, Row, RowKind, Table
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


def suggest(figures: Data) -> dict[str, list[str]]:
    dimensions = [line for line in figures["dimensions"] if line["number"]]
    found = {
        "assessment": [
            sentences.progressed(figures),
            *sentences.extremes(figures["plans"], "kế hoạch"),
            *sentences.extremes(dimensions, "nội dung"),
            *sentences.extremes(figures["agencies"], "cơ quan"),
        ],
        "causes": [sentences.without_reason(figures["overdue"])],
        "tasks_ahead": [sentences.ahead(figures)],
        "proposals": _proposals(figures),
    }
    return {key: [words for words in lines if words] for key, lines in found.items()}


def _proposals(figures: Data) -> list[str]:
    undecided = sum(line["is_waiting"] for line in figures["extensions"])
    late = figures["totals"]["overdue"]
    found = []
    if undecided:
        found.append(f"Xem xét, quyết định {number(undecided)} đề nghị gia hạn đang chờ.")
    if late:
        found.append(
            f"Chỉ đạo các cơ quan chủ trì {number(late)} phần việc quá hạn khẩn trương thực hiện, "
            "báo cáo rõ nguyên nhân và thời gian hoàn thành."
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
            *_direction(content),
            *_results(content),
            *_shortcomings(content),
            *_next(content),
            *_asked(content),
            closing(_last_words(content)),
        ],
        appendices=_appendices(figures),
    )


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
    return [
        Heading("I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI"),
        Paragraph(f"{words}."),
        *written(content, "direction"),
    ]


def _results(content: Content) -> list[Block]:
    figures = content["figures"]
    totals = figures["totals"]
    compared = sentences.compared(figures)
    return [
        Heading("II. KẾT QUẢ THỰC HIỆN"),
        Heading("1. Kết quả chung", 2),
        Paragraph(sentences.headline(figures)),
        *([Paragraph(compared)] if compared else []),
        tables.totals_table(
            totals,
            figures["before"],
            caption="Bảng 1. Kết quả thực hiện các phần việc được giao",
        ),
        *written(content, "assessment"),
        Heading("2. Kết quả theo kế hoạch", 2),
        tables.plans_table(figures["plans"], totals),
        Heading("3. Kết quả theo nội dung của Chỉ số", 2),
        tables.dimensions_table(
            figures["dimensions"], totals, caption="Bảng 2. Kết quả theo nội dung"
        ),
        blocks.dimension_chart(figures["dimensions"]),
        Heading("4. Kết quả theo cơ quan", 2),
        Paragraph(
            "Số cơ quan theo tỷ lệ hoàn thành đúng hạn trên số phần việc đã đến hạn; kết quả của "
            "từng cơ quan có tại Phụ lục."
        ),
        _bands_table(figures["bands"], len(figures["agencies"])),
    ]


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
    late, days = figures["overdue"], figures["silent_after_days"]
    words = "Không có."
    if late["rows"]:
        words = (
            f"Có {number(len(late['rows']))} phần việc quá hạn chưa hoàn thành, trong đó: "
            f"{sentences.bands(late)}. Danh sách có trong báo cáo của từng kế hoạch."
        )
    body: list[Block] = [
        Heading("III. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN"),
        Heading("1. Phần việc quá hạn chưa hoàn thành", 2),
        Paragraph(words),
        Heading(f"2. Cơ quan chưa báo cáo trên {days} ngày", 2),
        tables.silent_table(figures["silent"]) if figures["silent"] else blocks.NONE,
        Heading("3. Gia hạn", 2),
        Paragraph(sentences.extension_counts(figures["extensions"]))
        if figures["extensions"]
        else blocks.NONE,
    ]
    causes = written(content, "causes")
    return [*body, Heading("4. Nguyên nhân", 2), *causes] if causes else body


def _next(content: Content) -> list[Block]:
    figures = content["figures"]
    count = figures["due_next"]["count"]
    words = (
        f"Trong {figures['days_ahead']} ngày tính từ ngày {told_day(figures['as_of'])} có "
        f"{number(count)} phần việc đến hạn."
    )
    return [
        Heading("IV. NHIỆM VỤ THỜI GIAN TỚI"),
        Paragraph(words),
        *written(content, "tasks_ahead"),
    ]


def _asked(content: Content) -> list[Block]:
    lines = lines_of(content, "proposals") or _proposals(content["figures"])
    numbered = [Paragraph(f"{place}. {words}") for place, words in enumerate(lines, 1)]
    return [Heading("V. ĐỀ XUẤT, KIẾN NGHỊ"), *(numbered or [blocks.NONE])]


def _last_words(content: Content) -> str:
    head, figures = content["head"], content["figures"]
    words = (
        "Trên đây là báo cáo tổng hợp kết quả thực hiện các kế hoạch nâng cao Chỉ số PAPI của "
        f"{figures['province']}"
    )
    if not head["addressee"]:
        return words
    return f"{words}; {head['speaker']} báo cáo {head['addressee']} xem xét, chỉ đạo"


def _appendices(figures: Data) -> list[tuple[str, list[Block]]]:
    day = f"số liệu đến hết ngày {told_day(figures['as_of'])}"
    table = tables.standings_table(
        figures["agencies"],
        figures["totals"],
        name="Cơ quan",
        of="Cơ quan",
        unit=f"{tables.UNIT}; {day}",
    )
    agencies: list[Block] = [table]
    if figures["requested_agencies"]:
        lines = figures["requested_agencies"]
        agencies.append(tables.requested_table(lines, figures["requested"]))
    return [("KẾT QUẢ THEO CƠ QUAN", agencies)]


PROVINCE = Kind(SECTIONS, read, suggest, compose)
