"""The heading row of a sheet: where it stands and which column holds what."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from papi_portal.sheets.sheet import Sheet, address
from papi_portal.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SEARCHED_ROWS = 30
MAX_HEADING = 120
EXACT, REORDERED, PARTLY = 100, 90, 50
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_COLUMN_NUMBER = re.compile(r"[(\[]?[0-9]{1,2}[)\]]?")


@dataclass(frozen=True)
class Column:
    """A column that an import knows, with the ways in which people head it."""

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    is_required: bool = False
    width: int = 20

    def likeness(self, headings: Sequence[str]) -> int:
        """How well one of the folded `headings` names this column; 0 for not at all."""
        return max(map(self._likeness, headings), default=0)

    def _likeness(self, heading: str) -> int:
        words = heading.split()
        best = 0
        for known, parts in self._known:
            if heading == known:
                return EXACT
            if sorted(parts) == sorted(words):
                best = max(best, REORDERED)
            elif len(parts) > 1 and set(parts) <= set(words):
                best = max(best, PARTLY + 30 * len(parts) // len(words))
        return best

    @cached_property
    def _known(self) -> list[tuple[str, list[str]]]:
        folded = [fold(name) for name in (self.title, *self.synonyms)]
        return [(name, name.split()) for name in folded]


@dataclass(frozen=True)
class _Merged:
    """Where merged cells have their value, and the places of those over several columns."""

    into: Mapping[tuple[int, int], tuple[int, int]]
    wide: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, sheet: Sheet) -> _Merged:
        wide = frozenset((top, left) for top, left, _low, right in sheet.merged if right > left)
        return cls(sheet.merged_into(), wide)

    def place(self, row: int, column: int) -> tuple[int, int]:
        return self.into.get((row, column), (row, column))


class HeaderError(Exception):
    """No row of the sheet heads the columns; `message` tells what is looked for."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass
class Header:
    """Which column holds what. `row` is the last row of the heading, the data begin below it.

    `faults` keep the file from being imported; `unknown` are columns that nobody claimed.
    """

    top: int
    row: int
    columns: dict[str, int]
    headings: dict[int, str]
    unknown: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def body(self, sheet: Sheet) -> Iterator[int]:
        """The rows below that hold something, without a row that only numbers the columns."""
        for row in range(self.row + 1, sheet.last_row + 1):
            if not sheet.is_empty_row(row) and not _numbers_columns(sheet, row, self.row):
                yield row


def find_header(
    sheet: Sheet,
    columns: Sequence[Column],
    *,
    remembered: Mapping[str, str] | None = None,
    chosen: Mapping[str, int] | None = None,
) -> Header:
    """Return the heading of `sheet`, found among its first rows in any order of columns.

    `remembered` are keys by folded heading ("" for a column left aside), `chosen` is the column
    of each key as a person set it and is not questioned. Raise `HeaderError` if no row heads
    anything known.
    """
    known = remembered or {}
    merged = _Merged.of(sheet)
    best: Header | None = None
    best_sum = 0
    for top in range(1, min(sheet.last_row, SEARCHED_ROWS) + 1):
        for depth in (1, 2):
            header, likeness = _header(sheet, columns, known, merged, top, depth)
            if header is not None and likeness > best_sum:
                best, best_sum = header, likeness
    if best is None:
        raise HeaderError(_no_header(sheet, columns))
    if chosen:
        best.columns = {key: column for key, column in chosen.items() if column}
        best.faults = []
        used = set(best.columns.values())
        best.unknown = [column for column in best.headings if column not in used]
    _miss(best, columns)
    return best


def _header(
    sheet: Sheet,
    columns: Sequence[Column],
    known: Mapping[str, str],
    merged: _Merged,
    top: int,
    depth: int,
) -> tuple[Header | None, int]:
    """The heading in the `depth` rows from `top`, with the sum of its likenesses."""
    if top + depth - 1 > sheet.last_row:
        return None, 0
    headings: dict[int, str] = {}
    texts: dict[int, list[str]] = {}
    is_parted = False
    for column in range(1, max(map(len, sheet.rows[top - 1 : top + depth - 1])) + 1):
        upper = _heading(sheet, merged, top, column)
        lower = _heading(sheet, merged, top + 1, column) if depth == 2 else ""
        if len(upper) > MAX_HEADING or len(lower) > MAX_HEADING:
            return None, 0
        is_below = bool(lower) and lower != upper
        is_parted |= is_below and merged.place(top, column) in merged.wide
        headings[column] = f"{upper} {lower}".strip() if is_below else upper
        texts[column] = _forms([lower, headings[column]] if is_below else [upper])
    if depth == 2 and not is_parted:
        return None, 0
    header = Header(top, top + depth - 1, {}, {c: t for c, t in headings.items() if t})
    likenesses = {
        (column, each.key): EXACT if _is_known(known, headings[column], each) else likeness
        for column in header.headings
        for each in columns
        if (likeness := _wanted(known, headings[column], each, texts[column]))
    }
    total = _assign(header, columns, likenesses)
    if not _is_heading(header, likenesses):
        return None, 0
    return header, total


