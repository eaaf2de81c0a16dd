"""The gap radar: holes are found, nothing else is, and what the office answers is kept."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from agencies.models import Province
from indicators.models import Component, EditionComponent, Score
from indicators.states import Level
from plans.models import FlagAnswer
from plans.radar.matrix import Choice, radar_of
from plans.states import DeadlineKind, FlagKind, PlanStatus, Status
from tests.conftest import count_page_queries, signed_in
from tests.factories import (
    make_agency,
    make_assignment,
    make_dimension,
    make_edition,
    make_papi,
    make_plan,
    make_release,
    make_task,
    token,
)

pytestmark = pytest.mark.django_db

N = 20


def make_part(number, code):
    """A part of a dimension, printed as `code` in every edition that is made with it."""
    row, _ = Component.objects.get_or_create(
        index=make_papi(),
        stable_key=f"S{code.replace('.', '')}",
        defaults={
            "level": Level.SUBDIMENSION,
            "name": f"Phần {code}",
            "parent": make_dimension(number),
            "position": int(code.replace(".", "")),
        },
    )
    return row


@pytest.fixture
def parts(db):
    """Two dimensions of two parts each."""
    return {code: make_part(int(code[0]), code) for code in ("1.1", "1.2", "2.1", "2.2")}


@pytest.fixture
def score(province, parts):
    """Score twenty provinces in 2023 and 2024: all in the middle but ours, as told by code."""
    others = [Province(code=f"{number:02d}", name=f"Tỉnh {number}") for number in range(N - 1)]
    Province.objects.bulk_create(others)

    def _score(now=None, before=None, *, remeasured="", count=N - 1):
        for year, own in ((2023, before or {}), (2024, now or {})):
            components = (make_dimension(1), make_dimension(2), *parts.values())
            edition = make_edition(year=year, structure="S", components=components)
            for code, part in parts.items():
                EditionComponent.objects.filter(edition=edition, component=part).update(code=code)
            for number in (1, 2):
                EditionComponent.objects.filter(
                    edition=edition, component=make_dimension(number)
                ).update(code=str(number))
            release = make_release()
            rows = []
            for place, other in enumerate(others[:count]):
                value = Decimal("5") + Decimal(place) / 10
                rows += [(other, part, value) for part in components]
                rows.append((other, edition.components.get(code="PAPI8").component, 40 + value))
            for component in components:
                code = next((c for c, part in parts.items() if part == component), "")
                code = code or str(component.position)
                rows.append((province, component, Decimal(own.get(code, "6"))))
            Score.objects.bulk_create(
                Score(
                    release=release,
                    edition=edition,
                    component=component,
                    province=one,
                    value=value,
                    as_printed=f"{value:.2f}",
                )
                for one, component, value in rows
            )
        if remeasured:
            EditionComponent.objects.filter(edition__year=2024, code=remeasured).update(
                remeasured="Trung bình cả nước từ 6 xuống 5"
            )

    return _score


@pytest.fixture
def plan(province):
    return make_plan(
        province=province,
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        year=2025,
        issued_on=date(2025, 2, 1),
    )


def task_for(plan, *components, **fields):
    task = make_task(plan=plan, dimension=components[0], **fields)
    task.components.set(components)
    return task


def slugs(plan, choice=None):
    return [each.flag.slug for each in radar_of(plan, {}, choice).flags]


def words_of(answer):
    return " ".join(answer.content.decode().split())


def url_of(plan):
    return reverse("plans:radar", args=[plan.pk])


# What is flagged


def test_a_low_score_without_a_task_is_flagged_and_one_with_a_task_is_not(score, parts, plan):
    score(now={"1.1": "1", "1.2": "1"})
    task_for(plan, make_dimension(1), parts["1.2"])
    assert slugs(plan) == ["khong-nhiem-vu-S11"]


def test_a_score_in_the_middle_without_a_task_is_not_flagged(score, plan):
    score(now={"1.1": "5.8"}, before={"1.1": "5.9"})
    assert slugs(plan) == []


def test_a_task_that_names_only_the_dimension_counts_for_its_parts(score, plan, office_client):
    score(now={"1.1": "1"})
    task_for(plan, make_dimension(1))
    assert slugs(plan) == []
    assert "1 ghi chung" in words_of(office_client.get(url_of(plan)))


def test_a_dimension_without_any_task_is_flagged_once_with_all_its_weak_parts(score, plan):
    score(now={"1": "1", "1.1": "1", "1.2": "1"})
    (each,) = radar_of(plan, {}).flags
    assert each.flag.slug == "khong-nhiem-vu-D1"
    assert [line.partition(":")[0] for line in each.flag.rests_on] == [
        "1 Tham gia của người dân ở cấp cơ sở",
        "1.1 Phần 1.1",
        "1.2 Phần 1.2",
    ]


def test_a_stopped_task_covers_nothing(score, parts, plan):
    score(now={"1.1": "1"})
    task_for(plan, make_dimension(1), parts["1.2"])
    task_for(plan, make_dimension(1), parts["1.1"], stopped_by=make_plan(province=plan.province))
    cancelled = task_for(plan, make_dimension(1), parts["1.1"])
    make_assignment(task=cancelled, status=Status.CANCELLED, agency=cancelled.lead_agency)
    assert slugs(plan) == ["khong-nhiem-vu-S11"]


def test_a_fall_met_by_talk_alone_is_flagged_until_something_else_is_done(score, parts, plan):
    score(now={"1.1": "6"}, before={"1.1": "6.9"})
    task_for(plan, make_dimension(1), parts["1.1"], name="Tuyên truyền về bầu cử")
    assert slugs(plan) == ["chi-tuyen-truyen-S11"]
    task_for(plan, make_dimension(1), parts["1.1"], name="Kiểm tra việc bầu trưởng thôn")
    assert slugs(plan) == []


def test_a_dimension_that_fell_by_many_small_falls_is_flagged_for_itself(score, plan):
    score(now={"1": "6", "1.1": "6"}, before={"1": "6.6", "1.1": "6.3"})
    task_for(plan, make_dimension(1), name="Tuyên truyền về bầu cử")
    assert slugs(plan) == ["chi-tuyen-truyen-D1"]


@pytest.mark.parametrize(("before", "flagged"), [("6.45", True), ("6.4", False)])
def test_a_fall_counts_from_five_percent_of_the_range(score, plan, before, flagged):
    score(now={"1.1": "6"}, before={"1.1": before})
    assert slugs(plan) == (["khong-nhiem-vu-D1"] if flagged else [])


def test_what_was_measured_anew_is_told_and_not_called_a_fall(score, plan, office_client):
    score(now={"1.1": "6"}, before={"1.1": "9"}, remeasured="1.1")
    assert slugs(plan) == []
    page = words_of(office_client.get(url_of(plan)))
    assert "−3,0000" in page
    assert "có lẽ đo khác kỳ trước, không gọi là tăng hay giảm" in page


def test_the_whole_of_a_dimension_is_measured_anew_with_one_of_its_parts(score, plan):
    score(now={"1": "6"}, before={"1": "9"}, remeasured="1.1")
    gap = radar_of(plan, {}).scores.table.dimensions["D1"]
    assert (gap.change, gap.is_comparable, gap.has_fallen) == (Decimal(-3), False, False)


def test_of_too_few_provinces_nobody_is_called_low(score, plan, office_client):
    score(now={"1.1": "1"}, before={"1.1": "1"}, count=3)
    assert slugs(plan) == []
    assert "Chưa đủ 9/10 số tỉnh" in words_of(office_client.get(url_of(plan)))


def test_one_agency_that_leads_most_tasks_is_flagged_and_half_is_not_most(plan):
    agency = make_agency(province=plan.province)
    for number in range(6):
        lead = {"lead_agency": agency} if number < 3 else {}
        task_for(plan, make_dimension(1), **lead)
    assert slugs(plan) == []
    task_for(plan, make_dimension(1), lead_agency=agency)
    (each,) = radar_of(plan, {}).flags
    assert each.flag.slug == FlagKind.ONE_AGENCY
    assert each.flag.told == f"{agency.name} chủ trì 4 trên 7 nhiệm vụ."
    assert len(each.flag.tasks) == 4


@pytest.mark.parametrize(("day", "late"), [(date(2025, 11, 30), False), (date(2025, 12, 1), True)])
def test_what_is_due_after_the_last_day_of_the_survey_is_flagged(plan, day, late):
    task_for(plan, make_dimension(1), due_on=day)
    task_for(plan, make_dimension(2))
    assert slugs(plan) == (["sau-khao-sat"] if late else [])


def test_of_a_plan_of_years_only_the_last_survey_counts(province):
    plan = make_plan(
        province=province, year=2021, period_start=date(2021, 1, 1), period_end=date(2025, 12, 31)
    )
    task_for(plan, make_dimension(1), due_on=date(2021, 12, 31))
    assert slugs(plan) == []


def test_work_that_comes_again_is_not_late_for_the_survey(plan):
    task_for(
        plan, make_dimension(1), deadline_kind=DeadlineKind.RECURRING, due_on=date(2025, 12, 31)
    )
    assert slugs(plan) == []


def test_an_extension_beyond_the_survey_is_seen(plan):
    task = task_for(plan, make_dimension(1), due_on=date(2025, 6, 30))
    make_assignment(task=task, agency=task.lead_agency, due_on=date(2025, 12, 20))
    assert slugs(plan) == ["sau-khao-sat"]


def test_a_task_tied_to_everything_is_flagged(plan):
    dimensions = [make_dimension(number) for number in range(1, 7)]
    task_for(plan, *dimensions[:5])
    assert slugs(plan) == []
    broad = task_for(plan, *dimensions)
    common = make_task(plan=plan, is_cross_cutting=True, primary_component=None)
    common.components.clear()
    (each,) = radar_of(plan, {}).flags
    assert each.flag.slug == "moi-noi-dung"
    assert [task.pk for task in each.flag.tasks] == [broad.pk, common.pk]


# The figures beside the tasks


def test_distances_are_to_the_median_the_group_above_and_the_best_neighbour(score, plan):
    score(now={"1.1": "5.15"})
    near = list(Province.objects.filter(name__in=["Tỉnh 3", "Tỉnh 10"]))
    radar = radar_of(plan, {}, Choice(neighbours=tuple(near)))
    gap = next(row.gap for row in radar.rows if row.key == "S11")
    # 19 others from 5,0 to 6,8 in steps of 0,1; with ours the median lies between 5,8 and 5,9.
    assert gap.group == "lowest"
    assert gap.from_median == Decimal("-0.70")
    # The lowest of twenty with fifteen at or above: 5,4 is the fifth from below after ours.
    assert gap.to_upper == Decimal("0.25")
    assert (gap.neighbour.name, gap.neighbour.difference) == ("Tỉnh 10", Decimal("-0.85"))


def test_a_merged_province_shows_a_predecessor_only_when_it_is_chosen(
    score, province, plan, office_client
):
    from agencies.models import Succession
    from agencies.states import SuccessionKind

    score(now={"1.1": "1"})
    merged = Province.objects.create(code="99", name="Tỉnh Mới", valid_from=date(2025, 7, 1))
    event = Succession.objects.create(kind=SuccessionKind.MERGE, happened_on=date(2025, 7, 1))
    event.old_provinces.set([province, Province.objects.get(name="Tỉnh 1")])
    event.new_provinces.set([merged])
    plan.province = merged
    assert radar_of(plan, {}).scores.table is None
    assert slugs(plan) == []
    chosen = radar_of(plan, {}, Choice(predecessor=province.pk))
    assert chosen.scores.is_predecessor
    assert [each.flag.slug for each in chosen.flags] == ["khong-nhiem-vu-D1"]
    foreign = Province.objects.get(name="Tỉnh 2").pk
    assert radar_of(plan, {}, Choice(predecessor=foreign)).scores.table is None


def test_an_earlier_edition_can_be_looked_at(score, plan, office_client):
    score(now={"1.1": "6"}, before={"1.1": "1"})
    assert slugs(plan) == []
    assert slugs(plan, Choice(year=2023)) == ["khong-nhiem-vu-D1"]
    page = words_of(office_client.get(url_of(plan), {"nam": "2023"}))
    assert "Điểm PAPI 2023 của Lào Cai" in page
    assert (
        office_client.get(url_of(plan), {"nam": "x", "tinh": "-1", "so-voi": "abc"}).status_code
        == 200
    )


# What people see


def test_the_plan_page_and_the_leaders_page_give_each_dimension_a_line(
    score, plan, office_client, leader_client
):
    score(now={"1": "6.5", "1.1": "1"}, before={"1": "6.25"})
    task = task_for(plan, make_dimension(2))
    page = words_of(office_client.get(plan.get_absolute_url()))
    assert "<b>6,5000</b> điểm 2024" in page
    assert "+0,2500 so với 2023" in page
    assert "1 chỗ cần xem" in page
    plan.status, plan.activated_on = PlanStatus.ACTIVE, date(2025, 2, 1)
    plan.save()
    make_assignment(task=task, agency=task.lead_agency)
    page = words_of(leader_client.get(reverse("plans:overview")))
    assert "<b>6,5000</b> điểm 2024" in page
    assert "Chỗ còn trống (" in page


def test_whoever_may_read_the_plan_may_read_the_radar_but_not_names_of_others_work(
    score, plan, head_client, stranger
):
    plan.status, plan.activated_on = PlanStatus.ACTIVE, date(2025, 2, 1)
    plan.save()
    task_for(plan, make_dimension(1), name="Việc của cơ quan khác", due_on=date(2026, 1, 1))
    page = words_of(head_client.get(url_of(plan)))
    assert "Trong 1 nhiệm vụ có hạn, 1 đến hạn sau ngày 30/11/2025" in page
    assert "Chỉ liệt kê 0 nhiệm vụ có phần việc của cơ quan anh/chị." in page
    assert "Việc của cơ quan khác" not in page
    assert "Vì sao để như vậy" not in page
    assert signed_in(stranger.user).get(url_of(plan)).status_code == 404


def test_the_radar_makes_as_many_queries_for_ten_tasks_as_for_one(
    score, parts, plan, office_client
):
    score(now={"1.1": "1"})
    task_for(plan, make_dimension(1), parts["1.2"], due_on=date(2025, 12, 31))
    for_one = count_page_queries(office_client, url_of(plan))
    for _ in range(9):
        task_for(plan, make_dimension(2), parts["2.1"], due_on=date(2025, 12, 31))
    assert count_page_queries(office_client, url_of(plan)) == for_one


# What the office answers


@pytest.fixture
def flagged(score, parts, plan):
    """A plan with one flag: a low 1.1 without a task."""
    score(now={"1.1": "1"})
    task_for(plan, make_dimension(1), parts["1.2"])
    return plan


def accept(client, plan, *, slug="khong-nhiem-vu-S11", **fields):
    found = radar_of(plan, {}).flag(slug)
    values = {"figures": found.flag.figures if found else "0" * 64, "reason": "Đã có kế hoạch khác"}
    url = reverse("plans:accept_flag", args=[plan.pk, slug])
    return client.post(url, {"token": token(), **values, **fields})


def test_an_accepted_flag_is_told_with_who_when_and_why(flagged, office, office_client):
    assert accept(office_client, flagged).status_code == 302
    radar = radar_of(flagged, {})
    assert radar.open_flags == []
    answer = FlagAnswer.objects.get()
    assert (answer.answered_by, answer.reason) == (office.user, "Đã có kế hoạch khác")
    assert (answer.edition.year, answer.province) == (2024, flagged.province)
    page = words_of(office_client.get(url_of(flagged)))
    assert "Chấp nhận: “Đã có kế hoạch khác”" in page
    assert "1 chỗ đã chấp nhận" in page


def test_an_accepted_flag_comes_back_when_its_figures_change(flagged, office_client, parts):
    accept(office_client, flagged)
    score = Score.objects.get(edition__year=2024, province=flagged.province, component=parts["1.1"])
    Score.objects.create(
        release=make_release(sha256="1" * 64),
        edition=score.edition,
        component=score.component,
        province=score.province,
        value="0.9",
    )
    (each,) = radar_of(flagged, {}).open_flags
    assert len(each.earlier) == 1
    assert "1 lần trả lời khi số liệu khác" in words_of(office_client.get(url_of(flagged)))
    accept(office_client, flagged, reason="Vẫn vậy")
    assert FlagAnswer.objects.count() == 2


def test_an_answer_sent_twice_is_kept_once(flagged, office_client):
    same = token()
    first = accept(office_client, flagged, token=same)
    second = accept(office_client, flagged, token=same)
    assert first.url == second.url
    assert FlagAnswer.objects.count() == 1


def test_two_colleagues_who_accept_the_same_leave_one_answer(flagged, office_client):
    accept(office_client, flagged)
    again = accept(office_client, flagged)
    assert again.status_code == 422
    assert FlagAnswer.objects.count() == 1


def test_an_answer_to_figures_that_have_changed_is_refused_with_the_new_ones(
    flagged, office_client
):
    refused = accept(office_client, flagged, figures="a" * 64, reason="Chữ đã gõ")
    assert refused.status_code == 409
    page = words_of(refused)
    assert "số liệu của cờ này đã thay đổi" in page
    assert "Chữ đã gõ" in page
    assert not FlagAnswer.objects.exists()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"reason": "  "}, "Hãy ghi lý do."),
        ({"reason": "a" * 1001}, "1000"),
        ({"figures": "không phải số liệu"}, "giá trị hợp lệ"),
    ],
)
def test_an_answer_without_a_good_reason_is_refused(flagged, office_client, fields, message):
    refused = accept(office_client, flagged, **fields)
    assert refused.status_code == 422
    assert message in words_of(refused)
    assert not FlagAnswer.objects.exists()


def test_only_the_office_answers(flagged, leader_client, head_client, stranger, office_client):
    flagged.status, flagged.activated_on = PlanStatus.ACTIVE, date(2025, 2, 1)
    flagged.save()
    assert accept(leader_client, flagged).status_code == 403
    assert accept(head_client, flagged).status_code == 403
    assert accept(signed_in(stranger.user), flagged).status_code == 404
    url = reverse("plans:accept_flag", args=[flagged.pk, "khong-nhiem-vu-S11"])
    assert office_client.get(url).status_code == 405
    assert accept(office_client, flagged, slug="khong-co").status_code == 409
    assert not FlagAnswer.objects.exists()


def test_another_task_is_one_click_away_with_its_part_filled_in(flagged, office_client):
    page = words_of(office_client.get(url_of(flagged)))
    link = f"{reverse('plans:grid', args=[flagged.pk])}?noi-dung=1.1#o-moi-name"
    assert link in page
    grid = words_of(office_client.get(link))
    assert 'value="1.1"' in grid or ">1.1</textarea>" in grid


def test_an_applied_amendment_leads_to_the_radar_of_its_plan(plan, office_client):
    amendment = make_plan(
        province=plan.province,
        amends=plan,
        status=PlanStatus.APPLIED,
        activated_on=date(2025, 3, 1),
    )
    answer = office_client.get(url_of(amendment))
    assert (answer.status_code, answer.url) == (302, url_of(plan))


# Parts named in the grid


def test_a_part_is_kept_behind_its_dimension_and_told_back_with_its_name(score, parts, plan):
    from plans.grid import RowReader

    score()
    reading = RowReader(plan).read({"name": "Việc", "dimensions": "D1.2; 2"})
    assert [row.stable_key for row in reading.row.components] == ["D1", "D2", "S12"]
    assert reading.echoes["dimensions"].startswith("1.2 Phần 1.2; ")
    wrong = RowReader(plan).read({"name": "Việc", "dimensions": "1.9"})
    assert wrong.row.components == []
    assert wrong.problems["dimensions"] == (
        "nội dung 1 không có phần “1.9”: ghi một trong 1.1, 1.2, hoặc chỉ ghi 1"
    )


def test_a_code_means_what_the_last_edition_before_the_plan_printed(score, parts, plan):
    from plans.grid import RowReader

    score()
    EditionComponent.objects.filter(edition__year=2024, code="1.1").update(code="1.3")
    EditionComponent.objects.filter(edition__year=2024, code="1.2").update(code="1.1")
    (_whole, part) = RowReader(plan).read({"dimensions": "1.1"}).row.components
    assert part == parts["1.2"]
    plan.year = 2024
    (_whole, part) = RowReader(plan).read({"dimensions": "1.1"}).row.components
    assert part == parts["1.1"]
