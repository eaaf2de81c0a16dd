"""One row of the grid: what is typed, what it means, what is kept, and two people at one row."""

import json
from datetime import date

import pytest

from agencies.states import AgencyKind
from plans.grid import RowReader, read_again
from plans.models import Task
from plans.states import PlanStatus
from tests.conftest import count_page_queries
from tests.factories import (
    make_agency,
    make_dimension,
    make_group,
    make_plan,
    make_province,
    make_task,
    token,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(province):
    for number in range(1, 9):
        make_dimension(number)
    return make_plan(
        province=province,
        number="149/KH-UBND",
        issued_on=date(2021, 3, 30),
        year=2021,
        period_start=date(2021, 1, 1),
        period_end=date(2021, 12, 31),
    )


@pytest.fixture
def stttt(province):
    return make_agency(
        province=province,
        name="Sở Thông tin và Truyền thông",
        short_name="Sở TT&TT",
        code="STTTT",
        valid_to=date(2025, 2, 28),
    )


def read(plan, **cells):
    return RowReader(plan).read({"name": "Tuyên truyền về PAPI", **cells})


@pytest.mark.parametrize(
    "typed", ["Sở Thông tin và Truyền thông", "sở tt&tt", "so tttt", "STTTT", "thong tin truyen"]
)
def test_a_lead_is_found_by_its_name_short_name_code_or_part_without_marks(plan, stttt, typed):
    reading = read(plan, lead=typed)
    assert reading.row.fields["lead_agency"] == stttt
    assert "lead" not in reading.problems


def test_an_unknown_lead_is_kept_as_typed_and_the_nearest_three_of_the_province_are_offered(plan):
    for name in ("Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Sở Y tế"):
        make_agency(province=plan.province, name=name)
    make_agency(province=make_province(name="Đắk Lắk", code="66"), name="Sở Nội vụ và Lao động")
    reading = read(plan, lead="Sở Nội vu và Lao đông")
    assert reading.row.fields["lead_text"] == "Sở Nội vu và Lao đông"
    assert reading.row.fields["lead_agency"] is None
    assert len(reading.offers["lead"]) == 3
    assert reading.offers["lead"][0] == "Sở Nội vụ"
    assert "Sở Nội vụ và Lao động" not in reading.problems["lead"]


def test_supporters_pasted_below_one_another_are_read_one_by_one(plan):
    agencies = [make_agency(province=plan.province, name=n) for n in ("Sở Y tế", "Sở Tư pháp")]
    reading = read(plan, supporters="Sở Y tế\r\n\nSở Tư pháp\n")
    assert list(reading.row.supporters) == agencies
    assert reading.row.fields["supporters_text"] == "Sở Y tế; Sở Tư pháp"


def test_an_agency_that_had_ended_before_the_plan_is_refused_by_its_date(plan):
    make_agency(province=plan.province, name="Ban Đổi mới", valid_to=date(2020, 12, 31))
    reading = read(plan, lead="Ban Đổi mới")
    assert "31/12/2020" in reading.problems["lead"]


def test_an_agency_that_came_after_the_plan_is_refused_by_its_date(plan):
    make_agency(province=plan.province, name="Sở Dân tộc", valid_from=date(2025, 3, 1))
    assert "01/03/2025" in read(plan, lead="Sở Dân tộc").problems["lead"]


def test_a_group_shows_the_members_it_had_on_the_day_of_the_plan(plan, stttt):
    late = make_agency(province=plan.province, name="Sở Mới", valid_from=date(2025, 3, 1))
    group = make_group(members=[stttt, late], name="các sở, ban, ngành")
    reading = read(plan, lead="các sở, ban, ngành")
    assert reading.row.fields["lead_group"] == group
    assert reading.members == [stttt.name]


def test_supporters_may_be_parted_by_commas_though_names_have_commas(plan, stttt):
    culture = make_agency(province=plan.province, name="Sở Văn hóa, Thể thao và Du lịch")
    reading = read(plan, supporters="Sở Văn hóa, Thể thao và Du lịch, sở tt&tt")
    assert list(reading.row.supporters) == [culture, stttt]


@pytest.mark.parametrize(
    ("typed", "kind", "due_on"),
    [
        ("Quý III/2021", "period", date(2021, 9, 30)),
        ("trước 30/6", "date", date(2021, 6, 30)),
        ("thường xuyên", "continuous", None),
        ("hằng quý", "recurring", None),
    ],
)
def test_a_deadline_is_kept_as_written_and_read_back(plan, typed, kind, due_on):
    reading = read(plan, deadline=typed)
    fields = reading.row.fields
    assert (fields["deadline_text"], fields["deadline_kind"], fields["due_on"]) == (
        typed,
        kind,
        due_on,
    )
    assert reading.echoes["deadline"]


@pytest.mark.parametrize("typed", ["Quý V", "31/02/2021", "tháng 13", "", "bao giờ cũng được"])
def test_a_deadline_that_is_none_is_kept_as_typed_and_says_what_to_type(plan, typed):
    reading = read(plan, deadline=typed)
    assert reading.row.fields["deadline_text"] == typed
    assert reading.row.fields["deadline_kind"] == ""
    assert reading.problems["deadline"]


@pytest.mark.parametrize(
    ("typed", "keys"),
    [("5", ["D5"]), ("1; 3", ["D1", "D3"]), ("D8, 2", ["D8", "D2"]), ("điện tử", ["D8"])],
)
def test_dimensions_are_read_by_number_or_name_the_first_is_the_primary(plan, typed, keys):
    assert [row.stable_key for row in read(plan, dimensions=typed).row.components] == keys


def test_a_task_for_all_dimensions_is_called_chung(plan):
    reading = read(plan, dimensions="Chung")
    assert reading.row.fields["is_cross_cutting"] is True
    assert "dimensions" not in reading.problems


@pytest.mark.parametrize("typed", ["9", "0", "abc", "1;9"])
def test_a_dimension_that_does_not_exist_is_named(plan, typed):
    assert "dimensions" in read(plan, dimensions=typed).problems


def test_a_name_that_is_too_long_is_refused_with_its_length(plan):
    assert "1001" in read(plan, name="x" * 1001).refused["name"]


def test_without_the_script_a_refused_row_names_its_cell_as_the_page_does(plan, office_client):
    answer = office_client.post(f"/ke-hoach/{plan.pk}/dong/", {"name": "x" * 1_100})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nhiệm vụ: " in page
    assert "name: " not in page


def test_a_cell_with_a_nul_is_refused(plan):
    assert "product" in read(plan, product="a\x00b").refused


# -- the page -------------------------------------------------------------------------------


def save(client, plan, cells, *, task=None, version="", key=None):
    tail = f"{task.pk}/" if task else ""
    return client.post(
        f"/ke-hoach/{plan.pk}/dong/{tail}",
        {"version": version, "row_key": key or "", **cells},
        headers={"accept": "application/json"},
    )


CELLS = {
    "name": "Tuyên truyền",
    "dimensions": "1",
    "lead": "so tttt",
    "deadline": "Quý III/2021",
    "needs_evidence": "1",
}


def test_a_row_is_saved_and_told_what_it_was_understood_as(plan, stttt, office_client):
    said = save(office_client, plan, CELLS).json()
    task = Task.objects.get()
    assert said["pk"] == task.pk
    assert "30/09/2021" in said["echoes"]["deadline"]
    assert task.lead_agency == stttt
    assert "Kế hoạch đã đủ" in said["summary"]


def test_a_new_row_sent_twice_is_one_row(plan, stttt, office_client):
    key = token()
    save(office_client, plan, CELLS, key=key)
    save(office_client, plan, {**CELLS, "name": "Tuyên truyền rộng hơn"}, key=key)
    assert Task.objects.get().name == "Tuyên truyền rộng hơn"


def test_the_second_of_two_editors_gets_409_with_the_other_text_and_nothing_is_lost(
    plan, stttt, office_client
):
    task = make_task(plan=plan, name="Bản đầu")
    assert (
        save(office_client, plan, {**CELLS, "name": "Của A"}, task=task, version=1).status_code
        == 200
    )
    answer = save(office_client, plan, {**CELLS, "name": "Của B"}, task=task, version=1)
    assert answer.status_code == 409
    assert answer.json()["theirs"]["name"] == "Của A"
    assert Task.objects.get(pk=task.pk).name == "Của A"
    page = office_client.post(
        f"/ke-hoach/{plan.pk}/dong/{task.pk}/", {**CELLS, "name": "Của B", "version": 1}
    )
    assert page.status_code == 409
    assert "Của A" in page.text
    assert "Của B" in page.text


def test_a_row_that_was_deleted_meanwhile_says_so_and_shows_the_typed_text(plan, office_client):
    task = make_task(plan=plan)
    office_client.post(f"/ke-hoach/{plan.pk}/dong/{task.pk}/xoa/", {"version": 1})
    page = office_client.post(
        f"/ke-hoach/{plan.pk}/dong/{task.pk}/", {**CELLS, "name": "Chữ của tôi", "version": 1}
    )
    assert page.status_code == 409
    assert "Chữ của tôi" in page.text


def test_a_row_of_another_plan_is_not_saved_through_this_one(plan, office_client):
    other = make_task(plan=make_plan(province=plan.province), name="Của kế hoạch khác")
    assert save(office_client, plan, CELLS, task=other, version=1).status_code == 409
    other.refresh_from_db()
    assert other.name == "Của kế hoạch khác"


def test_the_tasks_of_a_plan_that_was_given_out_do_not_change(province, office_client):
    plan = make_plan(province=province, status=PlanStatus.ACTIVE)
    task = make_task(plan=plan, name="Đã giao")
    assert save(office_client, plan, CELLS, task=task, version=1).status_code == 409
    office_client.post(f"/ke-hoach/{plan.pk}/dong/{task.pk}/xoa/", {"version": 1})
    assert Task.objects.get().name == "Đã giao"


def test_rows_are_understood_anew_when_the_date_of_the_plan_changes(plan, stttt):
    make_agency(
        province=plan.province, name="Sở Khoa học và Công nghệ", valid_from=date(2025, 3, 1)
    )
    task = make_task(plan=plan, lead_text="STTTT", dimensions_text="1", deadline_text="Quý I")
    plan.issued_on = date(2026, 1, 5)
    plan.period_start, plan.period_end = date(2026, 1, 1), date(2026, 12, 31)
    plan.save()
    read_again(plan)
    task.refresh_from_db()
    assert task.lead_agency is None
    assert task.due_on == date(2026, 3, 31)


def test_the_grid_makes_as_many_queries_for_ten_rows_as_for_one(plan, stttt, office_client):
    url = f"/ke-hoach/{plan.pk}/nhiem-vu/"
    cells = {"lead_text": "STTTT", "supporters_text": "sở lạ", "dimensions_text": "1"}
    make_task(plan=plan, **cells)
    for_one = count_page_queries(office_client, url)
    for _ in range(9):
        make_task(plan=plan, **cells)
    assert count_page_queries(office_client, url) == for_one


def test_the_grid_names_every_missing_cell_with_a_link_to_it(plan, office_client):
    task = make_task(plan=plan, name="Thiếu hạn", deadline_kind="", deadline_text="Quý V")
    page = office_client.get(f"/ke-hoach/{plan.pk}/nhiem-vu/").text
    assert f"#o-{task.pk}-deadline" in page
    assert f'id="o-{task.pk}-deadline"' in page
    suggestions = page.split('id="suggest-agencies"')[1]
    assert json.loads(suggestions.split(">", 1)[1].split("</script>")[0])


def test_a_front_body_may_lead(plan):
    front = make_agency(
        province=plan.province, name="Ủy ban MTTQ Việt Nam tỉnh", kind=AgencyKind.FRONT
    )
    assert read(plan, lead="mttq").row.fields["lead_agency"] == front


def test_an_estimated_deadline_is_a_question_and_is_listed_before_the_plan_is_given_out(
    plan, stttt, office_client
):
    said = save(office_client, plan, {**CELLS, "deadline": "giữa tháng 5"}).json()
    assert "đúng không" in said["questions"]["deadline"]
    task = Task.objects.get()
    assert (task.deadline_text, task.is_deadline_inferred) == ("giữa tháng 5", True)
    assert "“giữa tháng 5”" in said["summary"]
    assert "Giao việc" in said["summary"]


def test_a_row_that_a_colleague_has_changed_is_not_deleted_unseen(plan, office_client):
    task = make_task(plan=plan, name="Bản cũ")
    Task.objects.filter(pk=task.pk).update(name="Bản mới", version=2)
    answer = office_client.post(f"/ke-hoach/{plan.pk}/dong/{task.pk}/xoa/", {"version": 1})
    assert answer.status_code == 409
    assert Task.objects.get().name == "Bản mới"


@pytest.mark.parametrize(
    "typed",
    [
        "Sở TT&TT, Sở Tư pháp",
        "Sở Tư pháp; Sở Thông tin và Truyền thông",
        "Sở Tư pháp và Sở TT&TT",
        "Sở Tư pháp/STTTT",
    ],
)
def test_several_leads_in_one_cell_are_told_apart_not_called_unknown(plan, stttt, typed):
    make_agency(province=plan.province, name="Sở Tư pháp")
    reading = RowReader(plan).read({"name": "Tuyên truyền", "lead": typed})
    assert "là 2 cơ quan" in reading.problems["lead"]
    assert "cột phối hợp" in reading.problems["lead"]
    assert sorted(reading.offers["lead"]) == ["Sở Thông tin và Truyền thông", "Sở Tư pháp"]


def test_a_lead_beside_one_nobody_knows_is_still_unknown(plan, stttt):
    reading = RowReader(plan).read({"name": "Tuyên truyền", "lead": "Sở TT&TT, Sở Lạ"})
    assert "không có cơ quan" in reading.problems["lead"]
