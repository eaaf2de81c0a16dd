"""The working days of Việt Nam as one province keeps them: rules only, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

import holidays

if TYPE_CHECKING:
    from holidays import HolidayBase

ONE_DAY = timedelta(days=1)


@cache
def _statutory() -> HolidayBase:
    return holidays.country_holidays("VN")


@dataclass(frozen=True)
class WorkingCalendar:
    """Monday to Friday without public holidays, corrected by the days of a province's decisions.

    `closed` are days off besides, `worked` days worked in exchange or against the holidays.
    """

    closed: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_working_day(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day not in self.closed and _statutory().is_working_day(day)

    def on_or_before(self, day: date) -> date:
        while not self.is_working_day(day):
            day -= ONE_DAY
        return day

    def on_or_after(self, day: date) -> date:
        while not self.is_working_day(day):
            day += ONE_DAY
        return day

    def moved(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, before it for a negative `count`."""
        step = ONE_DAY if count > 0 else -ONE_DAY
        for _turn in range(abs(count)):
            day += step
            while not self.is_working_day(day):
                day += step
        return day


NATIONAL = WorkingCalendar()
