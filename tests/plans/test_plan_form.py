"""Entering, editing and throwing away the head of a plan."""

from datetime import date

import pytest

from indicators.models import Index
from plans.models import Plan
from plans.states import PlanStatus
from tests.factories import (
    make_agency,
    make_papi,
    make_plan,
    make_task,
    token,
)

pytestmark = pytest.mark.django_db


def plan_form(home, **fields):
    return {
        "token": token(),
        "province": home.pk,
        "kind": "KH",
        "number": "149/KH-UBND",
        "issued_on": "30/3/2021",
        "title": "Nâng cao chỉ số PAPI năm 2021",
        "issuer": "UBND tỉnh Lào Cai",
        "signer_title": "Chủ tịch",
        "signer_name": "Trịnh Xuân Trường",
        "period_start": "1/1/2021",
        "period_end": "31/12/2021",
        "monitor": "snv",
        "indices": [make_papi().pk],
        "based_on": "",
        "targets": "Tăng ít nhất 05 bậc so với năm 2020\nDuy trì nhóm cao nhất",
        **fields,
    }


def test_a_plan_is_entered_as_on_paper(office, office_client):
    answer = office_client.post("/ke-hoach/them/", plan_form(office.agency.province))
    plan = Plan.objects.get()
    assert answer.url == f"/ke-hoach/{plan.pk}/nhiem-vu/"
    assert (plan.number, plan.issued_on, plan.year) == ("149/KH-UBND", date(2021, 3, 30), 2021)
    assert plan.monitor == office.agency
    assert plan.status == PlanStatus.DRAFT
    first, second = plan.targets.all()
    assert (first.metric, first.value, first.baseline_year) == ("rank_up", 5, 2020)
    assert (second.metric, second.group, second.is_kept) == ("group", "highest", True)


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"number": "149 KH UBND gì đó"}, "number", "149/KH-UBND"),
        ({"number": "149/QĐ-UBND"}, "kind", "Quyết định"),
        ({"issued_on": "31/02/2022"}, "issued_on", "28 ngày"),
        ({"issued_on": "1/6/26"}, "issued_on", "2026"),
        ({"issued_on": "??/12/2026"}, "issued_on", "Chưa điền ngày"),
        ({"period_end": "31/12/2020"}, "period_end", "trước ngày bắt đầu"),
        ({"title": ""}, "title", ""),
        ({"title": "\u200b"}, "title", ""),
        ({"title": "a\x00b"}, "title", "NUL"),
        ({"title": "x" * 501}, "title", "500"),
        ({"monitor": "Sở Không Có"}, "monitor", "Sở Nội vụ"),
        ({"province": "0"}, "province", ""),
        ({"indices": []}, "indices", ""),
        ({"indices": ["abc"]}, "indices", ""),
    ],
)
def test_a_wrong_field_is_named_in_vietnamese_the_text_stays_and_nothing_is_saved(
    office, office_client, fields, field, message
):
    sent = plan_form(office.agency.province, **fields)
    answer = office_client.post("/ke-hoach/them/", sent)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert field in form.errors
    assert message in " ".join(form.errors[field])
    assert "Trịnh Xuân Trường" in answer.text
    assert not Plan.objects.exists()


def test_a_second_plan_of_the_same_number_in_the_year_is_refused(office, office_client):
    office_client.post("/ke-hoach/them/", plan_form(office.agency.province))
    answer = office_client.post(
        "/ke-hoach/them/", plan_form(office.agency.province, title="Kế hoạch khác")
    )
    assert answer.status_code == 422
    assert "149/KH-UBND" in answer.context["form"].errors["number"][0]
    assert Plan.objects.count() == 1


def test_the_same_form_sent_twice_makes_one_plan_and_leads_to_it(office, office_client):
    sent = plan_form(office.agency.province, number="")
    first = office_client.post("/ke-hoach/them/", sent)
    second = office_client.post("/ke-hoach/them/", sent)
    assert first.url == second.url
    assert Plan.objects.count() == 1


def test_a_token_sent_again_with_another_text_is_refused_with_the_text_kept(office, office_client):
    sent = plan_form(office.agency.province, number="")
    office_client.post("/ke-hoach/them/", sent)
    answer = office_client.post("/ke-hoach/them/", {**sent, "title": "Tên khác"})
    assert answer.status_code == 422
    assert "Tên khác" in answer.text
    assert Plan.objects.count() == 1


