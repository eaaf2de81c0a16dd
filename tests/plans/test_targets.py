"""The targets of a plan on its page: meaning in numbers, verdict, and what they would take."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.models import Province, Succession
from agencies.states import Role, SuccessionKind
from indicators.models import Index, Score
from indicators.states import Level
from plans import services
from plans.aims import judged_targets
from plans.models import Plan
from plans.outlooks import outlooks
from plans.states import PlanStatus
from tests.conftest import count_page_queries, signed_in
from tests.factories import (
    make_agency,
    make_dimension,
    make_edition,
    make_papi,
    make_plan,
    make_post,
    make_release,
)

pytestmark = pytest.mark.django_db

N = 20
YEARS = (2021, 2022, 2023)


@pytest.fixture
def scores(province):
    """Twenty provinces in three editions of one structure; ours is the tenth."""
    others = [Province(code=f"{number:02d}", name=f"Tỉnh {number}") for number in range(N - 1)]
    Province.objects.bulk_create(others)
    provinces = [*others[:9], province, *others[9:]]
    release, first, second = make_release(), make_dimension(1), make_dimension(2)
    rows = []
    for turn, year in enumerate(YEARS):
        edition = make_edition(year=year, structure="S", components=(first, second))
        whole = edition.components.get(component__level=Level.COMPOSITE).component
        for place, row in enumerate(provinces):
            one = 9 - place * 0.2 + 0.3 * ((place * 7 + turn * 3) % 5)
            for component, value in ((first, one), (second, 5), (whole, 30 + one)):
                rows.append(
                    Score(
                        release=release,
                        edition=edition,
                        component=component,
                        province=row,
                        value=f"{value:.4f}",
                    )
                )
    Score.objects.bulk_create(rows)


def plan_with(province, *lines, year=2024):
    plan = make_plan(
        province=province,
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        status=PlanStatus.ACTIVE,
        activated_on=date(year, 1, 15),
    )
    dimensions = services.dimensions_by_key()
    targets = [services.target_of(line, dimensions) for line in lines]
    return services.save_plan(plan, targets=targets, indices=[make_papi()], version=plan.version)


def words_of(answer):
    return " ".join(answer.content.decode().split())


def test_the_plan_page_says_what_a_target_takes_today_and_warns_of_noise(
    scores, province, office_client
):
    plan = plan_with(province, "Tăng ít nhất 01 bậc so với năm 2023")
    page = words_of(office_client.get(plan.get_absolute_url()))
    assert "Chờ kết quả" in page
    assert "chưa có kết quả năm 2024" in page
    assert "Tăng ít nhất 01 bậc so với năm 2023: từ hạng" in page
    assert f"/{N} (2023) lên" in page
    assert "(40 lượt tỉnh-năm, các kỳ 2021–2023)" in page


def test_the_plan_page_says_whether_a_target_was_met_and_of_what_that_is_an_estimate(
    scores, province, office_client
):
    plan = plan_with(province, "Xếp thứ 15", "Xếp thứ 1", year=2023)
    page = words_of(office_client.get(plan.get_absolute_url()))
    assert "Không đạt" in page
    assert "Thứ hạng do cổng ước tính từ điểm." in page
    assert [judged.judgement.verdict for judged in judged_targets(plan)] == ["met", "not_met"]


def test_a_sentence_that_is_no_arithmetic_is_shown_as_it_is(province, office_client):
    plan = plan_with(province, "Nâng cao sự hài lòng của <b>người dân</b>")
    page = words_of(office_client.get(plan.get_absolute_url()))
    assert "Nâng cao sự hài lòng của &lt;b&gt;người dân&lt;/b&gt;" in page
    assert "Giữ nguyên câu chữ" in page


def test_without_scores_a_target_says_so(province, office_client):
    plan = plan_with(province, "Xếp thứ 15")
    assert "cổng chưa có điểm của chỉ số này" in words_of(
        office_client.get(plan.get_absolute_url())
    )


def test_a_target_of_another_index_is_not_judged_on_papi(scores, province):
    Index.objects.create(code="SIPAS", name="Chỉ số Hài lòng về sự phục vụ hành chính")
    plan = plan_with(province, "Chỉ số SIPAS xếp thứ 15", "Xếp thứ 15", year=2023)
    first, second = judged_targets(plan)
    assert (first.index.code, first.judgement.verdict) == ("SIPAS", "unknowable")
    assert (second.index.code, second.judgement.verdict) == ("PAPI", "met")


def test_a_target_for_each_dimension_is_shown_by_dimension_and_year(
    scores, province, office_client
):
    plan = plan_with(
        province, "Hằng năm các chỉ số nội dung thuộc nhóm trung bình cao trở lên", year=2023
    )
    (judged,) = judged_targets(plan)
    assert [finding.component for finding in judged.judgement.findings] == ["D1", "D2"]
    page = words_of(office_client.get(plan.get_absolute_url()))
    assert "Từng năm, từng nội dung" in page
    assert '<th scope="row">Nội dung 1</th>' in page


def test_what_each_dimension_lacks_is_told_before_the_results_are_there(
    scores, province, office_client
):
    plan = plan_with(province, "Các chỉ số nội dung thuộc nhóm cao nhất")
    page = words_of(office_client.get(plan.get_absolute_url()))
    assert "đạt 0, chờ 2 trên 2" in page
    assert page.count("điểm</span></td>") == 2


def test_a_corrected_score_is_the_one_that_is_judged(scores, province):
    plan = plan_with(province, "Đạt 39,9 điểm", year=2023)
    assert judged_targets(plan)[0].judgement.verdict == "not_met"
    old = Score.objects.get(province=province, edition__year=2023, component__level=Level.COMPOSITE)
    Score.objects.create(
        release=make_release(sha256="1" * 64),
        edition=old.edition,
        component=old.component,
        province=province,
        value="39.9000",
    )
    assert judged_targets(plan)[0].judgement.verdict == "met"


def test_a_province_merged_since_is_not_waited_for(scores, province):
    Province.objects.filter(pk=province.pk).update(valid_to=date(2024, 6, 30))
    plan = plan_with(province, "Xếp thứ 15", year=2024)
    (judged,) = judged_targets(Plan.objects.get(pk=plan.pk))
    assert judged.judgement.verdict == "unknowable"
    assert judged.judgement.findings[0].reason == "no_province"


def test_what_targets_would_take_is_told_with_its_number_of_observations(
    scores, province, office_client
):
    plan = plan_with(province, "Xếp thứ 8", "Đạt 39 điểm", "Tăng ít nhất 1 bậc so với năm 2023")
    page = words_of(office_client.get(reverse("plans:outlook", args=[plan.pk])))
    assert page.count("Xác suất đạt được vào năm 2024") == 3
    assert "(40 lượt tỉnh-năm)" in page
    assert "sai số chọn mẫu" in page
    assert "giả định kỳ 2024 giữ cấu trúc ấy" in page
    assert "Một phần tư số tỉnh tăng từ" in page


def test_for_another_number_of_provinces_no_chance_of_a_rank_is_told(
    scores, province, office_client
):
    late = Province.objects.order_by("-pk")[:5]
    for row in late:
        row.valid_to = date(2023, 12, 31)
        row.save(update_fields=["valid_to"])
    plan = plan_with(province, "Xếp thứ 8")
    page = words_of(office_client.get(reverse("plans:outlook", args=[plan.pk])))
    assert "Xác suất đạt được" not in page
    assert "số tỉnh được xếp hạng sẽ khác kỳ gần nhất" in page


def test_what_a_target_for_a_dimension_would_take_is_told_of_that_dimension(
    scores, province, office_client
):
    plan = plan_with(province, "Nội dung 1 đạt 9,9 điểm", "Các nội dung xếp thứ 8")
    page = words_of(office_client.get(reverse("plans:outlook", args=[plan.pk])))
    assert page.count("D1 Tham gia của người dân ở cấp cơ sở · kết quả năm 2024") == 2
    assert page.count("D2 Công khai, minh bạch trong việc ra quyết định") == 1
    told = outlooks(plan, judged_targets(plan))
    one = Score.objects.get(province=province, edition__year=2023, component__stable_key="D1")
    missing = str(round(Decimal("9.9") - one.value, 2)).replace(".", ",")
    assert f"còn {missing} điểm" in told[0].needs
    assert [line.startswith("Xác suất đạt được") for line in told[0].lines[:1]] == [True]
    assert not told[0].needed


@pytest.fixture
def merged(province):
    """A province that ours was merged into in 2024."""
    merged = Province.objects.create(code="90", name="Tỉnh Mới", valid_from=date(2024, 7, 1))
    event = Succession.objects.create(kind=SuccessionKind.MERGE, happened_on=date(2024, 7, 1))
    event.old_provinces.add(province)
    event.new_provinces.add(merged)
    return merged


@pytest.mark.parametrize("address", ["plans:plan", "plans:outlook"])
def test_a_merged_province_is_shown_the_results_of_its_predecessors_as_theirs(
    scores, province, merged, address
):
    client = signed_in(make_post(role=Role.OFFICE, agency=make_agency(province=merged)).user)
    plan = plan_with(merged, "Xếp thứ 8")
    page = words_of(client.get(reverse(address, args=[plan.pk])))
    assert "Tỉnh Mới hợp nhất từ ngày 01/07/2024" in page
    assert f"{province.name} (trước hợp nhất)</a>: PAPI 2023 được" in page
    assert "từ hạng" not in page
    own = Score.objects.filter(province=province, edition__year=2023).first()
    Score.objects.create(
        release=own.release,
        edition=make_edition(year=2025, structure="S"),
        component=own.edition.components.get(component__level=Level.COMPOSITE).component,
        province=merged,
        value="40",
    )
    assert "trước hợp nhất" not in words_of(client.get(reverse(address, args=[plan.pk])))


def test_a_renamed_province_goes_on_with_its_own_results(scores, province):
    renamed = Province.objects.create(code="91", name="Thành phố Mới", valid_from=date(2024, 7, 1))
    event = Succession.objects.create(kind=SuccessionKind.RENAME, happened_on=date(2024, 7, 1))
    event.old_provinces.add(province)
    event.new_provinces.add(renamed)
    plans = [plan_with(one, "Xếp thứ 8") for one in (province, renamed)]
    before, after = (judged_targets(plan)[0].judgement.findings[0].distance for plan in plans)
    assert before is not None
    assert before == after


@pytest.mark.parametrize("year", [2021, 2024])
def test_without_enough_scores_the_page_of_outlooks_still_answers(province, office_client, year):
    plan = plan_with(province, "Xếp thứ 8", "Nâng cao nhận thức", year=year)
    answer = office_client.get(reverse("plans:outlook", args=[plan.pk]))
    assert answer.status_code == 200
    assert outlooks(plan, judged_targets(plan)) == []


@pytest.mark.parametrize("address", ["plans:plan", "plans:outlook"])
def test_ten_targets_take_as_many_queries_as_one(scores, province, office_client, address):
    one = plan_with(province, "Xếp thứ 8")
    ten = plan_with(province, *(f"Xếp thứ {rank}" for rank in range(1, 11)))
    for_one, for_ten = (
        count_page_queries(office_client, reverse(address, args=[plan.pk])) for plan in (one, ten)
    )
    assert for_ten == for_one


def test_the_page_of_outlooks_is_read_only_and_hidden_from_strangers(
    province, office_client, stranger_client
):
    plan = plan_with(province, "Xếp thứ 8")
    address = reverse("plans:outlook", args=[plan.pk])
    assert office_client.post(address).status_code == 405
    assert stranger_client.get(address).status_code == 404


def typed(province, text, **fields):
    values = {
        "targets": text,
        "province": province.pk,
        "period_start": "01/01/2024",
        "period_end": "31/12/2024",
        "indices": [make_papi().pk],
    }
    return {**values, **fields}


ADDRESS = "/ke-hoach/doc-muc-tieu/"


def test_targets_are_read_back_with_their_meaning_while_they_are_typed(
    scores, province, office_client
):
    answer = office_client.post(ADDRESS, typed(province, "tăng 1 bậc so với năm 2023\nCố gắng"))
    page = words_of(answer)
    assert answer.status_code == 200
    assert "Tăng ít nhất 01 bậc so với năm 2023: từ hạng" in page
    assert "Trong mức dao động thường" in page
    assert "Giữ nguyên câu chữ" in page
    assert not Plan.objects.exists()


def test_targets_typed_before_the_period_are_read_back_without_figures(
    scores, province, office_client
):
    page = words_of(office_client.post(ADDRESS, typed(province, "top 5", period_end="")))
    assert "Xếp hạng 5 hoặc cao hơn." in page
    assert "điểm" not in page


@pytest.mark.parametrize(
    ("text", "told"),
    [("x" * 501, "tối đa 500"), ("a\n" * 31, "tối đa 30"), ("a\x00b", "NUL")],
)
def test_bad_targets_are_told_while_they_are_typed(province, office_client, text, told):
    answer = office_client.post(ADDRESS, typed(province, text))
    assert answer.status_code == 200
    assert told in words_of(answer)


def test_nobody_is_told_of_a_foreign_province_while_typing(scores, province, stranger_client):
    page = words_of(stranger_client.post(ADDRESS, typed(province, "Xếp thứ 15")))
    assert "Xếp hạng 15" in page
    assert "từ hạng" not in page


def test_the_form_of_a_stored_plan_shows_what_is_understood_of_its_targets(
    scores, province, office_client
):
    plan = plan_with(province, "Tăng ít nhất 01 bậc so với năm 2023")
    page = words_of(office_client.get(reverse("plans:edit_plan", args=[plan.pk])))
    assert "Tăng ít nhất 01 bậc so với năm 2023: từ hạng" in page
    assert 'hx-post="/ke-hoach/doc-muc-tieu/"' in page
