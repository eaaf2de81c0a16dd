"""A draft plan from the reading of a document: what was found, and what could not be taken over.

What the document does not say is left out or told as such; nothing is made up but the period,
which a plan cannot be without.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import rights_of
from agencies.models import Province
from agencies.querysets import valid_on
from indicators.models import Index
from papi_portal import text
from plans import readings, services
from plans.grid import CELLS, LISTS, RowReader
from plans.models import Plan, Reading, Target
from plans.states import MAX_TARGETS, PlanKind

if TYPE_CHECKING:
    from agencies.models import User
    from plans import reader
    from plans.reader.draft import Task

USUAL_INDEX = "PAPI"
PER_DIMENSION = {f"D{number}": str(number) for number in range(1, 9)}


@transaction.atomic
def make_plan(reading: Reading, *, by: User, today: date) -> tuple[Plan, list[str]]:
    """The draft plan of a document that was read, with what people should look at in it.

    The second call for one document returns the plan of the first and nothing to look at.
    """
    stored = Reading.objects.select_for_update().get(pk=reading.pk)
    if stored.plan is not None:
        return stored.plan, []
    draft = readings.draft_of(stored)
    notes: list[str] = []
    plan = _head(draft, stored, by, today, notes)
    targets = _targets(draft, notes)
    _save_with_free_number(plan, targets, _indices(draft), notes)
    reader_of_rows = RowReader(plan)
    was_cut = 0
    for task in draft.tasks:
        cells, is_cut = cells_of(task)
        was_cut += is_cut
        services.save_task(plan, reader_of_rows.read(cells).row, pk=None, version=None)
    if was_cut:
        notes.append(
            _("%(count)s dòng có ô quá dài hoặc có ký tự lạ nên bị cắt bớt: hãy đối chiếu văn bản.")
            % {"count": was_cut}
        )
    stored.plan = plan
    stored.save(update_fields=["plan"])
    return plan, notes


def cells_of(task: Task) -> tuple[dict[str, str], bool]:
    """What the grid's cells of a task say, as if typed, and whether something was left out."""
    raw = {
        "number": str(task.number.value or ""),
        "name": str(task.text.value or ""),
        "dimensions": "; ".join(_dimensions(task)),
        "lead": "; ".join(str(each.value) for each in task.lead),
        "supporters": "; ".join(str(each.value) for each in task.support),
        "deadline": str(task.deadline.text.value or "") or _written(task.deadline.due_on.value),
        "product": str(task.product.value or ""),
    }
    cells = {
        cell: _clean("; ".join(value.splitlines()) if cell in LISTS else value, CELLS[cell][1])
        for cell, value in raw.items()
    }
    is_cut = any(_is_cut(raw[cell], cells[cell]) for cell in cells)
    # As for a row that is typed: proof is asked unless somebody says otherwise.
    return {**cells, "needs_evidence": "1"}, is_cut


def other_province(draft: reader.Draft, chosen: Province) -> str:
    """The province that the document names, if it is not the one chosen."""
    named = str(draft.document.province.value or "")
    return named if named and text.fold(named) != text.fold(chosen.name) else ""


def _dimensions(task: Task) -> list[str]:
    """The numbers of the dimensions; a part of one (D5.2) stands for it."""
    keys = [str(each.value).split(".")[0] for each in task.components]
    return list(dict.fromkeys(PER_DIMENSION[key] for key in keys if key in PER_DIMENSION))


def _head(draft: reader.Draft, reading: Reading, by: User, today: date, notes: list[str]) -> Plan:
    head = draft.document
    issued_on = _day(head.issued_on.value)
    start, end = _period(draft, issued_on or today, notes)
    kind, number = _kind_and_number(draft, notes)
    title, issuer = _clean(head.title.value, 500), _clean(head.issuer.value, 200)
    if not title:
        notes.append(_("Không tìm thấy trích yếu: hãy sửa ở phần đầu kế hoạch."))
    if not issuer:
        notes.append(_("Không tìm thấy cơ quan ban hành: hãy sửa ở phần đầu kế hoạch."))
    day = issued_on or start
    return Plan(
        province=_province(draft, reading, by, day, notes),
        kind=kind,
        number=number,
        issued_on=issued_on,
        year=day.year,
        title=title or _("Chưa rõ trích yếu"),
        issuer=issuer or _("Chưa rõ cơ quan ban hành"),
        signer_name=_clean(head.signer.value, 100),
        signer_title=_clean(draft.signer_capacity.value, 100),
        period_start=start,
        period_end=end,
        based_on=_clean("; ".join(str(each.value) for each in draft.based_on), 300),
        created_by=by,
    )


