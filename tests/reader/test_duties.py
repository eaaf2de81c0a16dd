"""Duties in running text: who is told, in which words, and what stands around them."""

import pytest

# The reader knows no database.
pytestmark = pytest.mark.embedded


def values(found):
    return [each.value for each in found]


@pytest.mark.parametrize(
    ("sentence", "lead", "support", "deed"),
    [
        (
            "Sở Nội vụ chịu trách nhiệm chủ trì, phối hợp với Sở Y tế tổ chức tập huấn.",
            ["Sở Nội vụ"],
            ["Sở Y tế"],
            "Tổ chức tập huấn",
        ),
        (
            "Giao Sở Y tế làm đầu mối, phối hợp cùng các sở, ngành cập nhật dữ liệu trạm y tế.",
            ["Sở Y tế"],
            ["các sở, ngành"],
            "Cập nhật dữ liệu trạm y tế",
        ),
        (
            "Sở Y tế (chủ trì), Sở Tài chính (phối hợp): nâng cấp trạm y tế các xã miền núi.",
            ["Sở Y tế"],
            ["Sở Tài chính"],
            "Nâng cấp trạm y tế các xã miền núi",
        ),
        (
            "Công khai bảng giá đất trên Cổng thông tin điện tử (Sở Tài chính).",
            ["Sở Tài chính"],
            [],
            "Công khai bảng giá đất trên Cổng thông tin điện tử (Sở Tài chính)",
        ),
        (
            "Cắt giảm 30% thời gian giải quyết thủ tục đất đai, giao Sở Tài chính thực hiện.",
            ["Sở Tài chính"],
            [],
            "Cắt giảm 30% thời gian giải quyết thủ tục đất đai, giao Sở Tài chính thực hiện",
        ),
        (
            "Các cơ quan báo chí của tỉnh tăng thời lượng tuyên truyền về PAPI.",
            ["Các cơ quan báo chí của tỉnh"],
            [],
            "Tăng thời lượng tuyên truyền về PAPI",
        ),
        (
            "Báo và Đài Phát thanh - Truyền hình Gia Lai mở chuyên mục về PAPI trong năm.",
            ["Báo và Đài Phát thanh - Truyền hình Gia Lai"],
            [],
            "Mở chuyên mục về PAPI trong năm",
        ),
    ],
)
def test_the_agency_of_a_duty_is_told_in_many_ways(printed, sentence, lead, support, deed):
    (task,) = printed(f"II. NHIỆM VỤ\n1. {sentence}\n").tasks
    assert (values(task.lead), values(task.support)) == (lead, support)
    assert task.text.value == deed


def test_tasks_may_be_counted_by_their_name(printed):
    first, second = printed(
        "II. NHIỆM VỤ\nNhiệm vụ 1: Rà soát quy chế dân chủ ở cơ sở\nCơ quan chủ trì: Sở Nội vụ\n"
        "Mốc thời gian: Quý II/2026\nNhiệm vụ 2: Công khai kết quả giải quyết hồ sơ\n"
        "Đơn vị thực hiện: Sở Tài chính (chủ trì), UBND các xã, phường (phối hợp)\n"
        "Hoàn thành: tháng 10/2026\n"
    ).tasks
    assert [first.number.value, second.number.value] == ["II.1", "II.2"]
    assert (values(first.lead), first.deadline.due_on.value) == (["Sở Nội vụ"], "2026-06-30")
    assert values(second.lead) == ["Sở Tài chính"]
    assert values(second.support) == ["UBND các xã, phường"]
    assert second.deadline.due_on.value == "2026-10-31"


def test_an_agency_alone_is_a_heading_and_no_task(printed):
    (task,) = printed(
        "III. TỔ CHỨC THỰC HIỆN\n1. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh\n"
        "Vận động hội viên góp ý, phản biện chính sách.\n"
    ).tasks
    assert values(task.lead) == ["Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh"]


def test_a_group_that_is_to_be_left_is_no_group_to_be_reached(printed):
    (target,) = printed("I. MỤC TIÊU\nKhông có chỉ số nội dung nào thuộc nhóm thấp nhất.\n").targets
    assert (target.metric.value, target.op.value, target.value.value) == ("group", ">", "lowest")


def test_an_aim_below_the_name_of_a_dimension_is_of_it(printed):
    (target,) = printed(
        "II. NHIỆM VỤ\n1. Quản trị môi trường\na) Mục tiêu: phấn đấu đạt 4,5 điểm trở lên.\n"
    ).targets
    assert (target.component.value, target.value.value) == ("D7", 4.5)
