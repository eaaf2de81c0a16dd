"""Secret addresses under which calendar programs read work and its due dates."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from plans.models import Plan
from plans.reminders.querysets import CalendarFeedQuerySet


class CalendarFeed(models.Model):
    """One address of one person: for the own work, or for what the person may see of a plan.

    Only the SHA-256 of the token is kept, so nobody can read the address again. Another token
    in its place ends the old address.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="feeds")
    # A draft may be deleted, and its calendar with it.
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, blank=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("tạo lúc"))

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("địa chỉ lịch")
        verbose_name_plural = _("địa chỉ lịch")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "plan"], name="reminders_feed_of_plan"),
            models.UniqueConstraint(
                fields=["owner"], condition=Q(plan__isnull=True), name="reminders_feed_of_own_work"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.plan_id or '-'}"
