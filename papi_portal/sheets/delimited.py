"""Delimited text: its encoding and delimiter found, its guarded cells as they were."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from django.utils.translation import gettext as _

from papi_portal.sheets.guards import SheetRefusedError, refuse_size
from papi_portal.sheets.sheet import Limits, Sheet, Value, Workbook

DELIMITERS = (";", ",", "\t")
SAMPLE_ROWS = 50
MAX_CELL = 200_000
# What a spreadsheet program takes for a formula at the start of a cell, guarded before or not.
_ACTS = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile("'+[=+\\-@\t\r\n＝＋－＠]")


def guarded(text: str) -> str:
    """Return `text` so that no program takes it for a formula; `unguarded` undoes it."""
    return f"'{text}" if _ACTS.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def decode(raw: bytes) -> str:
    """Return the text of UTF-8 or, by its mark, UTF-16. Raise `SheetRefusedError`."""
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise SheetRefusedError(
            _(
                "Không đọc được bảng mã của tệp. Trong Excel hãy chọn Lưu thành, "
                "kiểu “CSV UTF-8” rồi tải lại."
            )
        ) from error


def read_delimited(raw: bytes, name: str, limits: Limits) -> Workbook:
    """Return the one sheet of a csv; empty cells are None, all others text."""
    text = decode(raw)
    delimiter = ""
    if told := re.match(r"sep=(.)\r?\n", text):
        delimiter, text = told[1], text[told.end() :]
    csv.field_size_limit(MAX_CELL)
    try:
        delimiter = delimiter or _delimiter_of(text)
        rows: list[list[Value]] = []
        widths: dict[int, int] = {}
        for number, cells in enumerate(_records(text, delimiter), start=1):
            filled = _reach(name, number, cells, limits)
            if filled:
                # Whatever is empty in between may be millions of lines: it is counted, not kept.
                rows += [[] for _empty in range(len(rows) + 1, number)]
                widths[number] = len(cells)
                kept = cells[:filled]
                rows.append([unguarded(cell) if cell.strip() else None for cell in kept])
    except csv.Error as error:
        raise SheetRefusedError(
            _("Tệp CSV hỏng (%(reason)s). Hãy mở bằng Excel và lưu lại dạng .xlsx.")
            % {"reason": _("có ô quá dài hoặc ngoặc kép không đóng")}
        ) from error
    return Workbook([Sheet(name, rows, widths=widths)], [], delimiter)


def _records(text: str, delimiter: str) -> csv._reader:  # type: ignore[name-defined]  # csv's own
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _delimiter_of(text: str) -> str:
    """The delimiter that cuts most of the first rows into equally many cells."""

    def evenness(delimiter: str) -> tuple[int, int]:
        widths: Counter[int] = Counter()
        for number, cells in enumerate(_records(text, delimiter)):
            if number >= SAMPLE_ROWS:
                break
            if len(cells) > 1:
                widths[len(cells)] += 1
        width, count = widths.most_common(1)[0] if widths else (0, 0)
        return count, width

    return max(DELIMITERS, key=evenness)


def _reach(name: str, number: int, cells: list[str], limits: Limits) -> int:
    """The last cell that holds something, 0 for none. Raise `SheetRefusedError` if too far."""
    filled = next((at for at in range(len(cells), 0, -1) if cells[at - 1].strip()), 0)
    if filled > limits.columns or (filled and number > limits.last_row):
        raise refuse_size(name, number, max(len(cells), 1), (limits.rows, limits.columns))
    return filled
