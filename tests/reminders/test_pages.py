"""Notices and letters as pages, and who may open them."""

from datetime import timedelta

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import reverse

from plans.reminders import context, planner
from plans.reminders.models import Mail, Notice
from plans.reminders.states import MailState
from tests.factories import at, make_assignment, make_user

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)


@pytest.fixture
def letter(head, monday):
    make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, NOW)
    return Mail.objects.get()


@pytest.fixture
def notice(letter):
    return Notice.objects.get()


def copies(letter, count):
    """More letters like `letter`, to other people."""
    for number in range(count):
        letter.pk, letter.recipient = None, make_user()
        letter.message_id = f"<{number}@example.vn>"
        letter.save(force_insert=True)


def test_an_administrator_reads_the_letters_of_the_province(letter, administrator, client_of):
    client = client_of(administrator.user)
    assert letter.subject in client.get("/thu-da-gui/").content.decode()
    page = client.get(f"/thu-da-gui/{letter.pk}/").content.decode()
    assert "TUẦN NÀY (1 việc)" in page
    assert letter.to_email in page


def test_a_letter_shows_markup_as_text(letter, administrator, client_of):
    Mail.objects.update(text="<script>alert(1)</script>", subject="<b>x</b>")
    page = client_of(administrator.user).get(f"/thu-da-gui/{letter.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_the_administrator_of_another_province_sees_nothing(letter, stranger, client_of):
    client = client_of(stranger.user)
    assert letter.to_email not in client.get("/thu-da-gui/").content.decode()
    assert client.get(f"/thu-da-gui/{letter.pk}/").status_code == 404
    assert client.post(f"/thu-da-gui/{letter.pk}/gui-lai/").status_code == 404


@pytest.mark.parametrize("role", ["head", "office", "leader"])
def test_who_does_not_administer_reads_no_letters(letter, role, request, client_of):
    client = client_of(request.getfixturevalue(role).user)
    assert client.get("/thu-da-gui/").status_code == 403
    assert client.get(f"/thu-da-gui/{letter.pk}/").status_code == 403
    assert client.post(f"/thu-da-gui/{letter.pk}/gui-lai/").status_code == 403
    assert client.post("/thu-da-gui/gui-lai/").status_code == 403


def test_a_person_without_any_post_may_not_know_of_a_letter(letter, client_of):
    client = client_of(make_user())
    assert client.get("/thu-da-gui/").status_code == 403
    assert client.get(f"/thu-da-gui/{letter.pk}/").status_code == 404


def test_an_unknown_or_impossible_key_is_not_found(administrator, client_of):
    client = client_of(administrator.user)
    for key in (0, 10**6, 10**30):
        assert client.get(f"/thu-da-gui/{key}/").status_code == 404


@pytest.mark.parametrize(
    ("method", "name", "has_key"),
    [
        ("post", "mails", False),
        ("post", "mail", True),
        ("get", "send_again", True),
        ("get", "send_all_again", False),
    ],
)
def test_the_wrong_method_is_refused(administrator, client_of, method, name, has_key):
    url = reverse(f"reminders:{name}", args=[1] if has_key else [])
    assert getattr(client_of(administrator.user), method)(url).status_code == 405


@pytest.mark.parametrize("url", ["/thu-da-gui/", "/thu-da-gui/1/"])
def test_who_has_not_signed_in_is_sent_to_the_door(client, url):
    answer = client.get(url)
    assert answer.status_code == 302
    assert "/tai-khoan/" in answer["Location"]


def test_letters_are_found_by_state_and_by_recipient_without_marks(
    letter, administrator, client_of
):
    client = client_of(administrator.user)
    letter.recipient.full_name = letter.to_name = "Đặng Thị Hường"
    letter.save()
    for query, is_found in [
        ("tim=dang+huong", True),
        ("tim=HƯỜNG", True),
        (f"tim={letter.to_email}", True),
        ("tim=nguyen", False),
        ("tinh-trang=pending", True),
        ("tinh-trang=sent", False),
        ("tinh-trang=x'y&sau=abc", True),
        ("tim=%25", True),
    ]:
        page = client.get(f"/thu-da-gui/?{query}").content.decode()
        assert (letter.subject in page) is is_found, query


def test_a_failed_letter_is_put_back_into_the_queue(letter, administrator, client_of):
    client = client_of(administrator.user)
    Mail.objects.update(state=MailState.FAILED, error="550 no such box", attempt=1)
    assert "550 no such box" in client.get(f"/thu-da-gui/{letter.pk}/").content.decode()
    assert "1 thư không gửi được" in client.get("/thu-da-gui/").content.decode()
    answer = client.post(f"/thu-da-gui/{letter.pk}/gui-lai/", follow=True)
    assert "Thư đã vào hàng chờ gửi lại." in answer.content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.tries) == (MailState.PENDING, 0)
    again = client.post(f"/thu-da-gui/{letter.pk}/gui-lai/", follow=True)
    assert "Chỉ gửi lại được thư không gửi được." in again.content.decode()


