"""The only door from a request to a letter or a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from agencies.access import rights_of
from plans.reminders.models import Mail, Notice

if TYPE_CHECKING:
    from agencies.models import User


def readable_mail(user: User, pk: int) -> Mail:
    """A letter of a province the person administers; 403 for others there, elsewhere 404."""
    rights = rights_of(user)
    mail = get_object_or_404(Mail, pk=pk, province__in=rights.provinces)
    if mail.province_id not in rights.administered_provinces:
        raise PermissionDenied
    return mail


def own_notice(user: User, pk: int) -> Notice:
    return get_object_or_404(Notice.objects.visible_to(user), pk=pk)
