"""What a gateway, a mail server, an old letter or a clerk next door could try on reminders."""

import json
import socket
import threading
import time
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser
from ipaddress import ip_address

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.test import Client
from django.urls import reverse

from agencies.states import Role
from plans.models import ProgressReport
from plans.reminders import access, ics, invariants, links, outbox, planner
from plans.reminders.agenda import Agenda, Entry
from plans.reminders.channels import DeliveryError
from plans.reminders.channels import webhook as channel
from plans.reminders.models import Mail, Webhook, WebhookCall
from plans.reports.models import ReportFile
from tests.factories import at, make_agency, make_assignment, make_post, make_province, token

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)
HELLO = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def webhook(monkeypatch, settings):
    """Start a gateway that answers each call as `answer(connection)` does."""
    listeners = []

    def start(answer, path="/papi", host="127.0.0.1"):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        port = listener.getsockname()[1]

        def serve():
            connection, _address = listener.accept()
            with connection:
                try:
                    connection.recv(65536)
                    answer(connection)
                except OSError:
                    pass

        threading.Thread(target=serve, daemon=True).start()
        settings.WEBHOOK_PRIVATE_HOSTS = [f"{host}:{port}"]
        if host != "127.0.0.1":
            found = [(2, 1, 6, "", ("127.0.0.1", port))]
            monkeypatch.setattr(channel.socket, "getaddrinfo", lambda *args, **kwargs: found)
        url = f"http://{host}:{port}{path}"
        fields = {"province": make_province(), "name": str(port), "active_from": NOW}
        return Webhook.objects.create(url=url, **fields)

    yield start
    for listener in listeners:
        listener.close()


# Gateways


def dribble(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while True:
        connection.sendall(b"a")
        time.sleep(0.05)


def never_begin(connection):
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        time.sleep(0.001)


@pytest.mark.parametrize("answer", [dribble, never_begin])
def test_a_gateway_that_never_comes_to_an_end_is_left_after_a_while(webhook, monkeypatch, answer):
    monkeypatch.setattr(channel, "CALL_SECONDS", 0.5)
    start = time.monotonic()
    with pytest.raises(DeliveryError):
        channel.post(webhook(answer), b"{}", "1", NOW)
    assert time.monotonic() - start < 5


def test_the_beginning_of_encryption_is_ended_too(webhook, monkeypatch):
    def stall(connection):
        time.sleep(5)

    monkeypatch.setattr(channel, "CALL_SECONDS", 0.5)
    row = webhook(stall)
    row.url = row.url.replace("http:", "https:")
    start = time.monotonic()
    with pytest.raises(DeliveryError):
        channel.post(row, b"{}", "1", NOW)
    assert time.monotonic() - start < 4


def test_no_sign_that_a_gateway_sends_breaks_the_row_or_the_log(webhook, head, monday):
    said = b"\x00\x1b[31m\x07\x9b\xe2\x80\xa8\xff x"

    def refuse(connection):
        connection.sendall(b"HTTP/1.1 400 No\r\nContent-Length: %d\r\n\r\n%b" % (len(said), said))

    with pytest.raises(DeliveryError) as refused:
        channel.post(webhook(refuse), b"{}", "1", NOW)
    kept = refused.value.said
    assert kept.startswith("400")
    assert kept.isprintable()
    # PostgreSQL takes no text with a null in it.
    make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, NOW)
    assert Mail.objects.update(error=kept) == 1


@pytest.mark.parametrize(
    ("host", "path"), [("127.0.0.1", "/đường/dẫn?số=1"), ("cổng.example.vn", "/papi")]
)
def test_an_address_with_vietnamese_letters_can_be_called(webhook, host, path):
    row = webhook(lambda connection: connection.sendall(HELLO), path, host)
    channel.post(row, b"{}", "1", NOW)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "0.0.0.0",  # noqa: S104 - to be refused
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "192.0.0.170",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::1",
        "2001:0:7f00:1::1",
        "fe80::1",
        "fec0::1",
        "fd00::1",
        "ff02::1",
    ],
)
def test_no_notation_of_an_inside_address_is_public(address):
    assert not channel.is_public(ip_address(address))


