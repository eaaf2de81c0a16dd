"""The plan as a document: as drafted, as issued, with who does what."""

from datetime import date

import pytest

from agencies.states import AgencyKind
from plans.models import Plan, Target
from plans.reports import periods
from plans.reports.kinds import KINDS
from plans.reports.paper import Manner
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from plans.states import PlanStatus
from tests.factories import make_agency, make_dimension, make_group, make_plan, make_task
from tests.reports.conftest import NOW, TODAY
from tests.reports.contents import paper_of, words_of

pytestmark = pytest.mark.django_db


def scope_of(plan):
    return Scope(ReportKind.PLAN, plan.province, periods.custom(date(2026, 6, 1), TODAY), plan)


@pytest.fixture
def draft(home):
    return make_plan(
        province=home.province,
        number="",
        issued_on=None,
        title="Kế hoạch nâng cao Chỉ số PAPI năm 2026",
        based_on="Kết luận 95-KL/TU; Căn cứ Nghị quyết 12/NQ-HĐND",
        monitor=home.monitor,
    )


def test_a_draft_has_room_for_its_number_and_is_marked(draft, home):
    make_task(plan=draft, lead_agency=home.agency)
    paper = paper_of(scope_of(draft), NOW)
    assert paper.kind == "KẾ HOẠCH"
    assert paper.about == ("Nâng cao Chỉ số PAPI năm 2026",)
    assert paper.head.issuer == ("ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI")
    assert paper.head.number.endswith("/KH-UBND")
    assert paper.marks == ("DỰ THẢO",)
    assert paper.notices == ()


def test_a_plan_that_was_issued_keeps_its_own_number_day_and_signer(plan, home, give):
    give()
    Plan.objects.filter(pk=plan.pk).update(
        signer_name="Trịnh Xuân Trường", signer_title="Phó Chủ tịch"
    )
    paper = paper_of(scope_of(Plan.objects.get(pk=plan.pk)), NOW)
    assert paper.head.number == "Số: 149/KH-UBND"
    assert paper.head.day == "Lào Cai, ngày 30 tháng 3 năm 2026"
    assert paper.foot.signer == ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH")
    assert paper.foot.name == "Trịnh Xuân Trường"
    assert paper.marks == ()
    assert "văn bản đã ký là bản gốc" in paper.notices[0]


@pytest.mark.parametrize(
    ("issuer", "lines", "number", "signer"),
    [
        (
            "Chủ tịch UBND tỉnh Lào Cai",
            ("ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI"),
            "/KH-CTUBND",
            ("CHỦ TỊCH",),
        ),
        ("Sở Nội vụ", ("SỞ NỘI VỤ",), "/KH-SNV", ("GIÁM ĐỐC",)),
    ],
)
def test_the_issuer_writes_under_its_own_name(draft, home, issuer, lines, number, signer):
    make_task(plan=draft, lead_agency=home.agency)
    Plan.objects.filter(pk=draft.pk).update(issuer=issuer)
    paper = paper_of(scope_of(Plan.objects.get(pk=draft.pk)), NOW)
    assert (paper.head.issuer, paper.foot.signer) == (lines, signer)
    assert paper.head.number.endswith(number)


def test_legal_grounds_end_with_semicolons_and_a_full_stop(draft, home):
    make_task(plan=draft, lead_agency=home.agency)
    texts = {"basis": "Luật Tổ chức chính quyền địa phương;"}
    paper = paper_of(scope_of(draft), NOW, texts=texts)
    assert [one.text for one in paper.body if getattr(one, "manner", "") == Manner.BASIS] == [
        "Căn cứ Kết luận 95-KL/TU;",
        "Căn cứ Nghị quyết 12/NQ-HĐND;",
        "Căn cứ Luật Tổ chức chính quyền địa phương.",
    ]


def test_sections_are_numbered_as_they_come(draft, home):
    make_task(plan=draft, lead_agency=home.agency)

    def heads(**parts):
        paper = paper_of(scope_of(draft), NOW, **parts)
        return [one.text for one in paper.body if getattr(one, "level", 0) == 1]

    assert heads() == ["I. NHIỆM VỤ, GIẢI PHÁP", "II. TỔ CHỨC THỰC HIỆN"]
    Target.objects.create(plan=draft, position=1, text="Tăng ít nhất 05 bậc")
    assert heads(texts={"purpose": "Nâng cao.", "budget": "Ngân sách."}) == [
        "I. MỤC ĐÍCH, YÊU CẦU",
        "II. MỤC TIÊU",
        "III. NHIỆM VỤ, GIẢI PHÁP",
        "IV. KINH PHÍ THỰC HIỆN",
        "V. TỔ CHỨC THỰC HIỆN",
    ]