def _period(draft: reader.Draft, day: date, notes: list[str]) -> tuple[date, date]:
    """As the document says; else the year of its first day, or of its issue."""
    start, end = _day(draft.period.from_on.value), _day(draft.period.to_on.value)
    if start and end and start <= end:
        return start, end
    known = start or end or day
    first = start or date(known.year, 1, 1)
    last = end if end and end >= first else date(first.year, 12, 31)
    notes.append(
        _("Không tìm thấy đủ thời gian thực hiện: tạm ghi từ %(start)s đến %(end)s.")
        % {"start": f"{first:%d/%m/%Y}", "end": f"{last:%d/%m/%Y}"}
    )
    return first, last


def _kind_and_number(draft: reader.Draft, notes: list[str]) -> tuple[str, str]:
    """The kind that the number names, else the one of the heading, else a plan."""
    written = _clean(draft.document.number.value, 60)
    kinds = {text.fold(str(label)): value for value, label in PlanKind.choices}
    kind = kinds.get(text.fold(str(draft.document.kind.value or "")), PlanKind.PLAN.value)
    if not written:
        return kind, ""
    try:
        number = text.parse_document_number(written)
    except text.TextError:
        notes.append(_("Số “%(number)s” không đúng thể thức nên để trống.") % {"number": written})
        return kind, ""
    return number.type if number.type in PlanKind.values else kind, number.text


def _province(
    draft: reader.Draft, reading: Reading, by: User, day: date, notes: list[str]
) -> Province:
    """The province chosen; of a day on which it was not there, the one the document names."""
    chosen = reading.province
    if other := other_province(draft, chosen):
        notes.append(
            _("Văn bản nói về %(named)s; bản nháp ghi cho %(chosen)s.")
            % {"named": other, "chosen": chosen.name}
        )
    named = text.fold(str(draft.document.province.value or ""))
    if Province.objects.filter(valid_on(day), pk=chosen.pk).exists():
        return chosen
    kept = Province.objects.filter(valid_on(day), pk__in=rights_of(by).office_provinces)
    return next((row for row in kept if text.fold(row.name) == named), chosen)


def _targets(draft: reader.Draft, notes: list[str]) -> list[Target]:
    lines = list(dict.fromkeys(_clean(each.text.value, 500) for each in draft.targets))
    lines = [line for line in lines if line]
    if len(lines) > MAX_TARGETS:
        notes.append(
            _("Có %(count)s mục tiêu, chỉ lấy %(max)s mục tiêu đầu.")
            % {"count": len(lines), "max": MAX_TARGETS}
        )
    dimensions = services.dimensions_by_key()
    return [services.target_of(line, dimensions) for line in lines[:MAX_TARGETS]]


def _indices(draft: reader.Draft) -> list[Index]:
    codes = [str(each.value) for each in draft.indices]
    found = list(Index.objects.filter(code__in=codes))
    return found or list(Index.objects.filter(code=USUAL_INDEX))


def _save_with_free_number(
    plan: Plan, targets: list[Target], indices: list[Index], notes: list[str]
) -> None:
    number = plan.number
    same = Plan.objects.filter(province=plan.province, year=plan.year, number=number)
    if number and same.exists():
        plan.number = ""
    try:
        services.save_plan(plan, targets=targets, indices=indices, version=None)
    except services.NumberTakenError:
        # Another request took the number since it was looked for.
        plan.number = ""
        services.save_plan(plan, targets=targets, indices=indices, version=None)
    if plan.number != number:
        notes.append(
            _("Số “%(number)s” đã có ở kế hoạch khác cùng năm nên để trống.") % {"number": number}
        )


def _clean(value: object, max_length: int) -> str:
    """A value as one line that can be stored, cut with "…"; what cannot be stored is empty."""
    try:
        clean = text.normalise(str(value or ""))
    except text.TextError:
        return ""
    return clean if len(clean) <= max_length else clean[: max_length - 1].rstrip() + "…"


def _is_cut(raw: str, clean: str) -> bool:
    return bool(raw.strip()) != bool(clean) or (clean.endswith("…") and not raw.endswith("…"))


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        return None


def _written(value: object) -> str:
    day = _day(value)
    return f"{day:%d/%m/%Y}" if day else ""
