"""The letter that urges: who is urged, who is only asked, what is not theirs to answer."""

from datetime import date

import pytest

from agencies.states import AgencyKind
from plans.models import Plan
from plans.reminders.working_days import NATIONAL
from plans.reports import periods
from plans.reports.content import ContentError
from plans.reports.kinds import KINDS
from plans.reports.kinds.urging import ADDRESSEES_NAMED, LINES_IN_LETTER
from plans.reports.scope import Scope
from plans.reports.states import ReportKind
from plans.states import Status
from tests.factories import make_agency
from tests.reports.conftest import NOW, TODAY
from tests.reports.contents import content_of, paper_of, words_of

pytestmark = pytest.mark.django_db

PAST = date(2026, 5, 31)


def scope_of(plan, *agencies):
    period = periods.custom(date(2026, 6, 1), TODAY)
    return Scope(ReportKind.URGING, plan.province, period, plan, agencies)


def read(plan, *agencies):
    return KINDS[ReportKind.URGING].read(scope_of(plan, *agencies), NOW)


def suggested(plan):
    return KINDS[ReportKind.URGING].suggest(content_of(scope_of(plan), NOW))["request"]


def test_a_letter_has_no_kind_but_a_subject_and_its_symbol_no_type(plan, home, give):
    give(due_on=PAST)
    paper = paper_of(scope_of(plan, home.agency), NOW)
    assert paper.is_letter
    assert paper.about == ("V/v đôn đốc thực hiện Kế hoạch số 149/KH-UBND ngày 30/3/2026",)
    assert paper.head.number.endswith("/SNV")
    assert paper.addressees == ("Sở Tài chính",)
    assert paper.foot.signer == ("GIÁM ĐỐC",)


def test_few_lines_of_one_agency_stand_in_the_letter_more_in_an_appendix(plan, home, give):
    for _ in range(LINES_IN_LETTER):
        give(due_on=PAST)
    short = paper_of(scope_of(plan, home.agency), NOW)
    assert short.appendices == ()
    assert len(short.tables()[0].rows) == LINES_IN_LETTER
    give(due_on=PAST)
    long = paper_of(scope_of(plan, home.agency), NOW)
    assert len(long.appendices) == 1
    assert "nêu trên" not in " ".join(words_of(long))


def test_several_agencies_are_one_letter_with_a_list_agency_by_agency(plan, home, give):
    other = make_agency(name="Sở Y tế", province=home.province)
    give(due_on=PAST)
    give(due_on=PAST, agency=other)
    paper = paper_of(scope_of(plan), NOW)
    assert paper.addressees == ("Sở Tài chính", "Sở Y tế")
    table = paper.appendices[0].blocks[0]
    heads = [row.cells[0].text for row in table.rows if len(row.cells) == 1]
    assert heads == ["Sở Tài chính (1 phần việc)", "Sở Y tế (1 phần việc)"]


def test_a_crowd_is_addressed_by_the_list(plan, home, give):
    for number in range(ADDRESSEES_NAMED + 1):
        agency = make_agency(name=f"UBND xã {number}", province=home.province)
        give(due_on=PAST, agency=agency)
    paper = paper_of(scope_of(plan), NOW)
    assert paper.addressees == (
        f"{ADDRESSEES_NAMED + 1} cơ quan, đơn vị có tên trong danh sách kèm theo",
    )


def test_only_the_chosen_agencies_that_are_late_are_addressed(plan, home, give):
    other = make_agency(name="Sở Y tế", province=home.province)
    third = make_agency(name="Sở Tư pháp", province=home.province)
    give(due_on=PAST)
    give(agency=other, due_on=date(2026, 7, 1))
    give(agency=third, due_on=PAST)
    assert [one["agency"] for one in read(plan, home.agency, other)["letters"]] == ["Sở Tài chính"]


def test_what_waits_for_confirmation_is_not_urged(plan, home, give):
    give(due_on=PAST, status=Status.REPORTED, percent_done=100)
    with pytest.raises(ContentError, match="không có gì để đôn đốc"):
        read(plan)


def test_the_monitor_writes_no_letter_to_itself(plan, home, give):
    give(due_on=PAST, agency=home.monitor)
    with pytest.raises(ContentError):
        read(plan, home.monitor)


def test_nothing_overdue_is_refused_with_the_reason(plan, home, give):
    give(due_on=TODAY)
    with pytest.raises(ContentError, match="15/6/2026"):
        read(plan, home.agency)


def test_bodies_that_are_only_asked_are_asked_politely(plan, mixed):
    figures = read(plan, mixed.front)
    assert figures["letters"] == []
    paper = paper_of(scope_of(plan, mixed.front), NOW)
    words = " ".join([*paper.about, *words_of(paper)])
    assert "quan tâm, phối hợp thực hiện" in words
    assert "uá hạn" not in words
    assert "đôn đốc" not in words
    assert "khẩn trương" not in words.lower()


def test_the_answer_is_due_on_a_working_day_after_today(plan, home, give):
    give(due_on=PAST)
    day = date.fromisoformat(read(plan)["answer_by"])
    assert 10 <= (day - TODAY).days <= 20
    assert NATIONAL.is_working_day(day)


def test_words_of_people_stand_instead_of_the_request(plan, home, give):
    give(due_on=PAST)
    texts = {"request": "Đề nghị trả lời trước ngày 30/6/2026."}
    words = " ".join(words_of(paper_of(scope_of(plan), NOW, texts=texts)))
    assert "trước ngày 30/6/2026" in words
    assert "Khẩn trương rà soát" not in words


@pytest.mark.parametrize(
    ("kind", "name", "issuer", "signer", "symbol"),
    [
        (
            AgencyKind.OFFICE,
            "Văn phòng UBND tỉnh",
            ("ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI"),
            ("TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"),
            "/UBND-VP",
        ),
        (
            AgencyKind.COMMITTEE,
            "UBND tỉnh Lào Cai",
            ("ỦY BAN NHÂN DÂN", "TỈNH LÀO CAI"),
            ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
            "/UBND",
        ),
    ],
)
def test_the_office_signs_by_order_and_the_committee_for_itself(
    plan, home, give, kind, name, issuer, signer, symbol
):
    give(due_on=PAST)
    monitor = make_agency(name=name, kind=kind, province=home.province)
    Plan.objects.filter(pk=plan.pk).update(monitor=monitor)
    paper = paper_of(scope_of(Plan.objects.get(pk=plan.pk)), NOW)
    assert (paper.head.issuer, paper.foot.signer) == (issuer, signer)
    assert paper.head.number.endswith(symbol)
    # Who stands above orders.
    words = " ".join(words_of(paper))
    assert "Ủy ban nhân dân tỉnh Lào Cai yêu cầu Sở Tài chính:" in words
    assert "nghiêm túc thực hiện" in words
    assert "đề nghị" not in words
    # What is offered to be written instead says it as whoever signs does.
    [offered, *_others] = suggested(Plan.objects.get(pk=plan.pk))
    assert "Ủy ban nhân dân tỉnh Lào Cai yêu cầu" in offered


def test_an_agency_asks_its_peers_and_tells_the_committee(plan, home, give):
    give(due_on=PAST)
    paper = paper_of(scope_of(plan), NOW)
    words = " ".join(words_of(paper))
    assert "Sở Nội vụ đề nghị Sở Tài chính:" in words
    assert "yêu cầu" not in words
    assert "UBND tỉnh Lào Cai (để báo cáo)" in paper.foot.recipients
    assert "Sở Nội vụ đề nghị" in suggested(plan)[0]
