"""Reusable reads of plans, tasks, assignments and what happens to them."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from operator import add
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Max,
    OuterRef,
    Q,
    Value,
    When,
)

from agencies.access import rights_of
from agencies.models import AgencyGroup
from agencies.querysets import containing, valid_on
from plans.states import (
    ISSUED,
    OPEN,
    SOON_DAYS,
    UNREPORTED,
    Decision,
    EventKind,
    PlanStatus,
    Standing,
    Status,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from agencies.models import User
    from plans.models import Assignment, Event, Evidence, Extension, Plan, Task


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Issued plans of the person's provinces; drafts only for those who oversee them."""
        rights = rights_of(user)
        return self.filter(
            Q(province__in=rights.overseen_provinces)
            | Q(province__in=rights.provinces, status__in=ISSUED)
        )

    def active(self) -> Self:
        return self.filter(status=PlanStatus.ACTIVE)

    def to_carry_from(self) -> Self:
        """Plans that were given out, without the documents that amend them."""
        return self.filter(status__in=ISSUED, amends__isnull=True)

    def matching(self, folded: str) -> Self:
        """Plans in whose folded text every word of `folded` occurs, in any order."""
        return self.filter(containing(folded))

    def newest_first(self) -> Self:
        return self.order_by("-year", "-pk")

    def after(self, year: int, pk: int) -> Self:
        """Rows that follow the row (year, pk) in `newest_first` order."""
        return self.filter(Q(year__lt=year) | Q(year=year, pk__lt=pk))


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All tasks of overseen provinces; of others those the person's agency takes part in."""
        rights = rights_of(user)
        involved = Q(Exists(_assignments_of(rights.agencies, task=OuterRef("pk")))) | Q(
            Exists(_support_of(rights.agencies, task=OuterRef("pk")))
        )
        is_issued = Q(plan__status__in=ISSUED)
        return self.filter(Q(plan__province__in=rights.overseen_provinces) | (is_issued & involved))

    def matching(self, folded: str) -> Self:
        return self.filter(containing(folded))

    def in_order(self) -> Self:
        return self.order_by("position", "pk")

    def after(self, position: int, pk: int) -> Self:
        """Rows that follow the row (position, pk) in the order of `in_order`."""
        return self.filter(Q(position__gt=position) | Q(position=position, pk__gt=pk))

    def of_dimension(self, key: str) -> Self:
        """Tasks that serve the dimension `key` ("D1" to "D8"), or all of them ("chung")."""
        if key == "chung":
            return self.filter(is_cross_cutting=True)
        return self.filter(components__stable_key=key)

    def with_progress(self, today: date) -> Self:
        """Add counts of the assignments of each task: `assigned`, `done`, `waiting`, `overdue`."""

        def count(**conditions: Any) -> Count:
            return Count("assignments", filter=Q(**conditions), distinct=True)

        return self.annotate(
            assigned=Count(
                "assignments", filter=~Q(assignments__status=Status.CANCELLED), distinct=True
            ),
            done=count(assignments__status=Status.DONE),
            waiting=count(assignments__status=Status.REPORTED),
            started=count(assignments__has_reported=True),
            overdue=count(
                assignments__status__in=OPEN,
                assignments__due_on__lt=today,
                assignments__agency__is_requested=False,
            ),
            latest_due_on=Max("assignments__due_on"),
        )

    def inferred(self) -> Self:
        """Tasks of whose deadline something was guessed: the year, an estimate, a doubt."""
        return self.filter(is_deadline_inferred=True).in_order()

    def incomplete(self, day: date) -> Self:
        """Tasks that lack a name, a lead, a dimension or a deadline that was understood.

        Adds `has_lead`: a group leads only if one of its members existed on `day`.
        """
        members = AgencyGroup.members.through.objects.filter(
            valid_on(day, "agency__"), agencygroup=OuterRef("lead_group")
        )
        leads = Q(lead_agency__isnull=False) | Q(Exists(members))
        lacks_dimension = Q(primary_component__isnull=True, is_cross_cutting=False)
        return self.annotate(
            has_lead=ExpressionWrapper(leads, output_field=models.BooleanField())
        ).filter(Q(has_lead=False) | lacks_dimension | Q(deadline_kind="") | Q(name=""))


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All of overseen provinces; of others what the person's agency leads or supports."""
        rights = rights_of(user)
        return self.filter(
            Q(province__in=rights.overseen_provinces)
            | Q(agency__in=rights.agencies)
            | Q(task__in=_tasks_supported_by(rights.agencies))
        )

    def in_active_plans(self) -> Self:
        return self.filter(plan__status=PlanStatus.ACTIVE)

    def led_by(self, agencies: frozenset[int]) -> Self:
        return self.filter(agency__in=agencies)

    def supported_by(self, agencies: frozenset[int]) -> Self:
        """What these agencies support and do not themselves lead."""
        supported = _tasks_supported_by(agencies)
        return self.filter(task__in=supported).exclude(agency__in=agencies)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def unreported(self) -> Self:
        """Open, and it is the agency's turn."""
        return self.filter(status__in=UNREPORTED)

    def waiting(self) -> Self:
        """Reported as done, and it is the office's turn."""
        return self.filter(status=Status.REPORTED)

    def overdue(self, today: date) -> Self:
        """Open assignments whose due date has passed; one due `today` is not overdue."""
        return self.filter(status__in=OPEN, due_on__lt=today)

    def silent(self, today: date) -> Self:
        """Open assignments of which nothing was heard for more than SILENT_AFTER_DAYS days."""
        heard_before = today - timedelta(days=settings.SILENT_AFTER_DAYS)
        return self.filter(status__in=UNREPORTED, last_heard_on__lt=heard_before)

    def orderable(self) -> Self:
        """Without bodies that are asked and not ordered: these are never named as late."""
        return self.filter(agency__is_requested=False)

    def requested(self) -> Self:
        """What bodies outside the order of the People's Committee are asked to do."""
        return self.filter(agency__is_requested=True)

    def matching(self, folded: str) -> Self:
        """Assignments in whose task's folded text every word of `folded` occurs."""
        return self.filter(containing(folded, "task__search_text"))

    def for_lists(self) -> Self:
        """With everything a line of a list shows, in one query."""
        return self.select_related("task", "plan", "agency", "primary_component")

    def by_due_date(self) -> Self:
        """Earliest due date first, without a date last; (due_on, pk) is the paging key."""
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")

    def after(self, due_on: date | None, pk: int) -> Self:
        """Rows that follow the row (due_on, pk) in `by_due_date` order."""
        if due_on is None:
            return self.filter(due_on__isnull=True, pk__gt=pk)
        return self.filter(
            Q(due_on__gt=due_on) | Q(due_on=due_on, pk__gt=pk) | Q(due_on__isnull=True)
        )

    def urgency_counts(self, today: date) -> dict[str, int]:
        """How many are overdue, due in 7 days, later, without a date, and waiting; one query."""
        is_turn = Q(status__in=UNREPORTED)
        week = today + timedelta(days=SOON_DAYS - 1)
        return self.aggregate(
            overdue=Count("pk", filter=is_turn & Q(due_on__lt=today)),
            this_week=Count("pk", filter=is_turn & Q(due_on__gte=today, due_on__lte=week)),
            later=Count("pk", filter=is_turn & Q(due_on__gt=week)),
            without_date=Count("pk", filter=is_turn & Q(due_on__isnull=True)),
            waiting=Count("pk", filter=Q(status=Status.REPORTED)),
        )

    def with_standing(self, today: date) -> Self:
        """Add `standing`, what states.standing says of each row on `today`."""
        return self.annotate(
            standing=Case(
                When(status=Status.CANCELLED, then=Value(Standing.CANCELLED)),
                When(status=Status.DONE, due_on__isnull=True, then=Value(Standing.DONE_NO_DUE)),
                When(status=Status.DONE, done_on__gt=F("due_on"), then=Value(Standing.DONE_LATE)),
                When(status=Status.DONE, then=Value(Standing.DONE_ON_TIME)),
                When(due_on__isnull=True, then=Value(Standing.NO_DUE)),
                When(due_on__lt=today, then=Value(Standing.OVERDUE)),
                When(status=Status.NOT_STARTED, then=Value(Standing.NOT_STARTED)),
                default=Value(Standing.DOING),
                output_field=models.CharField(),
            )
        )

    def of_standing(self, standing: str, today: date) -> Self:
        return self.with_standing(today).filter(Q(("standing", standing)))

    def tally(self, today: date) -> Tally:
        """All rows counted by standing; one query."""
        return self.tally_by(Value(0), today).get(0, Tally())

    def tally_by(self, key: str | Value, today: date) -> dict[Any, Tally]:
        """Rows counted by standing for each value of `key` (a column); one query."""
        group = F(key) if isinstance(key, str) else key
        is_past_due = Q(due_on__lt=today)
        counts = (
            self.order_by()
            .with_standing(today)
            .annotate(tally_key=group)
            .values("tally_key", "standing")
            .annotate(
                rows=Count("pk"),
                past_due=Count("pk", filter=is_past_due),
                waiting=Count("pk", filter=Q(status=Status.REPORTED)),
            )
        )
        by_key: dict[Any, list[dict[str, Any]]] = {}
        for count in counts:
            by_key.setdefault(count["tally_key"], []).append(dict(count))
        return {key: Tally.of(rows) for key, rows in by_key.items()}


