"""Sessions that end, and what was typed while they ended."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from agencies.models import Membership
from tests.factories import PASSWORD, make_post, make_user

LOGIN = "/tai-khoan/login/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock():
    with time_machine.travel(timezone.now(), tick=False) as traveller:
        yield traveller


def hidden_fields(response):
    """The hidden inputs of the form that sends the text again, as a browser would."""
    page = response.content.decode()
    form = re.search(r'<form class="stack".*?</form>', page, re.DOTALL)[0]
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
    return {unescape(name): unescape(value) for name, value in pairs}


def test_a_session_lives_as_long_as_it_is_used(client, clock):
    client.force_login(make_post().user)
    for _half_hour in range(4):
        clock.shift(timedelta(minutes=29))
        assert client.get("/co-quan/").status_code == 200


def test_an_idle_session_ends_and_signing_in_leads_back(client, clock):
    client.force_login(make_post().user)
    client.get("/co-quan/")
    clock.shift(timedelta(minutes=31))
    response = client.get("/co-quan/?q=so", follow=True)
    assert response.redirect_chain[0][0] == f"{LOGIN}?next=/co-quan/%3Fq%3Dso"
    assert "Phiên làm việc đã hết hạn" in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_idle_limit_is_a_setting(client, clock, settings):
    settings.SESSION_IDLE_MINUTES = 5
    client.force_login(make_post().user)
    client.get("/co-quan/")
    clock.shift(timedelta(minutes=6))
    assert client.get("/co-quan/").status_code == 302


def test_even_a_busy_session_ends_after_twelve_hours(client, clock):
    client.force_login(make_post().user)
    client.get("/co-quan/")
    statuses = []
    for _step in range(37):
        clock.shift(timedelta(minutes=20))
        statuses.append(client.get("/co-quan/").status_code)
    assert statuses == [200] * 36 + [302]


def test_the_session_row_is_not_written_at_every_request(client, clock, count_queries):
    client.force_login(make_post().user)
    client.get("/co-quan/")
    within_the_minute = count_queries(lambda: client.get("/co-quan/"))
    clock.shift(timedelta(minutes=2))
    later = count_queries(lambda: client.get("/co-quan/"))
    assert within_the_minute < later


def test_an_idle_post_keeps_what_was_typed(client, clock):
    client.force_login(make_post().user)
    client.get("/co-quan/")
    clock.shift(timedelta(minutes=31))
    response = client.post(
        "/nguoi-dung/moi/?tinh=3",
        {"full_name": 'Lê "Thị" <b>An</b>', "note": "Dòng một\nDòng hai", "role": ["head", "x"]},
    )
    assert response.status_code == 403
    assert b'action="/nguoi-dung/moi/?tinh=3"' in response.content
    assert b"<b>An</b>" not in response.content
    fields = hidden_fields(response)
    assert fields["full_name"] == 'Lê "Thị" <b>An</b>'
    assert fields["note"] == "Dòng một\nDòng hai"
    assert response.content.count(b'name="role"') == 2


def test_an_anonymous_post_with_text_keeps_it_too(client):
    response = client.post("/nguoi-dung/moi/", {"full_name": "Lê Thị An"})
    assert response.status_code == 403
    assert hidden_fields(response)["full_name"] == "Lê Thị An"


def test_passwords_and_tokens_are_never_shown_again(client):
    response = client.post(
        "/nguoi-dung/moi/",
        {"full_name": "An", "password1": "bi-mat-1", "mat_khau": "bi-mat-2", "otp": "bi-mat-3"},
    )
    assert b"bi-mat" not in response.content


def test_chosen_files_must_be_chosen_again_and_the_page_says_so(client, tmp_path):
    path = tmp_path / "bien-ban.txt"
    path.write_text("x")
    with path.open() as file:
        response = client.post("/nguoi-dung/moi/", {"note": "Đã làm", "tep": file})
    assert "chọn lại tệp" in response.content.decode()


def test_a_post_without_text_goes_to_sign_in_and_back_to_the_page_it_came_from(client):
    response = client.post(
        "/nguoi-dung/3/khoa/", headers={"Referer": "http://testserver/nguoi-dung/3/"}
    )
    assert response.url == f"{LOGIN}?next=%2Fnguoi-dung%2F3%2F"


def test_a_foreign_referer_leads_nowhere_foreign(client):
    response = client.post("/nguoi-dung/3/khoa/", headers={"Referer": "https://evil.example/x"})
    assert response.url == f"{LOGIN}?next=%2F"


def test_htmx_gets_a_message_and_leaves_the_form_alone(client, clock):
    client.force_login(make_post().user)
    client.get("/co-quan/")
    clock.shift(timedelta(minutes=31))
    response = client.post(
        "/viec/3/cap-nhat/",
        {"text": "Đã làm"},
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/viec-cua-toi/"},
    )
    assert response.status_code == 401
    assert response.headers["HX-Retarget"] == "#messages"
    assert "hết hạn" in json.loads(response.headers["HX-Trigger"])["portal:toast"]["text"]
    page = response.content.decode()
    assert "<html" not in page
    assert f"{LOGIN}?next=%2Fviec-cua-toi%2F" in page
    assert response.headers["Cache-Control"] == "no-store, private"


def test_a_script_that_wants_json_gets_json(client):
    response = client.post("/nguoi-dung/moi/", headers={"Accept": "application/json"})
    assert response.status_code == 401
    assert set(response.json()) == {"message", "url"}


def invitation(agency):
    return {
        "token": "8b1de48c-4d20-4a1f-9d3c-2b8b5b6d3f10",
        "email": "an@laocai.gov.vn",
        "full_name": "Lê Thị An",
        "agency": agency.pk,
        "role": "head",
        "title": "Giám đốc",
        "starts_on": "01/03/2025",
    }


def token_in(response):
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', response.content.decode())[1]


def sign_in(client, email, token):
    data = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post(LOGIN, data).status_code == 302


def test_text_typed_into_an_expired_session_is_saved_after_signing_in_elsewhere(admin, agency):
    """Signing in changes the token, so the first press is answered by the same page again."""
    client = Client(enforce_csrf_checks=True)
    token = token_in(client.get(LOGIN))
    kept = client.post(
        "/nguoi-dung/moi/",
        {**invitation(agency), "csrfmiddlewaretoken": token},
        headers={"Origin": "http://testserver"},
    )
    assert kept.status_code == 403

    sign_in(client, admin.email, token_in(kept))
    again = client.post(
        "/nguoi-dung/moi/",
        hidden_fields(kept),
        headers={"Origin": "http://testserver"},
    )
    assert again.status_code == 403
    assert "vừa đăng nhập lại" in again.content.decode()
    assert not Membership.objects.filter(title="Giám đốc").exists()

    saved = client.post(
        "/nguoi-dung/moi/", hidden_fields(again), headers={"Origin": "http://testserver"}
    )
    assert saved.status_code == 200
    assert Membership.objects.get(title="Giám đốc").user.email == "an@laocai.gov.vn"


def test_the_token_of_the_cookie_saves_it_at_the_first_press(admin, agency):
    """What portal.js does before a form is sent again."""
    client = Client(enforce_csrf_checks=True)
    token = token_in(client.get(LOGIN))
    kept = client.post("/nguoi-dung/moi/", {**invitation(agency), "csrfmiddlewaretoken": token})
    sign_in(client, admin.email, token_in(kept))
    fresh = {**hidden_fields(kept), "csrfmiddlewaretoken": client.cookies["csrftoken"].value}
    assert client.post("/nguoi-dung/moi/", fresh).status_code == 200
    assert Membership.objects.filter(title="Giám đốc").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Referer": "https://evil.example/testserver"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null"},
        {},
    ],
)
def test_what_another_site_posted_is_never_offered_for_sending(admin, agency, headers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(admin)
    response = client.post("/nguoi-dung/moi/", invitation(agency), headers=headers)
    assert response.status_code == 403
    assert b"an@laocai.gov.vn" not in response.content


def test_pages_of_a_signed_in_person_are_kept_by_no_cache(client):
    client.force_login(make_post().user)
    response = client.get("/co-quan/")
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response.headers["Permissions-Policy"]
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def test_a_locked_account_is_signed_out_at_its_next_request(client):
    user = make_user()
    client.force_login(user)
    user.is_active = False
    user.save()
    assert client.get("/co-quan/").url.startswith(LOGIN)


def test_codes_and_keys_are_sent_again_but_not_shown_as_typed_text(client):
    typed = {"role": "head", "version": "3", "agency": "17", "note": "Đã họp ngày 5/3"}
    response = client.post("/nguoi-dung/moi/", typed)
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", response.content.decode(), re.DOTALL)[1]
    assert shown == "Đã họp ngày 5/3"
    assert hidden_fields(response).items() >= typed.items()
