"""What a file holds besides one plan is told: a second one, an appendix alone, no marks."""

import pytest

from plans.reader import read_text

# The reader knows no database.
pytestmark = pytest.mark.embedded

PLAN = (
    "UBND TỈNH {place}\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: {number}\n"
    "{place}, ngày 3 tháng 4 năm 2026\nKẾ HOẠCH\nNâng cao Chỉ số PAPI năm 2026\nI. NHIỆM VỤ\n"
    "1. Sở Nội vụ kiểm tra công vụ cấp xã, hoàn thành trước 30/6/2026.\n"
    "TM. ỦY BAN NHÂN DÂN\nCHỦ TỊCH\nNguyễn Văn An\n"
)


def test_of_two_plans_in_one_file_the_first_is_read_and_both_are_told():
    first = PLAN.format(place="CÀ MAU", number="12/KH-UBND")
    draft = read_text(first + PLAN.format(place="LAI CHÂU", number="98/KH-UBND"))
    assert draft.document.number.value == "12/KH-UBND"
    assert draft.document.province.value == "Cà Mau"
    assert len(draft.tasks) == 1
    assert any("2 văn bản (12/KH-UBND, 98/KH-UBND)" in note for note in draft.notes)


def test_a_plan_that_a_decision_issues_is_no_second_document(printed):
    draft = printed(
        "I. NHIỆM VỤ\n1. Sở Y tế nâng cấp trạm y tế xã.\n> TM. ỦY BAN NHÂN DÂN\n> CHỦ TỊCH\n"
        "= PHỤ LỤC\n= (Kèm theo Kế hoạch số 1412/KH-UBND ngày 12 tháng 3 năm 2026)\n"
        "[[table header=1]]\nTT | Nhiệm vụ | Chủ trì | Thời hạn\n"
        "1 | Kiểm tra công vụ | Sở Nội vụ | Quý II\n[[/]]\n"
    )
    assert len(draft.tasks) == 2
    assert draft.notes == []


def test_an_appendix_alone_says_that_number_and_date_are_missing(printed, tmp_path):
    draft = read_text(
        "PHỤ LỤC\nPHÂN CÔNG NHIỆM VỤ NÂNG CAO CHỈ SỐ PAPI NĂM 2026\n"
        "TT\tNhiệm vụ\tCơ quan chủ trì\tThời gian\n1\tNiêm yết\tUBND cấp xã\tQuý II/2026\n"
    )
    assert draft.document.number.value is None
    assert len(draft.tasks) == 1
    assert any(note.startswith("Tệp chỉ có phụ lục không có số") for note in draft.notes)


@pytest.mark.parametrize(
    "text",
    [
        "KE HOACH\nNang cao Chi so PAPI cua tinh nam 2026\n1. So Noi vu kiem tra cong vu cap xa.",
        "KE^' HOA.CH\nNa^ng cao Chi? so^' PAPI cu?a ti?nh na(m 2026, U?y ban nha^n da^n ca^'p xa~",
    ],
)
def test_text_without_marks_is_read_with_a_warning(text):
    assert any("thiếu dấu" in note for note in read_text(text).notes)


def test_marked_text_has_no_such_warning(printed):
    notes = printed("I. NHIỆM VỤ\n1. Sở Y tế nâng cấp trạm y tế xã.\n").notes
    assert notes == []


def test_a_document_without_tasks_says_so():
    draft = read_text("Mùa xuân về trên khắp bản làng, hoa mận nở trắng núi đồi quê em.")
    assert any("Không tìm thấy bảng nhiệm vụ" in note for note in draft.notes)


def test_many_hundred_tasks_are_all_read_and_counted(printed):
    rows = "".join(
        f"{number} | Nâng cấp trạm y tế xã số {number} | Sở Y tế | Quý II\n"
        for number in range(1, 901)
    )
    draft = printed(f"[[table header=1]]\nTT | Nhiệm vụ | Chủ trì | Thời hạn\n{rows}[[/]]\n", "txt")
    assert len(draft.tasks) == 900
    assert any("900 nhiệm vụ" in note for note in draft.notes)


def test_a_list_in_a_message_gives_tasks_though_no_heading_calls_them_so():
    draft = read_text(
        "Em gửi phần việc trong KH PAPI 2026:\n\n"
        "• Sở Nội vụ: tham mưu kế hoạch tuyên truyền – xong trước 30/4\n"
        "✅ Sở Y tế: công khai giá khám bệnh – quý II\n"
        "👉 UBND các xã: niêm yết danh sách hộ nghèo – thường xuyên\n"
    )
    due = [task.deadline for task in draft.tasks]
    assert [task.lead[0].value for task in draft.tasks] == ["Sở Nội vụ", "Sở Y tế", "UBND các xã"]
    assert [each.due_on.value for each in due] == ["2026-04-30", "2026-06-30", None]
    assert due[0].due_on.certainty == "medium"
    assert due[2].kind.value == "continuous"


def test_a_deputy_who_signed_is_the_signer_and_not_the_issuer():
    draft = read_text(
        "<html><body><h1>Quảng Trị phấn đấu nâng hạng</h1><p>Ngày 12/3/2026, Phó Chủ tịch UBND "
        "tỉnh Hoàng Nam đã ký ban hành Kế hoạch số 1120/KH-UBND về cải thiện Chỉ số PAPI năm 2026."
        "</p></body></html>"
    )
    assert draft.document.issuer.value == "UBND tỉnh Quảng Trị"
    assert draft.document.signer.value == "Hoàng Nam"
