"""What agencies, offices and leaders do on the pages of work."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from agencies.states import Role
from plans.forms import ReportForm
from plans.models import Assignment, Evidence, Extension, ProgressReport
from plans.states import PlanStatus, Status
from tests.conftest import signed_in
from tests.factories import (
    make_agency,
    make_assignment,
    make_plan,
    make_post,
    make_task,
    report,
    token,
)

pytestmark = pytest.mark.django_db


PDF = b"%PDF-1.4\n%%EOF\n"


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


def test_a_file_of_55_megabytes_is_refused_by_its_size(head, head_client):
    assignment = make_assignment(agency=head.agency)
    file = SimpleUploadedFile("to.pdf", b"%PDF-" + bytes(55 * 2**20))
    answer = post_report(head_client, assignment, file=file)
    assert answer.status_code == 422
    assert "55 MB" in answer.context["form"].errors["file"][0]


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


def test_the_form_names_the_size_of_a_file_that_is_really_taken(settings):
    settings.EVIDENCE_MAX_BYTES = 7 * 2**20
    assert "tối đa 7 MB" in ReportForm().fields["file"].help_text
