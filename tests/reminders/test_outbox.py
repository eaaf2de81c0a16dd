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

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, connection, transaction

from plans.reminders import outbox, policy
from plans.reminders.models import Mail
from plans.reminders.outbox import Outcome
from plans.reminders.states import MailState
from tests.factories import at, make_province, make_user

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)


def minutes(count):
    return timedelta(minutes=count)


def make_mail(**fields):
    user = fields.pop("recipient", None) or make_user()
    mail = Mail(
        province=fields.pop("province", None) or make_province(),
        recipient=user,
        to_name=user.full_name,
        to_email=fields.pop("to_email", user.email),
        for_date=NOW.date(),
        next_try_at=NOW,
        created_at=NOW,
        **{"subject": "Cổng PAPI: 1 việc quá hạn (12/10/2026)", "text": "Kính gửi", **fields},
    )
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


def deliver_one(now=NOW):
    [mail] = outbox.claim(now, limit=1)
    outbox.deliver(mail, now)
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
    first = outbox.claim(NOW, limit=3)
    second = outbox.claim(NOW, limit=3)
    taken = [mail.pk for mail in (*first, *second)]
    assert sorted(taken) == sorted(wanted)
    assert outbox.claim(NOW, limit=3) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_senders_that_claim_at_once_share_the_letters_out():
    wanted = {make_mail().pk for _number in range(40)}
    barrier = threading.Barrier(4)
    taken = []

    def run():
        barrier.wait()
        try:
            while mails := outbox.claim(NOW, limit=3):
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


def test_the_state_sending_is_stored_before_the_server_is_called(monkeypatch):
    make_mail()
    seen = []
    monkeypatch.setattr(
        EmailMultiAlternatives,
        "send",
        lambda message, fail_silently=False: seen.append(Mail.objects.get().state),
    )
    deliver_one()
    assert seen == [MailState.SENDING]


def test_a_letter_waits_until_its_time():
    make_mail()
    assert outbox.claim(NOW - minutes(1), limit=1) == []


def test_a_letter_whose_sender_died_is_taken_again_after_its_lease_with_the_same_message_id():
    mail = make_mail()
    [lost] = outbox.claim(NOW, limit=1)
    assert outbox.claim(NOW + policy.LEASE, limit=1) == []
    [again] = outbox.claim(NOW + policy.LEASE + minutes(1), limit=1)
    assert (again.pk, again.attempt) == (mail.pk, lost.attempt + 1)
    assert again.message_id == lost.message_id


def test_a_sender_that_comes_back_too_late_changes_nothing(server):
    answers, _sent = server
    make_mail()
    [slow] = outbox.claim(NOW, limit=1)
    assert deliver_one(NOW + minutes(6)).state == MailState.SENT
    answers.append(SMTPRecipientsRefused({"a@b.vn": (550, b"no")}))
    outbox.deliver(slow, NOW + minutes(7))
    stored = Mail.objects.get()
    assert (stored.state, stored.error) == (MailState.SENT, "")


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "refused"),
        TimeoutError("timed out"),
        SMTPConnectError(421, b"busy"),
        SMTPServerDisconnected("gone"),
        SMTPDataError(451, b"later"),
        SMTPRecipientsRefused({"a@b.vn": (450, b"later")}),
        SMTPAuthenticationError(535, b"bad password"),
        SMTPSenderRefused(550, b"who are you", "x@y.vn"),
    ],
)
def test_a_letter_climbs_the_ladder_and_then_has_failed_with_a_reason(server, error):
    answers, sent = server
    make_mail()
    now = NOW
    for wait in policy.RETRY_MINUTES:
        answers.append(error)
        mail = deliver_one(now)
        assert (mail.state, mail.next_try_at) == (MailState.PENDING, now + minutes(wait))
        assert type(error).__name__ in mail.error
        assert outbox.claim(now + minutes(wait) - timedelta(seconds=1), limit=1) == []
        now += minutes(wait)
    answers.append(error)
    mail = deliver_one(now)
    assert mail.state == MailState.FAILED
    assert type(error).__name__ in mail.error
    assert outbox.claim(now + timedelta(days=1), limit=1) == []
    assert sent == []


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
    "error",
    [
        SMTPRecipientsRefused({"a@b.vn": (550, "hộp thư không có".encode())}),
        SMTPDataError(554, b"spam"),
        SMTPDataError(552, b"full"),
    ],
)
def test_a_refusal_for_good_fails_at_once_with_the_words_of_the_server(server, error):
    answers, _sent = server
    make_mail()
    answers.append(error)
    mail = deliver_one()
    assert (mail.state, mail.attempt) == (MailState.FAILED, 1)
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
    [claimed] = outbox.claim(NOW, limit=1)
    claimed.text = "Kính gửi \ud800"
    outbox.deliver(claimed, NOW)
    mail.refresh_from_db()
    assert mail.state in {MailState.SENT, MailState.FAILED}


def test_a_run_ends_early_when_no_server_answers(server):
    answers, _sent = server
    for _number in range(10):
        make_mail()
    answers.extend(ConnectionRefusedError(111, "refused") for _number in range(10))
    assert outbox.send_due(lambda: NOW) == Outcome(put_off=outbox.GIVE_UP_AFTER)
    untouched = Mail.objects.filter(state=MailState.PENDING, attempt=0)
    assert untouched.count() == 10 - outbox.GIVE_UP_AFTER


def test_recipients_that_are_put_off_do_not_end_the_run(server):
    answers, _sent = server
    for _number in range(10):
        make_mail()
    answers.extend(SMTPRecipientsRefused({"a@b.vn": (450, b"grey")}) for _number in range(9))
    assert outbox.send_due(lambda: NOW) == Outcome(sent=1, put_off=9)


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
    for _number in range(policy.MAX_TRIES):
        assert outbox.claim(now, limit=1)
        now += policy.LEASE + minutes(1)
    assert outbox.send_due(lambda: now) == Outcome()
    mail = Mail.objects.get()
    assert (mail.state, mail.error) == (MailState.FAILED, "Bên gửi dừng giữa chừng 6 lần.")


def test_a_failed_letter_can_be_put_back_and_a_sent_one_cannot(server):
    answers, _sent = server
    make_mail()
    answers.append(SMTPDataError(554, b"spam"))
    failed = deliver_one()
    assert outbox.try_again(Mail.objects.filter(pk=failed.pk), NOW + minutes(9)) == 1
    sent = deliver_one(NOW + minutes(9))
    assert sent.state == MailState.SENT
    assert outbox.try_again(Mail.objects.all(), NOW + minutes(10)) == 0


def test_a_letter_that_was_sent_has_its_moment_and_a_failure_its_reason_in_the_database():
    mail = make_mail()
    for state in (MailState.SENT, MailState.FAILED, MailState.SENDING):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mail.objects.filter(pk=mail.pk).update(state=state)
