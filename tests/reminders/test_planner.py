"""Who is reminded of what on which day, and that it happens once."""

import threading
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from agencies.models import Agency, Membership, Succession
from agencies.states import AgencyKind, Role, SuccessionKind
from plans import workflow
from plans.models import Assignment, Plan
from plans.reminders import drafts, planner, tries
from plans.reminders.models import Mail, Notice, PlannedDay, Reminder
from plans.reminders.planner import Counts
from plans.reminders.states import Kind
from plans.states import PlanStatus, Status
from tests.factories import (
    at,
    make_agency,
    make_assignment,
    make_plan,
    make_post,
    make_province,
    make_task,
    make_user,
    report,
)
from tests.reminders.mornings import play

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def work(post, due_on, plan=None, **fields):
    return make_assignment(agency=post.agency, due_on=due_on, plan=plan, **fields)


def days(count):
    return timedelta(days=count)


@pytest.mark.parametrize("before", [30, 15, 7, 3, 1, 0, -7, -14, -21, -350])
def test_head_is_reminded_when_a_rung_has_come(head, monday, before):
    assignment = work(head, monday + days(before))
    assert play(monday) == Counts(reminders=1, mails=1)
    reminder = Reminder.objects.get()
    assert (reminder.assignment, reminder.recipient) == (assignment, head.user)
    assert (reminder.step, reminder.due_on, reminder.for_date) == (
        -before,
        assignment.due_on,
        monday,
    )
    assert reminder.kind == (Kind.OVERDUE if before < 0 else Kind.DUE)
    assert reminder.mail == Mail.objects.get()


def test_nobody_is_reminded_31_days_before(head, monday):
    work(head, monday + days(31))
    assert play(monday) == Counts()


def test_planning_twice_makes_nothing_new(head, monday):
    work(head, monday)
    play(monday)
    assert play(monday) == Counts()
    assert (Reminder.objects.count(), Mail.objects.count(), Notice.objects.count()) == (1, 1, 1)


def test_a_rung_that_was_told_is_not_told_again_the_next_day(head, monday):
    work(head, monday + days(6))
    assert play(monday).reminders == 1
    assert play(monday + days(1)) == Counts()
    assert play(monday + days(2)) == Counts()
    assert play(monday + days(3)).reminders == 1


def test_after_days_without_a_portal_only_the_latest_rung_is_told(head, monday):
    work(head, monday + days(8))
    play(monday)
    # The rung 7 days before came and went; that of Saturday 17/10 is told on Friday.
    assert play(monday + days(4)).reminders == 1
    assert play(monday + days(7)).reminders == 1
    assert list(Reminder.objects.order_by("step").values_list("step", flat=True)) == [-15, -3, -1]
    assert play(monday + days(8)).reminders == 1


def test_a_rung_of_the_weekend_is_told_on_friday_and_an_overdue_one_on_monday(head, monday):
    saturday = monday - days(2)
    work(head, saturday)
    assert play(monday - days(3)).reminders == 1
    assert Reminder.objects.get().step == 0
    assert play(saturday) == Counts()
    assert play(saturday + days(1)) == Counts()
    assert PlannedDay.objects.count() == 1
    assert play(monday).reminders == 1
    assert Reminder.objects.get(for_date=monday).step == 1
    assert "QUÁ HẠN (1 việc)" in Mail.objects.get(for_date=monday).text


def test_a_holiday_waits_for_the_next_working_day(head):
    national_day = date(2026, 9, 2)
    work(head, national_day)
    assert play(national_day) == Counts()
    assert play(date(2026, 9, 3)).reminders == 1


def test_one_person_gets_one_letter_for_everything_on_one_day(head, monday):
    make_post(user=head.user, agency=head.agency, role=Role.OFFICER)
    make_post(user=head.user, agency=head.agency, role=Role.OFFICE)
    other = make_post(user=head.user)
    for due_on in (monday, monday - days(7), monday + days(3)):
        work(head, due_on)
        work(other, due_on)
    work(head, monday, status=Status.REPORTED, last_heard_on=monday - days(5))
    assert play(monday) == Counts(reminders=7, mails=1)
    mail = Mail.objects.get()
    assert mail.subject == (
        "Cổng PAPI: 2 việc quá hạn, 4 việc đến hạn tuần này, 1 việc chờ anh/chị (12/10/2026)"
    )
    # All of it is work of the own agencies.
    assert Notice.objects.get().url == "/viec-cua-toi/"


