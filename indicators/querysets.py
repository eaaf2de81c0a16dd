"""Reusable reads of what indices measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from datetime import date

    from indicators.models import Component, Edition, EditionComponent, Score

PAPI = "PAPI"


class ComponentQuerySet(models.QuerySet["Component"]):
    def dimensions(self) -> Self:
        """The dimensions of PAPI (D1 to D8) in their order."""
        return self.filter(index__code=PAPI, level="dimension").order_by("position")


class EditionComponentQuerySet(models.QuerySet["EditionComponent"]):
    def in_order(self) -> Self:
        """Each dimension followed by its sub-dimensions, as printed."""
        return (
            self.exclude(component__level="composite")
            .select_related("component")
            .order_by("code", "pk")
        )


class EditionQuerySet(models.QuerySet["Edition"]):
    def published_by(self, day: date) -> Self:
        """What was out on `day`; of early editions only the year is known, they come out later."""
        is_undated = Q(published_on__isnull=True, year__lt=day.year)
        return self.filter(Q(published_on__lte=day) | is_undated)

    def with_scores(self) -> Self:
        """Editions that some release has a figure for."""
        from indicators.models import Score

        return self.filter(
            Exists(Score.objects.filter(edition=OuterRef("pk"), value__isnull=False))
        )


class ScoreQuerySet(models.QuerySet["Score"]):
    def current(self) -> Self:
        """What holds today: of an edition, a component and a province, the latest release.

        A release that leaves a province out says nothing of it; to withdraw a figure, a release
        says that it is missing.
        """
        from indicators.models import Score

        newer = Score.objects.filter(
            edition=OuterRef("edition"),
            component=OuterRef("component"),
            province=OuterRef("province"),
            release__gt=OuterRef("release"),
        )
        return self.filter(~Exists(newer))
