"""Calendars of work: who reads what under which address, and whether programs understand it."""

import logging
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from agencies.models import Membership, User
from papi_portal.logs import SecretsFormatter
from papi_portal.management.commands import portal
from plans import workflow
from plans.models import Assignment, Plan
from plans.reminders import agenda as agendas
from plans.reminders import feeds
from plans.reminders.agenda import agenda_of
from plans.reminders.models import CalendarFeed
from plans.reminders.views import feeds as views
from plans.states import PlanStatus, Status
from tests.factories import (
    PASSWORD,
    at,
    make_agency,
    make_assignment,
    make_plan,
    make_post,
    make_task,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 10, 12)
NOW = at(2026, 10, 12, 9)
NEW_PASSWORD = "sông Chảy mùa nước nổi 88"


@pytest.fixture(autouse=True)
def on_a_monday(time_machine):
    cache.clear()
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def plan(head):
    return make_plan(
        province=head.agency.province, number="149/KH-UBND", year=2026, status=PlanStatus.ACTIVE
    )


def work(post, due_on, name="Niêm yết thủ tục", plan=None, **fields):
    plan = plan or make_plan(province=post.agency.province, status=PlanStatus.ACTIVE)
    task = make_task(plan=plan, lead_agency=post.agency, name=name, due_on=due_on)
    return make_assignment(agency=post.agency, task=task, due_on=due_on, **fields)


def path_of(user, plan=None):
    url = feeds.renew(user, plan, now=NOW)
    return url[url.index("/lich/") :]


