"""One page for a leader: seven things, each with its figures, and the decisions that wait.

Figures: `as_of`, `days_ahead`, `silent_after_days`, `plan`, `totals`, `requested`, `before`
(`as_of`, `totals`, `words`: what they are of), `overdue`, `threshold`, `below`, `due_next`,
`silent`, `dimensions` (with `score` and `target`), `decisions`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
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
from plans.reports.kinds.tables import CENTER, EMPTY, RIGHT, Field, amount, of_lines, share, word
from plans.reports.models import Report
from plans.reports.paper import (
    Block,
    Cell,
    Column,
    Paper,
    Paragraph,
    Row,
    Table,
)
from plans.reports.scope import Scope
from plans.reports.states import ReportKind, Stage
from plans.reports.wording import clipped, number, opened, rate, signed

Data = dict[str, Any]

# How much of each list fits on the page; the rest is counted.
OVERDUE_SHOWN, BELOW_SHOWN, NEXT_SHOWN, SILENT_SHOWN, DECISIONS_SHOWN = 3, 2, 2, 2, 2
# Letters that stand in one line of their column.
TASK_LENGTH, AGENCY_LENGTH = 40, 20
SECTIONS = (
    Section(
        "decisions",
        _("7. Việc đề nghị lãnh đạo quyết định"),
        _("Một, hai câu; bản tóm tắt chỉ có một trang nên tối đa 400 ký tự, 3 dòng."),
        # Eight lines of the page in its smallest type, which full lists above leave free.
        max_letters=400,
        max_lines=3,
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


def suggest(content: Content) -> dict[str, list[str]]:
    figures = content["figures"]
    late, due = figures["totals"]["overdue"], figures["totals"]["due"]
    asked = (
        f"Đề nghị lãnh đạo cho ý kiến chỉ đạo đối với {number(late)}/{number(due)} phần việc đã "
        "đến hạn mà chưa hoàn thành."
    )
    return sentences.said({"decisions": [asked if late else ""]})


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
        addressees=(),
        body=[
            _totals(figures),
            *_overdue(figures),
            _dimensions(figures["dimensions"]),
            _matters(figures),
            *written(content, "decisions"),
        ],
        is_one_page=True,
    )


# Of the line of totals: column, its group, key of the count.
TOTALS = (
    ("Được giao", "", "assigned"),
    ("Đúng hạn", "Đã hoàn thành", "done_on_time"),
    ("Quá hạn", "Đã hoàn thành", "done_late"),
    ("Không hạn", "Đã hoàn thành", "done_no_due"),
    ("Trong hạn", "Chưa hoàn thành", "in_time"),
    ("Không hạn", "Chưa hoàn thành", "no_due"),
    ("Quá hạn", "Chưa hoàn thành", "overdue"),
    ("Đã đến hạn", "", "due"),
)


def _totals(figures: Data) -> Table:
    """The line of totals, under each figure how it changed."""
    totals, before = figures["totals"], figures["before"]
    columns = (
        Column("Được giao", 11, RIGHT),
        *(Column(title, 13, RIGHT, group) for title, group, _key in TOTALS[1:-1]),
        Column("Đến hạn", 11, RIGHT),
    )
    cells = []
    for *_words, key in TOTALS:
        difference = signed(totals[key] - before["totals"][key]) if before else ""
        cells.append(Cell(number(totals[key]), totals[key], difference))
    done = rate(totals["done"], totals["assigned"])
    since = f"Dòng dưới: tăng, giảm so với {before['words']}." if before else ""
    caption = f"1. Hoàn thành {done} phần việc được giao"
    return Table("Kết quả", columns, (Row(tuple(cells)),), caption=caption, note=since)


def _overdue(figures: Data) -> list[Block]:
    late = figures["overdue"]["rows"]
    if not late:
        return [Paragraph("2. Quá hạn chưa hoàn thành: Không có.")]
    shown = late[:OVERDUE_SHOWN]
    fields = (
        Field(Column("Số NV", 8, CENTER), word("number")),
        Field(Column("Nhiệm vụ", 44), lambda line: Cell(_task(line))),
        Field(
            Column("Cơ quan chủ trì", 23),
            lambda line: Cell(clipped(line["agency"], AGENCY_LENGTH)),
        ),
        Field(Column("Số ngày", 10, RIGHT), amount("days")),
        Field(Column("Báo cáo", 15, CENTER), lambda line: Cell(_heard(line))),
    )
    rest = len(late) - len(shown)
    bands = "; ".join(
        f"{band['name'].lower().removeprefix('quá hạn ')}: {number(band['count'])}"
        for band in figures["overdue"]["bands"]
    )
    caption = f"2. Quá hạn chưa hoàn thành: {number(len(late))} phần việc"
    note = f"{opened(bands)}.{f' Còn {number(rest)} phần việc quá hạn khác.' if rest else ''}"
    return [replace(of_lines("Quá hạn", fields, shown, caption=caption), note=note)]


def _task(line: Data) -> str:
    period = f" ({line['period']})" if line["period"] else ""
    return f"{clipped(line['task'], TASK_LENGTH)}{period}"


def _heard(line: Data) -> str:
    if line["asked_until"]:
        return "xin gia hạn"
    if line["is_reported"]:
        return "chờ xác nhận"
    if not line["heard_on"]:
        return "chưa báo cáo"
    return told_day(line["heard_on"])


def _matters(figures: Data) -> Table:
    """What else a leader has to know, each thing in a few words."""
    matters = (
        ("4. Chậm hạn", _below(figures)),
        ("5. Sắp đến hạn", _next(figures)),
        ("6. Lâu không báo cáo", _silent(figures)),
        ("7. Quyết định", _decisions(figures["decisions"])),
    )
    rows = tuple(Row((Cell(what), Cell(words))) for what, words in matters)
    return Table("Việc cần biết", (Column("Việc", 16), Column("Cụ thể", 84)), rows)


def _below(figures: Data) -> str:
    lines = figures["below"]
    what = f"hoàn thành đúng hạn dưới {figures['threshold']}% số phần việc đã đến hạn"
    if not lines:
        return f"Không có cơ quan nào {what}."
    names = [
        f"{line['name']} {rate(line['due_on_time'], line['due'])}" for line in lines[:BELOW_SHOWN]
    ]
    whole = f"{number(len(lines))}/{number(figures['agencies_due'])}"
    return f"{whole} cơ quan {what}; thấp nhất: {_and_rest(names, len(lines), 'cơ quan')}."


def _next(figures: Data) -> str:
    due = figures["due_next"]
    what = f"phần việc đến hạn trong {figures['days_ahead']} ngày tới"
    if not due["count"]:
        return f"Không có {what}."
    names = [
        f"{line['number']} {_task(line)} ({line['agency']}, {told_day(line['due_on'])})"
        for line in due["rows"][:NEXT_SHOWN]
    ]
    told = _and_rest(names, len(due["rows"]), "nhiệm vụ")
    return f"{number(due['count'])} {what}; gần nhất: {told}."


def _silent(figures: Data) -> str:
    lines = [line for line in figures["silent"] if line["without_due"]]
    days = figures["silent_after_days"]
    what = f"phần việc không có hạn, không báo cáo trên {days} ngày"
    if not lines:
        return f"{opened(what)}: Không có."
    lines.sort(key=lambda line: (line["since"], -line["without_due"]))
    names = [f"{line['name']} {number(line['without_due'])}" for line in lines[:SILENT_SHOWN]]
    whole = sum(line["without_due"] for line in lines)
    return f"{number(whole)} {what}: {_and_rest(names, len(lines), 'cơ quan')}."


def _decisions(lines: Sequence[Data]) -> str:
    if not lines:
        return "Không có đề nghị gia hạn nào đang chờ."
    names = [
        f"{line['number']} {_task(line)} ({line['agency']}, {told_day(line['old_due_on'])} sang "
        f"{told_day(line['new_due_on'])})"
        for line in lines[:DECISIONS_SHOWN]
    ]
    told = _and_rest(names, len(lines), "đề nghị")
    return f"{number(len(lines))} đề nghị gia hạn chờ quyết định: {told}."


def _and_rest(names: Sequence[str], whole: int, what: str) -> str:
    rest = whole - len(names)
    return "; ".join(names) + (f" và {number(rest)} {what} khác" if rest else "")


# Half of the table of dimensions; groups are written short: two dimensions stand in a line.
PLAIN_HALF = (Column("Số", 5, CENTER), Column("Nội dung", 28), Column("Hoàn thành", 17, RIGHT))
SCORED_HALF = (
    Column("Số", 4, CENTER),
    Column("Nội dung", 18),
    Column("Điểm", 7, RIGHT),
    Column("Nhóm", 12, CENTER),
    Column("Xong", 9, RIGHT),
)
PLAIN_LENGTH, SCORED_LENGTH = 24, 15


def _dimensions(lines: Sequence[Data]) -> Table:
    """Every dimension with its last score, if there is one, and what is done of its work."""
    has_scores = any(line["score"] for line in lines)
    columns = SCORED_HALF if has_scores else PLAIN_HALF
    told = [_scored(line) if has_scores else _plain(line) for line in lines]
    half = -(-len(told) // 2)
    told += [(EMPTY,) * len(columns)] * (len(told) % 2)
    pairs = zip(told[:half], told[half:], strict=True)
    caption = "3. Phần việc đã hoàn thành theo nội dung (tỉnh chưa có điểm công bố)"
    if has_scores:
        year = max(line["score"]["year"] for line in lines if line["score"])
        caption = f"3. Theo nội dung: điểm công bố năm {year}, phần việc đã hoàn thành"
    return Table(
        "Theo nội dung",
        columns * 2,
        tuple(Row((*left, *right)) for left, right in pairs),
        caption=caption,
        note=_dimension_note(lines),
    )


def _plain(line: Data) -> tuple[Cell, ...]:
    name = Cell(clipped(line["name"], PLAIN_LENGTH))
    return Cell(line["number"]), name, share(line["done"], line["assigned"])


def _scored(line: Data) -> tuple[Cell, ...]:
    known = line["score"]
    score = [EMPTY, EMPTY]
    if known:
        value = Decimal(known["value"])
        star = "*" if known["group"] and known["is_group_estimate"] else ""
        group = known["group"].replace("Trung bình", "TB")
        score = [Cell(points(value, 2), value), Cell(f"{group}{star}")]
    name = Cell(clipped(line["name"], SCORED_LENGTH))
    done = Cell(f"{number(line['done'])}/{number(line['assigned'])}")
    return Cell(line["number"]), name, *score, done


def _dimension_note(lines: Sequence[Data]) -> str:
    """The targets, once if all dimensions have the same; what is an estimate."""
    aims = [(line["number"], line["target"]) for line in lines if line["number"]]
    told = {target for _number, target in aims}
    words = [f"Mục tiêu mỗi nội dung: {aims[0][1]}."] if len(told) == 1 and aims[0][1] else []
    if len(told) > 1:
        each = "; ".join(f"{place} {target}" for place, target in aims if target)
        words = [f"Mục tiêu nội dung: {each}."]
    known = [line["score"] for line in lines if line["score"]]
    if any(score["group"] and score["is_group_estimate"] for score in known):
        words.append("* Nhóm do Cổng PAPI ước tính.")
    return " ".join(words)


LEADER = Kind(SECTIONS, read, suggest, compose)
