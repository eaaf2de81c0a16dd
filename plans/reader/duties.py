"""One duty in words: who leads, who supports, by when, what comes of it, what is to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plans.reader.agencies import Mention, agencies_of_cell, leading_run
from plans.reader.blocks import CAPITALS, Paragraph, flat
from plans.reader.deadlines import Scope, find_deadline, read_deadline
from plans.reader.draft import Certainty, Task
from plans.reader.roles import Roles, found_bodies, mark_group, names_roles, read_roles
from plans.reader.verbs import starts_with_verb

_LABEL = re.compile(
    r"(?:^|(?<=[.;(*+,-])|(?<=[.;(*+,-]\s))\s*(?:"
    r"(?P<lead>(?:(?:co quan|don vi|cap)(?:\s*(?:,|/)\s*(?:don vi|co quan))?\s+)?(?:duoc giao\s+)?"
    r"(?:chu tri|thuc hien|dau moi)(?:\s+(?:chu tri|thuc hien|tham muu|trien khai))*"
    r"|phan cong(?: thuc hien| nhiem vu)?|trach nhiem thuc hien|to chuc thuc hien)"
    r"|(?P<support>(?:(?:co quan|don vi)(?:\s*(?:,|/)\s*(?:don vi|co quan))?\s+)?phoi hop"
    r"(?:\s+thuc hien)?)"
    r"|(?P<deadline>(?:thoi gian|thoi han|thoi diem|moc thoi gian|lo trinh|tien do|han"
    r"|hoan thanh)(?:\s+(?:hoan thanh|thuc hien|bao cao"
    r"|xong))*)"
    r"|(?P<product>(?:ket qua\s*(?:,|/)\s*)?san pham(?:\s+(?:dau ra|du kien|hoan thanh))*"
    r"|ket qua dau ra"
    r"|ket qua(?:\s+dat duoc)?)"
    r")\s*:\s*"
)
_BEFORE_BODY = re.compile(
    r"(?:\W*(?:(?:theo do|cu the|trong do|dong thoi|ngoai ra)\s*,?\s*)?(?:(?:ubnd tinh"
    r"|chu tich ubnd tinh)\s+(?:cung\s+|con\s+)?|(?:ke hoach|tinh)\s+(?:cung\s+|con\s+)?"
    r"(?=yeu cau))?(?:giao(?: cho)?|yeu cau|de nghi"
    r"|phan cong|doi voi"
    r"|trach nhiem chinh (?:la|thuoc ve)\s*:?"
    r"|trach nhiem cua|nhiem vu cua|giao nhiem vu cho)?\s*(?:dong chi\s+)?"
    r"(?:(?:giam doc|thu truong|chanh|chu tich|truong|nguoi dung dau|lanh dao|hieu truong|to truong"
    r"|(?:chi )?cuc truong|tong giam doc|bi thu|tram truong)(?:\s*,\s*|\s+))*)"
)
# "Ở nội dung Quản trị điện tử, ...", "Theo kế hoạch, ...": what may stand before who does it.
_INTRO = re.compile(
    r"\W*(?:theo|trong|o|tai|de|nham|dinh ky|cung voi|ben canh|ngoai|doi voi|ve|truoc"
    r"|sau|tu|den|rieng)\b[^,;.:()]{2,100}[,:]\s+"
)
_AFTER_BODY = re.compile(
    r"\s*\)?\s*[,:]?\s*(?:(?:duoc giao(?:\s+nhiem vu)?|co trach nhiem|chiu trach nhiem(?! truoc)"
    r"|co nhiem vu"
    r"|la (?:(?:co quan|don vi) )?(?:dau moi|thuong truc|chu tri)|se|can|phai|co"
    r"|tiep tuc|(?:ke hoach|chi thi|tinh) yeu cau"
    r"|(?:can cu|theo)(?: vao)? chuc nang(?:,? nhiem vu)?(?: duoc giao)?(?: cua minh)?)\b"
    r"\s*[,:]?\s*)*"
)
_LEADS = re.compile(
    r"(?:lam\s+)?(?:co quan\s+)?(?:chu tri|lam dau moi|dau moi)\b(?:\s+tham muu(?=\s*,))?"
    r"(?:\s*(?:,|va)\s*)?"
)
_SUPPORTED = re.compile(
    r"(?:phoi hop(?:\s+chat che)?(?:\s*,?\s*(?:cung|voi|cung voi))*|cung(?: voi)?)\s+"
)
# "... chủ trì, Sở B phối hợp": what follows the name of who supports.
_HELPS = re.compile(r"\s*(?:cung\s+)?phoi hop(?:\s+thuc hien)?\b(?!\s+(?:voi|cung))[\s,:;]*")
_ROLE_BEHIND = re.compile(r"\s*\([^()]{0,30}\b(?:(?P<lead>chu tri|dau moi)|phoi hop)\s*\)")
_IN_BRACKETS = re.compile(
    r"\((?P<inner>[^()]*\b(?:chu tri|phoi hop|thuc hien|hoan thanh)\b[^()]*)\)"
)
# "Sở Y tế (chủ trì), Sở Tài chính (phối hợp): xây dựng ..."
_ROLES_AND_DEED = re.compile(r"(?P<who>[^:.]{4,90}\(\s*chu tri\s*\)[^:.]{0,160}):\s*(?=[a-z])")
_BRACKET_AT_END = re.compile(r"\((?P<inner>[^()]{4,160})\)[\s.;,]*$")
_ASSIGNED = re.compile(r"(?:[,;.(-]\s*|\s)(?P<how>do|giao(?: cho)?|thuoc ve)\s+|\s-\s+(?=[a-z])")
# "Việc đo lường ... do Sở Y tế chủ trì", "Trách nhiệm thanh tra ... thuộc về Thanh tra tỉnh".
_PASSIVE = re.compile(
    r"(?:viec|trach nhiem|nhiem vu)\s+[^.;]{8,200}\s(?:do|thuoc ve|giao(?: cho)?)\s"
)
_TAKES = re.compile(
    r"\s*(?:lam\s+)?(?:chu tri|thuc hien|dau moi|dam nhiem|phu trach|tham muu|chiu trach nhiem)\b"
)
_NOT_A_DUTY = re.compile(
    r"\W*(?:trong qua trinh|tren day la|ke hoach nay|quyet dinh nay|chi thi nay"
    r"|can cu (?:ke hoach|noi dung)"
    r"|nhan duoc|yeu cau (?:thu truong|giam doc|cac (?:so|co quan|don vi|dong chi|ong)).{0,140}"
    r"(?:trien khai thuc hien|thuc hien nghiem|to chuc thuc hien)[^.;]{0,60}[./]*$"
    r"|.{0,120}\b(?:nghiem tuc|co trach nhiem|to chuc"
    r"|chiu trach nhiem)(?: trien khai)?(?: to chuc)? thuc hien"
    r"(?: nghiem(?: tuc)?| tot)?(?: cac noi dung)? (?:ke hoach|chi thi|quyet dinh|chuong trinh"
    r"|ket luan)(?: nay)?\W*$"
    r"|.{0,60}can cu ke hoach(?: nay)? to chuc thuc hien"
    r"|.{0,80}thuc hien nghiem(?: tuc)? (?:ke hoach|chi thi)"
    r"|(?:phe duyet|ban hanh|thong qua) kem theo (?:quyet dinh|van ban|chi thi) nay"
    r"|ban hanh kem theo"
    r"|.{0,300}chiu trach nhiem (?:thi hanh|thuc hien)(?: (?:quyet dinh|ke hoach|chi thi"
    r"|chuong trinh|cong van|van ban))?(?: nay)?\W*$)"
)
_CLAUSE = re.compile(r";\s+(?=[a-zđ])")
_DUE_AT_END = re.compile(
    r"(?:truoc|cham nhat|xong|hoan thanh|den het)[^;]{0,24}"
    r"[0-9]{1,2}[/.-][0-9]{1,4}(?:[/.-][0-9]{4})?$"
)
_NO_DEED = re.compile(
    r"(?:va|la|cua|o|tai|co|thuoc|da|duoc|dat|voi|cung|trong|ve|cho|theo|tren|den|khi|nhu|con"
    r"|de|do|bi"
    r"|hien|nam|moi|nay|tinh|huyen|xa|cap|lien quan)\b"
)
_NEW_DUTY = re.compile(r"(?:[.;…]\s+|\n)(?=[" + CAPITALS + "])")


@dataclass(slots=True)
class Duty:
    """The parts of one duty in a line, as places in it."""

    start: int
    end: int
    lead: list[Mention]
    support: list[Mention]
    says_lead: bool
    whole: int = 0


def is_attribute_line(flat_text: str) -> bool:
    match = _LABEL.match(flat_text)
    return match is not None and match.start() == 0


def has_label(flat_text: str) -> bool:
    """Tell whether a line names who does it or when: "... . Trách nhiệm thực hiện: Sở A"."""
    if _PASSIVE.match(flat_text):
        return True
    labels = {str(label.lastgroup) for label in _LABEL.finditer(flat_text)}
    return bool(labels & {"lead", "deadline"})


def is_no_duty(flat_text: str) -> bool:
    return _NOT_A_DUTY.match(flat_text) is not None


def body_of_heading(text: str, flat_text: str) -> tuple[list[Mention], int]:
    """Return the agencies a line begins with and where they end: `1. Sở Nội vụ:`."""
    run = _run_from(text, flat_text, 0)
    if not run and (intro := _INTRO.match(flat_text)):
        run = _run_from(text, flat_text, intro.end())
    return (run, run[-1].end) if run else ([], 0)


def _run_from(text: str, flat_text: str, at: int) -> list[Mention]:
    before = _BEFORE_BODY.match(flat_text, at)
    start = before.end() if before else at
    run = leading_run(text, start)
    is_near = bool(run) and (run[0].start <= start + 10 or text[run[0].start - 1] == "(")
    return run if is_near else []


def says_deed(rest: str, run: list[Mention]) -> bool:
    """Tell whether what follows agencies is a deed: a verb, or any small word but a few."""
    is_told = rest.lstrip().startswith(":")
    rest = rest.lstrip(" ,:")
    flat_rest = flat(rest)
    if starts_with_verb(flat_rest) or (is_told and rest[:1].islower()):
        return True
    is_sure = any(each.is_known for each in run) or len(run[0].name.split()) > 1
    return rest[:1].islower() and is_sure and not _NO_DEED.match(flat_rest)


def split_duties(line: Paragraph, first: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a line that are duties of their own: each begins with an agency."""
    start = first
    for match in _NEW_DUTY.finditer(line.text, first):
        at = match.end()
        if _begins_duty(line, at) and not _only_names(line, start, match.start()):
            yield from _apart(line, start, match.start() + 1)
            start = at
    yield from _apart(line, start, len(line.text))


