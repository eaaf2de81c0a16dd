"""Groups and ranks computed from scores: estimates beside what the publisher says.

The reports map provinces into four groups by quartiles; inclusive quartiles (the QUARTILE.INC of
spreadsheets) reproduce the sizes of 2019 and 2020 but not of 2022 and 2023, so a computed group
is always called an estimate. Overall ranks are mostly made by readers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from indicators.states import ScoreGroup

# With fewer provinces a rank says nothing of the country.
ENOUGH = Fraction(9, 10)


@dataclass(frozen=True)
class Standing:
    """The rank among `of` provinces with data (equal scores share one) and the group."""

    rank: int
    of: int
    group: ScoreGroup


def inclusive_quartiles(values: Sequence[Decimal]) -> tuple[Decimal, Decimal, Decimal]:
    """The three cuts of at least one value, linear between neighbours: QUARTILE.INC."""
    ordered = sorted(values)
    cuts = []
    for quarter in (1, 2, 3):
        whole, rest = divmod((len(ordered) - 1) * quarter, 4)
        low = ordered[whole]
        cuts.append(low + (ordered[whole + 1] - low) * rest / 4 if rest else low)
    return cuts[0], cuts[1], cuts[2]


def group_of(value: Decimal, cuts: tuple[Decimal, Decimal, Decimal]) -> ScoreGroup:
    """The group of `value`; a value on a cut belongs to the higher one."""
    first, second, third = cuts
    if value >= third:
        return ScoreGroup.HIGHEST
    if value >= second:
        return ScoreGroup.UPPER_MIDDLE
    return ScoreGroup.LOWER_MIDDLE if value >= first else ScoreGroup.LOWEST


def standings(values: Mapping[int, Decimal | None]) -> dict[int, Standing]:
    """The standing of each key that has a value; those without are not counted."""
    known = {key: value for key, value in values.items() if value is not None}
    if not known:
        return {}
    cuts = inclusive_quartiles(list(known.values()))
    ranks: dict[Decimal, int] = {}
    for place, value in enumerate(sorted(known.values(), reverse=True), start=1):
        ranks.setdefault(value, place)
    return {
        key: Standing(ranks[value], len(known), group_of(value, cuts))
        for key, value in known.items()
    }


def is_enough(count: int, provinces: int) -> bool:
    """Whether scores of `count` among `provinces` may be ranked at all."""
    return count > 0 and Fraction(count, max(provinces, 1)) >= ENOUGH
