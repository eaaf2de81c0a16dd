"""One agency's duty to deliver one task for one period: the row everything acts on."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies.models import Agency, Province
from indicators.models import Component
from plans.models.plan import Plan
from plans.models.task import Task
from plans.querysets import AssignmentQuerySet
from plans.states import OPEN, Status

# A list, for a constraint is written into a migration and must come out in one order.
OPEN_VALUES = sorted(str(status) for status in OPEN)
IS_OPEN = Q(status__in=OPEN_VALUES)


class Assignment(models.Model):
    """Agency × task × period. `plan`, `province` and `primary_component` repeat the task's.

    They are repeated so that every list and count reads one table by one index. Dates are days
    in Asia/Ho_Chi_Minh: what is due on a day is overdue from 00:00 of the next.
    """

    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="assignments")
    province = models.ForeignKey(Province, models.PROTECT, related_name="assignments")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="assignments")
    primary_component = models.ForeignKey(
        Component, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    # "Quý III/2021" for a recurring task, empty for one that is done once.
    period_label = models.CharField(_("kỳ"), max_length=40, blank=True)
    starts_on = models.DateField(_("từ ngày"), null=True, blank=True)
    first_due_on = models.DateField(_("hạn ban đầu"), null=True, blank=True, editable=False)
    due_on = models.DateField(_("hạn"), null=True, blank=True)
    status = models.CharField(
        _("trạng thái"), max_length=12, choices=Status, default=Status.NOT_STARTED
    )
    percent_done = models.PositiveSmallIntegerField(_("tiến độ, %"), default=0)
    # The day the agency said it was done, once that was confirmed.
    done_on = models.DateField(_("ngày hoàn thành"), null=True, blank=True)
    # The day of the last report, before the first one the day of assignment: silence counts
    # from here.
    last_heard_on = models.DateField(_("cập nhật gần nhất"))
    last_said = models.CharField(_("lời báo cáo gần nhất"), max_length=300, blank=True)
    has_reported = models.BooleanField(_("đã từng báo cáo"), default=False)
    # The stopped work of the agency that had the task before.
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AssignmentQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("phần việc được giao")
        verbose_name_plural = _("phần việc được giao")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["task", "agency", "period_label"], name="plans_assignment_unique"
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="plans_assignment_status_known"
            ),
            models.CheckConstraint(
                condition=Q(percent_done__gte=0, percent_done__lte=100),
                name="plans_assignment_percent_range",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=Status.DONE, done_on__isnull=False, percent_done=100)
                    | (~Q(status=Status.DONE) & Q(done_on__isnull=True))
                ),
                name="plans_assignment_done_is_dated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["agency", "due_on", "id"],
                condition=IS_OPEN,
                name="plans_assignment_open_agency",
            ),
            models.Index(fields=["due_on", "id"], condition=IS_OPEN, name="plans_assignment_open"),
            models.Index(
                fields=["province", "due_on"],
                condition=IS_OPEN,
                name="plans_assignment_open_prov",
            ),
            models.Index(fields=["plan", "status"], name="plans_assignment_plan"),
            # Silence, and what waits for confirmation, count from here. Not by status first: SQLite
            # without statistics would then take this index for whatever asks for a status.
            models.Index(fields=["last_heard_on", "status"], name="plans_assignment_heard"),
            # The order of every list, done or not: PostgreSQL stops after the rows of a page.
            # SQLite does so only once it has statistics (ANALYZE).
            models.Index(fields=["due_on", "id"], name="plans_assignment_due"),
        ]

    def __str__(self) -> str:
        return f"{self.agency_id}: {self.task_id} {self.period_label}".strip()

    def get_absolute_url(self) -> str:
        return reverse("plans:assignment", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def was_extended(self) -> bool:
        return self.first_due_on != self.due_on

    def is_overdue(self, today: date) -> bool:
        """Open and due before `today`; what is due `today` is not overdue."""
        return self.is_open and self.due_on is not None and self.due_on < today

    def days_overdue(self, today: date) -> int:
        """Full days since the due date, 0 if it is not overdue."""
        return (today - self.due_on).days if self.due_on and self.is_overdue(today) else 0
