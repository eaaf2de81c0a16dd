"""The list of agencies of a day, one agency, and its names."""

import re
from datetime import date

import pytest

from agencies.models import Agency, Succession
from agencies.states import AgencyKind, Role, SuccessionKind
from tests.factories import make_agency, make_group, make_post

pytestmark = pytest.mark.django_db


def names(response):
    return [row.name for row in response.context["agencies"]]


@pytest.mark.parametrize("typed", ["so tttt", "stttt", "THÔNG TIN truyền", "so tt&tt"])
def test_an_agency_is_found_as_people_type_it(client_of, head, province, typed):
    make_agency(province=province, name="Sở Thông tin và Truyền thông", short_name="Sở TT&TT")
    assert names(client_of(head).get("/co-quan/", {"q": typed})) == ["Sở Thông tin và Truyền thông"]


def test_the_list_is_of_a_day(client_of, head, province):
    make_agency(province=province, name="Sở Du lịch", valid_to=date(2025, 2, 28))
    client = client_of(head)
    assert "Sở Du lịch" not in names(client.get("/co-quan/"))
    assert "Sở Du lịch" in names(client.get("/co-quan/?ngay=28/02/2025"))
    assert "Sở Du lịch" not in names(client.get("/co-quan/?ngay=01/03/2025"))


def test_the_list_can_be_of_one_kind(client_of, head, province):
    make_agency(province=province, name="UBND xã Mường Hum", kind=AgencyKind.COMMUNE)
    assert names(client_of(head).get("/co-quan/?loai=commune")) == ["UBND xã Mường Hum"]


def test_agencies_of_another_province_are_never_listed(client_of, head, foreign_province):
    make_agency(province=foreign_province, name="Sở Bí mật")
    response = client_of(head).get("/co-quan/")
    assert "Bí mật" not in response.content.decode()
    response = client_of(head).get("/co-quan/", {"tinh": foreign_province.pk})
    assert "Bí mật" not in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "q=%ff",
        "ngay=31/02/2022",
        "ngay=x",
        "loai=khong-co",
        "tinh=0",
        "tinh=abc",
        "sau=abc",
        "sau=-1",
        "sau=99999999999999999999",
        "sau=²",
        "q=" + "a" * 5000,
    ],
)
def test_a_bad_query_shows_the_list_and_no_error_page(client_of, head, query):
    assert client_of(head).get(f"/co-quan/?{query}").status_code == 200


def test_an_impossible_day_is_named_and_today_is_shown(client_of, head, agency):
    response = client_of(head).get("/co-quan/?ngay=31/02/2022")
    assert "28 ngày" in response.content.decode()
    assert names(response) == [agency.name]


def test_the_list_goes_on_after_its_last_row_in_vietnamese_order(
    client_of, head, province, monkeypatch
):
    monkeypatch.setattr("agencies.views.agencies.PAGE_SIZE", 2)
    for name in ("Sở Y tế", "Sở Công Thương", "Sở Đoàn", "Sở Du lịch"):
        make_agency(province=province, name=name)
    client, found, query = client_of(head), [], "q=so"
    while query:
        response = client.get(f"/co-quan/?{query}")
        found += names(response)
        query = response.context["next_query"]
    assert found == ["Sở Công Thương", "Sở Du lịch", "Sở Đoàn", "Sở Nội vụ", "Sở Y tế"]


def test_htmx_gets_the_list_alone(client_of, head):
    response = client_of(head).get("/co-quan/", headers={"HX-Request": "true"})
    assert "<html" not in response.content.decode()
    assert 'id="agency-list"' in response.content.decode()


def test_the_list_makes_as_many_queries_for_ten_agencies_as_for_one(
    client_of, head, province, count_queries
):
    client = client_of(head)
    client.get("/co-quan/")
    for_one = count_queries(lambda: client.get("/co-quan/"))
    for _ in range(9):
        make_post(agency=make_agency(province=province))
    assert count_queries(lambda: client.get("/co-quan/")) == for_one


def test_the_list_counts_the_people_who_hold_a_post_today(client_of, admin, agency):
    make_post(agency=agency)
    make_post(agency=agency, ends_on=date(2021, 1, 1))
    (row,) = client_of(admin).get("/co-quan/").context["agencies"]
    assert row.people_count == 2


