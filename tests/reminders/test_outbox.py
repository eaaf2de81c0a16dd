"""Claims, leases, tries and their ends."""

import threading
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from types import SimpleNamespace

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.locmem import EmailBackend as LocmemBackend
from django.db import IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet

from plans.reminders import bounces, outbox, tries
from plans.reminders.channels import smtp
from plans.reminders.channels.smtp import MailChannel
from plans.reminders.models import Mail, Notice
from plans.reminders.outbox import Outcome
from plans.reminders.states import MailState
from plans.reminders.tries import Ladder
from tests.factories import at, make_agency, make_post, make_province, make_user

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)


def minutes(count):
    return timedelta(minutes=count)


def make_mail(**fields):
    user = fields.pop("recipient", None) or make_user()
    values = {
        "to_email": user.email,
        "for_date": NOW.date(),
        "next_try_at": NOW,
        "created_at": NOW,
        "subject": "Cổng PAPI: 1 việc quá hạn (12/10/2026)",
        "text": "Kính gửi",
        **fields,
    }
    mail = Mail(province=make_province(), recipient=user, to_name=user.full_name, **values)
    mail.message_id = mail.message_id or outbox.message_id(mail)
    mail.save()
    return mail


@pytest.fixture
def server(monkeypatch):
    """A mail server that answers with what is put into the list, then takes everything."""
    answers, sent = [], []

    def send(message, fail_silently=False):
        answer = answers.pop(0) if answers else None
        if answer is not None:
            raise answer
        sent.append(message)
        return 1

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    return answers, sent


def claim(now, limit):
    return outbox.claim(Mail.objects.all(), now, limit)


def claim_abandoned(now):
    """Doubted once and then taken: the first sweep only doubts."""
    assert claim(now, limit=1) == []
    assert outbox.doubt(Mail.objects.all(), now) == 1
    assert claim(now, limit=1) == []
    return claim(now + tries.doubt() + timedelta(seconds=1), limit=1)


def deliver(mail, now):
    return outbox.deliver(MailChannel(), mail, lambda: now)


def deliver_one(now=NOW):
    [mail] = claim(now, limit=1)
    deliver(mail, now)
    mail.refresh_from_db()
    return mail


def test_a_letter_goes_out_as_text_with_its_own_message_id():
    mail = make_mail(html="<p>Kính gửi</p>")
    assert deliver_one().state == MailState.SENT
    [sent] = django_mail.outbox
    assert sent.to == [mail.to_email]
    assert sent.body == "Kính gửi"
    message = sent.message()
    assert message["Message-ID"] == mail.message_id
    assert message["Auto-Submitted"] == "auto-generated"


def test_the_message_id_is_the_same_for_the_same_letter_and_no_other():
    mail = make_mail()
    assert outbox.message_id(mail) == mail.message_id
    assert outbox.message_id(make_mail()) != mail.message_id


def test_two_senders_never_claim_the_same_letter():
    wanted = {make_mail().pk for _number in range(5)}
    first = claim(NOW, limit=3)
    second = claim(NOW, limit=3)
    taken = [mail.pk for mail in (*first, *second)]
    assert sorted(taken) == sorted(wanted)
    assert claim(NOW, limit=3) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_senders_that_claim_at_once_share_the_letters_out():
    wanted = {make_mail().pk for _number in range(40)}
    barrier = threading.Barrier(4)
    taken = []

    def run():
        barrier.wait()
        try:
            while mails := claim(NOW, limit=3):
                taken.extend(mail.pk for mail in mails)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == len(set(taken))
    # A row another sender had locked when one looked is left to that sender.
    assert set(taken) == wanted


@pytest.mark.django_db(transaction=True)
def test_the_state_sending_is_committed_before_the_server_is_called(monkeypatch):
    make_mail()
    seen = []

    def send(message, fail_silently=False):
        seen.append((Mail.objects.get().state, connection.in_atomic_block))

    monkeypatch.setattr(EmailMultiAlternatives, "send", send)
    assert outbox.send_due(lambda: NOW) == Outcome(sent=1)
    assert seen == [(MailState.SENDING, False)]


def test_a_letter_waits_until_its_time():
    make_mail()
    assert claim(NOW - minutes(1), limit=1) == []


def test_a_letter_whose_sender_died_is_taken_again_after_its_lease_with_the_same_message_id():
    mail = make_mail()
    [lost] = claim(NOW, limit=1)
    assert claim(NOW + tries.lease(), limit=1) == []
    [again] = claim_abandoned(NOW + tries.lease() + minutes(1))
    assert (again.pk, again.attempt) == (mail.pk, lost.attempt + 1)
    assert again.message_id == lost.message_id


