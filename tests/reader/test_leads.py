"""Who leads and who issues, in the many ways in which documents name them."""

import pytest

from plans.reader import read_text

# The reader knows no database.
pytestmark = pytest.mark.embedded

PLAN = "KẾ HOẠCH\nNâng cao Chỉ số PAPI năm 2026\nII. NHIỆM VỤ\n"
DEED = "lập sổ theo dõi phản ánh của người dân"


def values(found):
    return [each.value for each in found]


@pytest.mark.parametrize(
    ("duty", "lead", "support"),
    [
        (f"Giao Sở Nội vụ chủ trì, Sở Y tế phối hợp {DEED}.", ["Sở Nội vụ"], ["Sở Y tế"]),
        (f"Sở Y tế (cơ quan chủ trì) và Sở Nội vụ (cơ quan phối hợp) {DEED}.", ["Sở Y tế"],
         ["Sở Nội vụ"]),
        (f"Thanh tra tỉnh là cơ quan chủ trì, cùng với Sở Tư pháp {DEED}.", ["Thanh tra tỉnh"],
         ["Sở Tư pháp"]),
        (f"Trách nhiệm chính là Sở Y tế; UBND các xã, phường phối hợp; {DEED}.", ["Sở Y tế"],
         ["UBND các xã, phường"]),
        ("Công khai giá thuốc tại bệnh viện. Trách nhiệm thực hiện: Sở Y tế phối hợp với Sở Tài "
         "chính.", ["Sở Y tế"], ["Sở Tài chính"]),
        ("Việc khảo sát người bệnh tại 12 bệnh viện do Sở Y tế chủ trì, phối hợp với Sở Nội vụ.",
         ["Sở Y tế"], ["Sở Nội vụ"]),
        ("Trách nhiệm thanh tra việc tuyển dụng viên chức thuộc về Thanh tra tỉnh.",
         ["Thanh tra tỉnh"], []),
        (f"Cơ quan Thường trực Ban Chỉ đạo (Sở Nội vụ) {DEED}.", ["Sở Nội vụ"], []),
        (f"Các cơ quan được phân công tại cột 4 Phụ lục I {DEED}.",
         ["Các cơ quan được phân công tại cột 4 Phụ lục I"], []),
        (f"Ban Quản lý Khu kinh tế Vân Phong và Ban Quản lý các khu công nghiệp {DEED}.",
         ["Ban Quản lý Khu kinh tế Vân Phong", "Ban Quản lý các khu công nghiệp"], []),
        (f"Giao Ban cán sự đảng Ủy ban nhân dân tỉnh lãnh đạo Thanh tra tỉnh {DEED}.",
         ["Ban cán sự đảng Ủy ban nhân dân tỉnh"], []),
        (f"Hiệu trưởng các trường tiểu học {DEED}.", ["các trường tiểu học"], []),
        (f"Cùng với Chỉ số PAPI, giao Sở Tài chính chủ trì {DEED}.", ["Sở Tài chính"], []),
        (f"Thủ trưởng các sở, ban, ngành; Chủ tịch UBND các xã, phường {DEED}.",
         ["các sở, ban, ngành", "UBND các xã, phường"], []),
    ],
)  # fmt: skip
def test_a_duty_names_who_leads_and_who_supports(duty, lead, support):
    (task,) = read_text(f"{PLAN}1. {duty}").tasks
    assert (values(task.lead), values(task.support)) == (lead, support)


def test_a_line_below_a_heading_names_who_leads_its_tasks():
    draft = read_text(
        f"{PLAN}1. Trách nhiệm giải trình\n"
        "Các nhiệm vụ tại mục này do Thanh tra tỉnh chủ trì, phối hợp với Sở Nội vụ.\n"
        "a) Công khai lịch tiếp công dân của người đứng đầu.\n"
        "b) Xây dựng quy chế trả lời đơn thư qua thư điện tử."
    )
    assert [values(task.lead) for task in draft.tasks] == [["Thanh tra tỉnh"]] * 2
    assert [values(task.support) for task in draft.tasks] == [["Sở Nội vụ"]] * 2


def test_a_sentence_that_only_names_the_lead_belongs_to_the_one_before():
    draft = read_text(
        f"{PLAN}a) Công bố bảng giá đất trên trang thông tin của Sở. "
        "Phòng Quản lý đất đai chủ trì, hoàn thành trong tháng 5/2026."
    )
    (task,) = draft.tasks
    assert values(task.lead) == ["Phòng Quản lý đất đai"]
    assert task.deadline.due_on.value == "2026-05-31"


def test_a_party_paper_numbers_its_parts_with_a_dash():
    draft = read_text(
        "KẾ HOẠCH\nNâng cao Chỉ số PAPI năm 2026\nI- NHIỆM VỤ\n1- Quản trị điện tử\n"
        "1.1- Tỉnh đoàn tổ chức 100 đội thanh niên hướng dẫn người dân nộp hồ sơ.\n"
        f"1.2- Đảng ủy Công an tỉnh {DEED}."
    )
    assert [values(task.lead) for task in draft.tasks] == [["Tỉnh đoàn"], ["Đảng ủy Công an tỉnh"]]
    assert [task.number.value for task in draft.tasks] == ["I.1.1", "I.1.2"]


@pytest.mark.parametrize(
    ("cell", "lead"),
    [
        (
            "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và nông nghiệp tỉnh",
            "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và nông nghiệp tỉnh",
        ),
        ("Ban Thường trực Ủy ban MTTQ Việt Nam xã, phường", None),
        ("Bảo hiểm xã hội khu vực XVI", None),
    ],
)
def test_a_long_name_in_a_cell_is_one_agency(printed, cell, lead):
    draft = printed(
        "[[table header=1]]\nTT | Nhiệm vụ | Chủ trì\n"
        f"1 | Sửa chữa đường bị hư hỏng sau bão | {cell}\n[[/]]\n"
    )
    assert values(draft.tasks[0].lead) == [lead or cell]


@pytest.mark.parametrize(
    ("letterhead", "issuer"),
    [
        ("UBND TỈNH GIA LAI\nVĂN PHÒNG", "Văn phòng UBND tỉnh Gia Lai"),
        ("UBND TỈNH GIA LAI\nBỆNH VIỆN ĐA KHOA TỈNH", "Bệnh viện đa khoa tỉnh"),
        ("UBND TỈNH GIA LAI\nSỞ TT&TT", "Sở TT&TT"),
        ("UBND TỈNH GIA LAI\nTRUNG TÂM PHỤC VỤ\nHÀNH CHÍNH CÔNG",
         "Trung tâm phục vụ hành chính công"),
        ("BỘ CÔNG AN\nCÔNG AN TỈNH GIA LAI", "Công an tỉnh Gia Lai"),
        ("UBND TỈNH GIA LAI\nBAN CHỈ ĐẠO CCHC", "Ban Chỉ đạo CCHC"),
    ],
)  # fmt: skip
def test_the_lower_body_of_a_letterhead_issues(letterhead, issuer):
    draft = read_text(
        f"{letterhead}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 14/KH-ABC\n{PLAN}"
        f"1. Sở Nội vụ {DEED}."
    )
    assert draft.document.issuer.value == issuer
