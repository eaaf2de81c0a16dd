"""Letters that come back later, by a mail of the server that could not deliver them."""

import imaplib
import socketserver
import threading
from email.message import EmailMessage

import pytest
from django.core.management import CommandError, call_command

from plans.reminders import bounces, delivery_reports, jobs, outbox, planner
from plans.reminders.models import Heartbeat, Mail, Notice
from plans.reminders.states import MailState
from tests.factories import at, make_assignment

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)

POSTFIX = """\
Return-Path: <>
From: MAILER-DAEMON@mail.laocai.gov.vn (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: cong-papi@laocai.gov.vn
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B1/mail.laocai.gov.vn"
Message-Id: <20261012000105.1@mail.laocai.gov.vn>

--B1/mail.laocai.gov.vn
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mail.laocai.gov.vn.

--B1/mail.laocai.gov.vn
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.laocai.gov.vn
Arrival-Date: Mon, 12 Oct 2026 07:00:03 +0700 (+07)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mx.laocai.gov.vn
Diagnostic-Code: smtp; 550 5.1.1 <{address}>: Recipient address rejected:
    User unknown in virtual mailbox table

--B1/mail.laocai.gov.vn
Content-Description: Undelivered Message
Content-Type: message/rfc822

From: =?utf-8?q?C=E1=BB=95ng_PAPI?= <cong-papi@laocai.gov.vn>
To: {address}
Message-ID: {message_id}
Subject: x

Kinh gui

--B1/mail.laocai.gov.vn--
"""

# Exchange names the recipient another way and sends back the head alone.
EXCHANGE = """\
From: <postmaster@laocai.gov.vn>
Subject: Undeliverable
Content-Type: multipart/report; report-type="Delivery-Status"; boundary="_000_"
MIME-Version: 1.0

--_000_
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: base64

PGI+S2jDtG5nIGfhu61pIMSRxrDhu6NjPC9iPg==

--_000_
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.laocai.gov.vn

Final-Recipient: RFC822;<{address}>
Action: {action}
Status: {status}
Diagnostic-Code: smtp;554 5.4.14 Hop count exceeded

--_000_
Content-Type: text/rfc822-headers

From: Cong PAPI <cong-papi@laocai.gov.vn>
MESSAGE-ID:
 {message_id}

--_000_--
"""


def report(letter, sample=POSTFIX, **said):
    values = {
        "address": letter.to_email,
        "message_id": letter.message_id,
        "action": "failed",
        "status": "5.1.1",
        **said,
    }
    return sample.format(**values).encode()


@pytest.fixture
def letter(head, monday):
    make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, NOW)
    outbox.send_due(lambda: NOW)
    return Mail.objects.get()


@pytest.fixture
def maildir(tmp_path, settings):
    for name in ("new", "cur", "tmp"):
        (tmp_path / name).mkdir()
    settings.BOUNCES_URL = f"maildir://{tmp_path}"
    return tmp_path


def put(maildir, *mails):
    for number, raw in enumerate(mails):
        (maildir / "new" / f"{number}.mail").write_bytes(raw)


def read(maildir, *mails):
    put(maildir, *mails)
    return delivery_reports.read(f"maildir://{maildir}", NOW)


def state_of(letter):
    letter.refresh_from_db()
    return letter.state


@pytest.mark.parametrize("sample", [POSTFIX, EXCHANGE])
def test_a_letter_that_comes_back_marks_the_address_and_tells_the_office(
    maildir, letter, office, head, sample
):
    assert read(maildir, report(letter, sample)) == 1
    assert state_of(letter) == MailState.BOUNCED
    assert letter.error.startswith("5.1.1 smtp; 55" if sample is POSTFIX else "5.1.1 smtp;55")
    assert letter.sent_at is None
    assert letter.to_email in Notice.objects.get(recipient=office.user).text
    assert list(bounces.people_with_bounced_address([letter.province_id], NOW.date())) == [
        head.user
    ]
    # Marked as read, and read again it would change nothing.
    assert read(maildir) == 0
    assert len(list((maildir / "cur").glob("*:2,S"))) == 1
    assert read(maildir, report(letter, sample)) == 0
    assert Notice.objects.filter(recipient=office.user).count() == 1


