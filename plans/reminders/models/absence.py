"""Who reads whose letters, who wants less of them, and which links of letters were used."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from plans.models import Assignment, ProgressReport
from plans.reminders.querysets import LeaveQuerySet


class Leave(models.Model):
    """Between two days, both inclusive, the letters of a person go to a delegate."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="leaves",
        verbose_name=_("người vắng"),
    )
    delegate = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=_("người nhận thay"),
    )
    starts_on = models.DateField(_("từ ngày"))
    ends_on = models.DateField(_("đến hết ngày"))
    reason = models.CharField(_("lý do"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(_("nhập lúc"))

    objects = LeaveQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("vắng mặt")
        verbose_name_plural = _("vắng mặt")
        ordering: ClassVar = ["-starts_on", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="reminders_leave_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(user=F("delegate")), name="reminders_leave_is_to_another"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["ends_on"], name="reminders_leave_until")]

    def __str__(self) -> str:
        return f"{self.user} → {self.delegate}: {self.starts_on:%d/%m/%Y}"


class MailChoice(models.Model):
    """What a person has asked to be left out of the letters; the portal tells it all the same."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_choice"
    )
    is_without_information = models.BooleanField(_("không nhận phần “Để biết”"), default=False)
    changed_at = models.DateTimeField(_("chọn lúc"))

    class Meta:
        verbose_name = _("lựa chọn về thư")
        verbose_name_plural = _("lựa chọn về thư")

    def __str__(self) -> str:
        return str(self.user)


class LinkUse(models.Model):
    """A link of a letter by which somebody reported without signing in; it works once."""

    digest = models.CharField(max_length=64, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    report = models.OneToOneField(ProgressReport, models.PROTECT, related_name="link_use")
    used_at = models.DateTimeField(_("dùng lúc"))

    class Meta:
        verbose_name = _("đường dẫn đã dùng")
        verbose_name_plural = _("đường dẫn đã dùng")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.assignment_id}"
