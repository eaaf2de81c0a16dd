"""What it would take to reach a score, a rank or a group: where, how much, and how likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from indicators.chances import quantile
from indicators.distance import Stand, stand
from indicators.panel import WHOLE, Panel, Results, in_both
from indicators.spread import MIN_OBSERVATIONS, Band, spread

# A rise that one province in four makes in a year is called a good year.
GOOD_YEAR = 0.75


class Lack(StrEnum):
    """Why nothing can be said of a wish, or not how likely it is."""

    NO_SCORE = "no_score"
    TOO_FEW_PROVINCES = "too_few_provinces"
    TOO_FEW_EDITIONS = "too_few_editions"
    OTHER_DENOMINATOR = "other_denominator"
    BEYOND = "beyond"


@dataclass(frozen=True)
class Wish:
    """What is wished for in `year`: one of a score, a rank, or a group or better.

    `component` is what it is wished for, the whole index or one part of it.

    `population` is how many provinces there will be, if that is known: ranks among 63 say
    nothing of ranks among 34.
    """

    year: int
    score: Decimal | None = None
    rank: int | None = None
    group: str = ""
    population: int | None = None
    component: str = WHOLE


@dataclass(frozen=True)
class Part:
    """One component: its score, the middle and the best of all, and what it could give.

    `good_year` is the rise that a quarter of `n` province-years reached or passed in one year,
    among those that started in the same half; `given` is the part of it that the wish needs.
    """

    component: str
    score: Decimal
    middle: Decimal
    best: Decimal
    good_year: Decimal
    n: int
    given: Decimal = Decimal(0)

    @property
    def room(self) -> Decimal:
        """A good year's rise, but not beyond the best province of the last edition."""
        return max(min(self.good_year, self.best - self.score), Decimal(0))


@dataclass(frozen=True)
class Likelihood:
    """The chance of a wish and the band of eight cases in ten for the score; or why there is none.

    Learnt from `n` changes of provinces over as many years as lie ahead.
    """

    chance: float | None = None
    band: Band | None = None
    n: int = 0
    lack: Lack | None = None


@dataclass(frozen=True)
class Outlook:
    """What a wish takes on the last results.

    Of `n` province-years `reached` rose at least by `points` in one year. The parts that have
    to give something come first; they close the gap if `is_enough`.
    """

    start: Stand
    structure: str
    wanted_score: Decimal
    wanted_rank: int | None
    reached: int
    n: int
    years: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]
    is_enough: bool
    likelihood: Likelihood

    @property
    def points(self) -> Decimal:
        return self.wanted_score - self.start.score


def outlook(
    panel: Panel, province: int, wish: Wish, parts: Sequence[str] | None = None
) -> Outlook | Lack:
    """What `wish` takes; a `Lack` if there is nothing to start from or nothing to reach.

    `parts` are the components that make up the one wished for, by default those of the whole.

    It starts from the last edition before the year wished for: a province without a score
    there, as one that was merged since, has no series to go on.
    """
    years = [year for year in panel.years(wish.component) if year < wish.year]
    last = panel.at(wish.component, years[-1]) if years else None
    if last is None or province not in last.scores:
        return Lack.NO_SCORE
    if wish.score is None and not last.is_ranked:
        return Lack.TOO_FEW_PROVINCES
    rank = _rank(wish, last)
    wanted = wish.score if rank is None else last.score_for_rank(rank)
    if wanted is None or wanted > last.score_max or (rank is not None and rank < 1):
        return Lack.BEYOND
    points = wanted - last.scores[province]
    pairs = panel.pairs(wish.component, last.structure)
    rises = [after.scores[key] - before.scores[key] for before, after, key in _moves(pairs)]
    keys = panel.parts(last.year) if parts is None else parts
    told = [_part(panel, key, last, province) for key in keys]
    shared = _shared_out([part for part in told if part is not None], points)
    return Outlook(
        start=stand(last, province),
        structure=last.structure,
        wanted_score=wanted,
        wanted_rank=rank,
        reached=sum(rise >= points for rise in rises),
        n=len(rises),
        years=tuple((before.year, after.year) for before, after in pairs),
        parts=shared,
        is_enough=sum((part.given for part in shared), Decimal(0)) >= points,
        likelihood=_likelihood(panel, last, province, wish),
    )


def _rank(wish: Wish, last: Results) -> int | None:
    """The rank that fulfils the wish on the last results; None for a wished score."""
    return last.last_rank_of(wish.group) if wish.group else wish.rank


def _moves(pairs: Sequence[tuple[Results, Results]]) -> list[tuple[Results, Results, int]]:
    return [(before, after, key) for before, after in pairs for key in in_both(before, after)]


def _likelihood(panel: Panel, last: Results, province: int, wish: Wish) -> Likelihood:
    learnt = spread(panel, wish.component, last.structure, apart=wish.year - last.year)
    if learnt is None:
        return Likelihood(lack=Lack.TOO_FEW_EDITIONS)
    band = learnt.band(last, province)
    rank = _rank(wish, last)
    if rank is None:
        chance = learnt.chance_of_score(last, province, float(wish.score or 0))
        return Likelihood(chance, band, learnt.n)
    if wish.population not in (None, last.population):
        return Likelihood(None, band, learnt.n, Lack.OTHER_DENOMINATOR)
    chances = learnt.chances_of_ranks(last, province)
    return Likelihood(chances[min(rank, len(chances)) - 1], band, learnt.n)


def _part(panel: Panel, component: str, whole: Results, province: int) -> Part | None:
    """What a component could give, from the changes of those that began in the same half.

    Who is low rises more easily than who is high. If the half has too few changes all of them
    count; None if the province has no score in it or no year was followed by another.
    """
    last = panel.at(component, whole.year)
    if last is None or province not in last.scores:
        return None
    moves = _moves(panel.pairs(component, whole.structure))
    score, middle = last.scores[province], last.middle
    alike = [move for move in moves if _is_upper(move[0], move[2]) == (score >= middle)]
    chosen = alike if len(alike) >= MIN_OBSERVATIONS else moves
    if not chosen:
        return None
    rises = sorted(float(after.scores[key] - before.scores[key]) for before, after, key in chosen)
    return Part(
        component=component,
        score=score,
        middle=middle,
        best=last.best_first[0],
        good_year=Decimal(f"{quantile(rises, GOOD_YEAR):.4f}"),
        n=len(rises),
    )


def _is_upper(results: Results, province: int) -> bool:
    return results.scores[province] >= results.middle


def _shared_out(parts: list[Part], points: Decimal) -> tuple[Part, ...]:
    """Give `points` to the parts with most to give, none more than a good year or the best has."""
    left, given = points, []
    for part in sorted(parts, key=lambda part: (-part.room, part.component)):
        amount = max(min(part.room, left), Decimal(0))
        given.append(replace(part, given=amount))
        left -= amount
    return tuple(given)
