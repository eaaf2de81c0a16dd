"""Several rows of a draft plan at once: saved or deleted all or none, and put in another order."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from plans.models import Task
from plans.services import (
    StaleTaskError,
    TaskRow,
    free_position,
    lock_draft,
    tie_as_before,
    write_row,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from agencies.models import Agency, User
    from indicators.models import Component
    from plans.models import Plan

BATCH = 500


class StaleRowsError(Exception):
    """Rows that a colleague has changed, or deleted (None), by their place among those sent."""

    def __init__(self, stale: Mapping[int, Task | None]) -> None:
        super().__init__(len(stale))
        self.stale = stale


@dataclass(frozen=True)
class RowChange:
    """A row to be saved: stored (`pk` at `version`) or new, behind the row `after`."""

    row: TaskRow
    pk: int | None = None
    version: int | None = None
    row_key: UUID | None = None
    after: int | None = None
    restores: int | None = None


@transaction.atomic
def add_rows(plan: Plan, rows: Sequence[TaskRow], *, by: User | None = None) -> list[Task]:
    """Add new rows to the end of a draft plan; a row may bring its own `position`.

    History names `by` or, without it, whoever sends the request. Raise `NotDraftError` once the
    plan is given out. The queries are fixed but for a few per batch of 500 rows.
    """
    lock_draft(plan)
    tasks = [
        Task(**{"plan": plan, "position": position, **_values(row)})
        for position, row in enumerate(rows, start=free_position(plan, None))
    ]
    made: list[Task] = bulk_create_with_history(tasks, Task, batch_size=BATCH, default_user=by)
    pairs = list(zip(made, rows, strict=True))
    _link(
        [(task.pk, row.components) for task, row in pairs],
        [(task.pk, row.supporters) for task, row in pairs],
    )
    return made


def change_rows(rows: Sequence[tuple[Task, TaskRow]]) -> None:
    """Write rows onto stored tasks of a locked draft; the queries are fixed per `BATCH` rows.

    The tasks have their components and supporters prefetched.
    """
    changed = {"version"}
    folded = Task._meta.get_field("search_text")
    names = [field.attname for field in Task._meta.concrete_fields]
    for task, row in rows:
        before = {name: getattr(task, name) for name in names}
        for name, value in _values(row).items():
            setattr(task, name, value)
        task.version += 1
        # An update of many rows does not ask a column for its value.
        folded.pre_save(task, add=False)
        changed |= {name for name in names if getattr(task, name) != before[name]}
    tasks = [task for task, _row in rows]
    fields = [field.name for field in Task._meta.concrete_fields if field.attname in changed]
    bulk_update_with_history(tasks, Task, fields, batch_size=BATCH)
    components, supporters = _differing(rows, "components"), _differing(rows, "supporters")
    Task.components.through.objects.filter(task__in=[pk for pk, _named in components]).delete()
    Task.supporters.through.objects.filter(task__in=[pk for pk, _named in supporters]).delete()
    _link(components, supporters)


def _values(row: TaskRow) -> dict[str, Any]:
    """The columns of a task; the first component is the primary one unless the row says another."""
    return {"primary_component": row.components[0] if row.components else None, **row.fields}


def _differing(
    rows: Sequence[tuple[Task, TaskRow]], column: str
) -> list[tuple[int, Sequence[Component | Agency]]]:
    """Tasks by key whose `column` (components, supporters) has others than their rows name."""
    return [
        (task.pk, getattr(row, column))
        for task, row in rows
        if {each.pk for each in getattr(task, column).all()}
        != {each.pk for each in getattr(row, column)}
    ]


def _link(
    components: Sequence[tuple[int, Sequence[Component | Agency]]],
    supporters: Sequence[tuple[int, Sequence[Component | Agency]]],
) -> None:
    """Write the components and the supporters of tasks by key that have none."""
    served, supported = Task.components.through, Task.supporters.through
    served.objects.bulk_create(
        (served(task_id=pk, component_id=each.pk) for pk, named in components for each in named),
        batch_size=BATCH,
    )
    supported.objects.bulk_create(
        (supported(task_id=pk, agency_id=each.pk) for pk, named in supporters for each in named),
        batch_size=BATCH,
    )


@transaction.atomic
def save_rows(
    plan: Plan, changes: Sequence[RowChange], *, deleted: Sequence[tuple[int, int | None]] = ()
) -> list[Task]:
    """Save `changes` and delete the rows `deleted` (pk, version), all or none.

    New rows with the same `after` keep their order. What is deleted already stays gone. Raise
    `NotDraftError` once the plan is given out and `StaleRowsError` with every stale row; deleted
    rows are counted after the changed ones. About three queries for each changed row.
    """
    lock_draft(plan)
    pks = [change.pk for change in changes] + [pk for pk, _version in deleted]
    stored = plan.tasks.select_for_update().prefetch_related("components", "supporters")
    tasks = {task.pk: task for task in stored.filter(pk__in=[pk for pk in pks if pk])}
    _refuse_stale(changes, deleted, tasks)

    keys = [change.row_key for change in changes if change.pk is None and change.row_key]
    sent_before = {task.row_key: task for task in stored.filter(row_key__in=keys)} if keys else {}
    saved: list[Task] = []
    placed: dict[int | None, int] = {}
    for change in changes:
        task = tasks[change.pk] if change.pk else sent_before.get(change.row_key)
        if task is None:
            after = placed.get(change.after, change.after)
            task = Task(plan=plan, position=free_position(plan, after), row_key=change.row_key)
            tie_as_before(task, change.restores)
        saved.append(write_row(task, change.row))
        if change.pk is None and change.after is not None:
            placed[change.after] = task.pk
    gone = [tasks[pk].pk for pk, _version in deleted if pk in tasks]
    for pk in gone:
        tasks[pk].delete()
    if gone:
        put_in_order(plan, list(plan.tasks.in_order().values_list("pk", "position")))
    return saved


def _refuse_stale(
    changes: Sequence[RowChange],
    deleted: Sequence[tuple[int, int | None]],
    tasks: Mapping[int, Task],
) -> None:
    stale: dict[int, Task | None] = {}
    seen: set[int] = set()
    for place, change in enumerate(changes):
        if change.pk is None:
            continue
        task = tasks.get(change.pk)
        if task is None or task.version != change.version or change.pk in seen:
            stale[place] = task
        seen.add(change.pk)
    for place, (pk, version) in enumerate(deleted, start=len(changes)):
        task = tasks.get(pk)
        if pk in seen or (task is not None and task.version != version):
            stale[place] = task
        seen.add(pk)
    if stale:
        raise StaleRowsError(stale)


@transaction.atomic
def move_rows(plan: Plan, pks: Sequence[int], *, after: int) -> None:
    """Put the rows `pks`, in this order, behind the row `after` (0: at the top).

    Their texts and versions stay, so a colleague who types in one of them is not in the way. One
    query reads the order and, as long as it has no gaps, two write it. Raise `NotDraftError` once
    the plan is given out, `StaleTaskError` if one of the rows is gone.
    """
    lock_draft(plan)
    order = list(plan.tasks.in_order().values_list("pk", "position"))
    known = {pk for pk, _position in order}
    moved = list(dict.fromkeys(pks))
    if not known.issuperset(moved) or after in moved or (after and after not in known):
        raise StaleTaskError(None)
    places = dict(order)
    rest = [pk for pk, _position in order if pk not in set(moved)]
    cut = rest.index(after) + 1 if after else 0
    put_in_order(plan, [(pk, places[pk]) for pk in [*rest[:cut], *moved, *rest[cut:]]])


@transaction.atomic
def step_row(plan: Plan, pk: int, *, is_up: bool) -> None:
    """Change places with the row above or below; at an end nothing moves. Raise as `move_rows`."""
    lock_draft(plan)
    order = [0, *plan.tasks.in_order().values_list("pk", flat=True)]
    if pk not in order:
        raise StaleTaskError(None)
    place = order.index(pk)
    wanted = place - 2 if is_up else place + 1
    if 0 <= wanted < len(order):
        move_rows(plan, [pk], after=order[wanted])


def put_in_order(plan: Plan, rows: Sequence[tuple[int, int]]) -> None:
    """Number rows (pk, stored position) from 1 as they stand; one query per distance moved."""
    by_distance: dict[int, list[int]] = defaultdict(list)
    for position, (pk, stored) in enumerate(rows, start=1):
        if position != stored:
            by_distance[position - stored].append(pk)
    for distance, pks in by_distance.items():
        plan.tasks.filter(pk__in=pks).update(position=F("position") + distance)


def numbers(plan: Plan) -> dict[int, int]:
    """The number of every row of the plan, as the grid shows it; one query."""
    return dict(plan.tasks.in_order().values_list("pk", "position"))
