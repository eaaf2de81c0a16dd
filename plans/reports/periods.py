"""Periods of reports with the cut-off windows of Nghị định 09/2019/NĐ-CP, Điều 12.

A month runs from the 15th of the month before to its 14th; longer periods end likewise on the
14th of their last month. Days are days in Việt Nam.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from plans.reports.wording import short_date

CUT_OFF_DAY = 14
_CODE = re.compile(r"(?P<year>[0-9]{4})(?:-(?P<letter>[MQH])(?P<number>[0-9]{1,2}))?")


class PeriodKind(StrEnum):
    """Values are kept in rows; letters are those of `Period.code`."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CUSTOM = "custom"


MONTHS_IN = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.YEAR: 12,
}
_LETTERS = {"M": PeriodKind.MONTH, "Q": PeriodKind.QUARTER, "H": PeriodKind.HALF}
_ROMAN = ("I", "II", "III", "IV")


class PeriodError(Exception):
    """Not a period; `message` says in Vietnamese what to type instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Period:
    """Both ends belong to it; figures are frozen at the end of `last`.

    `number` is that of the month, quarter or half within `year`, 1 for a year, 0 for any dates.
    """

    kind: PeriodKind
    first: date
    last: date
    year: int
    number: int = 0

    @property
    def code(self) -> str:
        """2026-M09, 2026-Q3, 2026-H1, 2026; any dates as 2026-01-01..2026-03-31."""
        if self.kind == PeriodKind.CUSTOM:
            return f"{self.first}..{self.last}"
        if self.kind == PeriodKind.YEAR:
            return str(self.year)
        letter = next(letter for letter, kind in _LETTERS.items() if kind == self.kind)
        return f"{self.year}-{letter}{self.number:0{2 if letter == 'M' else 1}}"

    @property
    def label(self) -> str:
        """As official documents write it: "quý III năm 2026", "6 tháng đầu năm 2026"."""
        if self.kind == PeriodKind.MONTH:
            return f"tháng {self.number:02} năm {self.year}"
        if self.kind == PeriodKind.QUARTER:
            return f"quý {_ROMAN[self.number - 1]} năm {self.year}"
        if self.kind == PeriodKind.HALF:
            return f"6 tháng {('đầu', 'cuối')[self.number - 1]} năm {self.year}"
        if self.kind == PeriodKind.YEAR:
            return f"năm {self.year}"
        return f"từ ngày {short_date(self.first)} đến ngày {short_date(self.last)}"


def window(kind: PeriodKind, year: int, number: int = 1) -> Period:
    """The `number`-th month, quarter or half of `year`, or the year.

    Raise `PeriodError` for a month 13, a quarter 5 or a year the calendar does not have.
    """
    months = MONTHS_IN[kind]
    if not (1 <= number <= 12 // months and date.min.year < year < date.max.year):
        raise PeriodError(_("Năm %(year)s không có kỳ này.") % {"year": year})
    last_month = months * number
    first = _cut_off(year, last_month - months) + timedelta(days=1)
    return Period(kind, first, _cut_off(year, last_month), year, number)


def custom(first: date, last: date) -> Period:
    """Any dates. Raise `PeriodError` if they run backwards."""
    if first > last:
        raise PeriodError(_("Ngày đầu kỳ sau ngày cuối kỳ. Hãy đổi lại hai ngày."))
    return Period(PeriodKind.CUSTOM, first, last, last.year)


def containing(kind: PeriodKind, day: date) -> Period:
    """The period of `kind` in which `day` lies; 15/12 already belongs to the next year."""
    year, month = day.year, day.month + (day.day > CUT_OFF_DAY)
    if month > 12:
        year, month = year + 1, 1
    return window(kind, year, -(-month // MONTHS_IN[kind]))


def last_closed(kind: PeriodKind, today: date) -> Period:
    """The last period of `kind` whose cut-off day is over on `today`."""
    return containing(kind, containing(kind, today).first - timedelta(days=1))


def before(period: Period) -> Period:
    """The period of the same length that ends the day before `period` begins."""
    last = period.first - timedelta(days=1)
    if period.kind == PeriodKind.CUSTOM:
        return custom(last - (period.last - period.first), last)
    return containing(period.kind, last)


def parse(code: str) -> Period:
    """Read `Period.code`, as a command line gives it. Raise `PeriodError`."""
    first, dots, last = code.strip().partition("..")
    try:
        if dots:
            return custom(date.fromisoformat(first), date.fromisoformat(last))
        found = _CODE.fullmatch(first.upper())
        if found is None:
            raise ValueError(first)
        kind = _LETTERS[found["letter"]] if found["letter"] else PeriodKind.YEAR
        return window(kind, int(found["year"]), int(found["number"] or 1))
    except ValueError as error:
        raise PeriodError(
            _(
                "“%(code)s” không phải là kỳ báo cáo. Hãy ghi tháng 2026-M09, quý 2026-Q3, "
                "6 tháng 2026-H1, năm 2026, hoặc hai ngày 2026-01-01..2026-03-31."
            )
            % {"code": code}
        ) from error


def _cut_off(year: int, month: int) -> date:
    """The 14th of a month; month 0 is December of the year before."""
    return date(year, month, CUT_OFF_DAY) if month else date(year - 1, 12, CUT_OFF_DAY)
