"""What a spreadsheet would change: the common result of every import, in JSON and out of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from papi_portal.sheets.sheet import address
from papi_portal.text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator


class Verdict(StrEnum):
    """What would become of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    ERROR = "error"


@dataclass(frozen=True)
class Fault:
    """What is wrong or doubtful at one place; row or column 0 where it has none.

    `message` goes on after the value and ends without a full stop: "không phải là ngày có thật".
    """

    message: str
    sheet: str = ""
    row: int = 0
    column: int = 0
    heading: str = ""
    value: str = ""

    @property
    def cell(self) -> str:
        return address(self.row, self.column) if self.row and self.column else ""

    @property
    def where(self) -> str:
        """The place as people look for it: its row, its column by heading and letters."""
        values = {
            "row": self.row,
            "heading": self.heading,
            "letters": address(0, self.column),
        }
        if self.row and self.column and self.heading:
            return _("Dòng %(row)s, cột “%(heading)s” (%(letters)s)") % values
        if self.row and self.column:
            return _("Ô %(letters)s%(row)s") % values
        return _("Dòng %(row)s") % values if self.row else ""

    @property
    def text(self) -> str:
        """One whole sentence: place, value, what is wrong and what to type instead."""
        told = self.message
        if self.value and told[:1].isupper():
            # A whole sentence of one of the readers of text, which does not name the value.
            told = f"{quoted(self.value)} – {told[:1].lower()}{told[1:]}"
        elif self.value:
            told = f"{quoted(self.value)} {told}"
        sentence = f"{self.where}: {told}" if self.where else f"{told[:1].upper()}{told[1:]}"
        return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


@dataclass(frozen=True)
class Question:
    """What the person must decide before anything is written: `choices` are (value, label)."""

    key: str
    message: str
    choices: tuple[tuple[str, str], ...]
    places: tuple[str, ...] = ()


@dataclass
class RowChange:
    """One row of the file: what it would do, cell by cell as (old, new).

    `questions` are guesses at single cells, to be looked at; `data` is whatever the import needs
    to carry the row out, as plain JSON.
    """

    sheet: str
    row: int
    verdict: Verdict
    label: str
    cells: dict[str, tuple[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    questions: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    data: dict[str, Any] = field(default_factory=dict)


@dataclass
class Preview:
    """All that an import would do. `columns` are the keys of `RowChange.cells` with their names.

    `faults` concern the file as a whole; those of rows stand at the rows.
    """

    rows: list[RowChange] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows of each verdict, none left out."""
        counted = Counter(row.verdict for row in self.rows)
        return {verdict.value: counted[verdict] for verdict in Verdict}

    def all_faults(self) -> Iterator[Fault]:
        yield from self.faults
        for row in self.rows:
            yield from row.faults

    @property
    def fault_count(self) -> int:
        return sum(1 for _fault in self.all_faults())

    @property
    def doubt_count(self) -> int:
        return sum(len(row.questions) for row in self.rows)

    @property
    def has_changes(self) -> bool:
        return any(row.verdict in (Verdict.NEW, Verdict.CHANGED) for row in self.rows)

    def dump(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    @classmethod
    def load(cls, told: dict[str, Any]) -> Preview:
        return cls(
            rows=[_row(each) for each in told["rows"]],
            faults=[Fault(**each) for each in told["faults"]],
            notes=told["notes"],
            questions=[_question(each) for each in told["questions"]],
            columns=told["columns"],
        )


def _row(told: dict[str, Any]) -> RowChange:
    return RowChange(
        sheet=told["sheet"],
        row=told["row"],
        verdict=Verdict(told["verdict"]),
        label=told["label"],
        cells={key: (old, new) for key, (old, new) in told["cells"].items()},
        faults=[Fault(**each) for each in told["faults"]],
        questions=[Fault(**each) for each in told["questions"]],
        notes=told["notes"],
        data=told["data"],
    )


def _question(told: dict[str, Any]) -> Question:
    return Question(
        key=told["key"],
        message=told["message"],
        choices=tuple((value, label) for value, label in told["choices"]),
        places=tuple(told["places"]),
    )
