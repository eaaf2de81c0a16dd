"""The door from a request to indices and provinces: published scores are public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from agencies.models import Province
from indicators.models import Index
from indicators.querysets import PAPI

if TYPE_CHECKING:
    from agencies.models import User


def readable_province(user: User, pk: int) -> Province:
    """Any province of any time: whoever is signed in may read what was published."""
    if not user.is_active:
        raise Http404
    return get_object_or_404(Province, pk=pk)


def readable_index(user: User, code: str) -> Index:
    """The index of that code, PAPI if none is named."""
    if not user.is_active:
        raise Http404
    return get_object_or_404(Index, code=code or PAPI)
