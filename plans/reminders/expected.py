"""Who is to be told of what on a day: a pure function of work, rules and people; reads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from plans.reminders.ladder import DEFAULT
from plans.reminders.states import AGENCY_AUDIENCES, DEADLINE_KINDS, Audience, Kind
from plans.reminders.working_days import NATIONAL
from plans.states import UNREPORTED, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from plans.reminders.ladder import Ladder, Step
    from plans.reminders.working_days import WorkingCalendar

# Who hears of the work of an agency (officer, head) or of a province (office, leader).
Hearers = dict[tuple[Audience, int], frozenset[int]]


class Work(NamedTuple):
    """What the planner has to know of an assignment of an active plan."""

    pk: int
    province_id: int
    plan_id: int
    agency_id: int
    is_requested: bool
    status: str
    due_on: date | None
    # The day of the last report, before the first one that of the assignment.
    heard_on: date
    # The day of a request for more time that nobody has decided.
    asked_on: date | None
    # The day the work was returned, if nothing was reported since.
    returned_on: date | None

    def anchors(self) -> Iterator[tuple[Kind, date]]:
        """The days that rungs count from, each with its family of kinds."""
        if self.status in UNREPORTED:
            if self.due_on is not None:
                yield Kind.DUE, self.due_on
            if self.returned_on is not None:
                yield Kind.RETURNED, self.returned_on
            yield Kind.SILENCE, self.heard_on
        if self.status == Status.REPORTED:
            yield Kind.WAITING, self.heard_on
        if self.asked_on is not None:
            yield Kind.EXTENSION, self.asked_on


@dataclass(frozen=True)
class Rulebook:
    """The calendar and the rungs of every province and plan; what is missing is as usual.

    `answering` names the province of today that answers for one that was merged into it.
    """

    answering: Mapping[int, int]
    calendars: Mapping[int, WorkingCalendar]
    ladders: Mapping[int, Ladder]
    plan_ladders: Mapping[int, Ladder]

    def calendar_of(self, province_id: int) -> WorkingCalendar:
        return self.calendars.get(self.answering.get(province_id, province_id), NATIONAL)

    def ladder_of(self, plan_id: int, province_id: int) -> Ladder:
        own = self.plan_ladders.get(plan_id)
        return own or self.ladders.get(self.answering.get(province_id, province_id), DEFAULT)


@dataclass(frozen=True, slots=True)
class Item:
    """One person to be told of one assignment at one rung; `user_id` None: nobody is there."""

    work: Work
    user_id: int | None
    kind: Kind
    step: Step
    anchor: date
    audience: Audience

    @property
    def key(self) -> tuple[object, ...]:
        """What makes a reminder unique."""
        return (
            *(self.work.pk, self.user_id, self.kind, self.anchor),
            *(self.step.number, self.step.unit),
        )


def expected(
    works: Iterable[Work], hearers: Hearers, rules: Rulebook, today: date
) -> Iterator[Item]:
    """Whatever holds on `today`, told before or not: of each kind of rung the latest that came.

    Nothing where `today` is a day off. Costs time for each piece of work that is given.
    """
    known: dict[tuple[object, ...], dict[Audience, Step]] = {}
    for work in works:
        calendar = rules.calendar_of(work.province_id)
        if not calendar.is_working_day(today):
            continue
        ladder = rules.ladder_of(work.plan_id, work.province_id)
        for family, anchor in work.anchors():
            key = (id(ladder), id(calendar), family, anchor, work.is_requested)
            steps = known.get(key)
            if steps is None:
                steps = known[key] = {
                    audience: step
                    for audience in Audience
                    if (
                        step := ladder.current(
                            *(family, audience, anchor, today, calendar),
                            is_requested=work.is_requested,
                        )
                    )
                }
            if steps:
                yield from _items(work, anchor, steps, hearers)


def _items(
    work: Work, anchor: date, steps: Mapping[Audience, Step], hearers: Hearers
) -> Iterator[Item]:
    """One item for each person: whoever holds two roles is told by the later rung."""
    told: dict[int | None, tuple[Step, Audience]] = {}
    for audience, step in steps.items():
        place = work.agency_id if audience in AGENCY_AUDIENCES else work.province_id
        users = hearers.get((audience, place), frozenset())
        # Of work that has come to a rung and nobody hears of, the office is told.
        is_lost = audience in AGENCY_AUDIENCES and not users and not work.is_requested
        for user in (None,) if is_lost else users:
            if user not in told or told[user][0] < step:
                told[user] = step, audience
    for user, (step, audience) in told.items():
        yield Item(work, user, kind_of(step.kind, work), step, anchor, audience)


def kind_of(kind: Kind, work: Work) -> Kind:
    """A body outside the order of the People's Committee is asked, never called late."""
    return Kind.REQUEST if work.is_requested and kind in DEADLINE_KINDS else kind
