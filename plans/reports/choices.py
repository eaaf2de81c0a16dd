"""The periods a form offers, newest first, and the one that is meant most often."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from plans.reports import periods
from plans.reports.periods import PeriodKind
from plans.reports.states import ReportKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from plans.reports.periods import Period

# How many periods of each kind are offered; for others there are dates.
OFFERED = {
    PeriodKind.QUARTER: 6,
    PeriodKind.MONTH: 12,
    PeriodKind.HALF: 4,
    PeriodKind.YEAR: 3,
}
GROUPS = {
    PeriodKind.QUARTER: gettext_lazy("Quý"),
    PeriodKind.MONTH: gettext_lazy("Tháng"),
    PeriodKind.HALF: gettext_lazy("6 tháng"),
    PeriodKind.YEAR: gettext_lazy("Năm"),
}
ANY_DATES = "custom"
# Kinds whose reader wants to know how things stand now.
OF_TODAY = frozenset({ReportKind.LEADER, ReportKind.URGING, ReportKind.PLAN})

Choices = list[tuple[str, str | list[tuple[str, str]]]]


def until_today(today: date) -> Period:
    """From the beginning of the running quarter."""
    return periods.custom(periods.containing(PeriodKind.QUARTER, today).first, today)


def offered(since: date | None, today: date) -> Choices:
    """Periods since the day `since`, in groups; one that is running is told so."""
    now = until_today(today)
    choices: Choices = [
        (now.code, _("Từ đầu quý đến nay (%(days)s)") % {"days": _days(now)}),
    ]
    for kind, heading in GROUPS.items():
        lines = [(period.code, _label(period, today)) for period in _since(kind, since, today)]
        choices.append((str(heading), lines))
    choices.append((ANY_DATES, _("Khoảng ngày tự chọn (ghi hai ngày bên dưới)")))
    return choices


def default(kind: ReportKind, since: date | None, today: date) -> str:
    """The code of the last quarter that is closed, if there was anything to report by then."""
    if kind in OF_TODAY:
        return until_today(today).code
    last = periods.last_closed(PeriodKind.QUARTER, today)
    if since is not None and last.last < since:
        last = periods.containing(PeriodKind.QUARTER, today)
    return last.code


def _since(kind: PeriodKind, since: date | None, today: date) -> Iterator[Period]:
    period = periods.containing(kind, today)
    for _count in range(OFFERED[kind]):
        if since is not None and period.last < since:
            return
        yield period
        period = periods.before(period)


def _label(period: Period, today: date) -> str:
    label = f"{period.label[:1].upper()}{period.label[1:]} ({_days(period)})"
    if period.last >= today:
        return _("%(period)s, đang chạy") % {"period": label}
    return label


def _days(period: Period) -> str:
    return f"{period.first:%d/%m} – {period.last:%d/%m}"