def test_the_address_stays_marked_until_a_letter_of_an_earlier_day_got_through(
    maildir, letter, head, monday
):
    def marked(day):
        return list(bounces.people_with_bounced_address([letter.province_id], day))

    read(maildir, report(letter))
    for due_on, hour in ((2, 7), (3, 7)):
        day = monday.replace(day=monday.day + due_on - 1)
        make_assignment(agency=head.agency, due_on=day)
        morning = at(day.year, day.month, day.day, hour)
        planner.plan_day(day, morning)
        outbox.send_due(lambda morning=morning: morning)
        # That of the day before was taken for good; that of today may still come back.
        assert marked(day) == ([head.user] if due_on == 2 else [])


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({"status": "5.7.1"}, MailState.FAILED),
        ({"status": "4.4.7"}, MailState.FAILED),
        ({"status": "5.2.1"}, MailState.BOUNCED),
        ({"action": "delayed", "status": "4.4.1"}, MailState.SENT),
        ({"action": "delivered", "status": "2.0.0"}, MailState.SENT),
        ({"action": "FAILED", "status": ""}, MailState.FAILED),
    ],
)
def test_only_what_was_given_up_counts_and_only_no_such_box_is_a_wrong_address(
    maildir, letter, said, state
):
    read(maildir, report(letter, **said))
    assert state_of(letter) == state
    assert letter.error or state == MailState.SENT


@pytest.mark.parametrize(
    "forged",
    [
        {"message_id": "<1@laocai.gov.vn>"},
        {"message_id": ""},
        {"address": "nguoi-khac@laocai.gov.vn"},
        {"address": ""},
    ],
)
def test_a_report_that_does_not_know_the_letter_and_its_address_is_not_believed(
    maildir, letter, forged
):
    assert read(maildir, report(letter, **forged)) == 0
    assert state_of(letter) == MailState.SENT


def test_the_next_letter_goes_to_a_marked_address_all_the_same(maildir, letter, head, monday):
    read(maildir, report(letter))
    tuesday = monday.replace(day=13)
    make_assignment(agency=head.agency, due_on=tuesday)
    planner.plan_day(tuesday, at(2026, 10, 13, 7))
    assert outbox.send_due(lambda: at(2026, 10, 13, 7)).sent == 1


def hostile(letter):
    yield b""
    yield b"\x00\xff\xfe" * 1000
    yield b"Content-Type: multipart/report; boundary=" + b"a" * 100_000
    yield b"Content-Type: multipart/report\n\n" + b"x" * 1_000_000
    nested = b"Content-Type: multipart/report; boundary=a\n\n--a\n"
    for number in range(6000):
        nested += f"Content-Type: multipart/mixed; boundary=b{number}\n\n--b{number}\n".encode()
    yield nested
    whole = report(letter)
    for cut in range(0, len(whole), 97):
        yield whole[:cut]
    yield whole.replace(b"message/delivery-status", b"message/rfc822")
    yield whole.replace(b"message/rfc822", b"text/rfc822-headers; charset=khong-co")
    yield whole.replace(b"us-ascii", b"khong-co")
    yield whole.replace(letter.message_id.encode(), b"<1\x00@laocai.gov.vn>")
    yield nested.replace(b"\n", b"\r\n")
    heads = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (number, number)
        for number in range(3000)
    )
    yield report(letter, EXCHANGE).replace(b"From: Cong PAPI", heads + b"From: Cong PAPI")
    block = b"Final-Recipient: rfc822; a@b.vn\nAction: failed\nStatus: 5.1.1\n\n"
    yield whole.replace(b"Final-Recipient", block * 3000 + b"Final-Recipient")
    yield report(letter, address="a\x00\udcff@b.vn".encode(errors="replace").decode())


