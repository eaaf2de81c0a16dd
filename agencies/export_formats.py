"""Formats of the administrator's exports, written by the portal: no cell is ever a formula."""

from __future__ import annotations

from typing import Any

from import_export.formats import base_formats

from papi_portal.sheets.writing import Table, write_csv, write_xlsx

WIDTH = 24


class SafeXlsx(base_formats.XLSX):
    """An xlsx that is only ever written: files come in through pages with a preview."""

    def can_import(self) -> bool:
        return False

    def export_data(self, dataset: Any, **_options: Any) -> bytes:
        return write_xlsx([_table(dataset)])


class SafeCsv(base_formats.CSV):
    def can_import(self) -> bool:
        return False

    def export_data(self, dataset: Any, **_options: Any) -> bytes:
        return write_csv(_table(dataset))


def _table(dataset: Any) -> Table:
    columns = [(str(heading), WIDTH) for heading in dataset.headers or ()]
    return Table(dataset.title or "Bảng", columns, list(dataset))
