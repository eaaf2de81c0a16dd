"""Decides who is reminded of what on a day and writes the letters; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from agencies.access import predecessors
from agencies.models import Membership
from agencies.states import Role
from plans.models import Assignment
from plans.reminders import letters, outbox, policy, summaries
from plans.reminders.letters import LINE_FIELDS, Letter
from plans.reminders.models import Mail, Notice, PlannedDay, Reminder
from plans.reminders.states import MailKind
from plans.states import PlanStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, datetime

    from agencies.models import User

# Work is the agency's, so its head and its officers are reminded.
REMINDED_ROLES = frozenset({Role.HEAD, Role.OFFICER})
TOLD_ROLES = REMINDED_ROLES | {Role.OFFICE, Role.LEADER}
PERSONS_PER_WRITE = 200


class SupersededError(Exception):
    """Another planner has taken the day over; this one must not write any more."""


@dataclass(frozen=True)
class Counts:
    """What one run has made."""

    reminders: int = 0
    mails: int = 0


@dataclass
class Draft:
    """What one person is to be told about one province, and the reminders that it settles."""

    user: User
    province_id: int
    letter: Letter
    reminders: list[Reminder] = field(default_factory=list)


@dataclass(frozen=True)
class Staff:
    """The posts of a day and a draft for each person and province.

    A province answers for what it was made from: a person with posts in today's Lào Cai and
    in the former one gets one letter, a person of two separate provinces one for each.
    """

    posts: list[Membership]
    reach: dict[int, set[int]]
    drafts: dict[int, Draft]  # by post

    def reminded(self) -> dict[int, list[Draft]]:
        """The drafts of those to remind of the work of each agency, one per person."""
        found: dict[int, dict[int, Draft]] = {}
        for post in self.posts:
            if post.role in REMINDED_ROLES:
                draft = self.drafts[post.pk]
                found.setdefault(post.agency_id, {})[draft.user.pk] = draft
        return {agency: list(drafts.values()) for agency, drafts in found.items()}

    def overseers(self, role: Role) -> list[tuple[int, Draft]]:
        """Province and draft of each post of `role`, the province with the longest reach last."""
        found = [
            (post.agency.province_id, self.drafts[post.pk])
            for post in self.posts
            if post.role == role
        ]
        return sorted(found, key=lambda pair: len(self.reach[pair[0]]))


def plan_day(today: date, now: datetime, *, send_from: datetime | None = None) -> Counts:
    """Write the letters of `today` unless that is done; nothing on days off.

    Safe to run again and at once by many: one planner holds the day, each part it writes is
    whole, and whoever takes over goes on with what is left. Letters wait until `send_from`
    (now). A fixed number of queries, and a few more per 200 persons.
    """
    if not policy.is_working_day(today):
        return Counts()
    attempt = _claim(today, now)
    if attempt is None:
        return Counts()

    drafts = [draft for draft in _drafts(today, now) if draft.letter]
    made = Counts()
    for start in range(0, len(drafts), PERSONS_PER_WRITE):
        written = _write(
            drafts[start : start + PERSONS_PER_WRITE], today, now, send_from or now, attempt
        )
        made = Counts(made.reminders + written.reminders, made.mails + written.mails)
    PlannedDay.objects.filter(for_date=today, attempt=attempt).update(
        finished_at=now, lease_until=None
    )
    return made


def _claim(today: date, now: datetime) -> int | None:
    """Take the day for the length of a lease; None if it is done or somebody has it."""
    if PlannedDay.objects.filter(for_date=today, finished_at__isnull=False).exists():
        return None
    PlannedDay.objects.get_or_create(for_date=today)
    is_free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    claimed = PlannedDay.objects.filter(is_free, for_date=today, finished_at__isnull=True).update(
        attempt=F("attempt") + 1, lease_until=now + policy.LEASE
    )
    return PlannedDay.objects.get(for_date=today).attempt if claimed else None


def _drafts(today: date, now: datetime) -> list[Draft]:
    """All there is to tell on `today`; reads only."""
    done = PlannedDay.objects.filter(for_date__lt=today, finished_at__isnull=False)
    last = done.order_by("-for_date").values_list("for_date", flat=True).first()
    since = last or policy.previous_working_day(today)
    staff = _staff(today)
    unreachable = _add_work(staff, today, now, since)
    _add_office_summaries(staff, today, since, unreachable)
    # Once a week, on the first day of it on which anything is planned.
    if last is None or last < today - timedelta(days=today.weekday()):
        _add_leader_summaries(staff, today)
    return list({id(draft): draft for draft in staff.drafts.values()}.values())


def _staff(today: date) -> Staff:
    posts = list(
        Membership.objects.current(today)
        .filter(role__in=TOLD_ROLES, user__is_active=True)
        .select_related("user", "agency")
        .order_by("starts_on", "pk")
    )
    reach = predecessors({post.agency.province_id for post in posts})
    provinces: dict[int, set[int]] = {}
    for post in posts:
        provinces.setdefault(post.user_id, set()).add(post.agency.province_id)

    by_tenant: dict[tuple[int, int], Draft] = {}
    by_post = {}
    for post in posts:
        tenant = _tenant(post.agency.province_id, provinces[post.user_id], reach)
        draft = by_tenant.get((post.user_id, tenant))
        if draft is None:
            letter = Letter(post.user.full_name, _post_label(post))
            draft = by_tenant[post.user_id, tenant] = Draft(post.user, tenant, letter)
        by_post[post.pk] = draft
    return Staff(posts, reach, by_post)


def _tenant(province: int, own: set[int], reach: dict[int, set[int]]) -> int:
    """That of the person's `own` provinces which answers for `province`."""
    answering = (other for other in own if province in reach[other])
    return max(answering, key=lambda other: (len(reach[other]), other))


