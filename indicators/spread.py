"""How much scores move between editions of one structure, and what that says of the next one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import mean

from indicators.chances import how_many, quantile, running_total, share_up_to
from indicators.panel import Panel, Results, in_both

# A band of 80 %: one error in ten lies below it and one in ten above.
LOW, HIGH = 0.1, 0.9
# With fewer, nothing is said: one pair of editions cannot show how years differ.
MIN_PAIRS = 2
MIN_OBSERVATIONS = 30
# The errors are drawn at this many even steps when ranks are worked out.
STEPS = 40

Pair = tuple[Results, Results]


@dataclass(frozen=True)
class Band:
    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Spread:
    """What past changes say of the next: `n` province-years in the pairs of years `years`.

    A score is foreseen as the mean of its edition, moved by `shift`, plus `pull` times its own
    distance from that mean: who is far from the middle comes nearer to it on the whole.
    `errors` are those of total scores, each made as if its own pair of years had not been
    there, so they hold what a new year brings to all provinces; `relative_errors` are taken
    about the mean of the year that came, for places among the others. Both are sorted.
    """

    structure: str
    years: tuple[tuple[int, int], ...]
    n: int
    pull: float
    shift: float
    errors: tuple[float, ...]
    relative_errors: tuple[float, ...]

    def middle(self, results: Results, province: int) -> float:
        score = float(results.scores[province])
        return results.mean + self.shift + self.pull * (score - results.mean)

    def band(self, results: Results, province: int) -> Band:
        """Where the next score lies in eight cases of ten."""
        middle = self.middle(results, province)
        low, high = quantile(self.errors, LOW), quantile(self.errors, HIGH)
        return Band(middle + low, middle, middle + high)

    def chance_of_score(self, results: Results, province: int, wanted: float) -> float:
        """The share of past errors that would carry the province to `wanted` or above."""
        missing = wanted - self.middle(results, province)
        return sum(error >= missing for error in self.errors) / len(self.errors)

    def chances_of_ranks(self, results: Results, province: int) -> tuple[float, ...]:
        """The chance to end at rank 1, at 2 or better, and so on; the last one is 1."""
        places = {
            key: self.pull * (float(score) - results.mean) for key, score in results.scores.items()
        }
        own = places.pop(province)
        draws = [quantile(self.relative_errors, (step + 0.5) / STEPS) for step in range(STEPS)]
        ahead = [0.0] * (len(places) + 1)
        for draw in draws:
            chances = [self._chance_above(own + draw - other) for other in places.values()]
            for count, chance in enumerate(how_many(chances)):
                ahead[count] += chance / STEPS
        return running_total(ahead)

    def _chance_above(self, distance: float) -> float:
        """The chance that another's error exceeds `distance`."""
        return 1 - share_up_to(self.relative_errors, distance)


def spread(
    panel: Panel, component: str, structure: str, *, apart: int = 1, without: int | None = None
) -> Spread | None:
    """Learn from all pairs of editions `apart` years from each other, but those ending `without`.

    None if there are fewer than `MIN_PAIRS` pairs or `MIN_OBSERVATIONS` provinces in them.
    """
    pairs = [pair for pair in panel.pairs(component, structure, apart) if pair[1].year != without]
    n = sum(len(in_both(*pair)) for pair in pairs)
    if len(pairs) < MIN_PAIRS or n < MIN_OBSERVATIONS:
        return None
    shifts = [_shift(pair) for pair in pairs]
    errors: list[float] = []
    relative: list[float] = []
    for left_out, pair in enumerate(pairs):
        others = pairs[:left_out] + pairs[left_out + 1 :]
        surprise = shifts[left_out] - mean(shifts[:left_out] + shifts[left_out + 1 :])
        about_mean = _errors(pair, _pull(others))
        relative += about_mean
        errors += [error + surprise for error in about_mean]
    return Spread(
        structure=structure,
        years=tuple((before.year, after.year) for before, after in pairs),
        n=n,
        pull=_pull(pairs),
        shift=mean(shifts),
        errors=tuple(sorted(errors)),
        relative_errors=tuple(sorted(relative)),
    )


def changes(panel: Panel, component: str, structure: str, *, apart: int = 1) -> tuple[float, ...]:
    """Every province's change between editions of one structure, the deepest fall first."""
    return tuple(
        sorted(
            float(after.scores[province] - before.scores[province])
            for before, after in panel.pairs(component, structure, apart)
            for province in in_both(before, after)
        )
    )


def _shift(pair: Pair) -> float:
    """By how much the provinces measured in both rose on average."""
    before, after = pair
    provinces = in_both(before, after)
    if not provinces:
        return 0.0
    return mean(float(after.scores[key] - before.scores[key]) for key in provinces)


def _distances(pair: Pair) -> list[tuple[float, float]]:
    """Each province's distance from the mean of those in both editions, before and after."""
    before, after = pair
    provinces = in_both(before, after)
    if not provinces:
        return []
    first = mean(float(before.scores[key]) for key in provinces)
    second = mean(float(after.scores[key]) for key in provinces)
    return [
        (float(before.scores[key]) - first, float(after.scores[key]) - second) for key in provinces
    ]


def _pull(pairs: Iterable[Pair]) -> float:
    """The least squares share of a distance from the mean that is left in the later edition."""
    points = [point for pair in pairs for point in _distances(pair)]
    squares = sum(x * x for x, _y in points)
    return sum(x * y for x, y in points) / squares if squares else 1.0


def _errors(pair: Pair, pull: float) -> list[float]:
    """How far each later distance lies from the one that `pull` makes expect."""
    return [y - pull * x for x, y in _distances(pair)]
