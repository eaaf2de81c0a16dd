"""What the usual sentences of targets mean in numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from papi_portal.text import fold

GROUPS = (
    ("upper_middle", "trung binh cao"),
    ("lower_middle", "trung binh thap"),
    ("highest", "cao nhat"),
    ("lowest", "thap nhat"),
)


@dataclass(frozen=True)
class TargetMeaning:
    """A target as arithmetic; empty where the sentence says nothing of it.

    `metric`, `operator` and `group` hold the values of plans.states and indicators.states;
    `dimension` is 1-8 or None for the whole index.
    """

    metric: str = ""
    operator: str = ""
    value: Decimal | None = None
    group: str = ""
    dimension: int | None = None
    year: int | None = None
    baseline_year: int | None = None
    is_each_year: bool = False
    is_kept: bool = False


def read_target(sentence: str) -> TargetMeaning:
    """The meaning of one sentence, as far as its words are the usual ones.

    A sentence that is not understood gives an empty meaning: it is kept as text and nothing is
    guessed. "tăng bậc" without a number is a rise of at least one.
    """
    folded = fold(sentence)
    kind = _rank_up(folded) or _group(folded) or _score(sentence, folded) or _rank(folded)
    if kind is None:
        return TargetMeaning()
    metric, operator, value, group = kind
    return TargetMeaning(
        metric=metric,
        operator=operator,
        value=value,
        group=group,
        dimension=_int(re.search(r"\b(?:noi dung|chi so noi dung|d) ?([1-8])\b", folded)),
        year=_int(re.search(r"\b(?:vao|den|trong) nam (20\d\d)\b", folded)),
        baseline_year=_int(re.search(r"\bso voi (?:nam )?(20\d\d)\b", folded)),
        is_each_year=bool(re.search(r"\bh[au]?ng nam\b|\bmoi nam\b", folded)),
        is_kept="duy tri" in folded,
    )


Kind = tuple[str, str, Decimal | None, str]


def _rank_up(folded: str) -> Kind | None:
    found = re.search(r"\btang (?:it nhat |tu )?(\d{1,2})? ?bac\b", folded)
    return ("rank_up", ">=", Decimal(found[1] or 1), "") if found else None


def _group(folded: str) -> Kind | None:
    if "nhom" not in folded:
        return None
    for group, words in GROUPS:
        if words in folded:
            return "group", ">=" if "tro len" in folded else "=", None, group
    return None


def _score(sentence: str, folded: str) -> Kind | None:
    found = re.search(r"(\d{1,2}[.,]\d{1,4}|\d{1,2}) ?điểm", sentence.lower())
    if not found:
        return None
    rises = re.search(r"\btang (?:them |it nhat )?\d", folded)
    value = Decimal(found[1].replace(",", "."))
    return "score_up" if rises else "score", ">=", value, ""


def _rank(folded: str) -> Kind | None:
    found = re.search(r"\b(?:top|nhom|hang|thu|vi tri) (\d{1,2})\b", folded)
    return ("rank", "<=", Decimal(found[1]), "") if found else None


def _int(found: re.Match[str] | None) -> int | None:
    return int(found[1]) if found else None