@dataclass(frozen=True)
class Tally:
    """Assignments counted by standing. The parts add up to `assigned`; cancelled ones are apart.

    `due` are those whose date has passed, `due_done` those of them that are done; so
    due = due_done + overdue, and the rate to print is due_done / due.
    """

    done_on_time: int = 0
    done_late: int = 0
    done_no_due: int = 0
    doing: int = 0
    not_started: int = 0
    overdue: int = 0
    no_due: int = 0
    cancelled: int = 0
    waiting: int = 0
    due: int = 0

    @classmethod
    def of(cls, rows: list[dict[str, Any]]) -> Tally:
        """From rows with `standing`, `rows`, `past_due` and `waiting` counts."""
        by_standing: dict[str, int] = {}
        for row in rows:
            by_standing[row["standing"]] = by_standing.get(row["standing"], 0) + row["rows"]
        is_live = [row for row in rows if row["standing"] != Standing.CANCELLED]
        return cls(
            **by_standing,
            waiting=sum(row["waiting"] for row in is_live),
            due=sum(row["past_due"] for row in is_live),
        )

    def __add__(self, other: Tally) -> Tally:
        return Tally(*map(add, astuple(self), astuple(other)))

    @property
    def done(self) -> int:
        return self.done_on_time + self.done_late + self.done_no_due

    @property
    def unfinished(self) -> int:
        return self.doing + self.not_started + self.overdue + self.no_due

    @property
    def assigned(self) -> int:
        return self.done + self.unfinished

    @property
    def due_done(self) -> int:
        return self.due - self.overdue

    @property
    def due_percent(self) -> float | None:
        """due_done / due in percent, None while nothing has come due."""
        return 100 * self.due_done / self.due if self.due else None


