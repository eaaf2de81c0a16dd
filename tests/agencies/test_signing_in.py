"""Signing in by e-mail, passwords that others know, and what is closed."""

import re

import pytest
from django.core import mail
from django.core.cache import cache

from agencies.states import Role
from tests.factories import PASSWORD, make_post, make_user

LOGIN = "/tai-khoan/login/"
CHANGE = "/tai-khoan/password/change/"
NEW_PASSWORD = "cau-chuyen-moi-27"

pytestmark = pytest.mark.django_db


def sign_in(client, email, password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


@pytest.mark.parametrize("typed", ["an@laocai.gov.vn", "AN@LaoCai.gov.vn", " an@laocai.gov.vn "])
def test_the_address_signs_in_however_it_is_typed(client, typed):
    user = make_user(email="an@laocai.gov.vn")
    assert sign_in(client, typed).status_code == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_shows_the_form_again_and_says_so_in_vietnamese(client):
    make_user(email="an@laocai.gov.vn")
    response = sign_in(client, "an@laocai.gov.vn", "sai")
    assert response.status_code == 200
    assert "mật khẩu không đúng" in response.content.decode()
    assert "an@laocai.gov.vn" in response.content.decode()


def test_an_unknown_address_gets_the_same_words_as_a_wrong_password(client):
    make_user(email="an@laocai.gov.vn")
    words = [
        re.search(r'role="alert".*?<p>(.*?)</p>', page.content.decode(), re.DOTALL)[1]
        for page in (
            sign_in(client, "an@laocai.gov.vn", "sai"),
            sign_in(client, "khong-co@laocai.gov.vn", "sai"),
        )
    ]
    assert words[0] == words[1]


def test_a_locked_account_does_not_sign_in(client):
    make_user(email="an@laocai.gov.vn", is_active=False)
    sign_in(client, "an@laocai.gov.vn")
    assert "_auth_user_id" not in client.session


def test_too_many_wrong_passwords_lock_the_door_for_the_right_one(client, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/5m/key"}
    make_user(email="an@laocai.gov.vn")
    for _attempt in range(3):
        sign_in(client, "an@laocai.gov.vn", "sai")
    response = sign_in(client, "an@laocai.gov.vn")
    assert "quá nhiều lần" in response.content.decode()
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "path",
    ["/tai-khoan/signup/", "/tai-khoan/email/", "/tai-khoan/confirm-email/"],
)
def test_nobody_makes_an_account_or_takes_an_address_by_himself(client, path, method):
    assert getattr(client, method)(path).status_code == 404
    client.force_login(make_user())
    assert getattr(client, method)(path).status_code == 404


@pytest.mark.parametrize(
    ("role", "landing"),
    [
        (Role.HEAD, "/viec-cua-toi/"),
        (Role.OFFICER, "/viec-cua-toi/"),
        (Role.OFFICE, "/tong-quan/"),
        (Role.LEADER, "/tong-quan/"),
        (Role.ADMINISTRATOR, "/tong-quan/"),
    ],
)
def test_each_role_lands_on_the_page_its_work_begins_with(client, role, landing):
    post = make_post(role=role)
    assert sign_in(client, post.user.email).url == landing


def test_signing_in_returns_to_the_page_that_was_asked_for_and_to_no_other_site(client):
    post = make_post()
    data = {"login": post.user.email, "password": PASSWORD}
    assert client.post(LOGIN, {**data, "next": "/co-quan/?q=so"}).url == "/co-quan/?q=so"
    client.logout()
    assert client.post(LOGIN, {**data, "next": "https://evil.example/"}).url == "/viec-cua-toi/"


def test_a_first_password_must_be_changed_before_anything_else(client):
    user = make_post(user=make_user(must_change_password=True)).user
    sign_in(client, user.email)
    for path in ("/co-quan/", "/", "/viec-cua-toi/", "/quan-tri/"):
        assert client.get(path).url == CHANGE
    assert client.post("/chuc-vu/1/ket-thuc/").url == CHANGE
    assert client.get(CHANGE).status_code == 200


def test_htmx_is_led_to_the_password_page_as_a_whole(client):
    client.force_login(make_user(must_change_password=True))
    response = client.get("/co-quan/", headers={"HX-Request": "true"})
    assert response.headers["HX-Redirect"] == CHANGE


def test_changing_the_first_password_opens_the_portal(client):
    user = make_post(user=make_user(must_change_password=True)).user
    sign_in(client, user.email)
    data = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert client.post(CHANGE, data).url == "/viec-cua-toi/"
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password(NEW_PASSWORD)
    assert client.get("/co-quan/").status_code == 200


def test_the_first_password_is_not_taken_as_the_new_one(client):
    user = make_user(must_change_password=True)
    sign_in(client, user.email)
    data = {"oldpassword": PASSWORD, "password1": PASSWORD, "password2": PASSWORD}
    response = client.post(CHANGE, data)
    assert "phải khác mật khẩu đang dùng" in response.content.decode()
    user.refresh_from_db()
    assert user.must_change_password


def test_a_password_too_short_is_refused_in_vietnamese(client):
    user = make_user(must_change_password=True)
    sign_in(client, user.email)
    data = {"oldpassword": PASSWORD, "password1": "ngan-27", "password2": "ngan-27"}
    page = client.post(CHANGE, data).text
    assert "Mật khẩu quá ngắn: cần ít nhất 10 ký tự." in page
    assert "This password" not in page


def test_a_person_who_must_change_the_password_can_still_sign_out(client):
    client.force_login(make_user(must_change_password=True))
    client.post("/tai-khoan/logout/")
    assert "_auth_user_id" not in client.session


def test_a_reset_comes_by_plain_vietnamese_mail_and_its_link_sets_a_password(client, settings):
    user = make_user(email="an@laocai.gov.vn", must_change_password=True)
    client.post("/tai-khoan/password/reset/", {"email": "AN@laocai.gov.vn"})
    (letter,) = mail.outbox
    assert letter.to == ["an@laocai.gov.vn"]
    assert "đặt lại mật khẩu" in letter.subject
    assert not getattr(letter, "alternatives", None)
    link = re.search(rf"{re.escape(settings.PORTAL_URL)}(/\S+)", letter.body)[1]
    page = client.get(link, follow=True)
    path = page.redirect_chain[-1][0]
    client.post(path, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert not user.must_change_password


def test_a_reset_for_an_unknown_address_sends_nothing_and_tells_nothing(client):
    known = make_user()
    pages = [
        client.post("/tai-khoan/password/reset/", {"email": email})
        for email in (known.email, "khong-co@laocai.gov.vn")
    ]
    assert pages[0].url == pages[1].url
    assert len(mail.outbox) == 1
