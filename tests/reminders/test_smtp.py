"""A real conversation with a mail server."""

import asyncio
import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from django.utils import timezone

from papi_portal import settings as settings_of_the_portal
from plans.reminders import jobs, outbox, planner, tries
from plans.reminders.models import Mail
from plans.reminders.outbox import Outcome
from plans.reminders.states import MailState
from tests.factories import at, make_assignment, make_post
from tests.servers import free_port

pytestmark = pytest.mark.django_db


class Postbox:
    """Takes messages, or answers with `refusal`; with `hangs_up` it leaves after taking one.

    It `stalls` for so many seconds before it says whether it takes messages for the recipient, and
    `thinks` for so many before it says that it has taken one.
    """

    def __init__(self):
        self.messages, self.refusal, self.hangs_up = [], "", False
        self.stalls, self.thinks = 0.0, 0.0

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        await asyncio.sleep(self.stalls)
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.messages.append((envelope.rcpt_tos, message))
        await asyncio.sleep(self.thinks)
        return "250 OK"

    async def handle_QUIT(self, server, session, envelope):  # noqa: N802
        if self.hangs_up:
            server.transport.abort()
        return "221 Bye"


@pytest.fixture
def postbox(settings):
    handler = Postbox()
    controller = Controller(handler, hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "plans.reminders.patience.Backend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", controller.port
    settings.EMAIL_TIMEOUT = 5
    yield handler
    controller.stop()


@pytest.fixture
def letter(head, monday):
    make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, at(2026, 10, 12, 7))
    return Mail.objects.get()


def test_the_server_gets_exactly_one_message_with_our_message_id(postbox, letter):
    assert outbox.send_due(timezone.now) == Outcome(sent=1)
    assert outbox.send_due(timezone.now) == Outcome()
    [(recipients, message)] = postbox.messages
    assert recipients == [letter.to_email]
    assert message["Message-ID"] == letter.message_id
    assert message["Subject"].strip() == letter.subject
    body = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert body == letter.text
    assert message.get_body(("html",)) is not None


def test_a_server_that_hangs_up_after_taking_the_letter_has_taken_it(postbox, letter):
    postbox.hangs_up = True
    assert outbox.send_due(timezone.now) == Outcome(sent=1)
    assert len(postbox.messages) == 1


def test_a_server_that_looks_at_the_letter_for_long_gets_it_once(postbox, letter, settings):
    settings.EMAIL_TIMEOUT, settings.EMAIL_TAKING_TIMEOUT, postbox.thinks = 0.3, 5, 0.8
    assert outbox.send_due(timezone.now) == Outcome(sent=1)
    assert len(postbox.messages) == 1


def test_a_server_that_never_says_whether_it_took_the_letter_gets_it_again_as_the_same(
    postbox, letter, settings
):
    settings.EMAIL_TAKING_TIMEOUT, postbox.thinks = 0.2, 0.8
    assert outbox.send_due(timezone.now) == Outcome(put_off=1)
    postbox.thinks = 0
    assert outbox.send_due(lambda: timezone.now() + tries.MINUTE) == Outcome(sent=1)
    assert [message["Message-ID"] for _recipients, message in postbox.messages] == [
        letter.message_id,
        letter.message_id,
    ]


@pytest.mark.parametrize(
    ("refusal", "state"),
    [("450 4.2.1 later", MailState.PENDING), ("550 5.1.1 no such box", MailState.BOUNCED)],
)
def test_what_the_server_says_of_the_recipient_decides_and_is_kept(postbox, letter, refusal, state):
    postbox.refusal = refusal
    outbox.send_due(timezone.now)
    letter.refresh_from_db()
    assert letter.state == state
    assert refusal in letter.error
    assert postbox.messages == []


def test_a_server_that_says_nothing_is_left_and_tried_later(postbox, letter, settings):
    settings.EMAIL_TIMEOUT, postbox.stalls = 0.2, 1.0
    began = time.monotonic()
    assert outbox.send_due(timezone.now) == Outcome(put_off=1)
    assert time.monotonic() - began < postbox.stalls


def test_a_lease_outlasts_every_answer_of_the_slowest_server():
    portal = settings_of_the_portal
    # Connection, greeting, EHLO, STARTTLS, its handshake, EHLO, user, password, MAIL, RCPT, DATA;
    # then the letter itself.
    seconds = 11 * portal.EMAIL_TIMEOUT + portal.EMAIL_TAKING_TIMEOUT
    assert portal.EMAIL_TIMEOUT > 0
    assert seconds < tries.lease().total_seconds()
    # A letter that is begun at the end of a run is ended before the worker is.
    assert tries.run_seconds() + seconds < jobs.send_due_mail.soft_time_limit


def test_nobody_at_the_port_means_later(settings, letter):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    assert outbox.send_due(timezone.now) == Outcome(put_off=1)
    letter.refresh_from_db()
    assert letter.state == MailState.PENDING


def test_each_person_gets_a_message_of_ones_own(postbox, monday, head):
    make_assignment(agency=head.agency, due_on=monday)
    make_post(agency=head.agency)
    planner.plan_day(monday, at(2026, 10, 12, 7))
    assert outbox.send_due(timezone.now) == Outcome(sent=2)
    assert sorted(len(recipients) for recipients, _message in postbox.messages) == [1, 1]


def test_the_server_gets_the_way_to_do_without_the_optional_part(postbox, head, monday):
    make_assignment(agency=head.agency, due_on=monday + timedelta(days=15))
    planner.plan_day(monday, at(2026, 10, 12, 7))
    letter = Mail.objects.get()
    assert outbox.send_due(timezone.now) == Outcome(sent=1)
    [(_recipients, message)] = postbox.messages
    assert message["List-Unsubscribe"].strip() == letter.headers["List-Unsubscribe"]
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
