"""Which dimension of PAPI a task belongs to, however the document says so."""

import pytest

from plans.reader import read_text
from plans.reader.components import component_above, component_of_cell

# The reader knows no database.
pytestmark = pytest.mark.embedded

PLAN = "KẾ HOẠCH\nNâng cao Chỉ số PAPI năm 2026\nII. NHIỆM VỤ\n"
TASK = "Sở Nội vụ tổ chức 05 lớp tập huấn cho cán bộ cấp xã trước ngày 30/6/2026."


def keys(found):
    return [each.key for each in found]


@pytest.mark.parametrize(
    ("heading", "dimensions"),
    [
        ("Về Công khai, minh bạch", ["D2"]),
        ("Sự tham gia của người dân", ["D1"]),
        ("Nâng cao trách nhiệm giải trình của các cơ quan nhà nước với người dân", ["D3"]),
        ("Nhóm nhiệm vụ về nội dung thứ tư", ["D4"]),
        ("Chỉ số nội dung số 6 và số 7", ["D6", "D7"]),
        ("Cải thiện nội dung Thủ tục hành chính", ["D5"]),
        ("Trục nội dung “Quản trị điện tử”", ["D8"]),
        ("Nội dung thành phần 4.2", ["S42"]),
        ("Về an ninh, trật tự", ["S64"]),
        ("Công tác thông tin, tuyên truyền", []),
        ("Đẩy mạnh dịch vụ công trực tuyến", []),
        ("Thực hiện dân chủ ở cơ sở", []),
    ],
)
def test_a_heading_names_a_dimension_shortened_reworded_or_by_number(heading, dimensions):
    assert keys(component_above(heading)) == dimensions


@pytest.mark.parametrize(
    ("cell", "year", "parts"),
    [
        ("5.2", 2026, ["S_LURC"]),
        ("5.2", 2019, ["S_CONS"]),
        ("2.1", 2016, ["S_POV"]),
        ("1.1; 8", 2026, ["S11", "D8"]),
        ("3.3 Tư pháp", 2026, ["S33"]),
        ("9.1", 2026, []),
    ],
)
def test_a_code_in_a_column_of_parts_counts_as_in_its_year(cell, year, parts):
    assert keys(component_of_cell(cell, year)) == parts


@pytest.mark.parametrize(
    ("body", "dimensions"),
    [
        (f"1. Nhiệm vụ\nCác nhiệm vụ sau thuộc nội dung Quản trị môi trường.\na) {TASK}", "D7"),
        (f"Nội dung thứ hai. Tính công khai, minh bạch\n1. {TASK}", "D2"),
        (f"1. Đối với nội dung Trách nhiệm giải trình: {TASK}", "D3"),
        (f"1. Ở nội dung Quản trị điện tử, {TASK}", "D8"),
        (f"1. Nâng cao Chỉ số SIPAS\na) {TASK}", ""),
    ],
)  # fmt: skip
def test_a_task_belongs_to_what_its_section_or_its_own_words_name(body, dimensions):
    (task,) = read_text(PLAN + body).tasks
    assert " ".join(str(each.value) for each in task.components) == dimensions


def test_a_table_is_about_what_the_heading_above_it_names(printed):
    draft = printed(
        "II. NHIỆM VỤ\n1. Nội dung Quản trị môi trường (Sở Y tế chủ trì)\n[[table header=1]]\n"
        "TT | Nhiệm vụ | Thời hạn\n1 | Thu gom rác thải y tế tại 20 xã | 30/6/2026\n[[/]]\n"
    )
    (task,) = draft.tasks
    assert [each.value for each in task.components] == ["D7"]
    assert [each.value for each in task.lead] == ["Sở Y tế"]


def test_rows_below_the_label_of_another_index_belong_to_no_dimension(printed):
    draft = printed(
        "II. NHIỆM VỤ\n[[table header=1]]\nTT | Nhiệm vụ | Chủ trì\nA | CHỈ SỐ PAPI | <\n"
        "I | Dịch vụ công | <\n1 | Sửa chữa trạm y tế xã | Sở Y tế\nB | CHỈ SỐ SIPAS | <\n"
        "1 | Khảo sát mức độ hài lòng qua tin nhắn | Sở Nội vụ\n[[/]]\n"
    )
    assert [[each.value for each in task.components] for task in draft.tasks] == [["D6"], []]


def test_a_label_over_rows_says_what_they_are_about_and_who_leads(printed):
    draft = printed(
        "II. NHIỆM VỤ\n[[table header=1]]\nTT | Nhiệm vụ | Phối hợp | Thời hạn\n"
        "I | Nội dung Quản trị điện tử (chủ trì: Văn phòng UBND tỉnh) | < | <\n"
        "1 | Nhắc tin khi hồ sơ sắp đến hạn | Sở Nội vụ | 30/6/2026\n[[/]]\n"
    )
    (task,) = draft.tasks
    assert [each.value for each in task.lead] == ["Văn phòng UBND tỉnh"]
    assert [each.value for each in task.components] == ["D8"]
