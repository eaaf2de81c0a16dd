"""Who leads and who supports in a text that names both roles, whichever way round it does so."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from papi_portal.text import fold
from plans.reader.agencies import Mention, agencies_of_cell
from plans.reader.blocks import Paragraph, flat
from plans.reader.draft import Certainty, Found, Task

_LEAD = r"(?:chu tri|tham muu|dau moi)"
_ROLE = re.compile(
    r"(?:(?:cac )?(?:co quan|don vi)\s*,?\s*(?:don vi\s+)?)?(?:lam\s+|la\s+)?"
    rf"(?:(?P<lead>{_LEAD})|(?P<support>phoi hop))"
    r"(?:\s+(?:thuc hien|tham muu|chinh|cung|voi))*\s*:?\s*"
)
# In brackets behind a name more words are roles: elsewhere "Hỗ trợ" may be part of a name.
_IN_BRACKETS = re.compile(
    rf"\(\s*(?:[^()]*\b)?(?:(?P<lead>{_LEAD})|(?P<support>phoi hop|cung thuc hien|tham gia"
    r"|ho tro|huong dan))\b[^()]{0,40}\)"
)


@dataclass(slots=True)
class Roles:
    lead: list[Mention] = field(default_factory=list)
    support: list[Mention] = field(default_factory=list)


def names_roles(flat_text: str) -> bool:
    """Tell whether a text (from `flat`) says who leads and who supports."""
    return _ROLE.search(flat_text) is not None


def read_roles(text: str) -> Roles:
    """Return the agencies of a text by role; without any role the first leads.

    A role takes the agencies before it ("Sở A chủ trì, Sở B phối hợp"), or else those behind it
    ("Chủ trì: Sở A; phối hợp: Sở B").
    """
    flat_text = flat(text)
    if _IN_BRACKETS.search(flat_text):
        return _behind_names(text, list(_IN_BRACKETS.finditer(flat_text)))
    roles = list(_ROLE.finditer(flat_text))
    if not roles:
        bodies = agencies_of_cell(text)
        return Roles(bodies[:1], bodies[1:])
    found = Roles()
    at = 0
    for position, role in enumerate(roles):
        own = found.lead if role["lead"] else found.support
        if before := _bodies(text, at, role.start()):
            # "Sở A phối hợp với Sở B": who works together with others has the work.
            has_others = role["support"] and re.search(r"\b(?:cung|voi)\b", role[0])
            is_only = not any(each["lead"] for each in roles) and not found.lead
            (found.lead if has_others and is_only else own).extend(before)
            at = role.end()
        else:
            at = roles[position + 1].start() if position + 1 < len(roles) else len(text)
            own += _bodies(text, role.end(), at)
    # Who stands behind "Sở A chủ trì" without a role of its own helps.
    found.support += _bodies(text, at, len(text))
    return found


def _behind_names(text: str, roles: list[re.Match[str]]) -> Roles:
    """Read "Sở A (chủ trì), Sở B, Sở C (phối hợp)"; who stands behind the last role supports."""
    found = Roles()
    at = 0
    for role in roles:
        own = found.lead if role["lead"] else found.support
        own += _bodies(text, at, role.start())
        at = role.end()
    found.support += _bodies(text, at, len(text))
    return found


def _bodies(text: str, first: int, last: int) -> list[Mention]:
    return [each.moved(first) for each in agencies_of_cell(text[first:last])]


def found_bodies(line: Paragraph, mentions: list[Mention]) -> list[Found]:
    """Return agencies named in a line with their places; one not on the list is less sure."""
    sure = {True: Certainty.HIGH, False: Certainty.MEDIUM}
    return [line.found(each.name, sure[each.is_known], each.start, each.end) for each in mentions]


def mark_group(task: Task) -> None:
    """Say whether the lead is a group, so that each member gets the task."""
    lead = task.lead[0]
    is_group = any(re.match(GROUP_START, fold(str(each.value))) for each in task.lead)
    task.is_group = replace(lead, value=is_group)


GROUP_START = (
    r"(?:tat ca )?cac\b|so (?:ban )?nganh|(?:ubnd|uy ban nhan dan) (?:cac|cap|hai cap"
    r"|huyen(?: thi xa| thanh pho|$)"
    r"|xa(?: phuong| thi tran|$)|phuong xa)|dia phuong|co quan trung uong|thu truong"
)
