"""The forms plans take, one by one: heads, sections, duties, tables, targets, deadlines."""

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from plans.reader import read, read_text
from plans.reader.agencies import agencies_in, agencies_of_cell
from plans.reader.blocks import flat
from plans.reader.components import component_of_heading, components_in

# The reader knows no database.
pytestmark = pytest.mark.embedded

HEAD = """ỦY BAN NHÂN DÂN
TỈNH BÌNH ĐỊNH
Số: 123/KH-UBND
Bình Định, ngày 8 tháng 6 năm 2023

KẾ HOẠCH
Nâng cao Chỉ số PAPI tỉnh Bình Định năm 2023

"""


def values(found):
    return [each.value for each in found]


def tasks_of(text):
    return read_text(HEAD + text).tasks


def test_flat_text_keeps_its_length_so_that_places_stay_true():
    for text in ("Ủy ban nhân dân tỉnh Đắk Lắk", "“Quý Ⅳ” – ½ … ①", "hoà\u0301a ﬁ"):
        assert len(flat(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Sở Văn hóa, Thể thao và Du lịch, Sở TT&TT",
            ["Sở Văn hóa, Thể thao và Du lịch", "Sở TT&TT"],
        ),
        ("Giám đốc các Sở: Nội vụ, Tư pháp và Y tế", ["Sở Nội vụ", "Sở Tư pháp", "Sở Y tế"]),
        (
            "UBND các huyện, thị xã, thành phố; Sở TC",
            ["UBND các huyện, thị xã, thành phố", "Sở TC"],
        ),
        ("UBND thành phố Phú Quốc", ["UBND thành phố Phú Quốc"]),
        ("Phòng Nội vụ các huyện, thành phố", ["Phòng Nội vụ các huyện, thành phố"]),
        ("Ban Tuyên giáo Tỉnh ủy\nCông an tỉnh", ["Ban Tuyên giáo Tỉnh ủy", "Công an tỉnh"]),
    ],
)
def test_agencies_of_a_cell_are_told_apart(text, names):
    assert [each.name for each in agencies_of_cell(text)] == names


def test_a_group_is_known_as_a_group():
    (group,) = agencies_in("do các sở, ban, ngành thực hiện")
    assert (group.name, group.is_group) == ("các sở, ban, ngành", True)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Công khai minh bạc trong hoạch định chính sách", "D2"),
        ("Chỉ số nội dung 5", "D5"),
        ('Chỉ số nội dung "Trách hiệm giải trình với người dân"', "D3"),
        ("Cung ứng dịch vụ hành chính công", "D6"),
        ("Kiểm soát tham nhũng trong cung ứng dịch vụ công", "S42"),
        ("Y tế công lập", "S61"),
    ],
)
def test_dimensions_are_known_by_variants_and_slips_of_the_pen(text, key):
    assert [each.key for each in component_of_heading(text)] == [key]


def test_the_words_of_daily_work_are_no_dimension():
    assert components_in("thực hiện công khai, minh bạch và cung ứng dịch vụ công") == []


def test_a_duty_gives_lead_supporters_deadline_and_deed():
    (task,) = tasks_of(
        "II. NHIỆM VỤ\n1. Sở Nội vụ chủ trì, phối hợp với Sở Tư pháp, Công an tỉnh kiểm tra "
        "công vụ tại 20 xã, hoàn thành trước ngày 30/9/2023."
    )
    assert values(task.lead) == ["Sở Nội vụ"]
    assert values(task.support) == ["Sở Tư pháp", "Công an tỉnh"]
    assert task.deadline.due_on.value == "2023-09-30"
    assert str(task.text.value).startswith("Kiểm tra công vụ tại 20 xã")
    assert task.number.value == "II.1"


def test_labelled_lines_below_a_task_belong_to_it():
    (task,) = tasks_of(
        "II. NHIỆM VỤ\n1. Quản trị điện tử\na) Cập nhật Cổng thông tin điện tử tỉnh.\n"
        "- Cơ quan chủ trì: Sở Thông tin và Truyền thông.\n- Cơ quan phối hợp: các sở, ngành.\n"
        "- Thời gian hoàn thành: Quý III/2023.\n- Sản phẩm: Báo cáo."
    )
    assert values(task.lead) == ["Sở Thông tin và Truyền thông"]
    assert values(task.support) == ["các sở, ngành"]
    assert (task.deadline.due_on.value, task.product.value) == ("2023-09-30", "Báo cáo")
    assert values(task.components) == ["D8"]


def test_lines_under_the_name_of_an_agency_are_its_duties():
    first, second = tasks_of(
        "III. TỔ CHỨC THỰC HIỆN\n1. Sở Tài chính:\n- Bố trí kinh phí thực hiện Kế hoạch.\n"
        "đ) Lưu hồ sơ điện tử thay bản giấy."
    )
    assert values(first.lead) == values(second.lead) == ["Sở Tài chính"]


