"""Who is alive, what went out, who was not reached: the page of those who watch over it."""

from datetime import timedelta
from unittest.mock import Mock

import pytest
from celery.signals import worker_shutdown
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from agencies.states import Role
from plans.reminders import health, heartbeats, jobs, pulse
from plans.reminders.beat import Scheduler
from plans.reminders.models import Heartbeat, Mail, Reminder, Webhook, WebhookCall
from plans.reminders.states import Kind, MailKind, MailState
from tests.factories import at, make_agency, make_assignment, make_post, make_province, make_user

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 9)
TODAY = NOW.date()
URL = "/tinh-trang-gui/"


@pytest.fixture(autouse=True)
def noted(monkeypatch):
    """Each test starts with nobody having been seen."""
    monkeypatch.setattr(heartbeats, "_noted", {})


def seen(name, ago=timedelta()):
    heartbeats.note(name, timezone.now() - ago)


def make_mail(state=MailState.SENT, *, for_date=None, recipient=None, **fields):
    user = recipient or make_user()
    values = {
        "province": make_province(),
        "to_name": user.full_name,
        "to_email": user.email,
        "subject": "Thư",
        "text": "x",
        "message_id": f"<{user.pk}-{for_date}@example.vn>",
        "next_try_at": NOW,
        "created_at": NOW,
        "sent_at": NOW if state == MailState.SENT else None,
        "error": "" if state in (MailState.SENT, MailState.PENDING) else "550 no such box",
        "lease_until": NOW if state == MailState.SENDING else None,
        **fields,
    }
    return Mail.objects.create(
        recipient=user, for_date=for_date or timezone.localdate(), state=state, **values
    )


# Signs of life


def test_what_was_seen_again_has_one_row_with_its_latest_moment():
    heartbeats.note("beat", NOW)
    heartbeats.note("beat", NOW + timedelta(minutes=1))
    assert Heartbeat.objects.get().seen_at == NOW + timedelta(minutes=1)


def test_what_comes_often_is_noted_now_and_then(count_queries):
    assert count_queries(lambda: heartbeats.note_now_and_then("beat", NOW)) > 0
    assert count_queries(lambda: heartbeats.note_now_and_then("beat", NOW)) == 0
    assert count_queries(lambda: heartbeats.note_now_and_then("worker a", NOW)) > 0


@pytest.mark.parametrize("error", [DatabaseError, InterfaceError])
def test_a_database_that_is_away_costs_the_note_and_not_the_caller(monkeypatch, error):
    def fail(*args):
        raise error("away")

    monkeypatch.setattr(heartbeats, "note", fail)
    heartbeats.note_now_and_then("beat", NOW)


def test_workers_long_gone_are_forgotten_and_nothing_else():
    for name in (heartbeats.BEAT, "worker a", heartbeats.SENDING):
        heartbeats.note(name, NOW)
    heartbeats.note("worker b", NOW + timedelta(days=8))
    assert heartbeats.forget_old(NOW + timedelta(days=8)) == 1
    assert not Heartbeat.objects.filter(name="worker a").exists()


def test_beat_says_that_it_lives_at_each_round(monkeypatch, tmp_path, settings):
    from papi_portal.celery import app

    assert f"{Scheduler.__module__}:{Scheduler.__name__}" == settings.CELERY_BEAT_SCHEDULER
    # Closing what is unusable is Django's business; the test's own connection has to stay.
    monkeypatch.setattr("plans.reminders.beat.close_old_connections", lambda: None)
    app.conf.beat_schedule = {}
    scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"))
    try:
        assert scheduler.tick() > 0
    finally:
        scheduler.close()
    assert Heartbeat.objects.get().name == heartbeats.BEAT


