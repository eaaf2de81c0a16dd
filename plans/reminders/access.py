"""The only door from a request to a letter, a notice or the address of a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve

from agencies.access import rights_of
from plans.models import Assignment
from plans.reminders.models import CalendarFeed, Mail, Notice

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


def may_follow(user: User, url: str) -> bool:
    """Whether an address kept in a notice is still one of the portal's and open to the person."""
    try:
        match = resolve(urlsplit(url).path)
    except (Resolver404, ValueError):
        return False
    rights = rights_of(user)
    if match.view_name == "plans:my_work":
        return bool(rights.agencies)
    if match.view_name == "plans:overview":
        return bool(rights.overseen_provinces)
    if match.view_name == "plans:assignment":
        return Assignment.objects.visible_to(user).filter(pk=match.kwargs["pk"]).exists()
    return True


def own_feed(user: User, pk: int) -> CalendarFeed:
    return get_object_or_404(CalendarFeed, pk=pk, owner=user)
