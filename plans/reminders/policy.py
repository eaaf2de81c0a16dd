"""How often a letter is tried and how long something is held: rules only, no rows."""

from __future__ import annotations

from datetime import timedelta

ONE_DAY = timedelta(days=1)
LEASE = timedelta(minutes=5)
# Minutes from a failed try to the next one; after the last the letter has failed.
RETRY_MINUTES = (1, 5, 15, 60, 240)
MAX_TRIES = len(RETRY_MINUTES) + 1
# Promise to the administrator: a letter older than this is shown as late.
MAIL_IS_LATE_AFTER = timedelta(minutes=15)


def retry_after(tries: int) -> timedelta | None:
    """How long to wait after `tries` failed tries; None when there is no further one."""
    return timedelta(minutes=RETRY_MINUTES[tries - 1]) if tries < MAX_TRIES else None