def test_mail_that_is_broken_or_malicious_changes_nothing_and_stops_nothing(maildir, letter):
    for raw in hostile(letter):
        put(maildir, raw)
        delivery_reports.read(f"maildir://{maildir}", NOW)
        # What was taken for a report is not read again and again.
        assert not [
            path
            for path in (maildir / "new").iterdir()
            if raw.lower().startswith(b"content-type: multipart/report")
        ]
    Mail.objects.filter(state=MailState.BOUNCED).update(state=MailState.SENT, sent_at=NOW)
    assert read(maildir, report(letter)) == 1
    assert state_of(letter) == MailState.BOUNCED


def test_of_a_report_on_many_only_some_are_looked_at(letter):
    block = b"Final-Recipient: rfc822; a@b.vn\nAction: failed\nStatus: 5.1.1\n\n"
    many = report(letter).replace(b"Final-Recipient", block * 900 + b"Final-Recipient")
    assert len(delivery_reports.failures_in(many)) == delivery_reports.MAX_RECIPIENTS


def test_words_of_a_server_are_kept_whatever_they_are(maildir, letter):
    raw = report(letter).replace(b"User unknown", b"\x00\x07\xff\xe2\x80\xa8" + b"x" * 2000)
    assert read(maildir, raw) == 1
    letter.refresh_from_db()
    assert len(letter.error) == 500
    assert "\x00" not in letter.error


def test_mail_of_people_is_left_unread(maildir, letter):
    message = EmailMessage()
    message["Subject"] = "Trả lời: nhắc việc"
    message.set_content(report(letter).decode())
    assert read(maildir, message.as_bytes()) == 0
    assert len(list((maildir / "new").iterdir())) == 1


class Imap(socketserver.StreamRequestHandler):
    """As much of a mail server as is asked for; `server.mails` are its unread reports."""

    def handle(self):
        self.say("* OK ready")
        for line in self.rfile:
            tag, _space, command = line.decode().strip().partition(" ")
            self.server.commands.append(command)
            words = command.split()
            if command.startswith("UID SEARCH"):
                self.say("* SEARCH " + " ".join(self.server.mails))
            elif command.startswith("UID FETCH"):
                raw = self.server.mails[words[2]]
                self.say(f"* 1 FETCH (UID {words[2]} BODY[]<0> {{{len(raw)}}}")
                self.wfile.write(raw + b")\r\n")
            elif command.startswith("UID STORE"):
                del self.server.mails[words[2]]
            elif command == "LOGOUT":
                self.say("* BYE")
            elif command == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1")
            self.say(f"{tag} OK done")
            if command == "LOGOUT":
                return

    def say(self, line):
        self.wfile.write(line.encode() + b"\r\n")


@pytest.fixture
def imap(monkeypatch, settings):
    contexts = []

    def plain(host, port, *, ssl_context, timeout):
        contexts.append(ssl_context)
        return imaplib.IMAP4(host, port, timeout)

    monkeypatch.setattr(delivery_reports, "IMAP4_SSL", plain)
    with socketserver.TCPServer(("127.0.0.1", 0), Imap) as server:
        server.commands, server.mails, server.contexts = [], {}, contexts
        port = server.server_address[1]
        settings.BOUNCES_URL = f"imaps://cong%40a.vn:m%20k@127.0.0.1:{port}/Tra%20lai"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_mailbox_on_a_server_is_read_and_its_reports_marked(imap, letter):
    imap.mails = {"7": b"Subject: x\r\n\r\nx", "12": report(letter)}
    jobs.read_bounces()
    assert state_of(letter) == MailState.BOUNCED
    assert imap.mails == {}
    assert imap.contexts[0].check_hostname
    said = [command for command in imap.commands if not command.startswith("UID FETCH")]
    assert said[1:4] == [
        'LOGIN cong@a.vn "m k"',
        'SELECT "Tra lai"',
        "UID SEARCH UNSEEN HEADER Content-Type multipart/report",
    ]
    assert Heartbeat.objects.get(name="returns")


def test_the_command_tells_how_many_came_back_or_what_is_missing(maildir, letter, settings, capsys):
    put(maildir, report(letter))
    call_command("read_bounces")
    assert capsys.readouterr().out == "1 thư bị trả lại.\n"
    settings.BOUNCES_URL = ""
    with pytest.raises(CommandError, match="BOUNCES_URL"):
        call_command("read_bounces")
