"""What editions of an index gave the provinces, as plain values: ranks, cut points, groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from statistics import median

from indicators.ranking import Standing, is_enough, standings
from indicators.states import ScoreGroup

# The key under which the composite of an index is found; others go by their stable keys.
WHOLE = ""
BEST_FIRST = (
    ScoreGroup.HIGHEST,
    ScoreGroup.UPPER_MIDDLE,
    ScoreGroup.LOWER_MIDDLE,
    ScoreGroup.LOWEST,
)


@dataclass(frozen=True)
class Place:
    """A rank among `n` measured provinces; an estimate unless the publisher printed it."""

    rank: int
    n: int
    is_estimate: bool = True


@dataclass(frozen=True)
class Results:
    """One component in one edition: the score of each province that has one, by its key.

    A province without a score is not in `scores`; `population` counts it all the same, so that
    61 measured of 63 is told from 61 of 61. `ranks` and `groups` are those that were published;
    where they are not, and fewer than nine provinces in ten have a score, there are none.
    """

    year: int
    structure: str
    score_max: Decimal
    scores: Mapping[int, Decimal]
    population: int
    ranks: Mapping[int, Place] = field(default_factory=dict)
    groups: Mapping[int, str] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return len(self.scores)

    @cached_property
    def is_ranked(self) -> bool:
        """Whether nine provinces in ten have a score: of fewer no rank or group is computed."""
        return is_enough(self.n, self.population)

    @cached_property
    def best_first(self) -> tuple[Decimal, ...]:
        return tuple(sorted(self.scores.values(), reverse=True))

    @cached_property
    def standings(self) -> Mapping[int, Standing]:
        return standings(self.scores)

    def computed_rank(self, province: int) -> int:
        """One more than the provinces with a higher score: equal scores share a rank."""
        return self.standings[province].rank

    def place(self, province: int) -> Place | None:
        """The published rank, else the computed one as an estimate."""
        return self.ranks.get(province) or self.computed_place(province)

    def computed_place(self, province: int) -> Place | None:
        return Place(self.computed_rank(province), self.n) if self.is_ranked else None

    def score_for_rank(self, rank: int) -> Decimal:
        """The score that had the rank `rank` here; below the last rank the lowest score."""
        return self.best_first[min(max(rank, 1), self.n) - 1]

    def last_rank_of(self, group: str) -> int:
        """The last rank that still lies in `group` by inclusive quartiles, without ties."""
        return last_rank_of(group, self.n)

    def group(self, province: int) -> str:
        """The published group, else the one that the inclusive quartiles give, else none."""
        published = self.groups.get(province, "")
        return published or (self.computed_group(province) if self.is_ranked else "")

    def computed_group(self, province: int) -> str:
        return self.standings[province].group

    @cached_property
    def neighbour_gap(self) -> Decimal | None:
        """The median distance between two provinces that follow one another; None for one."""
        pairs = zip(self.best_first, self.best_first[1:], strict=False)
        gaps = [upper - lower for upper, lower in pairs]
        return median(gaps) if gaps else None

    @cached_property
    def middle(self) -> Decimal:
        return median(self.best_first)

    @cached_property
    def mean(self) -> float:
        return float(sum(self.scores.values(), Decimal(0))) / self.n


def last_rank_of(group: str, n: int) -> int:
    """Up to which of `n` ranks a group reaches: of 63 the groups hold 16, 16, 15 and 16.

    The cut points are those of Excel's QUARTILE.INC, with a value on the cut counted upwards:
    they give the sizes of the groups in the PAPI reports of 2019 and 2020.
    """
    below = 3 - BEST_FIRST.index(ScoreGroup(group))
    # The cut lies at the position below × (n - 1) / 4 going up; the ceiling is the first above.
    return n - -(-below * (n - 1) // 4)


@dataclass(frozen=True)
class Panel:
    """The results of one index: by component, then by year."""

    results: Mapping[str, Mapping[int, Results]] = field(default_factory=dict)

    def at(self, component: str, year: int) -> Results | None:
        return self.results.get(component, {}).get(year)

    def years(self, component: str = WHOLE) -> tuple[int, ...]:
        return tuple(sorted(self.results.get(component, {})))

    def last_before(self, component: str, year: int, *, province: int) -> Results | None:
        """The last results before `year` that have a score of `province`."""
        rows = self.results.get(component, {})
        with_score = [y for y in rows if y < year and province in rows[y].scores]
        return rows[max(with_score)] if with_score else None

    def dimensions(self, year: int) -> tuple[str, ...]:
        """The dimensions that were measured in `year`, in their order."""
        keys = (f"D{number}" for number in range(1, 9))
        return tuple(key for key in keys if self.at(key, year))

    def parts(self, year: int) -> tuple[str, ...]:
        """The finest components measured in `year`: sub-dimensions, or dimensions without them."""
        keys = [key for key in self.results if key != WHOLE and self.at(key, year)]
        dimensions = set(self.dimensions(year))
        return tuple(key for key in keys if key not in dimensions) or self.dimensions(year)

    def pairs(
        self, component: str, structure: str, apart: int = 1
    ) -> list[tuple[Results, Results]]:
        """Two editions of one structure, `apart` years from each other, the earliest pair first.

        Editions of which only some provinces are known are passed over: they show nothing of
        the whole.
        """
        rows = self.results.get(component, {})
        rows = {year: row for year, row in rows.items() if row.is_ranked}
        both = ((rows[year], rows.get(year + apart)) for year in sorted(rows))
        return [
            (before, after)
            for before, after in both
            if after is not None and before.structure == after.structure == structure
        ]

    def pairs_like(self, component: str, results: Results) -> list[tuple[Results, Results]]:
        """Pairs of the structure of `results`; if it had no second edition, of its range."""
        rows = self.results.get(component, {})
        own = self.pairs(component, results.structure)
        alike = {row.structure for row in rows.values() if row.score_max == results.score_max}
        return own or [pair for name in sorted(alike) for pair in self.pairs(component, name)]


def in_both(before: Results, after: Results) -> list[int]:
    """The provinces that have a score in both; what was merged or missing is in none."""
    return sorted(before.scores.keys() & after.scores.keys())
