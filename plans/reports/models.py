"""A report: the job that makes it, the frozen figures it was made from, its file."""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Province
from plans.models import Plan
from plans.reports.querysets import ReportQuerySet
from plans.reports.states import OPEN, State, Step

# A list, for a constraint is written into a migration and must come out in one order.
IS_OPEN = Q(state__in=sorted(str(state) for state in OPEN))


class Snapshot(models.Model):
    """Everything a report says, frozen: written once, never changed (a trigger refuses)."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="snapshots")
    as_of = models.DateField(_("số liệu đến ngày"))
    # Canonical JSON: sorted keys, no spaces, so that equal figures have an equal fingerprint.
    content = models.TextField(_("nội dung"))
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(_("chốt lúc"))

    class Meta:
        verbose_name = _("bản chốt số liệu")
        verbose_name_plural = _("bản chốt số liệu")

    def __str__(self) -> str:
        return f"{self.as_of:%d/%m/%Y} {self.sha256[:12]}"

    @property
    def is_intact(self) -> bool:
        return hashlib.sha256(self.content.encode()).hexdigest() == self.sha256

    def figures(self) -> dict[str, Any]:
        """The content as plain data; see snapshot.build for its parts."""
        figures: dict[str, Any] = json.loads(self.content)
        return figures


class Report(models.Model):
    """One request for a progress report, which is also the job that fulfils it.

    `attempt` fences: a worker that wakes up after its lease finds another number and stops.
    """

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="reports")
    province = models.ForeignKey(Province, models.PROTECT, related_name="reports")
    as_of = models.DateField(_("số liệu đến ngày"))
    state = models.CharField(_("tình trạng"), max_length=8, choices=State, default=State.QUEUED)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    step = models.CharField(_("bước"), max_length=8, choices=Step, blank=True)
    percent_done = models.PositiveSmallIntegerField(_("tiến độ, %"), default=0)
    attempt = models.PositiveSmallIntegerField(_("lần làm"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    requested_at = models.DateTimeField(_("yêu cầu lúc"))
    started_at = models.DateTimeField(_("bắt đầu lúc"), null=True, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="reports"
    )
    # Under a random name; what people download is named by `file_name`.
    pdf = models.FileField(_("tệp PDF"), max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    page_count = models.PositiveIntegerField(_("số trang"), default=0)
    # The earlier report of the same plan and day that this one corrects.
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo")
        verbose_name_plural = _("báo cáo")
        constraints: ClassVar = [
            # Pressed twice, one job.
            models.UniqueConstraint(
                fields=["plan", "as_of", "requested_by"],
                condition=IS_OPEN,
                name="reports_report_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="reports_report_state_known"
            ),
            models.CheckConstraint(
                condition=Q(percent_done__gte=0, percent_done__lte=100),
                name="reports_report_percent_range",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.RUNNING) | Q(lease_until__isnull=False),
                name="reports_report_running_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.DONE)
                | (Q(snapshot__isnull=False, finished_at__isnull=False) & ~Q(pdf_sha256="")),
                name="reports_report_done_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.FAILED) | ~Q(reason=""),
                name="reports_report_failed_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["province", "-id"], name="reports_report_of_province"),
            models.Index(fields=["plan", "-id"], name="reports_report_of_plan"),
            models.Index(fields=["state", "lease_until"], condition=IS_OPEN, name="reports_open"),
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.as_of:%d/%m/%Y}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == State.FAILED
