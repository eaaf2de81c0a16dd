"""People, their posts and their accounts, as an administrator sees and changes them."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from agencies import administration
from agencies.models import Membership, User
from agencies.states import Role
from tests.factories import PASSWORD, make_agency, make_post, make_user

pytestmark = pytest.mark.django_db

TOKEN = "8b1de48c-4d20-4a1f-9d3c-2b8b5b6d3f10"
OTHER_TOKEN = "1f3e7d55-0f2b-43a5-8d61-5a2e0c9a7b42"


def invitation(agency, **changes):
    return {
        "token": TOKEN,
        "email": "an@laocai.gov.vn",
        "full_name": "Lê Thị An",
        "agency": agency.pk,
        "role": "head",
        "title": "Giám đốc",
        "starts_on": "01/03/2025",
        **changes,
    }


def shown_password(response):
    found = re.search(r'<code class="nowrap">([^<]+)</code>', response.content.decode())
    return found[1] if found else None


def fault_summary(page):
    return re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)[0]


def test_people_are_listed_by_given_name_in_vietnamese_order(client_of, admin, agency):
    User.objects.filter(pk=admin.pk).update(full_name="Lý Văn Yên")
    for name in ("Trần Thị Ánh", "Vũ Văn Đức", "Bùi Thị Dung", "Lê Văn An"):
        make_post(user=make_user(full_name=name), agency=agency)
    rows = client_of(admin).get("/nguoi-dung/").context["people"]
    assert [row.full_name.split()[-1] for row in rows] == ["An", "Ánh", "Dung", "Đức", "Yên"]


@pytest.mark.parametrize("typed", ["duc", "VŨ đức", "duc@", "so xay dung"])
def test_a_person_is_found_by_name_address_or_agency(client_of, admin, province, typed):
    user = make_user(full_name="Vũ Văn Đức", email="duc@laocai.gov.vn")
    make_post(user=user, agency=make_agency(province=province, name="Sở Xây dựng"))
    rows = client_of(admin).get("/nguoi-dung/", {"q": typed}).context["people"]
    assert [row.pk for row in rows] == [user.pk]


def test_people_come_page_by_page(client_of, admin, agency, monkeypatch):
    monkeypatch.setattr("agencies.views.people.PAGE_SIZE", 2)
    for _ in range(4):
        make_post(agency=agency)
    client, found, query = client_of(admin), [], "q="
    while query:
        response = client.get(f"/nguoi-dung/?{query}")
        found += [row.pk for row in response.context["people"]]
        query = response.context["next_query"]
    assert len(found) == len(set(found)) == 5


@pytest.mark.parametrize("query", ["q=%00", "sau=x", "sau=999999999999999999999", "sau=²", "q=%ff"])
def test_a_bad_query_shows_people_and_no_error_page(client_of, admin, query):
    assert client_of(admin).get(f"/nguoi-dung/?{query}").status_code == 200


def test_the_list_makes_as_many_queries_for_ten_people_as_for_one(
    client_of, admin, agency, count_queries
):
    client = client_of(admin)
    client.get("/nguoi-dung/")
    for_one = count_queries(lambda: client.get("/nguoi-dung/"))
    for _ in range(9):
        make_post(agency=agency)
    assert count_queries(lambda: client.get("/nguoi-dung/")) == for_one


def test_people_of_another_province_and_their_posts_there_are_not_shown(
    client_of, admin, agency, foreign_province
):
    foreign = make_agency(province=foreign_province, name="Sở Bí mật")
    make_post(user=make_user(full_name="Người Lạ Mặt"), agency=foreign)
    both = make_post(agency=agency).user
    make_post(user=both, agency=foreign)
    client = client_of(admin)
    for url in ("/nguoi-dung/", f"/nguoi-dung/{both.pk}/"):
        page = client.get(url).content.decode()
        assert "Bí mật" not in page
        assert "Lạ Mặt" not in page


def test_an_invitation_makes_an_account_with_a_password_shown_once(client_of, admin, agency):
    client = client_of(admin)
    response = client.post("/nguoi-dung/moi/", invitation(agency, email=" AN@laocai.gov.vn "))
    password = shown_password(response)
    post = Membership.objects.get(title="Giám đốc")
    assert post.user.email == "an@laocai.gov.vn"
    assert post.user.check_password(password)
    assert post.user.must_change_password
    assert post.starts_on == date(2025, 3, 1)
    assert response.headers["Cache-Control"] == "no-store, private"
    assert password not in client.get(f"/nguoi-dung/{post.user_id}/").content.decode()


def test_the_invited_person_signs_in_with_it_and_must_change_it(client_of, client, admin, agency):
    response = client_of(admin).post("/nguoi-dung/moi/", invitation(agency))
    data = {"login": "an@laocai.gov.vn", "password": shown_password(response)}
    response = client.post("/tai-khoan/login/", data, follow=True)
    assert response.request["PATH_INFO"] == "/tai-khoan/password/change/"


def test_an_invitation_sent_twice_counts_once_and_shows_the_same_password(client_of, admin, agency):
    client = client_of(admin)
    first, second = (client.post("/nguoi-dung/moi/", invitation(agency)) for _press in range(2))
    assert shown_password(first) == shown_password(second) is not None
    assert Membership.objects.filter(user__email="an@laocai.gov.vn").count() == 1


def test_the_password_is_not_shown_again_once_the_person_has_changed_it(client_of, admin, agency):
    client = client_of(admin)
    client.post("/nguoi-dung/moi/", invitation(agency))
    user = User.objects.get(email="an@laocai.gov.vn")
    user.must_change_password = False
    user.set_password(PASSWORD)
    user.save()
    response = client.post("/nguoi-dung/moi/", invitation(agency))
    assert response.url == f"/nguoi-dung/{user.pk}/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_two_invitations_have_two_passwords(admin, agency):
    seeds = [f"{TOKEN}:a@x.vn", f"{TOKEN}:b@x.vn", f"{OTHER_TOKEN}:a@x.vn"]
    passwords = {administration.one_time_password(seed) for seed in seeds}
    assert len(passwords) == 3
    assert all(re.fullmatch("[a-z2-9]{4}(-[a-z2-9]{4}){3}", each) for each in passwords)


def test_a_known_address_in_any_case_gets_a_post_and_keeps_its_password(client_of, admin, agency):
    user = make_user(email="an@laocai.gov.vn", full_name="Lê Thị An")
    data = invitation(agency, email="An@LaoCai.gov.vn", full_name="Tên Khác")
    response = client_of(admin).post("/nguoi-dung/moi/", data)
    assert response.url == f"/nguoi-dung/{user.pk}/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert user.full_name == "Lê Thị An"
    assert not user.must_change_password
    assert user.memberships.get().agency == agency


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": ""}, "Thư điện tử"),
        ({"email": "an"}, "không phải địa chỉ"),
        ({"email": "an@localhost"}, "không phải địa chỉ"),
        ({"email": '"a b"@x.vn'}, "không phải địa chỉ"),
        ({"email": "ánh@laocai.gov.vn"}, "không phải địa chỉ"),
        ({"email": "an@laocai.gov.vn\r\nBcc: x@y.vn"}, "không phải địa chỉ"),
        ({"email": f"{'a' * 300}@x.vn"}, "254"),
        ({"full_name": "\u2060"}, "Họ và tên"),
        ({"role": "king"}, "Vai trò"),
        ({"agency": "0"}, "Cơ quan"),
        ({"agency": "abc"}, "Cơ quan"),
        ({"starts_on": "31/02/2026"}, "28 ngày"),
        ({"starts_on": "31/12/2019"}, "chỉ có từ ngày 01/01/2020"),
        ({"token": "x"}, "token"),
    ],
)
def test_a_faulty_invitation_saves_nothing_and_keeps_the_text(
    client_of, admin, province, changes, words
):
    agency = make_agency(province=province, name="Sở Y tế", valid_from=date(2020, 1, 1))
    before = User.objects.count(), Membership.objects.count()
    response = client_of(admin).post("/nguoi-dung/moi/", {**invitation(agency), **changes})
    assert response.status_code == 422
    page = response.content.decode()
    assert words in fault_summary(page)
    assert 'value="Giám đốc"' in page
    assert (User.objects.count(), Membership.objects.count()) == before


def test_nobody_is_invited_to_an_agency_of_another_province_or_a_closed_one(
    client_of, admin, province, foreign_province
):
    closed = make_agency(province=province, name="Sở Cũ", valid_to=date(2025, 2, 28))
    foreign = make_agency(province=foreign_province, name="Sở Bí mật")
    client = client_of(admin)
    for agency in (closed, foreign):
        response = client.post("/nguoi-dung/moi/", invitation(agency))
        assert response.status_code == 422
        assert agency.name not in response.content.decode()
    assert not User.objects.filter(email="an@laocai.gov.vn").exists()


def test_a_link_of_an_agency_opens_the_invitation_with_it_chosen(client_of, admin, agency):
    page = client_of(admin).get(f"/nguoi-dung/moi/?co-quan={agency.pk}").content.decode()
    assert re.search(rf'<option value="{agency.pk}" selected[^>]*>Sở Nội vụ', page)
    assert 'data-keys="' in page


def test_a_post_ends_and_stays_on_record(client_of, admin, agency):
    post = make_post(agency=agency, starts_on=date(2021, 3, 5))
    data = {f"p{post.pk}-ends_on": "31/12/2024"}
    client = client_of(admin)
    for _press in range(2):
        assert client.post(f"/chuc-vu/{post.pk}/ket-thuc/", data).status_code == 302
    post.refresh_from_db()
    assert post.ends_on == date(2024, 12, 31)
    assert post.history.count() == 2
    page = client.get(f"/nguoi-dung/{post.user_id}/").content.decode()
    assert "Chức vụ trước đây" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [("04/03/2021", "bắt đầu 05/03/2021"), ("31/02/2026", "28 ngày"), ("", "Ngày cuối")],
)
def test_a_post_does_not_end_before_it_starts_or_on_no_day(client_of, admin, agency, day, words):
    post = make_post(agency=agency, starts_on=date(2021, 3, 5))
    data = {f"p{post.pk}-ends_on": day}
    response = client_of(admin).post(f"/chuc-vu/{post.pk}/ket-thuc/", data)
    assert response.status_code == 422
    assert words in response.content.decode()
    post.refresh_from_db()
    assert post.ends_on is None


def test_an_administrator_does_not_end_the_own_post(client_of, admin):
    post = admin.memberships.get()
    data = {f"p{post.pk}-ends_on": f"{timezone.localdate():%d/%m/%Y}"}
    response = client_of(admin).post(f"/chuc-vu/{post.pk}/ket-thuc/", data)
    assert response.status_code == 422
    assert "không tự kết thúc" in response.content.decode()
    post.refresh_from_db()
    assert post.ends_on is None


def test_who_lost_the_post_loses_its_pages_the_next_day(client_of, admin, agency):
    post = make_post(agency=agency)
    yesterday = timezone.localdate() - timedelta(days=1)
    administration.end_post(post, on=yesterday, by=admin)
    assert client_of(post.user).get(agency.get_absolute_url()).status_code == 404


def test_a_locked_account_is_out_at_once_and_can_be_opened_again(client_of, admin, agency):
    user = make_post(agency=agency).user
    theirs, client = client_of(user), client_of(admin)
    for _press in range(2):
        client.post(f"/nguoi-dung/{user.pk}/khoa/")
    assert theirs.get("/co-quan/").status_code == 302
    client.post(f"/nguoi-dung/{user.pk}/mo-khoa/")
    user.refresh_from_db()
    assert user.is_active


def token_on(client, user):
    page = client.get(f"/nguoi-dung/{user.pk}/").content.decode()
    return re.search(r'name="token" value="(\w+)"', page)[1]


def test_a_password_reset_ends_sessions_and_sent_twice_shows_the_same(client_of, admin, agency):
    user = make_post(agency=agency).user
    theirs, client = client_of(user), client_of(admin)
    data = {"token": token_on(client, user)}
    first, second = (client.post(f"/nguoi-dung/{user.pk}/mat-khau/", data) for _press in range(2))
    assert shown_password(first) == shown_password(second)
    user.refresh_from_db()
    assert user.check_password(shown_password(first))
    assert user.must_change_password
    assert theirs.get("/co-quan/").url.startswith("/tai-khoan/login/")


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_a_reset_with_an_old_token_changes_nothing(client_of, admin, agency, token):
    user = make_post(agency=agency).user
    response = client_of(admin).post(f"/nguoi-dung/{user.pk}/mat-khau/", {"token": token})
    assert response.status_code == 302
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


ACTIONS = ["khoa", "mo-khoa", "mat-khau"]


@pytest.mark.parametrize("action", ACTIONS)
def test_an_account_that_reaches_further_is_not_managed_from_here(
    client_of, admin, agency, foreign_province, action
):
    both = make_post(agency=agency).user
    make_post(user=both, agency=make_agency(province=foreign_province), role=Role.ADMINISTRATOR)
    left = make_post(agency=agency).user
    elsewhere = make_agency(province=foreign_province)
    make_post(user=left, agency=elsewhere, ends_on=date(2020, 12, 31))
    superuser = make_post(agency=agency, user=make_user(is_superuser=True)).user
    client = client_of(admin)
    for user in (both, left, superuser, admin):
        assert client.get(f"/nguoi-dung/{user.pk}/").status_code == 200
        assert client.post(f"/nguoi-dung/{user.pk}/{action}/").status_code == 403


def test_the_administrator_of_all_manages_everybody(client_of, admin):
    superuser = User.objects.create_superuser("goc@x.vn", PASSWORD, full_name="Gốc")
    client = client_of(superuser)
    assert client.get("/nguoi-dung/").context["total"] == 2
    client.post(f"/nguoi-dung/{admin.pk}/khoa/")
    admin.refresh_from_db()
    assert not admin.is_active


def paths_of(user, post):
    pages = [("get", f"/nguoi-dung/{user.pk}/")]
    pages += [("post", f"/nguoi-dung/{user.pk}/{action}/") for action in ACTIONS]
    return [*pages, ("post", f"/chuc-vu/{post.pk}/ket-thuc/")]


def test_a_stranger_does_not_learn_that_a_person_exists(client_of, foreign_admin, agency):
    post = make_post(agency=agency)
    client = client_of(foreign_admin)
    for method, path in paths_of(post.user, post):
        assert getattr(client, method)(path).status_code == 404, path
    assert client.get(f"/nguoi-dung/{2**63}/").status_code == 404
    post.refresh_from_db()
    assert post.ends_on is None


@pytest.mark.parametrize("role", [Role.HEAD, Role.OFFICER, Role.OFFICE, Role.LEADER])
def test_only_administrators_open_the_pages_of_people(client_of, agency, role):
    client = client_of(make_post(agency=agency, role=role).user)
    post = make_post(agency=agency)
    for method, path in [
        ("get", "/nguoi-dung/"),
        ("get", "/nguoi-dung/moi/"),
        ("post", "/nguoi-dung/moi/"),
        *paths_of(post.user, post),
    ]:
        assert getattr(client, method)(path).status_code == 403, path


def test_pages_of_people_know_their_methods(client_of, admin, agency):
    client = client_of(admin)
    post = make_post(agency=agency)
    wrong = {"get": "post", "post": "get"}
    assert client.post("/nguoi-dung/").status_code == 405
    assert client.put("/nguoi-dung/moi/").status_code == 405
    for method, path in paths_of(post.user, post):
        assert getattr(client, wrong[method])(path).status_code == 405, path


def test_who_runs_the_portal_finds_the_tables_and_the_import_of_scores(client_of, admin):
    links = {"/nguoi-dung/": "/quan-tri/", "/chi-so/": "/nhap-bang-tinh/diem/"}
    runner = make_user(is_superuser=True, is_staff=True)
    for page, link in links.items():
        assert f'href="{link}"' in client_of(runner).get(page).content.decode()
        assert client_of(runner).get(link).status_code == 200
        assert f'href="{link}"' not in client_of(admin).get(page).content.decode()
