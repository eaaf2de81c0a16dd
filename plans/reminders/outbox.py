"""Hands over what waits in the outbox: claim by lease, try, and tell how it went.

Never lost: what is claimed is committed as `sending` before anybody is called, and what a sender
did not come back from is taken again. A second copy goes out only if the sender died between the
mail server's 250 and the commit, and then with the same Message-ID.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import OuterRef, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from agencies.models import User
from plans.reminders import bounces, tries
from plans.reminders.channels import DeliveryError
from plans.reminders.channels.smtp import MailChannel
from plans.reminders.states import MailState
from plans.reminders.tries import Ladder

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from plans.reminders.channels import Channel
    from plans.reminders.models import Mail
    from plans.reminders.querysets import DeliveryQuerySet

logger = logging.getLogger(__name__)

# After so many rows in a row that nobody judged, or nobody took, the rest of the run would fare
# no better: they keep their place instead of climbing the ladder for a fault that is not theirs.
GIVE_UP_AFTER_UNREACHED = 3
GIVE_UP_AFTER_PUT_OFF = 20
# Seconds to wait for a database that is away just when a letter is out.
PAUSES = (0.1, 0.5, 2, 5, 10, 20)


@dataclass(frozen=True)
class Outcome:
    """How many rows of a run were sent, put off, or have failed for good."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0

    def plus(self, state: MailState) -> Outcome:
        """This outcome with one row more, which came to `state`."""
        if state == MailState.SENT:
            return replace(self, sent=self.sent + 1)
        if state == MailState.PENDING:
            return replace(self, put_off=self.put_off + 1)
        return replace(self, failed=self.failed + 1)


@dataclass
class Breaker:
    """Ends a run when the channel is at fault and not what goes through it."""

    unreached: int = 0
    put_off: int = 0

    def count(self, state: MailState, ladder: Ladder | None) -> None:
        self.unreached = self.unreached + 1 if ladder == Ladder.CHANNEL else 0
        self.put_off = self.put_off + 1 if state == MailState.PENDING else 0

    @property
    def is_open(self) -> bool:
        return self.unreached >= GIVE_UP_AFTER_UNREACHED or self.put_off >= GIVE_UP_AFTER_PUT_OFF


def message_id(mail: Mail) -> str:
    """The same for the same letter, however often it is sent; nobody else can guess it."""
    name = f"{mail.kind}/{mail.province_id}/{mail.recipient_id}/{mail.for_date}"
    host = urlsplit(settings.PORTAL_URL).hostname
    digest = salted_hmac("reminders.message-id", name, algorithm="sha256").hexdigest()
    return f"<{digest[:32]}@{host}>"


def send_due(
    clock: Callable[[], datetime],
    limit: int = 1_000_000,
    *,
    seconds: float | None = None,
    through: Channel | None = None,
) -> Outcome:
    """Send what is due, one row after the other, so that none is claimed and left waiting.

    Ends after `limit` rows or `seconds`. Letters, unless it is `through` another channel.
    """
    channel: Channel = through or MailChannel()
    outcome, breaker = Outcome(), Breaker()
    end = None if seconds is None else time.monotonic() + seconds
    doubt(channel.rows, clock())
    give_up(channel.rows, clock())
    try:
        while sum(vars(outcome).values()) < limit and (end is None or time.monotonic() < end):
            claimed = claim(channel.rows, clock(), limit=1)
            if not claimed:
                break
            state, ladder = deliver(channel, claimed[0], clock)
            outcome = outcome.plus(state)
            breaker.count(state, ladder)
            if breaker.is_open:
                break
    finally:
        channel.close()
    return outcome


