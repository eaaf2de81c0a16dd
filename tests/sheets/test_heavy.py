"""Small files that want to become very much: refused by the process that reads them."""

import time

import pytest

from papi_portal.sheets import Column, Limits, SheetRefusedError, find_header, read_workbook
from papi_portal.sheets.sheet import Sheet
from tests.sheets import files

pytestmark = pytest.mark.embedded

QUICK = 2.0


def read(tmp_path, content, name="a.xlsx", limits=None):
    path = tmp_path / "file"
    path.write_bytes(content)
    return read_workbook(path, name, limits)


def refusal(tmp_path, content, name="a.xlsx", limits=None):
    with pytest.raises(SheetRefusedError) as caught:
        read(tmp_path, content, name, limits)
    return caught.value.message


def timed(act):
    start = time.perf_counter()
    answer = act()
    assert time.perf_counter() - start < QUICK
    return answer


def shared_strings(text, cells):
    """A workbook of `cells` cells, all of which show the one string `text`."""
    rows = "".join(
        f'<row r="{row}">' + '<c t="s"><v>0</v></c>' * 50 + "</row>"
        for row in range(1, cells // 50 + 1)
    )
    relation = (
        f'<Relationship Id="rId2" Type="{files.RELATION}/sharedStrings" '
        'Target="sharedStrings.xml"/></Relationships>'
    )
    relations = files.RELATIONS.replace("</Relationships>", relation)
    strings = f'<sst xmlns="{files.MAIN}"><si><t>{text}</t></si></sst>'
    return files.raw_xlsx(
        files.sheet_xml(rows), relations=relations, more=[("xl/sharedStrings.xml", strings)]
    )


def many_tables(count):
    table = '<table:table table:name="T"><table:table-row>{}</table:table-row></table:table>'
    tables = table.format(files.ods_cell("x")) * count
    return files.ods("</table:table>", tables, '<table:table table:name="Z">')


def test_one_long_text_shown_in_thousands_of_cells_is_refused(tmp_path):
    content = shared_strings("ắ" * 3_000, 5_000)
    assert len(content) < 100_000
    assert "15.000.000 ký tự; tối đa 10.000.000" in refusal(tmp_path, content)
    assert len(read(tmp_path, shared_strings("ắ" * 300, 5_000)).sheets[0].rows) == 100


def test_full_sheets_beside_each_other_are_counted_together(tmp_path):
    row = files.ods_row(files.ods_cell("x", repeat=50), repeat=90)
    table = f'<table:table table:name="T">{row}</table:table>'
    content = files.ods("</table:table>", table * 3, '<table:table table:name="Z">')
    told = refusal(tmp_path, content, "a.ods", Limits(rows=100, columns=60))
    assert "13.500 ô; tối đa 6.000" in told


def test_a_hundred_sheets_are_enough(tmp_path):
    assert "1.002 trang tính; tối đa 100" in refusal(tmp_path, many_tables(1_000), "a.ods")


def test_cells_that_hold_no_text_are_no_way_past_the_limits(tmp_path):
    cell = files.ods_cell("", more='office:value-type="boolean" office:boolean-value="true"')
    content = files.ods(files.ods_row(cell, repeat=20_000))
    assert "20.000 dòng × 1 cột; tối đa 5.000 × 60" in refusal(tmp_path, content, "a.ods")


def test_millions_of_empty_lines_are_not_kept(tmp_path):
    sheet = read(tmp_path, b"a;b\r\n" + b"\n" * 300_000, "a.csv").sheets[0]
    assert sheet.rows == [["a", "b"]]
    assert set(sheet.widths) == {1}
    wide = read(tmp_path, b"a;b\r\n\r\nc" + b";" * 150_000, "a.csv").sheets[0]
    assert wide.rows == [["a", "b"], [], ["c"]]


def test_an_empty_text_thousands_of_rows_below_is_not_kept(tmp_path):
    far = '<row r="200000"><c r="B200000" t="str"><v></v></c></row>'
    near = '<row r="1">' + files.inline("A1", "x") + "</row>"
    assert len(read(tmp_path, files.raw_xlsx(files.sheet_xml(near + far))).sheets[0].rows) == 1


def test_a_formula_without_value_in_the_last_row_is_still_told(tmp_path):
    cells = (
        '<row r="1">' + files.inline("A1", "x") + '</row><row r="3"><c r="A3"><f>B1</f></c></row>'
    )
    sheet = read(tmp_path, files.raw_xlsx(files.sheet_xml(cells))).sheets[0]
    assert sheet.uncalculated == {(3, 1)}
    assert not sheet.is_empty_row(3)


def test_comments_without_end_do_not_stop_the_look_at_a_file(tmp_path):
    content = b"<!---->" * 500 + b"x"
    assert timed(lambda: read(tmp_path, content, "a.csv")).sheets
    assert "HTML" in refusal(tmp_path, b"<!-- a --> <!--\n-->" * 50 + b"<table>", "a.csv")


def test_merged_cells_over_each_other_are_looked_at_once():
    rows = [["Nhiệm vụ", "Chủ trì", *["x"] * 58], *[["a"] * 60 for _row in range(5_000)]]
    over = Sheet("T", rows, merged=((1, 1, 5_001, 60),) * 20_000)
    timed(over.merged_into)
    columns = [Column("name", "Nhiệm vụ"), Column("lead", "Chủ trì")]
    apart = Sheet("T", rows, merged=tuple((row, 3, row, 4) for row in range(2, 5_002)))
    assert timed(lambda: find_header(apart, columns)).columns == {"name": 1, "lead": 2}
    assert apart.merged_into()[5_001, 4] == (5_001, 3)


def test_a_name_of_a_sheet_is_never_longer_than_can_be_kept(tmp_path):
    book = files.WORKBOOK.replace("Trang 1", "T" * 5_000)
    cells = '<row r="1">' + files.inline("A1", "x") + "</row>"
    sheet = read(tmp_path, files.raw_xlsx(files.sheet_xml(cells), workbook=book)).sheets[0]
    assert sheet.name == "T" * 200
    assert sheet.rows == [["x"]]
