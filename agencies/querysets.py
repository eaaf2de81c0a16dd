"""Reusable reads of provinces, agencies and posts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from agencies.models import Agency, AgencyGroup, Membership, Province


def valid_on(day: date, prefix: str = "") -> Q:
    """Rows whose dates, both inclusive and either may be open, cover `day`."""
    starts = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})
    ends = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    return starts & ends


def held_on(day: date, prefix: str = "") -> Q:
    """Posts held on `day`; the last day of a post still counts."""
    ends = Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gte": day})
    return Q(**{f"{prefix}starts_on__lte": day}) & ends


def containing(folded: str, column: str = "search_text") -> Q:
    """Rows in whose folded `column` every word of `folded` occurs, in any order."""
    return Q(*((f"{column}__contains", word) for word in folded.split()))


class ProvinceQuerySet(models.QuerySet["Province"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(valid_on(day))


class AgencyQuerySet(models.QuerySet["Agency"]):
    def valid_on(self, day: date) -> Self:
        return self.filter(valid_on(day))

    def matching(self, folded: str) -> Self:
        """Agencies in whose folded names every word of `folded` occurs, in any order."""
        return self.filter(containing(folded))

    def by_name(self) -> Self:
        return self.order_by("sort_text", "pk")

    def after(self, agency: Agency) -> Self:
        """Rows that follow `agency` in the order of `by_name`."""
        later = Q(sort_text__gt=agency.sort_text)
        return self.filter(later | Q(sort_text=agency.sort_text, pk__gt=agency.pk))

    def with_people_count(self, today: date) -> Self:
        """Add `people_count`: how many people hold a post in the agency on `today`."""
        held = held_on(today, "memberships__") & Q(memberships__user__is_active=True)
        return self.annotate(
            people_count=models.Count("memberships__user", filter=held, distinct=True)
        )


class AgencyGroupQuerySet(models.QuerySet["AgencyGroup"]):
    def with_members_on(self, day: date) -> Self:
        """Prefetch as `members_on_day` the members of each group that existed on `day`."""
        from agencies.models import Agency

        members = Agency.objects.filter(valid_on(day)).order_by("sort_text", "pk")
        return self.prefetch_related(
            models.Prefetch("members", queryset=members, to_attr="members_on_day")
        )


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, today: date) -> Self:
        return self.filter(held_on(today))

    def not_ended(self, today: date) -> Self:
        """Posts held on `today` or to be held later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today))
