"""Provinces, agencies and communes as loaded, with their dates and what became of them."""

from datetime import date

import pytest

from agencies import reference
from agencies.models import Agency, AgencyGroup, Province, Succession
from agencies.services import Directory, UnknownAgencyError, save_agency
from agencies.states import AgencyKind

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def _loaded(django_db_setup, django_db_blocker):
    """Loaded once for the module, inside a transaction that is rolled back after it."""
    from django.db import transaction

    with django_db_blocker.unblock():
        atomic = transaction.atomic()
        atomic.__enter__()
        reference.load_provinces()
        reference.load_agencies()
        yield
        transaction.set_rollback(True)
        atomic.__exit__(None, None, None)


def province(code, day):
    return Province.objects.valid_on(day).get(code=code)


def counts():
    return [
        model.objects.count()
        for model in (
            Province,
            Agency,
            AgencyGroup,
            Succession,
            Agency.history.model,
            AgencyGroup.members.through,
        )
    ]


@pytest.mark.parametrize(
    ("day", "number"),
    [
        (date(2011, 1, 1), 63),
        (date(2024, 12, 31), 63),
        (date(2025, 1, 1), 63),
        (date(2025, 6, 30), 63),
        (date(2025, 7, 1), 34),
        (date(2026, 4, 29), 34),
        (date(2026, 4, 30), 34),
    ],
)
def test_there_are_63_provinces_until_june_2025_and_34_after(day, number):
    assert Province.objects.valid_on(day).count() == number


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("46", date(2024, 12, 31), "Tỉnh Thừa Thiên Huế"),
        ("46", date(2025, 1, 1), "Thành phố Huế"),
        ("46", date(2026, 1, 1), "Thành phố Huế"),
        ("75", date(2025, 6, 30), "Tỉnh Đồng Nai"),
        ("75", date(2026, 4, 29), "Tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "Thành phố Đồng Nai"),
        ("15", date(2025, 6, 30), "Tỉnh Yên Bái"),
        ("15", date(2025, 7, 1), "Tỉnh Lào Cai"),
        ("10", date(2021, 3, 30), "Tỉnh Lào Cai"),
    ],
)
def test_a_code_names_the_province_of_its_day(code, day, expected):
    assert str(province(code, day)) == expected


def test_every_province_that_ended_has_a_successor_with_a_ground():
    ended = Province.objects.filter(valid_to__isnull=False)
    for old in ended:
        succession = Succession.objects.get(old_provinces=old)
        assert succession.ground
        assert succession.new_provinces.get().valid_from == succession.happened_on
    assert ended.count() == 54  # 52 merged, Thừa Thiên Huế, Đồng Nai before it was a city


def test_lao_cai_was_made_from_lao_cai_and_yen_bai():
    succession = Succession.objects.get(new_provinces=province("15", date(2025, 7, 1)))
    assert {p.name for p in succession.old_provinces.all()} == {"Lào Cai", "Yên Bái"}
    assert succession.ground == "Nghị quyết 202/2025/QH15"


@pytest.mark.parametrize("day", [date(2025, 7, 1), date(2026, 4, 29), date(2026, 5, 1)])
def test_there_are_3321_communes_on_any_day_since_july_2025(day):
    communes = Agency.objects.filter(kind=AgencyKind.COMMUNE).valid_on(day)
    assert communes.count() == 3321
    assert not communes.exclude(name__regex=r"^UBND (xã|phường|đặc khu) \S").exists()
    assert not communes.filter(name__contains="  ").exists()


def test_there_are_no_communes_of_today_before_july_2025():
    communes = Agency.objects.filter(kind=AgencyKind.COMMUNE)
    assert not communes.valid_on(date(2025, 6, 30)).exists()


