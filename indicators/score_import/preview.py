"""Read a file of scores into a preview: what would be stored, and everything to doubt first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.models import Score
from indicators.score_import.cells import comma
from indicators.score_import.checks import check
from indicators.score_import.doubts import Doubt, Doubts, Severity
from indicators.score_import.reading import Figures, ReadScore
from indicators.score_import.structure import read_structures
from indicators.score_import.tables import Rows, Tables
from indicators.totals import stored_figures

if TYPE_CHECKING:
    from indicators.models import Index

Values = tuple[object, ...]
FIELDS = ("value", "group", "rank", "rank_of", "as_printed")


@dataclass(frozen=True)
class ScorePreview:
    """What a file holds for an index; it is applied only without errors.

    `based_on` is the newest release the comparison knew, None if there was none.
    """

    index: Index
    scores: tuple[ReadScore, ...]
    doubts: tuple[Doubt, ...]
    unread: tuple[str, ...]
    new: int
    changed: int
    same: int
    based_on: int | None

    @property
    def errors(self) -> list[Doubt]:
        return self._of(Severity.ERROR)

    @property
    def questions(self) -> list[Doubt]:
        return self._of(Severity.QUESTION)

    @property
    def notes(self) -> list[Doubt]:
        return self._of(Severity.NOTE)

    @property
    def missing(self) -> int:
        """Scores that the source says it has not."""
        return sum(score.value is None for score in self.scores)

    @property
    def years(self) -> list[int]:
        return sorted({score.edition.year for score in self.scores})

    @property
    def province_count(self) -> int:
        return len({score.province.pk for score in self.scores})

    @property
    def has_news(self) -> bool:
        return bool(self.new or self.changed)

    def _of(self, severity: Severity) -> list[Doubt]:
        return [doubt for doubt in self.doubts if doubt.severity is severity]


def preview(
    sheets: Sequence[tuple[str, Rows]],
    *,
    index: Index,
    year: int | None = None,
    told: Sequence[Doubt] = (),
) -> ScorePreview:
    """What the tables in `sheets` (name and rows of cells, from the first row) would store.

    Wide tables (a row per province, columns by code or name) and long ones (province, year,
    code, score) are told by their headers. `year` is that of rows which name none; `told` is
    what `files.read_file` had to say. Nothing is written; a dozen queries, whatever the file.
    """
    doubts = Doubts(list(told))
    # Read first: a release that comes meanwhile makes the preview outdated.
    newest = index.releases.order_by("-pk").values_list("pk", flat=True).first()
    structures = read_structures(index)
    tables = Tables(index, year, structures, doubts)
    scores = Figures(structures, doubts).read(tables.read(sheets))
    editions = {score.edition.pk for score in scores}
    stored = Score.objects.filter(edition__in=editions)
    figures = stored_figures(stored)
    days = {score.edition.year: score.edition.map_day for score in scores}
    counts = {year: len(tables.atlas.on(day)) for year, day in days.items()}
    check(scores, figures, counts, doubts)
    known = stored_values(editions)
    new = [score for score in scores if score.key not in known]
    changed = [
        score for score in scores if known.get(score.key, values_of(score)) != values_of(score)
    ]
    _say_replaced(changed, known, doubts)
    if not scores and not any(doubt.severity is Severity.ERROR for doubt in doubts.all()):
        doubts.error(_("Tệp không có điểm nào đọc được."))
    return ScorePreview(
        index=index,
        scores=tuple(scores),
        doubts=tuple(doubts.all()),
        unread=tuple(sorted(tables.unread)),
        new=len(new),
        changed=len(changed),
        same=len(scores) - len(new) - len(changed),
        based_on=newest,
    )


def values_of(score: ReadScore | Score) -> Values:
    return tuple(getattr(score, name) for name in FIELDS)


def stored_values(editions: set[int]) -> dict[tuple[int, int, int], Values]:
    """What holds today, by edition, component and province; one query."""
    rows = Score.objects.filter(edition__in=editions).current()
    keys = ("edition_id", "component_id", "province_id")
    return {tuple(row[:3]): tuple(row[3:]) for row in rows.values_list(*keys, *FIELDS)}


def _say_replaced(
    changed: list[ReadScore], known: dict[tuple[int, int, int], Values], doubts: Doubts
) -> None:
    """Ask whether a second table of an edition corrects the first; once for each edition."""
    for score in changed:
        before = known[score.key][0]
        if not isinstance(before, Decimal) or before == score.value:
            continue
        values = {
            "name": score.province.name,
            "component": score.printed.code,
            "year": score.edition.year,
            "before": comma(before),
        }
        if score.value is None:
            message = _(
                "%(name)s, %(component)s, năm %(year)s: điểm đang có %(before)s sẽ thành không có "
                "số liệu. Có phải rút điểm?"
            )
        else:
            values["value"] = comma(score.value)
            message = _(
                "%(name)s, %(component)s, năm %(year)s: bản điểm đang có ghi %(before)s, tệp này "
                "ghi %(value)s và sẽ thay. Có phải bản đính chính?"
            )
        about = ("replaced", score.edition.pk, score.value is None)
        doubts.gather(Severity.QUESTION, about, message % values, score.place)
