"""What an import has to say of a file: errors stop it, questions are confirmed, notes are told."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from django.utils.translation import gettext as _

from indicators.score_import.headers import Column, letter


class Severity(Enum):
    ERROR = "error"
    QUESTION = "question"
    NOTE = "note"


@dataclass(frozen=True)
class Place:
    """A cell or a row as spreadsheets number them; `row` 0 means the file as a whole."""

    sheet: str = ""
    row: int = 0
    column: Column | None = None

    def __str__(self) -> str:
        parts = []
        if self.sheet:
            parts.append(_("trang “%(sheet)s”") % {"sheet": self.sheet})
        if self.row:
            parts.append(_("dòng %(row)s") % {"row": self.row})
        if self.column:
            values = {"header": self.column.header[:40], "letter": letter(self.column.at)}
            parts.append(_("cột “%(header)s” (%(letter)s)") % values)
        text = ", ".join(parts)
        return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Doubt:
    severity: Severity
    message: str
    place: Place = Place()

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if str(self.place) else self.message


@dataclass
class Doubts:
    """Everything said so far; the same words of one row or column are said once, with a count."""

    said: list[Doubt] = field(default_factory=list)
    _counts: dict[tuple[Severity, object], list[Doubt]] = field(default_factory=dict)

    def error(self, message: str, place: Place = Place()) -> None:
        self.said.append(Doubt(Severity.ERROR, message, place))

    def question(self, message: str, place: Place = Place()) -> None:
        self.said.append(Doubt(Severity.QUESTION, message, place))

    def note(self, message: str, place: Place = Place()) -> None:
        self.said.append(Doubt(Severity.NOTE, message, place))

    def gather(self, severity: Severity, about: object, message: str, place: Place) -> None:
        """Say of many cells the same thing `about` once: the first, and how many more."""
        self._counts.setdefault((severity, about), []).append(Doubt(severity, message, place))

    def all(self) -> list[Doubt]:
        gathered = []
        for (severity, _about), doubts in self._counts.items():
            first, more = doubts[0], len(doubts) - 1
            if more:
                tail = _("(và %(count)s ô tương tự)") % {"count": more}
                first = Doubt(severity, f"{first.message} {tail}", first.place)
            gathered.append(first)
        order = list(Severity)
        return sorted(
            [*self.said, *gathered],
            key=lambda doubt: (order.index(doubt.severity), doubt.place.sheet, doubt.place.row),
        )
