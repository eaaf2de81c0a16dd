"""What a heading, or a line right below it, says for all tasks of its section."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plans.reader.components import components_in
from plans.reader.deadlines import Scope, find_deadline
from plans.reader.draft import Certainty, Task
from plans.reader.roles import found_bodies, mark_group, read_roles
from plans.reader.sections import Item, Kind, Rank
from plans.reader.spans import doubtful, mapped

MAX_LENGTH = 300

_TELLS_WHEN = re.compile(r"hoan thanh|thoi (?:gian|han)|tien do|lo trinh|\bxong\b|\bhan\b")
_OF_ALL = re.compile(
    r"\W*(?:(?:tat ca|toan bo|cac|nhung)\s+)*(?:(?:nhiem vu|noi dung|cong viec|viec|giai phap)\b"
    r"|(?:hoan thanh|thoi (?:gian|han)|thuc hien xong)\b)"
)

# "(Sở A chủ trì)", "- Cơ quan chủ trì: Sở A", "do Sở A chủ trì, phối hợp với Sở B".
_ROLES = re.compile(
    r"\((?P<inner>[^()]*\b(?:chu tri|dau moi)\b[^()]*)\)"
    r"|[-:;,]\s*(?P<label>(?:(?:co quan|don vi)\s+)?(?:chu tri|dau moi)[^:;()]{0,20}:.{4,200})$"
    r"|\b(?:do|giao(?: cho)?)\s+(?P<told>[^:;()]{4,90}\b(?:chu tri|dau moi|phu trach)\b.{0,120})$"
)

Facts = dict[int, Task]


def section_facts(items: Iterable[Item], scope: Scope | None) -> Facts:
    """Return by the place of a heading what it says for the tasks that stand below it."""
    facts: Facts = {}
    for item in items:
        if scope is None or item.kind not in (Kind.TASKS, Kind.DUTIES):
            continue
        # A heading over a table alone has nothing below it in the outline.
        heading = item if item.rank is not Rank.NONE else item.parent
        says = heading is item or _OF_ALL.match(item.flat) is not None
        if heading is None or not says or len(item.text) > MAX_LENGTH:
            continue
        _note_roles(facts, item, heading)
        if heading is not item and (named := components_in(item.text)):
            told = facts.setdefault(heading.paragraph.start, Task())
            first = item.body
            told.components = [
                item.paragraph.found(
                    each.key, Certainty.MEDIUM, first + each.start, first + each.end
                )
                for each in named
            ]
        if not _TELLS_WHEN.search(item.flat):
            continue
        deadline = find_deadline(item.paragraph, scope, item.body)
        if deadline is not None and deadline.kind:
            facts.setdefault(heading.paragraph.start, Task()).deadline = deadline
    return facts


def _note_roles(facts: Facts, item: Item, heading: Item) -> None:
    """Read "1. Quản trị môi trường (Sở A chủ trì, Sở B phối hợp)" and "do Sở A chủ trì"."""
    match = _ROLES.search(item.flat)
    if match is None:
        return
    name = str(match.lastgroup)
    first, last = item.body + match.start(name), item.body + match.end(name)
    line = item.paragraph
    roles = read_roles(line.text[first:last])
    task = facts.setdefault(heading.paragraph.start, Task())
    task.lead = found_bodies(line, [each.moved(first) for each in roles.lead])
    task.support = found_bodies(line, [each.moved(first) for each in roles.support])
    if task.lead:
        mark_group(task)


def inherit(task: Task, chain: list[Item], facts: Facts) -> None:
    """Give a task what it does not say itself but the headings above do; that is less sure."""
    for parent in reversed(chain):
        told = facts.get(parent.paragraph.start)
        if told is None:
            continue
        task.lead = task.lead or [doubtful(each) for each in told.lead]
        task.support = task.support or [doubtful(each) for each in told.support]
        task.is_group = task.is_group or doubtful(told.is_group)
        if not task.deadline.text:
            task.deadline = mapped(told.deadline, doubtful)