def test_a_sender_that_comes_back_too_late_changes_nothing(server):
    answers, _sent = server
    make_mail()
    [slow] = claim(NOW, limit=1)
    [other] = claim_abandoned(NOW + minutes(6))
    deliver(other, NOW + minutes(7))
    assert Mail.objects.get().state == MailState.SENT
    answers.append(SMTPRecipientsRefused({"a@b.vn": (550, b"no")}))
    deliver(slow, NOW + minutes(7))
    stored = Mail.objects.get()
    assert (stored.state, stored.error) == (MailState.SENT, "")


@pytest.mark.parametrize(
    ("error", "ladder"),
    [
        (ConnectionRefusedError(111, "refused"), Ladder.CHANNEL),
        (TimeoutError("timed out"), Ladder.CHANNEL),
        (SMTPConnectError(421, b"busy"), Ladder.CHANNEL),
        (SMTPServerDisconnected("gone"), Ladder.CHANNEL),
        (SMTPAuthenticationError(535, b"bad password"), Ladder.CHANNEL),
        (SMTPSenderRefused(550, b"who are you", "x@y.vn"), Ladder.CHANNEL),
        (SMTPDataError(421, b"going down"), Ladder.CHANNEL),
        (SMTPRecipientsRefused({"a@b.vn": (530, b"sign in first")}), Ladder.CHANNEL),
        (SMTPDataError(451, b"later"), Ladder.BUSY),
        (SMTPDataError(452, b"disk full"), Ladder.BUSY),
        (SMTPRecipientsRefused({"a@b.vn": (450, b"later")}), Ladder.RECIPIENT),
    ],
)
def test_a_letter_climbs_the_ladder_and_then_has_failed_with_a_reason(
    server, monkeypatch, error, ladder
):
    monkeypatch.setattr(tries, "MAX_TRIES", 6)
    answers, sent = server
    make_mail()
    now = NOW
    rungs = tries.MINUTES[ladder]
    for wait in (*rungs, *(rungs[-1:] * 5))[: tries.MAX_TRIES - 1]:
        answers.append(error)
        mail = deliver_one(now)
        assert (mail.state, mail.next_try_at) == (MailState.PENDING, now + minutes(wait))
        assert type(error).__name__ in mail.error
        assert claim(now + minutes(wait) - timedelta(seconds=1), limit=1) == []
        now += minutes(wait)
    answers.append(error)
    mail = deliver_one(now)
    assert mail.state == MailState.FAILED
    assert type(error).__name__ in mail.error
    assert claim(now + timedelta(days=1), limit=1) == []
    assert sent == []


@pytest.mark.parametrize("ladder", Ladder)
def test_no_wait_is_so_long_that_ten_minutes_after_a_fault_it_is_not_over(ladder):
    waits = [tries.retry_after(ladder, number) for number in range(1, tries.MAX_TRIES)]
    assert max(waits) <= minutes(8)
    assert timedelta(hours=14) < sum(waits, timedelta()) <= timedelta(hours=24)
    assert tries.retry_after(ladder, tries.MAX_TRIES) is None


def test_what_is_refused_for_good_is_not_tried_again():
    assert tries.retry_after(None, 1) is None


def test_a_letter_that_is_taken_at_a_later_try_is_sent_and_its_error_forgotten(server):
    answers, sent = server
    make_mail()
    answers.append(SMTPDataError(451, b"later"))
    deliver_one()
    mail = deliver_one(NOW + minutes(1))
    assert (mail.state, mail.error, mail.attempt) == (MailState.SENT, "", 2)
    assert mail.sent_at == NOW + minutes(1)
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (SMTPRecipientsRefused({"a@b.vn": (550, "hộp thư không có".encode())}), MailState.BOUNCED),
        (SMTPRecipientsRefused({"a@b.vn": (553, b"5.1.3 spam")}), MailState.BOUNCED),
        (SMTPRecipientsRefused({"a@b.vn": (554, b"5.7.1 spam")}), MailState.FAILED),
        (SMTPDataError(554, b"spam"), MailState.FAILED),
        (SMTPDataError(552, b"full"), MailState.FAILED),
    ],
)
def test_a_refusal_for_good_ends_at_once_with_the_words_of_the_server(server, error, state):
    answers, _sent = server
    make_mail()
    answers.append(error)
    mail = deliver_one()
    assert (mail.state, mail.attempt) == (state, 1)
    assert any(word in mail.error for word in ("hộp thư không có", "spam", "full"))


