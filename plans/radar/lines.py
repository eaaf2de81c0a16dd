"""The eight dimensions of a plan, a line each: work, score, change, target, open flags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from indicators.gaps import Gap, GapTable
from indicators.models import Component
from indicators.wording import VERDICTS, predicate
from plans.aims import JudgedTarget
from plans.querysets import Tally
from plans.radar.matrix import Radar

EVERY = "chung"


@dataclass(frozen=True)
class DimensionLine:
    """`key` filters lists by the dimension; `flag_count` are those that nobody answered."""

    key: str
    label: str
    name: str
    tally: Tally
    task_count: int = 0
    gap: Gap | None = None
    year: int | None = None
    targets: tuple[str, ...] = ()
    flag_count: int = 0


def dimension_lines(
    tallies: Mapping[Any, Tally],
    *,
    table: GapTable | None = None,
    radar: Radar | None = None,
    targets: Sequence[JudgedTarget] = (),
) -> list[DimensionLine]:
    """The dimensions in order, then what serves all of them; one query.

    `tallies` count work by the key of its dimension, None for what serves all.
    """
    gaps = table.dimensions if table else {}
    open_flags = radar.open_flags if radar else []
    flags = Counter(each.flag.dimension for each in open_flags)
    facts = radar.facts if radar else ()
    lines = [
        DimensionLine(
            key=component.stable_key,
            label=str(component.position),
            name=component.name,
            tally=tallies.get(component.pk, Tally()),
            task_count=sum(component.pk in task.dimensions for task in facts),
            gap=gaps.get(component.stable_key),
            year=table.edition.year if table else None,
            targets=tuple(_targets(targets, component.stable_key)),
            flag_count=flags[str(component.position)],
        )
        for component in Component.objects.dimensions()
    ]
    rest = DimensionLine(
        key=EVERY,
        label="∑",
        name=_("Nhiệm vụ chung cho cả tám nội dung"),
        tally=tallies.get(None, Tally()),
        task_count=sum(not task.dimensions for task in facts),
        # Flags of the whole plan belong to no dimension.
        flag_count=flags[""],
    )
    return [*lines, rest]


def _targets(targets: Iterable[JudgedTarget], key: str) -> Iterable[str]:
    for judged in targets:
        part = judged.target.component
        is_own = part is not None and part.stable_key == key
        if judged.judgement is None or not (is_own or judged.meaning.is_each_dimension):
            continue
        found = [one for one in judged.judgement.findings if one.component == key]
        if found:
            told = _("%(target)s vào năm %(year)s: %(verdict)s")
            values = {
                "target": predicate(judged.meaning),
                "year": found[-1].year,
                "verdict": str(VERDICTS[found[-1].verdict]).lower(),
            }
            yield told % values
