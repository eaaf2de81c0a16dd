"""What every page shows of the person, and the first page."""

import pytest
from django.contrib.auth.models import AnonymousUser

from agencies.context import landing_url, portal
from agencies.states import Role
from plans import demo
from tests.factories import make_post, make_user

pytestmark = pytest.mark.django_db

COMMON = ["Cơ quan", "Điểm số", "Chỉ số"]
WORK = ["Việc của tôi", "Kế hoạch", "Báo cáo", *COMMON]


def labels(rf, user, path="/co-quan/"):
    request = rf.get(path)
    request.user = user
    return [item.label for item in portal(request)["nav_items"]]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.HEAD, WORK),
        (Role.OFFICER, WORK),
        (
            Role.OFFICE,
            ["Tổng quan", "Việc của tôi", "Kế hoạch", "Chờ xử lý", "Báo cáo", *COMMON],
        ),
        (Role.LEADER, ["Tổng quan", "Kế hoạch", "Chờ xử lý", "Báo cáo", *COMMON]),
        (Role.ADMINISTRATOR, ["Tổng quan", "Kế hoạch", "Báo cáo", *COMMON, "Quản trị"]),
    ],
)
def test_each_role_sees_the_pages_it_may_open(rf, role, expected):
    assert labels(rf, make_post(role=role).user) == expected


def test_the_page_one_is_on_is_marked(rf):
    request = rf.get("/co-quan/3/")
    request.user = make_post().user
    current = [item.label for item in portal(request)["nav_items"] if item.is_current]
    assert current == ["Cơ quan"]


def test_a_person_without_a_post_sees_no_page_and_is_told_so(client):
    user = make_user()
    client.force_login(user)
    assert landing_url(user) == "/"
    response = client.get("/")
    assert response.status_code == 200
    assert "chưa gắn với cơ quan nào" in response.content.decode()


def test_the_context_asks_the_database_nothing_for_a_stranger(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = AnonymousUser()
    with django_assert_num_queries(0):
        values = portal(request)
        assert (list(values["nav_items"]), list(values["posts"])) == ([], [])


def test_the_context_asks_nothing_until_a_template_does(rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = make_post().user
    with django_assert_num_queries(0):
        portal(request)


def test_a_request_that_failed_before_signing_in_has_a_context_too(rf):
    assert portal(rf.get("/"))["posts"] == []


def test_only_accounts_that_no_real_person_can_have_are_marked_as_demo(rf, settings):
    request = rf.get("/")
    request.user = make_user(email="giam-doc@laocai.example")
    settings.IS_EMBEDDED = True
    assert portal(request)["is_demo"]
    settings.IS_EMBEDDED = False
    assert not portal(request)["is_demo"]


def test_the_first_page_leads_a_signed_in_person_to_the_work(client):
    client.force_login(make_post(role=Role.LEADER).user)
    assert client.get("/").url == "/tong-quan/"


def test_the_first_page_offers_the_demo_accounts_that_were_loaded(client, settings):
    settings.IS_EMBEDDED = True
    account = demo.ACCOUNTS[0]
    assert account.email not in client.get("/").content.decode()
    user = make_user(email=account.email)
    user.set_password(demo.PASSWORD)
    user.save()
    page = client.get("/").content.decode()
    assert account.email in page
    assert page.count('name="password"') == 1
    data = {"login": account.email, "password": demo.PASSWORD}
    assert client.post("/tai-khoan/login/", data).status_code == 302


def test_production_never_offers_demo_accounts(client, settings):
    settings.IS_EMBEDDED = False
    make_user(email=demo.ACCOUNTS[0].email)
    assert demo.ACCOUNTS[0].email not in client.get("/").content.decode()


def test_the_first_page_is_only_read(client):
    assert client.post("/").status_code == 405
