"""What the columns of a table of scores hold, told by their headers in Vietnamese or English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from papi_portal import text
from papi_portal.text.normalise import plain

HEADER_WITHIN = 25
YEARS = range(2005, 2100)


class Role(Enum):
    PROVINCE = "province"
    CODE = "code"  # of the province
    YEAR = "year"
    REFERENCE = "reference"  # long tables: which component the row is about
    SCORE = "score"
    RANK = "rank"
    GROUP = "group"
    AS_PRINTED = "as_printed"
    SOURCE = "source"


_WORDS = {
    Role.PROVINCE: (
        "tinh|ten tinh|tinh thanh|tinh thanh pho|tinh tp|ten tinh thanh pho|dia phuong|don vi"
        "|province|province name|provinces|province vi|province city|city province|tinh vi"
    ),
    Role.CODE: "ma tinh|ma gso|gso|gso code|gso code 63|province code|ma tinh thanh pho|ma dvhc",
    Role.YEAR: "nam|year|edition|edition year|ky|ky cong bo|nam chi so|survey year|nam danh gia",
    Role.REFERENCE: (
        "ma chi so|ma noi dung|ma|code|dataset code|component|component code|noi dung"
        "|noi dung thanh phan|chi so|chi so noi dung|chi so thanh phan|indicator|dimension"
        "|sub dimension|subdimension|stable key"
    ),
    Role.SCORE: "diem|diem so|gia tri|score|value|so diem|unweighted score",
    Role.RANK: "hang|xep hang|thu hang|rank|ranking|rank reported|vi tri|hang cong bo|thu bac",
    Role.GROUP: "nhom|nhom diem|xep nhom|group|group reported|quartile|quartile group|xep loai",
    Role.AS_PRINTED: "nhu cong bo|diem nhu cong bo|as printed|score as reported in news|printed",
    Role.SOURCE: "nguon|source|source scores|source reported|nguon so lieu|trich nguon",
}
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words.split("|")}
_WHOLE = frozenset(
    {
        *("papi", "chi so papi", "diem papi", "tong", "tong diem", "tong diem papi", "tong so"),
        *("chi so tong hop", "diem tong hop", "chi so tong hop papi", "tong hop", "composite"),
        *("composite score", "total", "total score", "overall", "overall score", "papi score"),
        *("unweighted papi", "papi unweighted", "papi index", "papi6", "papi8", "tong diem 80"),
        *("tong diem 60", "papi composite", "overall papi"),
    }
)
_LEAD = (
    r"(?:chi so noi dung|chi so thanh phan|noi dung thanh phan|noi dung|truc noi dung|truc"
    r"|sub-?dimension|dimension|chi tieu|dim|nd|d)"
)
_CODED = re.compile(rf"(?:{_LEAD}[\s_.:]*)?(?P<code>[1-9](?:\.[0-9]{{1,2}})?)(?P<name>[\W_].*)?$")
_YEAR_IN_HEADER = re.compile(r"\b(?:nam\s+)?(20[0-9]{2})$")
# "Thang điểm", "Số nội dung có điểm" and what a publisher estimated himself are not read.
_NOT_READ = re.compile(r"\b(?:computed|uoc tinh|estimated)\b")


@dataclass(frozen=True)
class Reference:
    """How a table names a component: by code, by name, by both, or as the whole index."""

    shown: str
    code: str = ""
    name: str = ""
    is_whole: bool = False


@dataclass(frozen=True)
class Column:
    """A column that is read; `year` where the header names one ("PAPI 2023")."""

    at: int
    header: str
    role: Role
    reference: Reference | None = None
    year: int | None = None

    @property
    def label(self) -> str:
        return self.header or letter(self.at)


@dataclass(frozen=True)
class Layout:
    """Where the table begins and what its columns hold; `unread` are the headers left out."""

    first_row: int
    columns: tuple[Column, ...]
    unread: tuple[str, ...]

    def one(self, role: Role) -> Column | None:
        return next((column for column in self.columns if column.role is role), None)

    def all(self, role: Role) -> list[Column]:
        return [column for column in self.columns if column.role is role]

    @property
    def is_long(self) -> bool:
        """One row per score, not one per province."""
        return self.one(Role.REFERENCE) is not None and not any(
            column.reference for column in self.columns
        )


def letter(at: int) -> str:
    """The letter of a column as spreadsheets show it, counted from 0."""
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def shown_cell(cell: object) -> str:
    """A cell as text, a number as spreadsheets show it: fifteen digits, no ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 10**15:
        return str(int(cell))
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return str(cell).strip()


@lru_cache(maxsize=4096)
def read_reference(written: str, index_code: str) -> Reference | None:
    """The component that a header or a cell of a long table names, None for anything else."""
    shown = " ".join(written.split())
    folded = text.fold(shown)
    if not folded:
        return None
    if folded in _WHOLE or folded in {text.fold(index_code), text.fold(f"chỉ số {index_code}")}:
        return Reference(shown, is_whole=True)
    coded = _CODED.fullmatch(plain(shown))
    if coded:
        return Reference(shown, coded["code"], text.fold(coded["name"] or ""))
    return Reference(shown, name=folded)


def find_layout(
    rows: Sequence[Sequence[object]], names: frozenset[str], index_code: str
) -> Layout | None:
    """The header within the first rows that tells most, or None if there is none.

    `names` are the folded names and keys of components; a header needs a province or its code,
    and something to read.
    """
    best: Layout | None = None
    for at, row in enumerate(rows[:HEADER_WITHIN]):
        layout = _layout(at, row, names, index_code)
        has_place = layout.one(Role.PROVINCE) or layout.one(Role.CODE)
        has_figures = layout.one(Role.SCORE)
        if has_place and has_figures and (best is None or len(layout.columns) > len(best.columns)):
            best = layout
    return best


def _layout(at: int, row: Sequence[object], names: frozenset[str], index_code: str) -> Layout:
    columns: list[Column] = []
    unread: list[str] = []
    for place, cell in enumerate(row):
        header = " ".join(shown_cell(cell).split())
        if not header:
            continue
        column = _column(place, header, names, index_code)
        taken = (
            column
            and column.role not in {Role.SCORE, Role.SOURCE}
            and any(other.role is column.role for other in columns)
        )
        if column is None or taken:
            unread.append(header)
        else:
            columns.append(column)
    return Layout(at + 1, tuple(columns), tuple(unread))


def _column(at: int, header: str, names: frozenset[str], index_code: str) -> Column | None:
    folded = text.fold(header)
    if _NOT_READ.search(folded):
        return None
    role = _ROLE_OF.get(folded)
    if role is not None:
        return Column(at, header, role)
    dated = _YEAR_IN_HEADER.search(plain(header))
    year = int(dated[1]) if dated and int(dated[1]) in YEARS else None
    bare = header[: -len(dated[0])].strip(" -:(") if dated and year else header
    role = _ROLE_OF.get(text.fold(bare))
    if role is not None and role is not Role.YEAR:
        return Column(at, header, role, year=year)
    reference = read_reference(bare, index_code)
    if reference is None or (
        not reference.is_whole and not reference.code and not _is_name(reference.name, names)
    ):
        return None
    return Column(at, header, Role.SCORE, reference, year)


def _is_name(folded: str, names: frozenset[str]) -> bool:
    """A component's name, or the first two words or more of one."""
    return folded in names or (
        " " in folded and any(name.startswith(f"{folded} ") for name in names)
    )
