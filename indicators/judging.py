"""Whether a target was met once results are there, or why that cannot be said."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from indicators.aims import RISES, Aim
from indicators.distance import Distance, Stand, distance, stand
from indicators.panel import BEST_FIRST, Panel, Place, Results

COMPARISONS: dict[str, Callable[[Decimal | int, Decimal | int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
}


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    PENDING = "pending"
    UNKNOWABLE = "unknowable"


# The first that one finding has is that of the whole target.
GRAVEST_FIRST = (Verdict.NOT_MET, Verdict.UNKNOWABLE, Verdict.PENDING, Verdict.MET)


class Reason(StrEnum):
    """Why there is no verdict yet, or never can be one."""

    NO_DATA = "no_data"
    NOT_YET = "not_yet"
    BASELINE_NOT_YET = "baseline_not_yet"
    NO_SCORE = "no_score"
    NO_BASELINE = "no_baseline"
    TOO_FEW = "too_few"
    NO_PROVINCE = "no_province"
    OTHER_DENOMINATOR = "other_denominator"
    OTHER_STRUCTURE = "other_structure"


class Caveat(StrEnum):
    """What a verdict rests on and a reader has to know."""

    ESTIMATED_GROUP = "estimated_group"
    ESTIMATED_RANK = "estimated_rank"
    OTHER_RANK_PRINTED = "other_rank_printed"
    MISSING_PROVINCES = "missing_provinces"
    OTHER_STRUCTURE = "other_structure"
    OTHER_DENOMINATOR = "other_denominator"


@dataclass(frozen=True)
class Finding:
    """One component in one year: the verdict, what it rests on, and what the target took.

    `base` is the edition compared with, `result` the one judged; `missing` says in which of
    them provinces have no score, and how many.
    """

    component: str
    year: int
    verdict: Verdict
    reason: Reason | None = None
    base: Stand | None = None
    result: Stand | None = None
    caveats: tuple[Caveat, ...] = ()
    missing: tuple[int, int] | None = None
    populations: tuple[int, ...] = ()
    distance: Distance | None = None


@dataclass(frozen=True)
class Judgement:
    """All findings of a target, years within components; one failure is enough to miss it."""

    aim: Aim
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Verdict:
        found = {finding.verdict for finding in self.findings}
        return next(verdict for verdict in GRAVEST_FIRST if verdict in found)

    def count(self, verdict: Verdict) -> int:
        return sum(finding.verdict is verdict for finding in self.findings)


def judge(aim: Aim, panel: Panel, province: int, *, last_year: int | None = None) -> Judgement:
    """Judge every year and component; `last_year` is that of a province's last results, if it
    has come to its end: what was merged in 2025 is not waited for.
    """
    findings = [
        _without_province(_find(aim, component, year, panel, province), last_year)
        for component in aim.components(panel)
        for year in aim.years
    ]
    return Judgement(aim, tuple(findings))


def _without_province(finding: Finding, last_year: int | None) -> Finding:
    is_late = last_year is not None and finding.year > last_year
    if finding.verdict is not Verdict.PENDING or not is_late:
        return finding
    return replace(finding, verdict=Verdict.UNKNOWABLE, reason=Reason.NO_PROVINCE, distance=None)


def _find(aim: Aim, component: str, year: int, panel: Panel, province: int) -> Finding:
    results = panel.at(component, year)
    base = panel.at(component, aim.base_year(year)) if aim.metric in RISES else None
    before = panel.last_before(component, aim.set_in, province=province)
    reason = _obstacle(aim, panel, results, base, before, (component, year, province))
    verdict = Verdict.UNKNOWABLE
    caveats: tuple[Caveat, ...] = ()
    if reason in (Reason.NOT_YET, Reason.BASELINE_NOT_YET):
        verdict = Verdict.PENDING
    elif reason is None and results is not None:
        verdict, caveats = _compare(aim, results, base or before, province)
        if verdict is Verdict.UNKNOWABLE:
            reason = Reason.OTHER_DENOMINATOR
    compared = base or before
    both_printed = base and results and province in base.ranks and province in results.ranks
    is_computed = aim.metric == "rank_up" and not both_printed
    return Finding(
        component=component,
        year=year,
        verdict=verdict,
        reason=reason,
        base=_stand_if_there(base, province, is_computed),
        result=_stand_if_there(results, province, is_computed),
        caveats=caveats,
        missing=_missing(results, base),
        populations=tuple(row.population for row in (compared, results) if row),
        distance=distance(aim, component, year, panel, province),
    )


def _missing(*editions: Results | None) -> tuple[int, int] | None:
    """The first edition with provinces that have no score, and how many of them."""
    counts = [(row.year, row.population - row.n) for row in editions if row]
    return next((each for each in counts if each[1]), None)


def _stand_if_there(results: Results | None, province: int, is_computed: bool) -> Stand | None:
    if results is None or province not in results.scores:
        return None
    return stand(results, province, is_computed=is_computed)


def _obstacle(
    aim: Aim,
    panel: Panel,
    results: Results | None,
    base: Results | None,
    before: Results | None,
    place: tuple[str, int, int],
) -> Reason | None:
    """What forbids a comparison; None if nothing does."""
    component, year, province = place
    if not panel.years(component):
        return Reason.NO_DATA
    needs_base = aim.metric in RISES
    if needs_base and base is None and aim.base_year(year) > panel.years(component)[-1]:
        return Reason.BASELINE_NOT_YET
    if base is not None and province not in base.scores:
        return Reason.NO_BASELINE
    if results is None:
        return Reason.NOT_YET
    if province not in results.scores:
        return Reason.NO_SCORE
    if needs_base and base is None:
        return Reason.NO_BASELINE
    return _mismatch(aim, results, base or before) or _thinness(aim, results, base, province)


def _thinness(aim: Aim, results: Results, base: Results | None, province: int) -> Reason | None:
    """Whether too few provinces are known to tell a rank or a group that nobody printed."""
    told: list[object] = [True]
    if aim.metric == "group":
        told = [results.group(province)]
    elif aim.metric == "rank":
        told = [results.place(province)]
    elif aim.metric == "rank_up" and base is not None and _places(base, results, province) is None:
        told = [None]
    return None if all(told) else Reason.TOO_FEW


def _places(base: Results, results: Results, province: int) -> tuple[Place, Place] | None:
    """Both ranks by one method: as printed if both were, else as computed; None if neither."""
    if province in base.ranks and province in results.ranks:
        return base.ranks[province], results.ranks[province]
    first, last = base.computed_place(province), results.computed_place(province)
    return (first, last) if first and last else None


def _mismatch(aim: Aim, results: Results, compared: Results | None) -> Reason | None:
    """Whether two editions measure things that cannot be set beside one another.

    Groups are quarters of whatever is measured and are told in every edition anew. A rise of
    score needs one and the same structure, all else the same range of scores.
    """
    if compared is None or aim.metric == "group":
        return None
    is_same = results.structure == compared.structure
    if not is_same and (aim.metric == "score_up" or results.score_max != compared.score_max):
        return Reason.OTHER_STRUCTURE
    if aim.metric in ("rank", "rank_up") and results.population != compared.population:
        return Reason.OTHER_DENOMINATOR
    return None


def _compare(
    aim: Aim, results: Results, compared: Results | None, province: int
) -> tuple[Verdict, tuple[Caveat, ...]]:
    caveats = []
    if compared and compared.structure != results.structure:
        caveats.append(Caveat.OTHER_STRUCTURE)
    if compared and compared.population != results.population:
        caveats.append(Caveat.OTHER_DENOMINATOR)
    if aim.metric == "group":
        if province not in results.groups:
            caveats.append(Caveat.ESTIMATED_GROUP)
        return _verdict(_is_in_group(aim, results.group(province))), tuple(caveats)
    if aim.metric in ("score", "score_up"):
        earlier = compared.scores[province] if compared and aim.metric == "score_up" else Decimal(0)
        return _verdict(_reaches(aim, results.scores[province] - earlier)), tuple(caveats)
    if aim.metric == "rank_up" and compared is not None:
        verdict, more = _compare_ranks(aim, results, compared, province)
    else:
        verdict, more = _compare_rank(aim, results, province)
    return verdict, (*caveats, *more)


def _compare_rank(aim: Aim, results: Results, province: int) -> tuple[Verdict, tuple[Caveat, ...]]:
    """The rank among those measured; if the unmeasured could turn it, that is said."""
    place = results.place(province)
    assert place is not None
    meets = _reaches(aim, place.rank)
    at_worst = _reaches(aim, place.rank + results.population - place.n)
    caveats = [] if meets == at_worst else [Caveat.MISSING_PROVINCES]
    return _verdict(meets), (*_rank_caveats(results, province), *caveats)


def _compare_ranks(
    aim: Aim, results: Results, base: Results, province: int
) -> tuple[Verdict, tuple[Caveat, ...]]:
    """A rise between editions that may have measured different numbers of provinces.

    Of equal numbers the ranks are compared as they are. Of others the rank that a province
    would have had among all lies between its rank and that many places lower; if the target
    is met at one end and missed at the other, nobody can tell.
    """
    places = _places(base, results, province)
    assert places is not None
    first, last = places
    caveats: list[Caveat] = []
    if first.is_estimate:
        caveats = [*_rank_caveats(results, province), *_rank_caveats(base, province)]
    told = tuple(dict.fromkeys(caveats))
    rise = first.rank - last.rank
    if first.n == last.n:
        return _verdict(_reaches(aim, rise)), told
    worst = _reaches(aim, rise - (results.population - last.n))
    best = _reaches(aim, rise + (base.population - first.n))
    if worst != best:
        return Verdict.UNKNOWABLE, told
    return _verdict(best), (*told, Caveat.MISSING_PROVINCES)


def _rank_caveats(results: Results, province: int) -> list[Caveat]:
    printed, computed = results.ranks.get(province), results.computed_place(province)
    if printed is None:
        return [Caveat.ESTIMATED_RANK]
    differs = computed is not None and printed.rank != computed.rank
    return [Caveat.OTHER_RANK_PRINTED] if differs else []


def _is_in_group(aim: Aim, group: str) -> bool:
    """Groups compared as numbers that grow with the score."""
    heights: dict[str, int] = {name: -position for position, name in enumerate(BEST_FIRST)}
    return COMPARISONS[aim.operator](heights[group], heights[aim.group])


def _reaches(aim: Aim, value: Decimal | int) -> bool:
    """Compare in as many decimals as the target is written with: 45.328 reaches 45.33."""
    if aim.value is None:
        return False
    if isinstance(value, Decimal):
        value = value.quantize(aim.value.normalize(), ROUND_HALF_UP)
    return COMPARISONS[aim.operator](value, aim.value)


def _verdict(is_met: bool) -> Verdict:
    return Verdict.MET if is_met else Verdict.NOT_MET
