"""How far a province is from a target on results that are known, beside what is usual."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from indicators.aims import RISES, Aim
from indicators.panel import Panel, Place, Results, in_both


@dataclass(frozen=True)
class Stand:
    """Where a province stood in one edition; no place and no group if too few are known."""

    year: int
    score: Decimal
    place: Place | None
    group: str


@dataclass(frozen=True)
class Usual:
    """How much moves by itself from one edition to the next of the same structure.

    `points` and `ranks` are medians of the yearly changes of `n` province-years, without their
    sign, in the pairs of years `years`; `gap` is the median distance of neighbours in the
    edition at hand.
    """

    points: Decimal
    ranks: Decimal
    gap: Decimal | None
    n: int
    years: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Distance:
    """What a target takes, measured on one edition: `points` is zero or less if it is there.

    `is_provisional`: the edition that the target names is not there yet, an earlier one stands
    in. `is_beyond`: no place or no score as good as this exists.
    """

    start: Stand
    wanted_score: Decimal
    wanted_rank: int | None = None
    wanted_group: str = ""
    is_provisional: bool = False
    is_beyond: bool = False
    usual: Usual | None = None

    @property
    def points(self) -> Decimal:
        return self.wanted_score - self.start.score

    @property
    def is_within_usual(self) -> bool:
        """Less is missing, or less is to spare, than half of the provinces move in a year."""
        return self.usual is not None and abs(self.points) < self.usual.points


def stand(results: Results, province: int, *, is_computed: bool = False) -> Stand:
    """Where a province stood; `is_computed` passes over the rank that was printed."""
    place = results.computed_place(province) if is_computed else results.place(province)
    return Stand(
        year=results.year,
        score=results.scores[province],
        place=place,
        group=results.group(province),
    )


def distance(aim: Aim, component: str, year: int, panel: Panel, province: int) -> Distance | None:
    """What the aim for `year` takes; None without an earlier edition that has the province."""
    start = None
    if aim.metric in RISES:
        start = panel.at(component, aim.base_year(year))
    is_provisional = aim.metric in RISES and start is None
    if start is None:
        start = panel.last_before(component, year, province=province)
    if start is None or province not in start.scores:
        return None
    # Which score had a rank is known of computed ranks alone: the start is told by them too.
    here = stand(start, province, is_computed=aim.metric in ("rank", "rank_up"))
    if aim.metric not in ("score", "score_up") and not start.is_ranked:
        return None
    rank = _wanted_rank(aim, start, province)
    score = start.score_for_rank(rank) if rank is not None else _wanted_score(aim, here)
    if score is None:
        return None
    return Distance(
        start=here,
        wanted_score=score,
        wanted_rank=max(rank, 1) if rank is not None and aim.metric != "group" else None,
        wanted_group=aim.group,
        is_provisional=is_provisional,
        is_beyond=score > start.score_max if rank is None else rank < 1,
        usual=usual(panel, component, start),
    )


def _wanted_rank(aim: Aim, results: Results, province: int) -> int | None:
    """The rank that has to be reached; below 1 if there is no such place."""
    if aim.metric == "group":
        return results.last_rank_of(aim.group)
    if aim.value is None:
        return None
    if aim.metric == "rank_up":
        return results.computed_rank(province) - int(aim.value)
    return int(aim.value) if aim.metric == "rank" else None


def _wanted_score(aim: Aim, here: Stand) -> Decimal | None:
    if aim.value is None:
        return None
    return here.score + aim.value if aim.metric == "score_up" else aim.value


def usual(panel: Panel, component: str, results: Results) -> Usual | None:
    """What is usual for scores like `results`; None if no structure had two editions in a row."""
    pairs = panel.pairs_like(component, results)
    both = [(pair, province) for pair in pairs for province in in_both(*pair)]
    if not both:
        return None
    moved = [abs(after.scores[key] - before.scores[key]) for (before, after), key in both]
    climbed = [
        abs(after.computed_rank(key) - before.computed_rank(key)) for (before, after), key in both
    ]
    return Usual(
        points=median(moved),
        ranks=Decimal(median(climbed)),
        gap=results.neighbour_gap,
        n=len(both),
        years=tuple((before.year, after.year) for before, after in pairs),
    )
