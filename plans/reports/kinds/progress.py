"""The progress report of one plan: sections I to VI and the appendices.

Figures: `as_of`, `silent_after_days`, `days_ahead`, `plan`, `work`, `sub_plans`, `before` (totals
of the day before the period), `totals`, `requested`, `dimensions`, `agencies`,
`requested_agencies`, `rhythms`, `targets`, `scores`, `overdue`, `waiting`, `silent`,
`extensions`, `due_next`, `tasks`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from plans.reports.content import Content
from plans.reports.figures import counts, documents, lists
from plans.reports.figures.reading import facts_of_plan, plan_of
from plans.reports.figures.scores import index_of, scores
from plans.reports.figures.targets import targets
from plans.reports.kinds import blocks, results, sentences, tables
from plans.reports.kinds.frame import closing, lines_of, paper, period_line, told_day, written
from plans.reports.kinds.kind import Kind, Section
from plans.reports.kinds.task_tables import progress_table
from plans.reports.paper import Block, Paper, Paragraph
from plans.reports.scope import Scope
from plans.reports.wording import number, opened, rate, sentence

Data = dict[str, Any]

SECTIONS = (
    Section(
        "direction",
        _("I. Công tác chỉ đạo, triển khai"),
        _("Văn bản đã ban hành, hội nghị, kiểm tra, tuyên truyền trong kỳ."),
    ),
    Section(
        "assessment",
        _("II. Đánh giá kết quả thực hiện"),
        _("Nhận xét chung; việc làm tốt, cách làm hay."),
    ),
    Section(
        "causes",
        _("IV. Nguyên nhân của tồn tại, hạn chế"),
        _("Nguyên nhân khách quan, chủ quan; trách nhiệm."),
    ),
    Section(
        "tasks_ahead",
        _("V. Nhiệm vụ trọng tâm thời gian tới"),
        _("Việc cần tập trung ngoài các phần việc sắp đến hạn đã liệt kê."),
    ),
    Section(
        "proposals",
        _("VI. Đề xuất, kiến nghị"),
        _("Mỗi dòng một kiến nghị, tự đánh số. Để trống thì in các câu gợi ý."),
    ),
)


@translation.override("vi")
def read(scope: Scope, now: datetime) -> Data:
    """The figures of the plan at the end of the period, in a fixed number of queries."""
    facts, plan = facts_of_plan(scope, now), plan_of(scope)
    figures = {
        "as_of": facts.as_of.isoformat(),
        "silent_after_days": facts.silent_after.days,
        "days_ahead": lists.DAYS_AHEAD,
        "plan": documents.plan_facts(plan, facts.as_of),
        "work": counts.work_facts(facts),
        "sub_plans": documents.sub_plans(plan, facts),
        "before": counts.before([plan.pk], scope.period.first - timedelta(days=1), facts.today),
        **counts.totals(facts),
        "dimensions": counts.by_dimension(facts),
        "agencies": counts.by_agency(facts, facts.ordered),
        "requested_agencies": counts.by_agency(facts, facts.requested),
        "rhythms": counts.by_rhythm(facts),
        "targets": targets(plan, facts.as_of),
        "scores": scores(scope.province, index_of(plan.indices.all()), facts.as_of),
        "overdue": lists.overdue(facts),
        "waiting": lists.waiting(facts),
        "silent": lists.silent(facts),
        "extensions": lists.extensions(facts),
        "due_next": lists.due_next(facts),
        "tasks": lists.all_tasks(facts),
    }
    check(figures, len(facts.rows))
    return figures


def check(figures: Data, row_count: int) -> None:
    """Every part adds up, and every row is counted once and listed once."""
    counts.check_that_sums_close(figures, ("dimensions", "agencies"))
    pair = (figures["totals"], figures["requested"])
    every = sum(part[name] for part in pair for name in ("assigned", "cancelled"))
    listed = sum(len(task["work"]) for group in figures["tasks"] for task in group["tasks"])
    late = len(figures["overdue"]["rows"])
    if not (every == listed == row_count and late == figures["totals"]["overdue"]):
        raise ValueError(f"{row_count} rows, {every} counted, {listed} listed, {late} late")


def suggest(content: Content) -> dict[str, list[str]]:
    """What the figures say beyond the sentences that are printed anyway, but for proposals."""
    figures = content["figures"]
    dimensions = [line for line in figures["dimensions"] if line["number"]]
    found = {
        "assessment": [
            *sentences.extremes(dimensions, "nội dung"),
            *sentences.extremes(figures["agencies"], "cơ quan"),
        ],
        "causes": [
            sentences.without_reason(figures["overdue"]),
            sentences.silence(figures["silent"], figures["silent_after_days"]),
        ],
        "tasks_ahead": [sentences.ahead(figures), _to_confirm(figures["waiting"])],
        "proposals": _proposals(figures),
    }
    return sentences.said(found)


def _to_confirm(waiting: Sequence[Data]) -> str:
    """What is the monitor's own turn, so nothing it could propose to others."""
    if not waiting:
        return ""
    return f"Rà soát, xác nhận {number(len(waiting))} phần việc nêu tại mục IV."


