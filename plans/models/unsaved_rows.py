"""What somebody typed into the grid of a plan and has not saved yet."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from plans.models.plan import Plan


class UnsavedRows(models.Model):
    """Cells a person was typing when the page was lost, one row per person and plan; no history."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="unsaved_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # JSON of the page's own; ASCII, so that no database refuses a character.
    content = models.TextField()
    typed_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "user"], name="plans_unsaved_rows_once")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id}, {self.user_id}"
