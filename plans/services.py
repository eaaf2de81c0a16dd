"""Writes of plans and tasks: saving, checking completeness, giving out the work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from agencies.models import Agency, AgencyGroup
from indicators.models import Component
from indicators.targets import read_target
from papi_portal import text
from plans import taking_over, workflow
from plans.models import Assignment, Plan, Target, Task
from plans.states import DeadlineKind, PlanStatus, Recurrence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from agencies.models import User
    from indicators.models import Index


class StalePlanError(Exception):
    """Somebody else saved the plan since the person read it."""

    def __init__(self, current: Plan) -> None:
        super().__init__(current.pk)
        self.current = current


class StaleTaskError(Exception):
    """Somebody else saved or deleted the row since the person read it (`current` None: deleted)."""

    def __init__(self, current: Task | None) -> None:
        super().__init__(current.pk if current else None)
        self.current = current


class NumberTakenError(Exception):
    """The province has another document of this number and year."""


class NotDraftError(Exception):
    """The plan has been given out or deleted, so its tasks no longer change."""


class AmendmentError(Exception):
    """A document that amends a plan is applied to it, not given out by itself."""


class IncompletePlanError(Exception):
    """The plan cannot be given out yet; `problems` name every cell that is missing."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(len(problems))
        self.problems = problems


@dataclass(frozen=True)
class Problem:
    """What keeps a plan from being given out; `task` None means the plan itself."""

    task: Task | None
    field: str
    message: str

    @property
    def row(self) -> int:
        """The number that the grid shows at the row."""
        return self.task.position if self.task else 0


def plan_day(plan: Plan) -> date:
    """The day on which agencies named in the plan must exist: its date, else its first day."""
    return plan.issued_on or plan.period_start


@transaction.atomic
def save_plan(
    plan: Plan, *, targets: Sequence[Target], indices: Iterable[Index], version: int | None
) -> Plan:
    """Save a plan with its targets and indices; `version` None makes a new one.

    Raise `StalePlanError` if the stored plan is no longer at `version` and `NumberTakenError`
    if the number is taken in the province and year.
    """
    if version is not None:
        stored = Plan.objects.select_for_update().get(pk=plan.pk)
        if stored.version != version:
            raise StalePlanError(stored)
        plan.version = version + 1
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as error:
        if "number" in str(error):
            raise NumberTakenError from error
        raise
    plan.indices.set(indices)
    plan.targets.all().delete()
    for position, target in enumerate(targets, start=1):
        target.pk, target.plan, target.position = None, plan, position
    Target.objects.bulk_create(targets)
    return plan


def dimensions_by_key() -> dict[str, Component]:
    """The dimensions of PAPI by their stable keys, D1 to D8."""
    keys = [f"D{number}" for number in range(1, 9)]
    return {row.stable_key: row for row in Component.objects.filter(stable_key__in=keys)}


def target_of(line: str, dimensions: dict[str, Component]) -> Target:
    """A target in its own words, with what `read_target` understands of them."""
    meaning = read_target(line)
    return Target(
        text=line,
        component=dimensions.get(f"D{meaning.dimension}"),
        metric=meaning.metric,
        operator=meaning.operator,
        value=meaning.value,
        group=meaning.group,
        year=meaning.year,
        baseline_year=meaning.baseline_year,
        is_each_year=meaning.is_each_year,
        is_kept=meaning.is_kept,
    )


@dataclass(frozen=True)
class TaskRow:
    """One row of the grid as typed and as understood (see grid.RowReader)."""

    fields: dict[str, Any]
    components: Sequence[Component]
    supporters: Sequence[Agency]


@transaction.atomic
def save_task(
    plan: Plan,
    row: TaskRow,
    *,
    pk: int | None,
    version: int | None,
    row_key: UUID | None = None,
    after: int | None = None,
    restores: int | None = None,
) -> Task:
    """Save one row of a draft plan; a new one (`pk` None) goes behind the row `after`.

    `after` 0 is the top; without it, or if that row is gone, a new row goes to the end. A new row
    that came before with the same `row_key` is that row, saved again; one that brings back the
    deleted row `restores` is tied to what that one was tied to. Raise `NotDraftError` once
    the plan is given out, `StaleTaskError` if the stored row is no longer at `version` or is gone.
    """
    lock_draft(plan)
    task: Task | None = None
    if pk is None and row_key is not None:
        task = Task.objects.select_for_update().filter(plan=plan, row_key=row_key).first()
    elif pk is not None:
        task = Task.objects.select_for_update().filter(plan=plan, pk=pk).first()
        if task is None or task.version != version:
            raise StaleTaskError(task)
    if task is None:
        task = Task(plan=plan, position=free_position(plan, after), row_key=row_key)
        tie_as_before(task, restores)
    return write_row(task, row)


