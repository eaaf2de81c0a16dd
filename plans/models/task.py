"""What a plan says is to be done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies.fields import FoldedField
from agencies.models import Agency, AgencyGroup
from indicators.models import Component
from plans.models.plan import Plan
from plans.querysets import TaskQuerySet
from plans.states import DeadlineKind, Recurrence


class Task(models.Model):
    """One task of a plan: the words of the paper beside what the portal understood of them.

    While the plan is a draft the `*_text` columns keep whatever was typed, understood or not;
    the parsed columns beside them are empty until it is understood.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    position = models.PositiveIntegerField(_("thứ tự"))
    number_in_plan = models.CharField(_("số thứ tự"), max_length=20, blank=True)
    name = models.CharField(_("nhiệm vụ"), max_length=1000)
    product = models.CharField(_("sản phẩm"), max_length=500, blank=True)
    needs_evidence = models.BooleanField(_("cần tài liệu kiểm chứng"), default=True)

    dimensions_text = models.CharField(_("nội dung PAPI"), max_length=300, blank=True)
    components = models.ManyToManyField(Component, related_name="tasks", blank=True)
    # The first of `components`; empty for a task that serves all of them.
    primary_component = models.ForeignKey(
        Component, models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_cross_cutting = models.BooleanField(_("nhiệm vụ chung"), default=False)

    lead_text = models.CharField(_("chủ trì"), max_length=300, blank=True)
    lead_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="led_tasks"
    )
    lead_group = models.ForeignKey(
        AgencyGroup, models.PROTECT, null=True, blank=True, related_name="led_tasks"
    )
    supporters_text = models.CharField(_("phối hợp"), max_length=1000, blank=True)
    # Members of supporting groups are written out here.
    supporters = models.ManyToManyField(Agency, related_name="supported_tasks", blank=True)

    deadline_text = models.CharField(_("thời hạn"), max_length=300, blank=True)
    deadline_kind = models.CharField(max_length=10, choices=DeadlineKind, blank=True)
    starts_on = models.DateField(_("từ ngày"), null=True, blank=True)
    due_on = models.DateField(_("hạn"), null=True, blank=True)
    recurrence = models.CharField(max_length=12, choices=Recurrence, blank=True)
    is_deadline_inferred = models.BooleanField(default=False)

    # The task that this one was copied from: of an earlier plan, or of the plan it amends.
    origin = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="copies")
    # Unfinished work taken along, not merely the same task set again.
    is_carried_over = models.BooleanField(_("chuyển tiếp"), default=False)
    # The open work of `origin` stops when this task is given out.
    ends_origin = models.BooleanField(_("dừng việc cũ"), default=False)
    # The document that stopped the task; its text stays as it was.
    stopped_by = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="stopped_tasks"
    )

    # Made by the page for a new row, so that a row sent twice is still one row.
    row_key = models.UUIDField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    search_text = FoldedField(sources=("number_in_plan", "name", "product"))

    objects = TaskQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("nhiệm vụ")
        verbose_name_plural = _("nhiệm vụ")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "row_key"], name="plans_task_row_once"),
            models.CheckConstraint(
                condition=Q(lead_agency__isnull=True) | Q(lead_group__isnull=True),
                name="plans_task_one_lead",
            ),
            models.CheckConstraint(
                condition=Q(deadline_kind__in=DeadlineKind.values),
                name="plans_task_deadline_kind_known",
            ),
            models.CheckConstraint(
                condition=~Q(deadline_kind__in=[DeadlineKind.DATE, DeadlineKind.PERIOD])
                | Q(due_on__isnull=False),
                name="plans_task_date_has_due",
            ),
            models.CheckConstraint(
                condition=Q(origin__isnull=False) | Q(is_carried_over=False, ends_origin=False),
                name="plans_task_carried_from_somewhere",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "position", "id"], name="plans_task_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.number_in_plan} {self.name}".strip()

    def get_absolute_url(self) -> str:
        return reverse("plans:task", args=[self.pk])

    @property
    def number(self) -> str:
        """The number that the plan prints, else the place of the task in it."""
        return self.number_in_plan or str(self.position)
