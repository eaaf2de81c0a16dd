"""What a spreadsheet is once it has been read: sheets of plain values and what was odd in them."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

Value = str | int | float | bool | date | time | None
Place = tuple[int, int]

# What a spreadsheet program shows of a number; beyond it are the traces of binary fractions.
SIGNIFICANT_DIGITS = 15


@dataclass(frozen=True)
class Limits:
    """How large one sheet may be; cells that only carry a format do not count."""

    rows: int = 5_000
    columns: int = 60

    @property
    def last_row(self) -> int:
        """Above the rows stand titles and headings, which do not count either."""
        return self.rows + 100


@dataclass
class Sheet:
    """One sheet. Rows and columns are numbered from 1, as the program shows them.

    `rows` begin at row 1, whatever is empty above the first value. `uncalculated` are formulas
    that were saved without their value, `percents` numbers that are shown as a percentage,
    `widths` how many cells a row of delimited text had.
    """

    name: str
    rows: list[list[Value]]
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[Place] = frozenset()
    merged: tuple[tuple[int, int, int, int], ...] = ()
    uncalculated: frozenset[Place] = frozenset()
    errors: dict[Place, str] = field(default_factory=dict)
    percents: frozenset[Place] = frozenset()
    widths: dict[int, int] = field(default_factory=dict)

    def value(self, row: int, column: int) -> Value:
        """The value of a cell; None for an empty one and for one outside the sheet."""
        if 0 < row <= len(self.rows) and 0 < column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return None

    def text(self, row: int, column: int) -> str:
        return as_text(self.value(row, column))

    def is_empty_row(self, row: int) -> bool:
        """Tell whether nothing stands in the row, not even a formula or an error."""
        return row not in self._odd_rows and all(value is None for value in self.rows[row - 1])

    @cached_property
    def _odd_rows(self) -> frozenset[int]:
        return frozenset(row for row, _column in (*self.uncalculated, *self.errors))

    @property
    def last_row(self) -> int:
        return len(self.rows)

    @property
    def is_empty(self) -> bool:
        return all(value is None for row in self.rows for value in row)

    def merged_into(self) -> dict[Place, Place]:
        """By each cell that a merged range covers, the cell that holds the range's value.

        Ranges lie apart: what a file says beyond the size of the sheet is left aside.
        """
        width = max(map(len, self.rows), default=0)
        room = self.last_row * width
        found: dict[Place, Place] = {}
        for top, left, low, far in self.merged:
            bottom, right = min(low, self.last_row), min(far, width)
            room -= max(bottom - top + 1, 0) * max(right - left + 1, 0)
            if room < 0:
                break
            for row in range(top, bottom + 1):
                found |= {(row, column): (top, left) for column in range(left, right + 1)}
            found.pop((top, left), None)
        return found

    def dump(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        told = asdict(self)
        told["rows"] = [[_packed(value) for value in row] for row in self.rows]
        for name in ("hidden_rows", "hidden_columns", "struck", "uncalculated", "percents"):
            told[name] = sorted(told[name])
        told["errors"] = [[*place, error] for place, error in self.errors.items()]
        told["widths"] = list(self.widths.items())
        return told

    @classmethod
    def load(cls, told: dict[str, Any]) -> Sheet:
        return cls(
            name=told["name"],
            rows=[[_unpacked(value) for value in row] for row in told["rows"]],
            is_hidden=told["is_hidden"],
            hidden_rows=frozenset(told["hidden_rows"]),
            hidden_columns=frozenset(told["hidden_columns"]),
            struck=_places(told["struck"]),
            merged=tuple((top, left, low, right) for top, left, low, right in told["merged"]),
            uncalculated=_places(told["uncalculated"]),
            errors={(row, column): error for row, column, error in told["errors"]},
            percents=_places(told["percents"]),
            widths=dict(told["widths"]),
        )


@dataclass
class Workbook:
    """All sheets of a file; `notes` say what was left aside, `delimiter` is that of a csv."""

    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)
    delimiter: str = ""


def address(row: int, column: int) -> str:
    """Return the name of a cell, "E14"; row 0 gives the letters of the column alone."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}" if row else letters


def place(reference: str) -> Place:
    """Return row and column of "E14"; 0 for a part that is missing."""
    column = row = 0
    for char in reference.replace("$", "").upper():
        if "A" <= char <= "Z":
            column = column * 26 + ord(char) - ord("A") + 1
        elif "0" <= char <= "9":
            row = row * 10 + int(char)
    return row, column


def as_text(value: Value) -> str:
    """Return a value as people here would type it: 30/06/2026, 39.14, 1; a day has no hour."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.{SIGNIFICANT_DIGITS}g}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)


def _packed(value: Value) -> object:
    if isinstance(value, datetime):
        return ["datetime", value.isoformat()]
    if isinstance(value, date):
        return ["date", value.isoformat()]
    if isinstance(value, time):
        return ["time", value.isoformat()]
    return value


def _unpacked(value: Any) -> Value:
    if not isinstance(value, list):
        return value
    kind, written = value
    kinds: dict[str, type[datetime] | type[date] | type[time]]
    kinds = {"datetime": datetime, "date": date, "time": time}
    return kinds[kind].fromisoformat(written)


def _places(told: list[list[int]]) -> frozenset[Place]:
    return frozenset((row, column) for row, column in told)
