"""What a document says, as a clerk would type it: the head of the plan, the cells of each task.

What the document does not say stays empty, and what is doubtful is kept as a question.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from agencies.access import rights_of
from agencies.models import Agency, Province
from agencies.querysets import valid_on
from indicators.models import Component, Index
from papi_portal import text
from plans.grid import LISTS
from plans.models import Plan, ReadingRow
from plans.states import PlanKind

if TYPE_CHECKING:
    from plans.models import Reading
    from plans.reader.draft import Draft, Found, Target, Task

USUAL_INDEX = "PAPI"
# The fields of the plan's form that are kept while a document is under review.
HEAD_FIELDS = (
    *("province", "kind", "number", "issued_on", "title", "issuer", "signer_name"),
    *("signer_title", "period_start", "period_end", "monitor", "indices", "based_on", "targets"),
    *("parent", "supersedes"),
)
PER_DIMENSION = {f"D{number}": str(number) for number in range(1, 9)}


def rows_of(reading: Reading, draft: Draft) -> list[ReadingRow]:
    """The rows to be reviewed, one for each task, not yet saved."""
    rows, parents = [], parents_by_key()
    for position, task in enumerate(draft.tasks, start=1):
        cells = cells_of(task, parents)
        as_read = {"cells": cells, "marks": marks_of(task), "questions": questions_of(task)}
        rows.append(ReadingRow(reading=reading, position=position, cells=cells, as_read=as_read))
    return rows


def parents_by_key() -> dict[str, str]:
    """Each part of a dimension with its dimension, both by their stable keys; one query."""
    parts = Component.objects.filter(parent__stable_key__in=PER_DIMENSION)
    return dict(parts.values_list("stable_key", "parent__stable_key"))


def cells_of(task: Task, parents: dict[str, str]) -> dict[str, str]:
    """What the cells of the grid say of a task, in full: too long a text is told, never cut.

    `parents` are those of `parents_by_key`. A task has one lead, so further ones become the first
    supporters (see `questions_of`).
    """
    leads = [str(each.value) for each in task.lead]
    supporters = [*leads[1:], *(str(each.value) for each in task.support)]
    raw = {
        "number": str(task.number.value or ""),
        "name": str(task.text.value or ""),
        "dimensions": "; ".join(_dimensions(task, parents)),
        "lead": leads[0] if leads else "",
        "supporters": "; ".join(dict.fromkeys(supporters)),
        "deadline": str(task.deadline.text.value or "") or written_day(task.deadline.due_on.value),
        "product": str(task.product.value or ""),
    }
    cells = {
        cell: _line("; ".join(value.splitlines()) if cell in LISTS else value)
        for cell, value in raw.items()
    }
    # As for a row that is typed: proof is asked unless somebody says otherwise.
    return {**cells, "needs_evidence": "1"}


def marks_of(task: Task) -> dict[str, list[list[Any]]]:
    """Per cell the places in the document it was read from: start, end, certainty."""
    deadline = task.deadline.text or task.deadline.due_on
    found = {
        "number": [task.number],
        "name": [task.text],
        "dimensions": task.components,
        "lead": task.lead,
        "supporters": task.support,
        "deadline": [deadline],
        "product": [task.product],
    }
    marks = {cell: marks_at(items) for cell, items in found.items()}
    return {cell: places for cell, places in marks.items() if places}


def marks_at(found: list[Found]) -> list[list[Any]]:
    return [[it.start, it.end, it.certainty.value] for it in found if it and it.start is not None]


def questions_of(task: Task) -> dict[str, str]:
    """What the clerk has to look at although every word was read."""
    if len(task.lead) < 2:
        return {}
    names = [str(each.value) for each in task.lead]
    asked = _(
        "Văn bản ghi %(count)s cơ quan chủ trì: %(names)s. Mỗi nhiệm vụ chỉ một cơ quan chủ trì, "
        "nên tạm nhận “%(first)s” và đưa cơ quan còn lại sang phối hợp – đúng không?"
    )
    return {"lead": asked % {"count": len(names), "names": "; ".join(names), "first": names[0]}}


def head_of(reading: Reading, draft: Draft) -> dict[str, Any]:
    """The fields of the plan's form as a clerk would type them from the document."""
    head = draft.document
    kind, number = _kind_and_number(draft)
    issued_on = _day(head.issued_on.value)
    start = _day(draft.period.from_on.value)
    province = _province(draft, reading, issued_on or start)
    return {
        "province": str(province.pk),
        "kind": kind,
        "number": number,
        "issued_on": written_day(head.issued_on.value),
        "title": _line(head.title.value),
        "issuer": _line(head.issuer.value),
        "signer_name": _line(head.signer.value),
        "signer_title": _capacity(draft.signer_capacity.value),
        "period_start": written_day(draft.period.from_on.value),
        "period_end": written_day(draft.period.to_on.value),
        "monitor": _own_agency(reading),
        "indices": [str(index.pk) for index in _indices(draft)],
        "based_on": "; ".join(_line(each.value) for each in draft.based_on),
        "targets": "\n".join(
            dict.fromkeys(_aim(target) for target in draft.targets if target.text)
        ),
        "parent": "",
        "supersedes": _replaced(draft, province),
    }


