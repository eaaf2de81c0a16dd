"""The people and the work of a run under faults, and what has become of their letters.

python -m tests.faults.world make PEOPLE POISONED
python -m tests.faults.world tell
"""

import json
import sys
from datetime import timedelta

import django

GONE = "khong-con"  # the mail server knows nobody whose address begins so
PEOPLE_PER_AGENCY = 4


def make(people: int, poisoned: int) -> None:
    """A province in which each of `people` has one assignment due, and letters nobody can send."""
    from django.core.management import call_command
    from django.db import transaction
    from django.utils import timezone

    call_command("migrate", verbosity=0)
    today = timezone.localdate()
    with transaction.atomic():
        agencies = _staff(people, today)
        _work(agencies, today)
        _poison(poisoned, today)


def _staff(people, today):
    from simple_history.utils import bulk_create_with_history

    from agencies.models import Agency, Membership, User
    from agencies.states import AgencyKind, Role
    from tests.factories import make_province

    province = make_province()
    count = -(-people // PEOPLE_PER_AGENCY)
    agencies = bulk_create_with_history(
        [
            Agency(province=province, name=f"Sở số {number}", kind=AgencyKind.DEPARTMENT)
            for number in range(count)
        ],
        Agency,
        batch_size=500,
    )
    users = User.objects.bulk_create(
        User(email=_address(number), full_name=f"Người số {number}", password="!")
        for number in range(people)
    )
    posts = [
        Membership(
            user=user,
            agency=agencies[number // PEOPLE_PER_AGENCY],
            role=Role.HEAD,
            starts_on=today - timedelta(days=99),
        )
        for number, user in enumerate(users)
    ]
    bulk_create_with_history(posts, Membership, batch_size=500)
    return agencies


def _address(number):
    return f"{GONE if number % 50 == 49 else 'nguoi'}-{number}@laocai.example"


def _work(agencies, today):
    from simple_history.utils import bulk_create_with_history

    from plans.models import Assignment
    from plans.states import PlanStatus
    from tests.factories import make_plan, make_task

    # Overdue for some days: the clock may jump by a day without another rung coming.
    due_on = today - timedelta(days=3)
    plan = make_plan(status=PlanStatus.ACTIVE, year=today.year, number="149/KH-UBND")
    task = make_task(plan=plan, lead_agency=agencies[0], due_on=due_on)
    rows = [
        Assignment(
            task=task,
            plan=plan,
            province=plan.province,
            agency=agency,
            primary_component=task.primary_component,
            first_due_on=due_on,
            due_on=due_on,
            last_heard_on=today,
        )
        for agency in agencies
    ]
    bulk_create_with_history(rows, Assignment, batch_size=500)


def _poison(count, today):
    """Letters that cannot be written as a message at all."""
    from django.utils import timezone

    from agencies.models import Membership, User
    from plans.reminders import outbox
    from plans.reminders.models import Mail

    province = Membership.objects.select_related("agency")[0].agency.province
    for number in range(count):
        user = User.objects.create(email=f"doc-{number}@laocai.example", full_name="Thư hỏng")
        mail = Mail(
            province=province,
            recipient=user,
            to_email=f"a\x0b{number}@b.vn\r\nBcc: x@y.vn",
            for_date=today,
            subject="Tiêu đề\x0b",
            text="x",
            created_at=timezone.now(),
            next_try_at=timezone.now(),
        )
        mail.message_id = outbox.message_id(mail)
        mail.save()


def tell() -> None:
    """Print as JSON what the database says in the end."""
    from django.utils import timezone

    from agencies.models import Membership
    from papi_portal import checking
    from plans.models import Assignment
    from plans.reminders.models import Heartbeat, Mail, Reminder

    due = set(Assignment.objects.values_list("pk", "agency__memberships__user"))
    reminded = set(Reminder.objects.values_list("assignment", "recipient"))
    fields = ("message_id", "to_email", "state", "error", "attempt", "lost_count", "for_date")
    told = {
        "people": Membership.objects.count(),
        "due": len(due),
        "unreminded": len(due - reminded),
        "reminders": Reminder.objects.count(),
        "in_letters": Reminder.objects.filter(mail__isnull=False).count(),
        "letters": [
            {**row, "for_date": str(row["for_date"])} for row in Mail.objects.values(*fields)
        ],
        "alive": list(Heartbeat.objects.values_list("name", flat=True)),
        "breaches": [str(breach) for breach in checking.breaches(timezone.now(), is_quick=False)],
    }
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "make":
        make(int(sys.argv[2]), int(sys.argv[3]))
    else:
        tell()