@pytest.mark.parametrize(
    "subject",
    ["Việc\r\nBcc: x@y.vn", "Việc\x0b\x0cX: y", "Việc\x1c\x1d\x1eX: y", "Việc\u2028X\x85Y"],
)
def test_a_subject_of_many_lines_goes_out_as_one_line_to_one_person(subject):
    mail = make_mail(subject=subject)
    assert deliver_one().state == MailState.SENT
    message = django_mail.outbox[0].message()
    assert message["Bcc"] is None
    assert message["X"] is None
    assert django_mail.outbox[0].recipients() == [mail.to_email]
    message.as_bytes()


@pytest.mark.parametrize("to_email", ["a@b.vn\r\nBcc: x@y.vn", "a\nb"])
def test_a_poison_letter_fails_with_a_reason_and_the_others_go_out(to_email):
    make_mail(to_email=to_email)
    for _number in range(5):
        make_mail()
    assert outbox.send_due(lambda: NOW) == Outcome(sent=5, failed=1)
    poison = Mail.objects.get(state=MailState.FAILED)
    assert poison.error
    assert len(django_mail.outbox) == 5


def test_a_letter_with_a_broken_character_fails_and_does_not_stay_in_the_queue():
    mail = make_mail()
    [claimed] = claim(NOW, limit=1)
    claimed.text = "Kính gửi \ud800"
    deliver(claimed, NOW)
    mail.refresh_from_db()
    assert mail.state in {MailState.SENT, MailState.FAILED}


def test_a_run_ends_early_when_no_server_answers(server):
    answers, _sent = server
    for _number in range(10):
        make_mail()
    answers.extend(ConnectionRefusedError(111, "refused") for _number in range(10))
    assert outbox.send_due(lambda: NOW) == Outcome(put_off=outbox.GIVE_UP_AFTER_UNREACHED)
    untouched = Mail.objects.filter(state=MailState.PENDING, attempt=0)
    assert untouched.count() == 10 - outbox.GIVE_UP_AFTER_UNREACHED


def test_recipients_that_are_put_off_do_not_end_the_run(server):
    answers, _sent = server
    for _number in range(10):
        make_mail()
    answers.extend(SMTPRecipientsRefused({"a@b.vn": (450, b"grey")}) for _number in range(9))
    assert outbox.send_due(lambda: NOW) == Outcome(sent=1, put_off=9)


def test_a_run_ends_early_when_the_server_takes_nothing_at_all(server):
    answers, _sent = server
    for _number in range(outbox.GIVE_UP_AFTER_PUT_OFF + 5):
        make_mail()
    answers.extend(SMTPDataError(451, b"later") for _number in range(99))
    assert outbox.send_due(lambda: NOW) == Outcome(put_off=outbox.GIVE_UP_AFTER_PUT_OFF)
    assert Mail.objects.filter(attempt=0).count() == 5


def test_a_run_ends_when_its_time_is_over_and_the_next_one_goes_on():
    for _number in range(3):
        make_mail()
    assert outbox.send_due(lambda: NOW, seconds=0) == Outcome()
    assert outbox.send_due(lambda: NOW, limit=2) == Outcome(sent=2)
    assert outbox.send_due(lambda: NOW, seconds=60) == Outcome(sent=1)


def test_one_recipient_refused_does_not_touch_the_others(server):
    answers, sent = server
    for _number in range(3):
        make_mail()
    answers.append(SMTPRecipientsRefused({"a@b.vn": (550, b"no")}))
    assert outbox.send_due(lambda: NOW) == Outcome(sent=2, failed=1)
    assert len(sent) == 2


def test_a_letter_whose_every_sender_died_has_failed_in_the_end():
    make_mail()
    now = NOW
    assert claim(now, limit=1)
    for _number in range(tries.MAX_LOST - 1):
        now += tries.lease() + minutes(1)
        assert claim_abandoned(now)
        now += minutes(2)
    now += tries.lease()
    outbox.doubt(Mail.objects.all(), now)
    now += minutes(2)
    assert outbox.send_due(lambda: now) == Outcome()
    mail = Mail.objects.get()
    assert (mail.state, mail.error) == (MailState.FAILED, "Bên gửi dừng giữa chừng 6 lần.")


