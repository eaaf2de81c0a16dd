"""Letters that still wait for the mail server when a new morning comes, and are overtaken by it.

Once the server is back nobody finds the letters of three mornings: what they told and still holds
stands in the letter of the last one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from plans.reminders import tries
from plans.reminders.models import Mail, Notice, Reminder, WebhookCall
from plans.reminders.states import MailKind, MailState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from plans.reminders.querysets import MailQuerySet

# Whose letters: a person, and the province that the letter is about.
Reader = tuple[int, int]
# What is older was told of in so many ways since that its own letter may stay as it is.
LOOK_BACK = timedelta(days=60)


class LostHoldError(Exception):
    """The lease of some letters has ended, and somebody else may be sending them."""


@dataclass(frozen=True)
class Held:
    """Letters of earlier days that are kept from all senders until `until`."""

    until: datetime | None = None
    letters: dict[Reader, list[int]] = field(default_factory=dict)
    # The morning before the first of them, None where there was none: what came since is untold.
    since: dict[Reader, date | None] = field(default_factory=dict)

    @cached_property
    def keys(self) -> frozenset[int]:
        return frozenset(pk for own in self.letters.values() for pk in own)

    def rows(self) -> MailQuerySet:
        """Those that are still held."""
        return Mail.objects.filter(
            state=MailState.SENDING, lease_until=self.until, kind=MailKind.DAILY
        )


def hold(today: date, now: datetime) -> Held:
    """Take what waits since a day before `today`, by a lease as a sender does; two queries.

    So nothing of it is sent while it is put into the letter of `today`, and senders find it again
    if that is never written. A letter whose tries ran out counts too; one that was refused does
    not. A day that is planned ahead leaves all to the days before it.
    """
    if today > timezone.localdate(now):
        return Held()
    has_come = Q(state=MailState.PENDING) & (Q(next_try_at__lte=now) | Q(tries__gt=0))
    ran_out = Q(state=MailState.FAILED, tries__gte=tries.MAX_TRIES)
    waiting = Mail.objects.filter(
        has_come | ran_out,
        kind=MailKind.DAILY,
        for_date__lt=today,
        for_date__gte=today - LOOK_BACK,
    )
    held = Held(now + tries.planning_lease())
    if waiting.update(state=MailState.SENDING, attempt=F("attempt") + 1, lease_until=held.until):
        rows = held.rows().order_by("for_date")
        for pk, user, tenant, since in rows.values_list(
            "pk", "recipient_id", "province_id", "since"
        ):
            held.letters.setdefault((user, tenant), []).append(pk)
            held.since.setdefault((user, tenant), since)
    return held


def drop(held: Held, readers: Iterable[Reader], today: date) -> None:
    """Never send the letters of `readers`; inside the transaction that writes the new ones.

    Raise `LostHoldError` if one of them is no longer held.
    """
    keys = [pk for reader in readers for pk in held.letters.get(reader, ())]
    if not keys:
        return
    error = _("Đã gộp vào lần nhắc ngày %(day)s.") % {"day": f"{today:%d/%m/%Y}"}
    dropped = held.rows().filter(pk__in=keys)
    if dropped.update(
        state=MailState.OVERTAKEN, lease_until=None, is_doubted=False, error=error
    ) != len(keys):
        raise LostHoldError
    # They were told to nobody, so they are told again whenever they hold.
    Reminder.objects.filter(mail__in=keys).delete()
    waiting = WebhookCall.objects.filter(mail__in=keys, state=MailState.PENDING)
    waiting.update(state=MailState.OVERTAKEN, error=error)
    # In the portal, too, the new notice says all that still holds.
    Notice.objects.unread().filter(mail__in=keys).delete()


def release(held: Held) -> None:
    """Let senders go on with what was held and not dropped: its province does not work today."""
    if held.keys:
        held.rows().update(state=MailState.PENDING, lease_until=None, is_doubted=False)
