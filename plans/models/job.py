"""What a file given by a person and the work on it have in common, whatever the file holds."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from plans.states import READING_OPEN, ReadingState


class FileJob(models.Model):
    """A file that a worker reads; the row is also the job that reads it (see plans.leases).

    `attempt` fences: a worker that wakes up after its lease finds another number and stops.
    """

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người yêu cầu")
    )
    requested_at = models.DateTimeField(_("yêu cầu lúc"))
    # Under a random name; what people see is `file_name`.
    file = models.FileField(_("tệp"), max_length=200)
    file_name = models.CharField(_("tên tệp"), max_length=200)
    state = models.CharField(
        _("tình trạng"), max_length=8, choices=ReadingState, default=ReadingState.QUEUED
    )
    reason = models.CharField(_("lý do"), max_length=500, blank=True)
    attempt = models.PositiveSmallIntegerField(_("lần đọc"), default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        return self.state in READING_OPEN

    @property
    def is_done(self) -> bool:
        return self.state == ReadingState.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == ReadingState.FAILED
