"""Tasks from running text: items of numbered sections, duties of agencies, sentences of news."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plans.reader.above import components_of, topic_of
from plans.reader.agencies import Mention
from plans.reader.blocks import CAPITALS, Paragraph, flat
from plans.reader.components import component_above, component_of_heading, components_in
from plans.reader.deadlines import Scope
from plans.reader.draft import Certainty, Found, Task
from plans.reader.duties import (
    Duty,
    body_of_heading,
    fill_task,
    has_label,
    is_attribute_line,
    is_no_duty,
    read_attributes,
    read_duty,
    says_deed,
    split_duties,
)
from plans.reader.roles import found_bodies, mark_group
from plans.reader.section_facts import Facts, inherit, section_facts
from plans.reader.sections import Item, Kind, Rank
from plans.reader.verbs import starts_with_verb

MIN_LENGTH = 15
_TOLD = re.compile(r"\W*(?:theo (?:do|ke hoach)|cu the|trong do|de dat (?:duoc )?muc tieu)\b")
# After "Theo đó" so many paragraphs go on telling the duties.
FOLLOWING = 6

_LISTED = (Rank.ARABIC, Rank.LETTER, Rank.DASH, Rank.BRACKET, Rank.DOTTED)
_OTHER_FACTS = ("kinh phi", "thoi gian", "dia diem", "thanh phan", "doi tuong")
_SENTENCE = re.compile(r"[.;…]\s+(?=[" + CAPITALS + "])")
_THEREBY = re.compile(
    r"\W*(?:theo do|cu the|trong do|dong thoi|ngoai ra|ben canh do)?\s*[,:]?\s*"
    r"(?:(?:so|don vi|nganh|tinh|ubnd tinh|co quan)\s+(?:se|can|da|phai)?\s*)?"
    r"(?:(?:viec|trach nhiem|nhiem vu)\s+)?"
)
_DESCRIBES = re.compile(
    r"[^,;.:]{0,90}\bla\s+(?:mot trong|trach nhiem|nhiem vu|khau|giai phap|yeu cau|viec lam)"
)
_JUST_DO = re.compile(
    r"(?:(?:to chuc|trien khai)\s+)?thuc hien\b.{0,60}"
    r"|(?:hoan thanh|xong|thoi (?:gian|han))\b\s*(?:trong|truoc|vao|cham nhat|:|den).{0,60}|"
)
_TOPIC = re.compile(r"[^:.;]{3,90}:\s+")
# The first article of a decision.
_ISSUES = re.compile(r"(?:phe duyet|ban hanh|thong qua|bai bo|thay the|sua doi)\b")
_CARRIES = re.compile(
    r"chu tri|duoc giao|co trach nhiem|chiu trach nhiem|giao (?:cho )?(?:so|cac|ubnd|ban"
    r"|thanh tra|van phong)"
    r"|(?:ke hoach|tinh) (?:cung |con )?yeu cau|yeu cau (?:cac|so|ubnd|thu truong|giam doc)"
    r"|(?:viec|trach nhiem|nhiem vu) .{4,160}\s(?:thuoc ve|do)\s"
    r"|de nghi (?:cac|ub|mttq|mat tran)"
)


def read_prose(items: list[Item], scope: Scope | None, issuer: Found, facts: Facts) -> list[Task]:
    """Return the tasks of the sections, or, if the document has none, those of its sentences."""
    carries = [item for item in items if item.kind in (Kind.TASKS, Kind.DUTIES)]
    if any(item.rank is not Rank.NONE for item in carries):
        return _read_items(items, scope, facts)
    listed = [item for item in items if _is_listed(item) and _begins_with_duty(item.body_line())]
    if len(listed) > 1:
        # A list in a message: no heading says that these are tasks, but each names who does it.
        for item in listed:
            item.kind = Kind.TASKS
        return _read_items(items, scope, section_facts(items, scope))
    lines = [item.paragraph for item in items if not item.paragraph.is_aside]
    return list(_read_sentences(lines, scope, issuer))


def _read_items(items: list[Item], scope: Scope | None, facts: Facts) -> list[Task]:
    tasks: list[Task] = []
    listed = {item.parent.paragraph.start for item in items if _is_listed(item) and item.parent}
    # The tasks under one heading that wait for a line such as "Cơ quan chủ trì: ...".
    waiting: list[Task] = []
    above: Item | None = None
    told: set[int] = set()
    for position, item in enumerate(items):
        if item.kind not in (Kind.TASKS, Kind.DUTIES) or item.paragraph.is_aside:
            continue
        following = items[position + 1] if position + 1 < len(items) else None
        if is_attribute_line(item.flat):
            heading = item.parent
            if not waiting and heading is not None and heading.paragraph.start in listed:
                read_attributes(
                    facts.setdefault(heading.paragraph.start, Task()),
                    *(item.paragraph, item.body, len(item.paragraph.text), scope),
                )
                continue
            waiting = _attach(item, waiting, tasks, scope, facts)
            continue
        if item.parent is not above:
            waiting, above = [], item.parent
        if not _is_task(item, following):
            if item.rank is not Rank.NONE:
                waiting = []
            continue
        new = list(_tasks_of(item, scope, facts))
        told |= {parent.paragraph.start for parent in (item, *item.parents)}
        tasks += new
        is_open = not waiting or not waiting[-1].lead or not waiting[-1].deadline.text
        waiting = waiting + new if is_open else new
    for item in items:
        if _says_all_alone(item) and item.paragraph.start not in told and not _known(tasks, item):
            tasks += _tasks_of(item, scope, facts)
    return tasks


def _is_listed(item: Item) -> bool:
    return item.rank is not Rank.NONE and not is_attribute_line(item.flat)


def _says_all_alone(item: Item) -> bool:
    """Tell whether an item is a duty though others stand below it: they only list its objects."""
    is_small = item.rank not in (Rank.PART, Rank.CAPITAL, Rank.ROMAN, Rank.NONE)
    if item.kind not in (Kind.TASKS, Kind.DUTIES) or not item.has_children or not is_small:
        return False
    is_named = bool(component_of_heading(item.text)) or is_attribute_line(item.flat)
    return not is_named and len(item.text) > MIN_LENGTH and starts_with_verb(item.flat)


def _known(tasks: list[Task], item: Item) -> bool:
    first, last = item.paragraph.start, item.paragraph.end
    return any(first <= (task.text.start or 0) < last for task in tasks)


def _attach(
    item: Item, waiting: list[Task], tasks: list[Task], scope: Scope | None, facts: Facts
) -> list[Task]:
    """Give what a labelled line says to the tasks before it, or to its heading as one task."""
    line = item.paragraph
    if not waiting and item.parent is not None:
        heading = item.parent
        is_part = heading.rank in (Rank.PART, Rank.CAPITAL, Rank.ROMAN)
        if (is_part and heading.text.isupper()) or not re.search(r"\w{2}", heading.text):
            return waiting
        if tasks and tasks[-1].text.start == heading.paragraph.start + heading.body:
            waiting = tasks[-1:]
        else:
            task = Task()
            duty = read_duty(heading.paragraph, heading.body, len(heading.paragraph.text))
            fill_task(task, heading.paragraph, duty, scope, Certainty.HIGH)
            _place(task, heading, facts)
            tasks.append(task)
            waiting = [task]
    read = Task()
    read_attributes(read, line, item.body, len(line.text), scope)
    for task in waiting:
        task.lead = task.lead or read.lead
        task.support = task.support or read.support
        task.product = task.product or read.product
        task.is_group = task.is_group or read.is_group
        if not task.deadline.text:
            task.deadline = read.deadline
    return waiting


def _is_task(item: Item, following: Item | None) -> bool:
    text = item.flat
    if len(text) < MIN_LENGTH or is_no_duty(text) or item.text.isupper():
        return False
    if _DESCRIBES.match(text):
        return False
    if item.has_children:
        # A heading whose only children are labelled lines is told when the first of them comes.
        return False
    if _heading_bodies(item)[0] and not item.flat[body_of_heading(item.text, text)[1] :].strip(
        " :.;"
    ):
        # An agency alone: what it is to do stands below.
        return False
    if item.paragraph.text.rstrip().endswith(":") and _leads_on(item, following):
        return False
    if _heads_numbers(item, following):
        return False
    if item.rank is Rank.PART and _ISSUES.match(text):
        return False
    is_title = item.rank in (Rank.PART, Rank.ROMAN, Rank.CAPITAL)
    is_sentence = item.text.rstrip().endswith((".", ";"))
    if is_title and (item.paragraph.text.isupper() or (len(text) < 60 and not is_sentence)):
        return False
    is_label = item.rank in (Rank.ARABIC, Rank.DOTTED) and len(text) < 130
    if (
        is_label
        and following is not None
        and following.rank is Rank.NONE
        and (item.paragraph.is_bold or component_of_heading(item.text))
    ):
        return False
    if starts_with_verb(text):
        return True
    run, end = body_of_heading(item.text, text)
    if run and len(text) - end > 20 and _does(item.text[end:], run):
        return True
    if _topic_end(item) or has_label(text) or (run and _names_roles(item)):
        return True
    if item.rank in _LISTED and text[-1] in ".;" and _stands_below_dimension(item):
        # Below the name of a dimension each sentence of a list is a task, whatever its verb.
        return not text.startswith(_OTHER_FACTS)
    # Under the name of an agency every numbered line is its duty, whatever word it begins with.
    return (
        not run
        and not text.startswith(_OTHER_FACTS)
        and item.rank in _LISTED
        and any(_heading_bodies(parent)[0] for parent in item.parents)
    )


def _names_roles(item: Item) -> bool:
    """Tell whether a line says who leads and who supports before the deed: "Sở A (chủ trì) ..."."""
    return read_duty(item.paragraph, item.body, len(item.paragraph.text)).says_lead


def _stands_below_dimension(item: Item) -> bool:
    return any(
        component_above(parent.text)
        for parent in item.parents
        if parent.rank not in (Rank.DASH, Rank.PLUS)
    )


def _heads_numbers(item: Item, following: Item | None) -> bool:
    """Tell whether a bullet is the heading of the numbers that begin below it."""
    if item.rank is not Rank.DASH or following is None or len(item.text) > 120:
        return False
    begins = following.rank in (Rank.ARABIC, Rank.DOTTED) and following.marker in ("1", "1.1")
    return begins and item.text[-1:] not in ".;"


def _leads_on(item: Item, following: Item | None) -> bool:
    return following is not None and following.kind is item.kind


def _does(written: str, run: list[Mention]) -> bool:
    head = re.match(
        r"\s*[,:]?\s*(?:(?:duoc giao(?: nhiem vu)?|co trach nhiem|chiu trach nhiem|co nhiem vu"
        r"|se|can"
        r"|phai|la (?:co quan|don vi)[^,;:]{0,30})\b\s*[,:]?\s*)*",
        flat(written),
    )
    rest = written[head.end() if head else 0 :]
    return says_deed(rest, run) or flat(rest).startswith(("chu tri", "lam dau moi", "dau moi"))


def _tasks_of(item: Item, scope: Scope | None, facts: Facts) -> Iterator[Task]:
    line = item.paragraph
    first = item.body + _topic_end(item)
    last: Task | None = None
    for number, (start, end) in enumerate(split_duties(line, first)):
        task = Task()
        duty = read_duty(line, start, end)
        if last is not None and _only_assigns(line, duty):
            _assign(last, line, duty, scope)
            continue
        fill_task(task, line, duty, scope, Certainty.HIGH)
        if last is not None and not task.lead:
            task.lead, task.is_group = last.lead, last.is_group
        last = task
        _place(task, item, facts)
        if number and task.number:
            task.number = Found(None)
        yield task


def _only_assigns(line: Paragraph, duty: Duty) -> bool:
    """Tell whether a sentence only says who does what the one before it said."""
    rest = line.flat[duty.start : duty.end].strip(" .;,/")
    return bool(duty.lead) and _JUST_DO.fullmatch(rest) is not None


def _assign(task: Task, line: Paragraph, duty: Duty, scope: Scope | None) -> None:
    told = Task()
    fill_task(told, line, duty, scope, Certainty.HIGH)
    task.lead = task.lead or told.lead
    task.support = task.support or told.support
    task.is_group = task.is_group or told.is_group
    if not task.deadline.text:
        task.deadline = told.deadline


def _topic_end(item: Item) -> int:
    """Return where the duty begins in "Về y tế: Sở Y tế chỉ đạo ...", or 0 if no topic is told."""
    topic = _TOPIC.match(item.flat)
    if topic is None or body_of_heading(item.text, item.flat)[0]:
        return 0
    rest = item.text[topic.end() :]
    run, end = body_of_heading(rest, flat(rest))
    return topic.end() if run and len(rest) - end > 20 and _does(rest[end:], run) else 0


def _place(task: Task, item: Item, facts: Facts) -> None:
    """Give a task its number, the agency of the headings above it, and its dimension."""
    line = item.paragraph
    if item.path:
        task.number = line.found(item.path, Certainty.HIGH, 0, max(item.body, 1))
    if not task.lead:
        for parent in reversed(item.parents):
            run, _end = _heading_bodies(parent)
            if run:
                task.lead = found_bodies(parent.paragraph, run)
                task.lead = [_shifted(each, parent.body) for each in task.lead]
                mark_group(task)
                break
    inherit(task, item.parents, facts)
    task.components = components_of(item, facts)


def _heading_bodies(item: Item) -> tuple[list[Mention], int]:
    run, end = body_of_heading(item.text, item.flat)
    rest = item.flat[end:].strip(" :.;")
    is_heading = not rest or re.fullmatch(
        r"(?:co trach nhiem|chiu trach nhiem|chu tri.*|(?:tinh|thuc hien|tap trung|can"
        r"|co nhiem vu)\b.{0,60})",
        rest,
    )
    return (run, end) if run and is_heading else ([], 0)


def _shifted(found: Found, by: int) -> Found:
    """Return an agency found in the text behind a marker with its place in the document."""
    assert found.start is not None
    assert found.end is not None
    return Found(found.value, str(found.value), found.start + by, found.end + by, found.certainty)


def _read_sentences(lines: list[Paragraph], scope: Scope | None, issuer: Found) -> Iterator[Task]:
    """Yield the duties that sentences tell of, as a news page does."""
    told_until = -1
    for position, line in enumerate(lines):
        flat_text = line.flat
        lead: list[Found] = []
        is_told = _TOLD.match(flat_text) is not None
        if is_told:
            told_until = position + FOLLOWING
        goes_on = position <= told_until and _begins_with_duty(line)
        if not is_told and not goes_on and not _CARRIES.search(flat_text):
            continue
        for start, end in _sentences(line):
            thereby = _THEREBY.match(flat_text, start)
            at = thereby.end() if thereby else start
            duty = read_duty(line, start, end)
            carries = goes_on or _CARRIES.search(flat_text) is not None
            has_body = bool(duty.lead) and carries
            does = starts_with_verb(flat_text[at:end]) and (is_told or bool(lead))
            does = does or has_label(flat_text[start:end])
            if not has_body and not does or end - start < 40 or is_no_duty(flat_text[start:end]):
                continue
            if not has_body:
                duty = read_duty(line, at, end)
            task = Task()
            fill_task(task, line, duty, scope, Certainty.MEDIUM)
            named = topic_of(flat_text) or components_in(line.text[start:end])
            task.components = [line.found(each.key, Certainty.MEDIUM) for each in named]
            if task.lead:
                lead = task.lead
            elif lead or _is_department(issuer):
                task.lead = lead or [issuer]
                mark_group(task)
            else:
                continue
            yield task


def _begins_with_duty(line: Paragraph) -> bool:
    run, end = body_of_heading(line.text, line.flat)
    return bool(run) and _does(line.text[end:], run)


def _sentences(line: Paragraph) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _SENTENCE.finditer(line.text):
        yield start, match.start() + 1
        start = match.end()
    yield start, len(line.text)


def _is_department(issuer: Found) -> bool:
    return str(issuer.value or "").startswith(("Sở ", "Ban ", "Văn phòng "))
