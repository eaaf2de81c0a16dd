"""Gateways outside: what they are told, how it is signed, and where the portal never calls."""

import hashlib
import hmac
import json
import re
import shutil
import ssl
import subprocess
import threading
import time
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from plans.reminders import outbox, planner, services, tries
from plans.reminders.channels import DeliveryError
from plans.reminders.channels import webhook as channel
from plans.reminders.channels.webhook import AddressError
from plans.reminders.models import Mail, Webhook, WebhookCall
from plans.reminders.outbox import Outcome
from plans.reminders.states import MailState
from tests.factories import at, make_assignment, make_post, make_province, make_user
from tests.servers import free_port

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 7)


class Gateway:
    """Takes calls, or answers with `status`; with `stalls` it says nothing at all."""

    def __init__(self):
        self.calls, self.status, self.stalls, self.answer = [], 200, 0, b"ok"
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.calls.append((self.path, dict(self.headers), body))
                time.sleep(gateway.stalls)
                with suppress(ConnectionError):  # the portal does not read all, or has gone
                    self.send_response(gateway.status)
                    self.send_header("Location", "/elsewhere")
                    self.end_headers()
                    self.wfile.write(gateway.answer)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def gateway(settings):
    made = Gateway()
    settings.WEBHOOK_PRIVATE_HOSTS = [f"127.0.0.1:{made.port}"]
    yield made
    made.server.shutdown()
    made.server.server_close()


def make_webhook(url="https://sms.example.vn/", **fields):
    values = {"province": make_province(), "name": "SMS", "active_from": NOW, **fields}
    return Webhook.objects.create(url=url, **values)


@pytest.fixture
def webhook(gateway):
    return make_webhook(f"http://127.0.0.1:{gateway.port}/papi?a=1")


@pytest.fixture
def letter(head, monday):
    head.user.phone = "0912345678"
    head.user.save(update_fields=["phone"])
    make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, NOW)
    return Mail.objects.get()


def call_due(now=NOW):
    channel.queue_calls(now)
    outcomes = [outbox.send_due(lambda: now, through=each) for each in channel.channels()]
    names = vars(Outcome())
    return Outcome(**{name: sum(getattr(each, name) for each in outcomes) for name in names})


def test_a_gateway_is_told_who_and_how_much_but_no_task(gateway, webhook, letter, settings):
    assert call_due() == Outcome(sent=1)
    [(path, headers, body)] = gateway.calls
    told = json.loads(body)
    assert (path, headers["Host"]) == ("/papi?a=1", f"127.0.0.1:{gateway.port}")
    assert told == {
        "id": letter.message_id.strip("<>"),
        "kind": "daily",
        "date": "2026-10-12",
        "to": {
            "name": letter.to_name,
            "phone": "0912345678",
            "email": letter.to_email,
        },
        "text": letter.subject,
        "url": f"{settings.PORTAL_URL}/",
    }
    assert headers["Idempotency-Key"] == told["id"]


