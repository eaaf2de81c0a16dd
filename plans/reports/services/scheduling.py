"""Reports that are made by themselves at each cut-off, and telling those who wait for them."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Membership
from agencies.states import OVERSEEING_ROLES
from plans.reminders.models import Notice
from plans.reports import periods
from plans.reports.models import Report, ReportSchedule
from plans.reports.periods import PeriodKind
from plans.reports.scope import Scope
from plans.reports.services.asking import request
from plans.reports.services.errors import ReportError
from plans.reports.states import ReportKind, State
from plans.states import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agencies.models import User
    from plans.models import Plan
    from plans.reports.periods import Period

logger = logging.getLogger(__name__)

A_DAY = timedelta(days=1)


@transaction.atomic
def set_schedules(
    plan: Plan,
    kinds: Iterable[PeriodKind],
    readers: Iterable[User],
    *,
    by: User,
    now: datetime,
) -> None:
    """From now on make a report of `plan` at the cut-off of each of `kinds`, told to `readers`.

    A kind that was set before keeps its place; reports that were made stay.
    """
    kinds, readers = set(kinds), list(readers)
    plan.report_schedules.exclude(period_kind__in=kinds).delete()
    for kind in sorted(kinds):
        schedule, _is_new = ReportSchedule.objects.get_or_create(
            plan=plan,
            period_kind=kind,
            defaults={
                "made_by": by,
                "made_at": now,
                # The period that is running now is the first to be reported.
                "asked_until": periods.last_closed(kind, timezone.localdate(now)).last,
            },
        )
        schedule.readers.set(readers)


def possible_readers(plan: Plan, today: date) -> QuerySet[Membership]:
    """Posts of those who may read reports of the plan's province, by name."""
    posts = Membership.objects.current(today).filter(
        agency__province=plan.province_id, role__in=OVERSEEING_ROLES, user__is_active=True
    )
    return posts.select_related("user", "agency").order_by("user__full_name", "pk")


def ask_due(*, now: datetime) -> list[Report]:
    """Ask for the reports of all cut-offs that are over; each once, after days off all of them."""
    today = timezone.localdate(now)
    schedules = ReportSchedule.objects.filter(asked_until__lt=today, plan__status=PlanStatus.ACTIVE)
    asked = []
    for schedule in schedules.select_related("plan__province", "made_by"):
        for period in _closed_since(schedule, today):
            report = _ask(schedule, period, now=now)
            if report is not None:
                asked.append(report)
    return asked


def _closed_since(schedule: ReportSchedule, today: date) -> Iterator[Period]:
    kind = PeriodKind(schedule.period_kind)
    period = periods.containing(kind, schedule.asked_until + A_DAY)
    while period.last < today:
        yield period
        period = periods.containing(kind, period.last + A_DAY)


@transaction.atomic
def _ask(schedule: ReportSchedule, period: Period, *, now: datetime) -> Report | None:
    """The report of one period; None if another beat asked, or there is nothing to report."""
    rows = ReportSchedule.objects.filter(pk=schedule.pk, asked_until=schedule.asked_until)
    if rows.update(asked_until=period.last) != 1:
        return None
    schedule.asked_until = period.last
    plan = schedule.plan
    scope = Scope(ReportKind.PROGRESS, plan.province, period, plan)
    try:
        report = request(scope, by=schedule.made_by, now=now, schedule=schedule)
    except ReportError as error:
        logger.info("schedule %s, %s: %s", schedule.pk, period.code, error.message)
        return None
    # Also of one that people asked for before, those who wait are told.
    Report.objects.filter(pk=report.pk, schedule=None).update(schedule=schedule)
    return report


def announce(*, now: datetime) -> int:
    """Tell those who wait that a scheduled report is there, or why it is not; each once."""
    ended = Report.objects.filter(
        schedule__isnull=False, announced_at=None, state__in=[State.DONE, State.FAILED]
    )
    return sum(_announce(report, now=now) for report in ended.select_related("plan", "schedule"))


@transaction.atomic
def _announce(report: Report, *, now: datetime) -> bool:
    waiting = Report.objects.filter(pk=report.pk, announced_at=None)
    if not waiting.update(announced_at=now) or report.schedule is None or report.plan is None:
        return False
    words = _("Đã có báo cáo tiến độ %(period)s của %(plan)s.")
    if report.has_failed:
        words = _("Không lập được báo cáo tiến độ %(period)s của %(plan)s, hãy mở ra xem lý do.")
    text = words % {"period": report.period.label, "plan": report.plan}
    today = timezone.localdate(now)
    allowed = possible_readers(report.plan, today).values("user")
    readers = report.schedule.readers.filter(pk__in=allowed)
    Notice.objects.bulk_create(
        Notice(
            recipient=reader,
            text=text[: Notice._meta.get_field("text").max_length],
            url=report.get_absolute_url(),
            created_at=now,
        )
        for reader in readers
    )
    return True
