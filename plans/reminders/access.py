"""The only door from a request to a letter or a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from agencies.access import rights_of
from plans.access import LARGEST_KEY
from plans.reminders.models import Mail, Notice

if TYPE_CHECKING:
    from agencies.models import User


def require_administrator(user: User) -> None:
    """403 unless the person administers some province: letters are read by nobody else."""
    if not rights_of(user).administered_provinces:
        raise PermissionDenied


def readable_mail(user: User, pk: int) -> Mail:
    """A letter of a province the person administers; 403 for others there, elsewhere 404."""
    rights = rights_of(user)
    mail = Mail.objects.filter(pk=min(pk, LARGEST_KEY), province__in=rights.provinces).first()
    if mail is None:
        raise Http404
    if mail.province_id not in rights.administered_provinces:
        raise PermissionDenied
    return mail


def own_notice(user: User, pk: int) -> Notice:
    notice = Notice.objects.visible_to(user).filter(pk=min(pk, LARGEST_KEY)).first()
    if notice is None:
        raise Http404
    return notice
