"""Planning the reminders of a morning for a whole province."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone

from plans.models import Assignment, Plan
from plans.reminders import planner, policy
from plans.reminders.models import Mail, Notice, PlannedDay, Reminder
from plans.states import PlanStatus
from tests.bench import data, measure

TIMES = 3


def measure_reminders(today: date) -> None:
    world = data.world(today)
    # Only the plans of the province: the figure is for a known number of assignments.
    others = Plan.objects.active().exclude(pk__in=[plan.pk for plan in world.plans])
    put_aside = list(others.values_list("pk", flat=True))
    Plan.objects.filter(pk__in=put_aside).update(status=PlanStatus.CLOSED)
    size = Assignment.objects.in_active_plans().count()
    first = today if policy.is_working_day(today) else policy.next_working_day(today)
    second = policy.next_working_day(first)
    rows = [_row("first morning ever", first), _row("the morning after", second, before=first)]
    Plan.objects.filter(pk__in=put_aside).update(status=PlanStatus.ACTIVE)
    measure.say(f"### Planning reminders ({size:,} assignments, median of {TIMES})")
    measure.say()
    header = ("morning", "day", "s", "queries", "reminders", "letters")
    measure.table(header, rows)


def _row(name: str, day: date, before: date | None = None) -> tuple[str, ...]:
    _forget()
    if before is not None:
        plan(before)

    def forget_day() -> None:
        _forget(day)

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
