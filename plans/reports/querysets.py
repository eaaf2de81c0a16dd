"""Reusable reads of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q

from agencies.access import rights_of
from plans.reports.states import OPEN, Format, ReportKind, Stage

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from agencies.models import User
    from plans.reports.models import Report, ReportFile  # noqa: F401


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All of the provinces the person oversees, and what is of the person's own agency."""
        rights = rights_of(user)
        own = self.model.agencies.through.objects.filter(
            report_id=OuterRef("pk"), agency__in=rights.agencies
        )
        return self.filter(
            Q(province__in=rights.overseen_provinces) | Q(Exists(own), kind=ReportKind.AGENCY)
        )

    def in_provinces_of(self, user: User | AnonymousUser) -> Self:
        """Reports the person may know of, whether or not they may be read."""
        return self.filter(province__in=rights_of(user).provinces)

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def for_lists(self) -> Self:
        """With everything a line of a list shows, in a fixed number of queries.

        Not the frozen content, which may be large.
        """
        from plans.reports.models import Report, ReportFile

        files = ReportFile.objects.of_reports().in_order()
        corrections = Report.objects.filter(stage=Stage.ISSUED)
        return self.select_related("plan", "requested_by", "supersedes").prefetch_related(
            "agencies",
            Prefetch("files", queryset=files),
            Prefetch("superseded_by", queryset=corrections, to_attr="issued_corrections"),
        )


class ReportFileQuerySet(models.QuerySet["ReportFile"]):
    def of_reports(self) -> Self:
        """The files a report has now, not those of its earlier snapshots."""
        return self.filter(snapshot=F("report__snapshot"))

    def in_order(self) -> Self:
        """The newest snapshot first, of each the formats as people ask for them."""
        formats = [models.When(format=kind, then=place) for place, kind in enumerate(Format)]
        return self.order_by("-snapshot", models.Case(*formats, default=len(formats)))
