"""The process that reads one spreadsheet and nothing else: bound before it opens the file.

python -m papi_portal.sheets.worker FILE NAME ROWS COLUMNS
"""

from __future__ import annotations

import json
import sys
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from papi_portal import confinement
from papi_portal.sheets import guards, office_xml, open_document
from papi_portal.sheets.delimited import read_delimited
from papi_portal.sheets.sheet import Limits, Sheet, Value, Workbook

MEMORY = 1_024 * confinement.MEGABYTE
CPU_SECONDS = 40


def main(path: str, name: str, limits: Limits) -> int:
    """Print the workbook, or why it is refused, as one line of JSON."""
    answer: dict[str, Any]
    try:
        workbook = read_here(Path(path), name, limits)
        answer = {
            "sheets": [sheet.dump() for sheet in workbook.sheets],
            "notes": workbook.notes,
            "delimiter": workbook.delimiter,
        }
    except guards.SheetRefusedError as error:
        answer = {"refused": error.message}
    sys.stdout.write(json.dumps(answer))
    return 0


def read_here(path: Path, name: str, limits: Limits) -> Workbook:
    """Read in this process. Raise `SheetRefusedError`."""
    kind = guards.kind_of(path, name)
    if kind == guards.CSV:
        book = read_delimited(path.read_bytes(), Path(name).stem, limits)
    else:
        book = _read_archive(path, kind, limits)
    guards.check_amount(book.sheets, limits)
    return book


def _read_archive(path: Path, kind: str, limits: Limits) -> Workbook:
    notes: list[str] = []
    with zipfile.ZipFile(path) as archive:
        if kind == guards.ODS:
            marks = open_document.read_marks(archive, limits)
        else:
            marks, notes = office_xml.read_marks(archive, limits)
    return Workbook(_sheets(path, marks), notes)


def _sheets(path: Path, marks: list[office_xml.Marks]) -> list[Sheet]:
    import python_calamine

    guards.check_sheet_count(len(marks))

    try:
        # Given the open file, the library looks at its content and not at its name.
        with path.open("rb") as file:
            book = python_calamine.load_workbook(file)
            return [_sheet(book.get_sheet_by_name(each.name), each) for each in marks]
    except (python_calamine.CalamineError, ValueError, IndexError, OSError) as error:
        raise guards.SheetRefusedError(office_xml.unsafe()) from error


def _sheet(sheet: Any, marks: office_xml.Marks) -> Sheet:
    return Sheet(
        name=marks.name[: guards.MAX_NAME],
        rows=_rows(
            sheet, max((row for row, _at in (*marks.uncalculated, *marks.errors)), default=0)
        ),
        is_hidden=marks.is_hidden,
        hidden_rows=frozenset(marks.hidden_rows),
        hidden_columns=frozenset(marks.hidden_columns),
        struck=frozenset(marks.struck),
        merged=tuple(marks.merged),
        uncalculated=frozenset(marks.uncalculated),
        errors=marks.errors,
        percents=frozenset(marks.percents),
    )


def _rows(sheet: Any, last: int) -> list[list[Value]]:
    """The values without the empty rows at the end, but with all rows up to `last`."""
    rows = [[_plain(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    while len(rows) > last and all(value is None for value in rows[-1]):
        rows.pop()
    return rows


def _plain(value: Any) -> Value:
    """A value of calamine: no empty text, whole numbers without a fraction."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**15:
        return int(value)
    if isinstance(value, timedelta):
        return str(value)
    return value


if __name__ == "__main__":
    confinement.confine(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    sys.exit(main(sys.argv[1], sys.argv[2], Limits(int(sys.argv[3]), int(sys.argv[4]))))
