"""The plain description of a document refuses tables that could not be printed."""

from dataclasses import replace

import pytest

from plans.reports.paper import Cell, Column, Foot, Row, Table
from tests.reports.papers import sample_paper


def test_a_table_whose_widths_do_not_add_up_is_refused():
    with pytest.raises(ValueError, match="widths"):
        Table("Bảng", (Column("STT", 10), Column("Nội dung", 80)), ())


def test_a_row_that_does_not_fill_the_columns_is_refused():
    columns = (Column("STT", 10), Column("Nội dung", 90))
    with pytest.raises(ValueError, match="row 2"):
        Table("Bảng", columns, (Row((Cell("1"), Cell("Việc"))), Row((Cell("2"),))))
    assert Table("Bảng", columns, (Row((Cell("Nhóm", span=2),)),)).rows


def test_bodies_are_listed_as_documents_do_whatever_signs_they_came_with():
    assert Foot(("Như trên", "- Các sở;", "Lưu: VT."), ()).recipient_lines == [
        "- Như trên;",
        "- Các sở;",
        "- Lưu: VT.",
    ]


def test_one_addressee_stands_on_the_line_and_several_each_on_their_own():
    paper = sample_paper(0)
    for addressees, lines in (
        ((), []),
        (("UBND tỉnh.",), ["Kính gửi: UBND tỉnh."]),
        (("Sở A", "Sở B"), ["Kính gửi:", "- Sở A;", "- Sở B."]),
    ):
        assert replace(paper, addressees=addressees).addressee_lines == lines
