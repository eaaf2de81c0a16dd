"""Signs of life of what runs by itself."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """When something that runs by itself was last alive: beat, a worker, a job that ended well."""

    name = models.CharField(max_length=150, unique=True)
    seen_at = models.DateTimeField(_("lúc"))
    # What the nightly check found, one breach per line; empty for all that only lives.
    found = models.TextField(_("phát hiện"), blank=True)

    class Meta:
        verbose_name = _("nhịp chạy")
        verbose_name_plural = _("nhịp chạy")

    def __str__(self) -> str:
        return f"{self.name}: {self.seen_at:%d/%m/%Y %H:%M}"
