"""Turn the cells of a table of scores into figures of editions, components and provinces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.score_import import cells
from indicators.score_import.doubts import Doubts, Place, Severity
from indicators.score_import.headers import Reference, Role
from indicators.score_import.structure import Structure, UnknownReferenceError
from indicators.score_import.tables import Raw, written_in
from indicators.states import ScoreGroup
from papi_portal import text

if TYPE_CHECKING:
    from agencies.models import Province
    from indicators.models import Edition, EditionComponent

SOURCE_LENGTH = 300


@dataclass(frozen=True)
class ReadScore:
    """One score of the file: what a row of `Score` will hold, and where it stood."""

    edition: Edition
    printed: EditionComponent
    province: Province
    place: Place
    value: Decimal | None
    as_printed: str = ""
    group: str = ""
    rank: int | None = None
    rank_of: int | None = None
    source: str = ""

    @property
    def key(self) -> tuple[int, int, int]:
        return self.edition.pk, self.printed.component_id, self.province.pk


@dataclass
class Figures:
    """Reads cells by the structure of their editions; what it doubts goes to `doubts`."""

    structures: dict[int, Structure]
    doubts: Doubts

    def _adopt_numberings(self, raws: list[Raw]) -> None:
        """Before any code is looked up: a file may keep the numbering of an earlier edition."""
        codes: dict[int, set[str]] = {}
        for raw in raws:
            if raw.reference.code and not cells.is_missing(raw.cell):
                codes.setdefault(raw.year, set()).add(raw.reference.code)
        for year, used in codes.items():
            nearest = sorted(
                (other for other in self.structures if other != year),
                key=lambda other: (abs(other - year), other),
            )
            others = [self.structures[other] for other in nearest]
            for question in self.structures[year].adopt_numbering(used, others):
                self.doubts.question(question)

    def read(self, raws: list[Raw]) -> list[ReadScore]:
        """Every figure that can be read, one of an edition, a component and a province."""
        self._adopt_numberings(raws)
        found: dict[tuple[int, int, int], ReadScore] = {}
        meanings: dict[tuple[int, Reference], EditionComponent | None] = {}
        for raw in raws:
            key = (raw.year, raw.reference)
            if key not in meanings:
                meanings[key] = self._meaning(raw)
            printed = meanings[key]
            if printed is None:
                self._say_unknown(raw)
                continue
            score = self._score(raw, printed)
            if score is not None:
                self._keep(score, found)
        return list(found.values())

    def _meaning(self, raw: Raw) -> EditionComponent | None:
        try:
            printed, question = self.structures[raw.year].find(raw.reference)
        except UnknownReferenceError:
            return None
        if question:
            self.doubts.gather(Severity.QUESTION, raw.reference, question, raw.place)
        return printed

    def _say_unknown(self, raw: Raw) -> None:
        """A column that its edition does not have may stand there as long as it is empty."""
        if cells.is_missing(raw.cell):
            return
        try:
            self.structures[raw.year].find(raw.reference)
        except UnknownReferenceError as error:
            about = (raw.year, raw.reference)
            place = raw.place_of(Role.REFERENCE) if raw.layout.is_long else raw.place
            self.doubts.gather(Severity.ERROR, about, error.message, place)

    def _score(self, raw: Raw, printed: EditionComponent) -> ReadScore | None:
        try:
            figure = cells.read_figure(raw.cell, printed.score_min, printed.score_max)
        except text.TextError as error:
            self.doubts.error(error.message, raw.place)
            return None
        if figure.question:
            kind = "missing" if figure.value is None else "read"
            about = (kind, raw.sheet, raw.column.at)
            self.doubts.gather(Severity.QUESTION, about, figure.question, raw.place)
        if figure.note:
            about = ("rounded", raw.sheet, raw.column.at)
            self.doubts.gather(Severity.NOTE, about, figure.note, raw.place)
        is_about_row = raw.layout.is_long or raw.reference.is_whole
        rank, of, group, as_printed = None, None, "", figure.as_printed
        if is_about_row:
            rank, of = self._rank(raw)
            group = self._group(raw)
            as_printed = self._as_printed(raw, figure)
        return ReadScore(
            edition=self.structures[raw.year].edition,
            printed=printed,
            province=raw.province,
            place=raw.place,
            value=figure.value,
            as_printed=as_printed,
            group=group,
            rank=rank,
            rank_of=of,
            source=_source(raw, is_about_row=is_about_row),
        )

    def _rank(self, raw: Raw) -> tuple[int | None, int | None]:
        written = raw.beside(Role.RANK)
        if cells.is_missing(written):
            return None, None
        rank = cells.read_rank(written)
        if rank is None:
            message = _("Thứ hạng %(value)s không phải là số: không lưu. Ví dụ 27 hoặc 27/63.")
            values = {"value": text.quoted(written)}
            self.doubts.question(message % values, raw.place_of(Role.RANK))
            return None, None
        return rank

    def _group(self, raw: Raw) -> ScoreGroup | str:
        written = raw.beside(Role.GROUP)
        if cells.is_missing(written):
            return ""
        group = cells.read_group(written)
        if group is None:
            message = _("Nhóm %(value)s không rõ: không lưu. Các nhóm: %(known)s.")
            known = ", ".join(str(one.label) for one in ScoreGroup)
            values = {"value": text.quoted(written), "known": known}
            self.doubts.question(message % values, raw.place_of(Role.GROUP))
        return group or ""

    def _as_printed(self, raw: Raw, figure: cells.Figure) -> str:
        """What the source prints, asked about where it is another figure than the score."""
        written = " ".join(raw.beside(Role.AS_PRINTED).split())
        if cells.is_missing(written):
            return figure.as_printed
        first = re.match(r"[0-9]+(?:[.,][0-9]+)?", written)
        printed = Decimal(first[0].replace(",", ".")) if first else None
        if printed is None or figure.value is None or abs(printed - figure.value) > Decimal("0.05"):
            message = _("Nguồn in %(printed)s, điểm trong tệp là %(value)s: giữ cả hai.")
            value = cells.comma(figure.value) if figure.value is not None else _("không có")
            values = {"printed": text.quoted(written), "value": value}
            self.doubts.question(message % values, raw.place_of(Role.AS_PRINTED))
        return written[: cells.AS_PRINTED_LENGTH]

    def _keep(self, score: ReadScore, found: dict[tuple[int, int, int], ReadScore]) -> None:
        """The first of two equal figures; two different ones of one province are an error."""
        before = found.setdefault(score.key, score)
        if before is score:
            return
        values = {
            "name": score.province.name,
            "component": score.printed.code,
            "year": score.edition.year,
            "first": str(before.place),
            "one": before.as_printed or _("trống"),
            "other": score.as_printed or _("trống"),
        }
        if before.value == score.value:
            message = _("%(name)s, %(component)s, năm %(year)s có hai lần như nhau (%(first)s).")
            self.doubts.gather(Severity.NOTE, "twice", message % values, score.place)
            return
        message = _(
            "%(name)s, %(component)s, năm %(year)s có hai lần khác nhau: %(one)s (%(first)s) và "
            "%(other)s. Hãy bỏ một dòng."
        )
        self.doubts.error(message % values, score.place)


def _source(raw: Raw, *, is_about_row: bool) -> str:
    """The first source named is that of all figures of the row, later ones of its total."""
    named = [written_in(raw.row_cells, column) for column in raw.layout.all(Role.SOURCE)]
    kept = named if is_about_row else named[:1]
    return "; ".join(filter(None, kept))[:SOURCE_LENGTH]
