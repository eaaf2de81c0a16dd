"""Reports: the document and its stages, the job that makes its files, what was frozen."""

from __future__ import annotations

import hashlib
import json
from datetime import date, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Province
from plans.models import Plan
from plans.reports import codes, periods
from plans.reports.periods import Period, PeriodKind
from plans.reports.querysets import ReportFileQuerySet, ReportQuerySet
from plans.reports.scope import Scope
from plans.reports.states import (
    NOUN,
    NOUNS,
    OF_A_PLAN,
    OPEN,
    Format,
    PeriodChoice,
    ReportKind,
    Stage,
    State,
    Step,
)

# A list, for a constraint is written into a migration and must come out in one order.
IS_OPEN = Q(state__in=sorted(str(state) for state in OPEN))
IS_OF_A_PLAN = Q(kind__in=sorted(str(kind) for kind in OF_A_PLAN))


class Snapshot(models.Model):
    """Everything a report says, frozen: written once, never changed or deleted (a trigger refuses).

    See plans.reports.content for its parts.
    """

    as_of = models.DateField(_("số liệu đến ngày"))
    # Canonical JSON, so that equal content has an equal fingerprint.
    content = models.TextField(_("nội dung"))
    sha256 = models.CharField(max_length=64, db_index=True)
    made_at = models.DateTimeField(_("chốt lúc"))

    class Meta:
        verbose_name = _("bản chốt số liệu")
        verbose_name_plural = _("bản chốt số liệu")

    def __str__(self) -> str:
        return f"{self.as_of:%d/%m/%Y} {self.sha256[:12]}"

    @property
    def is_intact(self) -> bool:
        return hashlib.sha256(self.content.encode()).hexdigest() == self.sha256

    def data(self) -> dict[str, Any]:
        """The content as plain data."""
        content: dict[str, Any] = json.loads(self.content)
        return content


