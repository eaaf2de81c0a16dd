"""Filters of the list of assignments, read from the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from indicators.models import Component
from papi_portal.text import fold
from plans.models import Assignment, Plan
from plans.states import Standing, Status

if TYPE_CHECKING:
    from django.http import HttpRequest

    from plans.querysets import AssignmentQuerySet


def _standings() -> list[tuple[str, Any]]:
    """The standings of a day, and what a list is also asked for."""
    silent = gettext("Im lặng quá %(days)s ngày") % {"days": settings.SILENT_AFTER_DAYS}
    return [*Standing.choices, ("waiting", Status.REPORTED.label), ("silent", silent)]


def _plans(request: HttpRequest | None) -> Any:
    return Plan.objects.visible_to(request.user) if request else Plan.objects.none()


def _agencies(request: HttpRequest | None) -> Any:
    if request is None:
        return Agency.objects.none()
    visible = Assignment.objects.visible_to(request.user)
    return Agency.objects.filter(pk__in=visible.values("agency")).by_name()


class AssignmentFilter(django_filters.FilterSet):
    """Filters for `Assignment.visible_to(user)`; a wrong value filters nothing out."""

    q = django_filters.CharFilter(
        label=_("Tìm trong tên nhiệm vụ"), method="filter_text", max_length=200
    )
    tt = django_filters.ChoiceFilter(
        label=_("Tình trạng"),
        choices=_standings,
        method="filter_standing",
        empty_label=_("Mọi tình trạng"),
    )
    nd = django_filters.ModelChoiceFilter(
        label=_("Nội dung PAPI"),
        field_name="primary_component",
        queryset=Component.objects.dimensions(),
        to_field_name="stable_key",
        empty_label=_("Mọi nội dung"),
    )
    cq = django_filters.ModelChoiceFilter(
        label=_("Cơ quan"),
        field_name="agency",
        queryset=_agencies,
        empty_label=_("Mọi cơ quan"),
        widget=forms.Select(attrs={"data-combobox": ""}),
    )
    kh = django_filters.ModelChoiceFilter(
        label=_("Kế hoạch"),
        field_name="plan",
        queryset=_plans,
        empty_label=_("Mọi kế hoạch"),
    )

    class Meta:
        model = Assignment
        fields = ("q", "tt", "nd", "cq", "kh")

    def filter_text(self, rows: AssignmentQuerySet, _name: str, value: str) -> Any:
        return rows.matching(fold(value))

    def filter_standing(self, rows: AssignmentQuerySet, _name: str, value: str) -> Any:
        today = timezone.localdate()
        if value == "waiting":
            return rows.waiting()
        if value == "silent":
            return rows.silent(today)
        # Bodies that are only asked are never called late.
        chosen = rows.orderable() if value == Standing.OVERDUE else rows
        return chosen.of_standing(value, today)
