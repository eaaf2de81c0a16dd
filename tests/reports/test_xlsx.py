"""Papers as workbooks: complete, countable, and never a formula."""

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import cache

import openpyxl
import pytest
from openpyxl.worksheet._writer import ALL_TEMP_FILES

from plans.reports.paper import Align, Cell, Column, Drawing, Row, RowKind, Table
from plans.reports.printing import xlsx
from plans.reports.printing.legible import legible
from tests.reports.papers import (
    HOSTILE,
    all_papers,
    empty_paper,
    hostile_paper,
    paper_of_300_agencies,
    sample_paper,
    texts_of,
)

pytestmark = pytest.mark.embedded

PAPERS = pytest.mark.parametrize("paper", all_papers(), ids=lambda paper: paper.title[:20])
COLUMNS = (Column("Cơ quan", 60), Column("Số lượng", 40, Align.RIGHT))


@cache
def rendered(paper):
    return xlsx.render(paper)


def opened(paper):
    return openpyxl.load_workbook(io.BytesIO(rendered(paper)))


def test_progress_is_told_row_by_row_and_may_stop_the_work():
    told = []
    xlsx.render(sample_paper(40), on_progress=told.append)
    assert told == sorted(told)
    assert (len(told) > 40, told[-1]) == (True, 1)

    def stop(share):
        if share > 0.5:
            raise KeyboardInterrupt

    left = set(ALL_TEMP_FILES)
    with pytest.raises(KeyboardInterrupt):
        xlsx.render(sample_paper(40), on_progress=stop)
    assert set(ALL_TEMP_FILES) == left


def one_table(*rows, columns=COLUMNS, **fields):
    """The sheet of a paper with this table alone."""
    table = Table("Bảng", columns, tuple(Row(cells) for cells in rows), **fields)
    return opened(replace(empty_paper(), body=(table,)))["Bảng"]


def squeezed(text):
    return "".join(legible(str(text)).split())


def day_of(value):
    return value.date() if isinstance(value, datetime) else value


def shown(cell):
    """A value as it is printed, here with the day and the decimals of the samples."""
    value = cell.value
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, int | float):
        decimals = cell.number_format.partition(".")[2].count("0")
        sign = "%" if "%" in cell.number_format else ""
        return f"{value:.{decimals}f}".replace(".", ",") + sign
    return value or ""


def titles_of_drawings(paper):
    return {block.title for block in paper.body if isinstance(block, Drawing)}


@PAPERS
def test_every_text_of_a_paper_is_in_the_workbook(paper):
    book = opened(paper)
    found = {
        squeezed(shown(cell)).rstrip(".;") for sheet in book for row in sheet for cell in row
    } | {squeezed(value) for value in vars(book.properties).values()}
    everything = "\n".join(found)
    for text in texts_of(paper):
        meant = squeezed(text).rstrip(".;")
        if meant in {squeezed(title) for title in titles_of_drawings(paper)}:
            continue  # what is read out for a picture, of which a workbook has none
        # Some stand within others: captions before the name of their sheet, words of the subject.
        assert meant in found or meant in everything, text


@PAPERS
def test_every_table_has_a_sheet_of_its_own_after_the_words(paper):
    names = opened(paper).sheetnames
    assert names[0] == "Báo cáo"
    assert len(names) == 1 + len(paper.tables())
    assert len({name.lower() for name in names}) == len(names)
    assert all(len(name) <= 31 for name in names)


@PAPERS
def test_no_cell_is_ever_a_formula(paper):
    for sheet in opened(paper):
        for row in sheet:
            assert {cell.data_type for cell in row} <= {"s", "inlineStr", "n", "d"}
    archive = zipfile.ZipFile(io.BytesIO(rendered(paper)))
    for name in archive.namelist():
        content = archive.read(name)
        assert b"<f>" not in content
        assert b"<hyperlink" not in content
        assert "externalLink" not in name


def test_what_looks_like_a_formula_stays_text_for_whoever_edits_it():
    sheet = opened(hostile_paper()).worksheets[1]
    cells = {cell.value: cell for row in sheet for cell in row if cell.value}
    for text in HOSTILE[:5]:
        assert cells[text].data_type == "s"
        assert cells[text].quotePrefix


def test_numbers_are_numbers_and_days_are_days_as_they_are_printed():
    sheet = one_table(
        (Cell("05/02/2026", date(2026, 2, 5)), Cell("1.234", 1234)),
        (Cell("30/6/2026", date(2026, 6, 30)), Cell("46,9%", Decimal("46.9"))),
        (Cell(""), Cell("39,1400", Decimal("39.14"))),
        (Cell("tăng"), Cell("+3", 3)),
        (Cell("năm"), Cell("2026", 2026)),
        (Cell("điểm"), Cell("41,25 (năm 2025)", Decimal("41.25"))),
    )
    rows = sheet.iter_rows(min_row=2, max_col=2)
    cells = [cell for row in rows for cell in row if cell.data_type in {"n", "d"} and cell.value]
    assert [(day_of(cell.value), cell.number_format) for cell in cells] == [
        (date(2026, 2, 5), "dd/mm/yyyy"),
        (1234, "#,##0"),
        (date(2026, 6, 30), "dd/mm/yyyy"),
        (46.9, '0.0"%"'),
        (39.14, "0.0000"),
        (3, "+0;-0;0"),
        (2026, "0"),
        (41.25, "0.00"),
    ]


