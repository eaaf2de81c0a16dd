"""The heading row is found wherever it stands, in any order and in usual words."""

import pytest

from papi_portal.sheets import Column, HeaderError, Sheet, find_header

pytestmark = pytest.mark.embedded

COLUMNS = (
    Column("number", "Số", ("STT", "TT")),
    Column("name", "Nhiệm vụ", ("Nội dung công việc", "Tên nhiệm vụ"), is_required=True),
    Column("lead", "Cơ quan chủ trì", ("Chủ trì", "Đơn vị chủ trì"), is_required=True),
    Column("supporters", "Cơ quan phối hợp", ("Phối hợp",)),
    Column("deadline", "Hạn hoàn thành", ("Hạn", "Thời hạn", "Thời gian thực hiện")),
)


def sheet(*rows, merged=()):
    return Sheet("Trang 1", [list(row) for row in rows], merged=tuple(merged))


def found(*rows, merged=(), **options):
    return find_header(sheet(*rows, merged=merged), COLUMNS, **options)


def test_columns_are_found_in_any_order():
    header = found(["Hạn", "Chủ trì", "Nhiệm vụ", "TT"], ["30/6", "Sở A", "Việc", 1])
    assert header.columns == {"deadline": 1, "lead": 2, "name": 3, "number": 4}
    assert (header.row, header.faults, header.unknown) == (1, [], [])


def test_titles_above_the_heading_are_passed_over():
    rows = [["UBND TỈNH LÀO CAI"], ["Phụ lục nhiệm vụ"], [None], ["TT", "Nhiệm vụ", "Chủ trì"]]
    assert found(*rows, [1, "a", "b"]).row == 4


@pytest.mark.parametrize(
    "heading",
    [
        "Hạn  hoàn thành(*)",
        "HẠN HOÀN\nTHÀNH",
        "Ha\u0323n hoa\u0300n tha\u0300nh",
        "Hoàn thành hạn",
        "han hoan thanh",
        "Hạn (ngày/tháng/năm)",
        "Thời hạn hoàn thành",
    ],
)
def test_a_heading_is_known_in_every_way_of_writing_it(heading):
    assert found(["Nhiệm vụ", "Chủ trì", heading]).columns["deadline"] == 3


def test_a_heading_of_two_rows_is_read_as_one():
    header = found(
        ["TT", "Nhiệm vụ", "Cơ quan thực hiện", None, "Thời hạn"],
        [None, None, "Chủ trì", "Phối hợp", None],
        [1, "Việc", "Sở A", "Sở B", "30/6"],
        merged=[(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 4), (1, 5, 2, 5)],
    )
    assert header.row == 2
    assert header.columns == {"number": 1, "name": 2, "lead": 3, "supporters": 4, "deadline": 5}
    assert header.headings[3] == "Cơ quan thực hiện Chủ trì"


def test_a_row_that_numbers_the_columns_is_no_data():
    rows = sheet(["TT", "Nhiệm vụ", "Chủ trì"], ["(1)", "(2)", "(3)"], [1, "a", "b"])
    assert list(find_header(rows, COLUMNS).body(rows)) == [3]


def test_a_first_row_of_data_is_not_taken_for_numbers_of_columns():
    rows = sheet(["TT", "Nhiệm vụ", "Chủ trì"], ["1.1", "a", "b"])
    assert list(find_header(rows, COLUMNS).body(rows)) == [2]


def test_two_columns_of_one_name_are_refused_with_both_letters():
    header = found(["Nhiệm vụ", "Chủ trì", "Hạn", "Ghi chú", "Hạn"])
    assert header.faults == [
        "Hai cột cùng tên “Hạn” (C và E). Hãy đổi tên hoặc xóa bớt một cột, "
        "hoặc chọn lại cột ở dưới."
    ]


def test_two_columns_that_mean_the_same_are_asked_about():
    assert (
        "đều có thể là “Hạn hoàn thành”"
        in (found(["Nhiệm vụ", "Chủ trì", "Hạn", "Thời hạn"]).faults[0])
    )


def test_a_missing_column_is_named_with_those_that_were_found():
    assert found(["TT", "Nhiệm vụ", "Ghi chú"]).faults == [
        "Thiếu cột “Cơ quan chủ trì”. Các cột tìm thấy: “TT”, “Nhiệm vụ”, “Ghi chú”."
    ]


def test_columns_that_nobody_knows_are_listed():
    assert found(["Nhiệm vụ", "Chủ trì", "Kinh phí"]).unknown == [3]


def test_what_was_chosen_before_is_remembered():
    rows = (["Nhiệm vụ", "Chủ trì", "Mốc", "Hạn"],)
    header = found(*rows, remembered={"moc": "deadline", "han": ""})
    assert header.columns["deadline"] == 3
    assert header.unknown == [4]


def test_what_a_person_chooses_is_not_questioned():
    header = found(
        ["Nhiệm vụ", "Chủ trì", "Hạn", "Hạn"], chosen={"name": 1, "lead": 2, "deadline": 4}
    )
    assert (header.columns["deadline"], header.faults, header.unknown) == (4, [], [3])


def test_a_sheet_without_a_heading_is_told_what_is_needed():
    with pytest.raises(HeaderError) as error:
        found(["Hướng dẫn", "Điền từ dòng 2"])
    assert "Cần các cột: “Nhiệm vụ”, “Cơ quan chủ trì”" in error.value.message
    assert "Dòng 1 đang ghi: “Hướng dẫn”, “Điền từ dòng 2”" in error.value.message


def test_an_empty_sheet_has_no_rows_to_import():
    with pytest.raises(HeaderError) as error:
        found([None])
    assert "không có dòng dữ liệu nào" in error.value.message
