"""Read one cell of a table of scores: a figure, its absence, a rank, a group, a year."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.score_import.headers import YEARS, shown_cell
from indicators.states import ScoreGroup
from papi_portal import text
from papi_portal.text.normalise import plain

PLACES = 4
AS_PRINTED_LENGTH = 40
# Sources round the ends of a range: a third of 10 is printed 3,33 and 3,3333.
MARGIN = Decimal("0.005")
_MISSING = frozenset({"", ".", "..", "-", "–", "—", "…", "...", "na", "n/a", "n.a.", "nan", "null"})
_MISSING_WORDS = frozenset({"khong co so lieu", "khong co", "chua co", "missing", "no data"})
_APPROXIMATE = re.compile(r"^[~≈]\s*|[*†‡¹²³]+$")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[., ][0-9]{3})+[., ][0-9]+")
_MORE_PLACES = re.compile(rf"[.,][0-9]{{{PLACES}}}[0-9]*[1-9]")
_THREE_PLACES = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_RANK = re.compile(
    r"(?:hang|thu|xep hang|rank)?\s*(?P<rank>[0-9]{1,3})(?:\s*/\s*(?P<of>[0-9]{1,3}))?"
)
_YEAR = re.compile(r"(?:[a-z ]*\s)?(?P<year>20[0-9]{2})(?:[.]0)?")
_GROUPS = {
    ScoreGroup.HIGHEST: "cao nhat|cao|highest|high|nhom cao nhat|nhom cao|highest quartile",
    ScoreGroup.UPPER_MIDDLE: (
        "trung binh cao|nhom trung binh cao|upper middle|mid high|high average|average high"
        "|upper middle quartile"
    ),
    ScoreGroup.LOWER_MIDDLE: (
        "trung binh thap|nhom trung binh thap|lower middle|mid low|low average|average low"
        "|lower middle quartile"
    ),
    ScoreGroup.LOWEST: "thap nhat|thap|lowest|low|nhom thap nhat|nhom thap|lowest quartile",
}
_GROUP_OF = {word: group for group, words in _GROUPS.items() for word in words.split("|")}


class Uncalculated:
    """Stands for a formula that was saved without its value."""

    def __str__(self) -> str:
        return ""


UNCALCULATED = Uncalculated()


class CellError(text.TextError):
    """What a cell holds cannot be what its column is for."""


@dataclass(frozen=True)
class Figure:
    """A value with four places or None where the source has none; a question or a note on it."""

    value: Decimal | None
    as_printed: str
    question: str = ""
    note: str = ""


def is_missing(cell: object) -> bool:
    """Blank, a dot or a dash, `NA`: the ways in which sources leave a province out."""
    if cell is None:
        return True
    if not isinstance(cell, str):
        return False
    if cell[:1].isdecimal():
        return False
    written = cell.strip().lower()
    return written in _MISSING or text.fold(written) in _MISSING_WORDS


def read_figure(cell: object, minimum: Decimal, maximum: Decimal) -> Figure:
    """The score in `cell` on a scale from `minimum` to `maximum`. Raise `TextError`."""
    if is_missing(cell):
        return Figure(None, "")
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        raise CellError(_not_a_score(cell))
    shown = shown_cell(cell)
    if len(shown) > AS_PRINTED_LENGTH:
        shown = f"{shown[: AS_PRINTED_LENGTH - 1]}…"
    written = _as_text(cell)
    bare = _APPROXIMATE.sub("", written)
    value = _number(bare, minimum, maximum)
    if value == 0:
        return Figure(None, shown, _("%(value)s được hiểu là không có số liệu.") % _say(shown))
    if value < minimum - MARGIN:
        message = _("%(value)s nhỏ hơn mức tối thiểu %(minimum)s của cột này. %(hint)s")
        hint = _low_hint(value, minimum, maximum)
        raise CellError(message % {**_say(shown), "minimum": comma(minimum), "hint": hint})
    if bare != written or (isinstance(cell, str) and _THREE_PLACES.fullmatch(bare)):
        question = _("%(value)s được hiểu là %(read)s.") % {**_say(shown), "read": comma(value)}
        return Figure(value, shown, question)
    if _MORE_PLACES.search(shown):
        note = _("%(value)s được làm tròn thành %(read)s.") % {**_say(shown), "read": comma(value)}
        return Figure(value, shown, note=note)
    return Figure(value, shown)


def read_rank(cell: object) -> tuple[int, int | None] | None:
    """The rank and, of `27/63`, of how many; None for words. Raise nothing."""
    found = _RANK.fullmatch(plain(shown_cell(cell)))
    if not found or int(found["rank"]) == 0:
        return None
    rank, of = int(found["rank"]), int(found["of"]) if found["of"] else None
    return None if of is not None and of < rank else (rank, of)


def read_group(cell: object) -> ScoreGroup | None:
    return _GROUP_OF.get(text.fold(shown_cell(cell)))


def read_year(cell: object) -> int | None:
    """The one year in `cell`: 2020, "Năm 2020", "PAPI 2020"."""
    if isinstance(cell, date):
        return None
    found = _YEAR.fullmatch(plain(shown_cell(cell)))
    year = int(found["year"]) if found else None
    return year if year in YEARS else None


def comma(value: Decimal) -> str:
    """A figure as people write it: decimal comma, no zeros at its end."""
    digits = f"{value:f}"
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits).replace(".", ",")


def _number(written: str, minimum: Decimal, maximum: Decimal) -> Decimal:
    try:
        return text.parse_decimal(written, minimum=minimum, maximum=maximum, places=PLACES)
    except text.NumberError as error:
        # A 0 stands for what is missing, and the end of the range may be printed rounded up;
        # people are told of the true range.
        lowest, highest = min(Decimal(0), minimum), maximum + MARGIN
        with suppress(text.NumberError):
            return text.parse_decimal(written, minimum=lowest, maximum=highest, places=PLACES)
        raise CellError(_why_not(written, minimum, maximum, error.message)) from error


def _as_text(cell: int | float | Decimal | str) -> str:
    """What is to be read; a number of a spreadsheet has one meaning, so it gets four places."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, int):
        return str(cell)
    return f"{Decimal(repr(cell)) if isinstance(cell, float) else cell:.{PLACES}f}"


