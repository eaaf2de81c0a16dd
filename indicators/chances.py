"""Small arithmetic of chances: quantiles of what was seen, how many of many events happen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate


def quantile(ordered: Sequence[float], share: float) -> float:
    """The value below which `share` of a new observation is expected, given sorted ones.

    The place is share × (n + 1), as a new value is equally likely to fall into each of the
    n + 1 gaps; between two observations the value lies on a line, outside them at the end.
    """
    place = share * (len(ordered) + 1) - 1
    if place <= 0:
        return ordered[0]
    if place >= len(ordered) - 1:
        return ordered[-1]
    whole = int(place)
    return ordered[whole] + (place - whole) * (ordered[whole + 1] - ordered[whole])


def share_up_to(ordered: Sequence[float], value: float) -> float:
    """The share of the sorted values that do not exceed `value`."""
    return bisect_right(ordered, value) / len(ordered)


def how_many(chances: Iterable[float]) -> list[float]:
    """The chance that none, one, two … of independent events happen (Poisson binomial)."""
    counts = [1.0]
    for chance in chances:
        counts = [
            stay * (1 - chance) + come * chance
            for stay, come in zip([*counts, 0.0], [0.0, *counts], strict=True)
        ]
    return counts


def running_total(chances: Iterable[float]) -> tuple[float, ...]:
    """Sums so far, held within 0 to 1 against the rounding of floats."""
    return tuple(min(total, 1.0) for total in accumulate(chances))
