"""When people are reminded and how often a letter is tried: rules only, no rows."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import holidays

from plans.reminders.states import Kind

if TYPE_CHECKING:
    from holidays import HolidayBase

DAYS_BEFORE = (30, 15, 7, 3, 1, 0)
DAYS_BETWEEN_OVERDUE = 7
FIRST_RUNG_DAYS_BEFORE = DAYS_BEFORE[0]
# A rung is the current one for so many days at most (the one 30 days before, until 15 before).
LONGEST_RUNG_DAYS = 15

ONE_DAY = timedelta(days=1)
LEASE = timedelta(minutes=5)
# Minutes from a failed try to the next one; after the last the letter has failed.
RETRY_MINUTES = (1, 5, 15, 60, 240)
MAX_TRIES = len(RETRY_MINUTES) + 1
# Promise to the administrator: a letter older than this is shown as late.
MAIL_IS_LATE_AFTER = timedelta(minutes=15)


def rung_for(due_on: date, today: date) -> int | None:
    """The latest rung whose day has come, in days from the due date (negative: before it).

    None while the first one is still to come. Never "is it today": after days without a
    portal only the latest rung is left to send, and a rung of a Sunday is sent on Monday.
    """
    days = (today - due_on).days
    if days >= 0:
        return days - days % DAYS_BETWEEN_OVERDUE
    return next((-before for before in reversed(DAYS_BEFORE) if before >= -days), None)


def kind_of(step: int, *, is_requested: bool) -> Kind:
    if is_requested:
        return Kind.REQUEST
    return Kind.OVERDUE if step > 0 else Kind.DUE


@cache
def _calendar() -> HolidayBase:
    return holidays.country_holidays("VN")


def is_working_day(day: date) -> bool:
    """Monday to Friday without public holidays; Saturdays worked in exchange count."""
    return _calendar().is_working_day(day)


def previous_working_day(day: date) -> date:
    """The last working day before `day`."""
    earlier = day - ONE_DAY
    while not is_working_day(earlier):
        earlier -= ONE_DAY
    return earlier


def next_working_day(day: date) -> date:
    """The first working day after `day`."""
    later = day + ONE_DAY
    while not is_working_day(later):
        later += ONE_DAY
    return later


def retry_after(tries: int) -> timedelta | None:
    """How long to wait after `tries` failed tries; None when there is no further one."""
    return timedelta(minutes=RETRY_MINUTES[tries - 1]) if tries < MAX_TRIES else None
