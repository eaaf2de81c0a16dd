"""Spreadsheets are read as they are, and what is hostile or broken is refused with a reason."""

import io
import time
import zipfile
from contextlib import suppress
from datetime import date, datetime

import openpyxl
import pytest
from openpyxl.styles import Font

from papi_portal.sheets import Limits, SheetRefusedError, address, as_text, read_workbook
from papi_portal.sheets.sheet import place
from tests.sheets import files

pytestmark = pytest.mark.embedded


@pytest.fixture
def read(tmp_path):
    def open_as(content, name="bang.xlsx", limits=None):
        path = tmp_path / "tep"
        path.write_bytes(content)
        return read_workbook(path, name, limits)

    return open_as


@pytest.fixture
def refusal(read):
    def told(content, name="bang.xlsx", limits=None):
        with pytest.raises(SheetRefusedError) as refused:
            read(content, name, limits)
        return refused.value.message

    return told


def test_values_keep_their_kind_and_their_place(read):
    def change(sheet):
        sheet["C3"] = "Sở Nội vụ"
        sheet["D4"] = date(2026, 3, 5)
        sheet["A5"] = datetime(2026, 3, 5, 23, 59)  # noqa: DTZ001  # cells know no zone
        sheet["B5"], sheet["C5"], sheet["D5"] = 7, 39.139999999999997, True

    sheet = read(files.xlsx(change=change)).sheets[0]
    assert sheet.name == "Nhiệm vụ"
    assert sheet.value(3, 3) == "Sở Nội vụ"
    assert sheet.value(1, 1) is None
    assert sheet.value(99, 99) is None
    assert [sheet.text(*at) for at in ((4, 4), (5, 1), (5, 2), (5, 3), (5, 4))] == [
        "05/03/2026",
        "05/03/2026",
        "7",
        "39.14",
        "TRUE",
    ]


def test_what_is_odd_in_a_sheet_is_marked(read):
    def change(sheet):
        sheet["A3"].font = Font(strike=True)
        sheet["B2"] = "=SUM(1,2)"
        sheet["C2"] = 0.85
        sheet["C2"].number_format = "0.0%"
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.merge_cells("A4:B5")
        sheet["C5"] = "f"

    sheet = read(files.xlsx(["a", "b"], ["c"], ["d"], ["e"], change=change)).sheets[0]
    assert sheet.struck == {(3, 1)}
    assert sheet.uncalculated == {(2, 2)}
    assert sheet.percents == {(2, 3)}
    assert sheet.hidden_rows == {3}
    assert sheet.hidden_columns == {2}
    assert sheet.merged == ((4, 1, 5, 2),)
    assert sheet.merged_into()[5, 1] == (4, 1)


def test_an_error_cell_is_told_with_its_error(read):
    xml = files.sheet_xml('<row r="1"><c r="A1" t="e"><f>X</f><v>#REF!</v></c></row>')
    assert read(files.raw_xlsx(xml)).sheets[0].errors == {(1, 1): "#REF!"}


def test_a_formula_that_gives_no_text_is_no_missing_value(read):
    xml = files.sheet_xml('<row r="1"><c r="A1" t="str"><f>""</f><v></v></c></row>')
    assert read(files.raw_xlsx(xml)).sheets[0].uncalculated == frozenset()


def test_a_text_struck_in_all_its_runs_counts_as_struck(read):
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    struck = InlineFont(strike=True)
    rows = ([CellRichText(TextBlock(struck, "bỏ "), TextBlock(struck, "hẳn"))],)
    rows += ([CellRichText(TextBlock(struck, "bỏ "), "giữ")],)
    assert read(files.xlsx(*rows)).sheets[0].struck == {(1, 1)}


def test_days_of_a_workbook_that_counts_from_1904_are_right(read):
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    assert read(files.xlsx([date(2026, 3, 5)], book=book)).sheets[0].text(1, 1) == "05/03/2026"


def test_hidden_and_chart_sheets_are_told_apart(read):
    book = openpyxl.Workbook()
    book.create_sheet("Ẩn")["A1"] = "x"
    book["Ẩn"].sheet_state = "hidden"
    book.create_chartsheet("Biểu đồ")
    sheets = read(files.saved(book)).sheets
    assert [(sheet.name, sheet.is_hidden) for sheet in sheets] == [("Sheet", False), ("Ẩn", True)]


def test_repeated_cells_and_rows_of_ods_stay_where_they_are(read):
    content = files.ods(
        files.ods_row(files.ods_cell("x", repeat=2), files.ods_cell("y")),
        files.ods_row(files.ods_cell(), files.ods_cell("z"), repeat=3),
        files.ods_row(files.ods_cell(repeat=16_384), repeat=1_048_572),
    )
    rows = read(content, "bang.ods").sheets[0].rows
    assert rows == [["x", "x", "y"], *[[None, "z", None]] * 3]


