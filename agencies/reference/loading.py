"""Write the bodies of every province, the groups they form and what became of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from agencies.models import Agency, AgencyAlias, AgencyGroup, Province, Succession
from agencies.reference.bodies import (
    DEPARTMENTS_RENAMED_ON,
    TWO_LEVELS_FROM,
    Body,
    bodies_of,
    day_after,
)
from agencies.services import fill_keys
from agencies.states import AgencyKind, SuccessionKind

DECREE_45 = "Nghị định 45/2025/NĐ-CP và nghị quyết của Hội đồng nhân dân tỉnh"
PARTY_DECISION = "Quyết định của Ban Thường vụ Tỉnh ủy"
TWO_LEVELS = "Luật Tổ chức chính quyền địa phương số 72/2025/QH15"
BATCH = 500


@dataclass(frozen=True)
class GroupRule:
    """A group every province has, and the kinds of agencies in it."""

    name: str
    kinds: frozenset[AgencyKind]
    phrases: tuple[str, ...]


GROUPS = (
    GroupRule(
        "các sở, ban, ngành",
        frozenset({AgencyKind.OFFICE, AgencyKind.DEPARTMENT}),
        (
            "các sở, ngành",
            "các sở, ban, ngành tỉnh",
            "các sở, ban, ngành thành phố",
            "các sở, ban, ngành của tỉnh",
            "các sở, ban, ngành cấp tỉnh",
            "sở, ban, ngành",
            "sở, ngành",
            "các cơ quan chuyên môn",
            "các cơ quan chuyên môn thuộc UBND tỉnh",
        ),
    ),
    GroupRule(
        "UBND các xã, phường",
        frozenset({AgencyKind.COMMUNE}),
        (
            "UBND các xã, phường, đặc khu",
            "UBND xã, phường",
            "UBND cấp xã",
            "các xã, phường",
            "các xã, phường, đặc khu",
            "Chủ tịch UBND các xã, phường",
        ),
    ),
    GroupRule(
        "UBND các huyện, thị xã, thành phố",
        frozenset({AgencyKind.DISTRICT}),
        (
            "UBND huyện, thị xã, thành phố",
            "UBND cấp huyện",
            "các huyện, thị xã, thành phố",
            "UBND các huyện, thành phố",
        ),
    ),
    GroupRule(
        "các cơ quan trung ương trên địa bàn",
        frozenset({AgencyKind.VERTICAL}),
        ("các cơ quan trung ương đóng trên địa bàn", "các cơ quan ngành dọc"),
    ),
)


@transaction.atomic
def load_agencies() -> dict[AgencyKind, int]:
    """Add agencies, groups and successions that are missing; what people changed stays.

    An agency is there if its name or its code is, so a renamed one does not come back under
    its old name. Return how many were added, by kind.
    """
    provinces = list(Province.objects.all())
    bodies = [body for province in provinces for body in bodies_of(province)]
    missing = _missing(bodies)
    made = bulk_create_with_history([_agency(body) for body in missing], Agency, batch_size=BATCH)
    AgencyAlias.objects.bulk_create(
        (
            AgencyAlias(agency=agency, name=alias)
            for agency, body in zip(made, missing, strict=True)
            for alias in dict.fromkeys(body.aliases)
        ),
        batch_size=BATCH,
    )
    _load_groups(provinces, made)
    _load_successions(bodies)
    counts: dict[AgencyKind, int] = {}
    for body in missing:
        counts[body.kind] = counts.get(body.kind, 0) + 1
    return counts


def _missing(bodies: list[Body]) -> list[Body]:
    names, codes, gso_codes = set(), set(), set()
    for province, name, code, gso_code, valid_from in Agency.objects.values_list(
        "province_id", "name", "code", "gso_code", "valid_from"
    ):
        names.add((province, name, valid_from))
        codes.add((province, code, valid_from))
        gso_codes.add((province, gso_code))
    return [
        body
        for body in bodies
        if (body.province.pk, body.name, body.valid_from) not in names
        and not (body.code and (body.province.pk, body.code, body.valid_from) in codes)
        and not (body.gso_code and (body.province.pk, body.gso_code) in gso_codes)
    ]


def _agency(body: Body) -> Agency:
    agency = Agency(
        province=body.province,
        name=body.name,
        short_name=body.short_name,
        code=body.code,
        kind=body.kind,
        gso_code=body.gso_code,
        is_requested=body.is_requested,
        valid_from=body.valid_from,
        valid_to=body.valid_to,
    )
    fill_keys(agency, body.aliases)
    return agency


def _load_groups(provinces: list[Province], made: Iterable[Agency]) -> None:
    """Every group that has members; a group people changed only gains agencies new today."""
    stored = {(group.province_id, group.name): group for group in AgencyGroup.objects.all()}
    of_kind: dict[tuple[int, str], list[int]] = {}
    for pk, province_id, kind in Agency.objects.values_list("pk", "province_id", "kind"):
        of_kind.setdefault((province_id, kind), []).append(pk)
    made_pks = {agency.pk for agency in made}

    links: list[tuple[int, int]] = []
    for province in provinces:
        for rule in GROUPS:
            members = [pk for kind in rule.kinds for pk in of_kind.get((province.pk, kind), ())]
            group = stored.get((province.pk, rule.name))
            if group is not None:
                members = [pk for pk in members if pk in made_pks]
            elif members:
                group = AgencyGroup.objects.create(
                    province=province, name=rule.name, phrases="\n".join(rule.phrases)
                )
            if group is not None:
                links += [(group.pk, pk) for pk in members]
    through = AgencyGroup.members.through
    through.objects.bulk_create(
        (through(agencygroup_id=group, agency_id=agency) for group, agency in links),
        batch_size=BATCH,
        ignore_conflicts=True,
    )


@dataclass(frozen=True)
class _Heir:
    """The province a province became part of."""

    province_id: int
    kind: SuccessionKind
    ground: str


@dataclass(frozen=True)
class _Change:
    kind: SuccessionKind
    ground: str
    old: tuple[Agency, ...]
    new: tuple[Agency, ...]


def _load_successions(bodies: list[Body]) -> None:
    """What became of each agency that has ended, unless an event already says so."""
    stored: dict[tuple[int, str], list[Agency]] = {}
    by_name: dict[tuple[int, str], Agency] = {}
    ended = Agency.objects.exclude(kind=AgencyKind.COMMUNE).order_by("valid_from", "pk")
    for agency in ended:
        stored.setdefault((agency.province_id, agency.code), []).append(agency)
        by_name.setdefault((agency.province_id, agency.name), agency)
    has_successor = set(
        Succession.objects.filter(old_agencies__isnull=False).values_list("old_agencies", flat=True)
    )
    heirs = {
        old: _Heir(new, SuccessionKind(kind), ground)
        for old, new, kind, ground in Succession.objects.filter(
            old_provinces__isnull=False, new_provinces__isnull=False
        ).values_list("old_provinces", "new_provinces", "kind", "ground")
    }
    districts: dict[int, list[Agency]] = {}
    for body in bodies:
        old = by_name.get((body.province.pk, body.name))
        if old is None or old.pk in has_successor or body.valid_to is None:
            continue
        if body.kind == AgencyKind.DISTRICT:
            if day_after(body.valid_to) == TWO_LEVELS_FROM:
                districts.setdefault(body.province.pk, []).append(old)
            continue
        change = _change(body, old, stored, heirs.get(body.province.pk))
        if change is not None:
            _write(change, old)
    for abolished in districts.values():
        gone = _Change(SuccessionKind.ABOLISH, TWO_LEVELS, tuple(abolished), ())
        _write(gone, abolished[0])


def _change(
    body: Body, old: Agency, stored: dict[tuple[int, str], list[Agency]], heir: _Heir | None
) -> _Change | None:
    """What became of `old`: by its own reform, or with its province; None if nobody knows."""
    assert body.valid_to is not None
    if body.successors and day_after(body.valid_to) == DEPARTMENTS_RENAMED_ON:
        new = tuple(
            agency
            for code in body.successors
            for agency in stored.get((body.province.pk, code), ())[-1:]
        )
        kind = SuccessionKind.SPLIT if len(new) > 1 else SuccessionKind.MERGE
        is_of_party = body.kind in {AgencyKind.PARTY, AgencyKind.PRESS}
        ground = PARTY_DECISION if is_of_party else DECREE_45
        return _Change(kind, ground, (old,), new) if new else None
    if heir is None or not body.code or body.valid_to != body.province.valid_to:
        return None
    new = tuple(stored.get((heir.province_id, body.code), ())[:1])
    return _Change(heir.kind, heir.ground, (old,), new) if new else None


def _write(change: _Change, ended: Agency) -> None:
    assert ended.valid_to is not None
    succession = Succession.objects.create(
        kind=change.kind, happened_on=day_after(ended.valid_to), ground=change.ground
    )
    succession.old_agencies.set(change.old)
    succession.new_agencies.set(change.new)
