"""A target tied to the years of a plan: what is looked at, in which years, from which year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indicators.panel import WHOLE, Panel
from indicators.targets import TargetMeaning

# Targets that are told as a difference from an earlier edition.
RISES = frozenset({"rank_up", "score_up"})


@dataclass(frozen=True)
class Aim:
    """The arithmetic of a target; `metric`, `operator` and `group` as in `TargetMeaning`.

    `component` is a stable key, `WHOLE` for the composite; with `is_each_dimension` the target
    is set for every dimension. `set_in` is the year of the plan: the structure and the number
    of provinces it had in mind are those of the last edition before that.
    """

    metric: str
    operator: str
    value: Decimal | None
    group: str
    years: tuple[int, ...]
    set_in: int
    component: str = WHOLE
    is_each_dimension: bool = False
    baseline_year: int | None = None
    is_each_year: bool = False
    is_kept: bool = False

    def base_year(self, year: int) -> int:
        """The edition that `year` is compared with: the named one, else the one before."""
        if self.baseline_year is not None and self.baseline_year < year:
            return self.baseline_year
        return year - 1

    def components(self, panel: Panel) -> tuple[str, ...]:
        """What is looked at; the dimensions are those of the last edition known."""
        if not self.is_each_dimension:
            return (self.component,)
        years = panel.years("D1")
        return panel.dimensions(years[-1]) if years else ("D1",)


def aim_of(
    meaning: TargetMeaning, *, first_year: int, last_year: int, component: str | None = None
) -> Aim | None:
    """The aim of a target in a plan for `first_year` to `last_year`; None if nothing was read.

    Without a year the target is for the last year of the plan, "hằng năm" for each of them.
    `component` overrides the dimension that the sentence names.
    """
    if not meaning.metric:
        return None
    last = meaning.year or last_year
    years = tuple(range(first_year, last + 1)) if meaning.is_each_year else ()
    if component is None:
        component = f"D{meaning.dimension}" if meaning.dimension else WHOLE
    return Aim(
        metric=meaning.metric,
        operator=meaning.operator,
        value=meaning.value,
        group=meaning.group,
        years=years or (last,),
        set_in=first_year,
        component=component,
        is_each_dimension=meaning.is_each_dimension and component == WHOLE,
        baseline_year=meaning.baseline_year,
        is_each_year=meaning.is_each_year,
        is_kept=meaning.is_kept,
    )
