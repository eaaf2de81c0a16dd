"""Links of letters: one form, for one person, once, for a fortnight."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from plans import workflow
from plans.models import Event, Plan, ProgressReport
from plans.reminders import links, planner
from plans.reminders.models import LinkUse, Mail, MailChoice
from plans.states import PlanStatus, Status
from tests.factories import at, make_assignment, make_post, report, token

pytestmark = pytest.mark.django_db

NOW = at(2026, 10, 12, 9)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def assignment(head, monday):
    return make_assignment(agency=head.agency, due_on=monday)


def path_of(url):
    return urlsplit(url).path


@pytest.fixture
def link(assignment, head):
    return path_of(links.update_url(assignment.pk, head.user))


def typed(**values):
    fields = {"token": token(), "version": "1", "percent_done": "40", "text": "Đã họp."}
    return {**fields, **values}


def test_the_letter_brings_the_link_and_the_form_opens_without_signing_in(assignment, head, monday):
    planner.plan_day(monday, NOW)
    mail = Mail.objects.get()
    [url] = re.findall(r"https?://\S+/cap-nhat-qua-thu/\S+/", mail.text)
    assert url in mail.html
    answer = Client().get(path_of(url))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert assignment.task.name in page
    assert f"được ghi là của {head.user.full_name}" in page
    # With "no-referrer" browsers would send "Origin: null" along, which no form passes.
    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]


def test_a_report_by_the_link_is_the_persons_and_says_how_it_came(link, assignment, head):
    client = Client()
    answer = client.post(link, typed())
    assert answer.status_code == 302
    assert "Cảm ơn" in client.get(answer["Location"]).content.decode()
    made = ProgressReport.objects.get()
    assert (made.by, made.percent_done) == (head.user, 40)
    assert Event.objects.get().text == "Gửi bằng đường dẫn trong thư, không đăng nhập."
    assert LinkUse.objects.get().report == made
    assignment.refresh_from_db()
    assert assignment.status == Status.IN_PROGRESS


def test_the_link_signs_nobody_in(link, assignment):
    client = Client()
    client.get(link)
    client.post(link, typed())
    assert "_auth_user_id" not in client.session
    assert client.get("/viec-cua-toi/").status_code == 302
    assert client.get(assignment.get_absolute_url()).status_code == 302


def test_whoever_is_signed_in_the_report_is_that_of_the_letter(link, head, client_of):
    client_of(make_post().user).post(link, typed())
    assert ProgressReport.objects.get().by == head.user


def test_a_link_works_once(link):
    Client().post(link, typed())
    for answer in (Client().get(link), Client().post(link, typed(version="2"))):
        assert answer.status_code == 410
        assert "đã được dùng" in answer.content.decode()
    assert ProgressReport.objects.count() == 1


def test_the_same_form_sent_twice_counts_once(link):
    form = typed()
    first = Client().post(link, form)
    again = Client().post(link, form)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert ProgressReport.objects.count() == 1


def test_an_old_link_says_that_it_has_expired(link):
    with time_machine.travel(NOW + timedelta(days=15), tick=False):
        answer = Client().get(link)
        assert Client().post(link, typed()).status_code == 410
    assert answer.status_code == 410
    assert "đã hết hạn" in answer.content.decode()
    assert not ProgressReport.objects.exists()


@pytest.mark.parametrize("spoil", ["x", ":", "é", "%00"])
def test_a_link_that_was_changed_opens_nothing(link, spoil):
    answer = Client().get(f"{link[:-2]}{spoil}/")
    assert answer.status_code == 404
    assert Client().post(f"{link[:-2]}{spoil}/", typed()).status_code == 404


def test_a_token_for_another_purpose_opens_nothing(link, head):
    other = path_of(links.unsubscribe_url(head.user_id))
    update, unsubscribe = (path.rstrip("/").rpartition("/") for path in (link, other))
    for wrong in (f"{update[0]}/{unsubscribe[2]}/", f"{unsubscribe[0]}/{update[2]}/"):
        assert Client().get(wrong).status_code == 404
        assert Client().post(wrong, typed()).status_code == 404


def closed_by(assignment, head, how):
    if how == "post ended":
        head.ends_on = NOW.date() - timedelta(days=1)
        head.save()
    elif how == "account locked":
        head.user.is_active = False
        head.user.save()
    elif how == "work cancelled":
        workflow.cancel(assignment, by=head.user, now=NOW, reason="Theo văn bản")
    elif how == "plan closed":
        Plan.objects.update(status=PlanStatus.CLOSED)
    else:
        proof = [workflow.NewEvidence(document_number="1/BC")]
        report(assignment, by=head.user, done=True, evidence=proof)


@pytest.mark.parametrize(
    "how", ["post ended", "account locked", "work cancelled", "plan closed", "reported as done"]
)
def test_a_link_opens_nothing_once_the_person_may_no_longer_report(link, assignment, head, how):
    closed_by(assignment, head, how)
    before = ProgressReport.objects.count()
    answer = Client().get(link)
    assert answer.status_code == 410
    assert "không còn chờ" in answer.content.decode()
    assert assignment.task.name not in answer.content.decode()
    assert Client().post(link, typed(version="2")).status_code == 410
    assert ProgressReport.objects.count() == before


def test_what_somebody_else_reported_meanwhile_is_shown_and_nothing_typed_is_lost(
    link, assignment, head
):
    report(assignment, by=head.user, percent=70, text="Đã ký.")
    answer = Client().post(link, typed())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Đã ký." in page
    assert "Đã họp." in page
    assignment.refresh_from_db()
    again = typed(version=assignment.version)
    assert Client().post(link, again).status_code == 302


def test_a_faulty_report_keeps_what_was_typed_and_the_link(link):
    answer = Client().post(link, typed(percent_done="nhiều", text="Đã họp xong"))
    assert answer.status_code == 422
    assert "Đã họp xong" in answer.content.decode()
    assert Client().post(link, typed()).status_code == 302


def test_too_many_tries_are_refused(link, settings):
    cache.clear()
    settings.ACCOUNT_RATE_LIMITS = {"letter_link": "2/10m/key"}
    answers = [Client().post(link, typed(percent_done="x")).status_code for _time in range(3)]
    assert answers == [422, 422, 429]


def test_a_letter_shown_to_the_administrator_opens_no_form(assignment, administrator, client_of):
    planner.plan_day(NOW.date(), NOW)
    page = client_of(administrator.user).get(Mail.objects.get().get_absolute_url())
    assert "/cap-nhat-qua-thu/…/" in page.content.decode()
    assert not re.search(r"cap-nhat-qua-thu/[\w-]+:", page.content.decode())


def test_unsubscribing_asks_first_and_the_mail_program_need_not(head):
    path = path_of(links.unsubscribe_url(head.user_id))
    page = Client().get(path)
    assert (page.status_code, MailChoice.objects.count()) == (200, 0)
    one_click = Client(enforce_csrf_checks=True)
    one_click.post(path, {"List-Unsubscribe": "One-Click"})
    assert MailChoice.objects.get().is_without_information
    one_click.post(path, {"nhan": "lai"})
    assert not MailChoice.objects.get().is_without_information


def test_an_unsubscribing_link_of_nobody_opens_nothing():
    assert Client().get("/thoi-nhan-thu/abc/").status_code == 404
    assert Client().post(path_of(links.unsubscribe_url(987654))).status_code == 404


def test_links_take_no_other_method(link):
    for method in ("put", "delete", "patch"):
        assert getattr(Client(), method)(link).status_code == 405