def test_beat_goes_on_at_once_when_the_clock_was_put_back_by_a_day(monkeypatch, tmp_path):
    from papi_portal.celery import app

    monkeypatch.setattr("plans.reminders.beat.close_old_connections", lambda: None)
    app.conf.beat_schedule = {"mỗi phút": {"task": "x", "schedule": 60.0}}
    scheduler = Scheduler(app=app, schedule_filename=str(tmp_path / "schedule"))
    try:
        scheduler.tick()
        for entry in scheduler.schedule.values():
            entry.last_run_at = app.now() + timedelta(days=1)
        scheduler.populate_heap()
        assert 0 < scheduler.tick() <= 60
        assert all(entry.last_run_at <= app.now() for entry in scheduler.schedule.values())
    finally:
        scheduler.close()
        app.conf.beat_schedule = {}


def test_a_worker_says_that_it_lives_without_work_until_it_is_told_to_stop(monkeypatch):
    entry, asked = Mock(), []

    def call_repeatedly(seconds, function, args):
        asked.append((seconds, function, args))
        return entry

    worker = Mock(hostname="celery@may-1")
    worker.timer.call_repeatedly = call_repeatedly
    # Closing is for processes that fork; the test's own connection has to stay.
    monkeypatch.setattr(pulse, "connection", Mock())
    step = pulse.Pulse(worker)
    step.start(worker)
    assert Heartbeat.objects.get().name == "worker celery@may-1"
    [(seconds, function, args)] = asked
    assert seconds < heartbeats.SILENT_AFTER.total_seconds() / 5
    Heartbeat.objects.all().delete()
    monkeypatch.setattr(heartbeats, "_noted", {})
    function(*args)
    assert Heartbeat.objects.get().name == "worker celery@may-1"
    step.stop(worker)
    entry.cancel.assert_called_once_with()
    heartbeats.note(heartbeats.BEAT, NOW)
    worker_shutdown.send(sender=worker)
    assert Heartbeat.objects.get().name == heartbeats.BEAT


def test_every_worker_of_the_portal_has_a_pulse():
    from celery.utils.imports import symbol_by_name

    from papi_portal.celery import app

    assert pulse.Pulse in map(symbol_by_name, app.steps["consumer"])


def test_jobs_that_end_well_say_so_and_those_that_fail_do_not(monkeypatch):
    jobs.plan_reminders()
    jobs.send_due_mail()
    assert set(Heartbeat.objects.values_list("name", flat=True)) == {"plan", "send"}
    Heartbeat.objects.all().delete()

    def fail(*args, **options):
        raise DatabaseError("away")

    monkeypatch.setattr(jobs.outbox, "send_due", fail)
    with pytest.raises(DatabaseError):
        jobs.send_due_mail()
    assert not Heartbeat.objects.exists()


# The banner


@pytest.mark.parametrize(
    ("planned", "sent", "is_stalled"),
    [(1, 1, False), (25, 25, False), (27, 1, True), (1, 27, True), (27, 30, True)],
)
def test_it_is_stalled_when_planning_or_sending_did_not_run_for_26_hours(planned, sent, is_stalled):
    heartbeats.note(heartbeats.PLANNING, NOW - timedelta(hours=planned))
    heartbeats.note(heartbeats.SENDING, NOW - timedelta(hours=sent))
    oldest = NOW - timedelta(hours=max(planned, sent))
    assert heartbeats.stalled_since(NOW) == (oldest if is_stalled else None)


@pytest.mark.parametrize("is_half", [False, True])
def test_a_portal_whose_jobs_were_never_started_says_so_after_a_day(is_half):
    installed = heartbeats.installed_at()
    if is_half:
        heartbeats.note(heartbeats.PLANNING, installed)
    assert heartbeats.stalled_since(installed + timedelta(hours=25)) is None
    assert heartbeats.stalled_since(installed + timedelta(hours=27)) == installed


def test_administrator_and_office_see_the_banner_on_every_page_and_others_do_not(
    administrator, office, head, leader, client_of
):
    long_ago = timedelta(hours=27)
    seen(heartbeats.PLANNING, long_ago)
    seen(heartbeats.SENDING)
    told = "Nhắc việc không chạy từ"
    for post, is_told in [(administrator, True), (office, True), (head, False), (leader, False)]:
        page = client_of(post.user).get("/thong-bao/").content.decode()
        assert (told in page) is is_told, post
    seen(heartbeats.PLANNING)
    assert told not in client_of(office.user).get("/thong-bao/").content.decode()