class EventQuerySet(models.QuerySet["Event"]):
    def open_directions(self) -> Self:
        """Directions of leaders that nobody has answered yet."""
        return self.filter(kind=EventKind.DIRECTION, answer__isnull=True)

    def by_documents_since(self, moment: datetime) -> Self:
        """What documents did to work since `moment`, newest first; new work tells of itself."""
        rows = self.filter(document__isnull=False, happened_at__gte=moment)
        return rows.exclude(kind=EventKind.CREATED).order_by("-happened_at", "-pk")

    def with_details(self) -> Self:
        """Newest first, with the report, its evidence, the extension, the person and the answer."""
        return (
            self.select_related("by", "report", "extension", "answer", "document")
            .prefetch_related("report__evidence")
            .order_by("-happened_at", "-pk")
        )


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        from plans.models import Assignment

        return self.filter(assignment__in=Assignment.objects.visible_to(user))


class ExtensionQuerySet(models.QuerySet["Extension"]):
    def waiting(self) -> Self:
        return self.filter(decision=Decision.WAITING)

    def decidable_by(self, user: User | AnonymousUser) -> Self:
        """Requests in the provinces that the person leads."""
        return self.filter(assignment__province__in=rights_of(user).leader_provinces)


def _assignments_of(agencies: frozenset[int], task: OuterRef) -> models.QuerySet[Assignment]:
    from plans.models import Assignment

    return Assignment.objects.filter(task=task, agency__in=agencies).order_by()


def _support_of(agencies: frozenset[int], task: OuterRef) -> models.QuerySet[Any]:
    from plans.models import Task

    return Task.supporters.through.objects.filter(task_id=task, agency_id__in=agencies)


def _tasks_supported_by(agencies: frozenset[int]) -> models.QuerySet[Any]:
    """Keys of tasks: found once and looked up by index, where EXISTS would ask for every row."""
    from plans.models import Task

    return Task.supporters.through.objects.filter(agency_id__in=agencies).values("task_id")