def test_the_gateway_can_prove_that_a_call_is_ours_and_new(gateway, webhook, letter):
    call_due()
    [(_path, headers, body)] = gateway.calls
    moment, signed = re.fullmatch(
        r"t=(\d+),v1=([0-9a-f]{64})", headers["X-Portal-Signature"]
    ).groups()
    assert abs(int(moment) - time.time()) < 60
    secret = channel.secret_of(webhook).encode()
    assert hmac.new(secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest() == signed
    services.renew_key(webhook)
    assert channel.secret_of(webhook).encode() != secret


def test_each_letter_is_told_once_to_each_gateway_and_only_to_those_of_its_province(
    gateway, webhook, letter
):
    url = webhook.url
    make_webhook(url, name="Zalo")
    make_webhook(url, name="Cũ", is_active=False)
    make_webhook(url, province=make_province(name="Sơn La", code="14"))
    assert call_due() == Outcome(sent=2)
    assert call_due(NOW + timedelta(minutes=1)) == Outcome()
    assert len(gateway.calls) == 2


def test_who_has_no_telephone_is_not_told(gateway, webhook, letter):
    letter.recipient.phone = ""
    letter.recipient.save(update_fields=["phone"])
    assert call_due() == Outcome()


def test_what_was_written_before_a_gateway_was_there_is_not_told(gateway, webhook, letter):
    Webhook.objects.update(active_from=NOW + timedelta(seconds=1))
    assert call_due() == Outcome()
    Webhook.objects.update(active_from=NOW)
    assert call_due(NOW + timedelta(days=2)) == Outcome()


@pytest.mark.parametrize(
    ("status", "state"),
    [
        *[(status, MailState.SENT) for status in (200, 202, 204)],
        *[(status, MailState.FAILED) for status in (400, 410, 413, 422)],
        *[(status, MailState.PENDING) for status in (301, 302, 307, 401, 403, 404, 429, 500, 503)],
    ],
)
def test_the_status_decides_and_is_kept_and_no_redirect_is_followed(
    gateway, webhook, letter, status, state
):
    gateway.status, gateway.answer = status, b"vi sao"
    call_due()
    call = WebhookCall.objects.get()
    assert call.state == state
    assert len(gateway.calls) == 1
    assert call.error == ("" if state == MailState.SENT else f"{status} vi sao")


def test_a_gateway_that_says_nothing_is_left_and_tried_later(gateway, webhook, letter, monkeypatch):
    monkeypatch.setattr(channel, "WORD_SECONDS", 0.2)
    gateway.stalls = 0.6
    began = time.monotonic()
    assert call_due() == Outcome(put_off=1)
    assert time.monotonic() - began < 0.6
    assert "TimeoutError" in WebhookCall.objects.get().error


def test_of_an_endless_answer_only_the_first_words_are_read(gateway, webhook, letter):
    gateway.status, gateway.answer = 500, b"x" * 5_000_000
    call_due()
    assert len(WebhookCall.objects.get().error) <= 310


def test_a_gateway_that_is_away_holds_no_letter_up(settings, letter):
    port = free_port()
    settings.WEBHOOK_PRIVATE_HOSTS = [f"127.0.0.1:{port}"]
    make_webhook(f"http://127.0.0.1:{port}/")
    assert call_due() == Outcome(put_off=1)
    assert outbox.send_due(lambda: NOW) == Outcome(sent=1)
    call = WebhookCall.objects.get()
    assert (call.state, call.tries) == (MailState.PENDING, 1)
    assert call.next_try_at == NOW + tries.MINUTE


def test_a_gateway_that_is_away_holds_no_other_one_up(
    gateway, webhook, head, settings, monkeypatch
):
    port = free_port()
    settings.WEBHOOK_PRIVATE_HOSTS.append(f"127.0.0.1:{port}")
    for _number in range(outbox.GIVE_UP_AFTER_UNREACHED + 1):
        post = make_post(agency=head.agency, user=make_user(phone="0912345678"))
        make_assignment(agency=post.agency, due_on=NOW.date())
    planner.plan_day(NOW.date(), NOW)
    letters = Mail.objects.exclude(recipient__phone="").count()
    dead = make_webhook(f"http://127.0.0.1:{port}/", name="Zalo")
    # The one that is away comes first.
    monkeypatch.setattr(channel.random, "shuffle", lambda found: found.reverse())
    assert call_due() == Outcome(sent=letters, put_off=outbox.GIVE_UP_AFTER_UNREACHED)
    assert dead.calls.filter(tries=0).count() == letters - outbox.GIVE_UP_AFTER_UNREACHED


def test_a_letter_that_was_planned_days_ahead_is_told_on_its_day(gateway, webhook, head):
    head.user.phone = "0912345678"
    head.user.save(update_fields=["phone"])
    friday = NOW.date() + timedelta(days=4)
    make_assignment(agency=head.agency, due_on=friday)
    morning = NOW + timedelta(days=4)
    planner.plan_day(friday, NOW, send_from=morning)
    assert call_due() == Outcome()
    assert call_due(morning) == Outcome(sent=1)


def test_a_gateway_that_is_switched_off_is_called_no_more(gateway, webhook, letter):
    channel.queue_calls(NOW)
    Webhook.objects.update(is_active=False)
    assert call_due() == Outcome(failed=1)
    assert gateway.calls == []


@pytest.mark.parametrize(
    "url",
    [
        *("https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://0.0.0.0/"),
        *("https://10.1.2.3/", "https://192.168.1.1/", "https://172.16.0.9/"),
        *("https://169.254.169.254/latest/meta-data/", "https://100.64.0.1/"),
        *("https://[::ffff:127.0.0.1]/", "https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/"),
        *("https://[2002:7f00:1::]/", "https://[fc00::1]/", "https://[fe80::1]/"),
        *("https://224.0.0.1/", "https://[ff02::1]/", "https://2130706433/", "https://0x7f000001/"),
        *("http://127.0.0.1/", "http://1.1.1.1/", "ftp://1.1.1.1/", "file:///etc/passwd"),
        *("https://a:b@1.1.1.1/", "https:///x", "sms.example.vn", "", "https://1.1.1.1:99999/"),
        *("https://[::1", "https://127.0.0.1:6379/"),
    ],
)
def test_nothing_inside_and_nothing_unencrypted_is_called(url):
    with pytest.raises(AddressError) as caught:
        channel.look_up(url)
    assert caught.value.message


def test_what_the_operator_names_may_be_inside_but_only_the_machine_itself_without_https(settings):
    settings.WEBHOOK_PRIVATE_HOSTS = ["127.0.0.1:8080", "10.0.0.5:443", "10.0.0.5:80"]
    assert channel.look_up("http://127.0.0.1:8080/x").port == 8080
    assert channel.look_up("https://10.0.0.5/x").address == "10.0.0.5"
    for url in ("http://10.0.0.5/x", "https://127.0.0.1:8081/"):
        with pytest.raises(AddressError):
            channel.look_up(url)


def test_a_name_that_leads_inside_as_well_as_outside_is_not_called(monkeypatch):
    answers = [(2, 1, 6, "", ("1.1.1.1", 443)), (2, 1, 6, "", ("10.0.0.1", 443))]
    monkeypatch.setattr(channel.socket, "getaddrinfo", lambda *args, **kwargs: answers)
    with pytest.raises(AddressError):
        channel.look_up("https://sms.example.vn/")
    answers.pop()
    assert channel.look_up("https://sms.example.vn/").address == "1.1.1.1"


def test_an_administrator_adds_tries_and_switches_off_a_gateway(
    gateway, administrator, client_of, settings
):
    client = client_of(administrator.user)
    refused = {"province": administrator.agency.province_id, "name": "SMS", "is_active": "on"}
    for url, told in [
        ("https://10.0.0.1/", "mạng nội bộ"),
        ("http://1.1.1.1/", "https://"),
        ("khong", "https://"),
        ("", "Chưa ghi"),
    ]:
        page = client.post("/kenh-ngoai/them/", {**refused, "url": url})
        assert page.status_code == 422
        assert told in page.content.decode()
        assert 'value="SMS"' in page.content.decode()
    given = {**refused, "url": f"http://127.0.0.1:{gateway.port}/"}
    page = client.post("/kenh-ngoai/them/", given, follow=True)
    webhook = Webhook.objects.get()
    assert channel.secret_of(webhook) in page.content.decode()

    page = client.post(f"/kenh-ngoai/{webhook.pk}/gui-thu/", follow=True)
    assert "đã nhận lượt gọi thử" in page.content.decode()
    assert json.loads(gateway.calls[0][2])["to"]["email"] == administrator.user.email
    gateway.status, gateway.answer = 403, b"sai khoa"
    page = client.post(f"/kenh-ngoai/{webhook.pk}/gui-thu/", follow=True)
    assert "403 sai khoa" in page.content.decode()

    old = channel.secret_of(webhook)
    page = client.post(f"/kenh-ngoai/{webhook.pk}/doi-khoa/", follow=True)
    assert old not in page.content.decode()
    again = client.post("/kenh-ngoai/them/", given)
    assert again.status_code == 422
    client.post(f"/kenh-ngoai/{webhook.pk}/", {"name": "SMS", "url": given["url"]})
    webhook.refresh_from_db()
    assert not webhook.is_active


def test_a_gateway_without_a_province_is_told_so_once(administrator, client_of):
    page = client_of(administrator.user).post("/kenh-ngoai/them/", {"name": "SMS", "url": "x"})
    assert page.context["form"].errors["province"] == ["Chưa chọn tỉnh."]


def test_two_gateways_of_a_province_never_get_one_name(webhook, administrator, client_of):
    other = make_webhook(webhook.url, name="Zalo")
    form = {"name": "SMS", "url": webhook.url}
    page = client_of(administrator.user).post(f"/kenh-ngoai/{other.pk}/", form)
    assert page.status_code == 422
    other.refresh_from_db()
    assert other.name == "Zalo"


def test_a_gateway_switched_on_again_is_not_told_of_what_went_by(webhook):
    webhook.is_active = False
    services.save_webhook(webhook, now=NOW)
    webhook.is_active = True
    services.save_webhook(webhook, now=NOW + timedelta(days=3))
    webhook.refresh_from_db()
    assert webhook.active_from == NOW + timedelta(days=3)
    services.save_webhook(webhook, now=NOW + timedelta(days=4))
    webhook.refresh_from_db()
    assert webhook.active_from == NOW + timedelta(days=3)


def test_a_gateway_of_another_province_does_not_exist(webhook, stranger, office, client_of):
    strange, own = client_of(stranger.user), client_of(office.user)
    for client, status in ((strange, 404), (own, 403)):
        assert client.get(f"/kenh-ngoai/{webhook.pk}/").status_code == status
        assert client.post(f"/kenh-ngoai/{webhook.pk}/gui-thu/").status_code == status
        assert client.post(f"/kenh-ngoai/{webhook.pk}/doi-khoa/").status_code == status
    assert strange.get(f"/kenh-ngoai/{webhook.pk}/gui-thu/").status_code == 405


@pytest.fixture
def certified(tmp_path, monkeypatch):
    """A gateway with a certificate for sms.example.vn that this process trusts; its port."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("no openssl on this machine")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    new = ("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    name = ("-subj", "/CN=sms.example.vn", "-addext", "subjectAltName=DNS:sms.example.vn")
    files = ("-keyout", str(key), "-out", str(certificate))
    subprocess.run([program, *new, *name, *files], check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    made = Gateway()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    made.server.socket = context.wrap_socket(made.server.socket, server_side=True)
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.mark.parametrize(
    ("host", "is_taken"), [("sms.example.vn", True), ("khac.example.vn", False)]
)
def test_the_certificate_has_to_be_that_of_the_name_although_the_call_goes_to_an_address(
    certified, monkeypatch, host, is_taken
):
    answer = (2, 1, 6, "", ("127.0.0.1", certified.port))
    monkeypatch.setattr(channel.socket, "getaddrinfo", lambda *args, **kwargs: [answer])
    monkeypatch.setattr(channel, "is_public", lambda address: True)
    webhook = make_webhook(f"https://{host}:{certified.port}/")
    if is_taken:
        channel.post(webhook, b"{}", "1", NOW)
        [(_path, headers, _body)] = certified.calls
        assert headers["Host"] == f"{host}:{certified.port}"
    else:
        with pytest.raises(DeliveryError, match="SSLCertVerificationError"):
            channel.post(webhook, b"{}", "1", NOW)
        assert certified.calls == []


def test_queueing_makes_as_many_queries_for_ten_letters_as_for_one(webhook, letter, count_queries):
    def queue():
        WebhookCall.objects.all().delete()
        return count_queries(lambda: channel.queue_calls(NOW))

    for_one = queue()
    for number in range(9):
        user = make_post(agency=make_assignment().agency).user
        user.phone = "0900000000"
        user.save()
        letter.pk, letter.recipient, letter.message_id = None, user, f"<{number}@example.vn>"
        letter.save(force_insert=True)
    assert queue() == for_one