def _post_label(post: Membership) -> str:
    return f"{post.title or post.get_role_display()}, {post.agency.name}"


def _due_work(today: date) -> Iterator[dict[str, Any]]:
    """Work of active plans that the agency has to act on and a rung has come for."""
    horizon = today + timedelta(days=policy.FIRST_RUNG_DAYS_BEFORE)
    rows = Assignment.objects.unreported().filter(
        plan__status=PlanStatus.ACTIVE, due_on__lte=horizon
    )
    return rows.by_due_date().values(*LINE_FIELDS, "agency_id").iterator(chunk_size=2000)


def _add_work(staff: Staff, today: date, now: datetime, since: date) -> set[tuple[int, str]]:
    """Put due work into the drafts; return province and name of agencies with nobody to remind."""
    known = set(
        Reminder.objects.of_current_rungs(today).values_list(
            "assignment_id", "recipient_id", "kind", "due_on", "step"
        )
    )
    reminded = staff.reminded()
    _show_agencies(reminded)
    unreachable = set()
    for row in _due_work(today):
        step = policy.rung_for(row["due_on"], today)
        if step is None:
            continue
        drafts = reminded.get(row["agency_id"], [])
        if drafts:
            _remind(drafts, row, step, known, today, now)
        elif row["due_on"] + timedelta(days=step) > since and not row["agency__is_requested"]:
            unreachable.add((row["province_id"], row["agency__name"]))
    return unreachable


def _show_agencies(reminded: dict[int, list[Draft]]) -> None:
    """Who answers for several agencies sees which one a line is about."""
    seen: set[int] = set()
    for drafts in reminded.values():
        for draft in drafts:
            draft.letter.shows_agencies = id(draft) in seen
            seen.add(id(draft))


