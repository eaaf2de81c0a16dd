"""Days off and days worked that the decisions of an authority make of others."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies.models import Province


class CalendarDecision(models.Model):
    """A document that closes offices on some days or has others worked in exchange."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="calendar_decisions")
    number = models.CharField(_("số văn bản"), max_length=60)
    year = models.PositiveSmallIntegerField(_("năm"))
    # The yearly one on holidays: it is missed when October comes without it.
    is_yearly = models.BooleanField(_("lịch nghỉ lễ, Tết của cả năm"), default=False)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("nhập lúc"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("quyết định về ngày nghỉ")
        verbose_name_plural = _("quyết định về ngày nghỉ")
        ordering: ClassVar = ["-year", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["province", "year", "number"], name="reminders_decision_unique"
            )
        ]

    def __str__(self) -> str:
        return self.number


class CalendarDay(models.Model):
    """A day that a decision makes a day off, or a working day."""

    decision = models.ForeignKey(CalendarDecision, models.CASCADE, related_name="days")
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    day = models.DateField(_("ngày"))
    is_working = models.BooleanField(_("làm việc"))

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("ngày nghỉ, ngày làm bù")
        verbose_name_plural = _("ngày nghỉ, ngày làm bù")
        ordering: ClassVar = ["day"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["province", "day"], name="reminders_day_unique")
        ]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}"