def test_public_addresses_are_public():
    assert all(channel.is_public(ip_address(each)) for each in ("203.162.0.1", "2405:4800::1"))


def test_a_gateway_is_not_taken_elsewhere_by_its_answer(webhook):
    seen = []

    def elsewhere(connection):
        connection.sendall(
            b"HTTP/1.1 307 Go\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
        )
        seen.append(1)

    with pytest.raises(DeliveryError, match="307"):
        channel.post(webhook(elsewhere), b"{}", "1", NOW)
    assert seen == [1]


# Links


@pytest.fixture
def work(head, monday):
    with time_machine.travel(NOW, tick=False):
        yield make_assignment(agency=head.agency, due_on=monday)


def path_of(url):
    return "/" + url.split("/", 3)[3]


def typed():
    return {"token": token(), "version": "1", "percent_done": "40", "text": "Đã họp."}


def test_a_new_password_ends_the_links_of_the_letters_before(work, head):
    link = path_of(links.update_url(work.pk, head.user))
    assert Client().get(link).status_code == 200
    head.user.set_password("mot-mat-khau-khac")
    head.user.save()
    answer = Client().post(link, typed())
    assert answer.status_code == 410
    assert "đã hết hạn" in answer.content.decode()
    assert not ProgressReport.objects.exists()
    assert Client().get(path_of(links.update_url(work.pk, head.user))).status_code == 200


def test_the_link_of_a_form_takes_nobody_off_letters_nor_the_other_way_round(work, head):
    form = links.update_url(work.pk, head.user).split("/")[-2]
    letters = links.unsubscribe_url(head.user_id).split("/")[-2]
    for name, other in (("unsubscribe", form), ("update_by_link", letters), ("feed", form)):
        address = reverse(f"reminders:{name}", args=[other])
        assert Client().post(address, typed()).status_code in {404, 405}
        assert Client().get(address).status_code == 404


def test_opening_a_link_by_a_scanner_changes_nothing(work, head):
    link = path_of(links.update_url(work.pk, head.user))
    letters = path_of(links.unsubscribe_url(head.user_id))
    for method in ("get", "head"):
        assert getattr(Client(), method)(link).status_code == 200
        assert getattr(Client(), method)(letters).status_code == 200
    assert not links.is_without_information(head.user)
    assert Client().post(link, typed()).status_code == 302


def test_a_refused_report_by_link_leaves_no_token_in_the_log(work, head, caplog):
    link = path_of(links.update_url(work.pk, head.user))
    from papi_portal.logs import SecretsFormatter

    Client().post(link, {**typed(), "percent_done": "x"})
    Client().post(link, {**typed(), "version": "9"})
    lines = [SecretsFormatter("%(message)s").format(record) for record in caplog.records]
    assert lines
    assert not any(link.split("/")[2] in line for line in lines)


def test_the_administration_shows_no_link_of_a_letter(work, head, monday, client_of):
    planner.plan_day(monday, NOW)
    administrator = make_post(role=Role.ADMINISTRATOR).user
    administrator.is_staff = administrator.is_superuser = True
    administrator.save()
    url = reverse("admin:reminders_mail_change", args=[Mail.objects.get().pk])
    page = client_of(administrator).get(url)
    assert page.status_code == 200
    assert "cap-nhat-qua-thu" in Mail.objects.get().text
    assert "cap-nhat-qua-thu" not in page.content.decode()
    assert "thoi-nhan-thu" not in page.content.decode()


# What one learns of others


def test_an_office_learns_of_no_colleague_in_another_province(office, client_of):
    elsewhere = make_agency(
        name="Sở Nội vụ Sơn La", province=make_province(name="Sơn La", code="14")
    )
    both = make_post(role=Role.OFFICE, agency=office.agency)
    make_post(role=Role.OFFICE, agency=elsewhere, user=both.user)
    foreign = make_post(role=Role.OFFICE, agency=elsewhere)
    assert foreign.user not in access.delegates_of(both.user, office.user)
    assert office.user in access.delegates_of(both.user, office.user)
    assert foreign.user in access.delegates_of(both.user, both.user)
    page = client_of(office.user).get(reverse("reminders:leaves"), {"nguoi": both.user_id})
    assert f'value="{foreign.user_id}"' not in page.content.decode().partition("delegate")[2]