def test_a_province_that_had_ended_by_the_day_of_the_plan_is_named(office, office_client):
    home = office.agency.province
    home.valid_to = date(2020, 12, 31)
    home.save()
    answer = office_client.post("/ke-hoach/them/", plan_form(home))
    assert answer.status_code == 422
    assert "30/03/2021" in answer.context["form"].errors["province"][0]
    assert "149/KH-UBND" in answer.text


def test_a_token_sent_again_with_another_choice_of_several_is_refused(office, office_client):
    other = Index.objects.create(code="PAR INDEX", name="Chỉ số cải cách hành chính")
    sent = plan_form(office.agency.province, indices=[other.pk, make_papi().pk])
    office_client.post("/ke-hoach/them/", sent)
    answer = office_client.post("/ke-hoach/them/", {**sent, "indices": [make_papi().pk]})
    assert answer.status_code == 422


def test_the_agency_that_watches_must_have_existed_on_the_day_of_the_plan(office, office_client):
    make_agency(province=office.agency.province, name="Ban Cải cách", valid_to=date(2020, 1, 1))
    answer = office_client.post(
        "/ke-hoach/them/", plan_form(office.agency.province, monitor="Ban Cải cách")
    )
    assert "01/01/2020" in answer.context["form"].errors["monitor"][0]


def test_the_second_of_two_editors_of_a_plan_gets_409_and_both_texts(office, office_client):
    province = office.agency.province
    plan = make_plan(province=province, monitor=office.agency, title="Bản gốc")
    sent = plan_form(province, number="", version=1)
    url = f"/ke-hoach/{plan.pk}/sua/"
    assert office_client.post(url, {**sent, "title": "Của A"}).status_code == 302
    answer = office_client.post(url, {**sent, "token": token(), "title": "Của B"})
    assert answer.status_code == 409
    assert "Của A" in answer.text
    assert "Của B" in answer.text
    assert Plan.objects.get().title == "Của A"
    again = {**sent, "token": token(), "title": "Của B", "version": 2}
    assert office_client.post(url, again).status_code == 302
    assert Plan.objects.get().title == "Của B"


def test_a_draft_can_be_thrown_away_and_history_keeps_it(office_client, province):
    plan = make_plan(province=province)
    make_task(plan=plan)
    assert office_client.post(f"/ke-hoach/{plan.pk}/xoa/").url == "/ke-hoach/"
    assert not Plan.objects.exists()
    assert Plan.history.filter(id=plan.pk).exists()


def test_a_plan_that_was_given_out_is_not_thrown_away(office_client, province):
    plan = make_plan(province=province, status=PlanStatus.ACTIVE)
    assert office_client.post(f"/ke-hoach/{plan.pk}/xoa/").url == plan.get_absolute_url()
    assert Plan.objects.exists()


def test_a_newcomer_finds_every_way_to_add_a_plan_in_one_place(office, office_client):
    earlier = make_plan(
        province=office.agency.province, number="20/KH-UBND", status=PlanStatus.ACTIVE
    )
    page = office_client.get("/ke-hoach/them/").content.decode()
    for address in (
        "/ke-hoach/doc-van-ban/",
        "/nhap-bang-tinh/mau/nhiem-vu/",
        f"/ke-hoach/{earlier.pk}/chuyen-tiep/",
    ):
        assert f'href="{address}"' in page
    assert "Lưu và nhập từ Excel" in page


def test_a_head_saved_for_a_sheet_leads_to_the_sheet_once(office, office_client):
    form = plan_form(office.agency.province, then="bang-tinh")
    answers = [office_client.post("/ke-hoach/them/", form) for _ in range(2)]
    plan = Plan.objects.get()
    assert [answer.url for answer in answers] == [f"/ke-hoach/{plan.pk}/nhap-bang-tinh/"] * 2


@pytest.mark.parametrize(("today", "year"), [("2026-09-30", 2026), ("2026-10-01", 2027)])
def test_the_form_begins_with_what_an_office_usually_types(
    office, office_client, time_machine, today, year
):
    time_machine.move_to(f"{today}T08:00:00+07:00")
    page = office_client.get("/ke-hoach/them/").content.decode()
    for value in ("UBND tỉnh Lào Cai", "Sở Nội vụ", f"01/01/{year}", f"31/12/{year}"):
        assert f'value="{value}"' in page


def test_a_number_in_use_names_the_plan_that_has_it(office, office_client):
    make_plan(province=office.agency.province, number="149/KH-UBND", year=2021, title="Kế hoạch cũ")
    answer = office_client.post("/ke-hoach/them/", plan_form(office.agency.province))
    assert answer.status_code == 422
    assert "“Kế hoạch cũ” (đang soạn)" in answer.content.decode()
