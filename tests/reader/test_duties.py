"""Duties in running text: who is told, in which words, and what stands around them."""

import pytest

from plans.reader import read_text

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


def test_a_section_may_set_the_deadline_of_its_tasks(printed):
    first, second, third = printed(
        "II. NHIỆM VỤ\n(Các nhiệm vụ tại mục này hoàn thành trong quý II/2026)\n"
        "1. Công khai, minh bạch trong việc ra quyết định\na) Công khai bảng giá đất.\n"
        "b) Niêm yết thu, chi ngân sách cấp xã, xong trước 30/4.\n"
        "2. Thủ tục hành chính công (hoàn thành trước ngày 30/9/2026)\n"
        "a) Cắt giảm thời gian giải quyết thủ tục đất đai.\n"
    ).tasks
    due = [task.deadline.due_on for task in (first, second, third)]
    assert values(due) == ["2026-06-30", "2026-04-30", "2026-09-30"]
    assert [each.certainty for each in due] == ["medium", "high", "medium"]


def test_labelled_lines_above_the_tasks_of_a_heading_are_of_each(printed):
    tasks = printed(
        "II. NHIỆM VỤ\n1. Quản trị điện tử\nCơ quan chủ trì: Sở Nội vụ\n"
        "Thời gian: Quý III/2026\na) Nâng cấp Cổng dịch vụ công.\nb) Phủ sóng Internet các thôn.\n"
    ).tasks
    assert [values(task.lead) for task in tasks] == [["Sở Nội vụ"], ["Sở Nội vụ"]]
    assert {task.deadline.due_on.value for task in tasks} == {"2026-09-30"}


def test_a_duty_whose_objects_are_listed_below_is_one_task(printed):
    (task,) = printed(
        "II. NHIỆM VỤ\n1. Công khai, minh bạch\n- Tăng cường tuyên truyền về PAPI:\n"
        "+ Trên báo và đài của tỉnh.\n+ Trên loa truyền thanh của thôn.\n"
    ).tasks
    assert task.text.value == "Tăng cường tuyên truyền về PAPI"


def test_under_an_agency_each_numbered_line_is_its_duty_whatever_its_verb(printed):
    first, second = printed(
        "B. NHIỆM VỤ CỤ THỂ\nII. Sở Tư pháp\n1. Cử trợ giúp viên về 30 xã vùng cao.\n"
        "2. Chương trình phát thanh pháp luật mỗi tuần một lần.\n3. Kinh phí theo quy định.\n"
    ).tasks
    assert values(first.lead) == values(second.lead) == ["Sở Tư pháp"]


def test_the_articles_that_issue_and_close_a_decision_are_no_tasks(printed):
    assert (
        printed(
            "Điều 1. Phê duyệt Đề án cải thiện Chỉ số PAPI giai đoạn 2025 - 2030.\n"
            "Điều 2. Quyết định này có hiệu lực kể từ ngày ký.\n"
            "Điều 3. Chánh Văn phòng UBND tỉnh, Giám đốc các sở chịu trách nhiệm thi hành./.\n"
        ).tasks
        == []
    )


def test_the_offices_of_a_commune_and_a_department_are_told_duties_too(printed):
    tasks = printed(
        "II. NỘI DUNG\n1. Công chức Tư pháp - Hộ tịch chủ trì niêm yết thủ tục hành chính.\n"
        "2. Các thôn, buôn tổ chức họp dân lấy ý kiến.\n"
        "3. Giao Sở Y tế, Sở Tài chính theo chức năng, nhiệm vụ công khai giá dịch vụ.\n"
    ).tasks
    assert [values(task.lead) for task in tasks] == [
        ["Công chức Tư pháp - Hộ tịch"],
        ["Các thôn, buôn"],
        ["Sở Y tế", "Sở Tài chính"],
    ]


@pytest.mark.parametrize(
    ("written", "kind", "due_on"),
    [
        ("T6/2026", "period", "2026-06-30"),
        ("Thường xuyên, trọng tâm trong quý II", "continuous", None),
        ("Từ tháng 3 đến tháng 6/2026", "period", "2026-06-30"),
        ("Đợt 1: trước 30/6/2026; đợt 2: trước 30/11/2026", None, None),
    ],
)
def test_deadlines_of_a_cell_are_read_or_kept_as_written(printed, written, kind, due_on):
    (task,) = printed(
        "[[table header=1]]\nTT | Nhiệm vụ | Chủ trì | Thời gian\n"
        f"1 | Khảo sát sự hài lòng | Sở Y tế | {written}\n[[/]]\n"
    ).tasks
    assert (task.deadline.kind.value, task.deadline.due_on.value) == (kind, due_on)
    assert task.deadline.text.value == written