def test_head_and_every_officer_of_the_agency_are_reminded_and_nobody_else(head, monday):
    officer = make_post(agency=head.agency, role=Role.OFFICER)
    make_post()
    work(head, monday)
    play(monday)
    assert set(Reminder.objects.values_list("recipient", flat=True)) == {
        head.user_id,
        officer.user_id,
    }


def test_who_has_left_or_not_yet_come_receives_nothing(head, monday):
    head.ends_on = monday - days(1)
    head.save()
    make_post(agency=head.agency, starts_on=monday + days(1))
    work(head, monday)
    assert play(monday).mails == 0


def test_the_last_day_of_a_post_still_counts(head, monday):
    head.ends_on = monday
    head.save()
    work(head, monday)
    assert play(monday).mails == 1


def test_a_new_head_is_told_what_the_old_one_knew(head, monday):
    work(head, monday + days(6))
    play(monday)
    new = make_post(agency=head.agency, starts_on=monday + days(1))
    assert play(monday + days(1)) == Counts(1, 1)
    assert Reminder.objects.get(for_date=monday + days(1)).recipient == new.user


def test_a_switched_off_account_receives_nothing(head, monday):
    head.user.is_active = False
    head.user.save()
    work(head, monday)
    assert play(monday).mails == 0


@pytest.mark.parametrize("status", Status)
def test_only_what_the_agency_has_to_act_on_is_told(head, monday, status):
    work(head, monday, status=status)
    expected = 1 if status in {Status.NOT_STARTED, Status.IN_PROGRESS} else 0
    assert play(monday).reminders == expected


@pytest.mark.parametrize("status", PlanStatus)
def test_only_active_plans_are_told(head, monday, status):
    plan = make_plan(status=status, activated_on=monday)
    work(head, monday, plan=plan)
    assert play(monday).reminders == (1 if status == PlanStatus.ACTIVE else 0)


@pytest.mark.parametrize(
    ("ahead", "heard", "status", "count"),
    [
        (31, 0, Status.NOT_STARTED, 1),
        (200, 89, Status.IN_PROGRESS, 2),  # the head and the office
        (200, 4, Status.REPORTED, 1),
    ],
)
def test_a_rung_that_comes_after_the_first_morning_is_told_when_it_comes(
    head, office, monday, ahead, heard, status, count
):
    """Of work that was looked at once and has not changed since."""
    work(head, monday + days(ahead), status=status, last_heard_on=monday - days(heard))
    Assignment.history.update(history_date=at(2026, 9, 1))
    Plan.history.update(history_date=at(2026, 9, 1))
    assert play(monday) == Counts()
    assert play(monday + days(1)).reminders == count
    assert play(monday + days(2)) == Counts()


def test_work_of_a_plan_that_goes_on_again_is_told_of_the_rungs_that_came_meanwhile(head, monday):
    plan = make_plan(status=PlanStatus.CLOSED, activated_on=monday - days(99))
    assignment = work(head, monday - days(7), plan=plan)
    Assignment.history.update(history_date=at(2026, 9, 1))
    assert play(monday) == Counts()
    plan.status = PlanStatus.ACTIVE
    plan.save()
    assert play(monday + days(1)).reminders == 1
    assert Reminder.objects.get().assignment == assignment


def test_work_without_a_date_is_never_told(head, monday):
    assignment = work(head, monday)
    Assignment.objects.filter(pk=assignment.pk).update(due_on=None, first_due_on=None)
    assert play(monday) == Counts()


def test_a_body_that_is_asked_is_never_called_late(monday):
    front = make_agency(name="MTTQ tỉnh", kind=AgencyKind.FRONT, is_requested=True)
    post = make_post(agency=front)
    for before in (30, 1, 0, -1, -7, -100):
        work(post, monday + days(before))
    assert play(monday).reminders == 6
    assert set(Reminder.objects.values_list("kind", flat=True)) == {Kind.REQUEST}
    mail = Mail.objects.get()
    assert mail.subject == "Cổng PAPI: 6 việc đề nghị thực hiện (12/10/2026)"
    for said in (mail.subject, mail.text, mail.html, Notice.objects.get().text):
        assert "quá" not in said.lower()


def test_a_moved_deadline_makes_new_rungs(head, leader, monday):
    assignment = work(head, monday)
    play(monday)
    asked = workflow.ask_extension(
        assignment,
        by=head.user,
        now=at(2026, 10, 12),
        reason="Chờ hướng dẫn",
        proposed_due_on=monday + days(8),
    )
    workflow.decide_extension(asked, is_approved=True, by=leader.user, now=at(2026, 10, 12, 9))
    assert play(monday + days(1)).reminders == 1
    assert set(Reminder.objects.values_list("due_on", "step")) == {
        (monday, 0),
        (monday + days(8), -7),
    }


