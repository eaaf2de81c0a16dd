"""Planning the reminders of a morning: for a province, and with a million open assignments."""

from __future__ import annotations

import tracemalloc
from datetime import date, datetime, time, timedelta
from time import perf_counter
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from agencies.models import Agency, User
from agencies.states import Role
from plans.models import Assignment, Plan, Task
from plans.reminders import drafts, planner
from plans.reminders.models import LastMorning, Mail, Notice, PlannedDay, Reminder
from plans.reminders.working_days import NATIONAL, ONE_DAY
from plans.states import PlanStatus
from tests.bench import data, measure
from tests.factories import make_agency, make_plan, make_post, make_province, make_task

TIMES = 3
# How much work is open, and how much of it is due on each day around the morning.
WIDE = ((100_000, 300), (1_000_000, 300), (1_000_000, 600))
DAYS_BEHIND, DAYS_AHEAD = 60, 45
AGENCIES = 100


def measure_reminders(today: date) -> None:
    world = data.world(today)
    # Only the plans of the province: the figure is for a known number of assignments.
    put_aside = _put_aside({plan.pk for plan in world.plans})
    size = Assignment.objects.in_active_plans().count()
    first = NATIONAL.on_or_after(today)
    second = NATIONAL.on_or_after(first + ONE_DAY)
    rows = [_row("first morning ever", first), _row("the morning after", second, before=first)]
    Plan.objects.filter(pk__in=put_aside).update(status=PlanStatus.ACTIVE)
    measure.say(f"### Planning reminders ({size:,} assignments, median of {TIMES})")
    measure.say()
    header = ("morning", "day", "s", "queries", "reminders", "letters")
    measure.table(header, rows)
    _measure_wide(today)


def _put_aside(kept: set[int]) -> list[int]:
    others = Plan.objects.active().exclude(pk__in=kept)
    keys = list(others.values_list("pk", flat=True))
    Plan.objects.filter(pk__in=keys).update(status=PlanStatus.CLOSED)
    return keys


def _row(name: str, day: date, before: date | None = None) -> tuple[str, ...]:
    _forget()
    if before is not None:
        plan(before)

    def forget_day() -> None:
        _forget(day)
        if before is not None:
            LastMorning.objects.update(day=before)

    taken = measure.seconds(lambda: plan(day), times=TIMES, after=forget_day)
    made = measure.queries(lambda: plan(day))
    told = PlannedDay.objects.get(for_date=day)
    return (
        *(name, f"{day:%d/%m/%Y}", f"{taken:.2f}", str(len(made))),
        *(f"{told.reminder_count:,}", f"{told.mail_count:,}"),
    )


def plan(day: date) -> None:
    now = timezone.make_aware(datetime.combine(day, time(7)))
    planner.plan_day(day, now)


@transaction.atomic
def _forget(day: date | None = None) -> None:
    """Delete what was planned for `day`, or ever."""
    days = {} if day is None else {"for_date": day}
    mails = Mail.objects.filter(**days)
    Reminder.objects.filter(**days).delete()
    Notice.objects.filter(mail__in=mails).delete()
    mails.delete()
    PlannedDay.objects.filter(**days).delete()
    if day is None:
        LastMorning.objects.all().delete()


def _measure_wide(today: date) -> None:
    """So much is due a day, and the rest of the open work far ahead."""
    put_aside = _put_aside(set())
    monday = NATIONAL.on_or_after(today - timedelta(days=today.weekday()))
    tasks = _wide_tasks(monday)
    rows = []
    for size, per_day in WIDE:
        _fill(tasks, monday, size, per_day)
        _forget()
        plan(monday)
        for name, changes in (("the next", {}), ("rungs changed", {"rules": "others"})):
            taken = _wide_row(NATIONAL.on_or_after(monday + ONE_DAY), day=monday, **changes)
            rows.append((name, f"{size:,}", f"{per_day}", *taken))
    Plan.objects.filter(pk__in=put_aside).update(status=PlanStatus.ACTIVE)
    measure.say("### A morning with little or much open work")
    measure.say()
    header = ("morning", "open work", "due a day", "s", "reading s", "MB", "rows read")
    measure.table((*header, "reminders", "letters"), rows)


