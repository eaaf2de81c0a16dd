"""Where a reminder goes: each channel hands over rows of its own, so none holds another up.

A letter goes by `smtp`, the word of it to a gateway by `webhook`. The notice inside the portal
is written in one transaction with the letter: it is delivered when it is committed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from plans.reminders.querysets import DeliveryQuerySet
    from plans.reminders.tries import Ladder

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(said: str) -> str:
    """Words of another machine without what no database, header or log takes."""
    return _CONTROL.sub(" ", said).encode(errors="replace").decode()


class DeliveryError(Exception):
    """A row was not taken; `said` tells the administrator why, in one line.

    `ladder` says when to try again, None never; `is_bounce`: there is no such recipient.
    """

    def __init__(self, said: str, ladder: Ladder | None, *, is_bounce: bool = False) -> None:
        super().__init__(said)
        self.said = one_line(said)[:500]
        self.ladder = ladder
        self.is_bounce = is_bounce


class Channel(Protocol):
    """What the outbox needs of a channel during one run."""

    @property
    def rows(self) -> DeliveryQuerySet:
        """What it hands over, sent or not."""

    def send(self, row: Any) -> None:
        """Hand one row over; on return the other side has it. Raise `DeliveryError`."""

    def close(self) -> None:
        """Let go of what is kept open between two rows."""
