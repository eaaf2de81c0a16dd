"""All there is to tell on a day, gathered by person and put into letters; reads only."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count
from django.utils import timezone
from django.utils.functional import cached_property

from agencies.models import Agency
from agencies.states import REPORTING_ROLES
from plans.models import Assignment
from plans.reminders import candidates, letters, links, summaries
from plans.reminders.expected import Item, Work, expected
from plans.reminders.letters import (
    LINE_FIELDS,
    SHOWN_LINES,
    Announcement,
    LeaderSummary,
    Letter,
    Part,
    Section,
)
from plans.reminders.models import MailChoice, Notice, Reminder
from plans.reminders.overtaken import Held, Reader
from plans.reminders.rulebook import next_year_if_missing, read_rulebook
from plans.reminders.staff import read_staff
from plans.reminders.states import AGENCY_AUDIENCES, Audience
from plans.states import UNREPORTED, PlanStatus

if TYPE_CHECKING:
    from agencies.models import User
    from plans.reminders.candidates import Mornings
    from plans.reminders.expected import Rulebook
    from plans.reminders.querysets import MailQuerySet
    from plans.reminders.staff import Staff

WORKS_AT_ONCE = 1000


@dataclass
class Draft:
    """What one person is to be told about one province."""

    user: User
    province_id: int
    items: list[Item] = field(default_factory=list)
    unreachable: list[str] = field(default_factory=list)
    leader: LeaderSummary | None = None
    missing_year: int | None = None
    announcements: list[Announcement] = field(default_factory=list)
    # Whose work is the person's own, as on the page "Việc của tôi".
    agencies: frozenset[int] = frozenset()

    @property
    def reader(self) -> Reader:
        return self.user.pk, self.province_id

    def said(self, today: date, *, is_own: bool) -> list[str]:
        """What the person is told of the own work, or of what others do, in a few words each."""
        items = [item for item in self.items if (item.work.agency_id in self.agencies) == is_own]
        counted = {part: len(found) for part, found in letters.arranged(items, today).items()}
        if is_own:
            return letters.said(counted)
        return letters.said(counted, len(self.unreachable), has_summary=bool(self.leader))

    def overview(self, today: date) -> str:
        """All of it in one line, in the words of the letter's subject."""
        parts = letters.arranged(self.items, today)
        told = letters.said(
            {part: len(found) for part, found in parts.items()},
            len(self.unreachable),
            has_summary=bool(self.leader),
            announcements=len(self.announcements),
        )
        return ", ".join(told)


@dataclass
class Day:
    """All drafts of a day and what they were made from."""

    today: date
    staff: Staff
    mornings: Mornings
    drafts: list[Draft]
    # People who do without the optional parts.
    unsubscribed: set[int]
    # Letters of earlier days that nobody was sent: what they told is untold.
    held: Held = field(default_factory=Held)
    # Provinces of which some item is in nobody's letter of today.
    overlooked: set[int] = field(default_factory=set)
    works: int = 0

    @cached_property
    def items(self) -> int:
        return sum(len(draft.items) for draft in self.drafts)

    def last_told(self, user: int, province: int) -> date | None:
        """The last morning of which the person has heard; None if there was none."""
        reader = user, self.staff.tenant_of(user, province)
        if reader in self.held.since:
            return self.held.since[reader]
        return self.mornings.last_days.get(self.staff.answering[province])


def gather(
    today: date, provinces: Collection[int] | None = None, *, waiting: MailQuerySet | None = None
) -> Day:
    """Everything to be told on `today` that was not told before; of all provinces or of some.

    What stands in letters that are `waiting` was not told.
    """
    staff = read_staff(today, provinces)
    rules = read_rulebook(staff.answering)
    held = Held() if waiting is None else Held.read(waiting, staff, today)
    mornings = candidates.compare(staff, rules, today, held)
    day = Day(today, staff, mornings, [], _unsubscribed(), held)
    drafts: dict[Reader, Draft] = {}
    lost: dict[int, list[Item]] = {}
    for item in _untold(day, rules):
        if item.user_id is None:
            lost.setdefault(item.work.province_id, []).append(item)
        else:
            _draft(drafts, staff, item.user_id, item.work.province_id).items.append(item)
    _add_unreachable(drafts, day, lost)
    _add_summaries(drafts, day)
    _add_missing_years(drafts, day)
    _add_announcements(drafts, day)
    day.drafts = list(drafts.values())
    return day


