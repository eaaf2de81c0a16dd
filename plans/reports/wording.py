"""How official documents write days, rates and the bodies that sign (Nghị định 30/2020/NĐ-CP).

What is written here goes into a paper that is Vietnamese by law, so it is not translated.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypedDict

from agencies.states import AgencyKind, ProvinceKind

if TYPE_CHECKING:
    from agencies.models import Province
    from plans.models import Plan

COMMITTEE = "ỦY BAN NHÂN DÂN"
# Kinds that write under the name of the province's People's Committee.
SUBORDINATE = frozenset(
    {
        AgencyKind.OFFICE,
        AgencyKind.DEPARTMENT,
        AgencyKind.DISTRICT,
        AgencyKind.COMMUNE,
        AgencyKind.OTHER,
    }
)
HEAD_OF = {
    "Sở": "GIÁM ĐỐC",
    "Ban": "TRƯỞNG BAN",
    "Thanh": "CHÁNH THANH TRA",
    "Văn": "CHÁNH VĂN PHÒNG",
}
LOCAL_COMMITTEE_PREFIXES = ("UBND ", "Ủy ban nhân dân ", "Uỷ ban nhân dân ")


class Letterhead(TypedDict):
    """What stands above and below the text; the number, the day and the name stay blank."""

    superior: str
    issuer: list[str]
    symbol: str
    place: str
    year: int
    signer: list[str]
    addressee: str
    recipients: list[str]
    speaker: str


def short_date(day: date) -> str:
    """30/3/2021, 05/02/2021: a zero before days under 10 and before January and February."""
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"{day.day:02}/{month}/{day.year}"


def percent(part: int, whole: int) -> str:
    """part/whole with one decimal, half up: "46,9%"; a dash when there is nothing to divide."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"


def rate(part: int, whole: int) -> str:
    """A rate never stands without its figures: "45/96 (46,9%)"."""
    return f"{part}/{whole} ({percent(part, whole)})" if whole else f"{part}/{whole}"


def initial_letters(name: str) -> str:
    """SKHĐT of Sở Kế hoạch và Đầu tư: for a body whose symbol nobody has entered."""
    return "".join(word[0] for word in name.split() if word not in {"và", "-"}).upper()


def letterhead(plan: Plan, year: int) -> Letterhead:
    """The form in which the plan's monitor reports; without a monitor the committee itself."""
    monitor = plan.monitor
    full = f"{_kind(plan.province)} {plan.province.name}"
    if monitor is None or monitor.kind == AgencyKind.COMMITTEE:
        return _committee(plan.province, full, year)

    is_local = monitor.kind in {AgencyKind.DISTRICT, AgencyKind.COMMUNE}
    is_office = monitor.kind == AgencyKind.OFFICE
    issuer = [monitor.name.upper()]
    signer = [HEAD_OF.get(monitor.name.split()[0], "THỦ TRƯỞNG CƠ QUAN")]
    symbol = monitor.code or initial_letters(monitor.name)
    if is_local:
        issuer = [COMMITTEE, _without_committee(monitor.name).upper()]
        signer, symbol = [f"TM. {COMMITTEE}", "CHỦ TỊCH"], "UBND"
    elif is_office:
        issuer, signer, symbol = ["VĂN PHÒNG"], ["CHÁNH VĂN PHÒNG"], monitor.code or "VP"
    return Letterhead(
        superior=f"UBND {full.upper()}" if monitor.kind in SUBORDINATE else "",
        issuer=issuer,
        symbol=f"BC-{symbol}",
        place=plan.province.name,
        year=year,
        signer=signer,
        addressee=f"Ủy ban nhân dân {full}",
        recipients=["Như trên", "Các cơ quan được giao nhiệm vụ"],
        speaker=monitor.name,
    )


def _committee(province: Province, full: str, year: int) -> Letterhead:
    return Letterhead(
        superior="",
        issuer=[COMMITTEE, full.upper()],
        symbol="BC-UBND",
        place=province.name,
        year=year,
        signer=[f"TM. {COMMITTEE}", "CHỦ TỊCH"],
        addressee="",
        recipients=["Các cơ quan được giao nhiệm vụ"],
        speaker=f"Ủy ban nhân dân {full}",
    )


def _kind(province: Province) -> str:
    return "thành phố" if province.kind == ProvinceKind.CITY else "tỉnh"


def _without_committee(name: str) -> str:
    for prefix in LOCAL_COMMITTEE_PREFIXES:
        name = name.removeprefix(prefix)
    return name


def plan_name(plan: Plan) -> str:
    """Kế hoạch số 149/KH-UBND ngày 30/3/2021."""
    name = plan.get_kind_display()
    if plan.number:
        name += f" số {plan.number}"
    if plan.issued_on:
        name += f" ngày {short_date(plan.issued_on)}"
    return name


def plan_subject(plan: Plan) -> str:
    """What the plan is about, to follow "về": the title without its kind, with a small letter."""
    title = plan.title.strip().rstrip(".")
    for start in (plan.get_kind_display(), "Về việc", "Về"):
        if title.lower().startswith(f"{start.lower()} "):
            title = title[len(start) + 1 :].strip()
    first = title.split()[0] if title else ""
    return title if first.isupper() else title[:1].lower() + title[1:]
