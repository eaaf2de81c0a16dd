"""What one row of a table of tasks says: a task or several, or the label of the rows below."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from plans.reader.agencies import agencies_of_cell
from plans.reader.blocks import Cell, Paragraph
from plans.reader.components import component_above, component_of_cell, components_in, indices_in
from plans.reader.deadlines import Scope, read_deadline
from plans.reader.draft import Certainty, Found, Task
from plans.reader.headers import fold_mark
from plans.reader.naming import in_sentence
from plans.reader.roles import found_bodies, mark_group, names_roles, read_roles

Cells = Mapping[str, Cell | None]

_CLOSES = re.compile(
    r"\W*(?:tong (?:cong|so)|cong(?=\W*$|\s*:)|(?:\*\s*)?(?:ghi chu|luu y|chu thich)\b\W*\S"
    r"|nguoi lap|thu truong (?:co quan|don vi)\W*$|noi nhan\s*:"
    r"|(?:tm|kt|tl|tuq)\s?\.\s?(?:uy ban|ubnd|chu tich|giam doc))"
)
_BULLET = re.compile(r"\s*(?:[-+]|[0-9]{1,2}[.)](?![0-9])|[a-zđ]\))\s*(?=\S)")
_NUMBER = re.compile(r"\s*(?P<number>[0-9]{1,2}(?:\.[0-9]{1,2})*|[a-zđ])[.)]\s+")
# A label that says who leads all below it: "Quản trị điện tử (chủ trì: Sở A)", "... - Chủ trì: B".
_TOLD_ROLES = re.compile(r"[(:;-]\s*(?P<roles>[^()]*\b(?:chu tri|dau moi)\b[^()]*?)(?:\)|$)")
_LEAD_MARKS = re.compile(r"c|t|ct|chu tri")
_SUPPORT_MARKS = re.compile(r"p|ph|phoi hop")


@dataclass(slots=True)
class Group:
    """A row that labels those below it."""

    number: str
    components: list[Found] = field(default_factory=list)
    lead: list[Found] = field(default_factory=list)
    support: list[Found] = field(default_factory=list)
    # The rows below are of an index that has no dimensions of PAPI.
    is_of_other: bool = False


def closes(row: list[Cell | None]) -> bool:
    """Tell whether a row sums up, explains or signs the table: it is no task."""
    texts = {cell.start: cell for cell in row if cell and cell.text}
    first = next(iter(texts.values()), None)
    return first is not None and len(texts) <= 3 and _CLOSES.match(first.flat) is not None


def group_of(row: list[Cell | None], cells: Cells) -> Group:
    order = cells.get("order")
    label = next(
        cell
        for cell in reversed(row)
        if cell and cell.text and (cell is not order or cell.column_span > 1)
    )
    own = re.match(r"\s*([IVX]+|[A-HĐ]|[0-9]{1,2})[.)]\s", label.text)
    number = order.text.strip(" .)") if order and order is not label else own[1] if own else ""
    line = label.whole()
    named = component_above(unnumbered(label.text))
    components = [line.found(each.key, Certainty.HIGH) for each in named]
    if told := _TOLD_ROLES.search(line.flat):
        roles = read_roles(line.text[told.start("roles") : told.end("roles")])
        lead = found_bodies(line, [each.moved(told.start("roles")) for each in roles.lead])
        support = found_bodies(line, [each.moved(told.start("roles")) for each in roles.support])
    else:
        lead, support = [] if named else agencies_of_label(line), []
    indices = {code for code, _first, _last in indices_in(label.flat)}
    return Group(number, components, lead, support, bool(indices) and "PAPI" not in indices)


def agencies_of_label(line: Paragraph) -> list[Found]:
    """Return the agencies a group row is the name of: the rows below are their duties."""
    text = line.text.lower().capitalize() if line.text.isupper() else line.text
    run = agencies_of_cell(in_sentence(line.text) if line.text.isupper() else text)
    if not run or not run[0].is_known or len(run[-1].name) < 0.5 * len(line.text) / len(run):
        return []
    return [line.found(each.name, Certainty.HIGH) for each in run]


def tasks_of(
    cells: Cells, group: Group | None, scope: Scope, ticked: list[tuple[Cell, str]]
) -> Iterator[Task]:
    """Yield the tasks of a row; `ticked` are the heads of the columns marked in it, with marks."""
    parts = _parts(cells)
    for part in parts:
        yield task_of(part, group, scope, ticked)


def task_of(
    cells: Cells, group: Group | None, scope: Scope, ticked: list[tuple[Cell, str]]
) -> Task:
    task = Task()
    text = cells["task"]
    assert text is not None
    task.text = text.whole().found(one_line(text.text), Certainty.HIGH)
    order = cells.get("order")
    if order is not None and order.text and order is not text:
        number = order.text.strip(" .)")
        if group and group.number and not number.startswith(group.number):
            number = f"{group.number}.{number}"
        task.number = order.whole().found(number, Certainty.HIGH)
    else:
        task.number, task.text = _own_number(text)
    _assign(task, cells)
    _assign_ticked(task, ticked)
    if not task.lead and group and group.lead:
        task.lead = list(group.lead)
        task.support = task.support or list(group.support)
    if task.lead:
        mark_group(task)
    if (deadline := cells.get("deadline")) is not None:
        task.deadline = read_deadline(deadline.whole(), scope)
    if (product := cells.get("product")) is not None and product.text.strip(" -."):
        task.product = product.whole().found(one_line(product.text), Certainty.HIGH)
    task.components = list(_components(text, cells.get("component"), group, scope.start.year))
    return task


def _parts(cells: Cells) -> list[Cells]:
    """Return the row as several where one cell lists the duties of one agency.

    What stands in as many lines beside them goes line by line, all else belongs to each.
    """
    text, lead, deadline = cells["task"], cells.get("lead"), cells.get("deadline")
    lines = [line for line in text.lines() if line.text] if text else []
    if text is None or len(lines) < 2 or not all(_BULLET.match(line.text) for line in lines):
        return [cells]
    in_step = [
        name
        for name in ("deadline", "product", "lead", "support")
        if (cell := cells.get(name)) is not None
        and len([line for line in cell.lines() if _BULLET.match(line.text)]) == len(lines)
    ]
    is_of_agency = lead is not None and lead.column < text.column and deadline is not lead
    if not in_step and not is_of_agency:
        return [cells]
    parts: list[Cells] = []
    for position in range(len(lines)):
        part = dict(cells)
        for name in ("task", *in_step):
            cell = cells[name]
            assert cell is not None
            line = [line for line in cell.lines() if line.text][position]
            part[name] = replace(cell, text=line.text, start=line.start)
        parts.append(part)
    return parts


def _components(text: Cell, label: Cell | None, group: Group | None, year: int) -> Iterator[Found]:
    if group and group.is_of_other:
        return
    if label is not None and label.text:
        named = component_of_cell(label.text, year) or component_above(unnumbered(label.text))
        if named:
            line = label.whole()
            yield from (line.found(each.key, Certainty.HIGH) for each in named)
            return
    if group and group.components:
        yield from group.components
        return
    line = text.whole()
    for each in components_in(text.text):
        yield line.found(each.key, Certainty.MEDIUM, each.start, each.end)


def _own_number(cell: Cell) -> tuple[Found, Found]:
    """Return the number a task cell begins with and the text behind it."""
    line = cell.whole()
    match = _NUMBER.match(cell.text)
    if match is None:
        return Found(None), line.found(one_line(cell.text), Certainty.HIGH)
    text = line.found(one_line(cell.text[match.end() :]), Certainty.HIGH, match.end())
    return line.found(match["number"], Certainty.HIGH, *match.span("number")), text


def _assign(task: Task, cells: Cells) -> None:
    for name in ("lead", "support"):
        if (cell := cells.get(name)) is not None:
            setattr(task, name, found_bodies(cell.whole(), agencies_of_cell(cell.text)))
    if (both := cells.get("both")) is not None and both is not cells.get("lead"):
        _read_roles(task, both.whole())
    elif (lead := cells.get("lead")) is not None and names_roles(lead.flat):
        # "Chủ trì: Sở A; phối hợp: Sở B" in the one column there is.
        others = task.support
        _read_roles(task, lead.whole())
        task.support += others


def _assign_ticked(task: Task, ticked: list[tuple[Cell, str]]) -> None:
    """Give the task to the agencies whose columns are marked; which leads may be a guess."""
    marks = [fold_mark(mark) for _head, mark in ticked]
    for (head, mark), folded in zip(ticked, marks, strict=True):
        is_alone = len(ticked) == 1
        leads = _LEAD_MARKS.fullmatch(folded) is not None
        supports = _SUPPORT_MARKS.fullmatch(folded) is not None
        if not leads and not supports:
            # A cross beside "P" leads; a small one beside a large one supports.
            leads = not any(other.isupper() for _head, other in ticked) or mark.isupper()
            leads = leads or any(_SUPPORT_MARKS.fullmatch(other) for other in marks)
        certainty = Certainty.HIGH if is_alone or leads != supports else Certainty.MEDIUM
        for each in found_bodies(head.whole(), agencies_of_cell(head.text)):
            told = replace(each, certainty=min(certainty, each.certainty, key=_DOUBT.index))
            (task.lead if leads else task.support).append(told)


_DOUBT = (Certainty.LOW, Certainty.MEDIUM, Certainty.HIGH)


def _read_roles(task: Task, line: Paragraph) -> None:
    roles = read_roles(line.text)
    task.lead, task.support = found_bodies(line, roles.lead), found_bodies(line, roles.support)


def unnumbered(text: str) -> str:
    return re.sub(r"^\s*(?:[IVX]+|[A-HĐ]|[0-9]{1,2}(?:\.[0-9]{1,2})*)[.):]\s*", "", text)


def one_line(text: str) -> str:
    return " ".join(text.split()).strip(" -")
