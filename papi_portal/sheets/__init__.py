"""Spreadsheets in and out: xlsx, csv and ods into plain rows, plain rows into xlsx and csv.

`writing` is not named here: the process apart that reads one file loads no more than it needs.
"""

from papi_portal.sheets.changes import Fault, Preview, Question, RowChange, Verdict
from papi_portal.sheets.headers import Column, Header, HeaderError, find_header
from papi_portal.sheets.reading import SheetRefusedError, read_workbook
from papi_portal.sheets.sheet import Limits, Sheet, Value, Workbook, address, as_text

__all__ = [
    "Column",
    "Fault",
    "Header",
    "HeaderError",
    "Limits",
    "Preview",
    "Question",
    "RowChange",
    "Sheet",
    "SheetRefusedError",
    "Value",
    "Verdict",
    "Workbook",
    "address",
    "as_text",
    "find_header",
    "read_workbook",
]
