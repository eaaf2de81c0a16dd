"""How often a delivery is tried, how long senders and planner may take: rules only, no rows."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

MINUTE = timedelta(minutes=1)


class Ladder(StrEnum):
    """Why a try failed, which decides when the next one comes."""

    BUSY = "busy"  # the server is there, but cannot take it just now
    RECIPIENT = "recipient"  # the recipient cannot: mailbox full, grey list
    CHANNEL = "channel"  # no server, or it will not talk to us: nobody judged the delivery


# Minutes from a failed try to the next; the last one is repeated. None is longer than eight, so
# that whatever waits goes out by itself within ten minutes of the end of any trouble.
MINUTES = {Ladder.BUSY: (1, 1, 2, 5), Ladder.RECIPIENT: (2, 5, 8), Ladder.CHANNEL: (1, 2, 5)}
LONGEST_MINUTES = max(minutes for ladder in MINUTES.values() for minutes in ladder)
# A day at eight minutes each; after the last of them the delivery has failed.
MAX_TRIES = 24 * 60 // LONGEST_MINUTES
# A delivery that so many senders did not survive is probably what kills them.
MAX_LOST = 6
# Promise to the administrator: what is older than this is shown as late.
LATE_MINUTES = 15
LEASE_MINUTES = 5
# Whoever plans a day holds it so long; a planner that took longer writes nothing more.
PLANNING_MINUTES = 5
# A clock put forward ends all leases at once, those of living senders too: only what is still
# there so much later was left behind.
DOUBT_MINUTES = 1


def lease() -> timedelta:
    """Longer than a conversation with a mail server that takes all the time it is given."""
    return LEASE_MINUTES * MINUTE


def planning_lease() -> timedelta:
    return PLANNING_MINUTES * MINUTE


def doubt() -> timedelta:
    return DOUBT_MINUTES * MINUTE


def run_seconds() -> float:
    """A run ends before the next one is woken, so that mail alone never takes all workers."""
    return MINUTE.total_seconds() * 5 / 6


def late_after() -> timedelta:
    return LATE_MINUTES * MINUTE


def longest_wait() -> timedelta:
    return LONGEST_MINUTES * MINUTE


def retry_after(ladder: Ladder | None, tries: int) -> timedelta | None:
    """How long to wait after `tries` failed tries; None when there is no further one."""
    if ladder is None or tries >= MAX_TRIES:
        return None
    rungs = MINUTES[ladder]
    return rungs[min(tries, len(rungs)) - 1] * MINUTE
