"""Enter tasks of the demonstration plans by the same road as the grid."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from agencies.models import Province
from indicators.models import Component
from plans.grid import RowReader
from plans.services import save_task

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from plans.models import Plan, Task

DATA = Path(__file__).resolve().parent / "data"


class UnreadableRowError(Exception):
    """A row of our own data that the grid would not accept."""


def read_rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def dimensions() -> dict[str, Component]:
    """PAPI's eight dimensions by their stable keys D1 to D8."""
    return {row.stable_key: row for row in Component.objects.dimensions()}


def province_of(code: str, day: date) -> Province:
    return Province.objects.valid_on(day).get(code=code)


def add_tasks(plan: Plan, rows: Iterable[Mapping[str, str]]) -> list[Task]:
    """Add one task per row; raise `UnreadableRowError` for what a person would be told to mend."""
    reader = RowReader(plan)
    tasks = []
    for cells in rows:
        reading = reader.read(cells)
        wrong = {**reading.refused, **reading.problems}
        if wrong:
            raise UnreadableRowError(f"{plan} {cells['number']}: {wrong}")
        tasks.append(save_task(plan, reading.row, pk=None, version=None))
    return tasks