def _untold(day: Day, rules: Rulebook) -> Iterator[Item]:
    works = candidates.read_works(day.mornings, rules)
    while batch := list(islice(works, WORKS_AT_ONCE)):
        day.works += len(batch)
        items = list(expected(batch, day.staff.hearers, rules, day.today))
        told = _told(batch, day.held) if items else set()
        yield from (item for item in items if item.key not in told)


def _told(works: Sequence[Work], held: Held) -> set[tuple[Any, ...]]:
    rows = Reminder.objects.filter(assignment__in=[work.pk for work in works]).values_list(
        *Reminder.KEY, "mail_id"
    )
    unsent = held.keys
    return {tuple(key) for *key, mail in rows.iterator() if mail not in unsent}


def _unsubscribed() -> set[int]:
    rows = MailChoice.objects.filter(is_without_information=True)
    return set(rows.values_list("user_id", flat=True))


def _draft(drafts: dict[Reader, Draft], staff: Staff, user_id: int, province: int) -> Draft:
    """The person's draft for the province that answers for `province`."""
    key = (user_id, staff.tenant_of(user_id, province))
    if key not in drafts:
        agencies = frozenset(
            post.agency_id for post in staff.posts_of(user_id) if post.role in REPORTING_ROLES
        )
        drafts[key] = Draft(staff.people[user_id], key[1], agencies=agencies)
    return drafts[key]


def _add_unreachable(drafts: dict[Reader, Draft], day: Day, lost: dict[int, list[Item]]) -> None:
    """Tell the office of agencies with work to be told of and nobody there."""
    agencies = {item.work.agency_id for items in lost.values() for item in items}
    names = dict(Agency.objects.filter(pk__in=agencies).values_list("pk", "name"))
    for province, items in lost.items():
        for user in day.staff.overseers(Audience.OFFICE, province):
            last = day.last_told(user, province)
            found = {
                names[item.work.agency_id] for item in items if last is None or item.step.on > last
            }
            if found:
                draft = _draft(drafts, day.staff, user, province)
                draft.unreachable = sorted({*draft.unreachable, *found})


def _add_summaries(drafts: dict[Reader, Draft], day: Day) -> None:
    """For leaders once a week, in the first letter of it."""
    monday = day.today - timedelta(days=day.today.weekday())
    wanted: dict[int, list[int]] = {}
    for province in day.mornings.basis:
        for user in day.staff.overseers(Audience.LEADER, province) - day.unsubscribed:
            last = day.last_told(user, province)
            if last is None or last < monday:
                wanted.setdefault(province, []).append(user)
    if not wanted:
        return
    reach = {province: day.staff.reach[province] for province in wanted}
    for province, summary in summaries.leader_summaries(reach, day.today).items():
        for user in wanted[province] if summary else ():
            _draft(drafts, day.staff, user, province).leader = summary


def _add_missing_years(drafts: dict[Reader, Draft], day: Day) -> None:
    """In what the office is told anyway; a letter is not written for it alone."""
    missing = next_year_if_missing(day.mornings.basis, day.today)
    for draft in drafts.values():
        year = missing.get(draft.province_id)
        if year and draft.user.pk in day.staff.overseers(Audience.OFFICE, draft.province_id):
            draft.missing_year = year


def _add_announcements(drafts: dict[Reader, Draft], day: Day) -> None:
    """What the portal alone has told since the last morning and the person has not read; one query.

    Not to people of several provinces: a notice does not say whose administrators may read it.
    """
    until = morning(day.today)
    mornings = [*day.mornings.last_days.values(), *filter(None, day.held.since.values())]
    first = min(mornings, default=day.today)
    people = day.staff.people.keys() - day.unsubscribed
    notices = (
        Notice.objects.unread()
        .of_their_own()
        .filter(created_at__gte=morning(first), created_at__lt=until)
    )
    for notice in notices.order_by("pk"):
        if notice.recipient_id not in people:
            continue
        posts = day.staff.posts_of(notice.recipient_id)
        homes = {
            day.staff.tenant_of(notice.recipient_id, post.agency.province_id) for post in posts
        }
        [home, *others] = homes
        last = day.last_told(notice.recipient_id, home)
        if others or home not in day.mornings.basis or last is None:
            continue
        if notice.created_at >= morning(last):
            draft = _draft(drafts, day.staff, notice.recipient_id, home)
            draft.announcements.append(letters.announcement_of(notice))