def _proposals(figures: Data) -> list[str]:
    """What the figures themselves ask for, of who issued the plan."""
    undecided = sum(line["is_waiting"] for line in figures["extensions"])
    late, quiet = len(figures["overdue"]["rows"]), len(figures["silent"])
    plan = figures["plan"]
    asked = f"Đề nghị {plan['issuer']} " if sentences.is_watched(plan) else ""
    found = []
    if undecided:
        found.append(
            f"{asked}xem xét, quyết định {number(undecided)} đề nghị gia hạn nêu tại Phụ lục III."
        )
    if late:
        found.append(
            f"{asked}chỉ đạo các cơ quan chủ trì {number(late)} phần việc quá hạn nêu tại mục IV "
            "khẩn trương thực hiện, báo cáo rõ nguyên nhân và thời gian hoàn thành."
        )
    if quiet:
        found.append(
            f"{asked}nhắc nhở {number(quiet)} cơ quan nêu tại mục IV báo cáo tình hình thực hiện."
        )
    return [opened(words) for words in found]


def compose(content: Content) -> Paper:
    figures = content["figures"]
    plan = figures["plan"]
    reference = plan["reference"]
    return paper(
        content,
        kind="Báo cáo",
        about=(
            f"Tiến độ thực hiện {plan['name']}",
            f"của {plan['issuer']} về {plan['subject']}",
        ),
        under_title=period_line(content),
        title=f"Báo cáo tiến độ thực hiện {reference}, số liệu đến ngày "
        f"{told_day(figures['as_of'])}",
        body=[
            *blocks.sections(_sections(content)),
            closing(
                sentences.reported(content, f"Trên đây là báo cáo tiến độ thực hiện {reference}")
            ),
        ],
        appendices=_appendices(figures),
    )


def _sections(content: Content) -> list[tuple[str, list[Block]]]:
    figures = content["figures"]
    proposed = lines_of(content, "proposals") or _proposals(figures)
    ahead = [*blocks.due_next(figures), *written(content, "tasks_ahead")]
    return [
        ("CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI", _direction(content)),
        ("KẾT QUẢ THỰC HIỆN", _results(content)),
        ("SO VỚI MỤC TIÊU CỦA KẾ HOẠCH", _targets(figures)),
        ("TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", _shortcomings(content)),
        ("NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI", ahead),
        ("ĐỀ XUẤT, KIẾN NGHỊ", blocks.numbered(proposed)),
    ]


def _direction(content: Content) -> list[Block]:
    figures = content["figures"]
    plan = figures["plan"]
    body: list[Block] = [Paragraph(_issued(plan))]
    if plan["replaces"]:
        body.append(Paragraph(f"Kế hoạch này thay thế {plan['replaces']}."))
    for each in plan["amendments"]:
        body.append(
            Paragraph(
                f"Kế hoạch được sửa đổi, bổ sung bởi {each['name']} của {each['issuer']}, áp dụng "
                f"từ ngày {told_day(each['applied_on'])}{_touched(each)}."
            )
        )
    body.append(Paragraph(_given_out(figures)))
    told = (sentences.missing_plans(figures["sub_plans"]), _directions(figures["work"]))
    body += [Paragraph(words) for words in told if words]
    return [*body, *written(content, "direction")]


def _touched(amendment: Data) -> str:
    """What it did to the tasks; it may have changed other things alone."""
    told = (("added", "bổ sung"), ("changed", "sửa"), ("stopped", "dừng"))
    parts = [f"{word} {number(amendment[key])} nhiệm vụ" for key, word in told if amendment[key]]
    return f": {', '.join(parts)}" if parts else ""


def _issued(plan: Data) -> str:
    when = f"Ngày {told_day(plan['issued_on'])}, " if plan["issued_on"] else ""
    named = f"{plan['kind']} số {plan['number']}" if plan["number"] else plan["kind"]
    ground = f", căn cứ {plan['based_on'].rstrip('.;')}" if plan["based_on"] else ""
    monitor = f" Cơ quan theo dõi, tổng hợp: {plan['monitor']}." if plan["monitor"] else ""
    return (
        f"{when}{plan['issuer']} ban hành {named} về {plan['subject']} (sau đây gọi là Kế "
        f"hoạch){ground}; thời gian thực hiện từ ngày {told_day(plan['period_start'])} đến ngày "
        f"{told_day(plan['period_end'])}.{monitor}"
    )


