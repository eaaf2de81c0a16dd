"""Letters as files, the command that plays a day, and the jobs."""

from datetime import date
from email import message_from_bytes, policy
from io import StringIO

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from plans.reminders import jobs
from plans.reminders.mailbox import file_name
from plans.reminders.models import Mail, PlannedDay
from plans.reminders.states import MailState
from tests.factories import at, make_assignment, make_post, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.EMAIL_BACKEND = "plans.reminders.mailbox.FileBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    return tmp_path / "mail"


@pytest.fixture
def assignment(head, monday):
    return make_assignment(agency=head.agency, due_on=monday)


def play(*arguments):
    out = StringIO()
    call_command("remind", *arguments, stdout=out)
    return out.getvalue()


def test_each_message_is_a_file_with_day_and_recipient_in_its_name(mailbox):
    user = make_user(email="giam-doc@laocai.example")
    make_assignment(agency=make_post(user=user).agency, due_on=date(2026, 10, 12))
    play("--date=2026-10-12", "--send")
    [path] = mailbox.iterdir()
    assert path.name.startswith("2026-10-12-giam-doc@laocai.example-")
    assert path.suffix == ".eml"
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert message["Message-ID"] == Mail.objects.get().message_id
    assert "TUẦN NÀY (1 việc)" in path.read_text()


def test_a_message_that_is_sent_again_takes_the_place_of_the_first(mailbox):
    for _number in range(2):
        EmailMessage("A", "b", to=["a@b.vn"], headers={"Message-ID": "<1@b.vn>"}).send()
    EmailMessage("A", "b", to=["a@b.vn"]).send()
    assert len(list(mailbox.iterdir())) == 2


@pytest.mark.parametrize("address", ["../../etc/passwd", "a/b@c.vn", "x\x00@y.vn", "a" * 300, ""])
def test_no_address_leads_out_of_the_folder(address):
    name = file_name("2026-10-12", [address], "<1@b.vn>")
    assert "/" not in name
    assert "\x00" not in name
    assert len(name) < 120


def test_a_day_can_be_played_and_sent_and_says_what_it_did(mailbox, assignment):
    said = play("--date=2026-10-12", "--send")
    assert "Ngày 12/10/2026: 1 lượt nhắc, 1 thư; lần này thêm 1 thư." in said
    assert "Đã gửi 1 thư, gửi lại sau 0, không gửi được 0." in said
    assert str(mailbox) in said
    assert Mail.objects.get().state == MailState.SENT
    assert "lần này thêm 0 thư" in play("--date=2026-10-12", "--send")
    assert len(list(mailbox.iterdir())) == 1


def test_a_day_played_without_sending_waits_for_the_morning_of_that_day(mailbox, assignment):
    play("--date=2026-10-12")
    assert Mail.objects.get().next_try_at == at(2026, 10, 12, 7)
    assert not mailbox.exists()


def test_a_day_played_dry_writes_nothing_and_says_who_would_get_what(assignment, head):
    said = play("--date=2026-10-12", "--dry-run")
    assert "Ngày 12/10/2026: 1 người, 1 lượt nhắc; chưa ghi gì." in said
    assert f"{head.user.email}: 1 việc đến hạn tuần này" in said
    assert not PlannedDay.objects.exists()
    assert not Mail.objects.exists()


def test_a_day_off_is_told_with_the_next_working_day():
    assert "ngày làm việc kế tiếp: 12/10/2026" in play("--date=2026-10-10")
    assert not PlannedDay.objects.exists()


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError):
        play("--date=2026-02-31")


def test_nothing_is_planned_before_seven_in_the_morning(assignment):
    with time_machine.travel(at(2026, 10, 12, 6, 59), tick=False):
        jobs.plan_reminders()
    assert not PlannedDay.objects.exists()
    with time_machine.travel(at(2026, 10, 12, 7), tick=False):
        jobs.plan_reminders()
        jobs.plan_reminders()
    assert Mail.objects.count() == 1


def test_a_portal_that_starts_in_the_afternoon_still_reminds(assignment, mailoutbox):
    with time_machine.travel(at(2026, 10, 12, 16), tick=False):
        jobs.plan_reminders()
        jobs.send_due_mail()
    assert len(mailoutbox) == 1


def test_the_day_is_that_of_viet_nam_and_not_of_greenwich(assignment):
    # 00:30 of the 13th in Hà Nội is still the 12th in UTC; at 07:00 it is the 13th's turn.
    with time_machine.travel(at(2026, 10, 13, 7), tick=False):
        jobs.plan_reminders()
    assert PlannedDay.objects.get().for_date == date(2026, 10, 13)