def test_what_is_odd_in_an_ods_is_marked(read):
    styles = (
        '<style:style style:name="s1" style:family="table-cell"><style:text-properties '
        'style:text-line-through-style="solid"/></style:style>'
    )
    content = files.ods(
        files.ods_row(files.ods_cell("a", more='table:style-name="s1"')),
        files.ods_row(files.ods_cell("b"), more='table:visibility="filter"'),
        files.ods_row('<table:table-cell table:formula="of:=1+1"/>'),
        files.ods_row(
            '<table:table-cell table:formula="of:=X" calcext:value-type="error" '
            'office:value-type="string"><text:p>#NAME?</text:p></table:table-cell>'
        ),
        files.ods_row(files.ods_cell("m", more='table:number-rows-spanned="2"')),
        files.ods_row("<table:covered-table-cell/>", files.ods_cell("n")),
        styles=styles,
    )
    sheet = read(content, "bang.ods").sheets[0]
    assert sheet.struck == {(1, 1)}
    assert sheet.hidden_rows == {2}
    assert sheet.uncalculated == {(3, 1)}
    assert sheet.errors == {(4, 1): "#NAME?"}
    assert sheet.merged == ((5, 1, 6, 1),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimited_text_is_read_in_every_usual_form(read, delimiter, encoding):
    lines = [["Mã", "Tên, gọi; khác"], ["01", "Sở Nội vụ"], ["02", "a\nb"]]
    quoted = "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in lines)
    book = read(quoted.encode(encoding), "bang.csv")
    assert book.delimiter == delimiter
    assert book.sheets[0].rows == lines


def test_a_small_file_that_reaches_to_the_end_of_the_world_is_refused_at_once(refusal):
    content = files.far_cell()
    assert len(content) < 5_000
    start = time.perf_counter()
    message = refusal(content)
    assert time.perf_counter() - start < 2
    assert "1.048.576 dòng × 16.384 cột; tối đa 5.000 × 60" in message


def test_formats_without_values_take_no_room(read):
    xml = files.sheet_xml('<row r="1048576"><c r="XFD1048576" s="0"/></row>')
    assert read(files.raw_xlsx(xml)).sheets[0].is_empty


def test_repeated_values_of_ods_beyond_the_limits_are_refused(refusal):
    content = files.ods(files.ods_row(files.ods_cell("x", repeat=16_384), repeat=1_048_576))
    assert "1.048.576 dòng × 16.384 cột" in refusal(content, "bang.ods")


def test_limits_are_those_of_the_caller(read, refusal):
    content = "\n".join(["a;b"] * 300).encode()
    assert len(read(content, "bang.csv").sheets[0].rows) == 300
    assert "300" not in refusal(content, "bang.csv", Limits(rows=100, columns=2))
    assert "tối đa 5.000 × 1" in refusal(content, "bang.csv", Limits(columns=1))


def test_a_part_that_unfolds_to_hundreds_of_megabytes_is_refused(refusal):
    content = files.long_string()
    assert len(content) < 250_000
    assert "Tệp khi giải nén lớn 200 MB, vượt mức 100 MB" in refusal(content)


def test_entities_in_a_sheet_are_refused(refusal):
    prolog = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "cccc">]>'
    content = files.raw_xlsx(files.sheet_xml(""), prolog=prolog)
    assert "hỏng hoặc không an toàn" in refusal(content)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "a.xlsx", "không có dòng dữ liệu nào"),
        (b"<html><table><tr><td>x</td></tr></table></html>", "a.xlsx", "bên trong là HTML"),
        (b"a;b\n1;2\n", "a.xlsx", "Tên là .xlsx nhưng bên trong là CSV"),
        (b"%PDF-1.7", "a.xlsx", "bên trong là PDF"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xlsx", "Excel đời cũ (.xls)"),
        (
            b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
            "a.xlsx",
            "Tệp có mật khẩu",
        ),
        (files.xlsx(["a"])[:2_000], "a.xlsx", "bị cắt ngang hoặc hỏng (nhận được 2.000 byte)"),
        ("Së KÕ ho¹ch".encode("latin-1"), "a.csv", "CSV UTF-8"),
        ("Ủy ban".encode("utf-16")[2:], "a.csv", "bảng mã"),
        (files.raw_xlsx(files.sheet_xml(""), more=[("xl/vbaProject.bin", "x")]), "a.xlsx", "macro"),
        (files.raw_xlsx("<worksheet><sheetData><row"), "a.xlsx", "hỏng hoặc không an toàn"),
    ],
)
def test_a_file_that_is_something_else_is_refused_by_its_content(refusal, content, name, told):
    assert told in refusal(content, name)


def test_a_flipped_byte_never_breaks_the_reading(read):
    content = bytearray(files.xlsx(["Nhiệm vụ", "Chủ trì"], ["a", "b"]))
    for at in range(40, len(content), 997):
        broken = bytes(content[:at]) + bytes([content[at] ^ 0xFF]) + bytes(content[at + 1 :])
        with suppress(SheetRefusedError):
            read(broken)


def test_links_to_other_files_are_left_aside_and_said(read):
    content = files.raw_xlsx(
        files.sheet_xml('<row r="1">' + files.inline("A1", "x") + "</row>"),
        more=[("xl/externalLinks/externalLink1.xml", "<x/>")],
    )
    assert "liên kết tới tệp khác" in read(content).notes[0]


@pytest.mark.parametrize(
    ("row", "column", "name"), [(14, 5, "E14"), (1, 26, "Z1"), (2, 27, "AA2"), (9, 16384, "XFD9")]
)
def test_cells_are_named_as_the_program_names_them(row, column, name):
    assert address(row, column) == name
    assert place(name) == (row, column)


@pytest.mark.parametrize(
    ("value", "text"), [(None, ""), (1.0, "1"), (1.5, "1.5"), (1e20, "1e+20"), ("01", "01")]
)
def test_values_are_written_as_people_type_them(value, text):
    assert as_text(value) == text


def test_a_zip_of_other_things_is_no_workbook(refusal):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "văn bản Word" in refusal(content.getvalue())
