"""Where a province stands in one edition, part by part: score, change, group, distances."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from indicators.models import Edition, EditionComponent, Score
from indicators.panel import BEST_FIRST, Results
from indicators.panels import population_on
from indicators.querysets import PAPI
from indicators.states import Level, ScoreGroup

if TYPE_CHECKING:
    from agencies.models import Province

# Of the range of a component. In the editions 2021-2024 three changes of a sub-dimension in four
# are smaller than 5.4 % of its range, and one in eight is a fall of 5 % or more.
FALL_SHARE = Decimal("0.05")


class Comparison(StrEnum):
    """Whether a score may be compared with that of the edition before."""

    SAME = "same"
    REMEASURED = "remeasured"
    OTHER_RANGE = "other_range"
    OTHER_PARTS = "other_parts"
    NOT_MEASURED = "not_measured"
    NO_FIGURE = "no_figure"


@dataclass(frozen=True)
class Neighbour:
    """The best of the chosen provinces; `difference` is how far we lie above it."""

    name: str
    difference: Decimal


@dataclass(frozen=True)
class Gap:
    """One dimension or sub-dimension of one edition for one province, on its own scale.

    `change` is since the edition `since` and is a rise or a fall only if `comparison` is SAME.
    `group` is computed from all provinces with a score unless `is_published`; it and the
    distances are empty where too few of them are known. `from_median` is negative below it;
    `to_upper` are the points to be gained for the group above, None in the highest.
    """

    component: int
    key: str
    parent: int | None
    code: str
    name: str
    is_dimension: bool
    score: Decimal | None
    as_printed: str
    change: Decimal | None
    since: int | None
    comparison: Comparison
    remeasured: str
    score_range: Decimal
    group: str = ""
    is_published: bool = False
    from_median: Decimal | None = None
    to_upper: Decimal | None = None
    neighbour: Neighbour | None = None

    @property
    def printed_otherwise(self) -> str:
        """What the source printed, if that is not the score with its four places."""
        shown = f"{self.score:.4f}" if self.score is not None else ""
        return "" if self.as_printed.replace(",", ".") == shown else self.as_printed

    @property
    def is_lowest(self) -> bool:
        return self.group == ScoreGroup.LOWEST

    @property
    def has_fallen(self) -> bool:
        """A comparable fall by `FALL_SHARE` of the range or more."""
        if self.change is None or self.comparison is not Comparison.SAME:
            return False
        return self.change <= -FALL_SHARE * self.score_range

    @property
    def is_comparable(self) -> bool:
        return self.comparison is Comparison.SAME


@dataclass(frozen=True)
class GapTable:
    """All parts of an edition, each dimension followed by its own; `years` have figures too."""

    edition: Edition
    before: Edition | None
    years: tuple[int, ...]
    gaps: tuple[Gap, ...]
    measured: int
    population: int

    @property
    def dimensions(self) -> dict[str, Gap]:
        return {gap.key: gap for gap in self.gaps if gap.is_dimension}

    @property
    def has_parts(self) -> bool:
        return any(not gap.is_dimension and gap.score is not None for gap in self.gaps)

    @property
    def has_groups(self) -> bool:
        return any(gap.group for gap in self.gaps)


@dataclass(frozen=True)
class _Own:
    """What the province has in the editions: by edition and component."""

    scores: Mapping[tuple[int, int], tuple[Decimal | None, str]]

    def has(self, edition: Edition) -> bool:
        return any(
            key == edition.pk and value is not None
            for (key, _component), (value, _printed) in self.scores.items()
        )


def gap_table(
    keys: Collection[int], *, year: int | None = None, neighbours: Collection[Province] = ()
) -> GapTable | None:
    """PAPI for the province with the rows `keys` in the edition of `year`, else its last one.

    None if it has no figure in any edition. Five queries, whatever is there.
    """
    editions = list(Edition.objects.filter(index__code=PAPI).order_by("year"))
    own = _own_scores(keys)
    held = [edition for edition in editions if own.has(edition)]
    if not held:
        return None
    edition = next((one for one in held if one.year == year), held[-1])
    earlier = [one for one in held if one.year < edition.year]
    before = earlier[-1] if earlier else None
    since = before.year if before else edition.year
    known = [one for one in editions if since <= one.year <= edition.year]
    printed = _printed(known)
    everyone = _results(edition, printed[edition.pk])
    rows = _in_order(printed[edition.pk])
    composite = [row for row in printed[edition.pk].values() if _is(row, Level.COMPOSITE)]
    measured = everyone[composite[0].component_id].n if composite else 0
    chosen = {one.pk: one.name for one in neighbours}
    steps = [printed[one.pk] for one in known]
    return GapTable(
        edition=edition,
        before=before,
        years=tuple(one.year for one in held),
        gaps=tuple(_gap(row, own, everyone, (before, steps), keys, chosen) for row in rows),
        measured=measured,
        population=next((one.population for one in everyone.values()), 0),
    )


Printed = dict[int, EditionComponent]


def _is(row: EditionComponent, level: Level) -> bool:
    return row.component.level == level


def _own_scores(keys: Collection[int]) -> _Own:
    rows = Score.objects.current().filter(province__in=keys, edition__index__code=PAPI)
    # A province that was renamed has figures under one of its rows in an edition.
    return _Own(
        {
            (edition, component): (value, as_printed)
            for edition, component, value, as_printed in rows.order_by("value").values_list(
                "edition_id", "component_id", "value", "as_printed"
            )
        }
    )


def _printed(editions: Collection[Edition]) -> dict[int, Printed]:
    """What each edition prints, by component."""
    found: dict[int, Printed] = {edition.pk: {} for edition in editions}
    rows = EditionComponent.objects.filter(edition__in=editions).select_related("component")
    for row in rows:
        found[row.edition_id][row.component_id] = row
    return found


def _results(edition: Edition, printed: Printed) -> dict[int, Results]:
    """The scores of all provinces in the edition, by component. Two queries."""
    scores: dict[int, dict[int, Decimal]] = {component: {} for component in printed}
    groups: dict[int, dict[int, str]] = {component: {} for component in printed}
    rows = Score.objects.current().filter(edition=edition, value__isnull=False)
    for component, province, value, group in rows.values_list(
        "component_id", "province_id", "value", "group"
    ):
        if value is None or component not in printed:
            continue
        scores[component][province] = value
        if group:
            groups[component][province] = group
    population = population_on(edition.map_day)
    return {
        component: Results(
            year=edition.year,
            structure=edition.structure,
            score_max=row.score_max,
            scores=scores[component],
            population=population,
            groups=groups[component],
        )
        for component, row in printed.items()
    }


def _in_order(printed: Printed) -> list[EditionComponent]:
    """Each dimension followed by its sub-dimensions."""
    rows = sorted(printed.values(), key=lambda row: (row.component.position, row.code))
    ordered = []
    for dimension in (row for row in rows if _is(row, Level.DIMENSION)):
        own = dimension.component_id
        ordered += [dimension, *(row for row in rows if row.component.parent_id == own)]
    return ordered


def _gap(
    row: EditionComponent,
    own: _Own,
    everyone: Mapping[int, Results],
    past: tuple[Edition | None, list[Printed]],
    keys: Collection[int],
    chosen: Mapping[int, str],
) -> Gap:
    before, steps = past
    score, as_printed = own.scores.get((row.edition_id, row.component_id), (None, ""))
    earlier = own.scores.get((before.pk, row.component_id), (None, ""))[0] if before else None
    change = score - earlier if score is not None and earlier is not None else None
    comparison, said = _comparison(row, steps, change)
    results = everyone[row.component_id]
    province = next((key for key in keys if key in results.scores), None)
    group = results.group(province) if province is not None else ""
    is_known = province is not None and results.is_ranked
    return Gap(
        component=row.component_id,
        key=row.component.stable_key,
        parent=row.component.parent_id,
        code=row.code,
        name=row.name,
        is_dimension=_is(row, Level.DIMENSION),
        score=score,
        as_printed=as_printed,
        change=change,
        since=before.year if before else None,
        comparison=comparison,
        remeasured=said,
        score_range=row.score_max - row.score_min,
        group=group,
        is_published=province in results.groups,
        from_median=score - results.middle if is_known and score is not None else None,
        to_upper=_to_upper(results, group, score) if is_known else None,
        neighbour=_best(results, chosen, score),
    )


def _comparison(
    row: EditionComponent, steps: list[Printed], change: Decimal | None
) -> tuple[Comparison, str]:
    """How the score compares, and what is said of every new measurement on the way."""
    first = steps[0].get(row.component_id)
    if len(steps) < 2 or first is None:
        return Comparison.NOT_MEASURED, ""
    # A dimension is measured anew as soon as one of its parts is.
    said = [
        step_row.remeasured
        for step in steps[1:]
        for step_row in step.values()
        if step_row.remeasured and _is_in(step_row, row)
    ]
    if change is None:
        return Comparison.NO_FIGURE, "; ".join(said)
    if (first.score_min, first.score_max) != (row.score_min, row.score_max):
        return Comparison.OTHER_RANGE, "; ".join(said)
    if said:
        return Comparison.REMEASURED, "; ".join(said)
    if _parts(row, steps[0]) != _parts(row, steps[-1]):
        return Comparison.OTHER_PARTS, ""
    return Comparison.SAME, ""


def _is_in(part: EditionComponent, whole: EditionComponent) -> bool:
    return whole.component_id in (part.component_id, part.component.parent_id)


def _parts(row: EditionComponent, printed: Printed) -> set[int]:
    return {one.component_id for one in printed.values() if _is_in(one, row)}


def _to_upper(results: Results, group: str, score: Decimal | None) -> Decimal | None:
    """The points to the lowest score of the group above; None in the highest."""
    if not group or score is None or group == BEST_FIRST[0]:
        return None
    above = BEST_FIRST[BEST_FIRST.index(ScoreGroup(group)) - 1]
    # A published group may differ from the computed one: then the score is there already.
    return max(results.score_for_rank(results.last_rank_of(above)) - score, Decimal(0))


def _best(results: Results, chosen: Mapping[int, str], score: Decimal | None) -> Neighbour | None:
    found = [key for key in chosen if key in results.scores]
    if not found or score is None:
        return None
    best = max(found, key=lambda key: results.scores[key])
    return Neighbour(chosen[best], score - results.scores[best])
