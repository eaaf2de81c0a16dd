"""Where reading begins: the day of the figures and the work it finds, or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.models import Plan
from plans.reports.content import ContentError
from plans.reports.figures.facts import Facts, read_facts
from plans.reports.wording import short_date
from plans.states import ISSUED

if TYPE_CHECKING:
    from datetime import date, datetime

    from plans.reports.scope import Scope


def day_of(scope: Scope, now: datetime) -> tuple[date, date]:
    """The day of the figures, and today: a period that still runs is read as it stands now.

    Raise `ContentError` for a period that has not begun.
    """
    today = timezone.localdate(now)
    if scope.period.first > today:
        raise ContentError(
            _("Kỳ báo cáo bắt đầu từ ngày %(day)s, chưa có số liệu.")
            % {"day": short_date(scope.period.first)}
        )
    return min(scope.as_of, today), today


def plan_of(scope: Scope) -> Plan:
    """The plan with its indices."""
    if scope.plan is None:
        raise ValueError(f"{scope.kind} is of a plan")
    prefetch_related_objects([scope.plan], "indices")
    return scope.plan


def facts_of_plan(scope: Scope, now: datetime) -> Facts:
    """Raise `ContentError` if the portal knew nothing of the plan's work on that day."""
    as_of, today = day_of(scope, now)
    facts = read_facts([plan_of(scope)], as_of, today)
    if not facts.rows:
        if not plan_of(scope).assignments.exists():
            raise ContentError(_("Kế hoạch chưa giao việc cho cơ quan nào nên chưa có số liệu."))
        raise ContentError(
            _("Cổng chưa có số liệu của kế hoạch này vào ngày %(day)s.")
            % {"day": short_date(as_of)}
        )
    return facts


def facts_of_province(scope: Scope, now: datetime) -> Facts:
    """Work of every plan that was carried out in the period; of one agency if the scope has one.

    Raise `ContentError` if there is none.
    """
    as_of, today = day_of(scope, now)
    agency = scope.agencies[0] if scope.agencies else None
    plans = (
        Plan.objects.filter(province=scope.province, status__in=ISSUED, amends__isnull=True)
        .filter(activated_on__lte=as_of)
        .filter(Q(ended_on__isnull=True) | Q(ended_on__gte=scope.period.first))
        .order_by("period_start", "year", "pk")
        .select_related("monitor")
        .prefetch_related("indices")
    )
    facts = read_facts(list(plans), as_of, today, agency=agency.pk if agency else None)
    if not facts.rows:
        subject = agency.name if agency else str(scope.province)
        raise ContentError(
            _("Cổng chưa có phần việc nào của %(subject)s trong kỳ đến ngày %(day)s.")
            % {"subject": subject, "day": short_date(as_of)}
        )
    return facts