def test_who_leads_is_told_with_the_numbers_and_who_is_asked_is_asked(draft, home):
    front = make_agency(
        name="Ủy ban Mặt trận", province=home.province, kind=AgencyKind.FRONT, is_requested=True
    )
    group = make_group(members=[home.agency, home.monitor], name="các sở, ban, ngành")
    make_task(plan=draft, lead_agency=home.agency, number_in_plan="1.1", supporters=[front])
    make_task(plan=draft, lead_agency=home.agency, number_in_plan="1.2")
    make_task(plan=draft, lead_group=group, number_in_plan="1.3", supporters=[home.agency])
    words = words_of(paper_of(scope_of(draft), NOW))
    assert "1. Các sở, ban, ngành: chủ trì nhiệm vụ số 1.3." in words
    assert (
        "2. Sở Tài chính: chủ trì nhiệm vụ số 1.1 và 1.2; phối hợp thực hiện nhiệm vụ số 1.3."
        in words
    )
    assert "3. Đề nghị Ủy ban Mặt trận quan tâm, phối hợp thực hiện nhiệm vụ số 1.1." in words
    assert (
        "Sở Nội vụ theo dõi"
        in words[
            words.index("3. Đề nghị Ủy ban Mặt trận quan tâm, phối hợp thực hiện nhiệm vụ số 1.1.")
            + 1
        ]
    )


def test_the_appendix_has_every_task_with_its_words(draft, home):
    make_task(
        plan=draft,
        lead_agency=home.agency,
        number_in_plan="7",
        name="Công khai quy hoạch",
        product="Bản đồ",
        supporters_text="Các xã",
        deadline_text="Quý III/2026",
    )
    table = paper_of(scope_of(draft), NOW).appendices[0].blocks[0]
    assert [cell.text for cell in table.rows[1].cells] == [
        *("7", "Công khai quy hoạch", "Sở Tài chính", "Các xã", "Bản đồ", "Quý III/2026")
    ]


def test_a_task_stands_in_the_appendix_and_the_body_counts_it(draft, home):
    for number in (1, 2):
        dimension = make_dimension(number)
        for place in range(number):
            make_task(
                plan=draft,
                dimension=dimension,
                lead_agency=home.agency,
                number_in_plan=f"{number}.{place + 1}",
                name=f"Công khai việc {number}.{place + 1}",
            )
    texts = {"solutions": "Tăng cường tuyên truyền."}
    words = words_of(paper_of(scope_of(draft), NOW, texts=texts))
    assert words.count("Công khai việc 2.1") == 1
    told = words.index("Tăng cường tuyên truyền.") + 1
    assert "Kế hoạch có 3 nhiệm vụ" in words[told]
    assert [line.split(": ")[1] for line in words[told + 1 : told + 3]] == [
        "1 nhiệm vụ.",
        "2 nhiệm vụ.",
    ]


def test_the_text_opens_with_who_issues_what(draft, home):
    make_task(plan=draft, lead_agency=home.agency)
    assert (
        "UBND tỉnh Lào Cai ban hành Kế hoạch nâng cao Chỉ số PAPI năm 2026, cụ thể như sau:"
        in words_of(paper_of(scope_of(draft), NOW))
    )


def test_a_decision_is_printed_as_a_decision(draft, home):
    make_task(plan=draft, lead_agency=home.agency)
    Plan.objects.filter(pk=draft.pk).update(kind="QĐ", status=PlanStatus.DRAFT)
    paper = paper_of(scope_of(Plan.objects.get(pk=draft.pk)), NOW)
    assert paper.kind == "QUYẾT ĐỊNH"
    assert paper.head.number.endswith("/QĐ-UBND")


def test_a_group_that_leads_counts_once_whatever_its_size(draft, home):
    members = [make_agency(name=f"UBND xã {n}", province=home.province) for n in range(5)]
    group = make_group(members=members, name="UBND các xã, phường")
    make_task(plan=draft, lead_group=group)
    figures = KINDS[ReportKind.PLAN].read(scope_of(draft), NOW)
    assert [one["name"] for one in figures["agencies"]] == ["UBND các xã, phường"]