def test_tries_that_ended_do_not_count_as_senders_that_died(server):
    answers, _sent = server
    make_mail()
    now = NOW
    for _number in range(tries.MAX_LOST + 2):
        answers.append(SMTPDataError(451, b"later"))
        deliver_one(now)
        now += tries.longest_wait()
    assert claim(now, limit=1)
    [again] = claim_abandoned(now + tries.lease() + minutes(1))
    assert deliver(again, now + tries.lease() + minutes(3)) == (MailState.SENT, None)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_put_back_keeps_no_letter_back(server, ahead):
    answers, _sent = server
    make_mail()
    answers.append(SMTPDataError(451, b"later"))
    deliver_one(NOW + ahead)
    make_mail()
    assert len(claim(NOW + ahead, limit=1)) == 1
    assert outbox.send_due(lambda: NOW) == Outcome(sent=1)
    assert outbox.send_due(lambda: NOW + minutes(2)) == Outcome(sent=1)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_is_put_forward_takes_no_letter_from_a_living_sender(server, ahead):
    _answers, sent = server
    make_mail()
    [in_hand] = claim(NOW, limit=1)
    assert outbox.send_due(lambda: NOW + ahead) == Outcome()
    deliver(in_hand, NOW + ahead)
    assert outbox.send_due(lambda: NOW + ahead + minutes(2)) == Outcome()
    assert Mail.objects.get().state == MailState.SENT
    assert len(sent) == 1


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (timedelta(hours=1), timedelta(0)),
        (timedelta(hours=-1), timedelta(days=1)),
        (timedelta(hours=1), timedelta(days=1)),
        (timedelta(days=-1), timedelta(days=-2)),
    ],
)
def test_a_clock_that_is_moved_twice_takes_no_letter_from_a_living_sender(server, first, then):
    _answers, sent = server
    make_mail()
    [in_hand] = claim(NOW, limit=1)
    assert outbox.send_due(lambda: NOW + first) == Outcome()
    assert outbox.send_due(lambda: NOW + then) == Outcome()
    deliver(in_hand, NOW + then)
    assert outbox.send_due(lambda: NOW + then + minutes(2)) == Outcome()
    assert (len(sent), Mail.objects.get().state) == (1, MailState.SENT)


def test_what_its_sender_left_is_sent_though_nobody_woke_the_others_for_long(server):
    make_mail()
    claim(NOW, limit=1)
    assert outbox.send_due(lambda: NOW + minutes(6)) == Outcome()
    later = NOW + timedelta(days=3)
    assert outbox.send_due(lambda: later) == Outcome()
    assert outbox.send_due(lambda: later + minutes(2)) == Outcome(sent=1)


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(days=1)])
def test_a_letter_written_while_the_clock_was_ahead_does_not_wait_for_that_hour(server, ahead):
    make_mail(next_try_at=NOW + ahead, created_at=NOW + ahead)
    assert outbox.send_due(lambda: NOW) == Outcome(sent=1)


def test_clocks_of_two_machines_may_differ_a_little():
    make_mail()
    assert claim(NOW + minutes(4), limit=1)
    assert claim(NOW, limit=1) == []


def test_a_letter_that_waits_for_its_first_morning_is_not_taken_for_one_of_a_wrong_clock():
    make_mail(next_try_at=NOW + timedelta(days=1))
    assert claim(NOW, limit=1) == []


def test_a_sender_of_an_earlier_life_of_a_letter_changes_nothing(server):
    answers, _sent = server
    make_mail()
    [slow] = claim(NOW, limit=1)
    answers.append(SMTPDataError(554, b"spam"))
    [other] = claim_abandoned(NOW + minutes(6))
    deliver(other, NOW + minutes(7))
    assert outbox.try_again(Mail.objects.all(), NOW + minutes(8)) == 1
    assert claim(NOW + minutes(8), limit=1)
    deliver(slow, NOW + minutes(9))
    assert Mail.objects.get().state == MailState.SENDING


def test_a_database_that_is_away_for_a_moment_does_not_make_a_letter_go_out_twice(monkeypatch):
    mail = make_mail()
    [claimed] = claim(NOW, limit=1)
    pauses, update = [], QuerySet.update
    failures = [OperationalError("the server closed the connection"), InterfaceError("closed")]

    def update_or_fail(rows, **changes):
        if failures:
            raise failures.pop()
        return update(rows, **changes)

    # The test's own transaction is none of the sender's.
    outside = SimpleNamespace(in_atomic_block=False, close=lambda: None)
    monkeypatch.setattr(outbox, "connection", outside)
    monkeypatch.setattr(outbox.time, "sleep", pauses.append)
    monkeypatch.setattr(QuerySet, "update", update_or_fail)
    deliver(claimed, NOW)
    monkeypatch.undo()
    mail.refresh_from_db()
    assert (mail.state, len(django_mail.outbox)) == (MailState.SENT, 1)
    assert pauses == list(outbox.PAUSES[:2])


