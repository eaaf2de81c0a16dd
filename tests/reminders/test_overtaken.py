"""Letters that still wait when a new morning comes: nobody finds those of three mornings."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from agencies.models import Succession
from agencies.states import Role, SuccessionKind
from plans import workflow
from plans.models import Plan
from plans.reminders import drafts, outbox, overtaken, planner, tries
from plans.reminders.channels import webhook
from plans.reminders.models import (
    CalendarDay,
    CalendarDecision,
    Mail,
    Notice,
    PlannedDay,
    Reminder,
    Webhook,
    WebhookCall,
)
from plans.reminders.states import MailState
from plans.states import PlanStatus
from tests.factories import (
    at,
    make_agency,
    make_assignment,
    make_plan,
    make_post,
    make_province,
    make_task,
)
from tests.reminders.mornings import deliver, plan, play

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def letters_of(person):
    return list(Mail.objects.filter(recipient=person.user).order_by("for_date"))


def named(text):
    return make_task(plan=make_plan(status=PlanStatus.ACTIVE), name=text)


def states_of(person):
    return [letter.state for letter in letters_of(person)]


def seven(day):
    return at(day.year, day.month, day.day, 7)


def test_after_three_mornings_without_a_mail_server_one_letter_tells_what_still_holds(head, monday):
    late = make_assignment(agency=head.agency, due_on=monday, task=named("Công khai thủ tục"))
    soon = make_assignment(agency=head.agency, due_on=monday + 7 * DAY, task=named("Mở hòm thư"))
    gone = make_assignment(agency=head.agency, due_on=monday + 3 * DAY, task=named("Bỏ khẩu hiệu"))
    plan(monday)
    workflow.cancel(gone, by=head.user, now=at(2026, 10, 12, 15), reason="Theo văn bản")
    plan(monday + DAY)
    plan(monday + 2 * DAY)
    assert states_of(head) == ["overtaken", "overtaken", "pending"]
    letter = letters_of(head)[-1]
    assert letter.subject == "Cổng PAPI: 1 việc quá hạn, 1 việc đến hạn tuần này (14/10/2026)"
    assert letter.text.count("Công khai thủ tục") == letter.text.count("Mở hòm thư") == 1
    assert "Bỏ khẩu hiệu" not in letter.text
    told = Reminder.objects.values_list("assignment", "step", "for_date", "mail")
    wednesday = monday + 2 * DAY
    assert set(told) == {(late.pk, 1, wednesday, letter.pk), (soon.pk, -7, wednesday, letter.pk)}
    notice = Notice.objects.get()
    assert (notice.mail, notice.text) == (letter, "1 việc quá hạn, 1 việc đến hạn tuần này")


def test_what_was_delivered_is_not_told_again(head, monday):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    play(monday)
    plan(monday + DAY)
    assert states_of(head) == ["sent"]


def test_only_those_whose_letter_waits_are_told_again(head, monday):
    other = make_post(agency=head.agency)
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    Mail.objects.filter(recipient=other.user).update(state=MailState.SENT, sent_at=seven(monday))
    plan(monday + DAY)
    assert (states_of(head), states_of(other)) == (["overtaken", "pending"], ["sent"])


@pytest.mark.parametrize(
    ("state", "failed_tries", "is_told_again"),
    [
        ("failed", tries.MAX_TRIES, True),
        # The server refused it, or it killed its senders: another would fare no better.
        ("failed", tries.MAX_TRIES - 1, False),
        ("bounced", tries.MAX_TRIES, False),
    ],
)
def test_a_letter_whose_tries_ran_out_is_told_again_and_a_refused_one_is_not(
    head, monday, state, failed_tries, is_told_again
):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    Mail.objects.update(state=state, tries=failed_tries, error="vì sao")
    plan(monday + DAY)
    assert states_of(head) == (["overtaken", "pending"] if is_told_again else [state])


def test_a_letter_that_is_being_sent_is_left_to_its_sender(head, monday):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    [letter] = outbox.claim(Mail.objects.all(), seven(monday + DAY), limit=1)
    plan(monday + DAY)
    assert states_of(head) == ["sending"]
    assert outbox.deliver(outbox.MailChannel(), letter, lambda: seven(monday + DAY))[0] == "sent"


def test_what_the_portal_itself_told_is_told_by_the_one_letter_too(head, office, leader, monday):
    """On two mornings without a mail server: the summary of the week, an announcement, an agency
    without people."""
    active = make_plan(status=PlanStatus.ACTIVE, number="149/KH-UBND")
    make_assignment(agency=head.agency, due_on=monday + 50 * DAY, plan=active)
    play(monday - 3 * DAY)
    notice = {"url": "/bao-cao/", "created_at": at(2026, 10, 10, 9)}
    for person in (office, leader):
        Notice.objects.create(recipient=person.user, text="Đã có báo cáo.", **notice)
    make_assignment(agency=make_agency(name="Sở Không người"), due_on=monday + 7 * DAY)
    for days in range(3):
        plan(monday + days * DAY)
    for person in (office, leader):
        letter = letters_of(person)[-1]
        assert (letter.for_date, letter.since) == (monday + 2 * DAY, monday - 3 * DAY)
        assert letter.text.count("Đã có báo cáo.") == 1
        assert Mail.objects.open().filter(recipient=person.user).count() == 1
    assert "Sở Không người" in letters_of(office)[-1].text
    assert "tình hình thực hiện kế hoạch" in letters_of(leader)[-1].subject
    deliver(monday + 2 * DAY)
    assert plan(monday + 3 * DAY).mails == 0


def test_who_left_meanwhile_gets_nothing_and_the_letter_says_why(
    head, office, monday, administrator, client_of
):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    head.ends_on = monday
    head.save()
    plan(monday + DAY)
    [letter] = letters_of(head)
    assert (letter.state, letter.error) == ("overtaken", "Đã gộp vào lần nhắc ngày 13/10/2026.")
    page = client_of(administrator.user).get(reverse("reminders:mail", args=[letter.pk]))
    assert "Vì sao không gửi" in page.content.decode()
    assert "Gửi lại" not in page.content.decode()
    assert not Reminder.objects.exists()


def test_where_it_is_a_day_off_letters_go_on_waiting_for_the_server(head, monday):
    elsewhere = make_agency(province=make_province(name="Sơn La", code="14"))
    decision = CalendarDecision.objects.create(
        province=head.agency.province,
        number="1/QĐ-UBND",
        year=2026,
        entered_by=head.user,
        entered_at=seven(monday),
    )
    decision.days.create(province=head.agency.province, day=monday + DAY, is_working=False)
    stranger = make_post(agency=elsewhere)
    for person in (head, stranger):
        make_assignment(agency=person.agency, due_on=monday + 7 * DAY)
    plan(monday)
    plan(monday + DAY)
    assert CalendarDay.objects.count() == 1
    assert (states_of(head), states_of(stranger)) == (["pending"], ["overtaken", "pending"])
    assert outbox.claim(Mail.objects.filter(recipient=head.user), seven(monday + DAY), limit=1)


def test_a_day_planned_ahead_takes_nothing_from_the_days_before_it(head, monday):
    make_assignment(agency=head.agency, due_on=monday)
    planner.plan_day(monday, seven(monday))
    planner.plan_day(monday + DAY, seven(monday), send_from=drafts.morning(monday + DAY))
    assert states_of(head) == ["pending", "pending"]


def test_if_the_planner_dies_the_letters_it_held_are_sent_by_themselves(head, monday):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    overtaken.hold(monday + DAY, seven(monday + DAY))
    assert states_of(head) == ["sending"]
    later = seven(monday + DAY) + tries.planning_lease() + DAY / 24
    assert outbox.send_due(lambda: later) == outbox.Outcome()
    assert outbox.send_due(lambda: later + 2 * tries.doubt()) == outbox.Outcome(sent=1)


def test_a_planner_that_fails_lets_go_of_what_it_held(head, monday, monkeypatch):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    monkeypatch.setattr(drafts, "gather", lambda *given, **more: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        plan(monday + DAY)
    assert states_of(head) == ["pending"]
    assert outbox.send_due(lambda: seven(monday + DAY)) == outbox.Outcome(sent=1)


def test_a_planner_whose_hold_has_ended_writes_nothing_of_it(head, monday, monkeypatch):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    gather = drafts.gather

    def slowly(*given, **more):
        day = gather(*given, **more)
        Mail.objects.update(attempt=9, lease_until=seven(monday + 2 * DAY))
        return day

    monkeypatch.setattr(drafts, "gather", slowly)
    with pytest.raises(overtaken.LostHoldError):
        plan(monday + DAY)
    assert states_of(head) == ["sending"]
    assert PlannedDay.objects.get(for_date=monday + DAY).finished_at is None


def test_a_letter_that_may_have_been_taken_goes_out_again_as_the_same(head, monday):
    """A second copy has the Message-ID of the first, whatever day it is by then."""
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    # Its sender died, perhaps after the 250, and the next one found the server busy.
    Mail.objects.update(lost_count=1, tries=1)
    plan(monday + DAY)
    assert states_of(head) == ["pending"]


def test_the_letter_of_a_province_is_overtaken_by_that_of_the_one_it_became_part_of(monday):
    new, old = make_province(name="Lào Cai", code="15"), make_province(name="Yên Bái", code="15")
    merger = Succession.objects.create(
        kind=SuccessionKind.MERGE, happened_on=date(2025, 7, 1), ground="202/2025/QH15"
    )
    merger.old_provinces.add(old)
    merger.new_provinces.add(new)
    make_post(role=Role.OFFICE, agency=make_agency(province=new))
    person = make_post(agency=make_agency(province=old))
    make_assignment(agency=person.agency, due_on=monday + 7 * DAY)
    plan(monday)
    elsewhere = make_post(user=person.user, agency=make_agency(province=new))
    plan(monday + DAY)
    elsewhere.delete()
    plan(monday + 2 * DAY)
    letters = [(letter.province, letter.state) for letter in letters_of(person)]
    assert letters == [(old, "overtaken"), (new, "overtaken"), (old, "pending")]


def test_the_office_hears_of_agencies_without_people_though_the_first_letter_waits(office, monday):
    make_assignment(agency=make_agency(name="Sở Không người"), due_on=monday + 7 * DAY)
    for days in range(3):
        plan(monday + days * DAY)
    assert states_of(office) == ["overtaken", "overtaken", "pending"]
    assert "Sở Không người" in letters_of(office)[-1].text


def test_a_mailbox_that_stays_full_makes_nobody_look_further_back(head, monday):
    """But at the work that its owner was to hear of."""
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    plan(monday + DAY)
    wednesday = monday + 2 * DAY
    day = planner.foresee(wednesday, seven(wednesday))
    assert day.mornings.since == monday + DAY
    assert [draft.user for draft in day.drafts] == [head.user]


def test_why_the_server_did_not_take_a_letter_is_still_told(head, monday):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    said = "452 mailbox full " + "x" * 483
    Mail.objects.update(state=MailState.PENDING, tries=3, error=said)
    plan(monday + DAY)
    error = letters_of(head)[0].error
    assert error == f"Đã gộp vào lần nhắc ngày 13/10/2026. {said}"[:500]


def test_a_dry_run_tells_what_waits_as_the_planner_would_and_takes_nothing(
    head, office, monday, capsys, client_of
):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    with time_machine.travel(seven(monday + DAY), tick=False):
        call_command("remind", "--date=2026-10-13", "--dry-run")
        page = client_of(office.user).get(reverse("reminders:preview"), {"ngay": "13/10/2026"})
    assert f"{head.user.email}: 1 việc đến hạn tuần này" in capsys.readouterr().out
    assert [row["user"] for row in page.context["people"]] == [head.user]
    assert states_of(head) == ["pending"]
    plan(monday + DAY)
    assert states_of(head) == ["overtaken", "pending"]
    done = planner.foresee(monday + DAY, seven(monday + DAY))
    assert done.drafts == []


def test_gateways_are_not_told_of_a_letter_that_was_overtaken(head, monday):
    head.user.phone = "0912345678"
    head.user.save()
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    Webhook.objects.create(
        province=head.agency.province,
        name="Zalo",
        url="https://zalo.example.vn/",
        active_from=seven(monday),
    )
    plan(monday)
    webhook.queue_calls(seven(monday))
    plan(monday + DAY)
    webhook.queue_calls(seven(monday + DAY))
    calls = WebhookCall.objects.order_by("mail__for_date")
    assert [call.state for call in calls] == ["overtaken", "pending"]


def test_a_read_notice_of_a_waiting_letter_stays(head, monday):
    make_assignment(agency=head.agency, due_on=monday + 7 * DAY)
    plan(monday)
    Notice.objects.update(read_at=seven(monday))
    plan(monday + DAY)
    assert Notice.objects.count() == 2


def test_planning_costs_as_many_queries_for_ten_waiting_letters_as_for_one(
    head, monday, count_queries
):
    active = make_plan(status=PlanStatus.ACTIVE)

    def queries(day, count):
        deliver(day)
        for _number in range(count):
            make_assignment(agency=make_post().agency, due_on=day + 7 * DAY, plan=active)
        plan(day)
        return count_queries(lambda: plan(day + DAY))

    assert queries(monday, 1) == queries(monday + 2 * DAY, 10)
    assert Plan.objects.count() == 1