def _is_heading(header: Header, likenesses: Mapping[tuple[int, str], int]) -> bool:
    """Two named columns make a heading; one does beside others if it is named in full."""
    if len(header.columns) >= 2:
        return max(likenesses.values()) >= REORDERED
    only = [likenesses[column, key] for key, column in header.columns.items()]
    return bool(only) and only[0] >= REORDERED and len(header.headings) > 1


def _heading(sheet: Sheet, merged: _Merged, row: int, column: int) -> str:
    """The text over a column; a merged cell counts for all columns it covers."""
    return " ".join(sheet.text(*merged.place(row, column)).split())


def _forms(texts: Sequence[str]) -> list[str]:
    """Each heading folded, with and without what stands in brackets."""
    forms = [fold(form) for text in texts for form in (text, _IN_BRACKETS.sub(" ", text))]
    return list(dict.fromkeys(filter(None, forms)))


def _is_known(known: Mapping[str, str], heading: str, column: Column) -> bool:
    return known.get(fold(heading)) == column.key


def _wanted(known: Mapping[str, str], heading: str, column: Column, forms: Sequence[str]) -> int:
    """The likeness of a column, unless people have said before what its heading means."""
    if fold(heading) in known:
        return EXACT if _is_known(known, heading, column) else 0
    return column.likeness(forms)


def _assign(
    header: Header, columns: Sequence[Column], likenesses: Mapping[tuple[int, str], int]
) -> int:
    """Give each column its key, the best likeness first; name those that claim the same one."""
    titles = {column.key: column.title for column in columns}
    taken: dict[str, tuple[int, int]] = {}
    used: set[int] = set()
    for (column, key), likeness in sorted(likenesses.items(), key=lambda item: -item[1]):
        if column in used:
            continue
        if key not in taken:
            taken[key] = (column, likeness)
            used.add(column)
        elif likeness >= REORDERED and taken[key][1] >= REORDERED:
            header.faults.append(_double(header, titles[key], taken[key][0], column))
            used.add(column)
    header.columns = {key: column for key, (column, _likeness) in taken.items()}
    header.unknown = [column for column in header.headings if column not in used]
    return sum(likeness for _column, likeness in taken.values())


def _double(header: Header, title: str, one: int, other: int) -> str:
    first, second = sorted((one, other))
    values = {
        "title": title,
        "one": header.headings[first],
        "other": header.headings[second],
        "first": address(0, first),
        "second": address(0, second),
    }
    if fold(header.headings[first]) == fold(header.headings[second]):
        return (
            _(
                "Hai cột cùng tên “%(one)s” (%(first)s và %(second)s). "
                "Hãy đổi tên hoặc xóa bớt một cột, hoặc chọn lại cột ở dưới."
            )
            % values
        )
    return (
        _(
            "Cột “%(one)s” (%(first)s) và cột “%(other)s” (%(second)s) đều có thể là “%(title)s”. "
            "Hãy chọn một cột ở dưới."
        )
        % values
    )


def _miss(header: Header, columns: Sequence[Column]) -> None:
    found = ", ".join(f"“{text[:50]}”" for text in header.headings.values())
    header.faults += [
        _("Thiếu cột “%(title)s”. Các cột tìm thấy: %(found)s.")
        % {"title": column.title, "found": found}
        for column in columns
        if column.is_required and column.key not in header.columns
    ]


def _no_header(sheet: Sheet, columns: Sequence[Column]) -> str:
    if sheet.is_empty:
        return _("Trang “%(name)s” không có dòng dữ liệu nào.") % {"name": sheet.name[:31]}
    row = next(at for at in range(1, sheet.last_row + 1) if not sheet.is_empty_row(at))
    texts = [sheet.text(row, column) for column in range(1, len(sheet.rows[row - 1]) + 1)]
    return _(
        "Không tìm thấy dòng tiêu đề ở trang “%(name)s”. Cần các cột: %(wanted)s. "
        "Dòng %(row)s đang ghi: %(found)s."
    ) % {
        "name": sheet.name[:31],
        "wanted": ", ".join(f"“{column.title}”" for column in columns if column.is_required),
        "row": row,
        "found": ", ".join(f"“{text[:50]}”" for text in texts[:8] if text),
    }


def _numbers_columns(sheet: Sheet, row: int, header_row: int) -> bool:
    """Tell whether the first row below the heading reads (1) (2) (3)…"""
    if row != header_row + 1:
        return False
    texts = [
        text
        for column in range(1, len(sheet.rows[row - 1]) + 1)
        if (text := sheet.text(row, column))
    ]
    if len(texts) < 3 or not all(map(_COLUMN_NUMBER.fullmatch, texts)):
        return False
    first, *others = (int(text.strip("()[]")) for text in texts)
    return others == [first + step for step in range(1, len(texts))]