def test_the_banner_costs_one_query_and_only_those_who_see_it(office, head, client_of):
    from tests.conftest import count_page_queries

    queries = {
        post: count_page_queries(client_of(post.user), "/thong-bao/") for post in (office, head)
    }
    seen(heartbeats.PLANNING)
    seen(heartbeats.SENDING)
    with_rows = count_page_queries(client_of(office.user), "/thong-bao/")
    assert with_rows == queries[office] - 1  # installed_at is not asked for
    assert with_rows <= queries[head] + 1


# The page


def test_the_page_tells_who_runs_and_who_does_not(administrator, client_of):
    page = client_of(administrator.user).get(URL).content.decode()
    assert page.count("Không thấy chạy") == 5
    for name in ("beat", "worker celery@may-1", "plan", "send", "check"):
        seen(name)
    page = client_of(administrator.user).get(URL).content.decode()
    assert "Không thấy chạy" not in page
    assert "Tiến trình nền celery@may-1" in page
    seen("worker celery@may-1", timedelta(minutes=11))
    assert client_of(administrator.user).get(URL).content.decode().count("Không thấy chạy") == 1


def test_days_count_letters_by_what_became_of_them_and_leave_out_other_provinces(head):
    reminder = {
        "province": make_province(),
        "assignment": make_assignment(agency=head.agency),
        "kind": Kind.DUE,
        "due_on": TODAY,
        "created_at": NOW,
    }
    for step in (1, 3):
        Reminder.objects.create(**reminder, recipient=head.user, step=step, for_date=TODAY)
    for state in (*MailState, MailState.SENT):
        make_mail(state, for_date=TODAY)
    make_mail(for_date=TODAY, province=make_province(name="Sơn La", code="14"))
    yesterday = TODAY - timedelta(days=1)
    make_mail(for_date=yesterday)
    make_mail(for_date=TODAY + timedelta(days=1), kind=MailKind.TRIAL)
    make_mail(for_date=TODAY - timedelta(days=14))
    found = health.days([make_province().pk], TODAY)
    assert found == [
        health.Day(TODAY, reminders=2, letters=7, sent=2, open=2, failed=1, bounced=1, overtaken=1),
        health.Day(yesterday, letters=1, sent=1),
    ]


def test_the_oldest_letter_that_waits_and_why_is_told_to_the_administrator_alone(
    administrator, office, client_of
):
    late = timezone.now() - timedelta(hours=2)
    make_mail(
        MailState.PENDING, to_name="Lê Thị Chờ", created_at=late, next_try_at=late, error="451 bận"
    )
    sooner = late + timedelta(minutes=1)
    make_mail(MailState.PENDING, to_name="Vũ Sau", created_at=sooner, next_try_at=sooner)
    page = client_of(administrator.user).get(URL).content.decode()
    assert "Lê Thị Chờ" in page
    assert "451 bận" in page
    assert "Vũ Sau" not in page
    assert "Lê Thị Chờ" not in client_of(office.user).get(URL).content.decode()


def test_reasons_are_counted_and_shown_to_the_administrator_alone(administrator, office, client_of):
    for _number in range(3):
        make_mail(MailState.FAILED, error="554 spam")
    page = client_of(administrator.user).get(URL).content.decode()
    assert "554 spam" in page
    assert "3 thư" in page
    assert "554 spam" not in client_of(office.user).get(URL).content.decode()


def test_office_and_administrator_see_whose_address_is_refused(administrator, office, client_of):
    person = make_post(agency=make_agency(name="Sở Xây dựng"), user=make_user(full_name="Vũ Sai"))
    make_mail(MailState.BOUNCED, recipient=person.user)
    for post in (administrator, office):
        page = client_of(post.user).get(URL).content.decode()
        assert "Vũ Sai" in page
        assert "550 no such box" in page


