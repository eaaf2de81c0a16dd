"""What was said and asked about the assignments of the invented province."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from plans.models import Assignment, Event, Evidence, Extension, Plan, ProgressReport
from plans.reminders.models import Notice
from plans.states import OPEN, EventKind, Status
from tests.bench.province import World, moment

NOTICES_PER_PERSON = 20


@transaction.atomic
def add(world: World, plans: Sequence[Plan], today: date) -> None:
    """Reports with evidence, events, requests for more time and directions."""
    chance = random.Random(7)
    rows = list(Assignment.objects.filter(plan__in=plans).order_by("pk"))
    created = moment(today - timedelta(days=400))
    events = [
        Event(assignment=row, kind=EventKind.CREATED, by=world.office, happened_at=created)
        for row in rows
    ]
    events += _reports(world, rows, chance)
    events += _requests(world, rows, today, chance)
    events += [
        Event(
            assignment=row,
            kind=EventKind.DIRECTION,
            by=world.leader,
            text="Yêu cầu làm rõ nguyên nhân chậm.",
            happened_at=moment(today - timedelta(days=5)),
        )
        for row in rows
        if row.is_overdue(today) and chance.random() < 0.05
    ]
    Event.objects.bulk_create(events)


def _reports(world: World, rows: list[Assignment], chance: random.Random) -> list[Event]:
    """One to three reports of work in progress, a last one with evidence of what is done."""
    reports = []
    for row in rows:
        if not row.has_reported:
            continue
        count = chance.randint(1, 3)
        is_complete = row.status in {Status.REPORTED, Status.DONE}
        for number in range(count):
            is_last = is_complete and number == count - 1
            reports.append(
                ProgressReport(
                    assignment=row,
                    by=world.heads[row.agency_id],
                    reported_at=moment(row.last_heard_on - timedelta(days=14 * (count - number))),
                    percent_done=100 if is_last else min(row.percent_done, 20 * (number + 1)),
                    is_completion=is_last,
                    text="Đã làm xong ở hơn nửa số đơn vị, các đơn vị còn lại đang làm.",
                )
            )
    made = ProgressReport.objects.bulk_create(reports)
    Evidence.objects.bulk_create(
        Evidence(
            assignment=report.assignment,
            report=report,
            document_number=f"{report.pk}/BC-SCN",
            by=report.by,
            added_at=report.reported_at,
        )
        for report in made
        if report.is_completion or chance.random() < 0.2
    )
    return [
        Event(
            assignment=report.assignment,
            kind=EventKind.REPORT,
            by=report.by,
            happened_at=report.reported_at,
            report=report,
        )
        for report in made
    ]


def _requests(
    world: World, rows: list[Assignment], today: date, chance: random.Random
) -> list[Event]:
    made = Extension.objects.bulk_create(
        Extension(
            assignment=row,
            asked_by=world.heads[row.agency_id],
            asked_at=moment(today - timedelta(days=3)),
            reason="Chờ hướng dẫn của Bộ.",
            old_due_on=row.due_on,
            proposed_due_on=row.due_on + timedelta(days=120),
        )
        for row in rows
        if row.status in OPEN and row.due_on and chance.random() < 0.025
    )
    return [
        Event(
            assignment=extension.assignment,
            kind=EventKind.EXTENSION_ASKED,
            by=extension.asked_by,
            happened_at=extension.asked_at,
            extension=extension,
        )
        for extension in made
    ]


def add_notices(world: World, today: date) -> None:
    people = [*world.heads.values(), world.office, world.leader]
    Notice.objects.bulk_create(
        Notice(
            recipient=user,
            text="3 việc đến hạn trong 7 ngày",
            url="/viec-cua-toi/",
            created_at=moment(today - timedelta(days=number)),
            read_at=moment(today) if number > 4 else None,
        )
        for user in people
        for number in range(NOTICES_PER_PERSON)
    )
