"""The only door from a request to a letter, a notice, a gateway, and to the health of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from agencies.access import rights_of
from agencies.models import Province
from plans.reminders.models import Mail, Notice, Webhook

if TYPE_CHECKING:
    from django.db.models import QuerySet

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


def watched_provinces(user: User) -> frozenset[int]:
    """Provinces whose letters the person watches over as administrator or office; 403 if none."""
    rights = rights_of(user)
    watched = rights.administered_provinces | rights.office_provinces
    if not watched:
        raise PermissionDenied
    return watched


def provinces_to_equip(user: User) -> QuerySet[Province]:
    """Provinces of today that the person administers."""
    rights = rights_of(user)
    return Province.objects.valid_on(rights.today).filter(pk__in=rights.administered_provinces)


def administered_webhook(user: User, pk: int) -> Webhook:
    """A gateway of a province the person administers; 403 for others there, elsewhere 404."""
    rights = rights_of(user)
    webhook = get_object_or_404(Webhook, pk=pk, province__in=rights.provinces)
    if webhook.province_id not in rights.administered_provinces:
        raise PermissionDenied
    return webhook
