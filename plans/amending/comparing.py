"""What an amendment would do: to the words of the tasks, and to the work that was given out.

A task is compared with its copy by its words. Only where they differ does its work change, and
only by as much as the difference asks for: done work and what was reported stay.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from plans.amending.columns import Edit, edits_between
from plans.models import Assignment, Plan, Task
from plans.services import (
    leads_of,
    members_of_lead_groups,
    new_assignment,
    periods_of,
    plan_day,
)
from plans.states import ChangeKind, Status
from plans.workflow import Dates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from agencies.models import Agency
    from plans.services import Period

Key = tuple[int, str]


@dataclass
class Effect:
    """What becomes of the assignments of one task; `kept` are those that stay as they are."""

    created: list[Assignment] = field(default_factory=list)
    reopened: list[Dates] = field(default_factory=list)
    dated: list[Dates] = field(default_factory=list)
    stopped: list[Assignment] = field(default_factory=list)
    kept: list[Assignment] = field(default_factory=list)


@dataclass
class TaskChange:
    """One task that an amendment adds, changes or stops; `row` is its new text."""

    kind: ChangeKind
    task: Task
    row: Task | None
    edits: list[Edit]
    effect: Effect

    @property
    def edited(self) -> set[str]:
        return {edit.column for edit in self.edits}

    @property
    def untouched_open(self) -> list[Assignment]:
        """Open work that stays, but whose task now reads otherwise."""
        return [row for row in self.effect.kept if row.is_open]


@dataclass
class Comparison:
    plan: Plan
    amendment: Plan
    head: list[Edit]
    changes: list[TaskChange]
    # The task that each row of the amendment is the new text of, by key.
    task_of_row: dict[int, int]

    def of_kind(self, kind: ChangeKind) -> list[TaskChange]:
        return [change for change in self.changes if change.kind == kind]

    @property
    def added(self) -> list[TaskChange]:
        return self.of_kind(ChangeKind.ADDED)

    @property
    def changed(self) -> list[TaskChange]:
        return self.of_kind(ChangeKind.CHANGED)

    @property
    def stopped(self) -> list[TaskChange]:
        return self.of_kind(ChangeKind.STOPPED)

    @property
    def is_empty(self) -> bool:
        return not self.head and not self.changes

    @property
    def counts(self) -> dict[str, int]:
        effects = [change.effect for change in self.changes]
        names = ("created", "reopened", "dated", "stopped")
        return {name: sum(len(getattr(each, name)) for each in effects) for name in names}

    @property
    def digest(self) -> str:
        """Changes with everything that was shown; what is applied must have this one."""
        told = [
            (change.kind, change.task.pk, change.task.version, change.edits, _shown(change.effect))
            for change in self.changes
        ]
        versions = (self.plan.version, self.amendment.version)
        return hashlib.sha256(repr((versions, self.head, told)).encode()).hexdigest()


def compare(amendment: Plan, today: date, *, is_locked: bool = False) -> Comparison:
    """What `amendment` would change in its plan today; a fixed number of queries.

    With `is_locked` the assignments are locked, for `apply`.
    """
    plan = amendment.amends
    assert plan is not None, "only an amendment is compared"
    assignments = Assignment.objects.filter(plan=plan).order_by("pk")
    if is_locked:
        assignments = assignments.select_for_update(of=("self",))
    work: dict[int, list[Assignment]] = {}
    for assignment in assignments.select_related("agency"):
        work.setdefault(assignment.task_id, []).append(assignment)
    comparer = _Comparer(plan, amendment, today, work)
    return Comparison(
        plan, amendment, comparer.head(), list(comparer.changes()), comparer.task_of_row
    )


@dataclass
class _Comparer:
    plan: Plan
    amendment: Plan
    today: date
    work: dict[int, list[Assignment]]

    def __post_init__(self) -> None:
        self.day = plan_day(self.amendment)
        self.members = members_of_lead_groups(self.amendment)
        self.task_of_row: dict[int, int] = {}

    def head(self) -> list[Edit]:
        old, new = _period(self.plan), _period(self.amendment)
        return [] if old == new else [Edit("period", _("Thời gian thực hiện"), old, new)]

    def changes(self) -> Iterator[TaskChange]:
        tasks = list(self.plan.tasks.filter(stopped_by__isnull=True).in_order())
        copies, added = self._pairs(tasks)
        for task in tasks:
            change = self._change(task, copies.get(task.pk))
            if change is not None:
                yield change
        for row in added:
            effect = Effect(created=self._created(row, row, self._wanted(row, row), set()))
            yield TaskChange(ChangeKind.ADDED, row, row, [], effect)

    def _pairs(self, tasks: list[Task]) -> tuple[dict[int, Task], list[Task]]:
        """The row of each task by its key, and the rows that are new.

        A row that was deleted and typed, imported or brought back again has no origin; with the
        same number and name it is still that task.
        """
        rows = list(self.amendment.tasks.in_order().select_related("lead_agency"))
        copies = {row.origin_id: row for row in rows if row.origin_id is not None}
        missing = {_named(task): task.pk for task in tasks if task.pk not in copies}
        added = []
        for row in rows:
            if row.origin_id is not None:
                continue
            found = missing.pop(_named(row), None)
            if found is None:
                added.append(row)
            else:
                copies[found] = row
        self.task_of_row = {row.pk: task for task, row in copies.items()}
        return copies, added

    def _change(self, task: Task, row: Task | None) -> TaskChange | None:
        there = self.work.get(task.pk, [])
        if row is None:
            stopped = [work for work in there if work.is_open]
            kept = [work for work in there if not work.is_open]
            effect = Effect(stopped=stopped, kept=kept)
            return TaskChange(ChangeKind.STOPPED, task, None, [], effect)
        edits = edits_between(task, row)
        effect = self._effect(task, row, {edit.column for edit in edits}, there)
        moves = effect.created or effect.reopened or effect.dated or effect.stopped
        if not edits and not moves:
            return None
        return TaskChange(ChangeKind.CHANGED, task, row, edits, effect)

    def _effect(self, task: Task, row: Task, edited: set[str], there: list[Assignment]) -> Effect:
        # The same words mean what they meant, whatever would be read from them today.
        timing = row if "deadline" in edited else task
        old = _by_label(task, self.plan)
        new = _by_label(timing, self.amendment)
        if "lead" not in edited and old == new:
            return Effect(kept=there)
        now = {work.agency_id: work.agency for work in there if work.status != Status.CANCELLED}
        leads = now
        if "lead" in edited:
            leads = {agency.pk: agency for agency in leads_of(row, self.members)}
        effect = Effect()
        for work in there:
            self._place(work, effect, old, new, now, leads)
        known = {(work.agency_id, work.period_label) for work in there}
        wanted = [(agency, period) for agency in leads.values() for period in new.values()]
        effect.created = self._created(task, row, wanted, known)
        _link_successors(effect, keeps_dates="deadline" not in edited)
        return effect

    def _place(
        self,
        work: Assignment,
        effect: Effect,
        old: dict[str, Period],
        new: dict[str, Period],
        now: dict[int, Agency],
        leads: dict[int, Agency],
    ) -> None:
        """Put one assignment that is there under what becomes of it."""
        label = work.period_label
        period = new.get(label) if work.agency_id in leads else None
        if work.status == Status.DONE or self._is_past(label, work.due_on):
            effect.kept.append(work)
        elif work.status == Status.CANCELLED:
            # Stopped for a reason of its own, unless the plan did not ask for it until now.
            was_asked = work.agency_id in now and label in old
            if period is None or was_asked or self._is_past(label, period[1]):
                effect.kept.append(work)
            else:
                effect.reopened.append(Dates(work, period[0], period[1]))
        elif period is None:
            effect.stopped.append(work)
        elif old.get(label) != period and (work.starts_on, work.due_on) != period[:2]:
            effect.dated.append(Dates(work, period[0], period[1]))
        else:
            effect.kept.append(work)

    def _wanted(self, row: Task, timing: Task) -> list[tuple[Agency, Period]]:
        periods = _by_label(timing, self.amendment).values()
        return [(agency, each) for agency in leads_of(row, self.members) for each in periods]

    def _created(
        self, task: Task, row: Task, wanted: list[tuple[Agency, Period]], known: set[Key]
    ) -> list[Assignment]:
        made = []
        for agency, period in wanted:
            if (agency.pk, period[2]) in known or self._is_past(period[2], period[1]):
                continue
            work = new_assignment(self.plan, task, agency, period, self.today)
            work.primary_component_id = row.primary_component_id
            made.append(work)
        return made

    def _is_past(self, label: str, due_on: date | None) -> bool:
        """A period that was over when the document came: it neither asks for it nor takes it."""
        return bool(label) and due_on is not None and due_on < self.day


def _named(task: Task) -> tuple[str, str]:
    return task.number_in_plan, task.name


def _by_label(task: Task, plan: Plan) -> dict[str, Period]:
    periods = periods_of(task, plan.period_start, plan.period_end)
    return {period[2]: period for period in periods}


def _link_successors(effect: Effect, *, keeps_dates: bool) -> None:
    """Where one agency hands to one other, the new work points to the old.

    A date that was extended goes along, unless the document sets another.
    """
    for label in {work.period_label for work in effect.created}:
        new = [work for work in effect.created if work.period_label == label]
        old = [work for work in effect.stopped if work.period_label == label]
        if len(new) == len(old) == 1:
            new[0].replaces = old[0]
            if keeps_dates and old[0].due_on is not None:
                new[0].due_on = old[0].due_on


def _period(plan: Plan) -> str:
    return f"{plan.period_start:%d/%m/%Y} – {plan.period_end:%d/%m/%Y}"


def _shown(effect: Effect) -> tuple[list[object], ...]:
    def told(work: Assignment) -> object:
        return (work.pk, work.agency_id, work.period_label, work.status, work.due_on)

    return (
        [told(work) for work in effect.created],
        [(told(each.assignment), each.due_on) for each in effect.reopened],
        [(told(each.assignment), each.due_on) for each in effect.dated],
        [told(work) for work in effect.stopped],
        [(work.pk, work.status) for work in effect.kept],
    )