def test_what_was_told_before_is_counted_in_a_later_letter(head, monday):
    work(head, monday - days(8))
    play(monday)
    work(head, monday + days(1))
    play(monday + days(1))
    text = Mail.objects.get(for_date=monday + days(1)).text
    assert "Ngoài ra còn 1 việc quá hạn đã nhắc trong các thư trước." in text


def test_reminders_are_unique_in_the_database(head, monday):
    work(head, monday)
    play(monday)
    copy = Reminder.objects.get()
    copy.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_letters_of_a_person_and_day_are_unique_in_the_database(head, monday):
    work(head, monday)
    play(monday)
    copy = Mail.objects.get()
    copy.pk, copy.message_id = None, "<other@example.vn>"
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_a_second_planner_leaves_the_day_to_the_first(head, monday):
    work(head, monday)
    now = at(2026, 10, 12, 7)
    assert planner._claim(monday, now) == 1
    assert planner.plan_day(monday, now) == Counts()


def test_a_planner_that_lost_its_lease_can_no_longer_write(head, monday):
    work(head, monday)
    now = at(2026, 10, 12, 7)
    first = planner._claim(monday, now)
    day = drafts.gather(monday)
    later = now + tries.planning_lease() + timedelta(seconds=1)
    assert planner.plan_day(monday, later) == Counts(1, 1)
    with pytest.raises(planner.SupersededError):
        planner._write(day, day.drafts, now, now, first)
    assert (Reminder.objects.count(), Mail.objects.count()) == (1, 1)


def test_a_planner_that_died_halfway_is_continued(monkeypatch, monday):
    for _number in range(5):
        work(make_post(), monday)
    monkeypatch.setattr(planner, "PERSONS_PER_WRITE", 2)
    write, calls = planner._write, []

    def die_at_the_second(*args):
        calls.append(args)
        if len(calls) == 2:
            raise OSError("the power went")
        return write(*args)

    now = at(2026, 10, 12, 7)
    with monkeypatch.context() as patched:
        patched.setattr(planner, "_write", die_at_the_second)
        with pytest.raises(OSError, match="power"):
            planner.plan_day(monday, now)
    assert Mail.objects.count() == Reminder.objects.count() == 2
    # Whoever has the letter of the day gets no second one for what came meanwhile.
    meanwhile = work(Membership.objects.get(user=Mail.objects.first().recipient), monday)
    later = now + tries.planning_lease() + timedelta(seconds=1)
    assert planner.plan_day(monday, later) == Counts(3, 3)
    planned = PlannedDay.objects.get()
    assert (planned.reminder_count, planned.mail_count) == (5, 5)
    assert planned.finished_at == later
    play(monday + days(1))
    assert Reminder.objects.get(assignment=meanwhile).for_date == monday + days(1)


def test_what_changed_between_two_planners_of_a_day_is_told_the_next_morning(monkeypatch, monday):
    play(monday - days(3))
    posts = [make_post() for _number in range(2)]
    for post in posts:
        work(post, monday)
    monkeypatch.setattr(planner, "PERSONS_PER_WRITE", 1)
    write = planner._write

    def die_after_the_first(*args):
        write(*args)
        raise OSError("the power went")

    now = at(2026, 10, 12, 7)
    with monkeypatch.context() as patched:
        patched.setattr(planner, "_write", die_after_the_first)
        with pytest.raises(OSError, match="power"):
            planner.plan_day(monday, now)
    # Whoever has the letter of today already is given work of which a rung came long ago.
    told = Mail.objects.get().recipient
    late = make_assignment(due_on=monday - days(8), last_heard_on=monday)
    for rows in (Assignment, Plan, Agency):
        rows.history.update(history_date=at(2026, 10, 1))
    make_post(user=told, agency=late.agency)
    planner.plan_day(monday, now + tries.planning_lease() + timedelta(seconds=1))
    assert PlannedDay.objects.get(for_date=monday).finished_at
    assert not Reminder.objects.filter(assignment=late).exists()
    play(monday + days(1))
    assert Reminder.objects.get(assignment=late).recipient == told


def test_a_planner_that_died_before_the_clock_was_put_back_does_not_keep_the_day(head, monday):
    work(head, monday)
    planner._claim(monday, at(2026, 10, 12, 9))
    assert planner.plan_day(monday, at(2026, 10, 12, 7)) == Counts(1, 1)


