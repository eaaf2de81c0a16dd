"""Reusable reads of what indices measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

if TYPE_CHECKING:
    from indicators.models import Component, EditionComponent

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
