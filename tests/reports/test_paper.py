"""The plain description of a document refuses tables that could not be printed."""

import pytest

from plans.reports.paper import Cell, Column, Row, Table


def test_a_table_whose_widths_do_not_add_up_is_refused():
    with pytest.raises(ValueError, match="widths"):
        Table("Bảng", (Column("STT", 10), Column("Nội dung", 80)), ())


def test_a_row_that_does_not_fill_the_columns_is_refused():
    columns = (Column("STT", 10), Column("Nội dung", 90))
    with pytest.raises(ValueError, match="row 2"):
        Table("Bảng", columns, (Row((Cell("1"), Cell("Việc"))), Row((Cell("2"),))))
    assert Table("Bảng", columns, (Row((Cell("Nhóm", span=2),)),)).rows