def test_the_committee_of_a_commune_is_told_from_that_of_its_district():
    draft = read_text(
        "UBND HUYỆN KRÔNG BÚK\nXÃ PƠNG DRANG\nSố: 18/KH-UBND\nPơng Drang, ngày 7 tháng 4 năm 2025\n"
        "KẾ HOẠCH\nNâng cao Chỉ số PAPI năm 2025\n"
    )
    assert draft.document.issuer.value == "UBND xã Pơng Drang"


def test_a_year_at_the_head_of_a_list_of_aims_is_that_of_each(printed):
    first, second = printed(
        "I. MỤC TIÊU\nĐến năm 2030, PAPI nằm trong nhóm 10 tỉnh; PCI giữ vững trong top 5.\n"
    ).targets
    assert (first.year.value, second.year.value) == (2030, 2030)
    assert second.year.certainty == "medium"


def test_a_topic_may_stand_before_the_agency(printed):
    (task,) = printed(
        "II. NHIỆM VỤ\n1. Về y tế công lập: Sở Y tế chỉ đạo bệnh viện giảm thời gian chờ khám.\n"
    ).tasks
    assert values(task.lead) == ["Sở Y tế"]
    assert task.text.value == "Chỉ đạo bệnh viện giảm thời gian chờ khám"


def test_who_leads_a_heading_leads_what_stands_below_it(printed):
    tasks = printed(
        "II. NHIỆM VỤ\n1. Tham gia của người dân (Sở Nội vụ chủ trì, Sở Tư pháp phối hợp)\n"
        "- Đẩy mạnh tuyên truyền quyền bầu cử.\n- Vận động nhân dân đóng góp tự nguyện.\n"
    ).tasks
    assert [values(task.lead) for task in tasks] == [["Sở Nội vụ"], ["Sở Nội vụ"]]
    assert values(tasks[1].support) == ["Sở Tư pháp"]
    assert tasks[0].lead[0].certainty == "medium"


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Tổng điểm PAPI: 44,2 - 45,0 điểm", ("score", "in", "44.2..45.0")),
        ("Thứ hạng PAPI: 18 - 22/34", ("rank", "in", "18..22")),
        ("Cải thiện PAPI từ vị trí 30 lên vị trí 20", ("rank", "<=", 20)),
        ("Phấn đấu PAPI tăng bình quân 2 bậc/năm", ("rank_up", ">=", 2)),
        ("Chỉ số PAPI đạt tối thiểu 6,80/10 điểm", ("score", ">=", 6.8)),
    ],
)
def test_aims_are_told_with_ranges_and_scales(printed, sentence, told):
    (target,) = printed(f"I. MỤC TIÊU\n- {sentence}.\n").targets
    assert (target.metric.value, target.op.value, target.value.value) == told


def test_two_aims_of_a_sentence_are_of_the_dimension_it_names(printed):
    first, second = printed(
        "I. MỤC TIÊU\n- Chỉ số nội dung “Kiểm soát tham nhũng trong khu vực công” đạt 6,8 điểm, "
        "tăng 0,35 điểm.\n"
    ).targets
    assert (first.component.value, second.component.value) == ("D4", "D4")


def test_a_sentence_that_only_assigns_belongs_to_the_one_before_it(printed):
    (task,) = printed(
        "II. NHIỆM VỤ\n1. Đổi mới cách truyền tải thông tin về bầu cử. Sở Nội vụ chủ trì, phối hợp "
        "với Sở Tư pháp thực hiện thường xuyên.\n"
    ).tasks
    assert (values(task.lead), values(task.support)) == (["Sở Nội vụ"], ["Sở Tư pháp"])
    assert task.deadline.kind.value == "continuous"


def test_two_duties_of_an_agency_in_a_sentence_are_told_by_their_deadline(printed):
    first, second = printed(
        "II. NHIỆM VỤ\n1. Sở Nội vụ kiểm tra 20 đơn vị, xong trước ngày 30/11/2026; tham mưu "
        "tiêu chí xếp loại người đứng đầu.\n"
    ).tasks
    assert values(first.lead) == values(second.lead) == ["Sở Nội vụ"]
    assert (first.deadline.due_on.value, second.deadline.due_on.value) == ("2026-11-30", None)


def test_aims_of_two_dimensions_are_an_aim_each(printed):
    targets = printed(
        "I. MỤC TIÊU\n- Hai nội dung “Quản trị môi trường” và “Quản trị điện tử” thuộc nhóm trung "
        "bình cao.\n"
    ).targets
    assert [each.component.value for each in targets] == ["D7", "D8"]