def _only_names(line: Paragraph, start: int, end: int) -> bool:
    """Tell whether a list of agencies goes on: "Thủ trưởng các sở; Chủ tịch UBND các xã"."""
    run, last = body_of_heading(line.text[start:end], line.flat[start:end])
    return bool(run) and last == end - start


def _apart(line: Paragraph, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the duties that one agency has in a sentence: each with a deadline or role of its own.

    "kiểm tra 20 đơn vị, xong trước 30/11; tham mưu đánh giá" are two, "theo dõi; báo cáo" one.
    """
    at = start
    for match in _CLAUSE.finditer(line.flat, start, end):
        is_due = _DUE_AT_END.search(line.flat, at, match.start()) is not None
        following = line.flat[match.end() : end]
        if following.startswith("chu tri") or (is_due and starts_with_verb(following)):
            yield at, match.start() + 1
            at = match.end()
    yield at, end


def _begins_duty(line: Paragraph, at: int) -> bool:
    text, flat_text = line.text[at:], line.flat[at:]
    run, end = body_of_heading(text, flat_text)
    if not run or len(text) - end < 25:
        return False
    after = _AFTER_BODY.match(flat_text, end)
    last = after.end() if after else end
    rest = flat_text[last:]
    is_told = flat_text[end:last].strip(" ,:") != "" or run[0].start > 0
    is_single = not run[0].is_group
    return _LEADS.match(rest) is not None or (starts_with_verb(rest) and (is_told or is_single))


def read_duty(line: Paragraph, start: int, end: int) -> Duty:
    """Return who does what in the part of a line from `start` to `end`."""
    text, flat_text = line.text[:end], line.flat[:end]
    if told := _ROLES_AND_DEED.match(flat_text, start):
        roles = _roles_between(line, *told.span("who"))
        return Duty(told.end(), end, roles.lead, roles.support, True, start)
    run, run_end = body_of_heading(text[start:], flat_text[start:])
    at, lead = start, []
    support: list[Mention] = []
    if run:
        run = [each.moved(start) for each in run]
        run, support, named = _with_roles_behind(text, flat_text, run, start + run_end)
        if len(run) > 1 and not support and (helps := _HELPS.match(flat_text, named)):
            # "trách nhiệm chính là Sở A; UBND các xã phối hợp; ..."
            run, support, named = run[:1], run[1:], helps.end()
        after = _AFTER_BODY.match(flat_text, named)
        rest = after.end() if after else named
        is_told = bool(support) or _LEADS.match(flat_text, rest) is not None
        if is_told or _supporters(text, flat_text, rest)[0] or says_deed(text[rest:], run):
            lead, at = run, rest
    leads = _LEADS.match(flat_text, at)
    says_lead = bool(lead) or leads is not None
    if leads:
        at = leads.end()
    others, last = _supporters(text, flat_text, at)
    if others:
        support, at = support + others, last
    if end - at < 12:
        at = start
    return Duty(at, end, lead, support, says_lead, start)


def _with_roles_behind(
    text: str, flat_text: str, run: list[Mention], at: int
) -> tuple[list[Mention], list[Mention], int]:
    """Read "Sở A (cơ quan chủ trì) và Sở B (cơ quan phối hợp)": who leads, supports, the end."""
    found: dict[bool, list[Mention]] = {True: [], False: []}
    named = run
    while role := _ROLE_BEHIND.match(flat_text, at):
        found[role["lead"] is not None] += named
        at = role.end()
        named = leading_run(text, at)
        if not named:
            break
        at = named[-1].end
    return (found[True], found[False], at) if found[True] else (run, [], run[-1].end)


def _supporters(text: str, flat_text: str, at: int) -> tuple[list[Mention], int]:
    """Return who supports, told from `at` on, and where what is to be done begins."""
    at += len(text[at:]) - len(text[at:].lstrip(" ,;"))
    supported = _SUPPORTED.match(flat_text, at)
    first = supported.end() if supported else at
    others = leading_run(text, first) if supported or text[first : first + 1].isupper() else []
    if not others or others[0].start > first + 12:
        return [], at
    last = others[-1].end
    if not supported:
        helps = _HELPS.match(flat_text, last)
        return (others, helps.end()) if helps else ([], at)
    return others, last + len(text[last:]) - len(text[last:].lstrip(" ,:;."))


def fill_task(
    task: Task, line: Paragraph, duty: Duty, scope: Scope | None, sure: Certainty
) -> None:
    """Fill a task from a duty; labelled parts at its end are taken out of its text."""
    end = read_attributes(task, line, duty.start, duty.end, scope)
    if scope is not None and not task.deadline.text:
        part = Paragraph(line.text[: duty.end], line.start)
        found = find_deadline(part, scope, duty.start) or find_deadline(part, scope, duty.whole)
        if found is not None:
            task.deadline = found
    if not task.lead:
        task.lead = found_bodies(line, duty.lead)
    if not task.lead:
        _read_brackets(task, line, duty.start, end)
    if not task.lead:
        end = _read_assignment(task, line, duty.start, end)
    if not task.support:
        task.support = found_bodies(line, duty.support)
    text = line.text[duty.start : end].strip(" ;,.:-/")
    at = line.text.find(text, duty.start) if text else duty.start
    value = text[:1].upper() + text[1:]
    task.text = line.found(value, sure, at, at + len(text))
    if task.lead:
        mark_group(task)


def read_attributes(task: Task, line: Paragraph, start: int, end: int, scope: Scope | None) -> int:
    """Fill what is labelled ("Thời gian hoàn thành: ..."); return where the first label stands."""
    labels = list(_LABEL.finditer(line.flat[:end], start))
    for position, label in enumerate(labels):
        stop = labels[position + 1].start() if position + 1 < len(labels) else end
        first, name = label.end(), label.lastgroup
        written = line.text[first:stop].strip(" .;()")
        if not written:
            continue
        if name in ("lead", "support"):
            roles = _roles_between(line, first, stop)
            if name == "support":
                roles = Roles([], roles.lead + roles.support)
            elif not names_roles(line.flat[first:stop]):
                roles = Roles(roles.lead + roles.support)
            task.lead = found_bodies(line, roles.lead) or task.lead
            task.support = found_bodies(line, roles.support) or task.support
        elif name == "deadline" and scope is not None:
            task.deadline = read_deadline(line, scope, first, _sentence_stop(line, first, stop))
        elif name == "product":
            last = first + len(line.text[first:stop].rstrip(" .;"))
            task.product = line.found(line.text[first:last], Certainty.HIGH, first, last)
    if task.lead:
        mark_group(task)
    return labels[0].start() if labels else end


def _sentence_stop(line: Paragraph, first: int, stop: int) -> int:
    match = re.search(r"\.\s+(?=[A-ZĐ])|[;)]", line.text[first:stop])
    return first + match.start() if match else stop


def _read_brackets(task: Task, line: Paragraph, start: int, end: int) -> None:
    """Read "(Sở Nội vụ chủ trì; hoàn thành trước 30/6)" and "(Sở Nội vụ)" at the end."""
    for match in _IN_BRACKETS.finditer(line.flat, start, end):
        first, last = match.span("inner")
        if not names_roles(line.flat[first:last]):
            continue
        roles = _roles_between(line, first, last)
        task.lead = task.lead or found_bodies(line, roles.lead)
        task.support = task.support or found_bodies(line, roles.support)
    at_end = _BRACKET_AT_END.search(line.flat, start, end)
    if at_end is None or task.lead:
        return
    first, last = at_end.span("inner")
    bodies = agencies_of_cell(line.text[first:last])
    if bodies and all(each.is_known for each in bodies):
        task.lead = found_bodies(line, [each.moved(first) for each in bodies])


def _read_assignment(task: Task, line: Paragraph, start: int, end: int) -> int:
    """Read "do Sở Nội vụ thực hiện" within a sentence; return where what is to be done ends."""
    for match in _ASSIGNED.finditer(line.flat, start, end):
        run = leading_run(line.text[:end], match.end())
        takes = _TAKES.match(line.flat, run[-1].end) if run else None
        if run and run[0].start <= match.end() + 3 and (takes or match["how"] == "thuoc ve"):
            task.lead = found_bodies(line, run)
            at = takes.end() if takes else run[-1].end
            at += len(line.text[at:end]) - len(line.text[at:end].lstrip(" ,;"))
            task.support = found_bodies(line, _supporters(line.text[:end], line.flat[:end], at)[0])
            return match.start() if _PASSIVE.match(line.flat, start, match.end()) else end
    return end


def _roles_between(line: Paragraph, first: int, last: int) -> Roles:
    roles = read_roles(line.text[first:last])
    return Roles(
        [each.moved(first) for each in roles.lead],
        [each.moved(first) for each in roles.support],
    )
