"""What the open targets of a plan would take, on the last results there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Exists, OuterRef

from indicators.judging import Finding, Verdict
from indicators.models import Edition, EditionComponent, Score
from indicators.panel import WHOLE, Panel
from indicators.panels import panels_of, population_on
from indicators.states import Level
from indicators.wishes import Lack, Part, Wish, outlook
from indicators.wording import basis, in_fact, lack, likelihood, needs, parts_needed
from plans.aims import JudgedTarget, judged_targets
from plans.models import Plan


@dataclass(frozen=True)
class NamedPart:
    """A component with the code and the name that the last edition printed."""

    code: str
    name: str
    part: Part


@dataclass(frozen=True)
class PlanOutlook:
    """What one target would take for `year`: in words, then the parts that have to give."""

    judged: JudgedTarget
    year: int
    lines: list[str]
    needs: str = ""
    basis: str = ""
    needed: list[NamedPart] = field(default_factory=list)
    others: list[NamedPart] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """The panel of one structure with all its parts, and their printed names by stable key."""

    panel: Panel
    printed: Mapping[str, tuple[str, str]]


def outlooks(plan: Plan) -> list[PlanOutlook]:
    """The open targets for the whole of an index; those for one dimension have no parts to share.

    The number of queries grows with the indices of the targets, not with the targets.
    """
    sources: dict[int, Source] = {}
    populations: dict[int, int] = {}
    told = []
    for judged in judged_targets(plan):
        finding = _open_finding(judged)
        if finding is None or judged.index is None:
            continue
        index, year = judged.index.pk, finding.year
        if index not in sources:
            sources[index] = source_of(index)
        if year not in populations:
            populations[year] = population_on(date(year, 12, 31))
        wish = _wish(finding, populations[year])
        told.append(_told(plan.province_id, judged, finding, wish, sources[index]))
    return told


def source_of(index: int) -> Source:
    """All scores of the structure of an index's last edition. Six queries."""
    scored = Score.objects.filter(edition=OuterRef("pk"), value__isnull=False)
    last = Edition.objects.filter(Exists(scored), index=index).order_by("-year").first()
    if last is None:
        return Source(Panel(), {})
    printed = {
        key: (code, name)
        for key, code, name in EditionComponent.objects.filter(edition=last)
        .exclude(component__level=Level.COMPOSITE)
        .values_list("component__stable_key", "code", "name")
    }
    panels = panels_of([index], components=printed, structure=last.structure)
    return Source(panels[index], printed)


def _open_finding(judged: JudgedTarget) -> Finding | None:
    """The first year that is still open, of a target for the whole index."""
    if judged.judgement is None or judged.judgement.aim.component != WHOLE:
        return None
    findings = judged.judgement.findings
    is_whole = all(finding.component == WHOLE for finding in findings)
    pending = [finding for finding in findings if finding.verdict is Verdict.PENDING]
    return pending[0] if is_whole and pending else None


def _wish(finding: Finding, population: int) -> Wish | Lack:
    """What the target asks for on the results it is measured from."""
    distance = finding.distance
    if distance is None:
        return Lack.NO_SCORE
    if distance.is_beyond:
        return Lack.BEYOND
    wish = Wish(finding.year, population=population)
    if distance.wanted_group:
        return replace(wish, group=distance.wanted_group)
    if distance.wanted_rank is not None:
        return replace(wish, rank=distance.wanted_rank)
    return replace(wish, score=distance.wanted_score)


def _told(
    province: int, judged: JudgedTarget, finding: Finding, wish: Wish | Lack, source: Source
) -> PlanOutlook:
    found = wish if isinstance(wish, Lack) else outlook(source.panel, province, wish)
    if isinstance(found, Lack) or isinstance(wish, Lack):
        reason = found if isinstance(found, Lack) else Lack.NO_SCORE
        return PlanOutlook(judged, finding.year, [lack(reason)])
    lines = [*likelihood(wish, found), in_fact(found), parts_needed(found)]
    parts = [NamedPart(*source.printed[part.component], part) for part in found.parts]
    return PlanOutlook(
        judged=judged,
        year=finding.year,
        lines=[line for line in lines if line],
        basis=basis(wish, found),
        needs=needs(finding.distance) if finding.distance else "",
        needed=[named for named in parts if named.part.given],
        others=[named for named in parts if not named.part.given],
    )