def test_an_agency_shows_its_names_groups_and_what_became_of_it(client_of, head, province):
    old = make_agency(
        province=province,
        name="Sở Kế hoạch và Đầu tư",
        aliases=["Sở KHĐT"],
        valid_to=date(2025, 2, 28),
    )
    new = make_agency(province=province, name="Sở Tài chính", valid_from=date(2025, 3, 1))
    make_group(members=[old], name="các sở, ban, ngành")
    event = Succession.objects.create(
        kind=SuccessionKind.MERGE,
        happened_on=date(2025, 3, 1),
        ground="Nghị định 45/2025/NĐ-CP",
    )
    event.old_agencies.add(old)
    event.new_agencies.add(new)
    client = client_of(head)
    page = client.get(old.get_absolute_url()).content.decode()
    for words in ("Sở KHĐT", "các sở, ban, ngành", "Nay là", "Sở Tài chính", "01/03/2025"):
        assert words in page
    assert "Nghị định 45/2025/NĐ-CP" in page
    page = client.get(new.get_absolute_url()).content.decode()
    assert "Trước là" in page
    assert "Sở Kế hoạch và Đầu tư" in page


def test_names_of_people_are_shown_to_those_who_oversee_only(client_of, head, admin, agency):
    make_post(agency=agency, role=Role.OFFICER).user.__class__.objects.filter(pk=head.pk).update(
        full_name="Hoàng Văn Thử"
    )
    assert "Hoàng Văn Thử" in client_of(admin).get(agency.get_absolute_url()).content.decode()
    reader = make_post(agency=make_agency(province=agency.province)).user
    assert "Hoàng Văn Thử" not in client_of(reader).get(agency.get_absolute_url()).content.decode()


def edited(agency, **changes):
    return {
        "name": agency.name,
        "short_name": agency.short_name,
        "code": agency.code,
        "aliases": "",
        "valid_to": "",
        **changes,
    }


def test_an_administrator_edits_the_names_and_they_are_found_at_once(client_of, admin, agency):
    client = client_of(admin)
    url = f"/co-quan/{agency.pk}/sua/"
    data = edited(agency, short_name="Nội vụ", aliases="Ban Tổ chức chính quyền\n\nSNV tỉnh")
    assert client.post(url, data).url == agency.get_absolute_url()
    assert names(client.get("/co-quan/?q=ban to chuc")) == ["Sở Nội vụ"]
    client.post(url, edited(agency, aliases="SNV tỉnh"))
    assert list(agency.aliases.values_list("name", flat=True)) == ["SNV tỉnh"]
    assert names(client.get("/co-quan/?q=ban to chuc")) == []


def test_saving_an_agency_twice_is_saving_it_once(client_of, admin, agency):
    client, data = client_of(admin), edited(agency, aliases="SNV tỉnh")
    for _press in range(2):
        assert client.post(f"/co-quan/{agency.pk}/sua/", data).status_code == 302
    assert agency.aliases.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " \u200b"}, "Chưa ghi"),
        ({"name": "Sở Y tế"}, "đã có một cơ quan khác"),
        ({"valid_to": "31/02/2026"}, "28 ngày"),
        ({"valid_to": "28/02/2025"}, "sớm hơn ngày đầu 01/03/2025"),
        ({"aliases": "x" * 201}, "tối đa 200"),
        ({"name": "x" * 201}, "200"),
    ],
)
def test_a_faulty_agency_is_not_saved_and_the_text_is_kept(
    client_of, admin, province, changes, words
):
    make_agency(province=province, name="Sở Y tế", valid_from=date(2025, 3, 1))
    row = make_agency(province=province, name="Sở Xây dựng", valid_from=date(2025, 3, 1))
    data = edited(row, short_name="SXD", **changes)
    response = client_of(admin).post(f"/co-quan/{row.pk}/sua/", data)
    assert response.status_code == 422
    page = response.content.decode()
    summary = re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)[0]
    assert words in summary
    assert 'value="SXD"' in page
    assert Agency.objects.get(pk=row.pk).short_name == ""


@pytest.mark.parametrize("page", ["", "sua/"])
def test_a_stranger_does_not_learn_that_an_agency_exists(client_of, foreign_admin, agency, page):
    client = client_of(foreign_admin)
    assert client.get(f"/co-quan/{agency.pk}/{page}").status_code == 404
    assert client.get(f"/co-quan/{2**63}/{page}").status_code == 404
    assert client.get(f"/co-quan/0/{page}").status_code == 404


def test_a_reader_may_see_an_agency_but_not_edit_it(client_of, head, agency):
    client = client_of(head)
    assert client.get(f"/co-quan/{agency.pk}/").status_code == 200
    assert client.get(f"/co-quan/{agency.pk}/sua/").status_code == 403
    assert client.post(f"/co-quan/{agency.pk}/sua/", edited(agency)).status_code == 403


def test_pages_of_agencies_know_their_methods(client_of, admin, agency):
    client = client_of(admin)
    assert client.post("/co-quan/").status_code == 405
    assert client.post(f"/co-quan/{agency.pk}/").status_code == 405
    assert client.put(f"/co-quan/{agency.pk}/sua/").status_code == 405
