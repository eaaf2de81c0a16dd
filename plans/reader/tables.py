"""Tasks from tables: find the header, carry merged cells and group rows down, join pages again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from papi_portal.text import fold
from plans.reader.blocks import Cell, Document, Table
from plans.reader.components import component_above
from plans.reader.deadlines import Scope
from plans.reader.draft import Certainty, Task
from plans.reader.headers import Layout, find_layout, is_column_numbers
from plans.reader.rows import (
    Group,
    agencies_of_label,
    closes,
    group_of,
    task_of,
    tasks_of,
    unnumbered,
)
from plans.reader.spans import doubtful, mapped

MAX_ROWS = 5_000

_ROMAN_OR_LETTER = re.compile(r"(?:[IVX]{1,6}|[A-HĐ])\W*")


@dataclass(slots=True)
class TableReader:
    """Reads the tables of one document in order; a later one may go on from an earlier."""

    scope: Scope
    layout: Layout | None = None
    group: Group | None = None
    last_row: list[Cell | None] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    # A cell cut by the end of a page is empty on the next one: what it holds, by its place.
    carried: dict[int, Cell] = field(default_factory=dict)
    # A row whose task stands on the next page.
    half: list[Cell | None] = field(default_factory=list)

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
            self.group = _titled(grid, layout)
        self.layout = layout
        self.used.add(table.index)
        before = len(self.tasks)
        for position, row in enumerate(grid[layout.body :]):
            self._row(row, is_first_after_break=goes_on and position == 0)
        if table.is_guessed:
            self.tasks[before:] = mapped(self.tasks[before:], doubtful)

    def _same_as_before(self, grid: list[list[Cell | None]], table: Table) -> Layout | None:
        """Return the layout of the table before if this one is its continuation."""
        before = self.layout
        if before is None or not grid or len(grid[0]) != before.width:
            return None
        first = [cell.text if cell else "" for cell in grid[0]]
        order = first[before.columns["order"]] if "order" in before.columns else ""
        is_row = bool(re.fullmatch(r"(?:[0-9.]+|[IVX]+)\W*", order)) or table.after_break
        return (
            Layout(before.columns, before.width, 0, 0, before.header, before.marked)
            if is_row
            else None
        )

    def _row(self, row: list[Cell | None], *, is_first_after_break: bool) -> None:
        layout = self.layout
        if layout is None or not any(cell and cell.text for cell in row):
            return
        folded = tuple(fold(cell.text) if cell else "" for cell in row)
        if folded == layout.header or is_column_numbers(row) or closes(row):
            return
        half, self.half = self.half, []
        if is_first_after_break and half and self._is_unnumbered(row):
            row = [
                below if below and below.text else above
                for above, below in zip(half, row, strict=True)
            ]
        elif is_first_after_break and self._joins_last(row):
            return
        cells = {name: row[column] for name, column in layout.columns.items()}
        if self._is_group(row, cells):
            self.group = group_of(row, cells)
            return
        task_cell = cells.get("task")
        if task_cell is None or not task_cell.text.strip(" -."):
            self.half = row
            return
        if self._repeats(task_cell, cells):
            return
        if is_first_after_break:
            self._carry_over(row)
        row = [self.carried.get(cell.start, cell) if cell else None for cell in row]
        cells = {name: row[column] for name, column in layout.columns.items()}
        marked = layout.marked.items()
        ticked = [
            (head, cell.text) for column, head in marked if (cell := row[column]) and cell.text
        ]
        self.tasks += tasks_of(cells, self.group, self.scope, ticked)
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
        if order is not None and order.column_span == 1:
            texts.pop(order.start, None)
        rest = list(texts.values())
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
            or bool(component_above(unnumbered(only.text)))
            or bool(agencies_of_label(only.whole()))
        )
        return has_columns and is_label

    def _is_unnumbered(self, row: list[Cell | None]) -> bool:
        column = self.layout.columns.get("order") if self.layout else None
        order = row[column] if column is not None else None
        return order is not None and not order.text

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
        again = task_of(merged, self.group, self.scope, [])
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


def _titled(grid: list[list[Cell | None]], layout: Layout) -> Group | None:
    """Return what a label over all columns above the header says for the rows below."""
    for row in grid[: layout.top]:
        texts = {cell.start: cell for cell in row if cell and cell.text}
        if len(texts) == 1 and component_above(unnumbered(next(iter(texts.values())).text)):
            return group_of(row, {})
    return None


def read_tables(document: Document, scope: Scope) -> TableReader:
    reader = TableReader(scope)
    for table in document.tables():
        reader.read(table)
    return reader
