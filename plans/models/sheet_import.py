"""A spreadsheet to be imported: the job that previews it, what was answered, whether it is in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Province
from indicators.models import Index
from plans.models.job import FileJob
from plans.models.plan import Plan
from plans.states import READING_OPEN, ReadingState, SheetKind


class SheetImport(FileJob):
    """One file for one purpose, of the one person who gave it.

    The file stays as it came; sheet and columns may be chosen anew, which previews it again.
    `basis` is a fingerprint of the rows it was compared with: another one, another preview.
    """

    kind = models.CharField(_("loại bảng"), max_length=8, choices=SheetKind)
    # Scores are of all provinces, tasks of one plan.
    province = models.ForeignKey(Province, models.PROTECT, null=True, blank=True, related_name="+")
    plan = models.ForeignKey(
        Plan, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("kế hoạch")
    )
    # Of scores alone: whose they are, where they were published, the year no cell tells.
    index = models.ForeignKey(
        Index, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("chỉ số")
    )
    source = models.CharField(_("nguồn"), max_length=300, blank=True)
    edition_year = models.PositiveSmallIntegerField(_("năm"), null=True, blank=True)
    sha256 = models.CharField(max_length=64)
    # What the person chose: "" and {} leave it to the portal.
    sheet_name = models.CharField(_("trang"), max_length=200, blank=True)
    columns = models.JSONField(_("cột"), default=dict, blank=True)
    # JSON of importing.layout.Layout and of sheets.Preview.
    layout = models.TextField(blank=True)
    preview = models.TextField(_("bản xem trước"), blank=True)
    basis = models.CharField(max_length=64, blank=True)
    answers = models.JSONField(_("câu trả lời"), default=dict, blank=True)
    applied_at = models.DateTimeField(_("nhập lúc"), null=True, blank=True)

    class Meta:
        verbose_name = _("lần nhập bảng tính")
        verbose_name_plural = _("lần nhập bảng tính")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=SheetKind.values), name="plans_sheet_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ReadingState.values), name="plans_sheet_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(kind=SheetKind.TASKS) & Q(plan__isnull=False))
                | (~Q(kind=SheetKind.TASKS) & Q(plan__isnull=True)),
                name="plans_sheet_tasks_have_plan",
            ),
            models.CheckConstraint(
                condition=Q(kind=SheetKind.SCORES) | Q(province__isnull=False),
                name="plans_sheet_has_province",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.RUNNING) | Q(lease_until__isnull=False),
                name="plans_sheet_running_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.DONE)
                | (~Q(preview="") & Q(finished_at__isnull=False)),
                name="plans_sheet_done_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.FAILED) | ~Q(reason=""),
                name="plans_sheet_failed_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "lease_until"],
                condition=Q(state__in=sorted(str(state) for state in READING_OPEN)),
                name="plans_sheet_open",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("plans:sheet_import", args=[self.pk])


class SheetHeading(models.Model):
    """What a heading means in the spreadsheets of one province, as somebody there chose it."""

    province = models.ForeignKey(Province, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=SheetKind)
    # Folded, so that every way of writing it is the same heading.
    heading = models.CharField(_("tiêu đề cột"), max_length=200)
    # Empty for a column that is left aside.
    column = models.CharField(_("nghĩa"), max_length=30, blank=True)

    class Meta:
        verbose_name = _("tiêu đề cột đã nhớ")
        verbose_name_plural = _("tiêu đề cột đã nhớ")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["province", "kind", "heading"], name="plans_heading_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.heading}: {self.column}"
