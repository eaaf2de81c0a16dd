"""The notice centre: what it names, where it leads, and what is read."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from agencies.models import Membership
from plans.models import Assignment
from plans.reminders import jobs, planner, services
from plans.reminders.models import Mail, Notice, Reminder
from plans.reminders.states import Kind
from plans.states import Status
from tests.factories import at, make_agency, make_assignment, make_plan, make_post, make_task

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)
OWN, OVERSIGHT = "/viec-cua-toi/", "/tong-quan/"
_days = count()


def told(user, *rows, text="2 việc quá hạn", url=OWN, created_at=NOW):
    """A notice of a letter of a day of its own that tells of `rows`."""
    number = next(_days)
    day = date(2026, 1, 1) + timedelta(days=number)
    mail = Mail.objects.create(
        province=rows[0].province if rows else make_agency().province,
        recipient=user,
        to_name=user.full_name,
        to_email=user.email,
        for_date=day,
        subject="x",
        text="x",
        message_id=f"<{number}@example.vn>",
        next_try_at=NOW,
        created_at=NOW,
    )
    for row in rows:
        remind(row, user, mail)
    return Notice.objects.create(
        recipient=user, mail=mail, text=text, url=url, created_at=created_at
    )


def remind(row, user, mail, step=7):
    Reminder.objects.create(
        province=row.province,
        assignment=row,
        recipient=user,
        kind=Kind.OVERDUE,
        step=step,
        due_on=row.due_on or mail.for_date,
        for_date=mail.for_date,
        mail=mail,
        created_at=NOW,
    )


def work(post, due_on=date(2026, 9, 1), name="Niêm yết thủ tục", plan=None, **fields):
    task = make_task(
        plan=plan or make_plan(province=post.agency.province, status="active"),
        lead_agency=post.agency,
        name=name,
        due_on=due_on,
    )
    return make_assignment(agency=post.agency, task=task, due_on=due_on, **fields)


def shown(client, query=""):
    return client.get(f"/thong-bao/{query}").content.decode()


# What a notice says and where it leads


def test_the_notice_of_a_morning_says_and_names_what_the_letter_does(head, monday, client_of):
    row = make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, NOW)
    page = shown(client_of(head.user))
    assert Notice.objects.get().text in page
    assert row.task.name in page
    assert row.task.name in Mail.objects.get().text


def test_a_notice_of_one_piece_of_work_opens_it_and_is_read(head, client_of):
    row = work(head)
    notice = told(head.user, row)
    answer = client_of(head.user).get(f"/thong-bao/{notice.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/viec/{row.pk}/")
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_notice_of_several_leads_to_the_list_at_what_is_overdue(head, client_of):
    client = client_of(head.user)
    notice = told(head.user, work(head), work(head))
    assert client.get(f"/thong-bao/{notice.pk}/")["Location"] == "/viec-cua-toi/#qua-han"
    later = told(head.user, work(head, date(2099, 1, 1)), work(head, date(2099, 1, 1)))
    assert client.get(f"/thong-bao/{later.pk}/")["Location"] == "/viec-cua-toi/"
    assert client.get("/viec-cua-toi/").status_code == 200


def test_a_name_under_a_notice_opens_that_piece_of_work_and_the_notice_is_read(head, client_of):
    rows = [work(head), work(head)]
    notice = told(head.user, *rows)
    client = client_of(head.user)
    link = f"/thong-bao/{notice.pk}/?viec={rows[1].pk}"
    assert f'href="{link}"' in shown(client)
    assert client.get(link)["Location"] == f"/viec/{rows[1].pk}/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_a_notice_names_the_first_three_by_due_date_and_counts_the_others(head, client_of):
    rows = [work(head, date(2026, 9, 30 - day), name=f"Việc số {day}") for day in range(7)]
    told(head.user, *rows)
    page = shown(client_of(head.user))
    assert [f"Việc số {day}" in page for day in range(7)] == [False] * 4 + [True] * 3
    assert "và 4 việc khác" in page


def test_two_rungs_of_one_piece_of_work_are_one_line(head, client_of):
    row = work(head)
    notice = told(head.user, row)
    remind(row, head.user, notice.mail, step=14)
    client = client_of(head.user)
    assert shown(client).count(row.task.name) == 1
    assert client.get(f"/thong-bao/{notice.pk}/")["Location"] == f"/viec/{row.pk}/"


def test_own_work_and_what_is_overseen_stand_under_their_own_notice(head, office, client_of):
    make_post(user=office.user, agency=head.agency)
    own, other = work(head, name="Việc của mình"), work(make_post(), name="Việc của sở khác")
    first = told(office.user, own, other)
    Notice.objects.create(
        recipient=office.user, mail=first.mail, text="1 chờ", url=OVERSIGHT, created_at=NOW
    )
    page = client_of(office.user).get("/thong-bao/")
    lines = {line.notice.url: line.work for line in page.context["lines"]}
    assert lines == {OWN: [own], OVERSIGHT: [other]}


def test_every_piece_of_work_of_a_letter_stands_under_one_of_its_notices(
    head, office, monday, client_of
):
    make_post(agency=office.agency)
    for agency in (office.agency, head.agency):
        for days in (7, 14):
            make_assignment(agency=agency, due_on=monday - timedelta(days=days))
        late = {"last_heard_on": monday - timedelta(days=90)}
        make_assignment(agency=agency, due_on=monday + timedelta(days=99), **late)
    planner.plan_day(monday, at(2026, 10, 12, 7))
    lines = client_of(office.user).get("/thong-bao/").context["lines"]
    assert {line.notice.url: (line.notice.text, len(line.work)) for line in lines} == {
        OWN: ("2 việc quá hạn, 1 việc để biết", 3),
        OVERSIGHT: ("2 việc quá hạn, 1 việc để biết", 3),
    }


def test_work_without_a_due_date_is_named_after_the_other(head, client_of):
    undated = make_assignment(agency=head.agency, due_on=None)
    dated = work(head, date(2026, 9, 30))
    told(head.user, undated, dated)
    [line] = client_of(head.user).get("/thong-bao/").context["lines"]
    assert line.work == [dated, undated]


def test_work_the_person_may_no_longer_see_is_not_named(head, client_of):
    row = work(head, name="Việc đã chuyển đi")
    notice = told(head.user, row)
    Assignment.objects.update(agency=make_agency())
    client = client_of(head.user)
    assert "Việc đã chuyển đi" not in shown(client)
    assert client.get(f"/thong-bao/{notice.pk}/")["Location"] == OWN
    gone = client.get(f"/thong-bao/{notice.pk}/?viec={row.pk}")
    assert "Việc này không mở được nữa" in gone.content.decode()


# What cannot be opened any more


def test_a_notice_whose_work_is_gone_or_foreign_says_so(head, stranger, client_of):
    client = client_of(head.user)
    foreign = work(stranger)
    for key in (foreign.pk, 10**9):
        notice = told(head.user, url=f"/viec/{key}/", text="Đã trả lại một việc")
        answer = client.get(f"/thong-bao/{notice.pk}/")
        page = answer.content.decode()
        assert answer.status_code == 200
        assert "Việc này không mở được nữa" in page
        assert "Đã trả lại một việc" in page
        assert foreign.task.name not in page


def test_who_lost_the_post_is_told_so_instead_of_being_refused(head, client_of):
    notice = told(head.user, work(head), work(head))
    Membership.objects.update(ends_on=date(2020, 12, 31))
    page = client_of(head.user).get(f"/thong-bao/{notice.pk}/")
    assert page.status_code == 200
    assert "chức vụ của anh/chị đã đổi" in page.content.decode()


def test_a_notice_of_what_is_overseen_is_for_those_who_oversee(head, office, client_of):
    assert client_of(office.user).get(f"/thong-bao/{told(office.user, url=OVERSIGHT).pk}/").headers[
        "Location"
    ] == (OVERSIGHT)
    page = client_of(head.user).get(f"/thong-bao/{told(head.user, url=OVERSIGHT).pk}/")
    assert "không mở được nữa" in page.content.decode()


@pytest.mark.parametrize("url", ["/\\evil.example/", "/khong-co-trang-nay/", "/\t/evil.example"])
def test_no_notice_leads_out_of_the_portal(head, client_of, url):
    answer = client_of(head.user).get(f"/thong-bao/{told(head.user, url=url).pk}/")
    assert "Location" not in answer
    assert "Việc này không mở được nữa" in answer.content.decode()


@pytest.mark.parametrize("typed", ["x", "-1", "1e3", "9" * 30, "//evil.example", "٣"])
def test_a_piece_of_work_that_is_no_key_is_passed_over(head, client_of, typed):
    row = work(head)
    notice = told(head.user, row)
    answer = client_of(head.user).get(f"/thong-bao/{notice.pk}/", {"viec": typed})
    assert answer["Location"] == f"/viec/{row.pk}/"


# Read and unread


def test_opening_a_notice_twice_keeps_the_first_moment(head, client_of):
    notice = told(head.user)
    Notice.objects.update(read_at=NOW)
    client_of(head.user).get(f"/thong-bao/{notice.pk}/")
    notice.refresh_from_db()
    assert notice.read_at == NOW


def test_what_a_browser_fetches_in_advance_marks_nothing(head, client_of):
    notice = told(head.user)
    client = client_of(head.user)
    client.head(f"/thong-bao/{notice.pk}/")
    client.get(f"/thong-bao/{notice.pk}/", headers={"sec-purpose": "prefetch"})
    notice.refresh_from_db()
    assert notice.read_at is None


def test_all_are_marked_as_read_at_once_and_only_ones_own(head, client_of):
    other = told(make_post().user)
    told(head.user)
    told(head.user)
    answer = client_of(head.user).post("/thong-bao/da-doc/?ve=co-quan")
    assert answer["Location"] == "/thong-bao/?ve=co-quan"
    assert Notice.objects.filter(read_at__isnull=True).get() == other


def test_what_came_while_the_page_was_open_stays_unread(head, client_of):
    told(head.user)
    client = client_of(head.user)
    newest = client.get("/thong-bao/").context["newest"]
    came_later = told(head.user)
    client.post("/thong-bao/da-doc/", {"den": newest})
    assert Notice.objects.filter(read_at__isnull=True).get() == came_later


def test_one_is_marked_unread_again_and_the_filter_is_kept(head, client_of):
    notice = told(head.user)
    Notice.objects.update(read_at=NOW)
    client = client_of(head.user)
    assert f'action="/thong-bao/{notice.pk}/chua-doc/?ve=co-quan"' in shown(client, "?ve=co-quan")
    answer = client.post(f"/thong-bao/{notice.pk}/chua-doc/?ve=co-quan")
    assert answer["Location"] == "/thong-bao/?ve=co-quan"
    notice.refresh_from_db()
    assert notice.read_at is None


def test_no_mark_is_set_by_a_form_of_another_site(head):
    notice = told(head.user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(head.user)
    for url in ("/thong-bao/da-doc/", f"/thong-bao/{notice.pk}/chua-doc/"):
        answer = client.post(url, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403


# The list


def test_the_list_says_so_when_there_is_none(head, client_of):
    client = client_of(head.user)
    assert "Chưa có thông báo nào" in shown(client)
    assert "Không còn thông báo nào chưa đọc" in shown(client, "?loc=chua-doc")
    assert "Đánh dấu tất cả đã đọc" not in shown(client)


def test_unread_notices_and_those_about_own_work_are_listed_apart(head, office, client_of):
    make_post(user=office.user, agency=head.agency)
    told(office.user, text="việc nhà cũ")
    Notice.objects.update(read_at=NOW)
    told(office.user, text="việc nhà mới")
    told(office.user, text="việc tỉnh", url=OVERSIGHT)
    client = client_of(office.user)
    for query, texts in {
        "": {"việc nhà cũ", "việc nhà mới", "việc tỉnh"},
        "?loc=chua-doc": {"việc nhà mới", "việc tỉnh"},
        "?ve=co-quan": {"việc nhà cũ", "việc nhà mới"},
        "?ve=theo-doi": {"việc tỉnh"},
        "?loc=chua-doc&ve=co-quan": {"việc nhà mới"},
        "?ve=x'y&loc=%00&sau=abc": {"việc nhà cũ", "việc nhà mới", "việc tỉnh"},
    }.items():
        lines = client.get(f"/thong-bao/{query}").context["lines"]
        assert {line.notice.text for line in lines} == texts, query


def test_notices_stand_under_their_day(head, client_of, time_machine):
    time_machine.move_to(at(2026, 10, 12, 9))
    for moment in (at(2026, 10, 10, 0), at(2026, 10, 11, 23), at(2026, 10, 12, 7)):
        told(head.user, created_at=moment)
    page = shown(client_of(head.user))
    places = [page.index(f'id="d-2026-10-{day}"') for day in (12, 11, 10)]
    assert places == sorted(places)
    assert all(word in page for word in ("Hôm nay", "Hôm qua"))


def test_a_long_list_goes_on_by_key_with_its_filter(head, client_of):
    for _number in range(60):
        told(head.user)
    client = client_of(head.user)
    first = client.get("/thong-bao/?loc=chua-doc")
    next_query = first.context["next_query"]
    assert "loc=chua-doc" in next_query
    second = client.get(f"/thong-bao/?{next_query}")
    keys = [line.notice.pk for page in (first, second) for line in page.context["lines"]]
    assert keys == sorted(Notice.objects.values_list("pk", flat=True), reverse=True)


def test_another_persons_notice_does_not_exist(head, client_of):
    notice = told(head.user, work(head), text="2 việc kín")
    client = client_of(make_post(agency=head.agency).user)
    assert client.get(f"/thong-bao/{notice.pk}/").status_code == 404
    assert client.post(f"/thong-bao/{notice.pk}/chua-doc/").status_code == 404
    assert "việc kín" not in shown(client)
    notice.refresh_from_db()
    assert notice.read_at is None


@pytest.mark.parametrize(
    ("method", "name", "has_key"),
    [
        ("post", "notices", False),
        ("get", "read_notices", False),
        ("post", "open_notice", True),
        ("get", "mark_unread", True),
    ],
)
def test_the_wrong_method_is_refused(head, client_of, method, name, has_key):
    url = reverse(f"reminders:{name}", args=[1] if has_key else [])
    assert getattr(client_of(head.user), method)(url).status_code == 405


def test_who_has_not_signed_in_is_sent_to_the_door(client):
    assert "/tai-khoan/" in client.get("/thong-bao/")["Location"]


# Counts, queries, cleaning


def test_the_head_of_the_page_counts_no_further_than_it_shows(head, client_of):
    client = client_of(head.user)
    told(head.user)
    assert "Thông báo, 1 chưa đọc" in shown(client)
    Notice.objects.bulk_create(
        Notice(recipient=head.user, text="x", url=OWN, created_at=NOW) for _number in range(200)
    )
    page = shown(client)
    assert "Thông báo, hơn 99 chưa đọc" in page
    assert ">99+<" in page


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="reads the plan of SQLite")
def test_the_unread_are_counted_by_their_index_alone(head):
    Notice.objects.bulk_create(
        Notice(recipient=head.user, text="x", url=OWN, created_at=NOW, read_at=NOW)
        for _number in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    unread = Notice.objects.visible_to(head.user).unread().order_by()
    assert "reminders_notice_unread" in unread[:100].explain()


def test_the_list_makes_as_many_queries_for_ten_notices_as_for_one(head, client_of, count_queries):
    client = client_of(head.user)
    told(head.user, work(head), work(head))
    client.get("/thong-bao/")  # the first page of a session writes the session
    for_one = count_queries(lambda: client.get("/thong-bao/"))
    for _number in range(9):
        told(head.user, *(work(head) for _row in range(5)))
    assert count_queries(lambda: client.get("/thong-bao/")) == for_one


def test_what_was_read_long_ago_is_forgotten_and_nothing_else(head, settings):
    settings.NOTICE_KEEP_DAYS = 90
    notices = [told(head.user) for _number in range(3)]
    for notice, days in zip(notices, (90, 89, None), strict=True):
        read_at = None if days is None else NOW - timedelta(days=days)
        Notice.objects.filter(pk=notice.pk).update(
            read_at=read_at, created_at=NOW - timedelta(days=900)
        )
    assert services.forget_old_notices(now=NOW) == 1
    assert services.forget_old_notices(now=NOW) == 0
    assert set(Notice.objects.all()) == set(notices[1:])
    assert Mail.objects.count() == 3


def test_the_night_forgets_old_notices(head):
    told(head.user)
    Notice.objects.update(read_at=NOW - timedelta(days=4000))
    jobs.clean_notices()
    assert not Notice.objects.exists()


def test_work_that_is_done_since_is_still_named_with_how_it_stands(head, client_of):
    told(head.user, work(head, status=Status.DONE), text="1 việc")
    assert "Hoàn thành" in shown(client_of(head.user))


def test_who_oversees_nothing_has_no_filter_by_topic(head, client_of):
    told(head.user)
    assert "Việc theo dõi" not in shown(client_of(head.user))
