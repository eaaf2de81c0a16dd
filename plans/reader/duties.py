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
    r"|chu tich ubnd tinh)\s+)?(?:giao(?: cho)?|yeu cau|de nghi|phan cong"
    r"|doi voi"
    r"|trach nhiem cua|nhiem vu cua|giao nhiem vu cho)?\s*(?:dong chi\s+)?"
    r"(?:(?:giam doc|thu truong|chanh|chu tich|truong|nguoi dung dau|lanh dao)(?:\s*,\s*|\s+))*)"
)
_AFTER_BODY = re.compile(
    r"\s*[,:]?\s*(?:(?:duoc giao(?:\s+nhiem vu)?|co trach nhiem|chiu trach nhiem(?! truoc)"
    r"|co nhiem vu"
    r"|la (?:co quan|don vi) (?:dau moi|thuong truc|chu tri)|se|can|phai|co"
    r"|tiep tuc|(?:ke hoach|chi thi|tinh) yeu cau"
    r"|(?:can cu|theo)(?: vao)? chuc nang(?:,? nhiem vu)?(?: duoc giao)?(?: cua minh)?)\b"
    r"\s*[,:]?\s*)*"
)
_LEADS = re.compile(
    r"(?:lam\s+)?(?:co quan\s+)?(?:chu tri|lam dau moi|dau moi)\b(?:\s+tham muu(?=\s*,))?"
    r"(?:\s*(?:,|va)\s*)?"
)
_SUPPORTED = re.compile(r"phoi hop(?:\s+chat che)?(?:\s*,?\s*(?:cung|voi|cung voi))*\s+")
_IN_BRACKETS = re.compile(
    r"\((?P<inner>[^()]*\b(?:chu tri|phoi hop|thuc hien|hoan thanh)\b[^()]*)\)"
)
# "Sở Y tế (chủ trì), Sở Tài chính (phối hợp): xây dựng ..."
_ROLES_AND_DEED = re.compile(r"(?P<who>[^:.]{4,90}\(\s*chu tri\s*\)[^:.]{0,160}):\s*(?=[a-z])")
_BRACKET_AT_END = re.compile(r"\((?P<inner>[^()]{4,160})\)[\s.;,]*$")
_ASSIGNED = re.compile(r"(?:[,;.(-]\s*|\s)(?:do|giao(?: cho)?)\s+|\s-\s+(?=[a-z])")
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


def is_attribute_line(flat_text: str) -> bool:
    match = _LABEL.match(flat_text)
    return match is not None and match.start() == 0


def is_no_duty(flat_text: str) -> bool:
    return _NOT_A_DUTY.match(flat_text) is not None


def body_of_heading(text: str, flat_text: str) -> tuple[list[Mention], int]:
    """Return the agencies a line begins with and where they end: `1. Sở Nội vụ:`."""
    before = _BEFORE_BODY.match(flat_text)
    start = before.end() if before else 0
    run = leading_run(text, start)
    if not run or run[0].start > start + 10:
        return [], 0
    return run, run[-1].end


def says_deed(rest: str, run: list[Mention]) -> bool:
    """Tell whether what follows agencies is a deed: a verb, or any small word but a few."""
    is_told = rest.lstrip().startswith(":")
    rest = rest.lstrip(" ,:")
    flat_rest = flat(rest)
    if starts_with_verb(flat_rest) or (is_told and rest[:1].islower()):
        return True
    return (
        rest[:1].islower() and any(each.is_known for each in run) and not _NO_DEED.match(flat_rest)
    )


def split_duties(line: Paragraph, first: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of a line that are duties of their own: each begins with an agency."""
    start = first
    for match in _NEW_DUTY.finditer(line.text, first):
        at = match.end()
        if _begins_duty(line, at):
            yield from _apart(line, start, match.start() + 1)
            start = at
    yield from _apart(line, start, len(line.text))


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
        return Duty(told.end(), end, roles.lead, roles.support, True)
    run, run_end = body_of_heading(text[start:], flat_text[start:])
    at, lead = start, []
    if run:
        after = _AFTER_BODY.match(flat_text, start + run_end)
        rest = after.end() if after else start + run_end
        if _LEADS.match(flat_text, rest) or says_deed(text[rest:], run):
            lead = [each.moved(start) for each in run]
            at = rest
    leads = _LEADS.match(flat_text, at)
    says_lead = bool(lead) or leads is not None
    if leads:
        at = leads.end()
    support: list[Mention] = []
    if supported := _SUPPORTED.match(flat_text, at):
        others = leading_run(text, supported.end())
        if others and others[0].start <= supported.end() + 12:
            support = others
            at = others[-1].end
            at += len(text[at:]) - len(text[at:].lstrip(" ,:;."))
    if end - at < 12:
        at = start
    return Duty(at, end, lead, support, says_lead)


def fill_task(
    task: Task, line: Paragraph, duty: Duty, scope: Scope | None, sure: Certainty
) -> None:
    """Fill a task from a duty; labelled parts at its end are taken out of its text."""
    end = read_attributes(task, line, duty.start, duty.end, scope)
    if scope is not None and not task.deadline.text:
        part = Paragraph(line.text[: duty.end], line.start)
        found = find_deadline(part, scope, duty.start)
        if found is not None:
            task.deadline = found
    if not task.lead:
        task.lead = found_bodies(line, duty.lead)
    if not task.lead:
        _read_brackets(task, line, duty.start, end)
    if not task.lead:
        _read_assignment(task, line, duty.start, end)
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


def _read_assignment(task: Task, line: Paragraph, start: int, end: int) -> None:
    """Read "do Sở Nội vụ thực hiện", "giao Sở Y tế chủ trì" within a sentence."""
    for match in _ASSIGNED.finditer(line.flat, start, end):
        run = leading_run(line.text[:end], match.end())
        if run and run[0].start <= match.end() + 3 and _TAKES.match(line.flat, run[-1].end):
            task.lead = found_bodies(line, run)
            return


def _roles_between(line: Paragraph, first: int, last: int) -> Roles:
    roles = read_roles(line.text[first:last])
    return Roles(
        [each.moved(first) for each in roles.lead],
        [each.moved(first) for each in roles.support],
    )
