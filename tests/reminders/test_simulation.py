"""Four hundred days of a province: what is sent is what a naive reading of the rules expects."""

import os
import random
from contextlib import suppress
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agencies.models import Membership, User
from agencies.states import Role
from plans import workflow
from plans.models import Assignment, Extension
from plans.reminders import planner
from plans.reminders.models import (
    CalendarDay,
    CalendarDecision,
    Leave,
    Mail,
    PlannedDay,
    ProvinceLadder,
    Reminder,
)
from plans.states import PlanStatus
from tests.factories import at, make_agency, make_assignment, make_plan, make_post, report
from tests.reminders import naive
from tests.reminders.mornings import deliver

pytestmark = pytest.mark.django_db

FIRST_DAY = date(2026, 1, 5)
DAYS = int(os.environ.get("SIMULATED_DAYS", "400"))
EXAMPLES = int(os.environ.get("SIMULATIONS", "1"))
PROOF = (workflow.NewEvidence(document_number="1/BC"),)


class World:
    """A small province and what may happen in it on a day."""

    def __init__(self, chance):
        self.chance = chance
        self.agencies = [make_agency() for _number in range(3)]
        self.agencies.append(make_agency(is_requested=True))
        self.province = self.agencies[0].province
        self.office = make_post(role=Role.OFFICE, agency=make_agency())
        self.leader = make_post(role=Role.LEADER, agency=make_agency())
        for agency in self.agencies:
            make_post(role=Role.HEAD, agency=agency)
            make_post(role=Role.OFFICER, agency=agency)
        dates = {"period_start": FIRST_DAY, "period_end": date(2027, 12, 31), "year": 2026}
        self.plans = [make_plan(status=PlanStatus.ACTIVE, **dates) for _number in range(2)]
        self.acts = [
            *(self.give_work, self.give_work, self.give_work, self.give_work),
            *(self.report, self.report, self.complete, self.complete),
            *(self.confirm, self.send_back, self.ask, self.decide, self.decide),
            *(self.appoint, self.end_post, self.lock, self.leave, self.leave),
            *(self.close_day, self.change_ladder, self.hand_over, self.cancel, self.dismiss),
            self.ask_or_order,
        ]

    def one(self, rows):
        rows = list(rows.order_by("pk"))
        return self.chance.choice(rows) if rows else None

    def happen(self, now):
        act = self.chance.choice(self.acts)
        with suppress(workflow.WorkflowError):
            act(now, now.date())

    def give_work(self, now, today):
        if Assignment.objects.open().count() < 12:
            make_assignment(
                agency=self.chance.choice(self.agencies),
                plan=self.chance.choice(self.plans),
                due_on=today + timedelta(days=self.chance.randint(-40, 60)),
                last_heard_on=today,
            )

    def report(self, now, today):
        if row := self.one(Assignment.objects.unreported()):
            report(row, by=self.office.user, percent=self.chance.randint(1, 99), now=now)

    def complete(self, now, today):
        if row := self.one(Assignment.objects.unreported()):
            report(row, by=self.office.user, done=True, evidence=PROOF, now=now)

    def confirm(self, now, today):
        if row := self.one(Assignment.objects.waiting()):
            workflow.confirm(row, by=self.office.user, now=now)

    def send_back(self, now, today):
        if row := self.one(Assignment.objects.waiting()):
            workflow.send_back(row, by=self.office.user, now=now, reason="Thiếu")

    def cancel(self, now, today):
        if self.chance.random() < 0.2 and (row := self.one(Assignment.objects.open())):
            workflow.cancel(row, by=self.office.user, now=now, reason="Theo văn bản")

    def ask(self, now, today):
        if (row := self.one(Assignment.objects.unreported())) and row.due_on:
            later = row.due_on + timedelta(days=self.chance.randint(1, 50))
            workflow.ask_extension(
                row, by=self.office.user, now=now, reason="Chờ", proposed_due_on=later
            )

    def decide(self, now, today):
        if row := self.one(Extension.objects.waiting()):
            is_approved = self.chance.random() < 0.7
            workflow.decide_extension(
                row, is_approved=is_approved, by=self.leader.user, now=now, note="Không"
            )

    def appoint(self, now, today):
        """Somebody new, from a day before or after; or another post for one who is there."""
        user = None
        if self.chance.random() < 0.3:
            user = self.one(User.objects.filter(is_active=True))
        agency = self.chance.choice(self.agencies)
        role = self.chance.choice([Role.HEAD, Role.OFFICER, Role.OFFICE, Role.LEADER])
        if Membership.objects.filter(user=user, agency=agency, role=role).exists():
            return
        starts_on = today + timedelta(days=self.chance.randint(-20, 20))
        make_post(role=role, agency=agency, user=user, starts_on=starts_on)

    def end_post(self, now, today):
        if post := self.one(Membership.objects.filter(ends_on=None)):
            post.ends_on = max(post.starts_on, today + timedelta(days=self.chance.randint(-5, 5)))
            post.save()

    def dismiss(self, now, today):
        self.end_post(now, today)

    def lock(self, now, today):
        if user := self.one(User.objects.all()):
            user.is_active = not user.is_active or self.chance.random() < 0.5
            user.save()

    def leave(self, now, today):
        users = [self.one(User.objects.all()) for _number in range(2)]
        if users[0] != users[1]:
            starts_on = today + timedelta(days=self.chance.randint(-3, 10))
            Leave.objects.create(
                user=users[0],
                delegate=users[1],
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=self.chance.randint(0, 30)),
                entered_by=self.office.user,
                entered_at=now,
            )

    def close_day(self, now, today):
        day = today + timedelta(days=self.chance.randint(-3, 15))
        if not CalendarDay.objects.filter(day=day).exists():
            decision, _made = CalendarDecision.objects.get_or_create(
                province=self.province,
                number="1/QĐ",
                year=2026,
                defaults={"entered_by": self.office.user, "entered_at": now},
            )
            decision.days.create(
                province=self.province, day=day, is_working=self.chance.random() < 0.4
            )

    def change_ladder(self, now, today):
        plan = self.chance.choice([None, *self.plans])
        ProvinceLadder.objects.filter(plan=plan).delete()
        if self.chance.random() < 0.3:
            return
        own = ProvinceLadder.objects.create(
            province=self.province, plan=plan, changed_by=self.office.user, changed_at=now
        )
        for kind in ("due", "overdue", "escalation", "silence", "waiting", "extension", "returned"):
            for days in self.chance.sample(range(25), self.chance.randint(0, 3)):
                repeats = kind not in ("due", "returned") and self.chance.random() < 0.4
                whom = self.chance.choice(["officer", "head", "office", "leader"])
                also = self.chance.choice(["officer", "head", "office", "leader"])
                own.rungs.create(
                    kind=kind,
                    days=days,
                    unit=self.chance.choice(["day", "working_day"]),
                    repeat_days=self.chance.randint(1, 12) if repeats else 0,
                    **{f"is_for_{whom}": True, f"is_for_{also}": True},
                )

    def ask_or_order(self, now, today):
        """A body turns out to stand outside the order of the People's Committee, or inside."""
        agency = self.chance.choice(self.agencies)
        agency.is_requested = not agency.is_requested
        agency.save()

    def hand_over(self, now, today):
        """An agency is succeeded by another, which takes its open work over."""
        old, new = self.chance.sample(self.agencies[:3], 2)
        rows = list(Assignment.objects.open().filter(agency=old))
        if rows and self.chance.random() < 0.3:
            order = workflow.Order(self.office.user, now)
            workflow.hand_over_all(rows, new, order, text="Theo nghị quyết")


