"""What somebody with bad intentions tries: names of foreign rows, odd files, borrowed forms."""

import io
import re
import zipfile
from uuid import uuid4

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agencies.models import Membership, User
from agencies.states import Role
from plans import workflow
from plans.models import Event, Evidence, Plan, Task
from plans.states import Status
from tests import factories
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db

LOGIN = "/tai-khoan/login/"


@pytest.fixture
def work(head):
    return factories.make_assignment(agency=head.agency)


@pytest.fixture
def foreign_work(stranger):
    return factories.make_assignment(agency=stranger.agency)


def waiting_work(head, **fields):
    row = factories.make_assignment(agency=head.agency, **fields)
    evidence = (workflow.NewEvidence(document_number="1/BC-STTTT"),)
    factories.report(row, by=head.user, done=True, evidence=evidence)
    row.refresh_from_db()
    return row


def plan_form(plan=None, **changes):
    today = timezone.localdate()
    return {
        "token": uuid4(),
        "number": "778/KH-UBND",
        "kind": "KH",
        "issued_on": f"15/01/{today.year}",
        "title": "Kế hoạch",
        "issuer": "UBND tỉnh",
        "period_start": f"01/01/{today.year}",
        "period_end": f"31/12/{today.year}",
        "indices": factories.make_papi().pk,
        "version": plan.version if plan else "",
        **changes,
    }


# Signing in


def test_the_tables_site_has_no_door_of_its_own_past_limits_and_second_step(client):
    user = factories.make_user(email="toan-quyen@example.vn", is_staff=True, is_superuser=True)
    answer = client.post(
        "/quan-tri/login/", {"username": user.email, "password": factories.PASSWORD}
    )
    assert answer.status_code == 403
    assert client.get("/quan-tri/login/")["Location"].startswith(f"{LOGIN}?next=")
    assert "_auth_user_id" not in client.session


def test_who_may_not_see_the_tables_is_told_so_and_not_asked_to_sign_in_again(head_client):
    answer = head_client.get("/quan-tri/", follow=True)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "http:evil.example",
        "https:///evil.example",
        "javascript:alert(1)",
        "/%09/evil.example",
        "\t//evil.example",
        "//testserver@evil.example/",
        "http://testserver:80@evil.example/",
    ],
)
def test_signing_in_and_out_and_deciding_lead_to_no_other_site(office, head, client, target):
    answers = [
        client.post(
            f"{LOGIN}?next={target}", {"login": office.user.email, "password": factories.PASSWORD}
        ),
        client.get(LOGIN, {"next": target}),
        client.post("/tai-khoan/logout/", {"next": target}),
        client.post(
            LOGIN,
            {"login": office.user.email, "password": factories.PASSWORD, "next": target},
        ),
        client.post(
            reverse("plans:confirm", args=[waiting_work(head).pk]),
            {"token": uuid4(), "next": target},
        ),
    ]
    for answer in answers:
        assert answer.status_code == 302
        assert re.match(r"/(?![/\\])", answer["Location"]), answer["Location"]
        assert "\t" not in answer["Location"]


def test_a_session_handed_to_the_victim_is_not_the_one_that_signs_in(office, client):
    client.get(LOGIN)
    client.session["planted"] = "1"
    session = client.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post(LOGIN, {"login": office.user.email, "password": factories.PASSWORD})
    assert client.session.session_key != before
    assert client.session["_auth_user_id"] == str(office.user.pk)
    thief = Client()
    thief.cookies["sessionid"] = before
    assert thief.get("/ke-hoach/").status_code == 302


def test_a_new_password_ends_the_sessions_that_know_the_old_one(office):
    ours, other = signed_in(office.user), signed_in(office.user)
    ours.post(
        "/tai-khoan/password/change/",
        {
            "oldpassword": factories.PASSWORD,
            "password1": "mat-khau-hoan-toan-moi-9",
            "password2": "mat-khau-hoan-toan-moi-9",
        },
    )
    assert ours.get("/ke-hoach/").status_code == 200
    assert other.get("/ke-hoach/").status_code == 302


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:8000.evil.example", "testserver@evil.example"]
)
def test_a_foreign_host_name_gets_nothing(client, host):
    assert client.get(LOGIN, headers={"host": host}).status_code == 400