def test_letters_of_one_run_go_through_one_connection_and_a_bad_answer_ends_it(monkeypatch):
    opened = []

    class Backend(LocmemBackend):
        def open(self):
            opened.append(self)

        def send_messages(self, messages):
            if "xấu" in messages[0].subject:
                raise SMTPDataError(451, b"later")
            return super().send_messages(messages)

    monkeypatch.setattr(smtp, "get_connection", Backend)
    for subject in ("tốt", "tốt", "xấu", "tốt", "tốt"):
        make_mail(subject=subject)
    assert outbox.send_due(lambda: NOW) == Outcome(sent=4, put_off=1)
    assert len(opened) == 2


def bounce(server, now, **fields):
    answers, _sent = server
    make_mail(for_date=now.date(), next_try_at=now, **fields)
    answers.append(SMTPRecipientsRefused({"a@b.vn": (550, b"5.1.1 no such box")}))
    return deliver_one(now)


def test_the_office_is_told_of_an_address_that_is_refused_once(server, office, stranger):
    person = make_post(agency=make_agency(name="Sở Xây dựng")).user
    for day in range(3):
        bounce(server, NOW + timedelta(days=day), recipient=person)
    notice = Notice.objects.get()
    assert notice.recipient == office.user
    assert person.email in notice.text
    assert "no such box" in notice.text


def test_an_address_is_wrong_until_a_letter_goes_through_or_another_one_is_entered(server):
    post = make_post(agency=make_agency(name="Sở Xây dựng"))
    province = post.agency.province_id

    def wrong(day=None):
        return list(bounces.people_with_bounced_address([province], day or NOW.date()))

    bounce(server, NOW, recipient=post.user)
    [person] = wrong()
    assert (person, person.bounced_on) == (post.user, NOW.date())
    assert "no such box" in person.bounce
    assert list(bounces.people_with_bounced_address([province + 1], NOW.date())) == []

    tomorrow = NOW + timedelta(days=1)
    waiting = make_mail(recipient=post.user, for_date=tomorrow.date(), next_try_at=tomorrow)
    assert wrong() == [post.user]
    assert deliver_one(tomorrow).pk == waiting.pk
    # It may still come back.
    assert wrong(tomorrow.date()) == [post.user]
    assert wrong(tomorrow.date() + timedelta(days=1)) == []

    bounce(server, NOW + timedelta(days=2), recipient=post.user)
    assert wrong() == [post.user]
    post.user.email = "dung@example.vn"
    post.user.save(update_fields=["email"])
    assert wrong() == []


def test_a_failed_letter_can_be_put_back_and_a_sent_one_cannot(server):
    answers, _sent = server
    make_mail()
    answers.append(SMTPDataError(554, b"spam"))
    failed = deliver_one()
    assert outbox.try_again(Mail.objects.filter(pk=failed.pk), NOW + minutes(60)) == 1
    # It does not look late for having failed long ago.
    assert not Mail.objects.late(NOW + minutes(61)).exists()
    sent = deliver_one(NOW + minutes(60))
    assert sent.state == MailState.SENT
    assert outbox.try_again(Mail.objects.all(), NOW + minutes(61)) == 0


def test_a_letter_put_back_goes_to_the_address_that_was_mended(server):
    answers, sent = server
    mail = make_mail()
    answers.append(SMTPRecipientsRefused({mail.to_email: (550, b"5.1.1 no such box")}))
    assert deliver_one().state == MailState.BOUNCED
    mail.recipient.email = "dung@laocai.example"
    mail.recipient.save(update_fields=["email"])
    outbox.try_again(Mail.objects.all(), NOW)
    assert deliver_one().state == MailState.SENT
    assert sent[0].to == ["dung@laocai.example"]


def test_a_letter_that_was_sent_has_its_moment_and_a_failure_its_reason_in_the_database():
    mail = make_mail()
    for state in (MailState.SENT, MailState.FAILED, MailState.SENDING):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mail.objects.filter(pk=mail.pk).update(state=state)
