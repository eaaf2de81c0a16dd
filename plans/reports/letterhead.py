"""Who writes, under which symbol, to whom and who signs (Nghị định 30/2020/NĐ-CP, Phụ lục I, III).

What is written here goes into a paper that is Vietnamese by law, so it is not translated.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypedDict

from agencies.states import AgencyKind, ProvinceKind
from papi_portal.text import fold
from plans.models import Plan
from plans.reports.states import ReportKind
from plans.reports.wording import initial_letters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agencies.models import Agency, Province
    from plans.reports.scope import Scope

COMMITTEE = "ỦY BAN NHÂN DÂN"
FOR_COMMITTEE = f"TM. {COMMITTEE}"
# Kinds that write under the name of the province's People's Committee; a committee of a commune
# has nobody's name above its own.
SUBORDINATE = frozenset({AgencyKind.OFFICE, AgencyKind.DEPARTMENT, AgencyKind.OTHER})
LOCAL = frozenset({AgencyKind.DISTRICT, AgencyKind.COMMUNE})
# By the first word of the name; who is not here signs as head of the agency.
HEAD_OF = {
    "Sở": "GIÁM ĐỐC",
    "Công": "GIÁM ĐỐC",
    "Trung": "GIÁM ĐỐC",
    "Đài": "GIÁM ĐỐC",
    "Bảo": "GIÁM ĐỐC",
    "Báo": "TỔNG BIÊN TẬP",
    "Ban": "TRƯỞNG BAN",
    "Thanh": "CHÁNH THANH TRA",
    "Văn": "CHÁNH VĂN PHÒNG",
}
LOCAL_COMMITTEE_PREFIXES = ("UBND ", "Ủy ban nhân dân ", "Uỷ ban nhân dân ")
LOCAL_KINDS = ("xã ", "phường ", "đặc khu ", "thị trấn ", "huyện ", "thị xã ", "thành phố ")
# Of a document whose author is the whole committee or its chairman, as people type them, folded.
OF_COMMITTEE = ("ubnd ", "uy ban nhan dan ", "chu tich ")
TO_ALL = frozenset({ReportKind.PROGRESS, ReportKind.PROVINCE})
RECIPIENTS = "Các cơ quan, đơn vị được giao nhiệm vụ"


class Letterhead(TypedDict):
    """What stands above and below the text.

    `symbol` follows the number ("BC-SNV"; a letter has no type: "SNV"); `addressee` is "" where
    there is none or where the figures say who they are; `speaker` is the author within a sentence.
    """

    superior: str
    issuer: list[str]
    symbol: str
    place: str
    year: int
    signer: list[str]
    addressee: str
    recipients: list[str]
    speaker: str


def letterhead(scope: Scope, year: int) -> Letterhead:
    """The form in which the author of this report writes; one query at most."""
    province = scope.province
    if scope.kind == ReportKind.PLAN and scope.plan:
        return _of_plan(scope.plan, year)
    if scope.kind == ReportKind.AGENCY:
        author: Agency | None = scope.agencies[0]
    else:
        author = scope.plan.monitor if scope.plan else _usual_monitor(province)
    is_letter = scope.kind == ReportKind.URGING
    if author is None or author.kind == AgencyKind.COMMITTEE:
        return _of_committee(province, year, sign="" if is_letter else "BC")
    if is_letter and author.kind == AgencyKind.OFFICE:
        return _by_order(author, province, year)

    form = _of_agency(author, province, year, sign="" if is_letter else "BC")
    if scope.kind not in TO_ALL:
        form["recipients"] = ["Như trên", "Lưu: VT"]
    if scope.kind == ReportKind.LEADER:
        form["recipients"] = [f"Lãnh đạo UBND {full_name(province)}", "Lưu: VT"]
        form["addressee"] = ""
    if is_letter:
        form["addressee"] = ""
        form["recipients"].insert(1, f"UBND {full_name(province)} (để báo cáo)")
    return form


def _usual_monitor(province: Province) -> Agency | None:
    plans = Plan.objects.filter(province=province, monitor__isnull=False, amends__isnull=True)
    newest = plans.active().newest_first().select_related("monitor").first()
    return newest.monitor if newest else None


def _of_agency(agency: Agency, province: Province, year: int, *, sign: str) -> Letterhead:
    full = full_name(province)
    issuer, code = [agency.name.upper()], agency.code or initial_letters(agency.name)
    place = province.name
    if agency.kind in LOCAL:
        name = _without_start(agency.name, LOCAL_COMMITTEE_PREFIXES)
        issuer, code, place = [COMMITTEE, name.upper()], "UBND", _without_start(name, LOCAL_KINDS)
    elif agency.kind == AgencyKind.OFFICE:
        issuer, code = ["VĂN PHÒNG"], agency.code or "VP"
    return Letterhead(
        superior=f"UBND {full.upper()}" if agency.kind in SUBORDINATE else "",
        issuer=issuer,
        symbol=symbol(sign, code),
        place=place,
        year=year,
        signer=_head_of(agency),
        addressee=f"Ủy ban nhân dân {full}",
        recipients=["Như trên", RECIPIENTS, "Lưu: VT"],
        speaker=agency.name,
    )


def _of_committee(province: Province, year: int, *, sign: str) -> Letterhead:
    full = full_name(province)
    return Letterhead(
        superior="",
        issuer=[COMMITTEE, full.upper()],
        symbol=symbol(sign, "UBND"),
        place=province.name,
        year=year,
        signer=[FOR_COMMITTEE, "CHỦ TỊCH"],
        addressee="",
        recipients=[RECIPIENTS, "Lưu: VT"] if sign else ["Như trên", "Lưu: VT"],
        speaker=f"Ủy ban nhân dân {full}",
    )


def _by_order(office: Agency, province: Province, year: int) -> Letterhead:
    """The office chases in the name of the committee, by order of its chairman."""
    form = _of_committee(province, year, sign="")
    form["symbol"] = f"UBND-{office.code or 'VP'}"
    form["signer"] = ["TL. CHỦ TỊCH", "CHÁNH VĂN PHÒNG"]
    return form


def _of_plan(plan: Plan, year: int) -> Letterhead:
    """A plan is its issuer's own paper: of the committee, its chairman, or an agency."""
    issuer = fold(plan.issuer)
    sign = "" if plan.kind == "CV" else plan.kind
    form = _of_committee(plan.province, plan.issued_on.year if plan.issued_on else year, sign=sign)
    if issuer.startswith("chu tich "):
        form["symbol"] = symbol(sign, "CTUBND")
        form["signer"] = ["CHỦ TỊCH"]
    elif not issuer.startswith(OF_COMMITTEE):
        form["superior"] = f"UBND {full_name(plan.province).upper()}"
        form["issuer"] = [plan.issuer.upper()]
        form["symbol"] = symbol(sign, initial_letters(plan.issuer))
        form["signer"] = [HEAD_OF.get(plan.issuer.split()[0], "THỦ TRƯỞNG CƠ QUAN")]
        form["speaker"] = plan.issuer
    if plan.signer_title:
        form["signer"] = [*form["signer"][:-1], *_capacity(plan.signer_title, form["signer"][-1])]
    return form