def simulate(seed):
    chance = random.Random(seed)
    with time_machine.travel(at(2026, 1, 4), tick=False):
        world = World(chance)
        for _number in range(6):
            world.give_work(at(2026, 1, 4), FIRST_DAY)
    told, waiting = set(), set()
    is_out_until = is_mail_away_until = FIRST_DAY
    for number in range(DAYS):
        today = FIRST_DAY + timedelta(days=number)
        early = at(today.year, today.month, today.day, 6)
        with time_machine.travel(early, tick=False):
            if chance.random() < 0.2:
                world.happen(early)
        if chance.random() < 0.05:
            is_out_until = today + timedelta(days=chance.randint(1, 12))
        if chance.random() < 0.05:
            is_mail_away_until = today + timedelta(days=chance.randint(1, 9))
        if today >= is_out_until:
            planned = compare(today, told)
            # The letters of a working day take the place of all that wait.
            waiting = planned if naive.calendar()(today) else waiting
        if today >= is_mail_away_until:
            deliver(today)
            told |= waiting
            waiting = set()
        late = at(today.year, today.month, today.day, 15)
        with time_machine.travel(late, tick=False):
            for _act in range(chance.choice([0, 0, 1, 1, 2])):
                world.happen(late)
    assert Mail.objects.count() > DAYS // 5
    assert PlannedDay.objects.exclude(finished_at=None).exists()
    return len(told)


def compare(today, told):
    """Plan the day and look at what was written; return it."""
    expected = naive.told_on(today) - told
    morning = at(today.year, today.month, today.day, 7)
    with time_machine.travel(morning, tick=False):
        planner.plan_day(today, morning)
        assert planner.plan_day(today, morning) == planner.Counts()
    sent = set(Reminder.objects.filter(for_date=today).values_list(*Reminder.KEY))
    assert sent == expected, f"{today}: missing {expected - sent}, too much {sent - expected}"
    letters = Mail.objects.filter(for_date=today).values_list("recipient_id", flat=True)
    assert not sent or not Mail.objects.open().filter(for_date__lt=today).exists()
    assert {person for _row, person, *_rest in sent} <= set(letters)
    assert len(set(letters)) == len(letters)
    return sent


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    # A smaller seed is no simpler story.
    phases=[Phase.generate],
    derandomize=EXAMPLES == 1,
    suppress_health_check=list(HealthCheck),
)
@given(seed=st.integers(0, 2**32))
def test_over_400_days_exactly_what_is_expected_is_sent(seed):
    with transaction.atomic():
        assert simulate(seed) > DAYS // 2
        transaction.set_rollback(True)