def _remind(
    drafts: Iterable[Draft],
    row: dict[str, Any],
    step: int,
    known: set[tuple[Any, ...]],
    today: date,
    now: datetime,
) -> None:
    is_requested = row["agency__is_requested"]
    kind = policy.kind_of(step, is_requested=is_requested)
    line = None
    for draft in drafts:
        if (row["pk"], draft.user.pk, kind, row["due_on"], step) in known:
            draft.letter.digest.overdue_before += row["due_on"] < today and not is_requested
            continue
        line = line or letters.line_of(row, today)
        draft.letter.digest.add(line)
        draft.reminders.append(
            Reminder(
                province_id=row["province_id"],
                assignment_id=row["pk"],
                recipient=draft.user,
                kind=kind,
                step=step,
                due_on=row["due_on"],
                for_date=today,
                created_at=now,
            )
        )


def _add_office_summaries(
    staff: Staff, today: date, since: date, unreachable: set[tuple[int, str]]
) -> None:
    posts = staff.overseers(Role.OFFICE)
    reach = {province: staff.reach[province] for province, _draft in posts}
    found = (
        summaries.office_summaries(reach, today, since=since, unreachable=unreachable)
        if reach
        else {}
    )
    for province, draft in posts:
        draft.letter.office = found[province] or None


def _add_leader_summaries(staff: Staff, today: date) -> None:
    posts = staff.overseers(Role.LEADER)
    reach = {province: staff.reach[province] for province, _draft in posts}
    found = summaries.leader_summaries(reach, today) if reach else {}
    for province, draft in posts:
        draft.letter.leader = found[province] or None


def _write(
    drafts: list[Draft], today: date, now: datetime, send_from: datetime, attempt: int
) -> Counts:
    """Keep reminders, letters and notices of some persons, all or nothing."""
    mails = {id(draft): _mail(draft, today, now, send_from) for draft in drafts}
    with transaction.atomic():
        fence = PlannedDay.objects.filter(for_date=today, attempt=attempt)
        # The update is the lock: of two planners only the holder of the day gets past it.
        if not fence.update(lease_until=F("lease_until")):
            raise SupersededError(today)
        told = set(
            Mail.objects.filter(
                for_date=today, kind=MailKind.DAILY, recipient__in=[d.user for d in drafts]
            ).values_list("recipient_id", "province_id")
        )
        fresh = [draft for draft in drafts if (draft.user.pk, draft.province_id) not in told]
        Mail.objects.bulk_create([mails[id(draft)] for draft in fresh])
        reminders = []
        for draft in fresh:
            for reminder in draft.reminders:
                reminder.mail = mails[id(draft)]
                reminders.append(reminder)
        Reminder.objects.bulk_create(reminders, batch_size=1000)
        Notice.objects.bulk_create(
            notice for draft in fresh for notice in _notices(draft, mails[id(draft)], now)
        )
        made = Counts(len(reminders), len(fresh))
        fence.update(
            reminder_count=F("reminder_count") + made.reminders,
            mail_count=F("mail_count") + made.mails,
        )
        return made


def _mail(draft: Draft, today: date, now: datetime, send_from: datetime) -> Mail:
    written = letters.write(draft.letter, today)
    mail = Mail(
        province_id=draft.province_id,
        recipient=draft.user,
        to_name=draft.user.full_name,
        to_email=draft.user.email,
        kind=MailKind.DAILY,
        for_date=today,
        subject=written.subject,
        text=written.text,
        html=written.html,
        next_try_at=send_from,
        created_at=now,
    )
    mail.message_id = outbox.message_id(mail)
    return mail


def _notices(draft: Draft, mail: Mail, now: datetime) -> list[Notice]:
    """One line for the person's own work, one for what the person oversees."""
    told = [
        (draft.letter.digest.parts(), reverse("plans:my_work")),
        (draft.letter.summary_parts(), reverse("plans:overview")),
    ]
    return [
        Notice(
            recipient=draft.user, mail=mail, text=", ".join(parts)[:300], url=url, created_at=now
        )
        for parts, url in told
        if parts
    ]
