"""The pages of plans and work: what they show, what bad input does, how many queries they make."""

from datetime import date, timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.states import Role
from indicators.models import Index
from plans import workflow
from plans.models import Assignment, Evidence, Extension, Plan, ProgressReport, Task
from plans.states import PlanStatus, Status
from tests.conftest import count_page_queries, signed_in
from tests.factories import (
    make_agency,
    make_assignment,
    make_papi,
    make_plan,
    make_post,
    make_task,
    report,
    token,
)

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4\n%%EOF\n"


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


# -- the work of an agency --------------------------------------------------------------------


def report_form(assignment, **fields):
    return {
        "token": token(),
        "version": Assignment.objects.get(pk=assignment.pk).version,
        "percent_done": "60",
        "text": "Đã làm được quá nửa.",
        "document_number": "",
        **fields,
    }


def post_report(client, assignment, **fields):
    return client.post(f"/viec/{assignment.pk}/cap-nhat/", report_form(assignment, **fields))


def test_my_work_is_sorted_by_urgency(head, head_client):
    today = timezone.localdate()
    late = make_assignment(agency=head.agency, due_on=today - timedelta(days=3))
    soon = make_assignment(agency=head.agency, due_on=today + timedelta(days=6))
    later = make_assignment(agency=head.agency, due_on=today + timedelta(days=7))
    waiting = make_assignment(agency=head.agency, status=Status.REPORTED)
    make_assignment()
    page = head_client.get("/viec-cua-toi/")
    groups = {group["key"]: group["rows"] for group in page.context["groups"]}
    assert groups == {"qua-han": [late], "tuan-nay": [soon], "sau-do": [later]}
    assert list(page.context["waiting"]) == [waiting]


def test_an_agency_reports_sixty_percent_with_a_sentence(head, head_client):
    assignment = make_assignment(agency=head.agency)
    assert post_report(head_client, assignment).status_code == 302
    stored = Assignment.objects.get()
    assert (stored.status, stored.percent_done) == (Status.IN_PROGRESS, 60)


def test_with_htmx_the_card_comes_back_and_the_page_is_not_left(head, head_client):
    assignment = make_assignment(agency=head.agency)
    answer = head_client.post(
        f"/viec/{assignment.pk}/cap-nhat/", report_form(assignment), headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert f'id="viec-{assignment.pk}"' in answer.text
    assert "portal:toast" in answer["HX-Trigger"]


def test_completion_with_a_file_and_a_number_waits_for_confirmation(head, head_client):
    assignment = make_assignment(agency=head.agency)
    file = SimpleUploadedFile("bao cao.pdf", PDF, "application/pdf")
    answer = post_report(
        head_client,
        assignment,
        is_completion="on",
        percent_done="100",
        document_number="215/BC-STTTT",
        file=file,
    )
    assert answer.status_code == 302
    assert Assignment.objects.get().status == Status.REPORTED
    evidence = Evidence.objects.get()
    assert (evidence.file_name, evidence.document_number) == ("bao cao.pdf", "215/BC-STTTT")
    assert evidence.content_type == "application/pdf"
    assert len(evidence.sha256) == 64
    assert "bao cao" not in evidence.file.name
    download = head_client.get(f"/tai-lieu/{evidence.pk}/")
    assert download.getvalue() == PDF
    assert download["Content-Disposition"].startswith("attachment")
    assert "sandbox" in download["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({"percent_done": "120"}, "percent_done", "100"),
        ({"percent_done": "-1"}, "percent_done", ""),
        ({"percent_done": "nửa"}, "percent_done", ""),
        ({"percent_done": ""}, "percent_done", "0 đến 100"),
        ({"percent_done": "40", "is_completion": "on"}, "percent_done", "40 %"),
        ({"text": "   "}, "text", ""),
        ({"text": "x" * 2001}, "text", "2000"),
        ({"document_number": "không số"}, "document_number", ""),
    ],
)
def test_a_wrong_report_is_refused_with_its_text_kept_and_nothing_saved(
    head, head_client, fields, field, message
):
    assignment = make_assignment(agency=head.agency)
    answer = post_report(head_client, assignment, **fields)
    assert answer.status_code == 422
    assert message in " ".join(answer.context["form"].errors[field])
    assert not ProgressReport.objects.exists()
    assert Assignment.objects.get().version == 1


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rong.pdf", b"", "0 byte"),
        ("gia.pdf", b"MZ\x90\x00 this is a program", "không phải"),
        ("gia.docx", b"PK\x03\x04 no archive", "không phải"),
        ("trang.html", b"<script>alert(1)</script>", "chỉ nhận"),
        ("hinh.svg", b"<svg/>", "chỉ nhận"),
        ("fdp\u202e.exe", b"MZ", "chỉ nhận"),
        ("khongduoi", b"%PDF-1.4", "chỉ nhận"),
    ],
)
def test_a_file_that_is_empty_or_not_what_it_says_is_refused(
    head, head_client, name, content, message
):
    assignment = make_assignment(agency=head.agency)
    file = SimpleUploadedFile(name, content, "application/pdf")
    answer = post_report(head_client, assignment, is_completion="on", percent_done="100", file=file)
    assert answer.status_code == 422
    assert message in " ".join(answer.context["form"].errors["file"])
    assert not Evidence.objects.exists()
    assert Assignment.objects.get().status == Status.NOT_STARTED


