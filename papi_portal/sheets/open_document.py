"""What an ods says beside its values; the counterpart of `office_xml` for OpenDocument."""

from __future__ import annotations

import zipfile

from papi_portal.sheets.guards import refuse_size
from papi_portal.sheets.office_xml import MAX_MERGED, Marks, PartHandler
from papi_portal.sheets.sheet import Limits

_CELLS = ("table-cell", "covered-table-cell")
_HIDDEN = ("collapse", "filter")


class _Content(PartHandler):
    """Walks content.xml: styles first, then every table."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.found: list[Marks] = []
        self._struck_styles: set[str] = set()
        self._hidden_tables: set[str] = set()
        self._style = ""
        self._row = self._column = 0
        self._row_repeat = self._column_repeat = 1
        self._is_row_hidden = False
        self._cell: dict[str, str] | None = None
        self._text: list[str] = []

    def start(self, name: str, attrs: dict[str, str]) -> None:
        plain = {key.rpartition(":")[2]: value for key, value in attrs.items()}
        if name == "style":
            self._style = plain.get("name", "")
        elif name == "text-properties":
            if plain.get("text-line-through-style", "none") != "none":
                self._struck_styles.add(self._style)
        elif name == "table-properties":
            if plain.get("display") == "false":
                self._hidden_tables.add(self._style)
        elif name == "table":
            self._start_table(plain)
        elif not self.found:
            return
        elif name == "table-column":
            self._start_column(plain)
        elif name == "table-row":
            self._row += self._row_repeat
            self._row_repeat = _number(plain, "number-rows-repeated")
            self._is_row_hidden = plain.get("visibility") in _HIDDEN
            self._column, self._column_repeat = 1, 0
        elif name in _CELLS:
            self._column += self._column_repeat
            self._column_repeat = _number(plain, "number-columns-repeated")
            # `value-type` stands twice, in two namespaces; the second tells errors apart.
            plain["calcext-type"] = attrs.get("calcext:value-type", "")
            self._cell, self._text = plain, []

    def _start_table(self, plain: dict[str, str]) -> None:
        is_hidden = plain.get("style-name", "") in self._hidden_tables
        self.found.append(Marks(plain.get("name", ""), is_hidden=is_hidden))
        self._row, self._row_repeat = 1, 0
        self._column, self._column_repeat = 1, 0

    def _start_column(self, plain: dict[str, str]) -> None:
        repeat = _number(plain, "number-columns-repeated")
        if plain.get("visibility") in _HIDDEN:
            last = min(self._column + repeat, self.limits.columns + 1)
            self.found[-1].hidden_columns.update(range(self._column, last))
        self._column += repeat

    def text(self, data: str) -> None:
        if self._cell is not None:
            self._text.append(data)

    def end(self, name: str) -> None:
        if name in _CELLS and self._cell is not None:
            self._end_cell(self._cell, "".join(self._text))
            self._cell = None

    def _end_cell(self, cell: dict[str, str], text: str) -> None:
        has_value = bool(text.strip()) or "value" in cell or "date-value" in cell
        has_formula = "formula" in cell
        if not has_value and not has_formula:
            self._add_merged(cell)
            return
        marks = self.found[-1]
        last_row = self._row + self._row_repeat - 1
        last_column = self._column + self._column_repeat - 1
        if last_row > self.limits.last_row or last_column > self.limits.columns:
            allowed = (self.limits.rows, self.limits.columns)
            raise refuse_size(marks.name, last_row, last_column, allowed)
        self._add_merged(cell)
        places = [
            (row, column)
            for row in range(self._row, last_row + 1)
            for column in range(self._column, last_column + 1)
        ]
        if self._is_row_hidden:
            marks.hidden_rows.update(range(self._row, last_row + 1))
        if cell.get("style-name", "") in self._struck_styles:
            marks.struck.update(places)
        if not has_value and cell.get("value-type") != "string":
            marks.uncalculated.update(places)
        elif cell.get("calcext-type") == "error" or (has_formula and text.startswith("#")):
            marks.errors.update(dict.fromkeys(places, text.strip()[:20]))
        elif cell.get("value-type") == "percentage":
            marks.percents.update(places)

    def _add_merged(self, cell: dict[str, str]) -> None:
        rows, columns = (
            _number(cell, "number-rows-spanned"),
            _number(cell, "number-columns-spanned"),
        )
        if (rows > 1 or columns > 1) and len(self.found[-1].merged) < MAX_MERGED:
            last = self._row + rows - 1, self._column + columns - 1
            self.found[-1].merged.append((self._row, self._column, *last))


def _number(attrs: dict[str, str], name: str) -> int:
    return max(int(attrs.get(name, "1")), 1)


def read_marks(archive: zipfile.ZipFile, limits: Limits) -> list[Marks]:
    """Return the marks of each table. Raise `SheetRefusedError` as `office_xml.read_marks`."""
    content = _Content(limits)
    content.walk(archive, "content.xml")
    return content.found