def test_the_letter_of_a_lost_password_leads_to_the_portal_whatever_host_was_asked(
    client, office, settings
):
    cache.clear()
    settings.PORTAL_URL = "https://papi.example.gov.vn"
    for headers in (
        {"host": "127.0.0.1"},
        {"host": "testserver:8443"},
        {"host": "testserver", "x-forwarded-host": "evil.example"},
    ):
        client.post("/tai-khoan/password/reset/", {"email": office.user.email}, headers=headers)
        links = re.findall(r"https?://\S+", mail.outbox[-1].body)
        assert links
        assert all(link.startswith("https://papi.example.gov.vn/tai-khoan/") for link in links)


# Forms of other sites


def test_no_form_of_another_site_is_taken(office, head, leader, work):
    urls = [
        (office, reverse("plans:cancel", args=[work.pk]), {"token": uuid4(), "reason": "x"}),
        (office, reverse("plans:add_plan"), plan_form(province=work.province_id)),
        (head, reverse("plans:report", args=[work.pk]), {"token": uuid4(), "text": "x"}),
        (leader, reverse("plans:direct", args=[work.pk]), {"token": uuid4(), "text": "x"}),
        (head, reverse("reminders:read_notices"), {}),
    ]
    for post, url, data in urls:
        client = Client(enforce_csrf_checks=True)
        client.force_login(post.user)
        answer = client.post(url, data, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403
        # Offering it for sending again would be one press away from doing it.
        assert url not in answer.content.decode()
    assert Event.objects.count() == 0
    assert Plan.objects.count() == 1


# Rows named in forms


def test_a_plan_is_entered_for_no_foreign_province_agency_or_index(office_client, stranger):
    foreign = stranger.agency
    for changes in (
        {"province": foreign.province_id, "monitor": "Sở Nội vụ"},
        {
            "province": Membership.objects.exclude(pk=stranger.pk).get().agency.province_id,
            "monitor": str(foreign.pk),
        },
        {
            "province": Membership.objects.exclude(pk=stranger.pk).get().agency.province_id,
            "monitor": "Sở Nội vụ",
            "indices": 999999,
        },
    ):
        answer = office_client.post(reverse("plans:add_plan"), plan_form(**changes))
        assert answer.status_code == 422
    assert not Plan.objects.exists()


@pytest.mark.parametrize("field", ["parent", "supersedes"])
def test_a_plan_is_tied_to_no_foreign_plan(office, office_client, stranger, field):
    foreign = factories.make_plan(province=stranger.agency.province, status="active")
    fields = {"province": office.agency.province_id, "monitor": "Sở Nội vụ", field: foreign.pk}
    answer = office_client.post(reverse("plans:add_plan"), plan_form(**fields))
    assert answer.status_code == 422
    assert Plan.objects.get() == foreign


def test_fields_that_no_form_has_change_nothing(office, office_client, head, head_client, work):
    plan = factories.make_plan(province=office.agency.province)
    office_client.post(
        reverse("plans:edit_plan", args=[plan.pk]),
        plan_form(
            plan,
            province=plan.province_id,
            monitor="Sở Nội vụ",
            status="active",
            is_illustrative="on",
            created_by=head.user.pk,
            activated_on="2020-01-01",
            amends=work.plan_id,
            ended_on="2020-01-01",
        ),
    )
    plan.refresh_from_db()
    assert plan.number == "778/KH-UBND"
    assert (plan.status, plan.is_illustrative, plan.created_by) == ("draft", False, None)
    assert (plan.activated_on, plan.amends_id, plan.ended_on) == (None, None, None)

    head_client.post(
        reverse("plans:report", args=[work.pk]),
        {
            "token": uuid4(),
            "version": work.version,
            "text": "Đã làm",
            "percent_done": "10",
            "status": "done",
            "due_on": "2099-01-01",
            "done_on": "2020-01-01",
            "agency": office.agency.pk,
            "by": office.user.pk,
        },
    )
    due_on, agency = work.due_on, work.agency_id
    work.refresh_from_db()
    assert (work.status, work.percent_done) == (Status.IN_PROGRESS, 10)
    assert (work.due_on, work.done_on, work.agency_id) == (due_on, None, agency)
    assert work.reports.get().by == head.user


def test_an_agency_moves_to_no_other_province_and_a_person_to_no_other_rank(province, stranger):
    admin = factories.make_post(
        role=Role.ADMINISTRATOR, agency=factories.make_agency(province=province)
    )
    client = signed_in(admin.user)
    client.post(
        reverse("agencies:edit_agency", args=[admin.agency_id]),
        {"name": "Tên mới", "province": stranger.agency.province_id, "kind": "court"},
    )
    admin.agency.refresh_from_db()
    assert (admin.agency.name, admin.agency.province) == ("Tên mới", province)
    client.post(
        reverse("agencies:invite"),
        {
            "token": uuid4(),
            "email": "moi@example.vn",
            "full_name": "Mới",
            "agency": admin.agency_id,
            "role": "head",
            "starts_on": "1/1/2020",
            "is_superuser": "on",
            "is_staff": "on",
        },
    )
    invited = User.objects.get(email="moi@example.vn")
    assert (invited.is_superuser, invited.is_staff) == (False, False)
    answer = client.post(
        reverse("agencies:invite"),
        {
            "token": uuid4(),
            "email": "khac@example.vn",
            "full_name": "Khác",
            "agency": stranger.agency_id,
            "role": "head",
            "starts_on": "1/1/2020",
        },
    )
    assert answer.status_code == 422
    assert not User.objects.filter(email="khac@example.vn").exists()


@pytest.mark.parametrize("act", ["save", "delete"])
def test_a_row_of_a_foreign_plan_is_not_reached_through_an_own_plan(
    office, office_client, stranger, act
):
    own = factories.make_plan(province=office.agency.province)
    foreign = factories.make_task(plan=factories.make_plan(province=stranger.agency.province))
    name = foreign.name
    answers = []
    for pk in (foreign.pk, 999999):
        url = reverse(f"plans:{act}_row", args=[own.pk, pk])
        answer = office_client.post(url, {"name": "Chiếm", "version": 1})
        answers.append((answer.status_code, str(answer.headers.get("Location"))))
    foreign.refresh_from_db()
    assert (foreign.name, foreign.plan.tasks.count()) == (name, 1)
    assert answers[0] == answers[1]


def test_a_lead_of_another_province_is_unknown_and_never_offered(office, office_client, stranger):
    factories.make_agency(province=stranger.agency.province, name="Ban Quản lý hồ Đắk Lắk")
    plan = factories.make_plan(province=office.agency.province)
    answer = office_client.post(
        reverse("plans:add_row", args=[plan.pk]),
        {"name": "Việc", "lead": "Ban Quản lý hồ Đắk Lắk", "supporters": "Ban Quản lý hồ"},
        headers={"accept": "application/json"},
    )
    told = answer.json()
    assert Task.objects.get().lead_agency is None
    assert not Task.objects.get().supporters.exists()
    assert "lead" in told["problems"]
    assert "Ban Quản lý hồ Đắk Lắk" not in told["offers"].get("lead", [])


def test_a_plan_that_was_given_out_stays_in_its_province(office, office_client):
    ours = office.agency.province
    old = factories.make_province(name="Yên Bái", code="15")
    factories.make_agency(province=old, name="Sở Nội vụ")
    factories.make_post(
        role=Role.OFFICE, user=office.user, agency=factories.make_agency(province=old)
    )
    row = factories.make_assignment(agency=office.agency)
    answer = office_client.post(
        reverse("plans:edit_plan", args=[row.plan_id]),
        plan_form(row.plan, province=old.pk, monitor="Sở Nội vụ"),
    )
    row.plan.refresh_from_db()
    assert answer.status_code == 422
    assert row.plan.province == ours


# Forms sent twice or to two places


def test_two_rows_confirmed_from_one_page_are_both_confirmed(office_client, head):
    first, second = waiting_work(head), waiting_work(head)
    page = office_client.get(reverse("plans:waiting")).content.decode()
    tokens = dict(
        re.findall(
            r'action="/viec/(\d+)/xac-nhan/">.*?name="token" value="([^"]+)"', page, re.DOTALL
        )
    )
    for row in (first, second):
        # Back to the page as it was: the browser still shows it.
        office_client.post(
            reverse("plans:confirm", args=[row.pk]),
            {"token": tokens[str(row.pk)], "next": "/cho-xu-ly/"},
        )
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (Status.DONE, Status.DONE)


def test_the_token_of_another_person_opens_nothing(office_client, head, stranger_client):
    row = waiting_work(head)
    token = uuid4()
    office_client.post(reverse("plans:confirm", args=[row.pk]), {"token": token})
    answer = stranger_client.post(reverse("plans:confirm", args=[row.pk]), {"token": token})
    assert answer.status_code == 404


# Files


def a_zip(name="word/document.xml", flags=0, version=None):
    """A zip archive with one member, whose directory claims `flags` or a needed `version`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "<html><script>alert(1)</script>")
    content = bytearray(buffer.getvalue())
    at = content.rindex(b"PK\x01\x02")
    if flags:
        content[at + 8 : at + 10] = flags.to_bytes(2, "little")
    if version:
        content[at + 6 : at + 8] = version.to_bytes(2, "little")
    return bytes(content)


def broken_name():
    content = bytearray(a_zip("word/document.xmlZ", flags=0x800))
    at = content.rindex(b"document.xmlZ")
    content[at : at + 2] = b"\xff\xfe"
    return bytes(content)


ODD_FILES = {
    "a name that is no text": ("a.docx", broken_name()),
    "a later version of zip": ("a.docx", a_zip(version=99)),
    "a zip of something else": ("a.docx", a_zip("../../etc/passwd")),
    "half a zip": ("a.docx", a_zip()[:-10]),
    "noise": ("a.docx", b"PK\x03\x04" + b"\xff" * 500),
    "a page before the PDF": ("a.pdf", b"<html>%PDF-1.7"),
    "a page by its name": ("a.html", b"%PDF-1.7 <script>"),
    "a drawing by its name": ("a.pdf.svg", b"%PDF-1.7"),
    "another picture": ("a.png", b"GIF89a<script>"),
    "a name with an end inside": ("a.pdf\x00.html", b"<html>"),
}


@pytest.mark.parametrize(("name", "content"), ODD_FILES.values(), ids=ODD_FILES)
def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(head_client, work, name, content):
    upload = SimpleUploadedFile(name, content, content_type="application/pdf")
    answer = head_client.post(
        reverse("plans:comment", args=[work.pk]), {"token": uuid4(), "text": "x", "file": upload}
    )
    assert answer.status_code == 422
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "name",
    [
        'a";\r\nSet-Cookie: x=1;".pdf',
        "../../../../etc/passwd.pdf",
        "..\\..\\x.pdf",
        "a‮fdp.exe.pdf",
        "<img src=x onerror=alert(1)>.pdf",
        "kết quả; filename=x.html.pdf",
    ],
)
def test_a_polyglot_is_only_ever_downloaded_under_a_harmless_name(head, head_client, work, name):
    content = b"%PDF-1.7\n<html><script>alert(1)</script></html>"
    upload = SimpleUploadedFile("x.pdf", content, content_type="text/html")
    upload._name = name  # what a browser sends is not cleaned by the test client
    boundary = "bien"
    body = (
        (
            f'--{boundary}\r\nContent-Disposition: form-data; name="token"\r\n\r\n{uuid4()}\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n'
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="'
            + name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
            + '"\r\nContent-Type: text/html\r\n\r\n'
        ).encode()
        + content
        + f"\r\n--{boundary}--\r\n".encode()
    )
    head_client.post(
        reverse("plans:comment", args=[work.pk]),
        body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    row = Evidence.objects.get()
    answer = head_client.get(row.get_absolute_url())
    assert re.fullmatch(r"evidence/[0-9a-f]{32}(_\w+)?\.pdf", row.file.name)
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert "\n" not in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    page = head_client.get(work.get_absolute_url()).content.decode()
    assert "<img src=x" not in page
    assert "‮" not in page
