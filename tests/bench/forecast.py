"""How often the bands of the next total score hold, each year told from the others alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import mean
from time import perf_counter

from indicators.panel import WHOLE, Panel, Results, in_both
from indicators.spread import HIGH, LOW, Spread, spread
from indicators.states import ScoreGroup
from tests.bench import measure
from tests.indicators import published

DIMENSIONS = tuple(f"D{number}" for number in range(1, 9))
PROMISED = "75-85 %"


@dataclass(frozen=True)
class Trial:
    """One province in one year: what was foreseen from other years, and what came.

    `chance` is that of the two upper groups, `was_upper` and `is_upper` whether the province
    was and came to be in them; errors are of total scores, without their sign.
    """

    year: int
    width: float
    is_covered: bool
    is_rank_covered: bool
    error: float
    naive_error: float
    chance: float
    was_upper: bool
    is_upper: bool


def measure_forecast() -> None:
    if not published.SCORES.exists():
        measure.say(f"### Forecast: {published.MISSING}")
        measure.say()
        return
    panel = published.panel()
    start = perf_counter()
    tried, left = trials(panel)
    taken = perf_counter() - start
    dimensions = {key: trials(panel, key)[0] for key in DIMENSIONS}
    measure.say(f"### Forecast ({len(tried)} province-years)")
    measure.say()
    _say_bands(tried)
    _say_dimensions(dimensions)
    _say_naive(tried)
    for before, after, n in left:
        measure.say(
            f"Not tried: {before} to {after} ({n} province-years), the only pair of its structure."
        )
    measure.say(f"{taken:.1f} s, {taken / len(tried) * 1000:.0f} ms for a province.")
    measure.say()


def trials(panel: Panel, component: str = WHOLE) -> tuple[list[Trial], list[tuple[int, int, int]]]:
    """Every province-year that can be foreseen from other years of its structure; what cannot."""
    tried: list[Trial] = []
    left = []
    structures = dict.fromkeys(row.structure for row in panel.results[component].values())
    for structure in structures:
        for before, after in panel.pairs(component, structure):
            learnt = spread(panel, component, structure, without=after.year)
            if learnt is None:
                left.append((before.year, after.year, len(in_both(before, after))))
            else:
                tried += _try(learnt, before, after)
    return sorted(tried, key=lambda trial: trial.year), left


def _try(learnt: Spread, before: Results, after: Results) -> Iterator[Trial]:
    upper = ScoreGroup.UPPER_MIDDLE
    for province in in_both(before, after):
        band = learnt.band(before, province)
        chances = learnt.chances_of_ranks(before, province)
        score, rank = float(after.scores[province]), after.computed_rank(province)
        lowest = next(place for place, chance in enumerate(chances, 1) if chance >= LOW)
        highest = next(place for place, chance in enumerate(chances, 1) if chance >= HIGH)
        yield Trial(
            year=after.year,
            width=band.high - band.low,
            is_covered=band.low <= score <= band.high,
            is_rank_covered=lowest <= rank <= highest,
            error=abs(score - band.middle),
            naive_error=abs(score - float(before.scores[province])),
            chance=chances[before.last_rank_of(upper) - 1],
            was_upper=before.computed_rank(province) <= before.last_rank_of(upper),
            is_upper=rank <= after.last_rank_of(upper),
        )


def _say_bands(tried: list[Trial]) -> None:
    by_year: dict[str, list[Trial]] = defaultdict(list)
    for trial in tried:
        by_year[str(trial.year)].append(trial)
    rows = [_row(year, some) for year, some in [*by_year.items(), ("all", tried)]]
    header = ("year", "promised", "n", "score in band", "rank in band", "width of band")
    measure.table(header, rows)


def _say_dimensions(tried: dict[str, list[Trial]]) -> None:
    rows = [_row(key, some)[:1] + _row(key, some)[2:] for key, some in tried.items()]
    measure.table(("dimension", "n", "score in band", "rank in band", "width of band"), rows)


def _row(year: str, some: list[Trial]) -> tuple[str, ...]:
    return (
        year,
        PROMISED if year == "all" else "",
        str(len(some)),
        _percent(mean(trial.is_covered for trial in some)),
        _percent(mean(trial.is_rank_covered for trial in some)),
        f"{mean(trial.width for trial in some):.2f}",
    )


def _say_naive(tried: list[Trial]) -> None:
    """Beside the forecast that next year is like this one."""
    upper = [(trial.chance, float(trial.was_upper), trial.is_upper) for trial in tried]
    rows = [
        (
            "mean error of the score, points",
            f"{mean(trial.error for trial in tried):.2f}",
            f"{mean(trial.naive_error for trial in tried):.2f}",
        ),
        (
            "Brier score, upper half (0.25: a coin)",
            f"{mean((chance - is_so) ** 2 for chance, _was, is_so in upper):.3f}",
            f"{mean((was - is_so) ** 2 for _chance, was, is_so in upper):.3f}",
        ),
    ]
    measure.table(("", "forecast", "same as last year"), rows, words=1)
    bins = [(0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)]
    told = []
    for low, high in bins:
        some = [(chance, is_so) for chance, _was, is_so in upper if low <= chance < high]
        if some:
            said, came = mean(each[0] for each in some), mean(each[1] for each in some)
            told.append(
                (f"{low:.0%} to {min(high, 1):.0%}", str(len(some)), _percent(said), _percent(came))
            )
    measure.table(("chance of the upper half", "n", "said", "came"), told, words=1)


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %"