def test_the_usual_closing_sentences_are_no_tasks():
    assert (
        tasks_of(
            "III. TỔ CHỨC THỰC HIỆN\nTrong quá trình thực hiện, nếu có vướng mắc, các cơ quan báo "
            "cáo UBND tỉnh.\nYêu cầu Thủ trưởng các sở, ban, ngành nghiêm túc triển khai thực hiện."
        )
        == []
    )


@pytest.mark.parametrize(
    ("sentence", "kind", "due_on", "recurrence"),
    [
        ("hoàn thành trong tháng 8/2023", "period", "2023-08-31", None),
        ("xong trước 15/11", "date", "2023-11-15", None),
        ("hoàn thành quý IV năm 2023", "period", "2023-12-31", None),
        ("định kỳ 6 tháng", "recurring", None, "half_yearly"),
        ("thực hiện thường xuyên", "continuous", None, None),
        ("chậm nhất ngày 20 tháng 12 năm 2023", "date", "2023-12-20", None),
    ],
)
def test_deadlines_stand_in_sentences(sentence, kind, due_on, recurrence):
    (task,) = tasks_of(f"II. NHIỆM VỤ\n1. Sở Y tế niêm yết giá khám tại các trạm y tế, {sentence}.")
    deadline = task.deadline
    assert (deadline.kind.value, deadline.due_on.value) == (kind, due_on)
    assert deadline.recurrence.value == recurrence


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        ("Chỉ số PAPI tăng ít nhất 05 bậc so với năm 2022", ("rank_up", ">=", 5)),
        ("Chỉ số PAPI đạt từ 45,33 điểm trở lên", ("score", ">=", 45.33)),
        ("Chỉ số PAPI nằm trong nhóm 20 của cả nước", ("rank", "<=", 20)),
        ("Chỉ số PCI xếp vị trí 10 - 15/63", ("rank", "in", "10..15")),
        ("PAPI thuộc nhóm trung bình cao trở lên", ("group", ">=", "upper_middle")),
        ("duy trì Chỉ số PAPI thuộc nhóm điểm cao nhất", ("group", "=", "highest")),
        ("Chỉ số SIPAS đạt trên 85%", ("score", ">", 85.0)),
    ],
)
def test_targets_are_read_in_their_grammar(sentence, told):
    (target,) = read_text(f"{HEAD}I. MỤC TIÊU\n- {sentence}.").targets
    assert (target.metric.value, target.op.value, target.value.value) == told


def test_what_is_told_of_past_years_is_no_target():
    text = "Năm 2022, Chỉ số PAPI đạt 39,14 điểm, xếp thứ 45/61, giảm 3,02 điểm so với năm 2021."
    assert read_text(HEAD + text).targets == []


def test_documents_named_do_not_become_the_number_of_the_plan():
    draft = read_text(
        "KẾ HOẠCH\nNâng cao Chỉ số PAPI năm 2023\nCăn cứ Nghị quyết số 05-NQ/TU ngày 1/2/2023;\n"
        "I. NHIỆM VỤ\n1. Sở Nội vụ triển khai Chỉ thị số 17/CT-UBND. Kế hoạch này thay thế Kế "
        "hoạch số 45/KH-UBND ngày 10/3/2022."
    )
    assert draft.document.number.value is None
    assert values(draft.based_on) == ["05-NQ/TU"]
    assert values(draft.cited) == ["17/CT-UBND", "45/KH-UBND"]
    assert values(draft.supersedes) == ["45/KH-UBND"]


def word_plan(path):
    """A plan as Word holds it: merged cells, two header rows, group rows."""
    document = Document()
    for line in HEAD.strip().split("\n"):
        paragraph = document.add_paragraph()
        paragraph.add_run(line).bold = True
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    rows = [
        ["TT", "Nội dung nhiệm vụ", "Cơ quan thực hiện", "", "Thời gian hoàn thành"],
        ["", "", "Chủ trì", "Phối hợp", ""],
        ["I", "Quản trị môi trường", "", "", ""],
        ["1", "Lắp trạm quan trắc nước", "Sở TN&MT", "UBND cấp xã", "Quý IV/2023"],
        ["2", "Thu gom rác ven sông", "Sở TN&MT", "Công an tỉnh", ""],
    ]
    table = document.add_table(rows=len(rows), cols=5)
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 2).merge(table.cell(0, 3))
    for column in (0, 1, 4):
        table.cell(0, column).merge(table.cell(1, column))
    table.cell(2, 1).merge(table.cell(2, 4))
    table.cell(3, 4).merge(table.cell(4, 4))
    document.save(path)
    return path


def test_a_word_table_with_merged_cells_gives_each_row_what_covers_it(tmp_path):
    first, second = read(word_plan(tmp_path / "plan.docx")).tasks
    assert (first.number.value, second.number.value) == ("I.1", "I.2")
    assert values(first.lead) == ["Sở TN&MT"]
    assert values(second.support) == ["Công an tỉnh"]
    assert first.deadline.due_on.value == second.deadline.due_on.value == "2023-12-31"
    assert values(second.components) == ["D7"]
    assert (second.text.table, second.text.row, second.text.column) == (0, 4, 1)


