"""What can be imported: for each kind its columns, how rows are previewed and how written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from indicators.score_import import LIMITS
from papi_portal.sheets import Column, Header, Limits, Preview, RowChange, Sheet, Workbook
from plans.importing import bodies, scores, tasks
from plans.states import SheetKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from plans.models import Plan, SheetImport


@dataclass(frozen=True)
class Kind:
    """One kind of spreadsheet. `basis` is a fingerprint of what its rows are compared with.

    `preview` is given the sheet and its heading. A kind that finds its own way through all sheets
    of a file has no `columns`, and `preview_all` and `apply_all` instead of the other two.
    """

    key: SheetKind
    slug: str
    title: str | Promise
    help_text: str | Promise
    columns: Sequence[Column]
    basis: Callable[[SheetImport], str]
    apply: Callable[[SheetImport, Sequence[RowChange]], None] | None = None
    apply_all: Callable[[SheetImport, Workbook, datetime], None] | None = None
    preview: Callable[[SheetImport, Sheet, Header, date], Preview] | None = None
    preview_all: Callable[[SheetImport, Workbook], Preview] | None = None
    limits: Limits = Limits()


def _plan_of(row: SheetImport) -> Plan:
    assert row.plan is not None
    return row.plan


def _province_of(row: SheetImport) -> int:
    assert row.province_id is not None
    return row.province_id


KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(
            SheetKind.TASKS,
            "nhiem-vu",
            gettext_lazy("Nhiệm vụ của kế hoạch"),
            gettext_lazy("Mỗi dòng một nhiệm vụ; cần cột “Nhiệm vụ” và “Cơ quan chủ trì”."),
            tasks.COLUMNS,
            basis=lambda row: tasks.basis(_plan_of(row)),
            preview=lambda row, sheet, header, today: tasks.preview(
                _plan_of(row), sheet, header, row.file_name
            ),
            apply=lambda row, changes: tasks.apply(_plan_of(row), changes),
        ),
        Kind(
            SheetKind.AGENCIES,
            "co-quan",
            gettext_lazy("Cơ quan của tỉnh"),
            gettext_lazy("Mỗi dòng một cơ quan; cơ quan mới cần có “Loại”."),
            bodies.AGENCY_COLUMNS,
            basis=lambda row: bodies.basis(_province_of(row)),
            preview=lambda row, sheet, header, today: bodies.preview_agencies(
                _province_of(row), sheet, header
            ),
            apply=lambda row, changes: bodies.apply_agencies(_province_of(row), changes),
        ),
        Kind(
            SheetKind.ALIASES,
            "ten-khac",
            gettext_lazy("Tên khác của cơ quan"),
            gettext_lazy("Mỗi dòng một tên; tên đã có thì giữ nguyên, không tên nào bị xóa."),
            bodies.ALIAS_COLUMNS,
            basis=lambda row: bodies.basis(_province_of(row)),
            preview=lambda row, sheet, header, today: bodies.preview_aliases(
                _province_of(row), sheet, header, today
            ),
            apply=lambda row, changes: bodies.apply_aliases(_province_of(row), changes),
        ),
        Kind(
            SheetKind.SCORES,
            "diem",
            gettext_lazy("Điểm đã công bố"),
            gettext_lazy("Mỗi lần nhập thành một bản công bố mới; bản cũ còn nguyên."),
            (),
            basis=scores.basis,
            preview_all=scores.preview,
            apply_all=scores.apply,
            limits=LIMITS,
        ),
    )
}
BY_SLUG = {kind.slug: kind for kind in KINDS.values()}
