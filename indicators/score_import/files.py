"""Hand the sheets of a file to the import, with what was odd about their cells."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from indicators.score_import.cells import UNCALCULATED, comma
from indicators.score_import.doubts import Doubt, Place, Severity
from indicators.score_import.tables import Rows
from papi_portal.sheets import Limits, Sheet, Workbook, address, read_workbook

# Every sub-dimension of every province since 2011 in a long table, twice over.
LIMITS = Limits(rows=60_000, columns=200)
SHOWN = 5


def read_file(path: Path, name: str) -> tuple[list[tuple[str, Rows]], list[Doubt]]:
    """The sheets of an xlsx, ods or csv by name, and what is to be said of them.

    Opened in a process apart. Raise `papi_portal.sheets.SheetRefusedError`.
    """
    return tables_of(read_workbook(path, name, LIMITS))


def tables_of(workbook: Workbook) -> tuple[list[tuple[str, Rows]], list[Doubt]]:
    """The sheets of an opened file, as `read_file` gives them."""
    told = [Doubt(Severity.NOTE, note) for note in workbook.notes]
    tables: list[tuple[str, Rows]] = []
    for sheet in workbook.sheets:
        tables.append((sheet.name, _cells_of(sheet)))
        told += _oddities(sheet)
    return tables, told


def _cells_of(sheet: Sheet) -> Rows:
    """The rows with error cells as their error, percents as percents, merged ranges filled."""
    rows: list[list[object]] = [list(row) for row in sheet.rows]
    width = max((column for _row, column in (*sheet.errors, *sheet.uncalculated)), default=0)
    for cells in rows:
        cells += [None] * (width - len(cells))
    for (row, column), error in sheet.errors.items():
        rows[row - 1][column - 1] = error
    for row, column in sheet.uncalculated:
        rows[row - 1][column - 1] = UNCALCULATED
    for row, column in sheet.percents:
        value = sheet.value(row, column)
        if isinstance(value, int | float):
            rows[row - 1][column - 1] = f"{comma(Decimal(repr(value)) * 100)}%"
    for (row, column), (top, left) in sheet.merged_into().items():
        # A province or a year over several rows of a long table; figures are never spread.
        spread = sheet.value(top, left)
        if isinstance(spread, str) and row <= len(rows) and column <= len(rows[row - 1]):
            rows[row - 1][column - 1] = spread
    return rows


def _oddities(sheet: Sheet) -> list[Doubt]:
    told = []
    place = Place(sheet.name)
    if sheet.is_hidden:
        told.append(Doubt(Severity.NOTE, _("Trang đang ẩn cũng được đọc."), place))
    hidden = len(sheet.hidden_rows) + len(sheet.hidden_columns)
    if hidden:
        message = _("%(count)s dòng, cột đang ẩn cũng được đọc.")
        told.append(Doubt(Severity.NOTE, message % {"count": hidden}, place))
    if sheet.struck:
        struck = [address(row, column) for row, column in sorted(sheet.struck)]
        shown = ", ".join(struck[:SHOWN]) + ("…" if len(struck) > SHOWN else "")
        message = _("Ô bị gạch ngang vẫn được đọc: %(cells)s. Nếu là bỏ thì hãy xóa các ô ấy.")
        told.append(Doubt(Severity.QUESTION, message % {"cells": shown}, place))
    return told
