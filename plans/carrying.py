"""A plan made from an earlier one: what can be copied, what is asked first, what is carried over.

Nothing here gives out work. The words of a task are copied with the years of its deadline moved;
years in its name and agencies that are gone are asked about, never changed silently.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch

from agencies.models import Agency, Province, Succession
from agencies.querysets import valid_on
from agencies.services import Directory
from papi_portal import text
from plans.grid import CELLS, RowReader
from plans.models import Assignment, Plan, Target, Task
from plans.rows import add_rows
from plans.services import dimensions_by_key, lock_draft, save_plan, target_of
from plans.states import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from agencies.models import User
    from plans.querysets import TaskQuerySet

MAX_YEARS = 10
# A body may have been renamed, merged and split in turn.
MAX_SUCCESSIONS = 5


@dataclass(frozen=True)
class Gone:
    """An agency of the old plan that is not there on the day of the new one, and its heirs."""

    agency: Agency
    heirs: list[Agency]


@dataclass(frozen=True)
class Line:
    """A task that can be taken along, with what of it would change."""

    task: Task
    is_unfinished: bool
    deadline: str
    name: str
    went_to: list[Plan]

    @property
    def asks_name(self) -> bool:
        return self.name != self.task.name


@dataclass(frozen=True)
class Choice:
    """What the person chose: tasks by key, names to change, heirs of agencies that are gone."""

    years: int
    tasks: frozenset[int]
    renamed: frozenset[int] = frozenset()
    heirs: Mapping[int, Agency] = field(default_factory=dict)
    ends_origin: bool = False


def lines(plan: Plan, years: int, today: date) -> list[Line]:
    """The tasks of a plan that was given out, stopped ones left out; a fixed number of queries."""
    return [
        Line(
            task=task,
            is_unfinished=task.is_unfinished,  # type: ignore[attr-defined]  # annotated
            deadline=text.shift_years(task.deadline_text, years),
            name=text.shift_years(task.name, years),
            went_to=[copy.plan for copy in task.carried_copies],  # type: ignore[attr-defined]
        )
        for task in _tasks(plan).with_progress(today)
    ]


def new_province(plan: Plan, day: date) -> Province:
    """The province of the plan on `day`: itself, or what it became part of."""
    province = plan.province
    for _step in range(MAX_SUCCESSIONS):
        if Province.objects.filter(valid_on(day), pk=province.pk).exists():
            break
        heir = Province.objects.filter(successions_to__old_provinces=province).first()
        if heir is None:
            break
        province = heir
    return province


def gone(plan: Plan, province: Province, day: date) -> list[Gone]:
    """Agencies named in the tasks of `plan` that nobody in `province` knows on `day`."""
    named = Agency.objects.filter(
        Exists(plan.tasks.filter(lead_agency=OuterRef("pk")))
        | Exists(Task.supporters.through.objects.filter(task__plan=plan, agency=OuterRef("pk")))
    )
    written = "\n".join(
        "\n".join(texts) for texts in plan.tasks.values_list("lead_text", "supporters_text")
    )
    directory = Directory(province.pk, day)
    unknown = [
        agency
        for agency in named.by_name().prefetch_related("aliases")
        # A member of a group is not asked about: the group is written out anew.
        if directory.named(agency.name) is None and _written_as(agency).search(written)
    ]
    heirs = heirs_of(unknown, [province.pk], day)
    return [Gone(agency, heirs[agency.pk]) for agency in unknown]


def heirs_of(
    agencies: Iterable[Agency], provinces: Iterable[int], day: date
) -> dict[int, list[Agency]]:
    """What became of each of `agencies`, as far as it is there on `day` in `provinces`.

    One query for each generation and one for the heirs, however many agencies.
    """
    became = {agency.pk: {agency.pk} for agency in agencies}
    generation = set(became)
    for _step in range(MAX_SUCCESSIONS):
        acts = Succession.objects.filter(old_agencies__in=generation, new_agencies__isnull=False)
        links = acts.values_list("old_agencies", "new_agencies")
        for old, new in links:
            for found in became.values():
                if old in found:
                    found.add(new)
        generation = {new for _old, new in links}
        if not generation:
            break
    there = Agency.objects.filter(
        valid_on(day), province__in=list(provinces), pk__in=set().union(*became.values())
    ).by_name()
    return {
        key: [heir for heir in there if heir.pk in found and heir.pk != key]
        for key, found in became.items()
    }


@transaction.atomic
def copy_plan(old: Plan, choice: Choice, *, title: str, with_targets: bool, by: User) -> Plan:
    """A draft like `old`, `choice.years` later, without number, date and signer."""
    start = text.shift_day(old.period_start, choice.years)
    province = new_province(old, start)
    plan = Plan(
        province=province,
        kind=old.kind,
        year=start.year,
        title=title,
        issuer=old.issuer,
        period_start=start,
        period_end=text.shift_day(old.period_end, choice.years),
        monitor=_agency_on(old.monitor, province, start, choice.heirs),
        based_on=old.based_on,
        parent=old.parent,
        is_illustrative=old.is_illustrative,
        created_by=by,
    )
    targets = _shifted_targets(old, choice.years) if with_targets else []
    save_plan(plan, targets=targets, indices=list(old.indices.all()), version=None)
    carry_into(plan, old, choice)
    return plan


@transaction.atomic
def carry_into(plan: Plan, old: Plan, choice: Choice) -> list[Task]:
    """Add the chosen tasks of `old` to the draft `plan`; those it has already are left out.

    A fixed number of queries per batch of tasks. Raise `services.NotDraftError` once the plan is
    given out.
    """
    # Locked before it is looked at, or two requests would each find nothing there.
    lock_draft(plan)
    there = set(plan.tasks.filter(origin__plan=old).values_list("origin_id", flat=True))
    wanted = choice.tasks - there
    reader = RowReader(plan)
    rows = []
    for task in _tasks(old).filter(pk__in=wanted):
        row = reader.read(cells_of(task, choice)).row
        is_unfinished: bool = task.is_unfinished  # type: ignore[attr-defined]  # annotated
        row.fields.update(
            origin=task,
            is_carried_over=is_unfinished,
            ends_origin=is_unfinished and choice.ends_origin,
        )
        rows.append(row)
    return add_rows(plan, rows)


def cells_of(task: Task, choice: Choice) -> dict[str, str]:
    """What the grid's cells of the copy say, as if typed."""
    cells = {cell: getattr(task, column) for cell, (column, _length) in CELLS.items()}
    cells["deadline"] = text.shift_years(cells["deadline"], choice.years)
    if task.pk in choice.renamed:
        cells["name"] = text.shift_years(cells["name"], choice.years)
        cells["product"] = text.shift_years(cells["product"], choice.years)
    for agency in [task.lead_agency, *task.supporters.all()]:
        heir = choice.heirs.get(agency.pk) if agency else None
        if agency is None or heir is None:
            continue
        if agency == task.lead_agency:
            cells["lead"] = heir.name
        cells["supporters"] = _renamed(cells["supporters"], agency, heir)
    return {**cells, "needs_evidence": "1" if task.needs_evidence else ""}


