"""Letters that still wait for the mail server when a new morning comes, and are overtaken by it.

Once the server is back nobody finds the letters of three mornings: what they told and still holds
stands in the letter of the last one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Self

from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Left, Trim
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.reminders import tries
from plans.reminders.models import Mail, Notice, Reminder, WebhookCall
from plans.reminders.states import MailKind, MailState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from plans.reminders.querysets import MailQuerySet
    from plans.reminders.staff import Staff

# Whose letters: a person, and the province that the letter is about.
Reader = tuple[int, int]
# What is older was told of in so many ways since that its own letter may stay as it is.
LOOK_BACK = timedelta(days=60)
ERROR_LENGTH = 500


class LostHoldError(Exception):
    """The lease of some letters has ended, and somebody else may be sending them."""


@dataclass(frozen=True)
class Held:
    """Letters of earlier days that nobody was sent, by who reads them."""

    rows: MailQuerySet = field(default_factory=Mail.objects.none)
    letters: dict[Reader, list[int]] = field(default_factory=dict)
    # The morning before the first of them, None where there was none: what came since is untold.
    since: dict[Reader, date | None] = field(default_factory=dict)

    @classmethod
    def read(cls, rows: MailQuerySet, staff: Staff, today: date) -> Self:
        """One query."""
        held = cls(rows)
        fields = ("pk", "recipient_id", "province_id", "since")
        for pk, user, province, since in rows.order_by("for_date").values_list(*fields):
            reader = _reader(staff, user, province)
            held.letters.setdefault(reader, []).append(pk)
            held.since.setdefault(reader, since and max(since, today - LOOK_BACK))
        return held

    @cached_property
    def keys(self) -> frozenset[int]:
        return frozenset(pk for own in self.letters.values() for pk in own)


def _reader(staff: Staff, user: int, province: int) -> Reader:
    """As in the posts of today: the province may have become part of another meanwhile."""
    if user in staff.people:
        tenant = staff.tenant_of(user, province)
        if staff.answering.get(province) == staff.answering[tenant]:
            return user, tenant
    return user, province


def waiting(today: date, now: datetime) -> MailQuerySet:
    """What waits since a day before `today`, or was given up with nobody having refused it.

    A letter whose sender never came back may have been taken: it stays as it is, for a second
    copy has to have the same Message-ID. A day that is planned ahead leaves all to the days
    before it.
    """
    if today > timezone.localdate(now):
        return Mail.objects.none()
    has_come = Q(next_try_at__lte=now) | Q(tries__gt=0)
    ran_out = Q(state=MailState.FAILED, tries__gte=tries.MAX_TRIES)
    return Mail.objects.filter(
        Q(has_come, state=MailState.PENDING, lost_count=0) | ran_out,
        kind=MailKind.DAILY,
        for_date__lt=today,
        for_date__gte=today - LOOK_BACK,
    )


def hold(today: date, now: datetime) -> MailQuerySet:
    """Take what is `waiting`, by a lease as a sender does; what is still held.

    So nothing of it is sent while it is put into the letter of `today`, and senders find it again
    if that is never written.
    """
    until = now + tries.planning_lease()
    if not waiting(today, now).update(
        state=MailState.SENDING, attempt=F("attempt") + 1, lease_until=until
    ):
        return Mail.objects.none()
    return Mail.objects.filter(state=MailState.SENDING, lease_until=until, kind=MailKind.DAILY)


def drop(held: Held, readers: Iterable[Reader], today: date) -> None:
    """Never send the letters of `readers`; inside the transaction that writes the new ones.

    Raise `LostHoldError` if one of them is no longer held.
    """
    keys = [pk for reader in readers for pk in held.letters.get(reader, ())]
    if not keys:
        return
    told = _("Đã gộp vào lần nhắc ngày %(day)s.") % {"day": f"{today:%d/%m/%Y}"}
    # Why the server did not take it is still worth knowing.
    error = Left(Trim(Concat(Value(told), Value(" "), F("error"))), ERROR_LENGTH)
    dropped = held.rows.filter(pk__in=keys)
    if dropped.update(
        state=MailState.OVERTAKEN, lease_until=None, is_doubted=False, error=error
    ) != len(keys):
        raise LostHoldError
    # They were told to nobody, so they are told again whenever they hold.
    Reminder.objects.filter(mail__in=keys).delete()
    calls = WebhookCall.objects.filter(mail__in=keys, state=MailState.PENDING)
    calls.update(state=MailState.OVERTAKEN, error=told)
    # In the portal, too, the new notice says all that still holds.
    Notice.objects.unread().filter(mail__in=keys).delete()


def release(held: MailQuerySet) -> None:
    """Let senders go on with what was held and not dropped.

    Its province does not work today, or the letter of today could not be written.
    """
    held.update(state=MailState.PENDING, lease_until=None, is_doubted=False)