def test_a_letter_to_a_wrong_address_does_not_look_as_if_it_waited(
    letter, administrator, client_of
):
    Mail.objects.update(state=MailState.BOUNCED, error="550 no such box", attempt=1)
    client = client_of(administrator.user)
    for url in ("/thu-da-gui/", f"/thu-da-gui/{letter.pk}/"):
        page = client.get(url).content.decode()
        assert "badge s-late" in page
        assert "badge s-wait" not in page


def test_all_failed_letters_of_the_own_province_are_put_back_at_once(
    letter, administrator, stranger, client_of
):
    copies(Mail.objects.get(), 2)
    Mail.objects.update(state=MailState.FAILED, error="550 no such box", attempt=1)
    client_of(stranger.user).post("/thu-da-gui/gui-lai/")
    assert Mail.objects.filter(state=MailState.FAILED).count() == 3
    answer = client_of(administrator.user).post("/thu-da-gui/gui-lai/", follow=True)
    assert "3 thư đã vào hàng chờ gửi lại." in answer.content.decode()
    assert Mail.objects.filter(state=MailState.PENDING).count() == 3


def test_letters_that_wait_too_long_are_told_to_the_administrator(letter, administrator, client_of):
    client = client_of(administrator.user)
    assert "thư chậm quá 15 phút" in client.get("/thu-da-gui/").content.decode()
    Mail.objects.update(created_at=letter.created_at + timedelta(days=400))
    assert "thư chậm" not in client.get("/thu-da-gui/").content.decode()


def test_long_lists_go_on_by_key(letter, administrator, client_of):
    copies(Mail.objects.get(), 60)
    client = client_of(administrator.user)
    first = client.get("/thu-da-gui/?tinh-trang=pending")
    next_query = first.context["next_query"]
    assert "tinh-trang=pending" in next_query
    second = client.get(f"/thu-da-gui/?{next_query}")
    keys = [row.pk for page in (first, second) for row in page.context["page"].rows]
    assert keys == sorted(Mail.objects.values_list("pk", flat=True), reverse=True)


def test_the_list_makes_as_many_queries_for_ten_letters_as_for_one(
    letter, administrator, client_of, count_queries
):
    client = client_of(administrator.user)
    client.get("/thu-da-gui/")  # the first page of a session writes the session
    for_one = count_queries(lambda: client.get("/thu-da-gui/"))
    copies(letter, 9)
    assert count_queries(lambda: client.get("/thu-da-gui/")) == for_one


def test_the_count_of_unread_notices_is_read_only_when_shown_and_once(notice, head, count_queries):
    request = RequestFactory().get("/")
    request.user = head.user
    values = context.notices(request)
    assert count_queries(lambda: context.notices(request)) == 0
    template = Template("{% if unread_notice_count %}{{ unread_notice_count }}{% endif %}")
    assert template.render(Context(values)) == "1"
    assert count_queries(lambda: template.render(Context(values))) == 0
