"""Agencies and their other names come from a spreadsheet, for administrators of the province."""

from datetime import date

import pytest

from agencies.models import Agency, AgencyAlias
from agencies.states import AgencyKind
from plans.importing import pipeline
from plans.models import SheetImport
from tests import factories
from tests.importing.conftest import told
from tests.sheets import files

pytestmark = pytest.mark.django_db

AGENCIES, ALIASES = "/nhap-bang-tinh/co-quan/", "/nhap-bang-tinh/ten-khac/"


@pytest.fixture
def give_agencies(give, administrator_client):
    return lambda content, name="a.xlsx": give(
        content, name, client=administrator_client, url=AGENCIES
    )


@pytest.fixture
def give_aliases(give, administrator_client):
    return lambda content, name="a.xlsx": give(
        content, name, client=administrator_client, url=ALIASES
    )


def verdicts(row):
    return [change.verdict.value for change in pipeline.preview_of(row).rows]


def test_agencies_are_made_and_changed(
    give_agencies, confirm, administrator_client, head, province
):
    row, page = give_agencies(
        files.xlsx(
            ("Loại", "Tên cơ quan", "Ký hiệu", "Có từ ngày"),
            ("Sở, ban, ngành", "Sở Khoa học và Công nghệ", "SKHCN", date(2025, 3, 1)),
            ("", "SỞ THÔNG TIN VÀ TRUYỀN THÔNG", "TTTT", ""),
        )
    )
    assert verdicts(row) == ["new", "changed"]
    assert "<del>Sở Thông tin và Truyền thông</del>" in page
    row, page = give_agencies(
        files.xlsx(
            ("Loại", "Tên cơ quan", "Ký hiệu", "Có từ ngày"),
            ("Sở, ban, ngành", "Sở Khoa học và Công nghệ", "SKHCN", date(2025, 3, 1)),
            ("Sở, ban, ngành", head.agency.name, "TTTT", ""),
        )
    )
    assert verdicts(row) == ["new", "changed"]
    assert confirm(row, administrator_client)["Location"] == "/co-quan/"
    made = Agency.objects.get(name="Sở Khoa học và Công nghệ")
    assert (made.province, made.kind, made.valid_from) == (
        province,
        AgencyKind.DEPARTMENT,
        date(2025, 3, 1),
    )
    assert "skhcn" in made.search_text
    head.agency.refresh_from_db()
    assert head.agency.code == "TTTT"


def test_every_fault_of_an_agency_is_told(give_agencies):
    row, _page = give_agencies(
        files.xlsx(
            ("Tên cơ quan", "Loại", "Mã thống kê", "Có từ ngày", "Đến hết ngày", "Chỉ đề nghị"),
            ("Sở Một", "Sở gì", "", "", "", ""),
            ("Sở Hai", "", "", "", "", ""),
            ("Sở Ba", "Sở, ban, ngành", "12ab", "31/02/2026", "", "có lẽ"),
            ("Sở Bốn", "Sở, ban, ngành", "", "01/01/2026", "31/12/2025", ""),
            ("", "Sở, ban, ngành", "", "", "", ""),
        )
    )
    messages = "\n".join(told(row))
    for words in (
        "Dòng 2, cột “Loại” (B): “Sở gì” không phải loại cơ quan",
        "Dòng 3, cột “Loại” (B): cơ quan mới cần có loại",
        "Dòng 4, cột “Mã thống kê” (C)",
        "28 ngày",
        "Dòng 4, cột “Chỉ đề nghị” (F)",
        "Dòng 5, cột “Đến hết ngày” (E): “31/12/2025” sớm hơn ngày đầu 01/01/2026",
        "Dòng 6, cột “Tên cơ quan” (A)",
    ):
        assert words in messages


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_exported_agencies_and_names_come_back_as_the_same(
    give_agencies, give_aliases, administrator_client, province, form
):
    factories.make_agency(name="UBND xã A", gso_code="00123", valid_to=date(2025, 6, 30))
    factories.make_agency(name="UBND xã A", gso_code="00456", aliases=["=Xã A"])
    factories.make_agency(
        name="Sở Tài chính", short_name="-SNV", aliases=["+Tài chính", "STC tỉnh"]
    )
    for slug, load in (("co-quan", give_agencies), ("ten-khac", give_aliases)):
        answer = administrator_client.get(f"/xuat-bang-tinh/{slug}/?dang={form}")
        row, page = load(answer.content, f"a.{form}")
        assert set(verdicts(row)) == {"same"}, told(row)
        assert "không có gì để nhập" in page


def test_names_are_added_to_the_agency_they_are_of(
    give_aliases, confirm, administrator_client, head
):
    row, _page = give_aliases(
        files.xlsx(("Cơ quan", "Tên khác"), (head.agency.name, "Sở TT và TT"), ("STTTT", "Sở BCVT"))
    )
    assert verdicts(row) == ["new", "new"]
    confirm(row, administrator_client)
    assert set(head.agency.aliases.values_list("name", flat=True)) == {"Sở TT và TT", "Sở BCVT"}
    head.agency.refresh_from_db()
    assert "bcvt" in head.agency.search_text


def test_a_name_of_nobody_or_of_another_agency_is_refused(give_aliases, head, stranger):
    factories.make_agency(name="Sở Nội vụ tỉnh", province=stranger.agency.province)
    other = factories.make_agency(name="Sở Tài chính")
    row, page = give_aliases(
        files.xlsx(
            ("Cơ quan", "Tên khác"),
            ("Sở Không Có", "Sở KC"),
            (head.agency.name, other.name),
            (head.agency.name, "Trùng"),
            (head.agency.name, "Trùng"),
        )
    )
    messages = told(row)
    assert "không có trong danh mục của tỉnh" in messages[0]
    assert "đã là tên của “Sở Tài chính”" in messages[1]
    assert "dòng 4 và 5 là một" in messages[2]
    assert not AgencyAlias.objects.exists()


def test_a_change_of_agencies_meanwhile_needs_another_preview(
    give_agencies, confirm, administrator_client
):
    row, _page = give_agencies(files.xlsx(("Tên cơ quan", "Loại"), ("Sở Mới", "Sở, ban, ngành")))
    factories.make_agency(name="Sở Chen ngang")
    assert confirm(row, administrator_client).status_code == 409
    assert not Agency.objects.filter(name="Sở Mới").exists()


def test_only_administrators_import_agencies(office_client, stranger_client, administrator_client):
    for client in (office_client, stranger_client):
        assert client.get(AGENCIES).status_code == 403
        assert client.get("/xuat-bang-tinh/co-quan/").status_code == 403
    assert administrator_client.get("/nhap-bang-tinh/khac/").status_code == 404
    assert administrator_client.get("/nhap-bang-tinh/nhiem-vu/").status_code == 404
    assert administrator_client.get("/xuat-bang-tinh/nhiem-vu/").status_code == 404
    assert administrator_client.get("/xuat-bang-tinh/co-quan/?tinh=x").status_code == 404
    assert administrator_client.post("/xuat-bang-tinh/co-quan/").status_code == 405
    assert not SheetImport.objects.exists()


def test_whoever_administers_several_provinces_names_one(client_of, woken):
    factories.make_province()
    factories.make_province(name="Yên Bái", code="15")
    client = client_of(factories.make_user(is_superuser=True))
    assert 'name="province"' in client.get(AGENCIES).content.decode()
    assert client.post(AGENCIES, {}).status_code == 422
    assert not woken
