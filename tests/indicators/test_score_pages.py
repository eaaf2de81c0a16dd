"""The pages of scores: who stands where, what changed, and where figures come from."""

import io
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Province, Succession
from agencies.states import SuccessionKind
from indicators import charts, score_pages
from indicators.models import Edition, Index
from indicators.reference import load_scores
from indicators.score_pages import Subject
from indicators.series import fields_of, lineage_of, scores_of
from tests.conftest import count_page_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def own(papi):
    load_scores(timezone.now())
    return papi


def former(name):
    return Province.objects.get(name=name, valid_from=None)


def today(name):
    return Province.objects.get(name=name, valid_to=None)


def page_of(client, province, **query):
    return client.get(reverse("indicators:province", args=[province.pk]), query)


def test_a_merged_province_has_no_series_of_its_own_and_two_predecessors(own):
    lineage = lineage_of(today("Lào Cai"))
    assert [one.name for one in lineage.own] == ["Lào Cai"]
    assert [one.name for one in lineage.predecessors] == ["Lào Cai", "Yên Bái"]
    book = scores_of(lineage.own_keys, own)
    assert not book.scores


def test_a_province_that_only_became_a_city_goes_on(own):
    lineage = lineage_of(today("Huế"))
    assert [one.name for one in lineage.own] == ["Huế", "Thừa Thiên Huế"]
    assert lineage.predecessors == ()
    book = scores_of(lineage.own_keys, own)
    assert book.last_edition(lineage.own_keys).year == 2024


def test_a_city_made_of_a_merged_province_keeps_what_that_was_made_from_apart(own):
    lineage = lineage_of(today("Đồng Nai"))
    assert len(lineage.own) == 2
    assert {one.name for one in lineage.predecessors} == {"Đồng Nai", "Bình Phước"}
    assert lineage_of(former("Bình Phước")).heir == today("Đồng Nai")


@pytest.mark.parametrize("back", [(), ("Yên Bái",)], ids=["stays", "goes back"])
def test_acts_that_lead_in_a_circle_are_followed_once(own, back):
    merged = today("Lào Cai")
    act = Succession.objects.create(
        kind=SuccessionKind.SPLIT, happened_on=date(2026, 1, 1), ground="NQ 1"
    )
    act.old_provinces.add(merged)
    act.new_provinces.add(merged, *(former(name) for name in back))
    lineage = lineage_of(merged)
    assert [one.name for one in lineage.predecessors] == ["Lào Cai", "Yên Bái"]
    assert lineage.own == (merged,)
    assert lineage_of(former("Yên Bái")).heir == merged


def test_khanh_hoa_of_2020_is_told_in_one_look(own, head_client):
    page = page_of(head_client, former("Khánh Hòa"), nam=2020)
    told = page.content.decode()
    assert "39,1406" in told
    assert "−3,0236" in told
    assert "Riêng 8.3 Phúc đáp yêu cầu của người dân qua cổng thông tin điện tử đổi −1,486" in told
    assert "bằng 49 % của mức đổi −3,0236" in told
    assert "có lẽ cách đo đã đổi" in told
    assert "như công bố: 39,14" in told
    assert "Nay thuộc Khánh Hòa" in told


def test_a_change_over_another_composite_is_not_reckoned(own):
    khanh_hoa = former("Khánh Hòa")
    book = scores_of({khanh_hoa.pk}, own)
    subject = Subject("Khánh Hòa", frozenset({khanh_hoa.pk}))
    rows = {row.edition.year: row for row in score_pages.year_rows(book, subject, fields(book))}
    assert rows[2018].change is None
    assert rows[2020].change == Decimal("-3.0236")
    assert not rows[2020].is_same_structure
    assert rows[2023].is_same_structure
    first = next(edition for edition in book.editions if edition.year == 2018)
    assert score_pages.account_of(book, subject, first) is None


def fields(book):
    return fields_of(book.editions)


