"""The targets of a plan against what had been published by a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q

from indicators.judging import Reason, Verdict
from indicators.models import Score
from indicators.panel import WHOLE
from indicators.states import Level
from indicators.telling import tell
from indicators.wording import predicate
from plans.aims import JudgedTarget, judged_targets
from plans.reports.wording import opened, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from plans.models import Plan, Target

Data = dict[str, Any]

VERDICTS = {
    Verdict.MET: "Đạt",
    Verdict.NOT_MET: "Chưa đạt",
    Verdict.PENDING: "Chưa đánh giá được",
    Verdict.UNKNOWABLE: "Không đánh giá được",
}
NOT_ARITHMETIC = "Mục tiêu không ghi thành số nên không so sánh được với kết quả công bố."


def targets(plan: Plan, as_of: date) -> list[Data]:
    """Each target with its verdict and why, in a fixed number of queries."""
    judged = judged_targets(plan, published_by=as_of)
    latest = _latest(plan, [one.target for one in judged], as_of)
    return [
        {
            "text": one.target.text,
            "year": one.target.year,
            "latest": _score(latest.get(one.target.pk)),
            **_verdict(one),
            **_place(one),
        }
        for one in judged
    ]


def _verdict(judged: JudgedTarget) -> Data:
    if judged.judgement is None:
        return {"verdict": "", "told": VERDICTS[Verdict.PENDING], "because": NOT_ARITHMETIC}
    part = judged.target.component
    is_named = part is not None and part.level not in (Level.COMPOSITE, Level.DIMENSION)
    told = tell(judged.judgement, {part.stable_key: part.name} if part and is_named else {})
    summary = told.summary
    if [finding.reason for finding in judged.judgement.findings] == [Reason.BASELINE_NOT_YET]:
        summary = "chưa có kết quả của năm làm mốc"
    reasons = [sentence(opened(words)) for words in (summary, *told.caveats) if words]
    return {
        "verdict": told.verdict.value,
        "told": VERDICTS[told.verdict],
        "because": " ".join(reasons),
    }


def _place(judged: JudgedTarget) -> Data:
    """Of which dimension the target is: its stable key, "*" for each of them, "" for the whole."""
    if judged.judgement is None:
        return {"of": "", "short": ""}
    aim = judged.judgement.aim
    key = "*" if aim.is_each_dimension else "" if aim.component == WHOLE else aim.component
    return {"of": key, "short": predicate(judged.meaning)}


def _latest(plan: Plan, targets: Iterable[Target], as_of: date) -> dict[int, Score]:
    """By target: the last score published until `as_of`, of its component or of its index."""
    targets = list(targets)
    wanted = {target.component_id for target in targets if target.component_id}
    published = (
        Score.objects.current()
        .filter(province_id=plan.province_id, edition__published_on__lte=as_of)
        .filter(Q(component__in=wanted) | Q(component__level=Level.COMPOSITE))
        .select_related("edition", "component")
        .order_by("edition__year", "pk")
    )
    by_component: dict[int, Score] = {}
    by_index: dict[int, Score] = {}
    for score in published:
        by_component[score.component_id] = score
        if score.component.level == Level.COMPOSITE:
            by_index[score.component.index_id] = score

    found = {
        target.pk: by_component.get(target.component_id)
        if target.component_id
        else by_index.get(target.index_id or 0)
        for target in targets
    }
    return {pk: score for pk, score in found.items() if score is not None}


def _score(score: Score | None) -> str:
    if score is None or (score.value is None and not score.as_printed):
        return ""
    value = score.as_printed or str(score.value).replace(".", ",")
    parts = [f"Năm {score.edition.year}: {value} điểm"]
    if score.group:
        parts.append(f"nhóm {str(score.get_group_display()).lower()}")
    if score.rank:
        parts.append(f"thứ hạng {score.rank}")
    return ", ".join(parts)
