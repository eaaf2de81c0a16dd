"""Asking for a report: once per subject and period, however often and by whomever it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from plans.models import Assignment
from plans.reports import codes
from plans.reports.models import Report
from plans.reports.periods import PeriodKind
from plans.reports.services.errors import ReportError
from plans.reports.states import CLOSED, ReportKind, Stage, State, Step
from plans.reports.wording import short_date

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agencies.models import User
    from plans.models import Plan
    from plans.reports.models import ReportSchedule
    from plans.reports.scope import Scope

# From so many assignments on, a report is made by the queue of its own.
LARGE_FROM = 1500
WAITING: dict[str, Any] = {"step": Step.WAIT, "percent_done": 0}


def first_day(plan: Plan) -> date | None:
    """The first day of which there is something to report; None for a plan not given out."""
    return None if plan.is_draft else plan.activated_on


def check(scope: Scope, today: date) -> None:
    """Raise `ReportError` if nothing can be said of that subject in that period."""
    if scope.kind == ReportKind.AGENCY and len(scope.agencies) != 1:
        raise ReportError(_("Hãy chọn một cơ quan."))
    if scope.kind == ReportKind.URGING and not scope.agencies:
        raise ReportError(_("Hãy chọn ít nhất một cơ quan để gửi công văn."))
    period = scope.period
    if period.first > today:
        raise ReportError(
            _("Kỳ %(period)s bắt đầu ngày %(first)s, chưa tới. Hãy chọn kỳ trước.")
            % {"period": period.label, "first": short_date(period.first)}
        )
    if period.kind == PeriodKind.CUSTOM and period.last > today:
        raise ReportError(
            _("Ngày %(day)s chưa tới. Hãy chọn đến ngày %(today)s hoặc sớm hơn.")
            % {"day": short_date(period.last), "today": short_date(today)}
        )
    # A plan can be printed before it is given out.
    if scope.plan is not None and scope.kind != ReportKind.PLAN:
        _check_plan(scope.plan, period.last, today)


def _check_plan(plan: Plan, last: date, today: date) -> None:
    first = first_day(plan)
    if first is None:
        raise ReportError(_("Kế hoạch chưa giao việc nên chưa có số liệu để báo cáo."))
    if last < first:
        raise ReportError(
            _(
                "Kế hoạch được giao việc từ ngày %(first)s nên chưa có số liệu của ngày %(day)s. "
                "Hãy chọn ngày cuối kỳ từ ngày %(first)s đến ngày %(today)s."
            )
            % {
                "first": short_date(first),
                "day": short_date(last),
                "today": short_date(today),
            }
        )


def request(
    scope: Scope, *, by: User | None, now: datetime, schedule: ReportSchedule | None = None
) -> Report:
    """The report of `scope`, made again if its figures may have moved; `by=None` is the system.

    Of one subject and period there is one report; what is issued is only ever corrected. Raise
    `ReportError` if there is nothing to report.
    """
    check(scope, timezone.localdate(now))
    # Pressed twice at once, the second insert fails and finds the first.
    for _attempt in range(2):
        known = standing(scope.key).first()
        if known is not None:
            return make_again(known, now=now)
        try:
            return create(scope, by=by, now=now, schedule=schedule)
        except IntegrityError:
            continue
    return standing(scope.key).get()


def standing(key: str) -> QuerySet[Report]:
    """Reports of `key` that nothing has replaced, the one still open before the issued."""
    rows = Report.objects.filter(key=key)
    return rows.exclude(stage=Stage.ISSUED, superseded_by__isnull=False).order_by("-pk")


@transaction.atomic
def create(scope: Scope, *, by: User | None, now: datetime, **fields: Any) -> Report:
    """A queued report with `fields`. Raise `IntegrityError` if one of that key is not issued."""
    period = scope.period
    report = Report.objects.create(
        kind=scope.kind,
        province=scope.province,
        plan=scope.plan,
        period_kind=period.kind,
        period_year=period.year,
        period_number=period.number,
        first_day=period.first,
        as_of=period.last,
        key=scope.key,
        code=codes.draw(),
        is_large=is_large(scope),
        requested_by=by,
        requested_at=now,
        **fields,
    )
    report.agencies.set(scope.agencies)
    return report


def is_large(scope: Scope) -> bool:
    """Whether it is about so many assignments that it gets a queue of its own."""
    rows = Assignment.objects.filter(province=scope.province)
    if scope.plan is not None:
        rows = rows.filter(plan=scope.plan)
    if scope.kind in {ReportKind.AGENCY, ReportKind.URGING}:
        rows = rows.filter(agency__in=scope.agencies)
    return rows.count() >= LARGE_FROM


def make_again(report: Report, *, now: datetime) -> Report:
    """Queue what failed or was cancelled, and a draft anew: its figures may have moved."""
    if report.stage == Stage.DRAFT or report.state != State.DONE:
        # Since it was asked for first, the plan may have grown.
        queue(report, CLOSED, now=now, is_large=is_large(report.scope()))
        report.refresh_from_db()
    return report


def queue(report: Report, states: frozenset[State], *, now: datetime, **changes: Any) -> bool:
    """Queue a report that is in one of `states`, with all its attempts; False if it is not.

    A worker that is making it finds another request and stops, see plans.leases.
    """
    rows = Report.objects.filter(pk=report.pk, state__in=states)
    fresh = {"attempt": 0, "reason": "", "started_at": None, "finished_at": None}
    return bool(
        rows.update(
            state=State.QUEUED, requested_at=now, lease_until=None, **fresh, **WAITING, **changes
        )
    )


def cancel(report: Report, *, now: datetime) -> bool:
    """Stop making an unissued report; False if it was finished first."""
    rows = Report.objects.open().filter(pk=report.pk).exclude(stage=Stage.ISSUED)
    return bool(rows.update(state=State.CANCELLED, lease_until=None, finished_at=now, **WAITING))


def overdue_agencies(plan: Plan, today: date) -> list[tuple[Agency, int]]:
    """Agencies with overdue work of `plan` and how much; two queries."""
    late = Assignment.objects.filter(plan=plan).overdue(today).order_by()
    counts: dict[Any, int] = dict(
        late.values_list("agency").annotate(count=Count("pk")).values_list("agency", "count")
    )
    agencies = Agency.objects.filter(pk__in=counts).by_name()
    return [(agency, counts[agency.pk]) for agency in agencies]
