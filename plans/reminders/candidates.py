"""Reads the work that may be told of: what has come to a rung or changed since the last morning.

Its cost follows what is due on the day and what happened since, not how much work there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, When
from django.utils import timezone

from agencies.models import Agency
from plans.models import Assignment, Event, Extension, Plan
from plans.reminders.expected import Work
from plans.reminders.ladder import DEFAULT, LONGEST_BREAK_DAYS, family_of
from plans.reminders.models import LastMorning, Reminder
from plans.reminders.rulebook import fingerprint
from plans.reminders.states import AGENCY_AUDIENCES, Audience, Kind
from plans.reminders.working_days import NATIONAL, ONE_DAY
from plans.states import OPEN, UNREPORTED, EventKind, PlanStatus, Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from django.db.models import QuerySet

    from plans.reminders.expected import Rulebook
    from plans.reminders.ladder import Ladder
    from plans.reminders.overtaken import Held
    from plans.reminders.staff import Staff
    from plans.reminders.working_days import WorkingCalendar

CHUNK = 2000


@dataclass(frozen=True)
class Window:
    """What holds for the work of some provinces and since when it was not looked at."""

    ladder: Ladder
    calendar: WorkingCalendar
    since: date


@dataclass(frozen=True)
class Mornings:
    """The last morning of each province against what holds on `today`.

    `whole` are provinces, `agencies` agencies and `plans` plans all of whose work is looked at:
    it is their first morning, or others hear of it, or by other rules.
    """

    today: date
    # What each province is planned from today; kept when the day is done.
    basis: dict[int, LastMorning]
    last_days: dict[int, date]
    windows: frozenset[Window]
    whole: frozenset[int]
    agencies: frozenset[int]
    plans: frozenset[int]
    held: Held

    @property
    def since(self) -> date:
        return min((window.since for window in self.windows), default=self.today)


def compare(staff: Staff, rules: Rulebook, today: date, held: Held) -> Mornings:
    """Compare with what was kept of the last morning; one query.

    Where the office waits for `held` letters, with the morning before the first of them: of
    agencies without people, which it alone is told, no reminder is kept.
    """
    provinces = set(staff.answering.values())
    kept = {row.province_id: row for row in LastMorning.objects.filter(province__in=provinces)}
    untold: dict[int, date] = {}
    for (user, tenant), day in held.since.items():
        if user in staff.overseers(Audience.OFFICE, tenant):
            province = staff.answering[tenant]
            untold[province] = min(day or date.min, untold.get(province, today))
    basis, windows = {}, set()
    whole: set[int] = set()
    agencies: set[int] = set()
    for province in provinces:
        calendar = rules.calendars.get(province, NATIONAL)
        if not calendar.is_working_day(today):
            continue
        made_from = staff.reach[province]
        now = LastMorning(
            province_id=province,
            day=today,
            rules=fingerprint(rules, province, made_from),
            hearers=_hearers_of(province, staff),
        )
        basis[province] = now
        before = kept.get(province)
        fresh = _unheard(before, now)
        since = untold.get(province, today)
        if before is None or fresh is None or since == date.min:
            whole |= made_from
            continue
        agencies |= fresh
        since = min(since, before.day)
        windows.add(Window(rules.ladders.get(province, DEFAULT), calendar, since))
    return Mornings(
        today=today,
        basis=basis,
        last_days={province: row.day for province, row in kept.items() if row.day <= today},
        windows=frozenset(windows),
        whole=frozenset(whole),
        agencies=frozenset(agencies),
        plans=frozenset(rules.plan_ladders),
        held=held,
    )


def _hearers_of(province: int, staff: Staff) -> list[list[Any]]:
    """Who hears of the work of the province, in the form that is kept."""
    agencies = {
        post.agency_id
        for post in staff.posts
        if staff.answering[post.agency.province_id] == province
    }
    return sorted(
        [audience.value, place, user]
        for (audience, place), users in staff.hearers.items()
        if (place in agencies if audience in AGENCY_AUDIENCES else place == province)
        for user in users
    )


def _unheard(before: LastMorning | None, now: LastMorning) -> set[int] | None:
    """Agencies of whose work somebody hears who did not; None if all must be looked at."""
    if before is None or before.day >= now.day or before.rules != now.rules:
        return None
    known = {tuple(each) for each in before.hearers}
    fresh = [each for each in now.hearers if tuple(each) not in known]
    if any(Audience(audience) not in AGENCY_AUDIENCES for audience, _place, _user in fresh):
        return None
    return {place for _audience, place, _user in fresh}


def read_works(mornings: Mornings, rules: Rulebook) -> Iterator[Work]:
    """Every piece of work, once, of which something may have to be told that was not."""
    if not mornings.basis:
        return
    seen: set[int] = set()
    for condition in _conditions(mornings, rules):
        rows = (
            Assignment.objects.filter(condition, status__in=OPEN, plan__status=PlanStatus.ACTIVE)
            .order_by()
            .annotate(asked_at=_asked_at(), returned_at=_returned_at())
            .values_list(
                *("pk", "province_id", "plan_id", "agency_id", "agency__is_requested"),
                *("status", "due_on", "last_heard_on", "asked_at", "returned_at"),
            )
        )
        for row in rows.iterator(chunk_size=CHUNK):
            if row[0] not in seen:
                seen.add(row[0])
                yield Work._make([*row[:8], _day(row[8]), _day(row[9])])


def _conditions(mornings: Mornings, rules: Rulebook) -> Iterator[Q]:
    """Each is read by a query of its own, for each has its own index."""
    if mornings.windows:
        due = _turned(mornings, Kind.DUE, _earliest_due())
        silent = _turned(mornings, Kind.SILENCE, _earliest_heard(UNREPORTED))
        waiting = _turned(mornings, Kind.WAITING, _earliest_heard({Status.REPORTED}))
        yield Q(status__in=UNREPORTED, due_on__in=due)
        yield Q(status__in=UNREPORTED, last_heard_on__in=silent)
        yield Q(status=Status.REPORTED, last_heard_on__in=waiting)
        yield Q(pk__in=_changed_works(mornings))
    yield Q(pk__in=Extension.objects.waiting().values("assignment"))
    if mornings.held.letters:
        unsent = Reminder.objects.filter(mail__in=mornings.held.rows.values("pk"))
        yield Q(pk__in=unsent.values("assignment"))
    whole = (
        Q(province__in=mornings.whole)
        | Q(agency__in=mornings.agencies)
        | Q(plan__in=mornings.plans)
        | Q(plan__in=_changed(Plan.history, mornings))
        | Q(agency__in=_changed(Agency.history, mornings))
    )
    yield whole & _come(mornings.today, rules)


def _come(today: date, rules: Rulebook) -> Q:
    """Work of which some rung has come, lately or long ago."""
    ladders = [DEFAULT, *rules.ladders.values(), *rules.plan_ladders.values()]
    horizon = today + max(ladder.longest_before() for ladder in ladders)
    patience = [
        rule.days for ladder in ladders for rule in ladder.rules if rule.kind == Kind.SILENCE
    ]
    returned = Event.objects.filter(assignment=OuterRef("pk"), kind=EventKind.RETURN)
    return (
        Q(due_on__lte=horizon)
        | Q(last_heard_on__lte=today - timedelta(days=min(patience, default=0)))
        | Q(status=Status.REPORTED)
        | Q(Exists(returned.order_by()))
    )


def _earliest_due() -> date | None:
    rows = Assignment.objects.unreported().filter(due_on__isnull=False).order_by("due_on")
    return rows.values_list("due_on", flat=True).first()


def _earliest_heard(statuses: Collection[Status]) -> date | None:
    rows = Assignment.objects.filter(status__in=statuses).order_by("last_heard_on")
    return rows.values_list("last_heard_on", flat=True).first()


def _turned(mornings: Mornings, family: Kind, earliest: date | None) -> set[date]:
    """The dates from which, on some ladder, a rung of `family` has come since the last morning."""
    found: set[date] = set()
    if earliest is None:
        return found
    for window in mornings.windows:
        rules = [rule for rule in window.ladder.rules if family_of(rule.kind) == family]
        last = mornings.today
        if family == Kind.DUE:
            last += window.ladder.longest_before()
        anchor = earliest
        while anchor <= last:
            steps = (rule.latest(anchor, mornings.today, window.calendar) for rule in rules)
            if any(step is not None and step.on > window.since for step in steps):
                found.add(anchor)
            anchor += ONE_DAY
    return found


def _changed_works(mornings: Mornings) -> QuerySet[Any, Any]:
    """Work that changed since the last morning, or on a day from which a return is told again.

    From the midnight before the last morning, for what was written while it was planned.
    """
    changed = Q(history_date__gte=_midnight(mornings.since))
    patience = [
        rule.days
        for window in mornings.windows
        for rule in window.ladder.rules
        if rule.kind == Kind.RETURNED
    ]
    first = mornings.today - timedelta(days=2 * max(patience, default=0) + LONGEST_BREAK_DAYS)
    for day in sorted(_turned(mornings, Kind.RETURNED, first)):
        changed |= Q(
            status=Status.IN_PROGRESS,
            history_date__gte=_midnight(day),
            history_date__lt=_midnight(day + ONE_DAY),
        )
    return Assignment.history.filter(changed).order_by().values("id")


def _changed(history: Any, mornings: Mornings) -> QuerySet[Any, Any]:
    """Plans that were opened, agencies that became bodies to be asked, since the last morning."""
    changed = history.filter(history_date__gte=_midnight(mornings.since))
    return changed.order_by().values("id")


def _asked_at() -> Subquery:
    waiting = Extension.objects.waiting().filter(assignment=OuterRef("pk"))
    return Subquery(waiting.order_by().values("asked_at")[:1])


def _returned_at() -> Case:
    """When the work was returned, if that was the last turn it took."""
    turns = Event.objects.filter(
        assignment=OuterRef("pk"), kind__in=[EventKind.REPORT, EventKind.RETURN]
    )
    returned_at = Case(When(kind=EventKind.RETURN, then=F("happened_at")))
    last = turns.order_by("-happened_at", "-pk").annotate(returned_at=returned_at)
    return Case(
        When(status=Status.IN_PROGRESS, then=Subquery(last.values("returned_at")[:1])),
        default=None,
    )


def _day(moment: datetime | None) -> date | None:
    return timezone.localdate(moment) if moment else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def agencies_heard(staff: Staff, users: Iterable[int]) -> dict[int, set[int]]:
    """The agencies of whose work each of `users` hears."""
    wanted = set(users)
    found: dict[int, set[int]] = {}
    for (audience, place), heard_by in staff.hearers.items():
        if audience in AGENCY_AUDIENCES:
            for user in heard_by & wanted:
                found.setdefault(user, set()).add(place)
    return found
