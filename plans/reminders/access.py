"""The only door from a request to a letter, a notice, a gateway, or the rules of reminding."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.shortcuts import get_object_or_404
from django.urls import Resolver404, resolve

from agencies.access import rights_of
from agencies.models import Membership, Province, User
from plans import access as plan_access
from plans.models import Assignment
from plans.reminders.models import CalendarDecision, CalendarFeed, Leave, Mail, Notice, Webhook
from plans.reminders.staff import may_stand_in

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from plans.models import Plan


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


def managed_keys(user: User) -> frozenset[int]:
    """Provinces whose reminding the person sets: the office and the administrator."""
    rights = rights_of(user)
    return rights.office_provinces | rights.administered_provinces


def managed_provinces(user: User) -> list[Province]:
    """Of these, the provinces that still are; 403 without any."""
    rows = list(_provinces_of_today(user))
    if not rows:
        raise PermissionDenied
    return rows


def first_managed_province(user: User) -> Province | None:
    """Where the tabs of pages that are about no one province lead."""
    return _provinces_of_today(user).first()


def _provinces_of_today(user: User) -> QuerySet[Province]:
    """That of the first post first, as in the head of the page; those without a post last."""
    today = rights_of(user).today
    posts = Membership.objects.current(today).filter(user=user, agency__province=OuterRef("pk"))
    first = Subquery(posts.order_by("pk").values("pk")[:1])
    rows = Province.objects.filter(pk__in=managed_keys(user)).valid_on(today)
    return rows.order_by(first.asc(nulls_last=True), "sort_text", "pk")


def managed_province(user: User, pk: int) -> Province:
    province = get_object_or_404(Province, pk=pk, pk__in=rights_of(user).provinces)
    if province.pk not in managed_keys(user):
        raise PermissionDenied
    return province


def managed_plan(user: User, pk: int) -> Plan:
    """A plan whose rungs the person may set."""
    plan = plan_access.readable_plan(user, pk)
    if plan.province_id not in managed_keys(user):
        raise PermissionDenied
    return plan


def managed_decision(user: User, pk: int) -> CalendarDecision:
    decisions = CalendarDecision.objects.filter(province__in=rights_of(user).provinces)
    decision = get_object_or_404(decisions.select_related("province"), pk=pk)
    if decision.province_id not in managed_keys(user):
        raise PermissionDenied
    return decision


def people_on_leave(user: User) -> QuerySet[User]:
    """For whom the person may enter an absence: himself, and whoever he manages."""
    today = rights_of(user).today
    posts = Membership.objects.current(today).filter(agency__province__in=managed_keys(user))
    managed = User.objects.filter(pk__in=posts.values("user"), is_active=True)
    return (managed | User.objects.filter(pk=user.pk)).order_by("full_name", "pk")


def delegates_of(person: User, user: User) -> list[User]:
    """Who may read the letters of `person`, as far as `user` may know; two queries."""
    today = rights_of(user).today
    current = Membership.objects.current(today).select_related("user", "agency")
    posts = current.filter(user=person)
    if person != user:
        posts = posts.filter(agency__province__in=managed_keys(user))
    own = list(posts)
    provinces = {post.agency.province_id for post in own}
    held: dict[User, list[Membership]] = {}
    near = current.filter(agency__province__in=provinces, user__is_active=True)
    for post in near.exclude(user=person).order_by("user__full_name", "pk"):
        held.setdefault(post.user, []).append(post)
    return [
        other for other, posts in held.items() if any(may_stand_in(post, posts) for post in own)
    ]


def editable_leave(user: User, pk: int) -> Leave:
    """An absence of the person himself or of somebody he manages."""
    leaves = Leave.objects.filter(user__in=people_on_leave(user).order_by().values("pk"))
    return get_object_or_404(leaves.select_related("user"), pk=pk)


def watched_provinces(user: User) -> frozenset[int]:
    """Provinces whose letters the person watches over as administrator or office; 403 if none."""
    watched = managed_keys(user)
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
