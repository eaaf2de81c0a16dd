"""Writes of those who are reminded and of those who set when: notices, rungs, days, gateways."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import IntegrityError, transaction

from plans.reminders import letters, outbox
from plans.reminders.models import (
    CalendarDay,
    CalendarDecision,
    Leave,
    Mail,
    Notice,
    ProvinceLadder,
    Rung,
    Webhook,
)
from plans.reminders.states import Audience, MailKind, MailState
from plans.reminders.working_days import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from agencies.models import Province, User
    from plans.models import Plan
    from plans.reminders.ladder import Rule

logger = logging.getLogger(__name__)


class StaleLadderError(Exception):
    """Somebody else has changed the rungs since the person read them."""


class DayTakenError(Exception):
    """Another decision has settled one of these days, or has the same number."""


def mark_read(notice: Notice, *, now: datetime) -> None:
    """Note when a notice was first opened."""
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=now)


def mark_unread(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(read_at=None)


def mark_all_read(user: User, *, up_to: int | None, now: datetime) -> int:
    """Mark what the person has seen: a notice later than `up_to` came while the page was open."""
    seen = Notice.objects.visible_to(user).unread()
    if up_to is not None:
        seen = seen.filter(pk__lte=up_to)
    return seen.update(read_at=now)


def forget_old_notices(*, now: datetime) -> int:
    """Delete what was read long ago; how many. The letter itself is kept."""
    deleted, _by_model = Notice.objects.forgettable(now).delete()
    return deleted


@transaction.atomic
def save_ladder(
    province: Province,
    plan: Plan | None,
    rules: Sequence[Rule],
    *,
    version: int,
    by: User,
    now: datetime,
) -> ProvinceLadder:
    """Let these rungs hold for the province, or the plan; `version` 0 where there were none.

    Raise `StaleLadderError` if the stored ladder is no longer at `version`.
    """
    own = ProvinceLadder.objects.select_for_update().filter(province=province, plan=plan).first()
    if (own.version if own else 0) != version:
        raise StaleLadderError
    if own is None:
        own = ProvinceLadder(province=province, plan=plan, version=0)
    own.version, own.changed_by, own.changed_at = version + 1, by, now
    try:
        with transaction.atomic():
            own.save()
    except IntegrityError as error:  # two made the first one at once
        raise StaleLadderError from error
    # One by one, so that each leaves its line of history.
    for rung in own.rungs.all():
        rung.delete()
    for rule in rules:
        Rung.objects.create(
            ladder=own,
            kind=rule.kind,
            days=rule.days,
            unit=rule.unit,
            repeat_days=rule.repeat_days,
            **{f"is_for_{each.value}": each in rule.audience for each in Audience},
        )
    return own


def reset_ladder(province: Province, plan: Plan | None) -> None:
    """Go by what is usual again."""
    with transaction.atomic():
        for own in ProvinceLadder.objects.filter(province=province, plan=plan):
            for rung in own.rungs.all():
                rung.delete()
            own.delete()


@dataclass(frozen=True)
class NewDecision:
    """What a decision says of days; `closed` are off, `worked` are worked."""

    number: str
    year: int
    is_yearly: bool
    note: str
    closed: Collection[date]
    worked: Collection[date]


@transaction.atomic
def add_decision(
    province: Province, new: NewDecision, *, by: User, now: datetime
) -> CalendarDecision:
    """Enter a decision. Raise `DayTakenError` if another one has settled the same."""
    try:
        with transaction.atomic():
            decision = CalendarDecision.objects.create(
                province=province,
                number=new.number,
                year=new.year,
                is_yearly=new.is_yearly,
                note=new.note,
                entered_by=by,
                entered_at=now,
            )
            for is_working, days in ((False, new.closed), (True, new.worked)):
                for day in sorted(days):
                    CalendarDay.objects.create(
                        decision=decision, province=province, day=day, is_working=is_working
                    )
    except IntegrityError as error:
        raise DayTakenError from error
    return decision


@transaction.atomic
def drop_decision(decision: CalendarDecision, *, by: User) -> None:
    logger.info("user %s dropped the calendar decision %s", by.pk, decision.pk)
    for day in decision.days.all():
        day.delete()
    decision.delete()


def add_leave(leave: Leave, *, by: User, now: datetime) -> Leave:
    leave.entered_by, leave.entered_at = by, now
    leave.save()
    logger.info(
        "user %s entered the leave %s: user %s for user %s from %s to %s",
        *(by.pk, leave.pk, leave.delegate_id, leave.user_id, leave.starts_on, leave.ends_on),
    )
    return leave


def end_leave(leave: Leave, *, today: date, by: User) -> None:
    """The person is back: yesterday was the last day, or there was none at all."""
    logger.info("user %s ended the leave %s", by.pk, leave.pk)
    if leave.starts_on >= today:
        leave.delete()
    elif leave.ends_on >= today:
        leave.ends_on = today - ONE_DAY
        leave.save(update_fields=["ends_on"])


def send_trial(
    written: letters.Written, province: Province, day: date, *, to: User, now: datetime
) -> Mail:
    """Put a letter of `day` into the outbox for `to`; a second one takes the place of the first."""
    mail = Mail.objects.filter(
        recipient=to, province=province, for_date=day, kind=MailKind.TRIAL
    ).first() or Mail(recipient=to, province=province, for_date=day, kind=MailKind.TRIAL)
    for name, value in vars(written).items():
        setattr(mail, name, value)
    mail.to_name, mail.to_email = to.full_name, to.email
    mail.state, mail.error = MailState.PENDING, ""
    # Whoever may be sending the one before must not write to this one.
    mail.attempt += 1
    mail.tries = mail.lost_count = 0
    mail.is_doubted = False
    mail.lease_until = mail.sent_at = None
    mail.next_try_at = mail.created_at = now
    # Another letter than the one before, for the mail server too.
    mail.message_id = outbox.message_id(mail).replace("<", f"<{int(now.timestamp())}.", 1)
    mail.save()
    return mail


def save_webhook(webhook: Webhook, *, now: datetime) -> Webhook:
    """Save a gateway; one that is switched on again is not told of what went by meanwhile."""
    was_active = Webhook.objects.active().filter(pk=webhook.pk).exists() if webhook.pk else False
    if not was_active:
        webhook.active_from = now
    webhook.save()
    return webhook


def renew_key(webhook: Webhook) -> None:
    """Make another secret; the gateway takes no call until it knows it."""
    webhook.key = uuid4()
    webhook.save(update_fields=["key"])
