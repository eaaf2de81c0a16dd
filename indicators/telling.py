"""A judged target put together for a page: verdict, meaning in numbers, warning, details."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators import wording
from indicators.judging import Finding, Judgement, Verdict
from indicators.panel import WHOLE


@dataclass(frozen=True)
class Cell:
    """One year of one component, in a table of many: the rank, else what is missing."""

    verdict: Verdict
    label: str
    note: str


@dataclass(frozen=True)
class Told:
    """The lines of one target; `rows` by component and `years` if it is judged more than once."""

    verdict: Verdict
    label: str
    summary: str
    needs: str
    warning: str
    caveats: list[str]
    years: tuple[int, ...]
    rows: list[tuple[str, list[Cell]]]


def tell(judgement: Judgement, names: Mapping[str, str]) -> Told:
    """Say a judgement; `names` are those of components that are not dimensions, by their keys."""
    findings = judgement.findings
    shown = _shown(findings)
    is_single = len(findings) == 1
    distance = shown.distance
    name = component_name(shown.component, names)
    needs = wording.needs(distance) if distance else _no_distance(shown)
    caveats = [line for finding in findings for line in wording.caveats(finding)]
    return Told(
        verdict=judgement.verdict,
        label=str(wording.VERDICTS[judgement.verdict]),
        summary=wording.outcome(shown) if is_single else _sum(judgement),
        needs=needs if is_single or not name or not needs else f"{name}, {shown.year}: {needs}",
        warning=wording.warning(distance) if distance else "",
        caveats=list(dict.fromkeys(caveats)),
        years=() if is_single else judgement.aim.years,
        rows=[] if is_single else _rows(judgement, names),
    )


def component_name(key: str, names: Mapping[str, str]) -> str:
    if key == WHOLE:
        return ""
    if key in names:
        return names[key]
    return _("Nội dung %(number)s") % {"number": key.removeprefix("D")}


def _shown(findings: tuple[Finding, ...]) -> Finding:
    """The finding whose distance is told: the first that is still open, else the last."""
    pending = [finding for finding in findings if finding.verdict is Verdict.PENDING]
    return pending[0] if pending else findings[-1]


def _no_distance(finding: Finding) -> str:
    if finding.verdict is not Verdict.PENDING:
        return ""
    return _("cổng chưa có điểm của tỉnh ở kỳ nào trước đó nên chưa nói được còn bao xa")


def _sum(judgement: Judgement) -> str:
    values = {
        "met": judgement.count(Verdict.MET),
        "all": len(judgement.findings),
        "open": judgement.count(Verdict.PENDING),
    }
    if values["open"]:
        return _("đạt %(met)s, chờ %(open)s trên %(all)s (mỗi năm, mỗi nội dung tính một)") % values
    return _("đạt %(met)s trên %(all)s (mỗi năm, mỗi nội dung tính một)") % values


def _rows(judgement: Judgement, names: Mapping[str, str]) -> list[tuple[str, list[Cell]]]:
    rows: dict[str, list[Cell]] = {}
    for finding in judgement.findings:
        label = str(wording.VERDICTS[finding.verdict])
        cell = Cell(finding.verdict, label, _note(finding))
        rows.setdefault(finding.component, []).append(cell)
    return [(component_name(key, names) or _("Cả chỉ số"), cells) for key, cells in rows.items()]


def _note(finding: Finding) -> str:
    if finding.result is not None:
        return wording.rank(finding.result)
    return wording.short(finding.distance) if finding.distance else ""