def tie_as_before(task: Task, restores: int | None) -> None:
    """Give a new row the origin that the deleted row `restores` of its plan had.

    Unless the origin is gone or another row of the plan has it by now.
    """
    if restores is None:
        return
    past = Task.history.filter(id=restores, plan=task.plan_id, history_type="-").first()
    if past is None or past.origin_id is None or Task.objects.filter(pk=restores).exists():
        return
    siblings = Task.objects.filter(plan=task.plan_id, origin=past.origin_id)
    if Task.objects.filter(pk=past.origin_id).exists() and not siblings.exists():
        task.origin_id = past.origin_id
        task.is_carried_over, task.ends_origin = past.is_carried_over, past.ends_origin


def free_position(plan: Plan, after: int | None) -> int:
    """The place behind the row `after` (see `save_task`), with the rows below moved down."""
    above: int | None = 0 if after == 0 else None
    if after:
        above = plan.tasks.filter(pk=after).values_list("position", flat=True).first()
    if above is None:
        return (plan.tasks.aggregate(last=Max("position"))["last"] or 0) + 1
    plan.tasks.filter(position__gt=above).update(position=F("position") + 1)
    return above + 1


def write_row(task: Task, row: TaskRow) -> Task:
    """Write what a row says onto a task of a locked draft."""
    is_new = task.pk is None
    if not is_new:
        task.version += 1
    for name, value in row.fields.items():
        setattr(task, name, value)
    task.primary_component = row.components[0] if row.components else None
    task.save()
    if is_new:
        task.components.add(*row.components)
        task.supporters.add(*row.supporters)
        return task
    # Most rows keep them; what was prefetched is not asked for again.
    if {each.pk for each in task.components.all()} != {each.pk for each in row.components}:
        task.components.set(row.components)
    if {each.pk for each in task.supporters.all()} != {each.pk for each in row.supporters}:
        task.supporters.set(row.supporters)
    return task


@transaction.atomic
def delete_task(plan: Plan, *, pk: int, version: int | None) -> None:
    """Delete a row of a draft plan; its history keeps it. What is gone already stays gone.

    Raise `NotDraftError` once the plan is given out, `StaleTaskError` if a colleague has changed
    the row since `version`.
    """
    lock_draft(plan)
    task = Task.objects.select_for_update().filter(pk=pk, plan=plan).first()
    if task is None:
        return
    if task.version != version:
        raise StaleTaskError(task)
    task.delete()
    plan.tasks.filter(position__gt=task.position).update(position=F("position") - 1)


@transaction.atomic
def delete_draft(plan: Plan) -> None:
    """Delete a plan that was never given out, with its rows; history keeps them."""
    lock_draft(plan)
    plan.delete()


def problems(plan: Plan) -> list[Problem]:
    """All that keeps `plan` from being given out, in the order of its rows; one query."""
    found: list[Problem] = []
    tasks = list(plan.tasks.incomplete(plan_day(plan)).in_order())
    for task in tasks:
        if not task.name:
            found.append(Problem(task, "name", _("chưa có tên nhiệm vụ")))
        if not task.has_lead:  # type: ignore[attr-defined]  # annotated
            found.append(Problem(task, "lead", _lacking_lead(task)))
        if task.primary_component_id is None and not task.is_cross_cutting:
            found.append(Problem(task, "dimensions", _("chưa có nội dung PAPI")))
        if task.deadline_kind == DeadlineKind.UNKNOWN:
            found.append(Problem(task, "deadline", _("chưa có thời hạn hiểu được")))
    if not tasks and not plan.is_amendment and not plan.tasks.exists():
        found.append(Problem(None, "tasks", _("kế hoạch chưa có nhiệm vụ nào")))
    return found


