"""One row of the entry grid: what was typed, what it means, what is wrong with it.

Whatever is typed is kept in the `*_text` columns of the draft; a cell that is not understood
leaves its parsed columns empty and says so, and the plan cannot be given out until it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.services import Directory, Named, UnknownAgencyError
from indicators.models import Component, Edition, EditionComponent
from indicators.querysets import PAPI
from indicators.states import Level
from papi_portal import text
from plans.services import TaskRow, plan_day, save_task

if TYPE_CHECKING:
    from collections.abc import Mapping

    from agencies.models import Agency
    from plans.models import Plan, Task

# The name of each cell in the form, the column that keeps it as typed, and its length.
CELLS = {
    "number": ("number_in_plan", 20),
    "name": ("name", 1000),
    "dimensions": ("dimensions_text", 300),
    "lead": ("lead_text", 300),
    "supporters": ("supporters_text", 1000),
    "deadline": ("deadline_text", 300),
    "product": ("product", 500),
}
# Cells of several entries: below one another, as pasted from a table, is as good as with ";".
LISTS = frozenset({"dimensions", "supporters"})
# More supporters than this are counted, not named, under their cell.
NAMED_AT_MOST = 4
# What stands between several leads; "và" is part of many a name, so it is tried last.
_BETWEEN_LEADS = (re.compile(r"[,;/\n]"), re.compile(r"[,;/\n]| và "))
CROSS_CUTTING = frozenset({"chung", "nhiem vu chung", "tat ca", "lien quan chung"})

_DIMENSION_BREAK = re.compile(r"[;,]|\s(?=[dD]?[1-8]\b)")
_PART_CODE = re.compile(r"(?:d|nội dung|nd|chỉ số)?\s*([1-8]\.[0-9]{1,2})(?![0-9])", re.IGNORECASE)


def cell_id(name: str, key: object) -> str:
    """The id of a cell of the grid, for links to it; `key` is that of its row."""
    return f"o-{key}-{name}"


@dataclass
class Reading:
    """A row as understood. `refused`: cells that cannot be kept at all (too long, unreadable).

    `problems` keep the plan from being given out; `questions` are guesses to look at, which
    giving out agrees to; `echoes` tell how a cell was understood; `offers` are names to choose.
    """

    row: TaskRow
    refused: dict[str, str] = field(default_factory=dict)
    problems: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    echoes: dict[str, str] = field(default_factory=dict)
    offers: dict[str, list[str]] = field(default_factory=dict)
    members: list[str] = field(default_factory=list)


class RowReader:
    """Reads rows of one plan; holds the agencies of its day and the dimensions, read once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.dimensions = list(Component.objects.dimensions())
        self.parts = _printed_parts(plan)
        self.directory = Directory(plan.province_id, plan_day(plan))
        self._met: dict[str, Named | UnknownAgencyError] = {}

    def read(self, cells: Mapping[str, str]) -> Reading:
        """Understand the cells of one row; never raises for what people type."""
        fields: dict[str, Any] = {"needs_evidence": bool(cells.get("needs_evidence"))}
        reading = Reading(TaskRow(fields, (), ()))
        for cell, (column, max_length) in CELLS.items():
            raw = cells.get(cell, "")
            if cell in LISTS:
                raw = "; ".join(line.strip() for line in raw.splitlines() if line.strip())
            fields[column] = self._clean(reading, cell, raw, max_length)
        if not fields["name"] and "name" not in reading.refused:
            reading.problems["name"] = _("chưa có tên nhiệm vụ")

        components = self._read_dimensions(reading, fields)
        self._read_lead(reading, fields)
        supporters = self._read_supporters(reading, fields)
        self._read_deadline(reading, fields)
        reading.row = TaskRow(fields, components, supporters)
        return reading

    def read_stored(self, task: Task) -> Reading:
        """What the stored texts of a row mean now."""
        cells = {cell: getattr(task, column) for cell, (column, _length) in CELLS.items()}
        return self.read({**cells, "needs_evidence": "1" if task.needs_evidence else ""})

    def _clean(self, reading: Reading, cell: str, raw: str, max_length: int) -> str:
        if len(raw) > 4 * max_length:
            reading.refused[cell] = _too_long(len(raw), max_length)
            return ""
        try:
            clean = text.normalise(raw)
        except text.TextError as error:
            reading.refused[cell] = error.message
            return ""
        if len(clean) > max_length:
            reading.refused[cell] = _too_long(len(clean), max_length)
        return clean

    def _read_dimensions(self, reading: Reading, fields: dict[str, Any]) -> list[Component]:
        fields["is_cross_cutting"] = False
        typed = fields["dimensions_text"]
        if not typed:
            reading.problems["dimensions"] = _(
                "chưa có nội dung PAPI: ghi số từ 1 đến 8 hoặc “chung”"
            )
            return []
        if text.fold(typed) in CROSS_CUTTING:
            fields["is_cross_cutting"] = True
            reading.echoes["dimensions"] = _("Nhiệm vụ chung cho cả tám nội dung")
            return []
        found: list[Component] = []
        for written in filter(None, (p.strip() for p in _DIMENSION_BREAK.split(typed))):
            component = self._part(written) or self._dimension(written)
            if component is None:
                reading.problems["dimensions"] = self._no_dimension(written)
                return []
            found.append(component)
        reading.echoes["dimensions"] = "; ".join(dict.fromkeys(map(self._named, found)))
        # A part stands behind its dimension, by which all work is counted.
        whole = {row.pk: row for row in self.dimensions}
        dimensions = [whole.get(row.parent_id or 0, row) for row in found]
        return list(dict.fromkeys([*dimensions, *found]))

    def _part(self, typed: str) -> Component | None:
        """The part of a dimension that "5.2", "D5.2" or "5.2.1 ..." names in the edition."""
        code = _PART_CODE.match(typed)
        return self.parts.get(code[1]) if code else None

    def _named(self, component: Component) -> str:
        code = next((code for code, part in self.parts.items() if part == component), "")
        return f"{code} {component.name}".strip()

    def _no_dimension(self, typed: str) -> str:
        code = _PART_CODE.match(typed)
        known = [each for each in self.parts if code and each[0] == code[1][0]]
        if known:
            return _(
                "nội dung %(number)s không có phần “%(typed)s”: ghi một trong %(known)s, hoặc chỉ "
                "ghi %(number)s"
            ) % {"typed": typed[:50], "number": known[0][0], "known": ", ".join(known)}
        return _("không có nội dung “%(typed)s”: ghi số từ 1 đến 8 hoặc “chung”, ví dụ: 5; 8") % {
            "typed": typed[:50]
        }

    def _dimension(self, typed: str) -> Component | None:
        code = re.fullmatch(r"(?:d|nội dung|nd)?\s*([1-8])(?:\b.*)?", typed.lower(), re.DOTALL)
        if self.parts and _PART_CODE.match(typed):
            return None
        for component in self.dimensions:
            if code and component.stable_key == f"D{code[1]}":
                return component
        words = text.fold(typed).split()
        if code or len("".join(words)) < 4:
            return None
        named = [c for c in self.dimensions if all(w in text.fold(c.name) for w in words)]
        return named[0] if len(named) == 1 else None

    def _read_lead(self, reading: Reading, fields: dict[str, Any]) -> None:
        fields["lead_agency"] = fields["lead_group"] = None
        typed = fields["lead_text"]
        if not typed:
            reading.problems["lead"] = _("chưa có cơ quan chủ trì")
            return
        named = self._find(reading, "lead", typed)
        if named is None:
            self._tell_several_leads(reading, typed)
            return
        fields["lead_agency"], fields["lead_group"] = named.agency, named.group
        if named.group is None:
            reading.echoes["lead"] = "" if named.label == typed else named.label
        elif named.members:
            reading.members = [agency.name for agency in named.members]
            reading.echoes["lead"] = ngettext(
                "Giao cho %(count)s cơ quan", "Giao cho %(count)s cơ quan", len(named.members)
            ) % {"count": len(named.members)}
        else:
            fields["lead_group"] = None
            reading.problems["lead"] = _("nhóm này không có cơ quan nào vào ngày ban hành kế hoạch")

    def _tell_several_leads(self, reading: Reading, typed: str) -> None:
        """Say so where "Sở A, Sở B" names several bodies: nobody there is missing from the list."""
        for between in _BETWEEN_LEADS:
            parts = [part for part in between.split(typed) if part.strip()]
            labels = [named.label for part in parts if (named := self.directory.named(part))]
            if 1 < len(parts) == len(labels):
                break
        else:
            return
        reading.problems["lead"] = _(
            "“%(typed)s” là %(count)s cơ quan, mà mỗi nhiệm vụ chỉ một cơ quan chủ trì: "
            "hãy ghi một cơ quan, ví dụ %(first)s, và chuyển cơ quan còn lại sang cột phối hợp"
        ) % {"typed": typed[:50], "count": len(labels), "first": labels[0]}
        reading.offers["lead"] = labels[:3]

    def _read_supporters(self, reading: Reading, fields: dict[str, Any]) -> list[Agency]:
        agencies: list[Agency] = []
        for part in (p.strip() for p in re.split(r"[;\n]", fields["supporters_text"])):
            for named in self._find_list(reading, part) if part else ():
                agencies += [named.agency] if named.agency else named.members
        # In "Sở A chủ trì; các sở, ban, ngành phối hợp" the lead does not support itself.
        unique = [row for row in dict.fromkeys(agencies) if row != fields["lead_agency"]]
        if unique and "supporters" not in reading.problems:
            reading.echoes["supporters"] = ngettext(
                "%(count)s cơ quan phối hợp", "%(count)s cơ quan phối hợp", len(unique)
            ) % {"count": len(unique)}
            if len(unique) <= NAMED_AT_MOST:
                reading.echoes["supporters"] = "; ".join(row.label for row in unique)
        return unique

    def _find_list(self, reading: Reading, part: str) -> list[Named]:
        """The agencies in "Sở A, Sở B": a comma may also be part of a name, so longest first."""
        pieces = [piece.strip() for piece in part.split(",") if piece.strip()]
        found: list[Named] = []
        start = 0
        while start < len(pieces):
            longest = min(len(pieces), start + self.directory.most_words)
            for end in range(longest, start + 1, -1):
                named = self.directory.named(", ".join(pieces[start:end]))
                if named is not None:
                    break
            else:
                end = start + 1
                named = self._find(reading, "supporters", pieces[start])
            if named is not None:
                found.append(named)
            start = end
        return found

    def _find(self, reading: Reading, cell: str, typed: str) -> Named | None:
        # A plan names the same agencies again and again; looking for the nearest ones is slow.
        if typed not in self._met:
            try:
                self._met[typed] = self.directory.find(typed)
            except UnknownAgencyError as error:
                self._met[typed] = error
        met = self._met[typed]
        if isinstance(met, Named):
            return met
        reading.problems[cell] = met.message
        reading.offers[cell] = met.nearest
        return None

    def _read_deadline(self, reading: Reading, fields: dict[str, Any]) -> None:
        empty = {"deadline_kind": "", "starts_on": None, "due_on": None, "recurrence": ""}
        fields.update(empty, is_deadline_inferred=False)
        try:
            deadline = text.parse_deadline(
                fields["deadline_text"],
                period_start=self.plan.period_start,
                period_end=self.plan.period_end,
                issued_on=(self.plan.amends or self.plan).issued_on,
            )
        except text.TextError as error:
            reading.problems["deadline"] = error.message
            return
        fields.update(
            deadline_kind=deadline.kind.value,
            starts_on=deadline.starts_on,
            due_on=deadline.due_on,
            recurrence=deadline.recurrence.value,
            is_deadline_inferred=deadline.is_inferred or bool(deadline.question),
        )
        reading.echoes["deadline"] = text.describe(deadline)
        if deadline.question:
            reading.questions["deadline"] = deadline.question