def test_agencies_with_work_and_nobody_to_write_to_are_named(head):
    province = head.agency.province_id
    empty, busy = make_agency(name="Sở Trống"), head.agency
    asked = make_agency(name="Mặt trận", is_requested=True)
    left = make_agency(name="Sở Đã nghỉ")
    make_post(agency=left, ends_on=TODAY - timedelta(days=1))
    make_post(agency=empty, role=Role.ADMINISTRATOR)
    for agency in (empty, busy, asked, left):
        make_assignment(agency=agency)
    found = health.agencies_without_recipient([province], TODAY)
    assert set(found) == {empty, left}
    assert not health.agencies_without_recipient([province + 1], TODAY)


def test_gateways_are_shown_with_what_became_of_their_calls(administrator, client_of):
    webhook = Webhook.objects.create(
        province=make_province(), name="Zalo", url="https://1.1.1.1/", active_from=NOW
    )
    for state in (MailState.SENT, MailState.FAILED, MailState.PENDING):
        WebhookCall.objects.create(
            webhook=webhook,
            mail=make_mail(),
            state=state,
            error="" if state != MailState.FAILED else "400 sai số",
            sent_at=NOW if state == MailState.SENT else None,
            next_try_at=NOW,
            created_at=NOW,
        )
    [shown] = health.gateways([webhook.province_id], timezone.localdate())
    assert (shown.sent, shown.open, shown.failed) == (1, 1, 1)
    assert health.last_error(webhook) == "400 sai số"
    assert "Zalo" in client_of(administrator.user).get(URL).content.decode()


def test_what_the_nightly_check_found_is_shown_until_the_next_one(
    administrator, client_of, monkeypatch
):
    found = ["I3: thư 7 còn “Đang gửi” quá lâu."]
    monkeypatch.setattr(jobs.checking, "breaches", lambda now, is_quick: found)
    jobs.check_invariants()
    page = client_of(administrator.user).get(URL).content.decode()
    assert "thư 7 còn “Đang gửi” quá lâu" in page
    found.clear()
    jobs.check_invariants()
    assert "thư 7" not in client_of(administrator.user).get(URL).content.decode()


def test_who_works_for_several_provinces_begins_at_that_of_the_first_post(office, client_of):
    elsewhere = make_agency(province=make_province(name="An Giang", code="91"))
    make_post(user=office.user, role=Role.OFFICE, agency=elsewhere)
    for url in (URL, "/nhac-viec/", "/vang-mat/"):
        page = client_of(office.user).get(url)
        assert page.context["province"] == office.agency.province


def test_the_page_is_for_those_who_watch(head, leader, stranger, client_of):
    for post in (head, leader):
        assert client_of(post.user).get(URL).status_code == 403
    make_mail(MailState.FAILED, error="554 của tỉnh khác")
    page = client_of(stranger.user).get(URL)
    assert page.status_code == 200
    assert "554 của tỉnh khác" not in page.content.decode()
    assert client_of(stranger.user).post(URL).status_code == 405


def test_the_page_makes_as_many_queries_for_ten_rows_as_for_one(
    administrator, client_of, count_queries
):
    def grow(number):
        day = timezone.localdate() - timedelta(days=number)
        make_mail(MailState.FAILED, error=f"554 {number}", for_date=day)
        person = make_post(agency=make_agency())
        make_mail(MailState.BOUNCED, recipient=person.user, for_date=day)
        make_assignment(agency=make_agency())
        seen(f"worker {number}")
        Webhook.objects.create(
            province=make_province(), name=str(number), url="https://1.1.1.1/", active_from=NOW
        )

    client = client_of(administrator.user)
    grow(0)
    client.get(URL)
    for_one = count_queries(lambda: client.get(URL))
    for number in range(1, 10):
        grow(number)
    assert count_queries(lambda: client.get(URL)) == for_one
