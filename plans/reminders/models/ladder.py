"""The rungs that a province or one of its plans has chosen."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies.models import Province
from plans.models import Plan
from plans.reminders import ladder
from plans.reminders.ladder import MAX_DAYS, Rule
from plans.reminders.states import REPEATED_KINDS, RUNG_KINDS, Audience, Kind, Unit

# Lists, for a constraint is written into a migration and must come out in one order.
RUNG_KIND_VALUES = [str(kind) for kind in RUNG_KINDS]
REPEATED_VALUES = sorted(str(kind) for kind in REPEATED_KINDS)


class ProvinceLadder(models.Model):
    """Instead of the usual rungs: those of a province, or of one plan of it (`plan`)."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    plan = models.OneToOneField(
        Plan, models.CASCADE, null=True, blank=True, related_name="own_ladder"
    )
    version = models.PositiveIntegerField(default=1)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(_("sửa lúc"))

    class Meta:
        verbose_name = _("bậc nhắc")
        verbose_name_plural = _("bậc nhắc")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["province"],
                condition=Q(plan__isnull=True),
                name="reminders_ladder_one_of_province",
            )
        ]

    def __str__(self) -> str:
        return str(self.plan or self.province)


class Rung(models.Model):
    """One rung of a ladder; see `ladder.Rule` for what it means."""

    ladder = models.ForeignKey(ProvinceLadder, models.CASCADE, related_name="rungs")
    kind = models.CharField(
        _("khi nào"), max_length=20, choices=[(kind.value, kind.label) for kind in RUNG_KINDS]
    )
    days = models.PositiveSmallIntegerField(_("số ngày"))
    unit = models.CharField(_("đếm theo"), max_length=12, choices=Unit, default=Unit.DAY)
    repeat_days = models.PositiveSmallIntegerField(_("nhắc lại sau, ngày"), default=0)
    is_for_officer = models.BooleanField(_("cán bộ"), default=False)
    is_for_head = models.BooleanField(_("thủ trưởng"), default=False)
    is_for_office = models.BooleanField(_("đầu mối"), default=False)
    is_for_leader = models.BooleanField(_("lãnh đạo tỉnh"), default=False)

    history = HistoricalRecords()

    class Meta:
        verbose_name = _("nấc nhắc")
        verbose_name_plural = _("nấc nhắc")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["ladder", "kind", "days", "unit"], name="reminders_rung_unique"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=RUNG_KIND_VALUES, days__lte=MAX_DAYS),
                name="reminders_rung_known",
            ),
            models.CheckConstraint(
                condition=Q(is_for_officer=True)
                | Q(is_for_head=True)
                | Q(is_for_office=True)
                | Q(is_for_leader=True),
                name="reminders_rung_is_for_somebody",
            ),
            models.CheckConstraint(
                condition=Q(repeat_days=0) | Q(kind__in=REPEATED_VALUES),
                name="reminders_rung_may_recur",
            ),
        ]

    def __str__(self) -> str:
        return ladder.described(self.rule)

    @property
    def rule(self) -> Rule:
        audience = frozenset(each for each in Audience if getattr(self, f"is_for_{each.value}"))
        return Rule(Kind(self.kind), self.days, audience, Unit(self.unit), self.repeat_days)
