"""The page that shows what indices measure, edition by edition."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.access import rights_of
from indicators.models import Edition, Index
from indicators.querysets import PAPI

if TYPE_CHECKING:
    from agencies.request import PortalRequest


@require_safe
def indices(request: PortalRequest) -> HttpResponse:
    """All indices, and the structure of one edition of PAPI, the latest unless a year is given."""
    if not rights_of(request.user).provinces:
        raise PermissionDenied
    editions = list(Edition.objects.filter(index__code=PAPI).order_by("-year"))
    typed = request.GET.get("nam", "")
    chosen = next((edition for edition in editions if str(edition.year) == typed), None)
    edition = chosen or (editions[0] if editions else None)
    context = {
        "indices": Index.objects.order_by("code"),
        "editions": editions,
        "edition": edition,
        "components": edition.components.in_order() if edition else [],
    }
    return render(request, "indicators/indices.html", context)
