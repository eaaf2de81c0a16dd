"""One page for a leader: seven things, each with its figures, and the decisions that wait.

Figures: `as_of`, `days_ahead`, `silent_after_days`, `plan`, `totals`, `requested`, `before`
(`as_of`, `totals`, `words`: what they are of), `overdue`, `threshold`, `below`, `due_next`,
`silent`, `dimensions` (with `score` and `target`), `decisions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from indicators.wording import points
from plans.models import Plan
from plans.reports.content import Content
from plans.reports.figures import counts, documents, lists
from plans.reports.figures.rates import below
from plans.reports.figures.reading import facts_of_plan, plan_of
from plans.reports.figures.scores import index_of, scores
from plans.reports.figures.targets import targets
from plans.reports.kinds import sentences
from plans.reports.kinds.frame import paper, period_line, told_day, written
from plans.reports.kinds.kind import Kind, Section
from plans.reports.kinds.tables import CENTER, EMPTY, RIGHT, count, share
from plans.reports.models import Report
from plans.reports.paper import (
    Block,
    Cell,
    Column,
    Paper,
    Paragraph,
    Row,
    RowKind,
    Table,
)
from plans.reports.scope import Scope
from plans.reports.states import ReportKind, Stage
from plans.reports.wording import clipped, number, rate, signed

Data = dict[str, Any]

# How much of each list fits on the page; the rest is counted.
OVERDUE_SHOWN, BELOW_SHOWN, NEXT_SHOWN, SILENT_SHOWN, DECISIONS_SHOWN = 5, 4, 3, 3, 3
TASK_LENGTH = 80
SECTIONS = (
    Section(
        "decisions",
        _("7. Việc đề nghị lãnh đạo quyết định"),
        _("Một, hai câu; bản tóm tắt chỉ có một trang."),
    ),
)


@translation.override("vi")
def read(scope: Scope, now: datetime) -> Data:
    """The figures of the plan and the change since the last issued report, in fixed queries."""
    facts, plan = facts_of_plan(scope, now), plan_of(scope)
    index = index_of(plan.indices.all())
    known = scores(scope.province, index, facts.as_of).get("dimensions", {})
    aims = [line for line in targets(plan, facts.as_of) if line["of"]]
    agencies = counts.by_agency(facts, facts.ordered)
    percent = settings.ON_TIME_PERCENTS[-1]
    figures = {
        "as_of": facts.as_of.isoformat(),
        "days_ahead": lists.DAYS_AHEAD,
        "silent_after_days": facts.silent_after.days,
        "plan": documents.plan_facts(plan, facts.as_of),
        **counts.totals(facts),
        "before": _before(plan, scope, facts.as_of, facts.today),
        "overdue": lists.overdue(facts),
        "threshold": percent,
        "agencies_due": sum(line["due"] > 0 for line in agencies),
        "below": below(agencies, percent),
        "due_next": lists.due_next(facts),
        "silent": lists.silent(facts),
        "dimensions": [
            {**line, "score": known.get(heading.key), "target": _aim(aims, heading.key)}
            for line, heading in zip(counts.by_dimension(facts), facts.headings.all, strict=True)
        ],
        "decisions": [line for line in lists.extensions(facts) if line["is_waiting"]],
    }
    counts.check_that_sums_close(figures, ("dimensions",))
    return figures


def _aim(aims: Sequence[Data], key: str) -> str:
    return "; ".join(line["short"] for line in aims if key and line["of"] in (key, "*"))


def _before(plan: Plan, scope: Scope, as_of: date, today: date) -> Data:
    """What the change is told against: the last issued report, else the day before the period."""
    issued = (
        Report.objects.filter(
            plan=plan,
            stage=Stage.ISSUED,
            kind__in=[ReportKind.PROGRESS, ReportKind.LEADER],
            as_of__lt=as_of,
            snapshot__isnull=False,
        )
        .select_related("snapshot")
        .order_by("-as_of", "-pk")
        .first()
    )
    if issued and issued.snapshot:
        figures = issued.snapshot.data()["figures"]
        words = f"Báo cáo số {issued.number}, số liệu đến ngày {told_day(figures['as_of'])}"
        return {"as_of": figures["as_of"], "totals": figures["totals"], "words": words}
    day = scope.period.first - timedelta(days=1)
    found = counts.before([plan.pk], day, today)
    words = f"kỳ trước, số liệu đến ngày {told_day(day.isoformat())}"
    return {**found, "words": words} if found else {}


def suggest(figures: Data) -> dict[str, list[str]]:
    lines = [sentences.progressed(figures)]
    if figures["totals"]["overdue"]:
        late = figures["totals"]["overdue"]
        lines.append(
            "Đề nghị lãnh đạo cho ý kiến chỉ đạo đối với "
            f"{number(late)}/{number(figures['totals']['due'])} phần việc đã đến hạn mà chưa hoàn "
            "thành."
        )
    return {"decisions": lines}


def compose(content: Content) -> Paper:
    figures = content["figures"]
    plan = figures["plan"]
    return paper(
        content,
        kind="Báo cáo",
        about=(f"Tóm tắt tiến độ thực hiện {plan['name']}",),
        under_title=period_line(content),
        title=f"Tóm tắt tiến độ thực hiện {plan['reference']} cho lãnh đạo, số liệu đến ngày "
        f"{told_day(figures['as_of'])}",
        body=[
            _totals(figures),
            *_overdue(figures),
            *_sentences(figures),
            _dimensions(figures["dimensions"]),
            *_decisions(content),
        ],
        is_one_page=True,
    )


# Of the line of totals: column, its group, key of the count.
TOTALS = (
    ("Được giao", "", "assigned"),
    ("Đúng hạn", "Đã hoàn thành", "done_on_time"),
    ("Quá hạn", "Đã hoàn thành", "done_late"),
    ("Không có hạn", "Đã hoàn thành", "done_no_due"),
    ("Trong hạn", "Chưa hoàn thành", "in_time"),
    ("Không có hạn", "Chưa hoàn thành", "no_due"),
    ("Quá hạn", "Chưa hoàn thành", "overdue"),
    ("Đã đến hạn", "", "due"),
)


def _totals(figures: Data) -> Table:
    totals, before = figures["totals"], figures["before"]
    columns = (
        Column("Phần việc", 20),
        *(Column(title, 10, RIGHT, group) for title, group, _key in TOTALS),
    )
    rows = [Row((Cell("Số lượng"), *(count(totals[key]) for *_words, key in TOTALS)), RowKind.SUM)]
    note = "Chưa có số liệu kỳ trước để so sánh."
    if before:
        changes = [totals[key] - before["totals"][key] for *_words, key in TOTALS]
        cells = (Cell(signed(change), change) for change in changes)
        rows.append(Row((Cell("Tăng, giảm"), *cells)))
        note = f"Tăng, giảm so với {before['words']}."
    done = rate(totals["done"], totals["assigned"])
    caption = (
        f"1. Hoàn thành {done} phần việc được giao; {rate(totals['due_done'], totals['due'])} "
        "phần việc đã đến hạn"
    )
    return Table("Kết quả", columns, tuple(rows), caption=caption, note=note)


def _overdue(figures: Data) -> list[Block]:
    late = figures["overdue"]["rows"]
    if not late:
        return [Paragraph("2. Quá hạn chưa hoàn thành: Không có.")]
    columns = (
        Column("Số NV", 8, CENTER),
        Column("Nhiệm vụ", 46),
        Column("Cơ quan chủ trì", 20),
        Column("Số ngày", 8, RIGHT),
        Column("Báo cáo gần nhất", 18, CENTER),
    )
    shown = late[:OVERDUE_SHOWN]
    rows = tuple(
        Row(
            (
                Cell(line["number"]),
                Cell(_task(line)),
                Cell(line["agency"]),
                count(line["days"]),
                Cell(_heard(line)),
            )
        )
        for line in shown
    )
    rest = len(late) - len(shown)
    note = f"Và {number(rest)} phần việc quá hạn khác." if rest else ""
    words = sentences.bands(figures["overdue"])
    caption = f"2. Quá hạn chưa hoàn thành: {number(len(late))} phần việc ({words})"
    return [Table("Quá hạn", columns, rows, caption=caption, note=note)]


def _task(line: Data) -> str:
    period = f" ({line['period']})" if line["period"] else ""
    return f"{clipped(line['task'], TASK_LENGTH)}{period}"


def _heard(line: Data) -> str:
    if line["asked_until"]:
        return f"xin gia hạn đến {told_day(line['asked_until'])}"
    if line["is_reported"]:
        return "chờ xác nhận"
    if not line["heard_on"]:
        return "chưa báo cáo"
    return f"{told_day(line['heard_on'])}, {line['percent_done']}%"


def _sentences(figures: Data) -> list[Block]:
    return [Paragraph(_below(figures)), Paragraph(_next(figures)), Paragraph(_silent(figures))]


def _below(figures: Data) -> str:
    lines = figures["below"]
    what = f"3. Cơ quan hoàn thành đúng hạn dưới {figures['threshold']}% số phần việc đã đến hạn"
    if not lines:
        return f"{what}: Không có."
    names = [
        f"{line['name']} {rate(line['due_on_time'], line['due'])}" for line in lines[:BELOW_SHOWN]
    ]
    whole = f"{number(len(lines))}/{number(figures['agencies_due'])}"
    told = _and_rest(names, len(lines), "cơ quan")
    return f"{what}: {whole} cơ quan có phần việc đến hạn, thấp nhất: {told}."


def _next(figures: Data) -> str:
    due = figures["due_next"]
    what = f"4. Đến hạn trong {figures['days_ahead']} ngày tới"
    if not due["count"]:
        return f"{what}: Không có."
    names = [
        f"{line['number']} {clipped(line['task'], 60)} ({line['agency']}, "
        f"{told_day(line['due_on'])}, {line['percent']})"
        for line in due["rows"][:NEXT_SHOWN]
    ]
    told = _and_rest(names, len(due["rows"]), "nhiệm vụ")
    return f"{what}: {number(due['count'])} phần việc, gần nhất: {told}."


def _silent(figures: Data) -> str:
    lines = [line for line in figures["silent"] if line["without_due"]]
    what = f"5. Không có hạn, không báo cáo trên {figures['silent_after_days']} ngày"
    if not lines:
        return f"{what}: Không có."
    lines.sort(key=lambda line: (line["since"], -line["without_due"]))
    names = [
        f"{line['name']} {number(line['without_due'])} (từ {told_day(line['since'])})"
        for line in lines[:SILENT_SHOWN]
    ]
    whole = sum(line["without_due"] for line in lines)
    return f"{what}: {number(whole)} phần việc: {_and_rest(names, len(lines), 'cơ quan')}."


def _and_rest(names: Sequence[str], whole: int, what: str) -> str:
    rest = whole - len(names)
    return "; ".join(names) + (f" và {number(rest)} {what} khác" if rest else "")


def _dimensions(lines: Sequence[Data]) -> Table:
    """Scores and targets where there are any; a province made of others has none yet."""
    has_scores = any(line["score"] for line in lines)
    has_targets = any(line["target"] for line in lines)
    extra = [Column("Điểm gần nhất", 13, CENTER), Column("Nhóm", 13, CENTER)] * has_scores
    extra += [Column("Mục tiêu", 13)] * has_targets
    rest = 100 - 6 - 15 - sum(column.width for column in extra)
    columns = (
        Column("STT", 6, CENTER),
        Column("Nội dung", rest),
        *extra,
        Column("Hoàn thành", 15, RIGHT),
    )
    rows = []
    for line in lines:
        cells = [Cell(line["number"]), Cell(line["name"])]
        cells += _score_cells(line["score"]) if has_scores else []
        cells += [Cell(line["target"])] if has_targets else []
        rows.append(Row((*cells, share(line["done"], line["assigned"]))))
    return Table(
        "Theo nội dung",
        columns,
        tuple(rows),
        caption="6. Theo nội dung: điểm công bố, mục tiêu và phần việc đã hoàn thành",
        note=_score_note(lines),
    )


def _score_note(lines: Sequence[Data]) -> str:
    known = [line["score"] for line in lines if line["score"]]
    if not known:
        return "Tỉnh chưa có điểm công bố theo nội dung."
    has_estimate = any(score["group"] and score["is_group_estimate"] for score in known)
    return "* Nhóm do Cổng PAPI ước tính từ điểm đã công bố." if has_estimate else ""


def _score_cells(known: Data | None) -> list[Cell]:
    if not known:
        return [EMPTY, EMPTY]
    value = Decimal(known["value"])
    star = "*" if known["group"] and known["is_group_estimate"] else ""
    return [Cell(f"{points(value, 2)} ({known['year']})", value), Cell(f"{known['group']}{star}")]


def _decisions(content: Content) -> list[Block]:
    lines = content["figures"]["decisions"]
    what = "7. Đề nghị lãnh đạo quyết định"
    words = f"{what}: Không có đề nghị gia hạn nào đang chờ."
    if lines:
        names = [
            f"{line['number']} {clipped(line['task'], 60)} ({line['agency']}, "
            f"{told_day(line['old_due_on'])} sang {told_day(line['new_due_on'])})"
            for line in lines[:DECISIONS_SHOWN]
        ]
        told = _and_rest(names, len(lines), "đề nghị")
        words = f"{what} {number(len(lines))} đề nghị gia hạn: {told}."
    return [Paragraph(words), *written(content, "decisions")]


LEADER = Kind(SECTIONS, read, suggest, compose)
