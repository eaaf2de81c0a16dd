"""What bodies each province had and has, read from our data files and the list of communes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from vietnam_provinces import Ward

from agencies.models import Province
from agencies.reference.provinces import day, read_rows
from agencies.states import REQUESTED_KINDS, AgencyKind, ProvinceKind

# Nghị định 45/2025/NĐ-CP: departments have their new names from this day.
DEPARTMENTS_RENAMED_ON = date(2025, 3, 1)
# Districts and 52 provinces ended, communes and merged provinces began.
TWO_LEVELS_FROM = date(2025, 7, 1)
# Provinces before the merger whose agencies are loaded: those of the demonstration plans.
FORMER_WITH_AGENCIES = frozenset({"10", "56", "66", "95"})


@dataclass(frozen=True)
class Body:
    """An agency as it is to be loaded; `successors` are codes of agencies of its province."""

    province: Province
    name: str
    kind: AgencyKind
    short_name: str = ""
    code: str = ""
    gso_code: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    aliases: tuple[str, ...] = ()
    successors: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_requested(self) -> bool:
        return self.kind in REQUESTED_KINDS


def bodies_of(province: Province) -> Iterator[Body]:
    """Everything loaded for one province, whatever the day."""
    is_current = province.valid_to is None or province.valid_to >= TWO_LEVELS_FROM
    if not is_current and province.code not in FORMER_WITH_AGENCIES:
        return
    former = [row for row in read_rows("former_agencies.csv") if _is_for(province, row["only"])]
    if province.valid_from is not None and province.valid_from >= TWO_LEVELS_FROM:
        former = []
    begun = {code for row in former if row["begins"] for code in row["successors"].split("|")}
    for row in read_rows("agencies.csv"):
        yield from _standing_body(province, row, begun)
    for row in former:
        yield _body(province, row, day(row["from"]), _earlier(day(row["to"]), province.valid_to))
    yield from _districts(province)
    if is_current:
        yield from _communes(province)


def _is_for(province: Province, codes: str) -> bool:
    """Whether a data row is for `province`; no codes are all provinces."""
    return not codes or province.code in codes.split(";")


def _standing_body(province: Province, row: dict[str, str], begun: set[str]) -> Iterator[Body]:
    """A body every province has today, from the day on which it is known to exist."""
    if not _is_for(province, row["only"]) or province.code in row["never"].split(";"):
        return
    starts_on = province.valid_from
    if row["era"] == "merged":
        if province.valid_to is not None and province.valid_to < TWO_LEVELS_FROM:
            return
        starts_on = _later(starts_on, TWO_LEVELS_FROM)
    elif row["era"] == "new" or row["code"] in begun:
        starts_on = _later(starts_on, DEPARTMENTS_RENAMED_ON)
    yield _body(province, row, starts_on, province.valid_to)


def _body(
    province: Province, row: dict[str, str], valid_from: date | None, valid_to: date | None
) -> Body:
    return Body(
        province=province,
        name=_filled(row["name"], province),
        kind=AgencyKind(row["kind"]),
        short_name=_filled(row["short_name"], province),
        code=row["code"],
        valid_from=valid_from,
        valid_to=valid_to,
        aliases=tuple(_filled(alias, province) for alias in row["aliases"].split("|") if alias),
        successors=tuple(code for code in row.get("successors", "").split("|") if code),
    )


def _filled(pattern: str, province: Province) -> str:
    is_city = province.kind == ProvinceKind.CITY
    return (
        pattern.replace("{tinh}", "thành phố" if is_city else "tỉnh")
        .replace("{Tinh}", "Thành" if is_city else "Tỉnh")
        .replace("{ten}", province.name)
    )


def _districts(province: Province) -> Iterator[Body]:
    if province.valid_from is not None and province.valid_from >= TWO_LEVELS_FROM:
        return
    for row in read_rows("districts.csv"):
        if row["province_code"] != province.code:
            continue
        for name in row["names"].split("|"):
            yield Body(
                province=province,
                name=f"UBND {row['kind']} {name}",
                kind=AgencyKind.DISTRICT,
                valid_from=day(row["from"]),
                valid_to=day(row["to"]),
                aliases=(f"{row['kind'].capitalize()} {name}",),
            )


def _communes(province: Province) -> Iterator[Body]:
    """The communes of today; the ten of Đồng Nai that became wards in 2026 are not yet told."""
    for ward in Ward.iter_all():
        if f"{ward.province_code.value:02d}" == province.code:
            # The list has stray double spaces and a typographic dash.
            name = re.sub(r"\s+", " ", ward.name.replace("–", "-")).strip()
            kind = ward.division_type.value
            yield Body(
                province=province,
                name=f"UBND {kind}{name[len(kind) :]}",
                kind=AgencyKind.COMMUNE,
                gso_code=f"{ward.code.value:05d}",
                valid_from=_later(province.valid_from, TWO_LEVELS_FROM),
                valid_to=province.valid_to,
                aliases=(name,),
            )


def _later(one: date | None, other: date) -> date:
    return max(one, other) if one else other


def _earlier(one: date | None, other: date | None) -> date | None:
    days = [day for day in (one, other) if day]
    return min(days) if days else None


def day_after(last_day: date) -> date:
    return last_day + timedelta(days=1)
