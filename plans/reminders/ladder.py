"""Rungs: on which day who is reminded, counted from a date of the work; rules only, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from plans.reminders.states import AGENCY_AUDIENCES, DEADLINE_KINDS, Audience, Kind, Unit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from plans.reminders.working_days import WorkingCalendar

MAX_RUNGS = 40
MAX_DAYS = 400
# Days off in a row are fewer, and so many working days lie within twice as many days and these.
LONGEST_BREAK_DAYS = 30


@dataclass(frozen=True)
class Rule:
    """One rung: so many days from a date of the work (before it for what is due), for whom.

    With `repeat_days` it comes again each time so many calendar days have passed.
    """

    kind: Kind
    days: int
    audience: frozenset[Audience]
    unit: Unit = Unit.DAY
    repeat_days: int = 0

    def first_day(self, anchor: date, calendar: WorkingCalendar) -> date:
        """The working day of the rung: the last before a day off, after the date the first."""
        if self.unit == Unit.WORKING_DAY and self.days:
            return calendar.moved(anchor, -self.days if self.kind == Kind.DUE else self.days)
        if self.kind == Kind.DUE:
            return calendar.on_or_before(anchor - timedelta(days=self.days))
        return calendar.on_or_after(anchor + timedelta(days=self.days))

    def latest(self, anchor: date, today: date, calendar: WorkingCalendar) -> Step | None:
        """The last time this rung has come until `today`; None while it has not."""
        first = self.first_day(anchor, calendar)
        if first > today:
            return None
        number = -self.days if self.kind == Kind.DUE else self.days
        times, on = 0, first
        if self.repeat_days:
            times = (today - first).days // self.repeat_days
            on = calendar.on_or_after(first + timedelta(days=times * self.repeat_days))
        while on > today:
            times -= 1
            on = calendar.on_or_after(first + timedelta(days=times * self.repeat_days))
        return Step(on, number + times * self.repeat_days, self.kind, self.unit)


@dataclass(frozen=True, order=True)
class Step:
    """A rung on its day; the later one is the greater. `number` tells it from its repetitions."""

    on: date
    number: int
    kind: Kind
    unit: Unit


@dataclass(frozen=True)
class Ladder:
    """The rungs that hold for a piece of work."""

    rules: tuple[Rule, ...]

    @cached_property
    def _by_use(self) -> dict[tuple[Kind, Audience, bool], tuple[Rule, ...]]:
        return {
            (family, audience, is_requested): tuple(
                rule
                for rule in self.rules
                if audience in rule.audience
                and family_of(rule.kind) == family
                and not (is_requested and _spares_requested(rule.kind, audience))
            )
            for family in FAMILIES
            for audience in Audience
            for is_requested in (False, True)
        }

    def current(
        self,
        family: Kind,
        audience: Audience,
        anchor: date,
        today: date,
        calendar: WorkingCalendar,
        *,
        is_requested: bool = False,
    ) -> Step | None:
        """The latest rung that has come for `audience` until `today`; None if none has.

        Never "is it today": after days without a portal just the latest one is left to tell.
        """
        steps = (
            rule.latest(anchor, today, calendar)
            for rule in self._by_use[family, audience, is_requested]
        )
        return max((step for step in steps if step is not None), default=None)

    def longest_before(self) -> timedelta:
        """How long before its date work can be told of; generous about days off."""
        before = (rule.days for rule in self.rules if rule.kind == Kind.DUE)
        return timedelta(days=2 * max(before, default=0) + LONGEST_BREAK_DAYS)


# Kinds that are counted apart; what counts from the due date is one family.
FAMILIES = (Kind.DUE, Kind.SILENCE, Kind.WAITING, Kind.EXTENSION, Kind.RETURNED)


def family_of(kind: Kind) -> Kind:
    return Kind.DUE if kind in DEADLINE_KINDS else kind


def _spares_requested(kind: Kind, audience: Audience) -> bool:
    """A body that is asked is told of its dates, and nobody is told that it is late or silent."""
    if kind in {Kind.ESCALATION, Kind.SILENCE}:
        return True
    return kind in DEADLINE_KINDS and audience not in AGENCY_AUDIENCES


OFFICER = frozenset({Audience.OFFICER})
HEAD = frozenset({Audience.HEAD})
AGENCY = frozenset(AGENCY_AUDIENCES)
OFFICE = frozenset({Audience.OFFICE})
LEADER = frozenset({Audience.LEADER})

# What holds where neither the province nor the plan says otherwise.
DEFAULT = Ladder(
    (
        *(Rule(Kind.DUE, days, OFFICER) for days in (30, 15, 7, 3)),
        *(Rule(Kind.DUE, days, AGENCY) for days in (1, 0)),
        Rule(Kind.OVERDUE, 1, OFFICER),
        Rule(Kind.OVERDUE, 7, AGENCY, repeat_days=7),
        Rule(Kind.ESCALATION, 3, HEAD, Unit.WORKING_DAY),
        Rule(Kind.ESCALATION, 5, OFFICE, Unit.WORKING_DAY),
        Rule(Kind.ESCALATION, 10, LEADER, Unit.WORKING_DAY),
        Rule(Kind.SILENCE, settings.SILENT_AFTER_DAYS, AGENCY | OFFICE, repeat_days=30),
        Rule(Kind.WAITING, 3, OFFICE, Unit.WORKING_DAY, repeat_days=7),
        Rule(Kind.EXTENSION, 0, LEADER, repeat_days=7),
        Rule(Kind.RETURNED, 0, OFFICER),
        Rule(Kind.RETURNED, 3, AGENCY, Unit.WORKING_DAY),
    )
)


def described(rule: Rule) -> str:
    """The rung in a sentence: "Trước hạn 7 ngày: nhắc cán bộ, thủ trưởng."."""
    values = {"days": rule.days, "unit": rule.unit.label}
    whom = ", ".join(str(audience.label) for audience in Audience if audience in rule.audience)
    words = _("%(when)s: nhắc %(whom)s")
    if rule.kind == Kind.ESCALATION:
        words = _("%(when)s: báo lên %(whom)s")
    told = words % {"when": _when(rule) % values, "whom": whom}
    if rule.repeat_days:
        repeated = {"told": told, "days": rule.repeat_days}
        told = _("%(told)s, rồi cứ %(days)s ngày một lần") % repeated
    return f"{told}."


def _when(rule: Rule) -> str:
    """The moment of a rung, in which the days have still to be put."""
    if rule.kind == Kind.DUE:
        return _("Trước hạn %(days)s %(unit)s") if rule.days else _("Đúng ngày đến hạn")
    sentences = {
        Kind.OVERDUE: _("Quá hạn %(days)s %(unit)s"),
        Kind.ESCALATION: _("Quá hạn %(days)s %(unit)s"),
        Kind.SILENCE: _("Đủ %(days)s %(unit)s không báo cáo"),
        Kind.WAITING: _("Báo xong mà %(days)s %(unit)s chưa được xác nhận"),
        Kind.EXTENSION: _("Xin gia hạn mà %(days)s %(unit)s chưa có quyết định"),
        Kind.RETURNED: _("Bị trả lại mà %(days)s %(unit)s chưa báo cáo lại"),
    }
    at_once = {
        Kind.EXTENSION: _("Có đề nghị gia hạn"),
        Kind.RETURNED: _("Bị trả lại"),
        Kind.WAITING: _("Có báo cáo chờ xác nhận"),
    }
    return at_once.get(rule.kind, sentences[rule.kind]) if not rule.days else sentences[rule.kind]


def sorted_rules(rules: Iterable[Rule]) -> list[Rule]:
    """In the order in which they come: before the date the earliest first."""
    places = list(Kind)
    return sorted(
        rules,
        key=lambda rule: (
            places.index(rule.kind),
            -rule.days if rule.kind == Kind.DUE else rule.days,
            rule.unit,
        ),
    )
