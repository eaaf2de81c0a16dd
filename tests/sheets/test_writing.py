"""What is written is never a formula, and comes back as it was."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from papi_portal.sheets import read_workbook
from papi_portal.sheets.delimited import guarded, unguarded
from papi_portal.sheets.writing import Table, sheet_names, write_csv, write_xlsx

pytestmark = pytest.mark.embedded

DANGEROUS = (
    '=HYPERLINK("http://x")',
    "+84 912 345 678",
    "-5",
    "@SUM(1)",
    "\t=1",
    "'=1",
    "''-1",
    "'chữ",
    "#REF!",
    "＝1",
    "_x0041_ =1",
    "1; 2",
    'nháy "kép"',
    "hai\ndòng",
    "Ủy ban",
    "01",
)


def table(values):
    columns = [("Giá trị", 20), ("Dòng", 8)]
    rows = [[value, str(number)] for number, value in enumerate(values)]
    return Table("Nhiệm vụ: [1]", columns, rows)


def read_back(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content)
    sheet = read_workbook(path, name).sheets[0]
    return [sheet.value(row, 1) for row in range(2, sheet.last_row + 1)]


def test_no_cell_of_a_workbook_is_a_formula(tmp_path):
    content = write_xlsx([table(DANGEROUS)])
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert {row[0].data_type for row in sheet.iter_rows(min_row=2)} == {"s"}
    assert b"<f>" not in content
    assert read_back(tmp_path, content, "a.xlsx") == list(DANGEROUS)


def test_no_cell_of_a_csv_is_a_formula_and_every_one_comes_back(tmp_path):
    content = write_csv(table(DANGEROUS))
    lines = content.decode("utf-8-sig").splitlines()
    assert not any(line.lstrip('"')[:1] in "=+-@\t＝" for line in lines if line)
    assert read_back(tmp_path, content, "a.csv") == list(DANGEROUS)


@settings(max_examples=300, deadline=None)
@given(st.text())
def test_guarding_can_always_be_undone(text):
    assert unguarded(guarded(text)) == text


def test_days_and_numbers_stay_days_and_numbers(tmp_path):
    values = [date(2026, 6, 30), 5, -2.5, Decimal("39.1400")]
    content = write_xlsx([table(values)])
    assert read_back(tmp_path, content, "a.xlsx") == [date(2026, 6, 30), 5, -2.5, 39.14]
    cells = openpyxl.load_workbook(io.BytesIO(content)).active
    assert cells["A2"].number_format == "dd/mm/yyyy"
    assert b"\r\n30/06/2026;0\r\n5;1\r\n-2,5;2\r\n39,1400;3\r\n" in write_csv(table(values))


def test_the_head_of_a_workbook_is_frozen_and_filtered():
    sheet = openpyxl.load_workbook(io.BytesIO(write_xlsx([table(["a", "b"])]))).active
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == (
        "Nhiệm vụ   1",
        "A2",
        "A1:B3",
    )
    assert sheet.column_dimensions["A"].width == 20


def test_characters_that_no_workbook_may_hold_are_left_out(tmp_path):
    content = write_xlsx([table(["a\x0bb", "x" * 40_000])])
    assert read_back(tmp_path, content, "a.xlsx") == ["ab", "x" * 32_767]


def test_what_a_workbook_cannot_hold_never_stops_it(tmp_path):
    content = write_xlsx([table(["a\ufffeb\ud800c\uffff", "🌳" * 20_000])])
    first, second = read_back(tmp_path, content, "a.xlsx")
    assert first == "abc"
    # Each of these signs counts twice.
    assert second == "🌳" * (32_767 // 2)


def test_sheets_have_names_that_workbooks_allow():
    wanted = ["Bảng 1", "BẢNG 1", "", "'[:]'", "x" * 40, "X" * 40, "🌳" * 40, "\x01a/b"]
    names = list(sheet_names(wanted))
    assert names == [
        "Bảng 1",
        "BẢNG 1 (2)",
        "Trang",
        "Trang (2)",
        "x" * 31,
        f"{'X' * 26} (2)",
        "🌳" * 15,
        "a b",
    ]


def test_a_workbook_has_the_same_bytes_in_another_year():
    with time_machine.travel(datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)):
        first = write_xlsx([table(DANGEROUS)])
    with time_machine.travel(datetime(2031, 7, 8, tzinfo=UTC)):
        assert write_xlsx([table(DANGEROUS)]) == first
