"""The radar of one plan put together: whose scores, rows of parts, flags with their answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agencies.models import Province
from indicators.gaps import Gap, GapTable, gap_table
from indicators.models import Component
from indicators.series import Lineage, lineage_of
from plans.models import FlagAnswer, Plan
from plans.querysets import Tally
from plans.radar.coverage import TaskFacts, facts_of, of_dimension, of_part, survey_end
from plans.radar.flags import Flag, Row, flags_of

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Choice:
    """What a reader chose: an edition, a province before a merger, neighbours to compare with."""

    year: int | None = None
    predecessor: int | None = None
    neighbours: tuple[Province, ...] = ()


@dataclass(frozen=True)
class AnsweredFlag:
    """A flag with the answer that holds and those given when the figures were others."""

    flag: Flag
    answer: FlagAnswer | None
    earlier: tuple[FlagAnswer, ...]


@dataclass(frozen=True)
class Scores:
    """Whose scores are shown: the province's own, or those of one it was made from."""

    lineage: Lineage
    province: Province
    table: GapTable | None

    @property
    def is_predecessor(self) -> bool:
        return self.province not in self.lineage.own

    @property
    def predecessors(self) -> tuple[Province, ...]:
        """Those to choose from, if the province has no series of its own."""
        has_own = self.table is not None and not self.is_predecessor
        return () if has_own else self.lineage.predecessors


@dataclass(frozen=True)
class Radar:
    plan: Plan
    scores: Scores
    rows: tuple[Row, ...]
    facts: tuple[TaskFacts, ...]
    flags: tuple[AnsweredFlag, ...]

    @property
    def open_flags(self) -> list[AnsweredFlag]:
        return [each for each in self.flags if each.answer is None]

    @property
    def accepted_flags(self) -> list[AnsweredFlag]:
        return [each for each in self.flags if each.answer is not None]

    @property
    def common_count(self) -> int:
        """Tasks that name no dimension and so count for none."""
        return sum(not task.dimensions for task in self.facts)

    def flag(self, slug: str) -> AnsweredFlag | None:
        return next((each for each in self.flags if each.flag.slug == slug), None)


def radar_of(plan: Plan, tallies: Mapping[int, Tally], choice: Choice | None = None) -> Radar:
    """The radar of a plan, draft or not; `tallies` count its work by task, as far as one may see.

    The tasks are all of the plan: a gap that only shows because somebody may not see the work of
    others would be none. Twelve queries, whatever the plan holds.
    """
    scores = scores_for(plan.province, choice or Choice())
    facts = facts_of(plan)
    rows = _rows(scores.table, facts, tallies)
    flags = flags_of(rows, facts, survey_end(plan))
    return Radar(plan, scores, tuple(rows), tuple(facts), tuple(_answered(plan, flags)))


def scores_for(province: Province, choice: Choice) -> Scores:
    """The province's own scores; without any, those of the predecessor that was chosen."""
    lineage = lineage_of(province)
    table = gap_table(lineage.own_keys, year=choice.year, neighbours=choice.neighbours)
    if table is not None:
        return Scores(lineage, province, table)
    chosen = next((one for one in lineage.predecessors if one.pk == choice.predecessor), None)
    if chosen is None:
        return Scores(lineage, province, None)
    table = gap_table({chosen.pk}, year=choice.year, neighbours=choice.neighbours)
    return Scores(lineage, chosen, table)


def _rows(
    table: GapTable | None, facts: Collection[TaskFacts], tallies: Mapping[int, Tally]
) -> list[Row]:
    """Dimensions with their parts as the edition prints them; without scores the dimensions."""
    if table is None:
        return [
            Row(
                key=row.stable_key,
                code=str(row.position),
                name=row.name,
                component=row.pk,
                is_dimension=True,
                coverage=of_dimension(facts, row.pk, tallies),
            )
            for row in Component.objects.dimensions()
        ]
    siblings: dict[int | None, set[int]] = {}
    for gap in table.gaps:
        if not gap.is_dimension:
            siblings.setdefault(gap.parent, set()).add(gap.component)
    return [_row(gap, facts, siblings.get(gap.parent, set()), tallies) for gap in table.gaps]


def _row(
    gap: Gap, facts: Collection[TaskFacts], siblings: set[int], tallies: Mapping[int, Tally]
) -> Row:
    if gap.is_dimension:
        coverage = of_dimension(facts, gap.component, tallies)
    else:
        coverage = of_part(facts, gap.component, frozenset(siblings), gap.parent, tallies)
    return Row(
        key=gap.key,
        code=gap.code,
        name=gap.name,
        component=gap.component,
        is_dimension=gap.is_dimension,
        coverage=coverage,
        gap=gap,
    )


def _answered(plan: Plan, flags: Sequence[Flag]) -> list[AnsweredFlag]:
    """Each flag beside what was answered to it; one query."""
    given: dict[tuple[str, str], list[FlagAnswer]] = {}
    for answer in plan.flag_answers.select_related("answered_by", "edition", "province"):
        given.setdefault((answer.kind, answer.key), []).append(answer)
    found = []
    for flag in flags:
        answers = given.get((flag.kind, flag.key), [])
        holding = next((one for one in answers if one.figures == flag.figures), None)
        earlier = tuple(one for one in answers if one is not holding)
        found.append(AnsweredFlag(flag, holding, earlier))
    return found