def test_what_a_value_leaves_unsaid_stands_in_a_column_beside_it():
    sheet = one_table(
        (Cell("Sở A"), Cell("12 ngày", 12, note="đã gia hạn")),
        (Cell("Sở B"), Cell("3", 3)),
    )
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["Cơ quan", "Số lượng", "Số lượng (ghi chú)"],
        ["Sở A", 12, "12 ngày\nđã gia hạn"],
        ["Sở B", 3, None],
    ]


def test_the_sums_are_those_of_the_rows():
    for paper in (sample_paper(), paper_of_300_agencies()):
        for name in ("Theo nội dung", "Theo cơ quan"):
            if name not in opened(paper).sheetnames:
                continue
            rows = list(opened(paper)[name].iter_rows(values_only=True))
            [total] = [row for row in rows if row[1] == "Cộng"]
            lines = [row for row in rows if isinstance(row[0], int)]
            for column in range(2, 7):
                assert sum(line[column] for line in lines) == total[column]


def test_heads_are_frozen_filtered_and_repeated_and_sums_stay_in_sight():
    sheet = opened(sample_paper())["Theo nội dung"]
    # Caption, unit, two rows of heads, eight lines, the sum and a part of it, a note.
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [
        "Bảng 1. Kết quả theo nội dung",
        "Đơn vị tính: phần việc",
        "STT",
    ]
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:H12"
    assert sheet["B13"].value == "Cộng"
    assert sheet["B13"].font.bold
    assert sheet.print_title_rows == "$1:$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_a_table_of_sums_alone_is_filtered_as_a_whole():
    rows = tuple(Row((Cell("Sở A"), Cell("1", 1)), RowKind.SUM) for _ in range(3))
    paper = replace(empty_paper(), body=(Table("Bảng", COLUMNS, rows),))
    assert opened(paper)["Bảng"].auto_filter.ref == "A1:B4"


def test_heads_in_groups_are_merged_and_a_column_beside_stays_in_its_group():
    sheet = opened(sample_paper())["Nhiệm vụ"]
    merged = sorted(str(each) for each in sheet.merged_cells.ranges)
    # Nhiệm vụ and hạn hiện hành have notes; the group reaches over both days and the note.
    assert merged == ["A2:A3", "B2:B3", "C2:C3", "D2:D3", "E2:E3", "F2:H2", "I2:I3", "J2:J3"]
    assert sheet["F2"].value == "Thời hạn"
    assert [sheet.cell(3, column).value for column in (6, 7, 8)] == [
        "Hạn ban đầu",
        "Hạn hiện hành",
        "Hạn hiện hành (ghi chú)",
    ]


def test_a_group_is_a_shaded_line_and_not_a_merged_cell():
    table = sample_paper().appendices[0].blocks[0]
    sheet = opened(sample_paper())["Nhiệm vụ"]
    for number, row in enumerate(table.rows, start=4):
        shade = sheet.cell(number, 1).fill.fgColor.rgb == "00EEF1F5"
        assert shade == (row.kind == RowKind.GROUP)
        assert sheet.cell(number, 1).font.bold == shade


def test_rows_are_as_high_as_their_longest_cell_and_keep_growing_with_it():
    text = "chữ dài " * 40
    content = rendered(replace(empty_paper(), body=(Table("Bảng", COLUMNS, (Row((Cell(text),
                       Cell("1", 1))),)),)))  # fmt: skip
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet2.xml").decode()
    row = sheet.partition('<row r="2"')[2].partition(">")[0]
    assert "customHeight" not in row
    assert 48 <= int(row.partition('ht="')[2].partition('"')[0]) <= 96


def test_a_table_without_rows_is_a_head_alone():
    sheet = opened(empty_paper())["Bảng 1"]
    assert sheet.auto_filter.ref == "A4:H4"
    assert sheet["A6"].value.startswith("Ghi chú")


def test_three_hundred_agencies_are_three_hundred_rows():
    sheet = opened(paper_of_300_agencies())["Theo cơ quan"]
    assert [sheet.cell(row, 1).value for row in range(5, 305)] == list(range(1, 301))


def test_the_book_names_itself_its_day_and_its_language():
    paper = sample_paper()
    properties = opened(paper).properties
    assert (properties.title, properties.creator) == (paper.title, paper.author)
    assert properties.language == "vi-VN"
    assert properties.created.date() == properties.modified.date() == paper.as_of
