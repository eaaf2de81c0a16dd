"""Giving out a plan of 150 tasks, each to a group of 20 agencies."""

from __future__ import annotations

from datetime import date
from itertools import count

from django.utils import timezone

from agencies.models import AgencyGroup
from plans import services
from plans.models import Plan, Task
from plans.states import DeadlineKind, PlanKind
from tests.bench import data, measure
from tests.bench.province import World

AGENCIES = 20
SIZES = (15, 150)
TIMES = 3
_numbers = count(1000)


def draft(world: World, tasks: int, today: date) -> Plan:
    """A draft plan that lacks nothing."""
    group, is_new = AgencyGroup.objects.get_or_create(province=world.province, name="hai mươi sở")
    if is_new:
        group.members.set(world.departments[:AGENCIES])
    plan = Plan.objects.create(
        province=world.province,
        kind=PlanKind.PLAN,
        number=f"{next(_numbers)}/KH-UBND",
        issued_on=today,
        year=today.year,
        title="Kế hoạch để đo",
        issuer="UBND tỉnh Đo Đạc",
        period_start=today,
        period_end=date(today.year + 1, 12, 31),
    )
    Task.objects.bulk_create(
        Task(
            plan=plan,
            position=position,
            name=f"Nhiệm vụ {position}",
            is_cross_cutting=True,
            lead_group=group,
            deadline_text=f"31/12/{today.year + 1}",
            deadline_kind=DeadlineKind.DATE,
            due_on=plan.period_end,
        )
        for position in range(1, tasks + 1)
    )
    return plan


def measure_activation(today: date) -> None:
    world = data.world(today)
    rows = []
    for tasks in SIZES:
        drafts = [draft(world, tasks, today) for _ in range(TIMES + 1)]

        def activate(drafts: list[Plan] = drafts) -> None:
            services.activate(drafts.pop(), by=world.office, today=today, now=timezone.now())

        made = measure.queries(activate)
        taken = measure.seconds(activate, times=TIMES)
        rows.append(
            (f"{tasks} × {AGENCIES}", f"{tasks * AGENCIES:,}", f"{taken:.2f}", str(len(made)))
        )
    measure.say(f"### Giving out a plan (median of {TIMES})")
    measure.say()
    measure.table(("tasks × agencies", "assignments", "s", "queries"), rows)
