"""The draft of a letter that urges agencies to finish what is overdue (công văn đôn đốc).

Figures: `as_of`, `plan`, `letters` (agency by agency: `agency`, `rows`), `count`, `asked` (bodies
outside the committee's order, who are asked and never urged), `answer_by`. What waits for
confirmation is not urged: it is the monitor's turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plans.reminders.rulebook import calendar_of
from plans.reports.content import Content, ContentError
from plans.reports.figures import documents, lists
from plans.reports.figures.reading import facts_of_plan, plan_of
from plans.reports.kinds.frame import closing, paper, told_day, written
from plans.reports.kinds.kind import Kind, Section
from plans.reports.kinds.tables import (
    CENTER,
    RIGHT,
    Field,
    amount,
    due_cell,
    last_word,
    of_lines,
    task_cell,
    word,
)
from plans.reports.letterhead import COMMITTEE
from plans.reports.paper import Block, Cell, Column, Paper, Paragraph, Row, RowKind, Table
from plans.reports.scope import Scope
from plans.reports.wording import listed, number
from plans.states import UNREPORTED

if TYPE_CHECKING:
    from plans.reports.figures.facts import Facts

Data = dict[str, Any]

DAYS_TO_ANSWER = 10
# As many lines stand in a letter to one agency; more, or several agencies, fill an appendix.
LINES_IN_LETTER = 10
# More addressees are named by the list that goes with the letter.
ADDRESSEES_NAMED = 12
SECTIONS = (
    Section(
        "opening",
        _("Mở đầu"),
        _("Văn bản chỉ đạo đã có, ý kiến của lãnh đạo. In sau câu mở đầu."),
    ),
    Section(
        "request",
        _("Nội dung đề nghị"),
        _("Mỗi dòng một đoạn, thay cho phần đề nghị in sẵn; dùng để đổi ngày trả lời."),
    ),
)


@translation.override("vi")
def read(scope: Scope, now: datetime) -> Data:
    """What is overdue, agency by agency; of all agencies if the scope names none.

    Raise `ContentError` if nothing is.
    """
    facts, plan = facts_of_plan(scope, now), plan_of(scope)
    named = {agency.pk for agency in scope.agencies}
    open_ = [
        row
        for row in facts.rows
        if row.status in UNREPORTED
        and row.is_past_due(facts.as_of)
        # Nobody writes to himself.
        and row.agency_id != plan.monitor_id
        and (not named or row.agency_id in named)
    ]
    late = [row for row in open_ if not facts.is_requested(row)]
    if not open_:
        raise ContentError(_nothing(scope, facts.as_of))
    asked = [row for row in open_ if facts.is_requested(row)]
    lines = lists.late_lines(facts, late)
    calendar = calendar_of(scope.province.pk)
    answer_by = calendar.on_or_after(facts.today + timedelta(days=DAYS_TO_ANSWER))
    return {
        "as_of": facts.as_of.isoformat(),
        "plan": documents.plan_facts(plan, facts.as_of),
        "letters": _by_agency(facts, lines),
        "count": len(lines),
        "asked": _by_agency(facts, [lists.line(facts, row) for row in asked]),
        "answer_by": answer_by.isoformat(),
    }


def _nothing(scope: Scope, as_of: date) -> str:
    day = told_day(as_of.isoformat())
    if scope.agencies:
        return _now(
            "Đến hết ngày %(day)s không cơ quan nào đã chọn (không kể cơ quan theo dõi) còn phần "
            "việc quá hạn chưa báo cáo hoàn thành, nên không có gì để đôn đốc. Hãy chọn cơ quan "
            "khác hoặc ngày khác."
        ) % {"day": day}
    return _now(
        "Đến hết ngày %(day)s kế hoạch không còn phần việc quá hạn chưa báo cáo hoàn thành (không "
        "kể việc của cơ quan theo dõi), nên không có gì để đôn đốc."
    ) % {"day": day}


def _by_agency(facts: Facts, lines: Sequence[Data]) -> list[Data]:
    names = [agency.name for agency in facts.agencies.values()]
    found: dict[str, list[Data]] = {}
    for line in lines:
        found.setdefault(line["agency"], []).append(line)
    return [{"agency": name, "rows": found[name]} for name in names if name in found]


def suggest(content: Content) -> dict[str, list[str]]:
    return {"request": _requests(content["figures"], _asker(content["head"]))}


def compose(content: Content) -> Paper:
    figures, head = content["figures"], content["head"]
    plan = figures["plan"]["name"]
    what = f"đôn đốc thực hiện {plan}" if figures["letters"] else f"phối hợp thực hiện {plan}"
    late, appendices = _late(figures)
    return paper(
        content,
        kind="",
        about=(f"V/v {what}",),
        title=f"Công văn {what}",
        addressees=_addressees(figures),
        body=[
            Paragraph(_opening(figures)),
            *written(content, "opening"),
            *late,
            *(written(content, "request") or map(Paragraph, _requests(figures, _asker(head)))),
            *_asked(figures["asked"]),
            closing(_last_words(figures, head)),
        ],
        appendices=appendices,
    )


def _addressees(figures: Data) -> list[str]:
    names = [one["agency"] for one in [*figures["letters"], *figures["asked"]]]
    if len(names) > ADDRESSEES_NAMED:
        return [f"{len(names)} cơ quan, đơn vị có tên trong danh sách kèm theo"]
    return names


def _opening(figures: Data) -> str:
    plan = figures["plan"]
    words = (
        f"Thực hiện {plan['reference']} về {plan['subject']} (sau đây gọi là Kế hoạch), qua theo "
        f"dõi, tổng hợp trên Cổng PAPI, đến hết ngày {told_day(figures['as_of'])}"
    )
    letters = figures["letters"]
    if not letters:
        return f"{words}, các nội dung đề nghị phối hợp dưới đây chưa có kết quả."
    many = number(figures["count"])
    if len(letters) == 1:
        return f"{words}, {letters[0]['agency']} còn {many} phần việc đã quá hạn chưa hoàn thành."
    return (
        f"{words}, {number(len(letters))} cơ quan, đơn vị còn {many} phần việc đã quá hạn chưa "
        "hoàn thành."
    )


def _late(figures: Data) -> tuple[list[Block], list[tuple[str, list[Block]]]]:
    """The overdue in the letter if they are few and of one agency, else in an appendix."""
    letters = figures["letters"]
    if not letters:
        return [], []
    if _are_in_letter(figures):
        return [_table(letters, name="Quá hạn", has_groups=False)], []
    table = _table(letters, name="Quá hạn", has_groups=True)
    words = "Danh sách phần việc quá hạn của từng cơ quan được gửi kèm theo."
    return [Paragraph(words)], [("DANH SÁCH PHẦN VIỆC QUÁ HẠN CHƯA HOÀN THÀNH", [table])]


def _asked(asked: Sequence[Data]) -> list[Block]:
    """Bodies outside the order of the committee: asked for their interest, never called late."""
    if not asked:
        return []
    words = (
        f"Trân trọng đề nghị {listed([one['agency'] for one in asked])} quan tâm, phối hợp thực "
        "hiện và thông tin kết quả các nội dung sau:"
    )
    table = _table(asked, name="Đề nghị phối hợp", has_groups=len(asked) > 1, is_late=False)
    return [Paragraph(words), table]


def _table(letters: Sequence[Data], *, name: str, has_groups: bool, is_late: bool = True) -> Table:
    fields = [
        Field(Column("Số NV", 8, CENTER), word("number")),
        Field(Column("Nhiệm vụ", 42), task_cell),
        Field(Column("Thời hạn", 14, CENTER), due_cell),
        Field(Column("Báo cáo gần nhất", 26 if is_late else 36), last_word),
    ]
    if is_late:
        fields.insert(3, Field(Column("Số ngày quá hạn", 10, RIGHT), amount("days")))
    rows: list[Row] = []
    for letter in letters:
        if has_groups:
            title = f"{letter['agency']} ({number(len(letter['rows']))} phần việc)"
            rows.append(Row((Cell(title, span=len(fields)),), RowKind.GROUP))
        rows += of_lines("", fields, letter["rows"]).rows
    return Table(name, tuple(field.column for field in fields), tuple(rows))


def _is_superior(head: Data) -> bool:
    """Whether the committee itself writes, which orders where an agency only asks."""
    return bool(head["issuer"][0] == COMMITTEE)


def _asker(head: Data) -> str:
    return f"{head['speaker']} {'yêu cầu' if _is_superior(head) else 'đề nghị'}"


def _requests(figures: Data, asker: str) -> list[str]:
    """What is asked for with the day of the answer; `asker` is who asks, with the verb."""
    if not figures["letters"]:
        return []
    monitor = figures["plan"]["monitor"] or figures["plan"]["issuer"]
    day = told_day(figures["answer_by"])
    letters = figures["letters"]
    who = "các cơ quan, đơn vị" if len(letters) > 1 else letters[0]["agency"]
    where = "nêu trên" if _are_in_letter(figures) else "có tên trong danh sách kèm theo"
    return [
        f"Để bảo đảm tiến độ thực hiện Kế hoạch, {asker} {who}:",
        f"1. Khẩn trương rà soát, tập trung chỉ đạo hoàn thành các phần việc đã quá hạn {where}; "
        "cập nhật kết quả kèm tài liệu kiểm chứng trên Cổng PAPI.",
        "2. Phần việc chưa thể hoàn thành ngay thì báo cáo bằng văn bản nguyên nhân, khó khăn, "
        f"vướng mắc và thời gian hoàn thành, gửi {monitor} trước ngày {day} để tổng hợp, báo cáo "
        "cấp có thẩm quyền xem xét, quyết định.",
    ]


def _are_in_letter(figures: Data) -> bool:
    return len(figures["letters"]) == 1 and figures["count"] <= LINES_IN_LETTER


def _last_words(figures: Data, head: Data) -> str:
    if _is_superior(head) and not figures["asked"]:
        return f"{head['speaker']} yêu cầu các cơ quan, đơn vị nghiêm túc thực hiện"
    return f"{head['speaker']} trân trọng đề nghị quý cơ quan, đơn vị quan tâm thực hiện"


URGING = Kind(SECTIONS, read, suggest, compose)