def read(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return Calendar.from_ical(answer.content)


def events(calendar):
    return {str(event["uid"]).partition("@")[0]: event for event in calendar.walk("VEVENT")}


def titles(client, path):
    return sorted(str(event["summary"]) for event in events(read(client, path)).values())


# What a calendar of one's own work shows


def test_open_work_of_the_own_agency_is_an_event_of_its_due_date(head, client):
    row = work(head, date(2026, 10, 30))
    calendar = read(client, path_of(head.user))
    event = events(calendar)[f"viec-{row.pk}"]
    assert event["summary"] == "Hạn: Niêm yết thủ tục"
    assert event["dtstart"].dt == date(2026, 10, 30)
    assert event["dtend"].dt == date(2026, 10, 31)
    assert event["dtstart"].params["VALUE"] == "DATE"
    assert "TZID" not in event["dtstart"].params
    assert event["url"].endswith(f"/viec/{row.pk}/")
    assert event["transp"] == "TRANSPARENT"
    assert (calendar["method"], calendar["version"]) == ("PUBLISH", "2.0")
    assert str(calendar["x-wr-calname"]) == "Việc của tôi · Cổng PAPI"


def test_how_work_stands_is_in_words_and_an_asked_body_is_never_called_late(head, client):
    work(head, date(2026, 10, 11), name="Một")
    work(head, date(2026, 10, 12), name="Hai")
    work(head, date(2026, 10, 1), name="Ba", status=Status.REPORTED)
    asked = make_post(user=head.user, agency=make_agency(is_requested=True))
    work(asked, date(2026, 10, 1), name="Bốn")
    found = titles(client, path_of(head.user))
    assert found == [
        "Chờ xác nhận: Ba",
        "Cần làm: 1 việc quá hạn",
        "Hạn: Hai",
        "Quá hạn: Một",
        "Đề nghị: Bốn",
    ]


def test_done_stopped_and_undated_work_and_plans_not_active_are_not_there(head, client):
    work(head, date(2026, 10, 30), status=Status.DONE)
    work(head, date(2026, 10, 30), status=Status.CANCELLED)
    closed = make_plan(
        province=head.agency.province, status=PlanStatus.CLOSED, activated_on=date(2026, 1, 1)
    )
    work(head, date(2026, 10, 30), plan=closed)
    undated = work(head, date(2026, 10, 30))
    Assignment.objects.filter(pk=undated.pk).update(due_on=None)
    assert titles(client, path_of(head.user)) == []


def test_a_moved_deadline_keeps_its_uid_and_goes_up_in_sequence(head, leader, client):
    row = work(head, date(2026, 10, 30))
    path = path_of(head.user)
    before = events(read(client, path))[f"viec-{row.pk}"]
    asked = workflow.ask_extension(
        row, by=head.user, now=NOW, reason="x", proposed_due_on=date(2026, 11, 30)
    )
    workflow.decide_extension(asked, is_approved=True, by=leader.user, now=NOW)
    after = events(read(client, path))[f"viec-{row.pk}"]
    assert after["uid"] == before["uid"]
    assert after["dtstart"].dt == date(2026, 11, 30)
    assert after["sequence"] > before["sequence"]
    assert after["last-modified"].dt == NOW


def test_the_moment_of_change_is_in_utc_and_moves_at_the_midnight_work_grows_overdue(head, client):
    row = work(head, date(2026, 10, 9))
    earlier = at(2026, 10, 1, 8)
    workflow.comment(row, by=head.user, now=earlier, text="x")
    event = events(read(client, path_of(head.user)))[f"viec-{row.pk}"]
    assert event["last-modified"].dt == at(2026, 10, 10, 0)
    assert event["dtstamp"].dt == NOW
    assert event.to_ical().count(b"\r\nLAST-MODIFIED:20261009T170000Z\r\n") == 1


def test_one_event_of_the_day_says_what_waits_for_whom(head, office, leader, client):
    waiting = work(head, date(2026, 10, 30), status=Status.REPORTED)
    asked = work(head, date(2026, 10, 30))
    work(head, date(2026, 10, 1))
    workflow.ask_extension(
        asked, by=head.user, now=NOW, reason="x", proposed_due_on=date(2026, 11, 30)
    )
    workflow.direct(waiting, by=leader.user, now=NOW, text="x")
    said = {
        head: "Cần làm: 1 việc quá hạn, 1 ý kiến chỉ đạo chưa trả lời",
        office: "Cần làm: 1 việc chờ xác nhận",
        leader: "Cần làm: 1 đề nghị gia hạn chờ quyết định",
    }
    for post, title in said.items():
        [event] = [
            event
            for uid, event in events(read(client, path_of(post.user))).items()
            if uid.startswith("hom-nay")
        ]
        assert event["summary"] == title
        assert event["dtstart"].dt == TODAY
        page = re.search(r"http\S+?(/[a-z-]+/)$", str(event["url"]))[1]
        signed_in = Client()
        signed_in.force_login(post.user)
        assert signed_in.get(page).status_code == 200


def test_the_event_of_the_day_goes_along_with_the_day(head, client, time_machine):
    work(head, date(2026, 10, 1))
    path = path_of(head.user)
    uid = f"hom-nay-{CalendarFeed.objects.get().pk}"
    first = events(read(client, path))[uid]
    time_machine.move_to(NOW + timedelta(days=1), tick=False)
    second = events(read(client, path))[uid]
    assert second["uid"] == first["uid"]
    assert second["dtstart"].dt == TODAY + timedelta(days=1)
    assert second["sequence"] > first["sequence"]


# Who sees what


def test_a_calendar_shows_nothing_of_other_agencies_or_provinces(head, stranger, client):
    work(make_post(agency=make_agency(province=head.agency.province)), TODAY, name="Sở khác")
    work(stranger, TODAY, name="Tỉnh khác")
    assert titles(client, path_of(head.user)) == []


def test_supported_work_is_in_the_own_calendar_and_nothing_of_it_is_called_late(head, client):
    supported = work(make_post(), date(2026, 10, 1), name="Cùng làm")
    supported.task.supporters.add(head.agency)
    own = work(head, date(2026, 10, 30), name="Chủ trì")
    own.task.supporters.add(head.agency)
    assert titles(client, path_of(head.user)) == ["Hạn: Chủ trì", "Phối hợp: Cùng làm"]


def test_the_calendar_of_a_plan_shows_what_its_owner_may_see(head, office, stranger, plan, client):
    work(head, date(2026, 10, 30), name="Của mình", plan=plan)
    other = work(make_post(), date(2026, 10, 30), name="Của sở khác", plan=plan)
    supported = work(make_post(), date(2026, 10, 30), name="Cùng làm", plan=plan)
    supported.task.supporters.add(head.agency)
    work(head, date(2026, 10, 30), name="Kế hoạch khác")
    workflow.comment(other, by=office.user, now=NOW, text="lời nội bộ")
    assert titles(client, path_of(head.user, plan)) == ["Hạn: Của mình", "Phối hợp: Cùng làm"]
    path = path_of(office.user, plan)
    assert titles(client, path) == ["Hạn: Cùng làm", "Hạn: Của mình", "Hạn: Của sở khác"]
    assert "lời nội bộ" not in client.get(path).content.decode()
    assert str(read(client, path)["x-wr-calname"]) == "149/KH-UBND · Cổng PAPI"
    assert client.get(path_of(stranger.user, plan)).status_code == 404


def end_posts(_post):
    Membership.objects.update(ends_on=TODAY - timedelta(days=1))


def lock(post):
    User.objects.filter(pk=post.user.pk).update(is_active=False)


def ask_for_a_password(post):
    User.objects.filter(pk=post.user.pk).update(must_change_password=True)


def revoke(_post):
    for feed in CalendarFeed.objects.all():
        feeds.revoke(feed)


def renew(post):
    for feed in CalendarFeed.objects.all():
        feeds.renew(post.user, feed.plan, now=NOW)


@pytest.mark.parametrize("end", [end_posts, lock, ask_for_a_password, revoke, renew])
@pytest.mark.parametrize("of_plan", [False, True])
def test_an_address_that_has_ended_answers_as_one_that_never_was(head, plan, client, end, of_plan):
    path = path_of(head.user, plan if of_plan else None)
    assert client.get(path).status_code == 200
    end(head)
    ended, unknown = client.get(path), client.get("/lich/" + "A" * 43 + ".ics")
    assert (ended.status_code, unknown.status_code) == (404, 404)
    assert without_token(ended) == without_token(unknown)
    assert ended.headers == unknown.headers


def test_a_new_password_ends_the_addresses_and_says_where_to_make_new_ones(
    head, plan, office, client, client_of
):
    paths = [path_of(head.user), path_of(head.user, plan)]
    of_another = path_of(office.user)
    typed = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    own = client_of(head.user)
    refused = own.post(reverse("account_change_password"), {**typed, "oldpassword": "sai"})
    assert refused.status_code == 200
    assert client.get(paths[0]).status_code == 200
    told = own.post(reverse("account_change_password"), typed, follow=True)
    assert "tạo lại ở “Nhận nhắc việc”" in told.content.decode()
    assert [client.get(path).status_code for path in paths] == [404, 404]
    assert client.get(of_another).status_code == 200
    page = own.get(reverse("reminders:preferences")).content.decode()
    assert "đổi mật khẩu thì mọi địa chỉ hết hiệu lực" in page
    assert "chưa có địa chỉ" in page


def without_token(answer):
    """The page without the token of its forms, which is another at each request."""
    return re.sub(r'"X-CSRFToken": "\w+"', "", answer.content.decode())


def test_who_changed_the_agency_sees_the_work_of_the_new_one_alone(head, client):
    work(head, date(2026, 10, 30), name="Cơ quan cũ")
    path = path_of(head.user)
    new = make_post(user=head.user)
    Membership.objects.filter(pk=head.pk).update(ends_on=TODAY - timedelta(days=1))
    work(new, date(2026, 10, 30), name="Cơ quan mới")
    assert titles(client, path) == ["Hạn: Cơ quan mới"]


@pytest.mark.parametrize(
    "token", ["", "x", "A" * 5000, "..%2f..%2fetc", "%00", "Ạ", "' OR 1=1--", "a b", "%ff"]
)
def test_no_other_text_is_an_address(head, client, token):
    path_of(head.user)
    assert client.get(f"/lich/{token}.ics").status_code == 404


def test_the_hash_that_is_kept_opens_nothing(head, client):
    path = path_of(head.user)
    kept = CalendarFeed.objects.get().token_hash
    token = path.removeprefix("/lich/").removesuffix(".ics")
    assert len(token) == 43  # 256 bits
    assert token not in str(CalendarFeed.objects.values().get())
    assert client.get(f"/lich/{kept}.ics").status_code == 404


def test_no_two_addresses_are_alike(head):
    assert len({feeds.renew(head.user, None, now=NOW) for _number in range(50)}) == 50
    assert CalendarFeed.objects.count() == 1


# How it is answered


def test_an_unchanged_calendar_is_not_sent_again(head, client, time_machine):
    row = work(head, date(2026, 10, 30))
    path = path_of(head.user)
    first = client.get(path)
    etag = first["ETag"]
    time_machine.move_to(NOW + timedelta(hours=1), tick=False)
    again = client.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == etag
    Assignment.objects.filter(pk=row.pk).update(percent_done=10, version=2)
    assert client.get(path, headers={"if-none-match": etag}).status_code == 200


def test_the_answer_is_private_and_its_address_goes_nowhere(head, client):
    answer = client.get(path_of(head.user))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


def test_only_reading_is_answered(head, client):
    path = path_of(head.user)
    assert client.head(path).status_code == 200
    for method in ("post", "put", "patch", "delete"):
        assert getattr(client, method)(path).status_code == 405


def test_guessing_is_stopped_for_a_while_and_stops_nobody_who_knows_an_address(
    head, client, monkeypatch
):
    monkeypatch.setattr(views, "MOST_MISSES", 5)
    path = path_of(head.user)
    for number in range(5):
        assert client.get(f"/lich/{number}.ics").status_code == 404
    answer = client.get("/lich/6.ics")
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert client.get(path).status_code == 200
    assert client.get("/lich/6.ics", REMOTE_ADDR="10.0.0.9").status_code == 404
    cache.clear()
    assert client.get("/lich/6.ics").status_code == 404


def test_a_program_that_reads_without_end_is_stopped_for_a_while(head, office, client, monkeypatch):
    monkeypatch.setattr(views, "MOST_READS", 3)
    path, other = path_of(head.user), path_of(office.user)
    assert [client.get(path).status_code for _time in range(4)] == [200, 200, 200, 429]
    assert client.get(other).status_code == 200


def test_the_address_is_in_no_line_of_the_log(head, client, caplog):
    path = path_of(head.user)
    token = path.removeprefix("/lich/").removesuffix(".ics")
    revoke(head)
    with caplog.at_level(logging.DEBUG):
        client.get(path)
    [record] = [record for record in caplog.records if record.name == "django.request"]
    line = SecretsFormatter("%(message)s").format(record)
    assert line == "Not Found: /lich/…"
    assert token not in line


def test_the_log_shortens_tokens_and_leaves_other_addresses_alone():
    def line(message):
        record = logging.LogRecord("x", logging.INFO, "x", 1, message, None, None)
        return SecretsFormatter("%(message)s").format(record)

    assert line("Forbidden: /doc/Wyxh" + "k" * 30 + ":1v:q_-8/xong/") == "Forbidden: /doc/…/xong/"
    for kept in ("Not Found: /ke-hoach/17/khoang-trong/", "/viec-cua-toi/?sau=2026-10-12.17"):
        assert line(kept) == kept


def test_whatever_the_portal_logs_passes_there():
    handlers = logging.getLogger().handlers
    assert any(isinstance(handler.formatter, SecretsFormatter) for handler in handlers)


def test_the_web_server_keeps_no_log_of_addresses():
    assert "--access-log" not in portal.commands("127.0.0.1", 1, 1)["web"]
    assert "--access-log" not in (Path(__file__).parents[2] / "Dockerfile").read_text()


# How much


def many(head, plan, count):
    """`count` pieces of work, one due on each day around today."""
    tasks = [make_task(plan=plan, lead_agency=head.agency)]
    Assignment.objects.bulk_create(
        Assignment(
            task=tasks[0],
            plan=plan,
            province=plan.province,
            agency=head.agency,
            period_label=f"Kỳ {number}",
            due_on=TODAY + timedelta(days=number - count // 2),
            last_heard_on=TODAY,
        )
        for number in range(count)
    )


def test_a_calendar_of_five_thousand_shows_the_nearest_and_says_that_there_are_more(
    head, office, plan, client
):
    many(head, plan, 5000)
    for path in (path_of(head.user), path_of(office.user, plan)):
        answer = client.get(path)
        found = events(Calendar.from_ical(answer.content))
        shown = [event for uid, event in found.items() if uid.startswith("viec-")]
        assert len(shown) == agendas.MOST_ENTRIES
        assert min(event["dtstart"].dt for event in shown) == TODAY
        assert len(answer.content) < 500_000
        [more] = [event for uid, event in found.items() if uid.startswith("con-nua")]
        assert more["summary"] == "Lịch này hiện 500 việc; còn 4500 việc nữa"


def test_what_is_past_fills_the_room_that_is_left_the_latest_first(head, plan, monkeypatch):
    monkeypatch.setattr(agendas, "MOST_ENTRIES", 8)
    many(head, plan, 10)
    feeds.renew(head.user, plan, now=NOW)
    days = [
        entry.day - TODAY
        for entry in agenda_of(CalendarFeed.objects.get(), TODAY).entries
        if entry.uid.startswith("viec-")
    ]
    assert [day.days for day in days] == [0, 1, 2, 3, 4, -1, -2, -3]


@pytest.mark.parametrize("of_plan", [False, True])
def test_a_calendar_takes_as_many_queries_for_ten_as_for_one(
    head, plan, client, count_queries, of_plan
):
    path = path_of(head.user, plan if of_plan else None)
    work(head, date(2026, 10, 30), plan=plan)
    for_one = count_queries(lambda: client.get(path))
    for day in range(1, 10):
        work(head, date(2026, 10, day), plan=plan)
    assert count_queries(lambda: client.get(path)) == for_one
    assert for_one <= 11


def test_the_longest_names_of_plan_and_task_are_shortened(head, client):
    plan = make_plan(
        province=head.agency.province, number="", title="K" * 300, status=PlanStatus.ACTIVE
    )
    Plan.objects.filter(pk=plan.pk).update(title="Kế hoạch\r\nX-EVIL:1\r\n" + "K" * 200)
    work(head, date(2026, 10, 30), name="N" * 1000, plan=plan)
    answer = client.get(path_of(head.user, plan))
    calendar = Calendar.from_ical(answer.content)
    assert len(calendar["x-wr-calname"]) < 120
    assert "X-EVIL" not in calendar
    assert b"X-EVIL" not in b"".join(
        line for line in answer.content.split(b"\r\n") if not line.startswith((b" ", b"X-WR", b"N"))
    ).replace(b"\\nX-EVIL", b"")
    [event] = calendar.walk("VEVENT")
    assert len(event["summary"]) < 180


# The page on which addresses are made and ended


def test_an_address_is_shown_once_and_then_only_when_it_was_made(head, client_of, client):
    client_in = client_of(head.user)
    answer = client_in.post("/nhan-nhac-viec/lich/")
    url = answer.context["url"]
    assert url in answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert client.get(url[url.index("/lich/") :]).status_code == 200
    page = client_in.get("/nhan-nhac-viec/").content.decode()
    assert url not in page
    assert "địa chỉ tạo lúc 09:00 12/10/2026" in page


def test_an_address_is_changed_and_ended_by_its_owner_alone(head, plan, client_of, client):
    path = path_of(head.user, plan)
    feed = CalendarFeed.objects.get()
    colleague = client_of(make_post(agency=head.agency).user)
    assert colleague.post(f"/nhan-nhac-viec/lich/{feed.pk}/thu-hoi/").status_code == 404
    assert "149/KH-UBND" in client_of(head.user).get("/nhan-nhac-viec/").content.decode()
    answer = client_of(head.user).post("/nhan-nhac-viec/lich/", {"ke-hoach": plan.pk})
    assert CalendarFeed.objects.get().pk == feed.pk
    assert client.get(path).status_code == 404
    renewed = answer.context["url"]
    answer = client_of(head.user).post(f"/nhan-nhac-viec/lich/{feed.pk}/thu-hoi/", follow=True)
    assert "Đã thu hồi địa chỉ lịch" in answer.content.decode()
    assert client.get(renewed[renewed.index("/lich/") :]).status_code == 404


@pytest.mark.parametrize("typed", ["x", "0", "9" * 30, "-1"])
def test_no_address_is_made_for_a_plan_that_is_none(head, client_of, typed):
    answer = client_of(head.user).post("/nhan-nhac-viec/lich/", {"ke-hoach": typed})
    assert answer.status_code == 404
    assert not CalendarFeed.objects.exists()


def test_no_address_is_made_for_a_plan_of_another_province(stranger, plan, client_of):
    answer = client_of(stranger.user).post("/nhan-nhac-viec/lich/", {"ke-hoach": plan.pk})
    assert answer.status_code == 404
    assert not CalendarFeed.objects.exists()


def test_a_plan_that_may_not_be_seen_any_more_is_not_named(head, plan, client_of):
    path_of(head.user, plan)
    make_post(user=head.user, agency=make_agency(province=make_post().agency.province))
    Plan.objects.update(status=PlanStatus.DRAFT)
    page = client_of(head.user).get("/nhan-nhac-viec/").content.decode()
    assert "149/KH-UBND" not in page
    assert "không còn xem được" in page
    assert "Thu hồi" in page


def test_the_page_says_what_each_role_is_mailed(head, office, leader, client_of):
    told = {
        head: "Việc của cơ quan anh/chị",
        office: "Việc của tỉnh: chờ xác nhận",
        leader: "Mỗi tuần: tình hình",
    }
    for post, words in told.items():
        page = client_of(post.user).get("/nhan-nhac-viec/").content.decode()
        assert words in page
        assert post.user.email in page


def test_the_plan_that_the_address_names_is_chosen(head, plan, client_of):
    page = client_of(head.user).get(f"/nhan-nhac-viec/?ke-hoach={plan.pk}").content.decode()
    assert f'<option value="{plan.pk}" selected>' in page
    plan_page = client_of(head.user).get(f"/ke-hoach/{plan.pk}/").content.decode()
    assert f"/nhan-nhac-viec/?ke-hoach={plan.pk}#lich" in plan_page


def test_the_page_takes_as_many_queries_for_ten_calendars_as_for_one(
    head, client_of, count_queries
):
    client = client_of(head.user)
    path_of(head.user, make_plan(province=head.agency.province, status=PlanStatus.ACTIVE))
    client.get("/nhan-nhac-viec/")
    for_one = count_queries(lambda: client.get("/nhan-nhac-viec/"))
    for _number in range(9):
        path_of(head.user, make_plan(province=head.agency.province, status=PlanStatus.ACTIVE))
    assert count_queries(lambda: client.get("/nhan-nhac-viec/")) == for_one


def test_no_address_is_made_or_ended_by_a_form_of_another_site(head):
    path_of(head.user)
    client = Client(enforce_csrf_checks=True)
    client.force_login(head.user)
    feed = CalendarFeed.objects.get()
    for url in ("/nhan-nhac-viec/lich/", f"/nhan-nhac-viec/lich/{feed.pk}/thu-hoi/"):
        answer = client.post(url, headers={"origin": "https://evil.example"})
        assert answer.status_code == 403
    assert CalendarFeed.objects.get().token_hash == feed.token_hash


def test_a_draft_is_deleted_with_its_calendar(office, client_of, client):
    draft = make_plan(province=office.agency.province)
    path = path_of(office.user, draft)
    assert titles(client, path) == []
    client_of(office.user).post(f"/ke-hoach/{draft.pk}/xoa/")
    assert not Plan.objects.exists()
    assert client.get(path).status_code == 404