def morning(day: date) -> datetime:
    """From when on letters of `day` are written and sent; what came before stands in them."""
    return timezone.make_aware(datetime.combine(day, time(settings.REMINDERS_FROM_HOUR)))


def compose(drafts: Sequence[Draft], day: Day, *, has_links: bool) -> list[Letter]:
    """The letters of some drafts; two queries for however many.

    Without links a letter may be shown to somebody else: nobody reports for another by it.
    """
    arranged = [_arranged(draft, day) for draft in drafts]
    shown = {
        item.work.pk
        for parts in arranged
        for items in parts.values()
        for item in items[:SHOWN_LINES]
    }
    rows = {row["pk"]: row for row in Assignment.objects.filter(pk__in=shown).values(*LINE_FIELDS)}
    heard = candidates.agencies_heard(day.staff, (draft.user.pk for draft in drafts))
    overdue = _overdue_counts({place for places in heard.values() for place in places}, day.today)
    found = []
    for draft, parts in zip(drafts, arranged, strict=True):
        letter = _letter(draft, day, heard.get(draft.user.pk, set()))
        for section, items in parts.items():
            lines = [
                letters.line_of(
                    rows[item.work.pk],
                    item,
                    day.today,
                    update_url=_update_url(item, draft.user) if has_links else "",
                )
                for item in items[:SHOWN_LINES]
            ]
            letter.parts.append(Part(section, lines, len(items)))
        letter.overdue_before = _overdue_before(
            *(parts, heard.get(draft.user.pk, set()), overdue, day.today)
        )
        if has_links and letter.has_optional_parts:
            letter.unsubscribe_url = links.unsubscribe_url(draft.user.pk)
        found.append(letter)
    return found


def _arranged(draft: Draft, day: Day) -> dict[Section, list[Item]]:
    parts = letters.arranged(draft.items, day.today)
    if draft.user.pk in day.unsubscribed:
        parts.pop(Section.INFORMATION, None)
    return parts


def _letter(draft: Draft, day: Day, heard: set[int]) -> Letter:
    posts = day.staff.posts_of(draft.user.pk)
    own = [post for post in posts if post.agency.province_id == draft.province_id] or posts
    has_own_work = any(item.audience in AGENCY_AUDIENCES for item in draft.items)
    oversees = any(item.audience not in AGENCY_AUDIENCES for item in draft.items)
    return Letter(
        to_name=draft.user.full_name,
        post=f"{own[0].title or own[0].get_role_display()}, {own[0].agency.name}",
        shows_agencies=oversees or len(heard) > 1,
        has_own_work=has_own_work,
        oversees=oversees or bool(draft.unreachable or draft.leader),
        unreachable=draft.unreachable,
        leader=draft.leader,
        instead_of=[
            (leave.user.full_name, leave.ends_on)
            for leave in day.staff.absences.get(draft.user.pk, ())
        ],
        missing_year=draft.missing_year,
        announcements=draft.announcements,
    )


def _update_url(item: Item, user: User) -> str:
    """Only for those whose agency does the work, while there is something to report."""
    if item.audience not in AGENCY_AUDIENCES or item.work.status not in UNREPORTED:
        return ""
    return links.update_url(item.work.pk, user)


def _overdue_counts(agencies: set[int], today: date) -> dict[int, int]:
    rows = (
        Assignment.objects.unreported()
        .orderable()
        .filter(agency__in=agencies, due_on__lt=today, plan__status=PlanStatus.ACTIVE)
    )
    counts = rows.order_by().values("agency").annotate(rows=Count("pk"))
    return dict(counts.values_list("agency", "rows"))


def _overdue_before(
    parts: dict[Section, list[Item]], heard: set[int], overdue: dict[int, int], today: date
) -> int:
    """How much overdue work of the own agencies this letter does not name."""
    named = {
        item.work.pk
        for items in parts.values()
        for item in items
        if item.work.agency_id in heard
        and not item.work.is_requested
        and item.work.status in UNREPORTED
        and item.work.due_on is not None
        and item.work.due_on < today
    }
    return max(0, sum(overdue.get(agency, 0) for agency in heard) - len(named))
