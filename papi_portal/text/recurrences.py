"""Read how often a task comes back: hằng quý, định kỳ 6 tháng, 2 lần/năm."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from papi_portal.text.periods import MONTHS_IN, Recurrence

_UNITS = {
    "thang": Recurrence.MONTHLY,
    "quy": Recurrence.QUARTERLY,
    "nam": Recurrence.YEARLY,
    **dict.fromkeys(("3 thang", "03 thang", "ba thang"), Recurrence.QUARTERLY),
    **dict.fromkeys(("6 thang", "06 thang", "sau thang", "nua nam"), Recurrence.HALF_YEARLY),
}
_UNIT = f"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})"
# "Năm lần" is five times: without a stroke the word for one must stand there.
_ONCE = r"(?: ?/ ?(?:(?:mot|1|01) )?| (?:mot|1|01) )lan"
_NAMED = re.compile(
    rf"(?:bao cao |thuc hien )?(?:(?:dinh ky )?(?:hang|moi|theo) {_UNIT}(?:{_ONCE})?"
    rf"|dinh ky {_UNIT.replace('<unit>', '<unit_b>')}(?:{_ONCE})?"
    rf"|(?:(?:1|01|mot) )?{_UNIT.replace('<unit>', '<unit_c>')}{_ONCE})"
)
_COUNTED = re.compile(
    r"(?P<count>mot|1|01|hai|2|02|bon|4|04|12) lan ?(?:/|moi|mot|trong|tren) ?(?:(?:mot|1|01) )?"
    r"(?P<unit>thang|quy|nam)"
)
_BY_COUNT = {
    (1, "thang"): Recurrence.MONTHLY,
    (1, "quy"): Recurrence.QUARTERLY,
    (1, "nam"): Recurrence.YEARLY,
    (2, "nam"): Recurrence.HALF_YEARLY,
    (4, "nam"): Recurrence.QUARTERLY,
    (12, "nam"): Recurrence.MONTHLY,
}
_COUNT_WORDS = {"mot": 1, "hai": 2, "bon": 4}
_BETWEEN = re.compile(r"\s?[,;+&]\s?(?:va )?|\sva\s")
_BARE_HALF_YEAR = re.compile("0?6 thang|sau thang")
_DAY_THEN_UNIT = re.compile(
    rf"(?P<day>.{{1,60}}?),? (?:hang |moi ){_UNIT}"
    r"|(?P<quarter_day>.{1,60} thang (?:cuoi|dau)) (?:cua )?quy"
)
_CONTINUOUS = ("thuong xuyen", "lien tuc")


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A recurrence; not exact if the words said more than it can hold."""

    recurrence: Recurrence
    is_exact: bool


def read_recurrence(key: str, names_a_day: Callable[[str], bool]) -> Rhythm | None:
    """Return how often, if `key` (from `plain`) says so.

    Of several (`hằng quý, 6 tháng, năm`) the shortest. `names_a_day` tells whether the words
    before `hằng năm` are a day or a period, as in `trước 20/11 hằng năm`.
    """
    if _BARE_HALF_YEAR.fullmatch(key):
        return Rhythm(Recurrence.HALF_YEARLY, is_exact=False)
    if several := _read_list(_BETWEEN.split(key)):
        return several
    match = _DAY_THEN_UNIT.fullmatch(key)
    if match and names_a_day(match["day"] or match["quarter_day"]):
        return Rhythm(_UNITS[match["unit"] or "quy"], is_exact=False)
    return None


def _read_list(parts: list[str]) -> Rhythm | None:
    found: list[Recurrence] = []
    for part in parts:
        # "hằng quý, năm": only after the first word of rhythm does a bare unit mean one.
        one = _read_one(part) or (_UNITS.get(part) if found else None)
        if one is not None:
            found.append(one)
        elif part not in _CONTINUOUS:
            return None
    if not found:
        return None
    return Rhythm(min(found, key=MONTHS_IN.__getitem__), is_exact=len(parts) == 1)


def _read_one(part: str) -> Recurrence | None:
    if match := _NAMED.fullmatch(part):
        return _UNITS[match["unit"] or match["unit_b"] or match["unit_c"]]
    if match := _COUNTED.fullmatch(part):
        count = _COUNT_WORDS.get(match["count"]) or int(match["count"])
        return _BY_COUNT.get((count, match["unit"]))
    return None
