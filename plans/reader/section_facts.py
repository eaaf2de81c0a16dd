"""What a heading, or a line right below it, says for all tasks of its section."""

from __future__ import annotations

import re
from collections.abc import Iterable

from plans.reader.deadlines import Scope, find_deadline
from plans.reader.draft import Task
from plans.reader.roles import found_bodies, mark_group, read_roles
from plans.reader.sections import Item, Kind, Rank
from plans.reader.spans import doubtful, mapped

MAX_LENGTH = 300

_TELLS_WHEN = re.compile(r"hoan thanh|thoi (?:gian|han)|tien do|lo trinh|\bxong\b|\bhan\b")
_OF_ALL = re.compile(
    r"\W*(?:(?:tat ca|toan bo|cac|nhung)\s+)*(?:(?:nhiem vu|noi dung|cong viec|viec|giai phap)\b"
    r"|(?:hoan thanh|thoi (?:gian|han)|thuc hien xong)\b)"
)

_ROLES = re.compile(r"\((?P<inner>[^()]*\b(?:chu tri|dau moi)\b[^()]*)\)")

Facts = dict[int, Task]


def section_facts(items: Iterable[Item], scope: Scope | None) -> Facts:
    """Return by the place of a heading the deadline that it sets for what stands below it."""
    facts: Facts = {}
    for item in items:
        if scope is None or item.kind not in (Kind.TASKS, Kind.DUTIES):
            continue
        heading = item if item.has_children else item.parent if item.rank is Rank.NONE else None
        says = heading is item or _OF_ALL.match(item.flat) is not None
        if heading is None or not says or len(item.text) > MAX_LENGTH:
            continue
        if heading is item:
            _note_roles(facts, item)
        if not _TELLS_WHEN.search(item.flat):
            continue
        deadline = find_deadline(item.paragraph, scope, item.body)
        if deadline is not None and deadline.kind:
            facts.setdefault(heading.paragraph.start, Task()).deadline = deadline
    return facts


def _note_roles(facts: Facts, item: Item) -> None:
    """Read "1. Quản trị môi trường (Sở A chủ trì, Sở B phối hợp)"."""
    match = _ROLES.search(item.flat)
    if match is None:
        return
    first, last = item.body + match.start("inner"), item.body + match.end("inner")
    line = item.paragraph
    roles = read_roles(line.text[first:last])
    task = facts.setdefault(line.start, Task())
    task.lead = found_bodies(line, [each.moved(first) for each in roles.lead])
    task.support = found_bodies(line, [each.moved(first) for each in roles.support])
    if task.lead:
        mark_group(task)


def inherit(task: Task, item: Item, facts: Facts) -> None:
    """Give a task what it does not say itself but its section does; that is less sure."""
    for parent in reversed(item.parents):
        told = facts.get(parent.paragraph.start)
        if told is None:
            continue
        task.lead = task.lead or [doubtful(each) for each in told.lead]
        task.support = task.support or [doubtful(each) for each in told.support]
        task.is_group = task.is_group or doubtful(told.is_group)
        if not task.deadline.text:
            task.deadline = mapped(told.deadline, doubtful)
