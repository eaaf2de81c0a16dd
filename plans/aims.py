"""The targets of a plan as arithmetic: which index, which component, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from agencies.models import Province
from indicators.aims import Aim, aim_of
from indicators.judging import Judgement, Verdict, judge
from indicators.models import Index
from indicators.panel import WHOLE, Panel
from indicators.panels import panels_of
from indicators.querysets import PAPI
from indicators.series import lineage_of
from indicators.states import Level
from indicators.targets import TargetMeaning, read_target
from indicators.wording import sentence, why_text
from papi_portal.text import fold
from plans.models import Plan, Target

DIMENSIONS = tuple(f"D{number}" for number in range(1, 9))


@dataclass(frozen=True)
class JudgedTarget:
    """A target with its judgement; without one if its sentence is not arithmetic."""

    target: Target
    meaning: TargetMeaning
    index: Index | None = None
    judgement: Judgement | None = None

    @property
    def sentence(self) -> str:
        return sentence(self.meaning)

    @property
    def why_text(self) -> str:
        return why_text(self.target.text)

    @property
    def is_open(self) -> bool:
        """Whether its results are still to come."""
        return self.judgement is not None and self.judgement.verdict is Verdict.PENDING


def judged_targets(plan: Plan, published_by: date | None = None) -> list[JudgedTarget]:
    """The targets of a plan in order, each against the scores there are, or were on a day.

    Nine queries at most, however many targets; one if none of them is arithmetic.
    """
    targets = list(plan.targets.select_related("component", "index"))
    if not any(target.metric for target in targets):
        return [JudgedTarget(target, meaning_of(target)) for target in targets]
    own = plan.indices.values_list("pk", flat=True)
    return judge_targets(plan, targets, own=own, published_by=published_by)


def judge_targets(
    plan: Plan,
    targets: Iterable[Target],
    *,
    own: Iterable[int],
    published_by: date | None = None,
) -> list[JudgedTarget]:
    """Judge targets that need not be stored yet; `own` are the keys of the plan's indices."""
    indices, mine = list(Index.objects.all()), set(own)
    aims = [(target, aim_in(plan, target), _index(target, indices, mine)) for target in targets]
    panels = panels_of(
        {index.pk for _target, aim, index in aims if aim and index},
        components=_components(aim for _target, aim, _index in aims if aim),
        known_as=known_as(plan.province),
        published_by=published_by,
    )
    return [_judged(plan, target, aim, index, panels) for target, aim, index in aims]


def known_as(province: Province) -> dict[int, int]:
    """The keys of a province under its earlier names, for its own; two queries at most."""
    if province.valid_from is None:
        return {}
    return {one.pk: province.pk for one in lineage_of(province).own}


def _judged(
    plan: Plan, target: Target, aim: Aim | None, index: Index | None, panels: dict[int, Panel]
) -> JudgedTarget:
    judgement = None
    if aim is not None:
        panel = panels[index.pk] if index else Panel()
        ended = plan.province.valid_to
        # Results of a year are those of its last day: who ended within it has none.
        last_year = (ended + timedelta(days=1)).year - 1 if ended else None
        judgement = judge(aim, panel, plan.province_id, last_year=last_year)
    return JudgedTarget(target, meaning_of(target), index, judgement)


def meaning_of(target: Target) -> TargetMeaning:
    """What is stored of a target; that it is set for each dimension is in its words alone."""
    key = target.component.stable_key if target.component else ""
    return TargetMeaning(
        metric=target.metric,
        operator=target.operator,
        value=target.value,
        group=target.group,
        dimension=int(key[1:]) if key in DIMENSIONS else None,
        year=target.year,
        baseline_year=target.baseline_year,
        is_each_year=target.is_each_year,
        is_kept=target.is_kept,
        is_each_dimension=target.component is None and read_target(target.text).is_each_dimension,
    )


def aim_in(plan: Plan, target: Target) -> Aim | None:
    """The target in the years of its plan; the results of a year come in the next spring."""
    part = target.component
    if part is not None and part.level == Level.COMPOSITE:
        part = None
    return aim_of(
        meaning_of(target),
        first_year=plan.period_start.year,
        last_year=plan.period_end.year,
        component=part.stable_key if part else WHOLE,
    )


def _components(aims: Iterable[Aim]) -> set[str]:
    aims = list(aims)
    keys = {aim.component for aim in aims} - {WHOLE}
    return keys | set(DIMENSIONS if any(aim.is_each_dimension for aim in aims) else ())


def _index(target: Target, indices: Sequence[Index], own: set[int]) -> Index | None:
    """The index of a target: as stored, else as its words name it first, else the plan's own.

    Of several indices of a plan a target that names none speaks of PAPI.
    """
    if target.index:
        return target.index
    words = f" {fold(target.text)} "
    places = [
        (words.find(f" {fold(name)} "), index)
        for index in indices
        for name in (index.code, index.name)
    ]
    named = [(place, index) for place, index in places if place >= 0]
    if named:
        return min(named, key=lambda each: each[0])[1]
    mine = [index for index in indices if index.pk in own]
    papi = [index for index in mine if index.code == PAPI]
    return papi[0] if papi else (mine[0] if len(mine) == 1 else None)
