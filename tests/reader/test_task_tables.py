"""Tables of tasks as offices draw them: headings, roles in one cell, ticks, lists, closing rows."""

import pytest

# The reader knows no database.
pytestmark = pytest.mark.embedded


def values(found):
    return [each.value for each in found]


@pytest.mark.parametrize(
    ("task", "lead", "support", "deadline", "product"),
    [
        ("Nội dung công việc", "Phân công thực hiện", "Cùng tham gia", "Lộ trình", "SP"),
        ("Tên nhiệm vụ", "CQ chủ trì", "CQ phối hợp", "TG hoàn thành", "Kết quả đầu ra"),
        ("Nhiệm vụ được giao", "Trách nhiệm", "Cơ quan cùng thực hiện", "Hạn xử lý", "Sản phẩm"),
        ("Giải pháp", "Đơn vị đầu mối", "ĐV phối hợp", "Thời điểm hoàn thành", "Đầu ra"),
        ("Công việc", "Cơ quan được giao", "Phối hợp", "Mốc thời gian", "Kết quả/Sản phẩm"),
    ],
)
def test_a_column_is_known_by_its_usual_words(printed, task, lead, support, deadline, product):
    (read,) = printed(
        f"[[table header=1]]\nTT | {task} | {lead} | {support} | {deadline} | {product}\n"
        "1 | Niêm yết danh sách hộ nghèo | Sở Nội vụ | Sở Tư pháp | 15/4/2026 | Báo cáo\n[[/]]\n"
    ).tasks
    assert (read.number.value, read.text.value) == ("1", "Niêm yết danh sách hộ nghèo")
    assert (values(read.lead), values(read.support)) == (["Sở Nội vụ"], ["Sở Tư pháp"])
    assert (read.deadline.due_on.value, read.product.value) == ("2026-04-15", "Báo cáo")


@pytest.mark.parametrize(
    "cell",
    [
        "Chủ trì: Sở Nội vụ; phối hợp: Sở Tư pháp, UBND cấp xã",
        "- Cơ quan chủ trì: Sở Nội vụ. // - Cơ quan phối hợp: Sở Tư pháp, UBND cấp xã.",
        "Sở Nội vụ (chủ trì); Sở Tư pháp, UBND cấp xã (phối hợp)",
        "Sở Nội vụ chủ trì, Sở Tư pháp và UBND cấp xã phối hợp",
        "Sở Nội vụ (chủ trì), Sở Tư pháp, UBND cấp xã",
        "Sở Nội vụ chủ trì, phối hợp với Sở Tư pháp, UBND cấp xã",
    ],
)
def test_one_cell_may_name_both_roles(printed, cell):
    (task,) = printed(
        "[[table header=1]]\nTT | Nhiệm vụ | Cơ quan thực hiện | Thời hạn\n"
        f"1 | Kiểm tra công vụ | {cell} | Quý II\n[[/]]\n"
    ).tasks
    assert values(task.lead) == ["Sở Nội vụ"]
    assert values(task.support) == ["Sở Tư pháp", "UBND cấp xã"]


def test_agencies_at_the_head_of_columns_are_ticked_off(printed):
    first, second, third = printed(
        "[[table header=1]]\n"
        "STT | Nhiệm vụ | Sở Nội vụ | Sở Tư pháp | UBND cấp xã | Thời hạn\n"
        "1 | Tập huấn công chức cấp xã | x |  | P | Quý II\n"
        "2 | Trợ giúp pháp lý cho người nghèo |  | X | x | Thường xuyên\n"
        "3 | Xử lý đơn thư tồn đọng |  | ✓ |  | 31/10/2026\n[[/]]\n"
    ).tasks
    assert (values(first.lead), values(first.support)) == (["Sở Nội vụ"], ["UBND cấp xã"])
    assert (values(second.lead), values(second.support)) == (["Sở Tư pháp"], ["UBND cấp xã"])
    assert second.support[0].certainty == "medium"
    assert (values(third.lead), values(third.support)) == (["Sở Tư pháp"], [])
    assert third.lead[0].text == "Sở Tư pháp"


def test_rows_that_sum_up_or_explain_or_sign_are_no_tasks(printed):
    tasks = printed(
        "[[table header=1]]\nTT | Nhiệm vụ | Chủ trì | Thời hạn\n"
        "I | Quản trị môi trường | < | <\n"
        "1 | Thu gom rác ven sông | UBND cấp xã | Quý II\n"
        "Tổng cộng: 01 nhiệm vụ | < | < | <\n"
        " | Ghi chú: lồng ghép vào chương trình công tác năm. | < | <\n"
        "NGƯỜI LẬP BIỂU | < | < | <\n[[/]]\n"
    ).tasks
    assert [(each.number.value, values(each.components)) for each in tasks] == [("I.1", ["D7"])]


def test_a_group_row_may_begin_in_the_column_of_numbers(printed):
    (task,) = printed(
        "[[table header=1]]\nTT | Nhiệm vụ | Chủ trì | Thời hạn\n"
        "II. Quản trị điện tử | < | < | <\n"
        "1 | Phủ sóng Internet các thôn vùng lõm | Sở Khoa học và Công nghệ | Quý IV\n[[/]]\n"
    ).tasks
    assert (task.number.value, values(task.components)) == ("II.1", ["D8"])


def test_the_duties_of_an_agency_in_one_cell_are_a_task_each(printed):
    tasks = printed(
        "[[table header=1]]\nCơ quan | Nhiệm vụ được giao | Thời hạn hoàn thành\n"
        "1. Sở Nội vụ | - Tham mưu kế hoạch tuyên truyền // - Kiểm tra công vụ cấp xã"
        " | - Quý I/2026 // - 15/12/2026\n"
        "2. Sở Tài chính | - Cân đối kinh phí // - Hướng dẫn quyết toán | Thường xuyên\n[[/]]\n"
    ).tasks
    told = [(task.lead[0].value, task.deadline.due_on.value) for task in tasks]
    assert told[:2] == [("Sở Nội vụ", "2026-03-31"), ("Sở Nội vụ", "2026-12-15")]
    assert [task.deadline.kind.value for task in tasks[2:]] == ["continuous", "continuous"]
    assert tasks[1].text.text == "- Kiểm tra công vụ cấp xã"
