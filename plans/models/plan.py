"""A plan as issued and the targets it sets."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from agencies.fields import FoldedField
from agencies.models import Agency, Province
from indicators.models import Component, Index
from indicators.states import ScoreGroup
from plans.querysets import PlanQuerySet
from plans.states import Metric, Operator, PlanKind, PlanStatus


class Plan(models.Model):
    """An issued document that carries tasks, as its paper says; one province, many indices."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="plans")
    kind = models.CharField(_("loại văn bản"), max_length=3, choices=PlanKind)
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    # The year in which the number is unique; the first year of the period when undated.
    year = models.PositiveSmallIntegerField(_("năm"))
    title = models.CharField(_("trích yếu"), max_length=500)
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200)
    signer_name = models.CharField(_("người ký"), max_length=100, blank=True)
    signer_title = models.CharField(_("chức vụ người ký"), max_length=100, blank=True)
    period_start = models.DateField(_("thực hiện từ ngày"))
    period_end = models.DateField(_("đến ngày"))
    monitor = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="monitored_plans",
        verbose_name=_("cơ quan theo dõi"),
    )
    indices = models.ManyToManyField(Index, related_name="plans", verbose_name=_("chỉ số"))
    based_on = models.CharField(
        _("căn cứ"), max_length=300, blank=True, help_text=_("Ví dụ: Kết luận 95-KL/TU.")
    )
    baseline = models.CharField(_("kết quả làm mốc"), max_length=300, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    # Of a document that changes another plan: its rows are that plan as it shall read.
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="amendments"
    )
    status = models.CharField(
        _("tình trạng"), max_length=10, choices=PlanStatus, default=PlanStatus.DRAFT
    )
    activated_on = models.DateField(_("giao việc ngày"), null=True, blank=True)
    ended_on = models.DateField(_("kết thúc ngày"), null=True, blank=True)
    ending_reason = models.CharField(_("lý do kết thúc"), max_length=500, blank=True)
    is_illustrative = models.BooleanField(
        _("minh họa"),
        default=False,
        help_text=_("Số liệu bịa để làm quen, không phải văn bản thật."),
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(_("nhập lúc"), auto_now_add=True)
    updated_at = models.DateTimeField(_("sửa lúc"), auto_now=True)
    search_text = FoldedField(sources=("number", "title", "issuer"))

    objects = PlanQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["search_text"])

    class Meta:
        verbose_name = _("kế hoạch")
        verbose_name_plural = _("kế hoạch")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["province", "year", "number"],
                condition=~Q(number=""),
                name="plans_plan_number_unique",
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="plans_plan_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(status__in=PlanStatus.values), name="plans_plan_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status=PlanStatus.DRAFT) | Q(activated_on__isnull=False),
                name="plans_plan_activation_dated",
            ),
            # Two drafts would each stop what the other adds.
            models.UniqueConstraint(
                fields=["amends"],
                condition=Q(status=PlanStatus.DRAFT),
                name="plans_plan_one_amendment_at_a_time",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["province", "-year", "-id"], name="plans_plan_of_province")
        ]

    def __str__(self) -> str:
        return self.number or self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:plan", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.status == PlanStatus.DRAFT

    @property
    def reference(self) -> str:
        """As other documents name it: "Quyết định 12/QĐ-UBND ngày 01/09/2026"."""
        named = f"{self.get_kind_display()} {self.number}".strip()
        if self.issued_on is None:
            return named if self.number else self.title
        return gettext("%(document)s ngày %(day)s") % {
            "document": named,
            "day": f"{self.issued_on:%d/%m/%Y}",
        }

    @property
    def is_amendment(self) -> bool:
        return self.amends_id is not None

    @property
    def is_active(self) -> bool:
        return self.status == PlanStatus.ACTIVE


class Target(models.Model):
    """What a plan wants to reach, in its own words and, where they are clear, as arithmetic."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="targets")
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    text = models.CharField(_("mục tiêu"), max_length=500)
    index = models.ForeignKey(Index, models.PROTECT, null=True, blank=True, related_name="+")
    component = models.ForeignKey(
        Component, models.PROTECT, null=True, blank=True, related_name="+"
    )
    metric = models.CharField(_("thước đo"), max_length=10, choices=Metric, blank=True)
    operator = models.CharField(_("so sánh"), max_length=2, choices=Operator, blank=True)
    value = models.DecimalField(_("giá trị"), max_digits=8, decimal_places=4, null=True, blank=True)
    group = models.CharField(_("nhóm"), max_length=12, choices=ScoreGroup, blank=True)
    year = models.PositiveSmallIntegerField(_("năm đạt"), null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(_("so với năm"), null=True, blank=True)
    is_each_year = models.BooleanField(_("hằng năm"), default=False)
    is_kept = models.BooleanField(_("duy trì"), default=False)

    class Meta:
        verbose_name = _("mục tiêu")
        verbose_name_plural = _("mục tiêu")
        ordering: ClassVar = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