def test_pasted_text_of_zalo_is_read_like_the_document():
    bullets = tasks_of("II. NHIỆM VỤ\n\uf0b7 Công khai\u00a0danh sách hộ nghèo tại nhà văn hóa.")
    assert [task.text.value for task in bullets] == ["Công khai danh sách hộ nghèo tại nhà văn hóa"]


def test_a_decision_keeps_its_own_signature_and_gives_the_tasks_of_what_it_issues():
    draft = read_text(
        "ỦY BAN NHÂN DÂN\nTỈNH BÌNH ĐỊNH\nSố: 22/QĐ-UBND\nBình Định, ngày 16 tháng 10 năm 2017\n"
        "QUYẾT ĐỊNH\nBan hành Chương trình nâng cao Chỉ số PAPI giai đoạn 2017-2020\n"
        "CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH BÌNH ĐỊNH\n"
        "Xét đề nghị của Giám đốc Sở Nội vụ tại Tờ trình số 50/TTr-SNV ngày 02/10/2017,\n"
        "Điều 1. Ban hành kèm theo Quyết định này Chương trình nâng cao Chỉ số PAPI.\n"
        "Điều 2. Giao Sở Nội vụ chủ trì triển khai, đôn đốc việc thực hiện.\n"
        "Điều 3. Chánh Văn phòng UBND tỉnh chịu trách nhiệm thi hành Quyết định này.\n"
        "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nĐặng Minh Phóng\n"
        "CHƯƠNG TRÌNH\nNâng cao Chỉ số PAPI\n(Ban hành kèm theo Quyết định số 22/QĐ-UBND)\n"
        "I. NHIỆM VỤ\n1. Sở Y tế xây dựng trạm y tế đạt chuẩn trong năm 2019."
    )
    assert draft.document.kind.value == "Quyết định"
    assert draft.document.signer.value == "Đặng Minh Phóng"
    assert draft.signer_capacity.value == "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH"
    assert values(draft.based_on) == ["50/TTr-SNV"]
    assert [str(task.text.value)[:9] for task in draft.tasks] == ["Triển kha", "Xây dựng "]


def test_a_party_paper_is_issued_by_the_body_below_its_kind():
    draft = read_text(
        "TỈNH ỦY BÌNH THUẬN\n*\nSố 11-CT/TU\nPhan Thiết, ngày 07 tháng 9 năm 2021\nCHỈ THỊ\n"
        "CỦA BAN THƯỜNG VỤ TỈNH ỦY\nvề nâng cao Chỉ số PAPI giai đoạn 2021-2025\n"
        "1. Ban Cán sự đảng UBND tỉnh chỉ đạo xây dựng kế hoạch, hoàn thành trong quý IV/2021."
    )
    assert draft.document.number.value == "11-CT/TU"
    assert draft.document.issuer.value == "Ban Thường vụ Tỉnh ủy Bình Thuận"
    assert draft.document.province.value == "Bình Thuận"
    (task,) = draft.tasks
    assert values(task.lead) == ["Ban Cán sự đảng UBND tỉnh"]


def test_the_year_a_directive_reports_on_is_not_its_period():
    draft = read_text(
        "ỦY BAN NHÂN DÂN TỈNH HƯNG YÊN\nSố: 06/CT-UBND\nHưng Yên, ngày 17 tháng 5 năm 2019\n"
        "CHỈ THỊ\nVề việc nâng cao Chỉ số PAPI\nNăm 2018, Chỉ số PAPI của tỉnh xếp thứ 49/63.\n"
        "1. Sở Nội vụ tham mưu kế hoạch năm 2019 - 2020 trước ngày 30/6."
    )
    assert draft.period.from_on.value is None
    assert draft.targets == []
    assert draft.tasks[0].deadline.due_on.value == "2019-06-30"
    assert draft.tasks[0].deadline.is_inferred.value is True
    assert draft.tasks[0].deadline.due_on.certainty == "medium"


def test_the_name_of_the_site_is_weak_proof_of_the_province():
    draft = read_text(
        "<html><body><header>UBND tỉnh Gia Lai</header><article><p>Ngày 17/12/2021, Sở Nội vụ ban "
        "hành Kế hoạch số 19/KH-SNV về nâng cao Chỉ số PAPI năm 2022.</p></article></body></html>"
    )
    assert draft.document.number.value == "19/KH-SNV"
    assert draft.document.province.value == "Gia Lai"
    assert draft.document.province.certainty == "low"


def test_the_layout_gives_the_document_again_piece_by_piece(tmp_path):
    draft = read(word_plan(tmp_path / "plan.docx"))
    texts = [draft.source[piece.start : piece.end] for piece in draft.layout]
    assert "".join(f"{text}\n" for text in texts) == draft.source
    assert [piece.is_bold and piece.is_centred for piece in draft.layout[:6]] == [True] * 6
    place = dict(zip(texts, draft.layout, strict=True))
    due, heading = place["Quý IV/2023"], place["Quản trị môi trường"]
    assert (due.table, due.row, due.column, due.row_span) == (0, 3, 4, 2)
    assert (heading.row, heading.column_span) == (2, 4)