def test_a_body_that_is_no_longer_just_asked_is_late_the_next_morning(head, leader, monday):
    head.agency.is_requested = True
    head.agency.save()
    late = work(head, monday - days(18))
    play(monday)
    assert not Reminder.objects.filter(recipient=leader.user).exists()
    head.agency.is_requested = False
    head.agency.save()
    # On Tuesday no rung of the work comes.
    for rows in (Assignment, Plan):
        rows.history.update(history_date=at(2026, 10, 1))
    Agency.history.update(history_date=at(2026, 10, 12, 15))
    play(monday + days(1))
    assert Reminder.objects.get(recipient=leader.user).assignment == late


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection")
def test_planners_that_run_at_once_make_each_letter_once(monday):
    for _number in range(20):
        work(make_post(), monday)
    barrier = threading.Barrier(4)
    made = []

    def run():
        barrier.wait()
        try:
            made.append(play(monday))
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts.mails for counts in made) == [0, 0, 0, 20]
    assert Reminder.objects.count() == Mail.objects.count() == 20


def test_office_hears_what_waits_is_late_silent_or_unreachable(head, office, monday):
    waiting = work(head, monday + days(60))
    proof = [workflow.NewEvidence(document_number="1")]
    report(waiting, by=head.user, done=True, evidence=proof, now=at(2026, 10, 7))
    report(
        work(head, monday + days(60)),
        by=head.user,
        done=True,
        evidence=proof,
        now=at(2026, 10, 8),
    )
    work(head, monday - days(7))  # Monday: five working days ago
    work(head, monday - days(6))
    work(head, monday + days(90), last_heard_on=monday - days(91))
    make_assignment(agency=make_agency(name="Sở Không người"), due_on=monday)
    play(monday)
    mail = Mail.objects.get(recipient=office.user)
    assert mail.subject == (
        "Cổng PAPI: 1 việc quá hạn, 1 việc chờ anh/chị, 1 việc để biết, "
        "1 cơ quan chưa có người nhận (12/10/2026)"
    )
    assert "- Sở Không người" in mail.text
    assert "chờ xác nhận từ 07/10/2026" in mail.text
    assert f"không báo cáo từ {monday - days(91):%d/%m/%Y}" in mail.text


def test_of_an_agency_without_people_the_office_is_told_at_each_rung_and_not_each_day(
    office, monday
):
    make_assignment(agency=make_agency(name="Sở Không người"), due_on=monday + days(7))
    for day in range(5):
        play(monday + days(day))
    told = Mail.objects.filter(recipient=office.user).values_list("for_date", flat=True)
    assert sorted(told) == [monday, monday + days(4)]


def test_a_late_piece_of_work_climbs_to_head_office_and_leader(head, office, leader, monday):
    make_post(agency=head.agency, role=Role.OFFICER)
    work(head, monday)
    for day in (1, 2, 3, 4, 7, 8, 9, 10, 11, 14):
        play(monday + days(day))
    told = Reminder.objects.filter(kind=Kind.ESCALATION).values_list(
        "recipient", "step", "for_date"
    )
    assert set(told) == {
        (head.user_id, 3, monday + days(3)),
        (office.user_id, 5, monday + days(7)),
        (leader.user_id, 10, monday + days(14)),
    }
    assert "quá 7 ngày" in Mail.objects.get(recipient=office.user).text


def test_a_request_for_more_time_waits_for_the_leader_and_a_return_for_the_agency(
    head, office, leader, monday
):
    asked = work(head, monday + days(50))
    workflow.ask_extension(
        asked,
        by=head.user,
        now=at(2026, 10, 12, 9),
        reason="Chờ hướng dẫn",
        proposed_due_on=monday + days(70),
    )
    returned = work(head, monday + days(60))
    proof = [workflow.NewEvidence(document_number="1")]
    report(returned, by=head.user, done=True, evidence=proof, now=at(2026, 10, 12, 9))
    workflow.send_back(returned, by=office.user, now=at(2026, 10, 12, 10), reason="Thiếu bảng")
    play(monday + days(1))
    assert "xin gia hạn ngày 12/10/2026" in Mail.objects.get(recipient=leader.user).text
    letter = Mail.objects.get(recipient=head.user)
    assert "CHỜ ANH/CHỊ (1 việc)" in letter.text
    assert "bị trả lại ngày 12/10/2026" in letter.text
    report(returned, by=head.user, percent=90, now=at(2026, 10, 14, 9))
    play(monday + days(3))
    assert not Reminder.objects.filter(kind=Kind.RETURNED, step=3).exists()


def test_office_with_nothing_to_hear_gets_no_letter(head, office, monday):
    work(head, monday + days(5))
    play(monday)
    assert not Mail.objects.filter(recipient=office.user).exists()


