"""Who hears of work on a day: people in their posts, or whoever stands in for them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from agencies.access import predecessors
from agencies.models import Membership
from agencies.states import Role
from plans.reminders.expected import Hearers
from plans.reminders.models import Leave
from plans.reminders.states import Audience

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from agencies.models import User

AUDIENCES = {
    Role.OFFICER: Audience.OFFICER,
    Role.HEAD: Audience.HEAD,
    Role.OFFICE: Audience.OFFICE,
    Role.LEADER: Audience.LEADER,
}
IN_AGENCY = frozenset({Role.OFFICER, Role.HEAD})
# If nobody holds the one post in an agency, its work is told to the other.
OTHER = {Audience.OFFICER: Audience.HEAD, Audience.HEAD: Audience.OFFICER}


@dataclass(frozen=True)
class Staff:
    """The posts of a day and who hears what.

    A province answers for what it was made from: a person with posts in today's Lào Cai and in
    the former one gets one letter, a person of two separate provinces one for each.
    """

    posts: list[Membership]
    people: dict[int, User]
    # Each province in which somebody has a post, with all it was made from.
    reach: dict[int, set[int]]
    hearers: Hearers
    # Who reads the letters of whom today.
    absences: dict[int, list[Leave]]

    @cached_property
    def answering(self) -> dict[int, int]:
        """For each province the one of today that answers for it."""
        found: dict[int, int] = {}
        for province in sorted(self.reach, key=lambda province: len(self.reach[province])):
            found |= dict.fromkeys(self.reach[province], province)
        return found

    @cached_property
    def _posts_of(self) -> dict[int, list[Membership]]:
        found: dict[int, list[Membership]] = {}
        for post in self.posts:
            found.setdefault(post.user_id, []).append(post)
        return found

    def posts_of(self, user_id: int) -> list[Membership]:
        return self._posts_of[user_id]

    def tenant_of(self, user_id: int, province: int) -> int:
        """That of the person's provinces which answers for `province`."""
        own = {post.agency.province_id for post in self.posts_of(user_id)}
        answering = {other for other in own if province in self.reach[other]} or own
        return max(answering, key=lambda other: (len(self.reach[other]), other))

    def overseers(self, audience: Audience, province: int) -> frozenset[int]:
        return self.hearers.get((audience, province), frozenset())


def read_staff(today: date, provinces: Collection[int] | None = None) -> Staff:
    """The staff of `today`, of all provinces or of some; three queries."""
    posts = Membership.objects.current(today).filter(role__in=AUDIENCES, user__is_active=True)
    if provinces is not None:
        posts = posts.filter(agency__province__in=provinces)
    rows = list(posts.select_related("user", "agency").order_by("starts_on", "pk"))
    reach = predecessors({post.agency.province_id for post in rows})
    leaves = list(Leave.objects.on(today).select_related("user", "delegate").order_by("pk"))
    seats, absences = _stood_in_for(rows, leaves)
    return Staff(
        posts=rows,
        people={post.user_id: post.user for post in rows},
        reach=reach,
        hearers=_hearers(seats, reach),
        absences=absences,
    )


def may_stand_in(post: Membership, held: Iterable[Membership]) -> bool:
    """Whether one who holds the posts `held` may read all that `post` is told.

    In an agency its own people; for the office of a province another of that office; for a
    leader another leader or the office.
    """
    allowed = {Role.OFFICE: {Role.OFFICE}, Role.LEADER: {Role.LEADER, Role.OFFICE}}
    if post.role in IN_AGENCY:
        return any(own.agency_id == post.agency_id and own.role in IN_AGENCY for own in held)
    return any(
        own.agency.province_id == post.agency.province_id
        and own.role in allowed.get(Role(post.role), set())
        for own in held
    )


def _stood_in_for(
    posts: list[Membership], leaves: Iterable[Leave]
) -> tuple[list[tuple[Membership, int]], dict[int, list[Leave]]]:
    """Each post with who hears for it; a delegate who is away himself passes it on."""
    held: dict[int, list[Membership]] = {}
    for post in posts:
        held.setdefault(post.user_id, []).append(post)
    away = {leave.user_id: leave for leave in leaves}
    seats = []
    absences: dict[int, dict[int, Leave]] = {}
    for post in posts:
        taker = _taker(post, away, held)
        seats.append((post, taker))
        if taker != post.user_id:
            absences.setdefault(taker, {})[post.user_id] = away[post.user_id]
    return seats, {taker: list(whose.values()) for taker, whose in absences.items()}


def _taker(
    post: Membership, away: Mapping[int, Leave], held: Mapping[int, list[Membership]]
) -> int:
    """The last in the chain of delegates who is there and may read it; else the person."""
    seen = {post.user_id}
    person = post.user_id
    while person in away:
        person = away[person].delegate_id
        if person in seen or not may_stand_in(post, held.get(person, ())):
            return post.user_id
        seen.add(person)
    return person


def _hearers(seats: Iterable[tuple[Membership, int]], reach: dict[int, set[int]]) -> Hearers:
    found: dict[tuple[Audience, int], set[int]] = {}
    agencies = set()
    for post, user in seats:
        audience = AUDIENCES[Role(post.role)]
        if post.role in IN_AGENCY:
            agencies.add(post.agency_id)
            found.setdefault((audience, post.agency_id), set()).add(user)
            continue
        for province in reach[post.agency.province_id]:
            found.setdefault((audience, province), set()).add(user)
    for agency in agencies:
        for audience, other in OTHER.items():
            found.setdefault((audience, agency), found.get((other, agency), set()))
    return {place: frozenset(users) for place, users in found.items()}