class ReportSchedule(models.Model):
    """A progress report of a plan that is made by itself at each cut-off."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="report_schedules")
    period_kind = models.CharField(
        _("kỳ báo cáo"),
        max_length=8,
        choices=[choice for choice in PeriodChoice.choices if choice[0] != PeriodKind.CUSTOM],
    )
    # Told when a report is ready.
    readers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", verbose_name=_("người chờ báo cáo"), blank=True
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người đặt")
    )
    made_at = models.DateTimeField(_("đặt lúc"))
    # Reports of all cut-offs up to this day have been asked for; it moves on before each of them.
    asked_until = models.DateField(_("đã lập đến kỳ chốt ngày"))

    class Meta:
        verbose_name = _("lịch báo cáo")
        verbose_name_plural = _("lịch báo cáo")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["plan", "period_kind"], name="reports_schedule_one_per_period"
            )
        ]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.get_period_kind_display()}"

    @property
    def next_cut_off(self) -> date:
        """The last day of the period that is reported next."""
        day = self.asked_until + timedelta(days=1)
        return periods.containing(PeriodKind(self.period_kind), day).last


class Report(models.Model):
    """One official document, which is also the job that makes its files.

    A draft is made again as often as people like; at the end of its last day the figures are
    frozen; once the signed paper's number, day and signer are known it is issued, for good.
    """

    kind = models.CharField(_("loại"), max_length=8, choices=ReportKind)
    province = models.ForeignKey(Province, models.PROTECT, related_name="reports")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="reports")
    agencies = models.ManyToManyField(Agency, related_name="reports", blank=True)
    period_kind = models.CharField(_("kỳ báo cáo"), max_length=8, choices=PeriodChoice)
    period_year = models.PositiveSmallIntegerField(_("năm"))
    period_number = models.PositiveSmallIntegerField(_("số của kỳ"), default=0)
    first_day = models.DateField(_("từ ngày"))
    as_of = models.DateField(_("số liệu đến ngày"))
    # Scope.key: equal requests are one report while it is not issued.
    key = models.CharField(max_length=300)
    stage = models.CharField(_("giai đoạn"), max_length=6, choices=Stage, default=Stage.DRAFT)
    # By section of the kind, what people wrote beside the figures.
    texts = models.JSONField(_("phần tự viết"), default=dict, blank=True)
    # Who saved them last; whoever saves at the same time is told.
    texts_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người viết"),
    )
    version = models.PositiveIntegerField(default=1)
    # Printed on the paper; people type it to verify.
    code = models.CharField(_("mã xác minh"), max_length=10, unique=True)
    number = models.CharField(_("số, ký hiệu"), max_length=50, blank=True)
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    # Of `issued_on`: no expression for it is allowed in an index of both databases.
    issued_year = models.PositiveSmallIntegerField(null=True, blank=True)
    signer_name = models.CharField(_("người ký"), max_length=100, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người ghi phát hành"),
    )
    # The issued report that this one corrects.
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    schedule = models.ForeignKey(
        ReportSchedule, models.SET_NULL, null=True, blank=True, related_name="reports"
    )
    # Of a scheduled report: when those who wait for it were told.
    announced_at = models.DateTimeField(null=True, blank=True)

    state = models.CharField(_("tình trạng"), max_length=9, choices=State, default=State.QUEUED)
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    step = models.CharField(_("bước"), max_length=8, choices=Step, blank=True)
    percent_done = models.PositiveSmallIntegerField(_("tiến độ, %"), default=0)
    attempt = models.PositiveSmallIntegerField(_("lần làm"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Made by a queue of its own, so that small reports do not wait for it.
    is_large = models.BooleanField(_("báo cáo lớn"), default=False)
    # None is the system: the command line.
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("người yêu cầu"),
    )
    # Of the files being made or made last; with `attempt` it fences, see plans.leases.
    requested_at = models.DateTimeField(_("yêu cầu lúc"))
    started_at = models.DateTimeField(_("bắt đầu lúc"), null=True, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    # What the files were made from; the one before it stays.
    snapshot = models.ForeignKey(
        Snapshot, models.PROTECT, null=True, blank=True, related_name="reports"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo cáo")
        verbose_name_plural = _("báo cáo")
        constraints: ClassVar = [
            # Pressed twice, one report; what is issued stands beside its correction.
            models.UniqueConstraint(
                fields=["key"], condition=~Q(stage=Stage.ISSUED), name="reports_report_one_draft"
            ),
            models.UniqueConstraint(
                fields=["supersedes"],
                condition=Q(supersedes__isnull=False),
                name="reports_report_one_correction",
            ),
            models.UniqueConstraint(
                "province", "issued_year", Lower("number"), name="reports_report_one_number_a_year"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ReportKind.values), name="reports_report_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="reports_report_stage_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="reports_report_state_known"
            ),
            models.CheckConstraint(
                condition=(IS_OF_A_PLAN & Q(plan__isnull=False))
                | (~IS_OF_A_PLAN & Q(plan__isnull=True)),
                name="reports_report_has_its_plan",
            ),
            models.CheckConstraint(
                condition=Q(first_day__lte=models.F("as_of")), name="reports_report_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(stage=Stage.DRAFT) | Q(snapshot__isnull=False),
                name="reports_report_frozen_has_snapshot",
            ),
            models.CheckConstraint(
                condition=~Q(stage=Stage.ISSUED)
                | (~Q(number="") & Q(issued_on__isnull=False) & ~Q(signer_name="")),
                name="reports_report_issued_is_signed",
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
                | Q(snapshot__isnull=False, finished_at__isnull=False),
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
        return f"{self.get_kind_display()}, {self.period.label}"

    def get_absolute_url(self) -> str:
        return reverse("reports:report", args=[self.pk])

    @property
    def period(self) -> Period:
        return Period(
            PeriodKind(self.period_kind),
            self.first_day,
            self.as_of,
            self.period_year,
            self.period_number,
        )

    def scope(self) -> Scope:
        """What the report is about; one query for its agencies."""
        return Scope(
            ReportKind(self.kind),
            self.province,
            self.period,
            self.plan,
            tuple(self.agencies.order_by("pk")),
        )

    def correction(self) -> Report | None:
        """The report that replaces this one, issued or not; one query."""
        return Report.objects.filter(supersedes=self.pk).first()

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == State.FAILED

    @property
    def is_frozen(self) -> bool:
        return self.stage == Stage.FROZEN

    @property
    def is_issued(self) -> bool:
        return self.stage == Stage.ISSUED

    @property
    def noun(self) -> str:
        """What the paper is called: "Báo cáo", "Công văn"."""
        return str(NOUNS.get(ReportKind(self.kind), NOUN))

    @property
    def printed_code(self) -> str:
        return codes.as_printed(self.code)


class ReportFile(models.Model):
    """One file of one snapshot; but for a signature its bytes are a function of the snapshot."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="files")
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="files")
    format = models.CharField(_("định dạng"), max_length=6, choices=Format)
    # Under a random name; what people download is named by the report.
    file = models.FileField(_("tệp"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    byte_count = models.PositiveBigIntegerField(_("kích thước, byte"))
    # Of a PDF; 0 for the others.
    page_count = models.PositiveIntegerField(_("số trang"), default=0)

    objects = ReportFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp báo cáo")
        verbose_name_plural = _("tệp báo cáo")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["snapshot", "format"], name="reports_file_one_per_format"
            ),
            models.CheckConstraint(
                condition=Q(format__in=Format.values), name="reports_file_format_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}.{self.format}"

    @property
    def is_issued(self) -> bool:
        """Whether it bears the number of the signed paper; its drafts stay drafts."""
        report = self.report
        return report.is_issued and report.is_done and self.snapshot_id == report.snapshot_id