def _too_long(length: int, max_length: int) -> str:
    return _("dài %(length)s ký tự, tối đa %(max)s: hãy viết ngắn lại") % {
        "length": length,
        "max": max_length,
    }


def _printed_parts(plan: Plan) -> dict[str, Component]:
    """Sub-dimensions by the codes of the last edition before the plan's year. One query.

    The same code means other things in other editions; a plan speaks of the last one published.
    """
    before = Edition.objects.filter(index__code=PAPI, year__lt=plan.year).order_by("-year")
    printed = EditionComponent.objects.filter(
        edition=Subquery(before.values("pk")[:1]), component__level=Level.SUBDIMENSION
    )
    return {row.code: row.component for row in printed.select_related("component").order_by("code")}


@transaction.atomic
def read_again(plan: Plan) -> None:
    """Understand all rows of a draft anew, after its dates or its province changed.

    Rows of an amendment that repeat the plan mean what the plan means.
    """
    reader = RowReader(plan)
    for task in plan.tasks.in_order().select_related("origin"):
        if plan.is_amendment and task.origin and _repeats(task, task.origin):
            continue
        save_task(plan, reader.read_stored(task).row, pk=task.pk, version=task.version)


def _repeats(task: Task, origin: Task) -> bool:
    return all(
        getattr(task, column) == getattr(origin, column) for column, _length in CELLS.values()
    )
