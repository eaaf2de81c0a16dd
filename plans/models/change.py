"""What a document changed in a plan: one line per column, written once, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plans.models.plan import Plan
from plans.models.task import Task
from plans.states import ChangeKind


class Change(models.Model):
    """The old and the new words of one column of a task; without a task, of the plan's head.

    A task that was added or stopped has one line without a column.
    """

    amendment = models.ForeignKey(Plan, models.PROTECT, related_name="changes")
    task = models.ForeignKey(Task, models.PROTECT, null=True, blank=True, related_name="changes")
    kind = models.CharField(_("việc"), max_length=8, choices=ChangeKind)
    column = models.CharField(_("cột"), max_length=20, blank=True)
    old = models.CharField(_("chữ cũ"), max_length=1000, blank=True)
    new = models.CharField(_("chữ mới"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("nội dung sửa đổi")
        verbose_name_plural = _("nội dung sửa đổi")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=ChangeKind.values), name="plans_change_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=ChangeKind.CHANGED) | Q(task__isnull=False, column=""),
                name="plans_change_of_a_task",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.column}".strip()
