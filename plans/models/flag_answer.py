"""What an office answers to a flag of the radar; rows are only added."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models import Province
from indicators.models import Edition
from plans.models.plan import Plan
from plans.states import FlagKind


class FlagAnswer(models.Model):
    """A flag accepted as it is, with the reason; it holds while the `figures` are the flag's.

    `province` and `edition` say whose scores the flag was seen beside; a flag about tasks alone
    has neither. The latest answer to a flag is the one that counts, the others are its history.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="flag_answers")
    kind = models.CharField(_("cờ"), max_length=20, choices=FlagKind)
    # The stable key of the part it is about; empty for the whole plan.
    key = models.CharField(_("nội dung"), max_length=20, blank=True)
    province = models.ForeignKey(
        Province, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tỉnh")
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kỳ")
    )
    # A digest of what the flag rested on.
    figures = models.CharField(_("dấu của số liệu"), max_length=64)
    # The flag in words, as it was read.
    told = models.CharField(_("điều đã thấy"), max_length=1000)
    reason = models.CharField(_("lý do"), max_length=1000)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người trả lời")
    )
    answered_at = models.DateTimeField(_("lúc"))

    class Meta:
        verbose_name = _("trả lời cờ")
        verbose_name_plural = _("trả lời cờ")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=FlagKind.values), name="plans_flag_answer_kind_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(reason=""), name="plans_flag_answer_has_reason"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["plan", "kind", "key"], name="plans_flag_answer_of_flag")
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.kind} {self.key}".strip()