def head_found(draft: Draft) -> dict[str, list[Found]]:
    """Per field of the plan's form what the document says of it."""
    head = draft.document
    return {
        "province": [head.province],
        "kind": [head.kind],
        "number": [head.number],
        "issued_on": [head.issued_on],
        "title": [head.title],
        "issuer": [head.issuer],
        "signer_name": [head.signer],
        "signer_title": [draft.signer_capacity],
        "period_start": [draft.period.from_on],
        "period_end": [draft.period.to_on],
        "indices": draft.indices,
        "based_on": draft.based_on,
        "targets": [target.text for target in draft.targets],
        # Few documents replace another: that most name none is nothing to be told.
        **({"supersedes": draft.supersedes} if draft.supersedes else {}),
    }


def province_doubt(draft: Draft, reading: Reading, chosen: Province) -> str:
    """Why a person has to say that the plan is of `chosen`; empty if nothing speaks against it."""
    named = str(draft.document.province.value or "")
    if named and text.fold(named) != text.fold(chosen.name):
        told = _("Văn bản nói về %(named)s, còn kế hoạch sẽ ghi cho %(chosen)s.")
        return told % {"named": named, "chosen": chosen.name}
    if chosen.pk != reading.province_id:
        told = _(
            "Khi gửi văn bản đã chọn %(given)s, còn kế hoạch sẽ ghi cho %(chosen)s, đơn vị của "
            "ngày ban hành."
        )
        return told % {"given": _dated(reading.province), "chosen": _dated(chosen)}
    return ""


def _dated(province: Province) -> str:
    """A province by name and, as names come again, by the days it was there."""
    if province.valid_to:
        told = _("%(name)s (đến hết %(day)s)")
        return told % {"name": province.name, "day": f"{province.valid_to:%d/%m/%Y}"}
    if province.valid_from:
        told = _("%(name)s (từ %(day)s)")
        return told % {"name": province.name, "day": f"{province.valid_from:%d/%m/%Y}"}
    return province.name


def _dimensions(task: Task, parents: dict[str, str]) -> list[str]:
    """The numbers of the dimensions; a part of one stands for it."""
    read = [str(each.value) for each in task.components]
    keys = [parents.get(key, key) for key in read]
    return list(dict.fromkeys(PER_DIMENSION[key] for key in keys if key in PER_DIMENSION))


def _kind_and_number(draft: Draft) -> tuple[str, str]:
    """The kind that the number names, else the one of the heading, else a plan."""
    written = _line(draft.document.number.value)
    kinds = {text.fold(str(label)): value for value, label in PlanKind.choices}
    kind = kinds.get(text.fold(str(draft.document.kind.value or "")), PlanKind.PLAN.value)
    try:
        number = text.parse_document_number(written)
    except text.TextError:
        return kind, written
    return number.type if number.type in PlanKind.values else kind, number.text


def _province(draft: Draft, reading: Reading, day: date | None) -> Province:
    """The province chosen; of a day on which it was not there, the one the document names."""
    chosen = reading.province
    if day is None or Province.objects.filter(valid_on(day), pk=chosen.pk).exists():
        return chosen
    named = text.fold(str(draft.document.province.value or chosen.name))
    kept = rights_of(reading.requested_by).office_provinces
    there = Province.objects.filter(valid_on(day), pk__in=kept)
    return next((row for row in there if text.fold(row.name) == named), chosen)


def _capacity(value: object) -> str:
    """In what capacity the person signed, without the body signed for ("TM. ...")."""
    lines = [line for line in str(value or "").splitlines() if not line.startswith("TM.")]
    return _line(" ".join(lines))


def _aim(target: Target) -> str:
    """A target in the words of the document; to a bare figure of a table, what it is of."""
    said = _line(target.text.value)
    number = PER_DIMENSION.get(str(target.component.value))
    if any(letter.isalpha() for letter in said) or number is None or not target.year:
        return said
    told = _("Nội dung %(number)s (%(name)s) năm %(year)s: %(value)s")
    line = told % {
        "number": number,
        "name": _line(target.component.text),
        "year": target.year.value,
        "value": said,
    }
    return _("%(line)s điểm") % {"line": line} if target.metric.value == "score" else line


def _replaced(draft: Draft, province: Province) -> str:
    """The plan that the document says it replaces, if it is carried out in the portal."""
    numbers = [str(each.value) for each in draft.supersedes]
    known = Plan.objects.filter(province=province, amends__isnull=True).active()
    found = known.filter(number__in=numbers).newest_first().first() if numbers else None
    return str(found.pk) if found else ""


def _own_agency(reading: Reading) -> str:
    """The agency of whoever gave the document: a document says seldom who watches over it."""
    posts = Agency.objects.filter(
        memberships__user=reading.requested_by_id, province=reading.province_id
    )
    agency = posts.first()
    return agency.name if agency else ""


def _indices(draft: Draft) -> list[Index]:
    codes = [str(each.value) for each in draft.indices]
    found = list(Index.objects.filter(code__in=codes))
    return found or list(Index.objects.filter(code=USUAL_INDEX))


def _line(value: object) -> str:
    """A value as one line, as the normaliser has it where it can."""
    written = " ".join(str(value or "").split())
    try:
        return text.normalise(written)
    except text.TextError:
        return written


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None


def written_day(value: object) -> str:
    """A day as read (ISO) in the way days are written here; empty if it is none."""
    day = _day(value)
    return f"{day:%d/%m/%Y}" if day else ""