def test_a_file_of_sixty_megabytes_is_refused_by_its_size(head, head_client):
    assignment = make_assignment(agency=head.agency)
    file = SimpleUploadedFile("to.pdf", b"%PDF-" + bytes(60 * 2**20))
    answer = post_report(head_client, assignment, file=file)
    assert answer.status_code == 422
    assert "60 MB" in answer.context["form"].errors["file"][0]


def stored_files():
    if not default_storage.exists("evidence"):
        return []
    return sorted(default_storage.listdir("evidence")[1])


def test_a_file_is_not_left_behind_when_the_report_is_refused(head, head_client):
    before = stored_files()
    assignment = make_assignment(agency=head.agency, status=Status.REPORTED)
    answer = post_report(head_client, assignment, file=SimpleUploadedFile("a.pdf", PDF))
    assert answer.status_code == 422
    assert stored_files() == before


def test_a_report_sent_twice_is_one_report(head, head_client):
    assignment = make_assignment(agency=head.agency)
    sent = report_form(assignment)
    for _ in range(2):
        assert head_client.post(f"/viec/{assignment.pk}/cap-nhat/", sent).status_code == 302
    assert ProgressReport.objects.count() == 1


def test_a_report_on_an_old_version_gets_409_with_both_texts(head, head_client):
    assignment = make_assignment(agency=head.agency)
    sent = report_form(assignment, text="Chữ của tôi")
    report(assignment, by=head.user, percent=30, text="Đồng nghiệp đã báo cáo")
    answer = head_client.post(f"/viec/{assignment.pk}/cap-nhat/", sent)
    assert answer.status_code == 409
    assert "Chữ của tôi" in answer.text
    assert "Đồng nghiệp đã báo cáo" in answer.text


def test_an_extension_is_asked_for_and_approved_and_the_first_date_stays_on_the_page(
    head, head_client, leader_client
):
    assignment = make_assignment(agency=head.agency, due_on=timezone.localdate())
    new = timezone.localdate() + timedelta(days=30)
    head_client.post(
        f"/viec/{assignment.pk}/gia-han/",
        {"token": token(), "reason": "Chờ hướng dẫn", "proposed_due_on": f"{new:%d/%m/%Y}"},
    )
    extension = Extension.objects.get()
    leader_client.post(
        f"/gia-han/{extension.pk}/quyet-dinh/", {"token": token(), "decision": "approve"}
    )
    assert Assignment.objects.get().due_on == new
    page = head_client.get(f"/viec/{assignment.pk}/").text
    assert f"{new:%d/%m/%Y}" in page
    assert f"{timezone.localdate():%d/%m/%Y}" in page


def test_a_return_without_a_reason_is_refused_on_a_page_to_send_again(head, office_client):
    assignment = make_assignment(agency=head.agency, status=Status.REPORTED)
    url = f"/viec/{assignment.pk}/tra-lai/"
    answer = office_client.post(url, {"token": token(), "reason": " "})
    assert answer.status_code == 422
    assert Assignment.objects.get().status == Status.REPORTED
    answer = office_client.post(
        url, {"token": token(), "reason": "Thiếu báo cáo", "next": "/cho-xu-ly/"}
    )
    assert answer.url == "/cho-xu-ly/"
    assert Assignment.objects.get().status == Status.IN_PROGRESS


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_an_address_to_go_back_to_is_only_taken_when_it_is_ours(head, office_client, url):
    assignment = make_assignment(agency=head.agency, status=Status.REPORTED)
    answer = office_client.post(f"/viec/{assignment.pk}/xac-nhan/", {"token": token(), "next": url})
    assert answer.url == assignment.get_absolute_url()


def test_a_supporter_sees_comments_and_adds_evidence_but_does_not_report(head):
    supporter = make_post(role=Role.HEAD, agency=make_agency(province=head.agency.province))
    plan = make_plan(province=head.agency.province, status=PlanStatus.ACTIVE)
    task = make_task(plan=plan, lead_agency=head.agency, supporters=[supporter.agency])
    assignment = make_assignment(agency=head.agency, task=task)
    client = signed_in(supporter.user)
    assert client.get(f"/viec/{assignment.pk}/").status_code == 200
    sent = {"token": token(), "text": "Chúng tôi góp số liệu", "document_number": "7/BC-SYT"}
    assert client.post(f"/viec/{assignment.pk}/trao-doi/", sent).status_code == 302
    assert assignment.events.count() == 2
    assert post_report(client, assignment).status_code == 403
    assert Assignment.objects.get().status == Status.NOT_STARTED


def test_a_leaders_direction_shows_in_the_agencys_work_until_it_is_answered(
    head, head_client, leader_client
):
    assignment = make_assignment(agency=head.agency)
    leader_client.post(
        f"/viec/{assignment.pk}/chi-dao/", {"token": token(), "text": "Khẩn trương hoàn thành"}
    )
    assert "Khẩn trương hoàn thành" in head_client.get("/viec-cua-toi/").text
    direction = assignment.events.get()
    head_client.post(
        f"/chi-dao/{direction.pk}/tra-loi/", {"token": token(), "text": "Sẽ xong trong tuần"}
    )
    assert "Khẩn trương hoàn thành" not in head_client.get("/viec-cua-toi/").text


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
