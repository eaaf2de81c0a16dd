"""Hold the figures of a file against each other: totals, ranks, groups, columns gone astray."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.models import EditionComponent
from indicators.ranking import is_enough, standings
from indicators.score_import.cells import comma
from indicators.score_import.doubts import Doubts, Place
from indicators.states import ScoreGroup
from indicators.totals import Figure, open_totals, parts_of

if TYPE_CHECKING:
    from indicators.score_import.reading import ReadScore

# A column of so many whole numbers is more likely one of ranks.
MANY = 10


def check(
    scores: Sequence[ReadScore],
    stored: Iterable[Figure],
    province_counts: dict[int, int],
    doubts: Doubts,
) -> None:
    """Put everything contradictory into `doubts`; `stored` are the figures that hold today.

    `province_counts` says by year how many provinces there were. A figure of the file stands
    for the stored one of the same place.
    """
    _check_totals(scores, stored, doubts)
    by_table: dict[tuple[int, int], list[ReadScore]] = {}
    for score in scores:
        by_table.setdefault((score.edition.pk, score.printed.component_id), []).append(score)
    for table in by_table.values():
        _check_ranks(table, province_counts[table[0].edition.year], doubts)
        _check_groups(table, doubts)
        _check_kind(table, doubts)


def _check_totals(scores: Sequence[ReadScore], stored: Iterable[Figure], doubts: Doubts) -> None:
    figures = {figure.key: figure for figure in stored}
    for score in scores:
        figures[score.key] = Figure(
            score.edition, score.printed.component, score.province, score.value
        )
    places = {score.key: score.place for score in scores}
    parts = parts_of({figure.edition.pk for figure in figures.values()})
    for total in open_totals(figures.values(), parts):
        if total.whole.key in places:
            doubts.question(str(total), places[total.whole.key])
            continue
        place = next((places[key] for key in total.keys if key in places), None)
        if place is not None:
            doubts.question(str(total), Place(place.sheet, place.row))


def _check_ranks(table: list[ReadScore], province_count: int, doubts: Doubts) -> None:
    """By the scores of nearly all provinces; of fewer, only the order of two can be told."""
    ranked = [score for score in table if score.rank]
    if not ranked:
        return
    computed = standings({score.province.pk: score.value for score in table})
    if is_enough(len(computed), province_count):
        for score in ranked:
            standing = computed.get(score.province.pk)
            if standing is not None and standing.rank != score.rank:
                message = _(
                    "%(name)s: hạng ghi %(rank)s, xếp theo điểm trong tệp là %(own)s/%(of)s. "
                    "Giữ hạng đã công bố."
                )
                own = {"own": standing.rank, "of": standing.of}
                _ask_of_rank(score, message, own, doubts)
        return
    ordered = sorted(ranked, key=lambda score: score.rank or 0)
    for better, worse in pairwise(score for score in ordered if score.value is not None):
        if (better.value or 0) < (worse.value or 0) and better.rank != worse.rank:
            message = _("%(name)s: hạng %(rank)s mà điểm thấp hơn %(other)s ở hạng %(less)s.")
            other = {"other": worse.province.name, "less": worse.rank}
            _ask_of_rank(better, message, other, doubts)
    for score in ranked:
        if score.value is None:
            _ask_of_rank(score, _("%(name)s có hạng %(rank)s mà không có điểm."), {}, doubts)


def _ask_of_rank(
    score: ReadScore, message: str, values: Mapping[str, object], doubts: Doubts
) -> None:
    words = {"name": score.province.name, "rank": score.rank, **values}
    doubts.question(message % words, Place(score.place.sheet, score.place.row))


def _check_groups(table: list[ReadScore], doubts: Doubts) -> None:
    """A province of a higher group has no fewer points than one of a lower group."""
    order = list(ScoreGroup)
    known = [score for score in table if score.group and score.value is not None]
    known.sort(key=lambda score: (order.index(ScoreGroup(score.group)), -(score.value or 0)))
    lowest: ReadScore | None = None
    for score in known:
        assert score.value is not None
        if lowest and lowest.group != score.group and score.value > (lowest.value or 0):
            message = _(
                "%(name)s (%(value)s) ở nhóm %(group)s, trong khi %(other)s (%(less)s) ở nhóm "
                "%(higher)s cao hơn."
            )
            values = {
                "name": score.province.name,
                "value": comma(score.value),
                "group": ScoreGroup(score.group).label,
                "other": lowest.province.name,
                "less": comma(lowest.value or Decimal(0)),
                "higher": ScoreGroup(lowest.group).label,
            }
            doubts.question(message % values, Place(score.place.sheet, score.place.row))
        if lowest is None or score.value < (lowest.value or 0):
            lowest = score


def _check_kind(table: list[ReadScore], doubts: Doubts) -> None:
    """Ranks in the column of scores, or shares of one in a column of percents."""
    values = [score.value for score in table if score.value is not None]
    if len(values) < MANY:
        return
    printed: EditionComponent = table[0].printed
    words = {"component": printed.code, "year": table[0].edition.year}
    place = Place(table[0].place.sheet, 0, table[0].place.column)
    if all(value == int(value) for value in values):
        message = _("Mọi điểm %(component)s năm %(year)s đều là số nguyên: có phải thứ hạng?")
        doubts.question(message % words, place)
    elif printed.score_max == 100 and max(values) <= 1:
        message = _(
            "Mọi điểm %(component)s năm %(year)s đều không quá 1 trên thang 100: nếu tệp ghi phần "
            "trăm dạng 0,85 thì hãy đổi thành 85."
        )
        doubts.error(message % words, place)