def _capacity(title: str, head: str) -> list[str]:
    """The post that signs; a deputy signs for ("KT.") the head whose paper it is."""
    post = title.upper()
    if post == f"PHÓ {head}":
        return [f"KT. {head}", post]
    both = re.fullmatch(r"(KT\. .+?)[ ,;]+(PHÓ .+)", post)
    return list(both.groups()) if both else [post]


def _head_of(agency: Agency) -> list[str]:
    if agency.kind in LOCAL:
        return [FOR_COMMITTEE, "CHỦ TỊCH"]
    if agency.kind == AgencyKind.FRONT and fold(agency.name).startswith("uy ban mat tran"):
        return ["TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH"]
    return [HEAD_OF.get(agency.name.split()[0], "THỦ TRƯỞNG CƠ QUAN")]


def symbol(sign: str, issuer: str) -> str:
    """BC-SNV; of an official letter, which has no abbreviation, the issuer alone."""
    return f"{sign}-{issuer}" if sign else issuer


def full_name(province: Province) -> str:
    """Tỉnh Lào Cai, within a sentence."""
    kind = "thành phố" if province.kind == ProvinceKind.CITY else "tỉnh"
    return f"{kind} {province.name}"


def _without_start(name: str, starts: Iterable[str]) -> str:
    """The name without the first of `starts` that it has."""
    return name.removeprefix(next(filter(name.startswith, starts), ""))