def _given_out(figures: Data) -> str:
    work, totals, asked = figures["work"], figures["totals"], figures["requested"]
    words = (
        f"Kế hoạch có {number(work['tasks'])} nhiệm vụ, được giao thành "
        f"{number(totals['assigned'])} phần việc cho {number(work['agencies'])} cơ quan, đơn vị "
        "chủ trì (mỗi phần việc là một nhiệm vụ do một cơ quan thực hiện trong một kỳ)"
    )
    if asked["assigned"]:
        words += (
            f"; ngoài ra có {number(asked['assigned'])} phần việc đề nghị "
            f"{number(work['requested_agencies'])} cơ quan ngoài hệ thống hành chính phối hợp "
            "thực hiện, được thống kê riêng"
        )
    stopped = totals["cancelled"]
    if not stopped:
        return f"{words}."
    return (
        f"{words}. Có {number(stopped)} phần việc đã dừng theo quyết định của cấp có thẩm quyền, "
        "không tính vào tổng số."
    )


def _directions(work: Data) -> str:
    if not work["directions"]:
        return ""
    return (
        f"Lãnh đạo tỉnh đã có {number(work['directions'])} ý kiến chỉ đạo đối với các phần việc "
        "của Kế hoạch; các cơ quan đã trả lời "
        f"{number(work['directions_answered'])}/{number(work['directions'])} ý kiến."
    )


def _results(content: Content) -> list[Block]:
    figures = content["figures"]
    totals, work, asked = figures["totals"], figures["work"], figures["requested"]
    by_task = rate(work["tasks_done"], work["tasks_counted"])
    compared = sentences.compared(figures) or "Kỳ trước chưa có số liệu để so sánh."
    caption = "Bảng 1. Kết quả thực hiện các phần việc được giao"
    whole: list[Block] = [
        Paragraph(
            f"{sentences.headline(figures)} Tính theo nhiệm vụ, {by_task} nhiệm vụ đã hoàn thành "
            "toàn bộ các phần việc."
        ),
        Paragraph(compared),
        tables.totals_table(totals, figures["before"], caption=caption),
        *written(content, "assessment"),
    ]
    return blocks.subsections(
        (
            ("Kết quả chung", whole),
            ("Kết quả theo nội dung của Chỉ số", blocks.dimensions(figures)),
            ("Kết quả theo cơ quan", [Paragraph(_agencies(work, asked))]),
            ("Nhiệm vụ định kỳ, thường xuyên", _rhythms(figures)),
        )
    )


def _rhythms(figures: Data) -> list[Block]:
    caption = "Bảng 3. Nhiệm vụ định kỳ, thường xuyên và nhiệm vụ không có hạn cụ thể"
    lines, days = figures["rhythms"], figures["silent_after_days"]
    return [tables.rhythms_table(lines, days, caption=caption)] if lines else []


def _agencies(work: Data, asked: Data) -> str:
    words = (
        f"Kết quả của {number(work['agencies'])} cơ quan, đơn vị được giao nhiệm vụ có tại Phụ "
        "lục II."
    )
    if not asked["assigned"]:
        return words
    return (
        f"{words} Các cơ quan được đề nghị phối hợp đã hoàn thành "
        f"{number(asked['done'])}/{number(asked['assigned'])} phần việc; số liệu này không tính "
        "vào các tỷ lệ tại Báo cáo."
    )


def _targets(figures: Data) -> list[Block]:
    body: list[Block] = []
    place = 4 if figures["rhythms"] else 3
    lines = figures["targets"]
    if lines:
        if figures["plan"]["baseline"]:
            words = sentence(figures["plan"]["baseline"])
            body.append(Paragraph(f"{results.BASELINE}{words}"))
        caption = f"Bảng {place}. Mục tiêu và kết quả công bố gần nhất"
        body.append(Paragraph(results.judged_sentence(lines)))
        body.append(results.targets_table(lines, caption=caption))
        place += 1
    else:
        body.append(Paragraph("Kế hoạch chưa có mục tiêu cụ thể để đối chiếu với kết quả công bố."))
    scores = figures["scores"]
    return [
        *body,
        *results.score_blocks(scores, chart="Biểu đồ 2", table=f"Bảng {place}"),
    ]


def _shortcomings(content: Content) -> list[Block]:
    figures = content["figures"]
    return blocks.subsections(
        (
            ("Phần việc quá hạn chưa hoàn thành", blocks.overdue(figures["overdue"])),
            ("Phần việc đã báo cáo hoàn thành, chờ xác nhận", blocks.waiting(figures["waiting"])),
            blocks.silent(figures),
            ("Gia hạn", blocks.extensions(figures["extensions"], "Phụ lục III")),
            ("Nguyên nhân", written(content, "causes")),
        )
    )


def _appendices(figures: Data) -> list[tuple[str, list[Block]]]:
    unit = f"Số liệu đến hết ngày {told_day(figures['as_of'])}"
    found: list[tuple[str, list[Block]]] = [
        ("TIẾN ĐỘ TỪNG NHIỆM VỤ", [progress_table(figures["tasks"], unit=unit)]),
        blocks.agencies(figures),
    ]
    if figures["extensions"]:
        table = tables.extensions_table(figures["extensions"])
        found.append(("GIA HẠN THỜI HẠN THỰC HIỆN", [table]))
    return found


PROGRESS = Kind(SECTIONS, read, suggest, compose)
