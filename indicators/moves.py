"""What moved between two editions of one composite, part by part, in a sum that closes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.models import Edition
from indicators.series import Book
from indicators.states import Level


class Presence(StrEnum):
    """A part that only one of two editions measures counts with its whole score."""

    BOTH = "both"
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True)
class Move:
    """One part: its code in the later edition (in the earlier if it is gone) and its scores."""

    code: str
    name: str
    before: Decimal | None
    after: Decimal | None
    difference: Decimal
    presence: Presence
    remeasured: str


@dataclass(frozen=True)
class Moves:
    """All parts with a figure, the deepest fall first; `total` is the change of the composite.

    `rest` is what the parts do not account for: rounding, or parts without a figure.
    """

    rows: tuple[Move, ...]
    total: Decimal

    @property
    def summed(self) -> Decimal:
        return sum((row.difference for row in self.rows), Decimal(0))

    @property
    def rest(self) -> Decimal:
        return self.total - self.summed

    @property
    def remeasured(self) -> Decimal:
        """How much of the sum is in parts that were measured anew."""
        return sum((row.difference for row in self.rows if row.remeasured), Decimal(0))


def moves_of(
    book: Book, keys: Collection[int], edition: Edition, before: Edition, total: Decimal
) -> Moves | None:
    """None if one of the editions has no figure of any part. No query."""
    later = {row.component_id: row for row in book.parts(edition, Level.SUBDIMENSION)}
    earlier = {row.component_id: row for row in book.parts(before, Level.SUBDIMENSION)}
    rows = []
    for component, printed in {**earlier, **later}.items():
        was = book.value(keys, before, component) if component in earlier else None
        now = book.value(keys, edition, component) if component in later else None
        presence = Presence.BOTH
        if component not in earlier or component not in later:
            presence = Presence.NEW if component in later else Presence.GONE
        elif was is None or now is None:
            continue
        if was is None and now is None:
            continue
        said = _remeasured(book, component, edition, before)
        difference = (now or Decimal(0)) - (was or Decimal(0))
        rows.append(Move(printed.code, printed.name, was, now, difference, presence, said))
    rows.sort(key=lambda row: (row.difference, row.code))
    return Moves(tuple(rows), total) if rows else None


def _remeasured(book: Book, component: int, edition: Edition, before: Edition) -> str:
    """What is said of every new measurement after `before`, up to `edition`."""
    rows = (
        book.printed.get((one.pk, component))
        for one in book.editions
        if before.year < one.year <= edition.year
    )
    return "; ".join(row.remeasured for row in rows if row and row.remeasured)