def _say(shown: str) -> dict[str, str]:
    return {"value": text.quoted(shown)}


def _not_a_score(cell: object) -> str:
    if isinstance(cell, Uncalculated):
        return _("Ô là công thức chưa được tính. Hãy mở tệp bằng Excel, lưu lại rồi nhập lại.")
    if isinstance(cell, date):
        return _("Ô có ngày %(day)s: Excel đã đổi số thành ngày. Hãy đặt ô là số, ví dụ 39,14.") % {
            "day": cell.strftime("%d/%m/%Y")
        }
    return _("%(value)s không phải là điểm. Hãy nhập số, ví dụ 39,14.") % _say(shown_cell(cell))


def _why_not(written: str, minimum: Decimal, maximum: Decimal, reason: str) -> str:
    """The number reader's `reason`, or what seems to have happened to the cell."""
    if re.fullmatch(r"20[0-9]{2}(?:[.,]0+)?", written):
        message = _(
            "%(value)s giống như một năm, không phải điểm: các cột có bị lệch không? Cột này cần "
            "số từ %(minimum)s đến %(maximum)s."
        )
        ends = {"minimum": comma(minimum), "maximum": comma(maximum)}
        return message % {**_say(written), **ends}
    if _GROUPED.fullmatch(written):
        message = _("%(value)s có nhiều dấu ngăn, được hiểu là có hàng nghìn. %(reason)s")
        return message % {**_say(written), "reason": reason}
    return reason


def _low_hint(value: Decimal, minimum: Decimal, maximum: Decimal) -> str:
    if value == int(value):
        return _("Có phải thứ hạng ghi nhầm vào cột điểm?")
    for factor in (10, 100):
        if minimum <= value * factor <= maximum:
            return _("Có phải %(guess)s?") % {"guess": comma(value * factor)}
    return _("Hãy nhập số từ %(minimum)s đến %(maximum)s.") % {
        "minimum": comma(minimum),
        "maximum": comma(maximum),
    }
