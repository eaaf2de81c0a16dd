"""Reusable reads of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from agencies.access import rights_of
from plans.reports.states import OPEN

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from agencies.models import User
    from plans.reports.models import Report, ReportFile  # noqa: F401


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Reports of the provinces the person oversees: they name every agency."""
        return self.filter(province__in=rights_of(user).overseen_provinces)

    def in_provinces_of(self, user: User | AnonymousUser) -> Self:
        """Reports the person may know of, whether or not they may be read."""
        return self.filter(province__in=rights_of(user).provinces)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def for_lists(self) -> Self:
        """With everything a line of a list shows, in one query; not the frozen content."""
        return self.select_related("plan", "requested_by")


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def of_snapshot(self, snapshot_id: int) -> Self:
        return self.filter(snapshot=snapshot_id)
