"""The report of one agency to those who watch over its plans: what it leads and supports.

Figures: `as_of`, `days_ahead`, `silent_after_days`, `agency`, `is_requested`, `is_illustrative`,
`monitors`, `totals`, `before`, `plans`, `overdue`, `waiting`, `silent`, `due_next`, `extensions`,
`remarks`, `tasks` (what it leads), `supported`. A body that is only asked is never late.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from plans.models import Event
from plans.reports.content import Content
from plans.reports.figures import counts, lists
from plans.reports.figures.reading import facts_of_province
from plans.reports.figures.rows import end_of, start_of
from plans.reports.kinds import blocks, sentences, tables
from plans.reports.kinds.frame import (
    closing,
    lines_of,
    paper,
    period_line,
    told_day,
    written,
)
from plans.reports.kinds.kind import Kind, Section
from plans.reports.kinds.tables import Field
from plans.reports.kinds.task_tables import progress_table, supported_table
from plans.reports.paper import Block, Cell, Column, Paper, Paragraph, Table
from plans.reports.scope import Scope
from plans.reports.wording import listed, number, rate, sentence
from plans.states import EventKind

if TYPE_CHECKING:
    from plans.reports.figures.facts import Facts

Data = dict[str, Any]

# What others said of the agency's work that asks for something.
REMARKS = (EventKind.RETURN, EventKind.REOPEN, EventKind.DIRECTION)
SECTIONS = (
    Section(
        "assessment",
        _("I. Đánh giá kết quả thực hiện"),
        _("Việc đã làm, kết quả nổi bật, cách làm hay của cơ quan."),
    ),
    Section(
        "causes",
        _("II. Nguyên nhân của phần việc chậm"),
        _("Nguyên nhân khách quan, chủ quan; biện pháp khắc phục."),
    ),
    Section(
        "tasks_ahead", _("III. Nhiệm vụ thời gian tới"), _("Cam kết tiến độ, việc cần phối hợp.")
    ),
    Section("proposals", _("IV. Đề xuất, kiến nghị"), _("Mỗi dòng một kiến nghị, tự đánh số.")),
)


@translation.override("vi")
def read(scope: Scope, now: datetime) -> Data:
    """What the agency leads and supports in all plans of the period, in fixed queries."""
    every = facts_of_province(scope, now)
    agency = every.words_of(scope.agencies[0])
    led = replace(every, rows=[row for row in every.rows if row.agency_id == agency.id])
    # Asked bodies are counted here by themselves, without any being late.
    own = led.requested if agency.is_requested else led.ordered
    first = scope.period.first
    before = counts.before(
        every.plans.keys(), first - timedelta(days=1), every.today, agency=agency.id
    )
    figures = {
        "as_of": every.as_of.isoformat(),
        "days_ahead": lists.DAYS_AHEAD,
        "silent_after_days": every.silent_after.days,
        "agency": agency.name,
        "is_requested": agency.is_requested,
        "is_illustrative": counts.is_illustrative(every),
        "monitors": _monitors(every, agency.id),
        "totals": counts.counted(own, every.as_of),
        "before": before,
        "plans": counts.by_plan(every, own),
        "overdue": lists.overdue(led),
        "waiting": lists.waiting(led),
        "silent": lists.silent(led),
        "due_next": lists.due_next(led),
        "extensions": lists.extensions(led),
        "remarks": _remarks(led, start_of(first)),
        "tasks": _tasks(led),
        "supported": _supported(every, agency.id),
    }
    counts.check_that_sums_close(figures, ("plans",))
    return figures


def _monitors(facts: Facts, agency: int) -> list[str]:
    """Who watches over these plans, but for the agency itself."""
    watched = {row.plan_id for row in facts.rows}
    found = [plan.monitor for pk, plan in facts.plans.items() if pk in watched and plan.monitor]
    return list(dict.fromkeys(one.name for one in found if one.pk != agency))


def _remarks(facts: Facts, since: datetime) -> list[Data]:
    """What was returned, reopened and directed in the period, the latest first."""
    ours = {row.id: row for row in facts.rows}
    said = Event.objects.filter(
        assignment__in=ours,
        kind__in=REMARKS,
        happened_at__gte=since,
        happened_at__lte=end_of(facts.as_of),
    ).order_by("-happened_at", "-pk")
    return [
        {
            **lists.line(facts, ours[event.assignment_id]),
            "day": timezone.localdate(event.happened_at).isoformat(),
            "kind": str(EventKind(event.kind).label),
            "text": event.text,
        }
        for event in said
    ]


def _tasks(facts: Facts) -> list[Data]:
    with_work = {row.task_id for row in facts.rows}
    tasks = {pk: task for pk, task in facts.tasks.items() if pk in with_work}
    return [group for group in lists.all_tasks(replace(facts, tasks=tasks)) if group["tasks"]]


def _supported(facts: Facts, agency: int) -> list[Data]:
    """Tasks of others that the agency supports, with how far their leads are."""
    led = {row.task_id for row in facts.rows if row.agency_id == agency}
    rows = counts.grouped(
        (row for row in facts.rows if row.agency_id != agency), lambda row: row.task_id
    )
    return [
        {
            **lists.task_words(facts, task),
            "assigned": len(rows[pk]),
            "done": sum(row.done_on is not None for row in rows[pk]),
        }
        for pk, task in facts.tasks.items()
        if pk not in led and pk in rows
    ]


def suggest(content: Content) -> dict[str, list[str]]:
    figures = content["figures"]
    if figures["is_requested"]:
        return {}
    found = {
        "assessment": sentences.extremes(figures["plans"], "kế hoạch"),
        "causes": [
            sentences.without_reason(figures["overdue"]),
            sentences.silence(figures["silent"], figures["silent_after_days"]),
        ],
        "tasks_ahead": [sentences.ahead(figures)],
        "proposals": _proposals(figures),
    }
    return sentences.said(found)


def _proposals(figures: Data) -> list[str]:
    waiting = sum(line["is_waiting"] for line in figures["extensions"])
    monitors = listed(figures["monitors"])
    found = []
    if waiting:
        found.append(
            f"Đề nghị cấp có thẩm quyền xem xét, quyết định {number(waiting)} đề nghị gia hạn của "
            f"{figures['agency']}."
        )
    if figures["waiting"] and monitors:
        found.append(
            f"Đề nghị {monitors} xác nhận {number(len(figures['waiting']))} phần việc đã báo cáo "
            "hoàn thành nêu tại mục I."
        )
    return found


def compose(content: Content) -> Paper:
    figures = content["figures"]
    day = told_day(figures["as_of"])
    return paper(
        content,
        kind="Báo cáo",
        about=(
            "Kết quả thực hiện nhiệm vụ được giao",
            "trong các kế hoạch nâng cao Chỉ số PAPI",
        ),
        under_title=period_line(content),
        title=f"Báo cáo của {figures['agency']} về kết quả thực hiện nhiệm vụ được giao, số liệu "
        f"đến ngày {day}",
        addressees=figures["monitors"] or None,
        body=[*blocks.sections(_sections(content)), closing(_last_words(content))],
        appendices=_appendices(figures),
    )


def _sections(content: Content) -> list[tuple[str, list[Block]]]:
    proposed = lines_of(content, "proposals") or _proposals(content["figures"])
    return [
        ("KẾT QUẢ THỰC HIỆN", _results(content)),
        ("TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", _shortcomings(content)),
        ("NHIỆM VỤ THỜI GIAN TỚI", _next(content)),
        ("ĐỀ XUẤT, KIẾN NGHỊ", blocks.numbered(proposed)),
    ]


def _results(content: Content) -> list[Block]:
    figures = content["figures"]
    body: list[Block] = [Paragraph(_headline(figures))]
    if figures["is_requested"]:
        return [*body, *written(content, "assessment")]
    compared = sentences.compared(figures)
    body += [Paragraph(compared)] if compared else []
    caption = "Bảng 1. Kết quả thực hiện các phần việc được giao"
    body.append(tables.totals_table(figures["totals"], figures["before"], caption=caption))
    by_plan = tables.plans_table(figures["plans"], figures["totals"])
    return blocks.subsections(
        (
            ("Kết quả chung", [*body, *written(content, "assessment")]),
            ("Kết quả theo kế hoạch", [by_plan]),
            ("Phần việc đã báo cáo hoàn thành, chờ xác nhận", blocks.waiting(figures["waiting"])),
        )
    )


def _headline(figures: Data) -> str:
    totals, agency = figures["totals"], figures["agency"]
    plans = f"{number(len(figures['plans']))} kế hoạch"
    day = told_day(figures["as_of"])
    supported = figures["supported"]
    also = f" và phối hợp thực hiện {number(len(supported))} nhiệm vụ" if supported else ""
    if figures["is_requested"]:
        return (
            f"{agency} được đề nghị phối hợp thực hiện {number(totals['assigned'])} phần việc của "
            f"{plans}{also}. Đến hết ngày {day}, đã hoàn thành "
            f"{rate(totals['done'], totals['assigned'])} phần việc."
        )
    return (
        f"{agency} được giao chủ trì {number(totals['assigned'])} phần việc của {plans}{also}. "
        f"Đến hết ngày {day}, đã hoàn thành {rate(totals['done'], totals['assigned'])} phần việc. "
        f"{sentences.due(totals, with_on_time=True)}"
    )


def _shortcomings(content: Content) -> list[Block]:
    figures = content["figures"]
    if figures["is_requested"]:
        return []
    remarks = [_remarks_table(figures["remarks"])] if figures["remarks"] else []
    return blocks.subsections(
        (
            (
                "Phần việc quá hạn chưa hoàn thành",
                blocks.overdue(figures["overdue"], with_agency=False),
            ),
            ("Gia hạn", blocks.extensions(figures["extensions"], "Phụ lục II")),
            ("Ý kiến của cơ quan theo dõi và lãnh đạo trong kỳ", remarks),
            ("Nguyên nhân", written(content, "causes")),
        )
    )


def _remarks_table(lines: list[Data]) -> Table:
    fields = (
        Field(Column("Ngày", 13, tables.CENTER), tables.on_day("day")),
        Field(Column("Số NV", 8, tables.CENTER), tables.word("number")),
        Field(Column("Nhiệm vụ", 33), tables.task_cell),
        Field(Column("Việc", 14), tables.word("kind")),
        Field(Column("Nội dung", 32), lambda line: Cell(sentence(line["text"]))),
    )
    return tables.of_lines("Ý kiến", fields, lines)


def _next(content: Content) -> list[Block]:
    figures = content["figures"]
    ahead = [] if figures["is_requested"] else blocks.due_next(figures, with_agency=False)
    return [*ahead, *written(content, "tasks_ahead")]


def _last_words(content: Content) -> str:
    figures = content["figures"]
    to = listed(figures["monitors"]) or content["head"]["addressee"]
    words = f"Trên đây là báo cáo kết quả thực hiện nhiệm vụ được giao của {figures['agency']}"
    return f"{words}, gửi {to} tổng hợp" if to else words


def _appendices(figures: Data) -> list[tuple[str, list[Block]]]:
    unit = f"Số liệu đến hết ngày {told_day(figures['as_of'])}"
    found: list[tuple[str, list[Block]]] = []
    if figures["tasks"]:
        table = progress_table(figures["tasks"], unit=unit)
        found.append(("NHIỆM VỤ CHỦ TRÌ", [table]))
    if figures["extensions"]:
        table = tables.extensions_table(figures["extensions"])
        found.append(("GIA HẠN THỜI HẠN THỰC HIỆN", [table]))
    if figures["supported"]:
        found.append(("NHIỆM VỤ PHỐI HỢP", [supported_table(figures["supported"], unit=unit)]))
    return found


AGENCY = Kind(SECTIONS, read, suggest, compose)
