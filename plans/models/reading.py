"""A document that somebody had read: the job that reads it and the draft it gave."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Province
from plans.models.plan import Plan
from plans.states import READING_OPEN, ReadingState


class Reading(models.Model):
    """One document, as a file or as pasted text, which is also the job that reads it.

    `attempt` fences: a worker that wakes up after its lease finds another number and stops.
    """

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    requested_at = models.DateTimeField(_("yêu cầu lúc"))
    # Under a random name; what people see is `file_name`.
    file = models.FileField(_("tệp"), max_length=200, blank=True)
    file_name = models.CharField(_("tên tệp"), max_length=200, blank=True)
    text = models.TextField(_("chữ dán vào"), blank=True)
    state = models.CharField(
        _("tình trạng"), max_length=8, choices=ReadingState, default=ReadingState.QUEUED
    )
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    attempt = models.PositiveSmallIntegerField(_("lần đọc"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    # JSON of reader.Draft.dump; ASCII, so that no database refuses a character.
    draft = models.TextField(_("bản đọc"), blank=True)
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

    @property
    def is_open(self) -> bool:
        return self.state in READING_OPEN

    @property
    def is_done(self) -> bool:
        return self.state == ReadingState.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == ReadingState.FAILED
