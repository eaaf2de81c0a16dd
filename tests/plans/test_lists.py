"""Lists, search and addresses: wrong values, pages by key, queries that do not grow."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agencies.states import Role
from plans import workflow
from plans.models import Task
from plans.states import PlanStatus, Status
from tests.conftest import count_page_queries, signed_in
from tests.factories import (
    make_agency,
    make_assignment,
    make_plan,
    make_post,
    make_task,
    report,
)

pytestmark = pytest.mark.django_db


def test_the_link_of_a_deleted_task_is_a_plain_404(office_client, province):
    task = make_task(plan=make_plan(province=province))
    url = task.get_absolute_url()
    Task.objects.all().delete()
    assert office_client.get(url).status_code == 404


@pytest.mark.parametrize("pk", ["0", str(2**63), str(2**64), "9" * 40])
def test_an_address_with_a_number_no_row_can_have_is_404(office_client, pk):
    for path in ("ke-hoach", "viec", "nhiem-vu", "tai-lieu"):
        assert office_client.get(f"/{path}/{pk}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "?sau=abc",
        "?sau=2021",
        "?sau=.",
        f"?sau={'9' * 40}.1",
        "?sau=2021-02-31.5",
        "?tinh-trang=x",
        "?tt=x&nd=99&cq=abc&kh=-1",
        "?q=%00",
        "?q=%25_'",
        "?ke-hoach=abc",
        "?noi-dung=%F0%9F%91%A8",
    ],
)
@pytest.mark.parametrize(
    "path", ["/ke-hoach/", "/viec/", "/tong-quan/", "/tim-kiem/", "/cho-xu-ly/"]
)
def test_a_wrong_value_in_the_address_never_breaks_a_list(office_client, path, query):
    assert office_client.get(path + query).status_code in {200, 400}


def test_search_finds_without_marks_and_takes_signs_literally(office_client, province):
    plan = make_plan(province=province, title="Nâng cao chỉ số PAPI")
    make_task(plan=plan, name="Đối thoại với người dân")
    found = office_client.get("/tim-kiem/?q=doi thoai dan").context
    assert [task.name for task in found["tasks"]] == ["Đối thoại với người dân"]
    assert not office_client.get("/tim-kiem/?q=%25").context["tasks"]


def make_busy_row(agency, day):
    plan = make_plan(province=agency.province, status=PlanStatus.ACTIVE)
    row = make_assignment(agency=agency, task=make_task(plan=plan, lead_agency=agency), due_on=day)
    report(row, by=make_post(agency=agency, role=Role.OFFICER).user, percent=10)
    workflow.ask_extension(
        row,
        by=make_post(agency=agency, role=Role.OFFICER).user,
        now=timezone.now(),
        reason="Lý do",
        proposed_due_on=day + timedelta(days=400),
    )
    make_assignment(
        agency=agency, status=Status.REPORTED, task=make_task(plan=plan, lead_agency=agency)
    )


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("head", "/viec-cua-toi/"),
        ("leader", "/tong-quan/"),
        ("leader", "/cho-xu-ly/"),
        ("office", "/cho-xu-ly/"),
        ("office", "/viec/"),
        ("office", "/ke-hoach/"),
        ("office", "/tim-kiem/?q=nhiem vu"),
    ],
)
def test_a_page_makes_as_many_queries_for_ten_rows_as_for_one(
    who, path, head, office, leader, request
):
    client = signed_in(request.getfixturevalue(who).user)
    today = timezone.localdate()
    make_busy_row(head.agency, today - timedelta(days=100))
    # Another plan: with one the overview shows that one.
    make_busy_row(head.agency, today - timedelta(days=100))
    for_one = count_page_queries(client, path)
    for number in range(8):
        make_busy_row(head.agency, today - timedelta(days=number))
    assert count_page_queries(client, path) == for_one


def test_a_plan_page_makes_as_many_queries_for_ten_tasks_as_for_one(head, office_client):
    plan = make_plan(province=head.agency.province, status=PlanStatus.ACTIVE)
    url = plan.get_absolute_url()
    make_assignment(agency=head.agency, task=make_task(plan=plan, lead_agency=head.agency))
    for_one = count_page_queries(office_client, url)
    for _ in range(9):
        make_assignment(agency=head.agency, task=make_task(plan=plan, lead_agency=head.agency))
    assert count_page_queries(office_client, url) == for_one


def test_the_log_of_an_assignment_makes_as_many_queries_for_ten_reports_as_for_one(
    head, office_client
):
    assignment = make_assignment(agency=head.agency)
    url = assignment.get_absolute_url()
    report(assignment, by=head.user, percent=1)
    for_one = count_page_queries(office_client, url)
    for percent in range(2, 11):
        report(assignment, by=head.user, percent=percent)
    assert count_page_queries(office_client, url) == for_one


def test_the_tasks_of_a_long_plan_come_page_by_page_each_once(office_client, province):
    plan = make_plan(province=province)
    agency = make_agency(province=province)
    for position in range(151):
        make_task(plan=plan, lead_agency=agency, position=position // 2)
    first = office_client.get(plan.get_absolute_url()).context
    assert first["task_count"] == 151
    second = office_client.get(f"{plan.get_absolute_url()}?{first['next_query']}").context["page"]
    seen = [task.pk for task in [*first["page"].rows, *second.rows]]
    assert len(seen) == len(set(seen)) == 151
    assert second.next == ""


def test_a_body_that_is_only_asked_is_called_late_on_no_page(office, office_client):
    asked = make_agency(province=office.agency.province, name="Mặt trận", is_requested=True)
    yesterday = timezone.localdate() - timedelta(days=1)
    task = make_task(plan=make_plan(province=asked.province, status=PlanStatus.ACTIVE))
    make_assignment(task=task, agency=asked, due_on=yesterday, first_due_on=yesterday)
    head = signed_in(make_post(role=Role.HEAD, agency=asked).user)
    for client, address in (
        (office_client, task.plan.get_absolute_url()),
        (office_client, "/viec/?tt=overdue"),
        (head, "/viec-cua-toi/"),
    ):
        page = client.get(address).text.split("<main")[1]
        assert "badge s-late" not in page
        assert "is-late" not in page
    assert "Đã qua ngày đề nghị" in page
    assert "Quá hạn" not in page