def claim(rows: DeliveryQuerySet, now: datetime, limit: int) -> list[Any]:
    """Take up to `limit` rows for the length of a lease; two senders never take the same.

    The state `sending` is committed on return, unless the caller is inside a transaction.
    """
    due = rows.claimable(now).order_by("next_try_at", "pk").values("pk")
    with transaction.atomic():
        # PostgreSQL passes over what others are just taking; SQLite has one writer at a time.
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        select, values = due[:limit].query.sql_with_params()
        # One statement that looks and takes; the ORM has none that returns what it updated.
        # MATERIALIZED, or PostgreSQL may look more than once and take more than the limit.
        statement = f"""
            WITH due (id) AS MATERIALIZED ({select})
            UPDATE {connection.ops.quote_name(rows.model._meta.db_table)}
            SET lost_count = lost_count + CASE WHEN state = %s THEN 1 ELSE 0 END,
                attempt = attempt + 1, state = %s, lease_until = %s, is_doubted = %s
            WHERE id IN (SELECT id FROM due) RETURNING id
        """  # noqa: S608 - names and a query of our own, every value is a parameter
        lease_until = connection.ops.adapt_datetimefield_value(now + tries.lease())
        sending = MailState.SENDING.value
        with connection.cursor() as cursor:
            cursor.execute(statement, [*values, sending, sending, lease_until, False])
            taken = [pk for (pk,) in cursor.fetchall()]
        return list(rows.filter(pk__in=taken).order_by("next_try_at", "pk"))


def deliver(
    channel: Channel, row: Any, clock: Callable[[], datetime]
) -> tuple[MailState, Ladder | None]:
    """Try a claimed row once and keep the result; never inside a transaction.

    The result of a sender that lost its lease meanwhile is dropped: the row is another's.
    """
    try:
        channel.send(row)
    except DeliveryError as error:
        state = _put_off_or_fail(row, error, clock())
        return state, error.ladder
    _finish(row, state=MailState.SENT, sent_at=clock(), error="")
    return MailState.SENT, None


def doubt(rows: DeliveryQuerySet, now: datetime) -> int:
    """Give what is past its lease a little longer, once; how many.

    If the clock was put forward, its sender lives and ends in that time: taking the row at once
    would send it twice.
    """
    return rows.doubtful(now).update(is_doubted=True, lease_until=now + tries.doubt())


def give_up(rows: DeliveryQuerySet, now: datetime) -> int:
    """Fail the rows whose every sender died, or they would be tried for ever."""
    reason = _("Bên gửi dừng giữa chừng %(count)s lần.") % {"count": tries.MAX_LOST}
    return (
        rows.claimable(now)
        .filter(state=MailState.SENDING, lost_count__gte=tries.MAX_LOST - 1)
        .update(state=MailState.FAILED, lease_until=None, error=reason)
    )


def try_again(letters: DeliveryQuerySet, now: datetime) -> int:
    """Put those of `letters` that were given up back into the queue with all tries; how many.

    To the address of today: it is the one that was mended after the letter came back.
    """
    address = User.objects.filter(pk=OuterRef("recipient")).values("email")
    return letters.undelivered().update(
        state=MailState.PENDING,
        to_email=Subquery(address),
        tries=0,
        lost_count=0,
        next_try_at=now,
        # How long it waits is counted from now on.
        created_at=now,
        error="",
    )


def _put_off_or_fail(row: Any, error: DeliveryError, now: datetime) -> MailState:
    wait = tries.retry_after(error.ladder, row.tries + 1)
    if wait is not None:
        state = MailState.PENDING
    else:
        state = MailState.BOUNCED if error.is_bounce else MailState.FAILED
    logger.warning(
        "%s %s, attempt %s, %s: %s", type(row).__name__, row.pk, row.attempt, state, error.said
    )
    is_kept = _finish(
        row,
        state=state,
        tries=row.tries + 1,
        next_try_at=now + wait if wait else row.next_try_at,
        error=error.said,
    )
    if is_kept and state == MailState.BOUNCED:
        bounces.tell_office(row, error.said, now)
    return state


def _finish(row: Any, **changes: object) -> bool:
    """Keep the result if the row is still this sender's; whether it was.

    A database that is away for a moment is waited for: the letter is out, and without a word of
    it here it would go out once more.
    """
    own = type(row).objects.filter(pk=row.pk, attempt=row.attempt, state=MailState.SENDING)
    for pause in PAUSES:
        try:
            return bool(own.update(lease_until=None, is_doubted=False, **changes))
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            logger.warning("the result of %s %s waits for the database", type(row).__name__, row.pk)
            connection.close()
            time.sleep(pause)
    return bool(own.update(lease_until=None, is_doubted=False, **changes))
