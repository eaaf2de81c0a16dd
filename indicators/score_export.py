"""The scores of a province as a sheet: every figure with its edition, its source and its file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _

from agencies.models import Province
from indicators.models import Index
from indicators.series import Book
from papi_portal.sheets import Value
from papi_portal.sheets.writing import Table


def score_table(book: Book, provinces: dict[int, Province], index: Index) -> Table:
    """One row per score, by year and code; the province stands in each row, so that nobody adds
    predecessors up.
    """
    columns = (
        (_("Tỉnh"), 18),
        (_("Năm"), 8),
        (_("Mã"), 8),
        (_("Nội dung"), 48),
        (_("Điểm"), 10),
        (_("Như công bố"), 14),
        (_("Hạng"), 10),
        (_("Nhóm"), 16),
        (_("Nguồn"), 50),
        (_("Tệp"), 24),
        (_("Ghi chú"), 50),
    )
    return Table(index.code, columns, _rows(book, provinces))


def _rows(book: Book, provinces: dict[int, Province]) -> Iterator[list[Value | Decimal]]:
    order = {edition.pk: edition.year for edition in book.editions}
    keys = sorted(
        book.scores,
        key=lambda key: (provinces[key[0]].sort_text, order[key[1]], book.printed[key[1:]].code),
    )
    for key in keys:
        score, printed = book.scores[key], book.printed[key[1:]]
        rank = f"{score.rank}/{score.rank_of}" if score.rank_of else score.rank
        missing = _("không có số liệu") if score.value is None else ""
        yield [
            provinces[score.province_id].name,
            order[score.edition_id],
            printed.code,
            printed.name,
            score.value,
            score.as_printed,
            rank,
            score.get_group_display() if score.group else "",
            score.source or score.release.source,
            score.release.file_name,
            "; ".join(filter(None, (missing, printed.remeasured))),
        ]
