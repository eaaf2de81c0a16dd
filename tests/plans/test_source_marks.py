"""How a document is shown again: cut where marks begin and end, tables kept in their columns."""

import pytest

from plans.reader.draft import Piece
from plans.source_marks import Mark, blocks_of, part_of

# No database is asked.
pytestmark = pytest.mark.embedded


def runs_of(source, *marks):
    pieces = [Piece(0, len(source))]
    found = [Mark(start, end, "high", key) for start, end, key in marks]
    return blocks_of(source, pieces, found)[0].runs


def test_marks_over_one_another_are_told_apart_and_the_closest_is_named_first():
    runs = runs_of("Sở Nội vụ rà soát", (0, 17, "all"), (0, 9, "lead"), (3, 17, "rest"))
    assert [(run.text, run.keys) for run in runs] == [
        ("Sở ", ["lead", "all"]),
        ("Nội vụ", ["lead", "rest", "all"]),
        (" rà soát", ["rest", "all"]),
    ]
    # Each mark has one anchor, where it begins.
    assert [run.anchors for run in runs] == [["lead", "all"], ["rest"], []]


def test_no_character_is_lost_or_shown_twice_whatever_is_marked():
    source = "một hai ba\nbốn năm"
    pieces = [Piece(0, 10), Piece(11, 18)]
    marks = [Mark(2, 14, "low", "a"), Mark(4, 4, "low", "empty"), Mark(16, 40, "high", "b")]
    blocks = blocks_of(source, pieces, marks)
    assert ["".join(run.text for run in block.runs) for block in blocks] == source.split("\n")
    assert [run.keys for run in blocks[1].runs] == [["a"], [], ["b"]]


def cell(start, row, column, **spans):
    return Piece(start, start + 1, table=0, row=row, column=column, **spans)


@pytest.fixture
def table():
    """Two columns; the first cell of the second reaches over both rows."""
    return [cell(0, 0, 0), cell(2, 0, 1, row_span=2), cell(4, 1, 0), cell(6, 2, 0), cell(8, 2, 1)]


def texts(block):
    return [["".join(run.text for run in cell.runs) for cell in row] for row in block.rows]


def test_merged_cells_are_shown_once_and_leave_their_place_free(table):
    block = blocks_of("a\nb\nc\nd\ne\n", table, [])[0]
    assert texts(block) == [["a", "b"], ["c"], ["d", "e"]]
    assert block.rows[0][1].row_span == 2


def test_a_part_begins_with_a_whole_row_and_keeps_its_columns(table):
    source = "a\nb\nc\nd\ne\n"
    assert part_of(table, 8, None) == table[3:]
    assert part_of(table, None, 5) == table[:2]
    later = [cell(0, 3, 1), cell(2, 4, 0)]
    assert texts(blocks_of(source, later, [])[0]) == [["", "a"], ["b"]]


def test_parts_one_after_the_other_are_the_document(table):
    layout = [*table, Piece(10, 12), Piece(13, 15)]
    parts = [part_of(layout, None, 4), part_of(layout, 4, 13), part_of(layout, 13, None)]
    assert [piece for part in parts for piece in part] == layout
    assert part_of([], None, None) == []
    assert part_of([], 5, 9) == []