def test_with_a_dozen_provinces_nobody_is_ranked(own, head_client):
    told = page_of(head_client, former("Lào Cai"), nam=2024).content.decode()
    assert "mới có 12/63 tỉnh" in told
    assert "chưa đủ để nói về vị trí" in told
    listed = head_client.get(reverse("indicators:scores"), {"nam": 2020}).content.decode()
    assert "12 trên 63 tỉnh có điểm" in listed
    # What was published is shown all the same.
    assert "Hạng 27" in listed


def test_with_all_provinces_a_rank_is_an_estimate_with_its_number(read, store, head_client):
    names = Province.objects.valid_on(date(2020, 12, 31)).values_list("name", flat=True)
    rows = [[name, 2020, "PAPI", f"{48 - at / 7:.4f}"] for at, name in enumerate(names)]
    rows[40][3] = ""
    store(read(["Tỉnh", "Năm", "Mã", "Điểm"], *rows))
    first = former("An Giang")
    told = page_of(head_client, first).content.decode()
    assert "ước tính, trên số tỉnh có điểm" in told
    assert "1 <small>/ 62</small>" in told
    assert "Mỗi vạch là một tỉnh trong 62 tỉnh" in told
    listed = head_client.get(reverse("indicators:scores")).content.decode()
    assert "62 trên 63 tỉnh có điểm" in listed
    assert "không có số liệu" in listed


def test_a_merged_province_shows_its_predecessors_and_says_so(own, head_client):
    told = page_of(head_client, today("Lào Cai")).content.decode()
    assert "không cộng, không lấy trung bình" in told
    assert reverse("indicators:province", args=[former("Yên Bái").pk]) in told
    assert "Lào Cai, Yên Bái" in told


def test_at_most_four_others_are_compared_and_nonsense_is_passed_over(own, head_client):
    names = ["Lào Cai", "Sơn La", "Đắk Lắk", "Quảng Ninh", "Phú Yên", "Khánh Hòa"]
    keys = [former(name).pk for name in names]
    page = page_of(
        head_client, former("Khánh Hòa"), **{"so-voi": [*keys, "x", "99999999999", "-1"]}
    )
    assert [one.name for one in page.context["compared"]] == names[:4]


def test_every_figure_is_also_in_a_table_with_its_source(own, head_client):
    told = page_of(head_client, former("Khánh Hòa"), nam=2020).content.decode()
    assert told.count("Báo cáo PAPI 2020 (CECODES, RTA, UNDP)") >= 1
    assert "papi_scores.csv" in told
    assert "SHA-256" in told
    assert 'role="img"' in told


def test_the_sheet_has_every_score_with_its_source(own, head_client):
    url = reverse("indicators:download", args=[today("Khánh Hòa").pk])
    answer = head_client.get(url)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0][:5] == ["Tỉnh", "Năm", "Mã", "Nội dung", "Điểm"]
    # Nine editions; the file of sub-dimensions has only one of the two predecessors.
    assert {row[0] for row in rows[1:]} == {"Khánh Hòa", "Ninh Thuận"}
    lost = next(row for row in rows if row[:3] == ["Khánh Hòa", 2020, "8.3"])
    assert "1,25" in lost[10]
    assert lost[8].startswith("Báo cáo PAPI 2020")


def test_what_is_not_there_is_not_found(own, head_client):
    assert head_client.get(reverse("indicators:province", args=[10**9])).status_code == 404
    page = head_client.get(reverse("indicators:scores"), {"chi-so": "KHÔNG"})
    assert page.status_code == 404
    assert head_client.get(reverse("indicators:scores"), {"nam": "xx"}).status_code == 200
    assert head_client.post(reverse("indicators:scores")).status_code == 405


def test_an_index_without_scores_says_so(own, head_client):
    assert Index.objects.filter(code="SIPAS").exists()
    page = head_client.get(reverse("indicators:scores"), {"chi-so": "SIPAS"})
    assert "Chưa có điểm nào" in page.content.decode()
    page = page_of(head_client, former("Lào Cai"), **{"chi-so": "SIPAS"})
    assert "Chưa có điểm của tỉnh này" in page.content.decode()