def _lacking_lead(task: Task) -> str:
    if task.lead_group_id is None:
        return _("chưa có cơ quan chủ trì")
    return _("nhóm này không có cơ quan nào vào ngày ban hành kế hoạch")


@transaction.atomic
def activate(
    plan: Plan,
    *,
    by: User | None,
    today: date,
    now: datetime,
    may_stop_rest: bool = False,
) -> list[Assignment]:
    """Give out the work of a draft plan: an assignment per task, agency and period.

    The queries are fixed but for a few per batch of 500 rows. Raise `NotDraftError` if it was
    given out before, `IncompletePlanError` with all that is missing and, unless `may_stop_rest`,
    `taking_over.OpenWorkError` if the plan it replaces has open work that is not carried over.
    """
    stored = lock_draft(plan)
    if stored.is_amendment:
        raise AmendmentError
    missing = problems(stored)
    if missing:
        raise IncompletePlanError(missing)

    tasks = list(stored.tasks.in_order().select_related("lead_agency"))
    members = members_of_lead_groups(stored)
    rows = [
        assignment
        for task in tasks
        for agency in leads_of(task, members)
        for assignment in assignments_of(stored, task, agency, today)
    ]
    carried = taking_over.carried_tasks(stored)
    made = workflow.assign_all(
        rows,
        workflow.Order(by, now),
        text_of=lambda row: taking_over.taken_from(carried.get(row.task_id)),
    )
    order = workflow.Order(by, now, stored)
    taking_over.end_old_work(stored, carried, order, may_stop_rest=may_stop_rest)
    taking_over.supersede(stored, today)
    stored.status = PlanStatus.ACTIVE
    stored.activated_on = today
    stored.version += 1
    stored.save(update_fields=["status", "activated_on", "version", "updated_at"])
    plan.status, plan.activated_on, plan.version = (
        stored.status,
        stored.activated_on,
        stored.version,
    )
    return made


def lock_draft(plan: Plan) -> Plan:
    """Lock a plan whose rows are about to change.

    Raise `NotDraftError` once it is given out, or deleted since the caller read it.
    """
    stored = Plan.objects.select_for_update().filter(pk=plan.pk).first()
    if stored is None or not stored.is_draft:
        raise NotDraftError
    return stored


def leads_of(task: Task, members: dict[int | None, list[Agency]]) -> list[Agency]:
    if task.lead_group_id is not None:
        return members[task.lead_group_id]
    return [task.lead_agency] if task.lead_agency else []


def members_of_lead_groups(plan: Plan) -> dict[int | None, list[Agency]]:
    """The agencies of every group that leads a task of `plan`, on the day of the plan."""
    groups = AgencyGroup.objects.filter(led_tasks__plan=plan).distinct()
    return {
        group.pk: group.members_on_day  # type: ignore[attr-defined]  # set by with_members_on
        for group in groups.with_members_on(plan_day(plan))
    }


Period = tuple["date | None", "date | None", str]


def periods_of(task: Task, start: date, end: date) -> list[Period]:
    """First day, due date and label of each piece of `task` in a plan of `start` to `end`."""
    if task.deadline_kind == DeadlineKind.RECURRING and task.recurrence != Recurrence.NEVER:
        return list(text.period_instances(text.Recurrence(task.recurrence), start, end))
    return [(task.starts_on, task.due_on, "")]


def assignments_of(plan: Plan, task: Task, agency: Agency, today: date) -> list[Assignment]:
    """What giving out `task` to `agency` makes, not saved yet."""
    return [
        new_assignment(plan, task, agency, period, today)
        for period in periods_of(task, plan.period_start, plan.period_end)
    ]


def new_assignment(
    plan: Plan, task: Task, agency: Agency, period: Period, today: date
) -> Assignment:
    starts_on, due_on, label = period
    return Assignment(
        task=task,
        plan=plan,
        province_id=plan.province_id,
        agency=agency,
        primary_component_id=task.primary_component_id,
        period_label=label,
        starts_on=starts_on,
        first_due_on=due_on,
        due_on=due_on,
        # Nobody is silent about a period that has not begun.
        last_heard_on=max(today, starts_on) if starts_on else today,
    )
