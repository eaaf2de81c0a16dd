"""What the open targets of a plan would take, on the last results there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
from plans.aims import JudgedTarget, known_as
from plans.models import Plan


@dataclass(frozen=True)
class NamedPart:
    """A component with the code and the name that the last edition printed."""

    code: str
    name: str
    part: Part


@dataclass(frozen=True)
class PlanOutlook:
    """What one target would take for `year`: in words, then the parts that have to give.

    `subject` is the part of the index it speaks of, empty for the whole.
    """

    judged: JudgedTarget
    year: int
    lines: list[str]
    subject: str = ""
    needs: str = ""
    basis: str = ""
    needed: list[NamedPart] = field(default_factory=list)
    others: list[NamedPart] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """The panel of one structure with all its parts, and their printed names by stable key."""

    panel: Panel
    printed: Mapping[str, tuple[str, str]]

    def parts_of(self, component: str) -> list[str] | None:
        """The sub-dimensions of a dimension, by the codes that are printed; None of the whole."""
        if component == WHOLE:
            return None
        code, _name = self.printed.get(component, ("", ""))
        return [key for key, (own, _name) in self.printed.items() if own.startswith(f"{code}.")]

    def name_of(self, component: str) -> str:
        return " ".join(self.printed.get(component, ()))


def outlooks(plan: Plan, targets: Iterable[JudgedTarget]) -> list[PlanOutlook]:
    """The first open year of each target, once for every dimension that it is set for.

    The number of queries grows with the indices of the targets, not with the targets.
    """
    sources: dict[int, Source] = {}
    populations: dict[int, int] = {}
    told = []
    for judged in targets:
        if judged.index is None:
            continue
        index = judged.index.pk
        for finding in _open_findings(judged):
            year = finding.year
            if index not in sources:
                sources[index] = source_of(index, known_as(plan.province))
            if year not in populations:
                populations[year] = population_on(date(year, 12, 31))
            wish = _wish(finding, populations[year])
            told.append(_told(plan.province_id, judged, finding, wish, sources[index]))
    return told


def source_of(index: int, names: Mapping[int, int]) -> Source:
    """All scores of the structure of an index's last edition; `names` as in `panels_of`.

    Six queries.
    """
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
    panels = panels_of([index], components=printed, structure=last.structure, known_as=names)
    return Source(panels[index], printed)


def _open_findings(judged: JudgedTarget) -> list[Finding]:
    """The first year that is still open, of each component the target is set for."""
    if judged.judgement is None:
        return []
    first: dict[str, Finding] = {}
    for finding in judged.judgement.findings:
        if finding.verdict is Verdict.PENDING:
            first.setdefault(finding.component, finding)
    return list(first.values())


def _wish(finding: Finding, population: int) -> Wish | Lack:
    """What the target asks for on the results it is measured from."""
    distance = finding.distance
    if distance is None:
        return Lack.NO_SCORE
    if distance.is_beyond:
        return Lack.BEYOND
    wish = Wish(finding.year, population=population, component=finding.component)
    if distance.wanted_group:
        return replace(wish, group=distance.wanted_group)
    if distance.wanted_rank is not None:
        return replace(wish, rank=distance.wanted_rank)
    return replace(wish, score=distance.wanted_score)


def _told(
    province: int, judged: JudgedTarget, finding: Finding, wish: Wish | Lack, source: Source
) -> PlanOutlook:
    subject = source.name_of(finding.component)
    if isinstance(wish, Lack):
        return PlanOutlook(judged, finding.year, [lack(wish)], subject)
    found = outlook(source.panel, province, wish, source.parts_of(finding.component))
    if isinstance(found, Lack):
        return PlanOutlook(judged, finding.year, [lack(found)], subject)
    lines = [*likelihood(wish, found), in_fact(found), parts_needed(found)]
    parts = [NamedPart(*source.printed[part.component], part) for part in found.parts]
    return PlanOutlook(
        judged=judged,
        year=finding.year,
        subject=subject,
        lines=[line for line in lines if line],
        basis=basis(wish, found),
        needs=needs(finding.distance) if finding.distance else "",
        needed=[named for named in parts if named.part.given],
        others=[named for named in parts if not named.part.given],
    )