def test_office_hears_nothing_of_bodies_that_are_asked(office, monday):
    front = make_agency(name="MTTQ tỉnh", is_requested=True)
    make_assignment(agency=front, due_on=monday - days(3), last_heard_on=monday - days(100))
    assert play(monday) == Counts()


def test_what_a_body_that_is_asked_has_reported_is_not_called_late_to_the_office(office, monday):
    front = make_agency(name="MTTQ tỉnh", is_requested=True)
    make_assignment(
        agency=front,
        due_on=monday - days(3),
        status=Status.REPORTED,
        last_heard_on=monday - days(5),
    )
    play(monday)
    text = Mail.objects.get(recipient=office.user).text
    assert "CHỜ ANH/CHỊ (1 việc)" in text
    assert "hạn 09/10/2026" in text
    assert "quá" not in text.lower()


def test_office_and_leader_hear_nothing_of_another_province(office, leader, monday):
    elsewhere = make_province(name="Sơn La", code="14")
    foreign = make_agency(name="Sở của tỉnh khác", province=elsewhere)
    make_assignment(agency=foreign, due_on=monday - days(3), status=Status.REPORTED)
    assert play(monday) == Counts()


def test_leader_gets_the_week_once_with_numerator_and_denominator(head, leader, plan, monday):
    work(head, monday - days(5), plan=plan, status=Status.DONE)
    work(head, monday - days(6), plan=plan)
    work(head, monday + days(40), plan=plan)
    play(monday)
    play(monday + days(1))
    mail = Mail.objects.get(recipient=leader.user)
    assert "149/KH-UBND" in mail.text
    assert "Việc đã đến hạn: hoàn thành 1/2 (50,0 %); quá hạn 1." in mail.text
    assert "Toàn kế hoạch: hoàn thành 1/3 việc." in mail.text
    assert "- Sở Nội vụ: 1 việc" in mail.text


def test_leader_hears_on_tuesday_when_nothing_ran_on_monday(head, leader, plan, monday):
    work(head, monday + days(40), plan=plan)
    play(monday - days(3))
    play(monday + days(1))
    told = Mail.objects.filter(recipient=leader.user).values_list("for_date", flat=True)
    assert set(told) == {monday - days(3), monday + days(1)}


def test_an_invented_plan_is_marked_in_the_letter(head, monday):
    plan = make_plan(status=PlanStatus.ACTIVE, is_illustrative=True, number="1/KH-UBND")
    work(head, monday, plan=plan)
    play(monday)
    assert "1/KH-UBND (minh họa)" in Mail.objects.get().text


def test_posts_in_a_province_and_in_what_it_was_made_from_make_one_letter(monday):
    new = make_province(name="Lào Cai", code="15")
    old = make_province(name="Yên Bái", code="15")
    merger = Succession.objects.create(
        kind=SuccessionKind.MERGE, happened_on=date(2025, 7, 1), ground="202/2025/QH15"
    )
    merger.old_provinces.add(old)
    merger.new_provinces.add(new)
    user = make_user()
    for province in (old, new):
        work(make_post(user=user, agency=make_agency(province=province)), monday)
    assert play(monday) == Counts(2, 1)
    assert Mail.objects.get().province == new


def test_posts_in_two_separate_provinces_make_two_letters_behind_two_walls(monday):
    user = make_user()
    for code, name in (("14", "Sơn La"), ("11", "Điện Biên")):
        agency = make_agency(province=make_province(name=name, code=code))
        work(make_post(user=user, agency=agency), monday)
    assert play(monday) == Counts(2, 2)
    assert Mail.objects.values("province").distinct().count() == 2


def test_planning_makes_as_many_queries_for_ten_as_for_one(head, office, leader, count_queries):
    first, second = date(2026, 10, 12), date(2026, 10, 19)
    plan = make_plan(status=PlanStatus.ACTIVE)

    def fill(day, count):
        for _number in range(count):
            task = make_task(plan=plan, lead_agency=head.agency)
            work(head, day, plan=plan, task=task)
            work(make_post(), day)
            work(head, day, status=Status.REPORTED, last_heard_on=day - days(5))

    play(first - days(7))
    fill(first, 1)
    for_one = count_queries(lambda: play(first))
    fill(second, 10)
    for_ten = count_queries(lambda: play(second))
    # The second planning runs on what the first left, too.
    assert for_ten == for_one


def test_an_idle_minute_costs_one_query(head, monday, count_queries):
    work(head, monday)
    play(monday)
    assert count_queries(lambda: planner.plan_day(monday, NOW)) == 1
