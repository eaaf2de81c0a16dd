"""A document that somebody had read: the job that reads it, and what is reviewed of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Province
from plans.models.job import FileJob
from plans.models.plan import Plan
from plans.states import READING_OPEN, ReadingState, RowVerdict


class Reading(FileJob):
    """One document, as a file or as pasted text."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    # Both are empty for text that was pasted.
    file = models.FileField(_("tệp"), max_length=200, blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=200, blank=True)
    text = models.TextField(_("chữ dán vào"), blank=True)
    # JSON of reader.Draft.dump, its tasks apart as `rows`; ASCII, so that no database refuses it.
    draft = models.TextField(_("bản đọc"), blank=True)
    # The head of the plan under review: each field of the plan's form as typed.
    head = models.JSONField(_("phần đầu kế hoạch"), default=dict, blank=True)
    head_version = models.PositiveIntegerField(default=1, editable=False)
    touched_at = models.DateTimeField(_("xem lại lúc"), default=timezone.now)
    plan = models.ForeignKey(
        Plan,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="readings",
        verbose_name=_("kế hoạch"),
    )

    class Meta:
        verbose_name = _("lần đọc văn bản")
        verbose_name_plural = _("lần đọc văn bản")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=ReadingState.values), name="plans_reading_state_known"
            ),
            models.CheckConstraint(
                condition=(Q(file="") & ~Q(text="")) | (~Q(file="") & Q(text="")),
                name="plans_reading_file_or_text",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.RUNNING) | Q(lease_until__isnull=False),
                name="plans_reading_running_is_leased",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.DONE)
                | (~Q(draft="") & Q(finished_at__isnull=False)),
                name="plans_reading_done_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReadingState.FAILED) | ~Q(reason=""),
                name="plans_reading_failed_says_why",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["state", "lease_until"],
                condition=Q(state__in=sorted(str(state) for state in READING_OPEN)),
                name="plans_reading_open",
            )
        ]

    def __str__(self) -> str:
        return self.file_name or str(_("Văn bản dán vào"))

    def get_absolute_url(self) -> str:
        return reverse("plans:reading", args=[self.pk])


class ReadingRow(models.Model):
    """A task of a document under review; nothing of it is in a plan before it is taken over.

    `cells` are those of the entry grid as typed. `as_read` keeps what the reader gave: its
    `cells`, the `marks` (per cell the places in the document, each start, end, certainty) and
    the `questions` of the reading itself; it is empty for a row that a person added.
    """

    reading = models.ForeignKey(Reading, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(_("thứ tự"))
    cells = models.JSONField(_("các ô"), default=dict)
    as_read = models.JSONField(_("như đã đọc"), default=dict, blank=True)
    verdict = models.CharField(
        _("ý kiến"), max_length=9, choices=RowVerdict, default=RowVerdict.UNDECIDED
    )
    # Made by the page for a new row, so that a row sent twice is still one row.
    row_key = models.UUIDField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("dòng xem lại")
        verbose_name_plural = _("dòng xem lại")
        ordering: ClassVar = ["position", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading", "row_key"], name="plans_reading_row_once"),
            models.CheckConstraint(
                condition=Q(verdict__in=RowVerdict.values), name="plans_reading_row_verdict_known"
            ),
        ]

        indexes: ClassVar = [
            models.Index(fields=["reading", "position"], name="plans_reading_row_in_order")
        ]

    def __str__(self) -> str:
        return str(self.cells.get("name") or self.position)

    @property
    def is_added(self) -> bool:
        """Typed by a person, not read from the document."""
        return not self.as_read

    @property
    def needs_evidence(self) -> bool:
        return bool(self.cells.get("needs_evidence"))