def test_the_pages_make_as_many_queries_for_many_scores_as_for_few(
    read, store, own, head_client, papi
):
    pages = [
        reverse("indicators:scores"),
        reverse("indicators:province", args=[former("Lào Cai").pk]),
        reverse("indicators:download", args=[former("Lào Cai").pk]),
    ]
    few = [count_page_queries(head_client, url) for url in pages]
    names = Province.objects.valid_on(date(2024, 12, 31)).values_list("name", flat=True)
    years = Edition.objects.filter(index=papi).values_list("year", flat=True)
    rows = [[name, year, 36 + len(name) / 7] for name in names for year in years]
    store(read(["Tỉnh", "Năm", "PAPI"], *rows))
    assert [count_page_queries(head_client, url) for url in pages] == few


# Pictures


def test_points_of_different_structure_are_never_joined():
    points = [
        charts.Point(2019, Decimal("42.1642"), "2019"),
        charts.Point(2020, Decimal("39.1406"), "2020"),
        charts.Point(2021, Decimal("41.69"), "2021-2024"),
        charts.Point(2022, Decimal("43.44"), "2021-2024"),
    ]
    picture = charts.line_chart([charts.Line("A", points)], title="T", description="D")
    assert picture.count('class="c-line') == 1
    assert picture.count('class="c-dot') == 4
    assert picture.count('class="c-break"') == 2


def test_a_missing_year_leaves_a_gap_and_no_zero():
    points = [
        charts.Point(2022, Decimal(43), "a"),
        charts.Point(2023, None, "a"),
        charts.Point(2024, Decimal(44), "a"),
    ]
    picture = charts.line_chart([charts.Line("A", points)], title="T", description="D")
    assert 'class="c-line' not in picture
    assert picture.count('class="c-dot') == 2
    nothing = charts.line_chart([charts.Line("A", points[1:2])], title="T", description="D")
    assert nothing == ""


def test_a_picture_says_its_figures_and_escapes_names():
    points = [charts.Point(2022, Decimal(43), "a")]
    picture = charts.line_chart(
        [charts.Line("A", points)], title="<script>", description="2022: 43"
    )
    assert "<script>" not in picture
    assert 'aria-label="&lt;script&gt;. 2022: 43"' in picture


def test_all_parts_that_moved_add_up_to_the_change_of_the_total(own, office_client):
    khanh_hoa = former("Khánh Hòa")
    page = page_of(office_client, khanh_hoa, nam=2020)
    moves = page.context["account"].moves
    assert len(moves.rows) == 29
    assert (moves.rows[0].code, moves.rows[0].difference) == ("8.3", Decimal("-1.4863"))
    assert "8.3" in [row.code for row in moves.rows if row.remeasured]
    assert [row.difference for row in moves.rows] == sorted(row.difference for row in moves.rows)
    assert moves.total == Decimal("-3.0236")
    assert abs(moves.rest) <= Decimal("0.0005")
    text = " ".join(page.content.decode().split())
    assert "Riêng 8.3" in text
    assert "cộng lại thành −3,0236" in text


def test_any_two_editions_of_one_composite_can_be_set_side_by_side(own, office_client):
    khanh_hoa = former("Khánh Hòa")
    account = page_of(office_client, khanh_hoa, nam=2021, moc=2018).context["account"]
    assert (account.before.year, account.others) == (2018, (2020, 2019, 2018))
    # 8.3 came in 2019 and construction permits went in 2021: both are in the sum.
    assert {row.presence for row in account.moves.rows} == {"both", "new", "gone"}
    assert abs(account.moves.rest) <= Decimal("0.0005")
    # Six dimensions cannot be set beside eight: the edition before is shown instead.
    assert (
        page_of(office_client, khanh_hoa, nam=2021, moc=2017).context["account"].before.year == 2020
    )