def drafts_for(plan: Plan, provinces: Iterable[int]) -> list[Plan]:
    """Drafts into which tasks of `plan` may go: of those provinces, and no amendments."""
    rows = Plan.objects.filter(
        province__in=provinces, status=PlanStatus.DRAFT, amends__isnull=True
    ).exclude(pk=plan.pk)
    return list(rows.newest_first())


def generations(task: Task) -> list[Task]:
    """The tasks that `task` was carried over from, the latest first; one query for each."""
    found: list[Task] = []
    current = task
    while current.is_carried_over and current.origin_id and len(found) < 20:
        current = Task.objects.select_related("plan").get(pk=current.origin_id)
        found.append(current)
    return found


def _tasks(plan: Plan) -> TaskQuerySet:
    open_work = Assignment.objects.filter(task=OuterRef("pk")).open()
    copies = Task.objects.filter(is_carried_over=True).select_related("plan")
    return (
        plan.tasks.filter(stopped_by__isnull=True)
        .in_order()
        .annotate(is_unfinished=Exists(open_work))
        .select_related("lead_agency", "lead_group")
        .prefetch_related(
            "supporters__aliases",
            "lead_agency__aliases",
            Prefetch("copies", queryset=copies, to_attr="carried_copies"),
        )
    )


def _agency_on(
    agency: Agency | None, province: Province, day: date, heirs: Mapping[int, Agency]
) -> Agency | None:
    if agency is None:
        return None
    if agency.pk in heirs:
        return heirs[agency.pk]
    named = Directory(province.pk, day).named(agency.name)
    return named.agency if named else None


def _renamed(written: str, agency: Agency, heir: Agency) -> str:
    """`written` with every way of writing `agency` replaced by the name of `heir`."""
    return _written_as(agency).sub(lambda _match: heir.name, written)


def _written_as(agency: Agency) -> re.Pattern[str]:
    spellings = {agency.name, agency.short_name, *(row.name for row in agency.aliases.all())}
    longest_first = sorted(filter(None, spellings), key=len, reverse=True)
    pattern = "|".join(re.escape(spelling) for spelling in longest_first)
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def _shifted_targets(plan: Plan, years: int) -> list[Target]:
    dimensions = dimensions_by_key()
    return [
        target_of(text.shift_years(target.text, years), dimensions) for target in plan.targets.all()
    ]