def test_a_breach_tells_no_office_what_a_server_said_of_people_elsewhere(head, monday):
    make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, NOW)
    Mail.objects.update(next_try_at=NOW - timedelta(days=3), error="550 bi-mat@sonla.example")
    [line] = invariants.each_comes_to_an_end(NOW, True)
    assert "bi-mat" not in line


def test_a_breach_names_no_folder_of_the_server(tmp_path, monkeypatch):
    from plans import invariants as of_files

    storage = FileSystemStorage(tmp_path)
    monkeypatch.setattr(of_files, "default_storage", storage)
    assert str(tmp_path) not in of_files.fault_of_file("bao-cao/1.pdf", sha256="a")
    assert "bao-cao/1.pdf" in of_files.fault_of_file("bao-cao/1.pdf", sha256="a")
    assert not ReportFile.objects.exists()


# Text

HOSTILE = (
    "<img src=file:///etc/passwd><script>alert(1)</script><a href='https://evil.example'>bấm</a>",
    "a\r\nBcc: kẻ@evil.example\r\n\r\n<b>thân thư khác</b>",
    "{{ 7|add:7 }} {% now 'Y' %} %(name)s %s {0} ${7*7}",
    "trái\u202etạhp 👩🏽‍💻 a\u0300\u0301\u0302\u0303",
    "dài " * 5_000,
)


class Tags(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.seen, self.links, self.text = set(), [], ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.seen.add(tag)
        self.links += [value for name, value in attributes if name in {"href", "src"}]

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_people_is_text_in_letters_and_calls(
    office, head, monday, client_of, mailoutbox, settings, text
):
    # As a script would write it, past the forms that clean it.
    type(head.user).objects.filter(pk=head.user_id).update(full_name=text[:100], phone="0912345678")
    work = make_assignment(agency=head.agency, due_on=monday)
    type(work.task).objects.filter(pk=work.task_id).update(name=text[:1000])
    with time_machine.travel(NOW, tick=False):
        asked = {"ngay": f"{monday:%d/%m/%Y}", "nguoi": str(head.user_id)}
        url = reverse("reminders:send_trial", args=[office.agency.province_id])
        assert client_of(office.user).post(url, asked).status_code == 302
        planner.plan_day(monday, NOW)
        outbox.send_due(lambda: NOW)
    assert {tuple(each.to) for each in mailoutbox} == {(head.user.email,), (office.user.email,)}
    for sent in mailoutbox:
        message = message_from_bytes(sent.message().as_bytes(), policy=default)
        assert "Bcc" not in message
        assert "\n" not in message["Subject"]
        [_plain, html] = [part.get_content() for part in message.iter_parts()]
        read = Tags(html)
        assert not read.seen & {"img", "script", "link", "style", "iframe"}
        assert read.links
        assert all(link.startswith(settings.PORTAL_URL) for link in read.links)
        assert " ".join(text[:20].split()) in " ".join(read.text.split())
    made = WebhookCall(mail=Mail.objects.get(recipient=head.user))
    assert json.loads(json.dumps(channel.payload(made)))["to"]["name"] == text[:100]


def test_no_line_end_of_any_kind_begins_a_line_of_a_calendar():
    hostile = "a\rATTACH:file:///etc/passwd\x0bb\x0cc\x85d\u2028e\nf\r\nEND:VEVENT"
    entry = Entry("1@a", NOW.date(), hostile, hostile, "https://a/", 0)
    text = ics.written(Agenda(hostile, (entry,)), NOW).decode()
    lines = text.replace("\r\n ", "").split("\r\n")
    assert not any("\r" in line or "\n" in line for line in lines)
    assert not any(line.startswith("ATTACH") for line in text.splitlines())
    assert lines.count("END:VEVENT") == 1
