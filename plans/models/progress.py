"""What is said and decided about an assignment: written once, never edited."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from plans.models.assignment import Assignment
from plans.models.plan import Plan
from plans.querysets import EventQuerySet, EvidenceQuerySet, ExtensionQuerySet
from plans.states import Decision, EventKind, Status


class ProgressReport(models.Model):
    """One dated statement of an agency on an assignment."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(_("báo cáo lúc"))
    percent_done = models.PositiveSmallIntegerField(_("tiến độ, %"))
    is_completion = models.BooleanField(_("báo hoàn thành"), default=False)
    text = models.TextField(_("kết quả"), max_length=2000)

    class Meta:
        verbose_name = _("báo cáo tiến độ")
        verbose_name_plural = _("báo cáo tiến độ")
        ordering: ClassVar = ["-reported_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(percent_done__gte=0, percent_done__lte=100),
                name="plans_report_percent_range",
            ),
            models.CheckConstraint(
                condition=Q(is_completion=False) | Q(percent_done=100),
                name="plans_report_completion_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reported_at:%d/%m/%Y} {self.percent_done}%"


class Evidence(models.Model):
    """A file, a document number or both that prove what was reported.

    The file lies under a random name; `file_name` is shown and never used as a path.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="evidence")
    report = models.ForeignKey(
        ProgressReport, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    file = models.FileField(_("tệp"), max_length=200, blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=200, blank=True)
    content_type = models.CharField(_("loại tệp"), max_length=100, blank=True)
    size_bytes = models.PositiveIntegerField(_("dung lượng, byte"), default=0)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    document_number = models.CharField(_("số văn bản"), max_length=60, blank=True)
    note = models.CharField(_("ghi chú"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("thêm lúc"))

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("tài liệu kiểm chứng")
        verbose_name_plural = _("tài liệu kiểm chứng")
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(file="") | ~Q(document_number=""), name="plans_evidence_not_empty"
            )
        ]

    def __str__(self) -> str:
        return self.document_number or self.file_name

    def get_absolute_url(self) -> str:
        return reverse("plans:evidence", args=[self.pk])


class Extension(models.Model):
    """A request to move a deadline and the decision on it."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="extensions")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("xin lúc"))
    reason = models.CharField(_("lý do"), max_length=1000)
    old_due_on = models.DateField(_("hạn cũ"))
    proposed_due_on = models.DateField(_("hạn đề nghị"))
    # Regulations want the request before the deadline; a later one is taken, and marked.
    is_late = models.BooleanField(_("xin sau hạn"), default=False)
    decision = models.CharField(
        _("quyết định"), max_length=10, choices=Decision, default=Decision.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("quyết định lúc"), null=True, blank=True)
    decision_note = models.CharField(_("ý kiến"), max_length=500, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("gia hạn")
        verbose_name_plural = _("gia hạn")
        ordering: ClassVar = ["asked_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(decision=Decision.WAITING),
                name="plans_extension_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(proposed_due_on__gt=models.F("old_due_on")),
                name="plans_extension_moves_forward",
            ),
            models.CheckConstraint(
                condition=Q(decision=Decision.WAITING, decided_at__isnull=True)
                | (~Q(decision=Decision.WAITING) & Q(decided_at__isnull=False)),
                name="plans_extension_decision_dated",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_due_on:%d/%m/%Y} → {self.proposed_due_on:%d/%m/%Y}"


class Event(models.Model):
    """One line of the log of an assignment."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="events")
    kind = models.CharField(_("việc"), max_length=20, choices=EventKind)
    old = models.CharField(_("từ"), max_length=12, choices=Status, blank=True)
    new = models.CharField(_("thành"), max_length=12, choices=Status, blank=True)
    # Empty when the system itself acted.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.CharField(_("nội dung"), max_length=2000, blank=True)
    happened_at = models.DateTimeField(_("lúc"))
    report = models.ForeignKey(
        ProgressReport, models.PROTECT, null=True, blank=True, related_name="+"
    )
    extension = models.ForeignKey(
        Extension, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # The amending document, or the plan that took the work over.
    document = models.ForeignKey(Plan, models.PROTECT, null=True, blank=True, related_name="+")
    # A leader's direction stays in the agency's work until an event answers it.
    answers = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="answer"
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("sự kiện")
        verbose_name_plural = _("sự kiện")
        ordering: ClassVar = ["happened_at", "pk"]
        indexes: ClassVar = [
            models.Index(fields=["assignment", "happened_at"], name="plans_event_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_at:%d/%m/%Y}"

    @property
    def is_open(self) -> bool:
        """A direction that nobody has answered; free of queries with `with_details`."""
        return self.kind == EventKind.DIRECTION and not hasattr(self, "answer")


class Submission(models.Model):
    """A form that was sent: the second copy of one form gets the answer of the first."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token = models.UUIDField()
    digest = models.CharField(max_length=64)
    answer_url = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = _("biểu mẫu đã gửi")
        verbose_name_plural = _("biểu mẫu đã gửi")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "token"], name="plans_submission_once")
        ]

    def __str__(self) -> str:
        return str(self.token)