def _wide_row(morning: date, **last: Any) -> tuple[str, ...]:
    """Time by one run, memory by another, for tracing it costs time; `last` is the one before."""
    LastMorning.objects.update(**last)
    start = perf_counter()
    works = drafts.gather(morning).works
    reading = perf_counter() - start
    tracemalloc.start()
    drafts.gather(morning)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    start = perf_counter()
    plan(morning)
    taken = perf_counter() - start
    told = PlannedDay.objects.get(for_date=morning)
    _forget(morning)
    return (
        *(f"{taken:.2f}", f"{reading:.2f}", f"{peak / 1e6:.0f}"),
        *(f"{works:,}", f"{told.reminder_count:,}", f"{told.mail_count:,}"),
    )


@transaction.atomic
def _wide_tasks(monday: date) -> list[Task]:
    """One task for each of the agencies of a province, each with a head and an officer."""
    province = make_province(name="Tỉnh rộng", code="99")
    wide = make_plan(
        province=province,
        status=PlanStatus.ACTIVE,
        period_start=monday - timedelta(days=400),
        period_end=monday + timedelta(days=1500),
    )
    tasks = []
    for _number in range(AGENCIES):
        agency = make_agency(province=province)
        for role in (Role.HEAD, Role.OFFICER):
            # Without a password, which takes a while to hash.
            user = User.objects.create(email=f"{role}{agency.pk}@example.vn", full_name="Người thử")
            make_post(role=role, agency=agency, user=user)
        tasks.append(make_task(plan=wide, lead_agency=agency))
    # Given out long ago: what was changed lately is looked at whole.
    for rows in (Plan, Agency):
        rows.history.update(history_date=timezone.now() - timedelta(days=400))
    return tasks


def _fill(tasks: list[Task], monday: date, size: int, per_day: int) -> None:
    """Bring the open work to `size` rows, `per_day` of them due on each day around `monday`."""
    known = Assignment.objects.filter(plan=tasks[0].plan)
    number = known.count()
    days = [
        monday + day * ONE_DAY
        for day in range(-DAYS_BEHIND, DAYS_AHEAD)
        for _turn in range(per_day - known.filter(due_on=monday + day * ONE_DAY).count())
    ]
    if not number:
        days += [monday + timedelta(days=400 + day % 1000) for day in range(10_000)]
    Assignment.objects.bulk_create(
        (
            _assignment(tasks[place % AGENCIES], number + place, day, monday)
            for place, day in enumerate(days)
        ),
        batch_size=1000,
    )
    while (missing := size - known.count()) > 0:
        _copy_far(tasks[0].plan, monday, missing)


def _copy_far(wide: Plan, monday: date, at_most: int) -> None:
    """Double the work that is due far ahead; the database itself does it, a million is many."""
    names = [field.column for field in Assignment._meta.concrete_fields if field.column != "id"]
    # Unlike that of every other copy.
    label = f"'{at_most}.' || id"
    values = [label if name == "period_label" else name for name in names]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO plans_assignment ({', '.join(names)})"
            f" SELECT {', '.join(values)} FROM plans_assignment"
            " WHERE plan_id = %s AND due_on > %s ORDER BY id DESC LIMIT %s",
            [wide.pk, monday + timedelta(days=300), at_most],
        )


def _assignment(task: Task, number: int, due_on: date, monday: date) -> Assignment:
    return Assignment(
        task=task,
        plan=task.plan,
        province_id=task.plan.province_id,
        agency_id=task.lead_agency_id,
        period_label=f"Kỳ {number}",
        first_due_on=due_on,
        due_on=due_on,
        last_heard_on=monday - timedelta(days=number % 30),
    )
