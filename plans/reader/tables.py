"""Tasks from tables: find the header, carry merged cells and group rows down, join pages again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from papi_portal.text import fold
from plans.reader.agencies import agencies_of_cell
from plans.reader.blocks import Cell, Document, Paragraph, Table
from plans.reader.components import component_of_heading, components_in
from plans.reader.deadlines import Scope, read_deadline
from plans.reader.draft import Certainty, Found, Task
from plans.reader.headers import Layout, find_layout, is_column_numbers
from plans.reader.naming import in_sentence

MAX_ROWS = 5_000

_ROMAN_OR_LETTER = re.compile(r"(?:[IVX]{1,6}|[A-HĐ])\W*")
_ROLES = re.compile(
    r"(?P<role>(?:co quan |don vi )?(?:chu tri|phoi hop|tham muu|dau moi))\s*:?\s*", re.IGNORECASE
)


@dataclass(slots=True)
class _Group:
    """A row that labels those below it."""

    number: str
    components: list[Found] = field(default_factory=list)
    lead: list[Found] = field(default_factory=list)


@dataclass(slots=True)
class TableReader:
    """Reads the tables of one document in order; a later one may go on from an earlier."""

    scope: Scope
    layout: Layout | None = None
    group: _Group | None = None
    last_row: list[Cell | None] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    # A cell cut by the end of a page is empty on the next one: what it holds, by its place.
    carried: dict[int, Cell] = field(default_factory=dict)

    def read(self, table: Table) -> None:
        grid = table.grid()[:MAX_ROWS]
        layout = find_layout(grid)
        goes_on = False
        if layout is None:
            layout = self._same_as_before(grid, table)
            goes_on = layout is not None
        elif self.layout is not None and layout.header == self.layout.header:
            goes_on = table.after_break
        if layout is None:
            return
        if not goes_on:
            self.group = None
        self.layout = layout
        self.used.add(table.index)
        for position, row in enumerate(grid[layout.body :]):
            self._row(row, is_first_after_break=goes_on and position == 0)

    def _same_as_before(self, grid: list[list[Cell | None]], table: Table) -> Layout | None:
        """Return the layout of the table before if this one is its continuation."""
        before = self.layout
        if before is None or not grid or len(grid[0]) != before.width:
            return None
        first = [cell.text if cell else "" for cell in grid[0]]
        order = first[before.columns["order"]] if "order" in before.columns else ""
        is_row = bool(re.fullmatch(r"(?:[0-9.]+|[IVX]+)\W*", order)) or table.after_break
        return Layout(before.columns, before.width, 0, before.header) if is_row else None

    def _row(self, row: list[Cell | None], *, is_first_after_break: bool) -> None:
        layout = self.layout
        if layout is None or not any(cell and cell.text for cell in row):
            return
        folded = tuple(fold(cell.text) if cell else "" for cell in row)
        if folded == layout.header or is_column_numbers(row):
            return
        if is_first_after_break and self._joins_last(row):
            return
        cells = {name: row[column] for name, column in layout.columns.items()}
        if self._is_group(row, cells):
            self.group = _group(row, cells)
            return
        task_cell = cells.get("task")
        if task_cell is None or not task_cell.text.strip(" -."):
            return
        if self._repeats(task_cell, cells):
            return
        if is_first_after_break:
            self._carry_over(row)
        row = [self.carried.get(cell.start, cell) if cell else None for cell in row]
        cells = {name: row[column] for name, column in layout.columns.items()}
        self.tasks.append(self._task(cells))
        self.last_row = row

    def _repeats(self, task_cell: Cell, cells: dict[str, Cell | None]) -> bool:
        """Tell whether the task cell is merged over this row and nothing new stands in it."""
        above = self.last_row
        if not above or task_cell not in above:
            return False
        return all(
            cell is None or not cell.text or cell in above
            for name, cell in cells.items()
            if name in ("lead", "deadline", "both", "product")
        )

    def _is_group(self, row: list[Cell | None], cells: dict[str, Cell | None]) -> bool:
        texts = {cell.start: cell for cell in row if cell and cell.text}
        order = cells.get("order")
        rest = [cell for start, cell in texts.items() if order is None or start != order.start]
        if len(rest) != 1:
            return False
        only = rest[0]
        task = cells.get("task")
        if task is not None and only.start != task.start and only.column_span == 1:
            return "component" in cells and cells["component"] is only
        others = [cells.get(name) for name in ("lead", "both", "deadline", "product", "support")]
        has_columns = any(cell is not None for cell in others) or only.column_span > 1
        number = order.text.strip() if order and order is not only else ""
        is_label = (
            only.is_bold
            or only.column_span > 2
            or bool(_ROMAN_OR_LETTER.fullmatch(number))
            or bool(component_of_heading(_unnumbered(only.text)))
            or bool(_agencies_of_label(only.whole()))
        )
        return has_columns and is_label

    def _joins_last(self, row: list[Cell | None]) -> bool:
        """Join the first row of a page to the last of the page before if it is its lower half."""
        layout = self.layout
        if layout is None or not self.tasks or not self.last_row:
            return False
        column = layout.columns.get("order")
        order = row[column] if column is not None else None
        task_cell = row[layout.columns["task"]]
        if column is None or (order is not None and order.text) or task_cell is None:
            return False
        last = self.tasks[-1]
        is_lower = task_cell.text[:1].islower() or (
            not re.search(r"[.;]$", str(last.text.value))
            and not task_cell.text.startswith(("-", "+"))
        )
        if task_cell.text and not is_lower:
            return False
        self._append(last, row)
        return True

    def _append(self, last: Task, row: list[Cell | None]) -> None:
        assert self.layout is not None
        columns = self.layout.columns
        merged: dict[str, Cell | None] = {}
        for name, column in columns.items():
            above, below = self.last_row[column], row[column]
            if above and below and below.text and above.text != below.text:
                merged[name] = replace(above, text=f"{above.text} {below.text}")
            else:
                merged[name] = above or below
        task_cell = row[columns["task"]]
        if task_cell and task_cell.text:
            value = f"{last.text.value} {task_cell.text}"
            last.text = replace(last.text, value=value, certainty=Certainty.MEDIUM)
        again = self._task(merged)
        for name in ("lead", "support", "deadline", "product"):
            setattr(last, name, getattr(again, name) or getattr(last, name))

    def _carry_over(self, row: list[Cell | None]) -> None:
        """Note what the empty cells at the top of a page go on from."""
        layout = self.layout
        for name in ("lead", "deadline", "both") if layout and self.last_row else ():
            column = layout.columns.get(name) if layout else None
            if column is None:
                continue
            cell, above = row[column], self.last_row[column]
            if cell is not None and not cell.text and above is not None and above.text:
                self.carried[cell.start] = above

    def _task(self, cells: dict[str, Cell | None]) -> Task:
        task = Task()
        text = cells["task"]
        assert text is not None
        task.text = text.whole().found(_one_line(text.text), Certainty.HIGH)
        order = cells.get("order")
        if order is not None and order.text and order is not text:
            number = order.text.strip(" .)")
            if self.group and self.group.number and not number.startswith(self.group.number):
                number = f"{self.group.number}.{number}"
            task.number = order.whole().found(number, Certainty.HIGH)
        else:
            task.number, task.text = _own_number(text)
        _assign(task, cells)
        if not task.lead and self.group and self.group.lead:
            task.lead = list(self.group.lead)
            mark_group(task)
        if (deadline := cells.get("deadline")) is not None:
            task.deadline = read_deadline(deadline.whole(), self.scope)
        if (product := cells.get("product")) is not None and product.text.strip(" -."):
            task.product = product.whole().found(_one_line(product.text), Certainty.HIGH)
        task.components = list(self._components(text, cells.get("component")))
        return task

    def _components(self, text: Cell, label: Cell | None) -> Iterator[Found]:
        if label is not None and label.text:
            named = component_of_heading(_unnumbered(label.text))
            if named:
                line = label.whole()
                yield from (line.found(each.key, Certainty.HIGH) for each in named)
                return
        if self.group and self.group.components:
            yield from self.group.components
            return
        line = text.whole()
        for each in components_in(text.text):
            yield line.found(each.key, Certainty.MEDIUM, each.start, each.end)


def _group(row: list[Cell | None], cells: dict[str, Cell | None]) -> _Group:
    order = cells.get("order")
    label = next(
        cell
        for cell in reversed(row)
        if cell and cell.text and (cell is not order or cell.column_span > 1)
    )
    own = re.match(r"\s*([IVX]+|[A-HĐ]|[0-9]{1,2})[.)]\s", label.text)
    number = order.text.strip(" .)") if order and order is not label else own[1] if own else ""
    line = label.whole()
    named = component_of_heading(_unnumbered(label.text))
    components = [line.found(each.key, Certainty.HIGH) for each in named]
    lead = [] if named else _agencies_of_label(line)
    return _Group(number, components, lead)


def _agencies_of_label(line: Paragraph) -> list[Found]:
    """Return the agencies a group row is the name of: the rows below are their duties."""
    text = line.text.lower().capitalize() if line.text.isupper() else line.text
    run = agencies_of_cell(in_sentence(line.text) if line.text.isupper() else text)
    if not run or not run[0].is_known or len(run[-1].name) < 0.5 * len(line.text) / len(run):
        return []
    return [line.found(each.name, Certainty.HIGH) for each in run]


def _own_number(cell: Cell) -> tuple[Found, Found]:
    """Return the number a task cell begins with and the text behind it."""
    line = cell.whole()
    match = re.match(r"\s*(?P<number>[0-9]{1,2}(?:\.[0-9]{1,2})*|[a-zđ])[.)]\s+", cell.text)
    if match is None:
        return Found(None), line.found(_one_line(cell.text), Certainty.HIGH)
    text = line.found(_one_line(cell.text[match.end() :]), Certainty.HIGH, match.end())
    return line.found(match["number"], Certainty.HIGH, *match.span("number")), text


def _assign(task: Task, cells: dict[str, Cell | None]) -> None:
    for name in ("lead", "support"):
        if (cell := cells.get(name)) is not None:
            setattr(task, name, list(_bodies(cell.whole())))
    if (both := cells.get("both")) is not None and both is not cells.get("lead"):
        _read_roles(task, both.whole())
    elif "support" not in cells and (lead := cells.get("lead")) and "phoi hop" in lead.flat:
        # "Chủ trì: Sở A; phối hợp: Sở B" in the one column there is.
        _read_roles(task, lead.whole())
    if task.lead:
        mark_group(task)


def _bodies(line: Paragraph, first: int = 0, last: int | None = None) -> Iterator[Found]:
    end = len(line.text) if last is None else last
    for each in agencies_of_cell(line.text[first:end]):
        certainty = Certainty.HIGH if each.is_known else Certainty.MEDIUM
        yield line.found(each.name, certainty, first + each.start, first + each.end)


def _read_roles(task: Task, line: Paragraph) -> None:
    """Read one cell that names both roles; without their names the first agency leads."""
    roles = list(_ROLES.finditer(line.flat))
    task.lead, task.support = [], []
    if not roles:
        bodies = list(_bodies(line))
        task.lead, task.support = bodies[:1], bodies[1:]
        return
    if roles[0].start() > 3:
        task.lead += _bodies(line, 0, roles[0].start())
    for position, role in enumerate(roles):
        end = roles[position + 1].start() if position + 1 < len(roles) else len(line.text)
        target = task.support if "phoi hop" in role["role"].lower() else task.lead
        target += _bodies(line, role.end(), end)


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


def _unnumbered(text: str) -> str:
    return re.sub(r"^\s*(?:[IVX]+|[A-HĐ]|[0-9]{1,2}(?:\.[0-9]{1,2})*)[.):]\s*", "", text)


def _one_line(text: str) -> str:
    return " ".join(text.split()).strip(" -")


def read_tables(document: Document, scope: Scope) -> TableReader:
    reader = TableReader(scope)
    for table in document.tables():
        reader.read(table)
    return reader