@pytest.mark.parametrize("code", ["01", "15", "46", "66", "75", "96"])
def test_a_province_of_today_has_its_agencies_and_groups(code):
    day = date(2026, 5, 4)
    here = Directory(province(code, day).pk, day)
    for name in ("Sở Nội vụ", "snnmt", "Sở KH&CN", "VP UBND", "Sở Tài chính"):
        assert here.find(name).agency is not None
    assert here.find("BTGDVTU").agency.is_requested
    assert len(here.find("các sở, ngành").members) >= 13
    assert len(here.find("UBND cấp xã").members) >= 38


def test_lao_cai_of_2021_has_the_agencies_of_its_time():
    here = Directory(province("10", date(2021, 3, 30)).pk, date(2021, 3, 30))
    assert here.find("so tttt").label == "Sở Thông tin và Truyền thông"
    assert here.find("Sở Văn hóa và Thể thao").agency.code == "SVHTT"
    assert len(here.find("UBND các huyện, thị xã, thành phố").members) == 9
    with pytest.raises(UnknownAgencyError) as caught:
        here.find("Sở Nông nghiệp và Môi trường")
    assert "Sở Tài nguyên và Môi trường" in caught.value.nearest


def test_a_former_province_without_agencies_says_so_and_where_to_add_them():
    day = date(2021, 3, 30)
    with pytest.raises(UnknownAgencyError) as caught:
        Directory(province("02", day).pk, day).find("Sở Nội vụ")
    told = caught.value.message
    assert "chưa có cơ quan nào vào ngày 30/03/2021" in told
    assert "nhập danh mục từ bảng tính" in told


@pytest.mark.parametrize(
    ("code", "districts"), [("10", 9), ("95", 7), ("66", 15), ("14", 12), ("56", 9)]
)
def test_former_provinces_have_their_districts_until_june_2025(code, districts):
    here = Agency.objects.filter(
        kind=AgencyKind.DISTRICT, province=province(code, date(2021, 1, 1))
    )
    for day in (date(2021, 1, 1), date(2025, 6, 30)):
        assert here.valid_on(day).count() == districts
    assert not here.valid_on(date(2025, 7, 1)).exists()


def test_a_former_department_leads_to_those_that_took_its_work():
    old = Agency.objects.get(
        province=province("10", date(2021, 1, 1)), name="Sở Thông tin và Truyền thông"
    )
    succession = Succession.objects.get(old_agencies=old)
    assert succession.happened_on == date(2025, 3, 1)
    assert {a.code for a in succession.new_agencies.all()} == {"SKHCN", "SVHTTDL"}
    again = Succession.objects.get(old_agencies=succession.new_agencies.get(code="SKHCN"))
    assert again.happened_on == date(2025, 7, 1)
    assert again.new_agencies.get().province == province("15", date(2025, 7, 1))


def test_one_name_is_one_agency_on_any_day():
    for code, day in (("10", date(2021, 1, 1)), ("14", date(2025, 3, 1)), ("15", date(2026, 1, 1))):
        names = list(
            Agency.objects.filter(province=province(code, day))
            .valid_on(day)
            .values_list("name", flat=True)
        )
        assert len(names) == len(set(names))


def test_search_columns_are_those_that_saving_one_agency_writes():
    agency = Agency.objects.get(
        province=province("15", date(2026, 1, 1)), name="Sở Khoa học và Công nghệ"
    )
    before = set(agency.search_text.split()), agency.sort_text
    save_agency(agency)
    assert (set(agency.search_text.split()), agency.sort_text) == before


def test_loading_again_changes_nothing():
    before = counts()
    assert reference.load_provinces() == 0
    assert reference.load_agencies() == {}
    assert counts() == before


def test_loading_again_keeps_what_people_changed():
    here = province("15", date(2026, 1, 1))
    agency = Agency.objects.get(province=here, code="SKHCN")
    agency.name = "Sở Khoa học, Công nghệ và Chuyển đổi số"
    save_agency(agency)
    group = AgencyGroup.objects.get(province=here, name="các sở, ban, ngành")
    group.members.remove(agency)
    reference.load_agencies()
    assert Agency.objects.filter(province=here, code="SKHCN").get().name == agency.name
    assert agency not in group.members.all()
