"""Deadlines of the invented plan, written in words and placed around the day of loading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

# Long enough for tasks that are overdue for more than 120 days after some months of work.
DAYS_SINCE_ISSUE = 250
# The last deadlines lie this far ahead; the plan runs to the end of the year they fall in.
DAYS_AHEAD = 35
TWO_LEVELS_FROM = date(2025, 7, 1)
ROMAN = ("I", "II", "III", "IV")
WORDS = {
    "tx": "thường xuyên",
    "txl": "thường xuyên, liên tục",
    "hq": "hằng quý",
    "h6": "định kỳ 6 tháng",
    "sk": "Sau khi có kết quả PAPI",
    "kq": "không quy định",
}


@dataclass(frozen=True)
class Calendar:
    """The days of the invented plan as seen from `today`."""

    today: date
    issued_on: date
    period_start: date
    period_end: date

    @classmethod
    def around(cls, today: date) -> Calendar:
        issued_on = max(today - timedelta(days=DAYS_SINCE_ISSUE), TWO_LEVELS_FROM)
        issued_on = min(weekday_before(issued_on + timedelta(days=2)), today)
        quarter_begins = date(issued_on.year, (issued_on.month - 1) // 3 * 3 + 1, 1)
        last_year = (today + timedelta(days=DAYS_AHEAD)).year
        return cls(today, issued_on, quarter_begins, date(last_year, 12, 31))

    @property
    def is_of_one_year(self) -> bool:
        return self.period_start.year == self.period_end.year

    @property
    def period_words(self) -> str:
        first, last = self.period_start.year, self.period_end.year
        return f"năm {last}" if first == last else f"giai đoạn {first}-{last}"

    def written(self, code: str) -> str:
        """The deadline `code` as a plan would write it.

        d, n, t: a day, `today` plus so many days (as digits, in words, "trước ..."); m and q:
        the month or quarter so many before or after this one; the rest are words.
        """
        if code in WORDS:
            return WORDS[code]
        match = re.fullmatch(r"([dntmq])([+-]?\d+)", code)
        if match is None:
            raise ValueError(code)
        form, offset = match[1], int(match[2])
        if form == "m":
            month = self._month(offset)
            prefix = "Tháng" if offset % 2 else "hết tháng"
            return f"{prefix} {month.month}/{month.year}"
        if form == "q":
            month = self._month(3 * offset)
            return f"Quý {ROMAN[(month.month - 1) // 3]}/{month.year}"
        due_on = self.due_day(offset)
        if form == "n":
            return f"ngày {due_on.day} tháng {due_on.month} năm {due_on.year}"
        if form == "t" and self.is_of_one_year:
            return f"trước {due_on.day}/{due_on.month}"
        if form == "t":
            return f"trước {due_on.day}/{due_on.month}/{due_on.year}"
        return f"{due_on:%d/%m/%Y}"

    def due_day(self, offset: int) -> date:
        """`today` plus `offset` days, moved away from today to a weekday, within the plan."""
        day = self.today + timedelta(days=offset)
        if offset < 0:
            return max(weekday_before(day), self.issued_on + timedelta(days=10))
        return min(weekday_after(day) if offset else day, self.period_end)

    def _month(self, offset: int) -> date:
        """The first day of the month `offset` after this one, not before the plan was issued."""
        months = self.today.year * 12 + self.today.month - 1 + offset
        earliest = self.issued_on.year * 12 + self.issued_on.month
        months = max(months, min(earliest, self.today.year * 12 + self.today.month - 1))
        return date(months // 12, months % 12 + 1, 1)


def weekday_before(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def weekday_after(day: date) -> date:
    return day + timedelta(days=(7 - day.weekday()) if day.weekday() > 4 else 0)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a working day, on `day` or the Friday before it, in Việt Nam."""
    return timezone.make_aware(datetime.combine(weekday_before(day), time(hour, minute)))
