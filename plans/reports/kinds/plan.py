"""The plan itself as a document with its tasks in an appendix; a draft plan too.

Figures: `as_of`, `is_draft`, `plan`, `targets` (texts), `groups` (tasks under dimensions),
`agencies` (what each leads and supports), `requested`, `monitor`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from plans.reports.content import Content, ContentError
from plans.reports.figures import documents, lists
from plans.reports.figures.facts import read_facts
from plans.reports.figures.reading import day_of, plan_of
from plans.reports.kinds import blocks, results, sentences
from plans.reports.kinds.frame import closing, paper, told_day, written
from plans.reports.kinds.kind import Kind, Section
from plans.reports.kinds.task_tables import plan_table
from plans.reports.paper import Block, Manner, Paper, Paragraph
from plans.reports.scope import Scope
from plans.reports.wording import listed, number, sentence

if TYPE_CHECKING:
    from plans.reports.figures.facts import Facts

Data = dict[str, Any]

# Of an agency's tasks so many are named by number; of more only how many they are.
NUMBERS_NAMED = 12
SECTIONS = (
    Section(
        "basis", _("Căn cứ"), _("Mỗi dòng một căn cứ pháp lý, ngoài căn cứ đã ghi ở kế hoạch.")
    ),
    Section("purpose", _("Mục đích, yêu cầu"), _("Mỗi dòng một đoạn.")),
    Section(
        "solutions",
        _("Nhiệm vụ, giải pháp chung"),
        _("Điều mọi cơ quan cùng làm; từng nhiệm vụ đã in ở Phụ lục."),
    ),
    Section("budget", _("Kinh phí thực hiện"), _("Nguồn kinh phí, cách lập dự toán.")),
    Section("organisation", _("Tổ chức thực hiện"), _("Chế độ báo cáo, phân công riêng.")),
)


@translation.override("vi")
def read(scope: Scope, now: datetime) -> Data:
    """The plan as it read on the day. Raise `ContentError` if it had no task then."""
    as_of, today = day_of(scope, now)
    plan = plan_of(scope)
    facts = read_facts([plan], as_of, today)
    if not facts.tasks:
        raise ContentError(
            _now("Kế hoạch chưa có nhiệm vụ nào vào ngày %(day)s.")
            % {"day": told_day(as_of.isoformat())}
        )
    under: dict[Any, list[Data]] = {heading: [] for heading in facts.headings.all}
    for task in facts.tasks.values():
        words = lists.task_words(facts, task)
        under[facts.headings.of(task.primary_component_id)].append(words)
    return {
        "as_of": as_of.isoformat(),
        "is_draft": plan.is_draft,
        "plan": documents.plan_facts(plan, as_of),
        "targets": [target.text for target in plan.targets.all()],
        "groups": [
            {"number": heading.number, "name": heading.name, "tasks": tasks}
            for heading, tasks in under.items()
            if tasks
        ],
        "agencies": _duties(facts),
    }


def _duties(facts: Facts) -> list[Data]:
    """By lead and supporter the numbers of their tasks; groups first, then agencies by name."""
    led: dict[str, list[str]] = {}
    supported: dict[str, list[str]] = {}
    for task in facts.tasks.values():
        led.setdefault(facts.lead(task), []).append(task.number)
        for pk in facts.supporters.get(task.id, []):
            supported.setdefault(facts.agencies[pk].name, []).append(task.number)
    asked = {one.name for one in facts.agencies.values() if one.is_requested}
    groups = [name for name in facts.groups.values() if name in led]
    others = [one.name for one in facts.agencies.values()]
    typed = [name for name in led if name and name not in groups and name not in others]
    # Members of supporting groups are written out: only who leads, or is asked, is listed.
    return [
        {
            "name": name,
            "is_requested": name in asked,
            "leads": led.get(name, []),
            "supports": supported.get(name, []),
        }
        for name in [*groups, *others, *typed]
        if name in led or name in asked
    ]


def suggest(content: Content) -> dict[str, list[str]]:
    figures = content["figures"]
    plan = figures["plan"]
    return {
        "purpose": [
            "Xác định rõ nhiệm vụ, cơ quan chủ trì, sản phẩm và thời hạn thực hiện từ ngày "
            f"{told_day(plan['period_start'])} đến ngày {told_day(plan['period_end'])} nhằm "
            f"{plan['subject']}."
        ],
        "organisation": [
            "Các cơ quan, đơn vị được giao chủ trì cập nhật kết quả thực hiện trên Cổng PAPI, "
            f"định kỳ báo cáo {plan['monitor'] or plan['issuer']} để tổng hợp."
        ],
    }


def compose(content: Content) -> Paper:
    figures = content["figures"]
    plan = figures["plan"]
    return paper(
        content,
        kind=plan["kind"],
        about=(_title(plan),),
        title=f"{plan['reference']} về {plan['subject']}",
        addressees=(),
        body=[
            *_basis(content),
            Paragraph(
                f"{plan['issuer']} ban hành {plan['kind']} {plan['subject']}, cụ thể như sau:"
            ),
            *blocks.sections(_sections(content)),
            closing(_last_words(content)),
        ],
        appendices=[("DANH MỤC NHIỆM VỤ", [plan_table(figures["groups"])])],
        signed=_signed(figures),
    )


def _signed(figures: Data) -> Data | None:
    """Number, day and signer of a plan that was issued before the portal printed it."""
    plan = figures["plan"]
    if figures["is_draft"] or not (plan["number"] and plan["issued_on"]):
        return None
    return {"number": plan["number"], "day": plan["issued_on"], "signer": plan["signer"]}


def _title(plan: Data) -> str:
    subject = plan["subject"]
    return f"{subject[:1].upper()}{subject[1:]}"


def _basis(content: Content) -> list[Block]:
    """Each line of the legal basis ends with a semicolon, the last with a full stop."""
    own = content["figures"]["plan"]["based_on"]
    lines = [line.strip() for line in own.split(";") if line.strip()]
    lines += [block.text for block in written(content, "basis") if isinstance(block, Paragraph)]
    told = [line.rstrip(".;") for line in lines]
    told = [line if line.lower().startswith("căn cứ") else f"Căn cứ {line}" for line in told]
    ends = [";"] * (len(told) - 1) + ["."]
    return [Paragraph(f"{line}{end}", Manner.BASIS) for line, end in zip(told, ends, strict=False)]


def _sections(content: Content) -> list[tuple[str, list[Block]]]:
    figures = content["figures"]
    return [
        ("MỤC ĐÍCH, YÊU CẦU", written(content, "purpose")),
        ("MỤC TIÊU" if figures["targets"] else "KẾT QUẢ ĐÁNH GIÁ", _targets(figures)),
        (
            "NHIỆM VỤ, GIẢI PHÁP",
            [*written(content, "solutions"), *_tasks(figures["groups"])],
        ),
        ("KINH PHÍ THỰC HIỆN", written(content, "budget")),
        ("TỔ CHỨC THỰC HIỆN", _organisation(content)),
    ]


def _targets(figures: Data) -> list[Block]:
    baseline = figures["plan"]["baseline"]
    label = results.BASELINE if figures["targets"] else ""
    first: list[Block] = [Paragraph(f"{label}{sentence(baseline)}")] if baseline else []
    return [*first, *(Paragraph(sentence(one), Manner.ITEM) for one in figures["targets"])]


def _tasks(groups: Sequence[Data]) -> list[Block]:
    """How many tasks serve each dimension: the tasks themselves stand in the appendix alone."""
    count = sum(len(group["tasks"]) for group in groups)
    return [
        Paragraph(
            f"Kế hoạch có {number(count)} nhiệm vụ; nội dung, cơ quan chủ trì, cơ quan phối hợp, "
            "sản phẩm và thời hạn của từng nhiệm vụ nêu tại Phụ lục kèm theo, gồm:"
        ),
        *blocks.numbered(
            [f"{group['name']}: {number(len(group['tasks']))} nhiệm vụ." for group in groups]
        ),
    ]


def _organisation(content: Content) -> list[Block]:
    figures = content["figures"]
    lines = [_duty(one) for one in figures["agencies"] if not one["is_requested"]]
    lines += [_request(one) for one in figures["agencies"] if one["is_requested"]]
    if sentences.is_watched(figures["plan"]):
        monitor, issuer = figures["plan"]["monitor"], figures["plan"]["issuer"]
        lines.append(
            f"{monitor} theo dõi, đôn đốc, kiểm tra và tổng hợp kết quả thực hiện Kế hoạch, báo "
            f"cáo {issuer}."
        )
    return [*blocks.numbered(lines), *written(content, "organisation")]


def _duty(one: Data) -> str:
    name = f"{one['name'][:1].upper()}{one['name'][1:]}"
    words = f"{name}: chủ trì {_numbers(one['leads'])}"
    if one["supports"]:
        words += f"; phối hợp thực hiện {_numbers(one['supports'])}"
    return f"{words}."


def _request(one: Data) -> str:
    """Bodies outside the order of the committee are asked."""
    words = [*([f"thực hiện {_numbers(one['leads'])}"] if one["leads"] else [])]
    words += [f"phối hợp thực hiện {_numbers(one['supports'])}"] if one["supports"] else []
    return f"Đề nghị {one['name']} quan tâm, {' và '.join(words)}."


def _numbers(numbers: Sequence[str]) -> str:
    if len(numbers) > NUMBERS_NAMED:
        return f"{number(len(numbers))} nhiệm vụ"
    return f"nhiệm vụ số {listed(numbers)}"


def _last_words(content: Content) -> str:
    plan = content["figures"]["plan"]
    through = f" (qua {plan['monitor']})" if sentences.is_watched(plan) else ""
    return (
        "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các cơ quan, đơn vị báo cáo "
        f"{plan['issuer']}{through} để xem xét, quyết định"
    )


PLAN = Kind(SECTIONS, read, suggest, compose)
