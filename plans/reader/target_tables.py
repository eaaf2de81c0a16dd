"""Targets from tables: a row for each dimension or index, a column for what is aimed at."""

from __future__ import annotations

import re
from collections.abc import Iterator

from papi_portal.text import fold
from plans.reader.blocks import Cell, Document, Table
from plans.reader.components import component_of_heading, indices_in
from plans.reader.draft import Certainty, Found, Target, Value
from plans.reader.targets import GROUPS, Context

HEADER_ROWS = 2

_AIM = re.compile(r"\b(?:muc tieu|phan dau|chi tieu nam|ke hoach nam)\b")
_YEAR = re.compile(r"20[0-9]{2}")
_SCORE = re.compile(
    r"(?:tu |tren |>=? ?)?(?P<value>[0-9]{1,3}[.,][0-9]{1,4}"
    r"|[0-9]{1,3})\s*(?:diem|%)?(?: tro len)?"
)
_RANK = re.compile(
    r"(?:top|hang|thu|xep)\s*(?:hang "
    r"|thu )*(?P<value>[0-9]{1,2})(?:\s*/\s*(?P<of>[0-9]{2}))?"
)
_GROUP = re.compile(
    r"(?:nhom )?(?:diem )?(?P<group>(?:trung binh|tb)\s*-?\s*(?:cao|thap)|(?:cao|thap) nhat"
    r"|cao|thap)(?: tro len)?"
)


def targets_of_tables(document: Document, used: set[int], context: Context) -> Iterator[Target]:
    """Yield the targets of tables that are not those of tasks (`used`)."""
    for table in document.tables():
        if table.index not in used:
            yield from _targets(table, context)


def _targets(table: Table, context: Context) -> Iterator[Target]:
    grid = table.grid()
    aims: dict[int, Cell] = {}
    for row in grid[:HEADER_ROWS]:
        for column, cell in enumerate(row):
            if cell and len(cell.text) < 80 and _AIM.search(fold(cell.text)):
                aims.setdefault(column, cell)
    for row in grid[1:] if aims else ():
        named = next(filter(None, (_named(cell, context) for cell in row if cell)), None)
        if named is None:
            continue
        for column, header in aims.items():
            cell = row[column]
            if cell is not None and cell is not header:
                yield from _target(cell, header, named, context)


def _named(cell: Cell, context: Context) -> tuple[Found, Found] | None:
    """Return the index and the dimension that a row is about."""
    line = cell.whole()
    if components := component_of_heading(cell.text):
        found = line.found(components[0].key, Certainty.HIGH)
        return context.index, found
    for code, first, last in indices_in(line.flat):
        return line.found(code, Certainty.HIGH, first, last), Found(None)
    return None


def _target(
    cell: Cell, header: Cell, named: tuple[Found, Found], context: Context
) -> Iterator[Target]:
    line = cell.whole()
    read = _value(" ".join(line.flat.split()))
    if read is None:
        return
    metric, op, value, of = read
    year = _YEAR.search(header.text)
    head = header.whole()

    def found(each: Value) -> Found:
        return line.found(each, Certainty.HIGH) if each is not None else Found(None)

    yield Target(
        index=named[0],
        component=named[1],
        metric=found(metric),
        op=found(op),
        value=found(value),
        of=found(of),
        year=head.found(int(year[0]), Certainty.HIGH, *year.span()) if year else context.year,
        text=found(cell.text),
    )


def _value(flat_text: str) -> tuple[str, str, Value, Value] | None:
    if match := _RANK.fullmatch(flat_text):
        return "rank", "<=", int(match["value"]), int(match["of"]) if match["of"] else None
    if match := _GROUP.fullmatch(flat_text):
        return "group", ">=" if "tro len" in flat_text else "=", _group(match["group"]), None
    if match := _SCORE.fullmatch(flat_text):
        return "score", ">=", float(match["value"].replace(",", ".")), None
    return None


def _group(words: str) -> str:
    return GROUPS[" ".join(words.replace("-", " ").split())]
