"""Decides who is reminded of what on a day and writes the letters; sends nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q
from django.urls import reverse

from plans.reminders import drafts, letters, outbox, overtaken, tries
from plans.reminders.models import (
    CalendarDay,
    LastMorning,
    Mail,
    Notice,
    PlannedDay,
    Reminder,
)
from plans.reminders.states import MailKind
from plans.reminders.working_days import NATIONAL

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from plans.reminders.drafts import Day, Draft

PERSONS_PER_WRITE = 200


class SupersededError(Exception):
    """Another planner has taken the day over; this one must not write any more."""


@dataclass(frozen=True)
class Counts:
    """What one run has made."""

    reminders: int = 0
    mails: int = 0


def plan_day(today: date, now: datetime, *, send_from: datetime | None = None) -> Counts:
    """Write the letters of `today` unless that is done; nothing on days off.

    Safe to run again and at once by many: one planner holds the day, each part it writes is
    whole, and whoever takes over goes on with what is left. Letters wait until `send_from`
    (now). A fixed number of queries, and a few more per 1000 pieces of work or 200 persons.
    """
    if is_day_off(today):
        return Counts()
    attempt = _claim(today, now)
    if attempt is None:
        return Counts()

    held = overtaken.hold(today, now)
    try:
        day = drafts.gather(today, waiting=held)
        made = Counts()
        for start in range(0, len(day.drafts), PERSONS_PER_WRITE):
            chunk = day.drafts[start : start + PERSONS_PER_WRITE]
            written = _write(day, chunk, now, send_from or now, attempt)
            made = Counts(made.reminders + written.reminders, made.mails + written.mails)
        _finish(day, now, attempt)
        return made
    finally:
        overtaken.release(held)


def foresee(today: date, now: datetime, provinces: Collection[int] | None = None) -> Day:
    """The day as `plan_day` would write it now, of all provinces or of some; reads only."""
    is_done = PlannedDay.objects.filter(for_date=today, finished_at__isnull=False).exists()
    waiting = None if is_done else overtaken.waiting(today, now)
    return drafts.gather(today, provinces, waiting=waiting)


def is_day_off(day: date) -> bool:
    """Whether no province at all works on `day`."""
    if NATIONAL.is_working_day(day):
        return False
    return not CalendarDay.objects.filter(day=day, is_working=True).exists()


def _claim(today: date, now: datetime) -> int | None:
    """Take the day for the length of a lease; None if it is done or somebody has it."""
    if PlannedDay.objects.filter(for_date=today, finished_at__isnull=False).exists():
        return None
    PlannedDay.objects.get_or_create(for_date=today)
    is_free = Q(lease_until__isnull=True) | Q(lease_until__lt=now)
    # A lease further ahead than any was dated before the clock was put back. The fence makes
    # taking the day from somebody who lives harmless.
    is_free |= Q(lease_until__gt=now + 2 * tries.planning_lease())
    claimed = PlannedDay.objects.filter(is_free, for_date=today, finished_at__isnull=True).update(
        attempt=F("attempt") + 1, lease_until=now + tries.planning_lease()
    )
    return PlannedDay.objects.get(for_date=today).attempt if claimed else None


def _write(
    day: Day, chunk: list[Draft], now: datetime, send_from: datetime, attempt: int
) -> Counts:
    """Keep reminders, letters and notices of some persons, all or nothing."""
    mails = _mails(day, chunk, now, send_from)
    with transaction.atomic():
        fence = PlannedDay.objects.filter(for_date=day.today, attempt=attempt)
        # The update is the lock: of two planners only the holder of the day gets past it.
        if not fence.update(lease_until=F("lease_until")):
            raise SupersededError(day.today)
        told = set(
            Mail.objects.filter(
                for_date=day.today,
                kind=MailKind.DAILY,
                recipient__in=[draft.user for draft in chunk],
            ).values_list("recipient_id", "province_id")
        )
        fresh = []
        for draft in chunk:
            if draft.reader not in told:
                fresh.append(draft)
            elif draft.items:
                # An earlier planner of the day had less to tell: it knew other rules or people.
                day.overlooked.add(draft.province_id)
        overtaken.drop(day.held, [draft.reader for draft in fresh], day.today)
        written = [mails[id(draft)] for draft in fresh if id(draft) in mails]
        Mail.objects.bulk_create(written)
        reminders = [
            reminder
            for draft in fresh
            for reminder in _reminders(draft, mails.get(id(draft)), day.today, now)
        ]
        Reminder.objects.bulk_create(reminders, batch_size=1000)
        Notice.objects.bulk_create(
            notice
            for draft in fresh
            for notice in _notices(draft, mails.get(id(draft)), day.today, now)
        )
        made = Counts(len(reminders), len(written))
        fence.update(
            reminder_count=F("reminder_count") + made.reminders,
            mail_count=F("mail_count") + made.mails,
        )
        return made


@transaction.atomic
def _finish(day: Day, now: datetime, attempt: int) -> None:
    """The day is done, and the next one starts from what this one has seen."""
    fence = PlannedDay.objects.filter(for_date=day.today, attempt=attempt)
    if not fence.update(finished_at=now, lease_until=None):
        raise SupersededError(day.today)
    told = {draft.reader for draft in day.drafts}
    done = [
        (user, tenant)
        for user, tenant in day.held.letters.keys() - told
        if day.staff.answering.get(tenant, tenant) in day.mornings.basis
    ]
    # Of what these letters tell nothing holds any more.
    overtaken.drop(day.held, done, day.today)
    for province in day.overlooked:
        # Equals the rules of no morning, so the next one looks at all work.
        day.mornings.basis[day.staff.answering[province]].rules = ""
    LastMorning.objects.filter(province__in=day.mornings.basis).delete()
    LastMorning.objects.bulk_create(day.mornings.basis.values())


def _mails(day: Day, chunk: list[Draft], now: datetime, send_from: datetime) -> dict[int, Mail]:
    """The letter of each draft that has anything to say, by the identity of the draft."""
    found = {}
    for draft, letter in zip(chunk, drafts.compose(chunk, day, has_links=True), strict=True):
        if not letter.said:
            continue
        written = letters.write(letter, day.today)
        mail = Mail(
            province_id=draft.province_id,
            recipient=draft.user,
            to_name=draft.user.full_name,
            to_email=draft.user.email,
            kind=MailKind.DAILY,
            for_date=day.today,
            since=day.last_told(*draft.reader),
            **vars(written),
            next_try_at=send_from,
            created_at=now,
        )
        mail.message_id = outbox.message_id(mail)
        found[id(draft)] = mail
    return found


def _reminders(draft: Draft, mail: Mail | None, today: date, now: datetime) -> list[Reminder]:
    return [
        Reminder(
            province_id=item.work.province_id,
            assignment_id=item.work.pk,
            recipient=draft.user,
            kind=item.kind,
            step=item.step.number,
            unit=item.step.unit,
            due_on=item.anchor,
            for_date=today,
            mail=mail,
            created_at=now,
        )
        for item in draft.items
    ]


def _notices(draft: Draft, mail: Mail | None, today: date, now: datetime) -> list[Notice]:
    """One line for the person's own work, one for what the person oversees."""
    told = [
        (draft.said(today, is_own=True), reverse("plans:my_work")),
        (draft.said(today, is_own=False), reverse("plans:overview")),
    ]
    return [
        Notice(
            recipient=draft.user, mail=mail, text=", ".join(parts)[:300], url=url, created_at=now
        )
        for parts, url in told
        if parts
    ]
