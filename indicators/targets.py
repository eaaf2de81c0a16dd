"""What the usual sentences of targets mean in numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from papi_portal.text import fold, normalise

GROUPS = (
    ("upper_middle", "trung binh cao"),
    ("lower_middle", "trung binh thap"),
    ("highest", "cao nhat"),
    ("lowest", "thap nhat"),
)
# "nhóm 1" is a quarter; "nhóm 20" is the first twenty.
QUARTERS = {"1": "highest", "2": "upper_middle", "3": "lower_middle", "4": "lowest"}
_BASELINE = re.compile(r"\bso voi (?:ket qua )?(?:nam )?(20\d\d)\b")
_NUMBER = r"(\d{1,2}[.,]\d{1,4}|\d{1,2})"
_RISE_OF_SCORE = re.compile(rf"\btăng (?:thêm |ít nhất |tối thiểu |từ )*{_NUMBER} ?điểm")
_SCORE = re.compile(rf"(?<![\d.,]){_NUMBER} ?điểm")
_RANK = re.compile(
    r"\b(?:top|nhóm|hạng|thứ|vị trí) (?:thứ |từ )?(\d{1,2})(?: ?(?:-|–|đến) ?(\d{1,2}))?(?![\d.,])"
)
_EACH_DIMENSION = re.compile(r"\b(?:cac|tung|moi|ca|tat ca|8|08|tam) (?:chi so |truc )?noi dung\b")
# "7/8 chỉ số nội dung": some of several, which no single comparison says.
_SOME_OF = re.compile(r"\b\d{1,2} \d{1,2} (?:chi so|noi dung)\b|\bchi so thanh phan\b")
_REGION = re.compile(r"\b(?:vung|khu vuc)\b")


@dataclass(frozen=True)
class TargetMeaning:
    """A target as arithmetic; empty where the sentence says nothing of it.

    `metric`, `operator` and `group` hold the values of plans.states and indicators.states;
    `dimension` is 1-8 or None for the whole index, `is_each_dimension` says all of them.
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
    is_each_dimension: bool = False


def read_target(sentence: str) -> TargetMeaning:
    """The meaning of one sentence, as far as its words are the usual ones.

    A sentence that is not understood gives an empty meaning: it is kept as text and nothing is
    guessed; so does one that asks for some of several, or for a rank within a region. "tăng
    bậc" without a number is a rise of at least one; of "hạng 10 - 15" the last is asked for.
    """
    folded, lowered = fold(sentence), normalise(sentence).lower()
    kind = _kind(folded, lowered)
    if kind is None or asks_for_some(sentence) or asks_for_region(sentence):
        return TargetMeaning()
    metric, operator, value, group = kind
    return TargetMeaning(
        metric=metric,
        operator=operator,
        value=value,
        group=group,
        dimension=_int(re.search(r"\b(?:noi dung|d) ?([1-8])\b", folded)),
        year=_int(re.search(r"\bnam (20\d\d)\b", _BASELINE.sub(" ", folded))),
        baseline_year=_int(_BASELINE.search(folded)),
        is_each_year=bool(re.search(r"\bh[au]?ng nam\b|\bmoi nam\b", folded)),
        is_kept="duy tri" in folded,
        is_each_dimension=bool(_EACH_DIMENSION.search(folded)),
    )


def asks_for_some(sentence: str) -> bool:
    """Whether some of several parts are meant: "7/8 chỉ số nội dung"."""
    return bool(_SOME_OF.search(fold(sentence)))


def asks_for_region(sentence: str) -> bool:
    """Whether a rank among the provinces of a region is meant, of which nobody has a list here."""
    folded, lowered = fold(sentence), normalise(sentence).lower()
    kind = _kind(folded, lowered)
    return kind is not None and kind[0] == "rank" and bool(_REGION.search(folded))


Kind = tuple[str, str, Decimal | None, str]


def _kind(folded: str, lowered: str) -> Kind | None:
    return _rank_up(folded) or _group(folded) or _score(lowered) or _rank(lowered)


def _rank_up(folded: str) -> Kind | None:
    found = re.search(r"\btang (?:them |it nhat |tu )*(\d{1,2})? ?bac\b", folded)
    return ("rank_up", ">=", Decimal(found[1] or 1), "") if found else None


def _group(folded: str) -> Kind | None:
    if "nhom" not in folded:
        return None
    comparison = ">=" if "tro len" in folded else "="
    for group, words in GROUPS:
        if words in folded:
            return "group", comparison, None, group
    quarter = re.search(r"\bnhom (?:thu )?([1-4])\b(?! \d)", folded)
    return ("group", comparison, None, QUARTERS[quarter[1]]) if quarter else None


def _score(lowered: str) -> Kind | None:
    """A score to be reached goes before the rise that it amounts to, if both are named."""
    rise = _RISE_OF_SCORE.search(lowered)
    if found := _SCORE.search(_RISE_OF_SCORE.sub(" ", lowered)):
        return "score", ">=", _decimal(found[1]), ""
    return ("score_up", ">=", _decimal(rise[1]), "") if rise else None


def _rank(lowered: str) -> Kind | None:
    found = _RANK.search(lowered)
    return ("rank", "<=", Decimal(found[2] or found[1]), "") if found else None


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _int(found: re.Match[str] | None) -> int | None:
    return int(found[1]) if found else None
