"""What a person may do, read once per request from the posts held on that day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.shortcuts import get_object_or_404
from django.utils import timezone

from agencies.models import Agency, Membership, Province, Succession, User
from agencies.states import OVERSEEING_ROLES, REPORTING_ROLES, Role

if TYPE_CHECKING:
    from datetime import date

    from django.db.models import QuerySet


@dataclass(frozen=True)
class Rights:
    """The reach of one person on one day; every set holds primary keys.

    A province's reach includes what it was made from: today's Lào Cai keeps the files of the
    former Lào Cai and of Yên Bái.
    """

    user_id: int | None
    today: date
    roles: frozenset[str]
    provinces: frozenset[int]
    overseen_provinces: frozenset[int]
    office_provinces: frozenset[int]
    leader_provinces: frozenset[int]
    administered_provinces: frozenset[int]
    agencies: frozenset[int]
    is_administrator: bool


NOBODY = frozenset[int]()


def predecessors(province_ids: set[int]) -> dict[int, set[int]]:
    """Each province with itself and all it was made from; one query."""
    made_from: dict[int, set[int]] = {}
    pairs = Succession.objects.filter(
        new_provinces__isnull=False, old_provinces__isnull=False
    ).values_list("new_provinces", "old_provinces")
    for new, old in pairs:
        made_from.setdefault(new, set()).add(old)

    reach = {}
    for start in province_ids:
        seen, frontier = {start}, {start}
        while frontier:
            frontier = {old for new in frontier for old in made_from.get(new, ())} - seen
            seen |= frontier
        reach[start] = seen
    return reach


def rights_of(user: User | AnonymousUser) -> Rights:
    """The rights of `user` today, in at most three queries, kept on the user for the request."""
    today = timezone.localdate()
    known: Rights | None = getattr(user, "_rights", None)
    if known is None or known.today != today:
        known = _read_rights(user, today)
        user._rights = known  # type: ignore[union-attr]  # a cache that lives as long as the request
    return known


def _read_rights(user: User | AnonymousUser, today: date) -> Rights:
    if not isinstance(user, User) or not user.is_active:
        return Rights(None, today, frozenset(), *(NOBODY,) * 6, is_administrator=False)

    posts = list(
        Membership.objects.current(today)
        .filter(user=user)
        .values_list("role", "agency_id", "agency__province_id")
    )
    reach = predecessors({province for _role, _agency, province in posts})

    def provinces_with(roles: frozenset[Role]) -> frozenset[int]:
        return frozenset(
            old for role, _agency, province in posts if role in roles for old in reach[province]
        )

    every_province = (
        frozenset(Province.objects.values_list("pk", flat=True)) if user.is_superuser else NOBODY
    )
    administered = provinces_with(frozenset({Role.ADMINISTRATOR})) | every_province
    roles = {role for role, _agency, _province in posts}
    if user.is_superuser:
        roles.add(Role.ADMINISTRATOR)
    return Rights(
        user_id=user.pk,
        today=today,
        roles=frozenset(roles),
        provinces=provinces_with(frozenset(Role)) | every_province,
        overseen_provinces=provinces_with(OVERSEEING_ROLES) | every_province,
        office_provinces=provinces_with(frozenset({Role.OFFICE})),
        leader_provinces=provinces_with(frozenset({Role.LEADER})),
        administered_provinces=administered,
        agencies=frozenset(agency for role, agency, _province in posts if role in REPORTING_ROLES),
        is_administrator=Role.ADMINISTRATOR in roles,
    )


def readable_agency(user: User | AnonymousUser, pk: int) -> Agency:
    """An agency of a province the person has a post in; otherwise 404."""
    return get_object_or_404(Agency, pk=pk, province__in=rights_of(user).provinces)


def allow(is_allowed: bool) -> None:
    if not is_allowed:
        raise PermissionDenied


def require_administrator(user: User | AnonymousUser) -> None:
    """403 unless the person administers some province."""
    allow(rights_of(user).is_administrator)


def administered_agency(user: User | AnonymousUser, pk: int) -> Agency:
    agency = readable_agency(user, pk)
    allow(agency.province_id in rights_of(user).administered_provinces)
    return agency


def administered_people(user: User) -> QuerySet[User]:
    """Whoever holds or held a post in the provinces this person administers."""
    if user.is_superuser:
        return User.objects.all()
    posts = Membership.objects.filter(
        user=OuterRef("pk"), agency__province__in=rights_of(user).administered_provinces
    )
    return User.objects.filter(Exists(posts))


def administered_person(user: User, pk: int) -> User:
    require_administrator(user)
    return get_object_or_404(administered_people(user), pk=pk)


def may_manage_account(user: User, person: User) -> bool:
    """Whether `user` may lock the account of `person` or give it another password.

    Only if every post it has or ever had lies in the provinces of `user`: otherwise one could
    sign in as somebody else and reach what is foreign, old notices included.
    """
    is_above = (person.is_superuser or person.is_staff) and not user.is_superuser
    if user.pk == person.pk or is_above:
        return False
    rights = rights_of(user)
    posts = Membership.objects.filter(user=person)
    return not posts.exclude(agency__province__in=rights.administered_provinces).exists()


def managed_person(user: User, pk: int) -> User:
    person = administered_person(user, pk)
    allow(may_manage_account(user, person))
    return person


def administered_post(user: User, pk: int) -> Membership:
    require_administrator(user)
    provinces = rights_of(user).administered_provinces
    posts = Membership.objects.filter(agency__province__in=provinces)
    return get_object_or_404(posts.select_related("user", "agency"), pk=pk)
