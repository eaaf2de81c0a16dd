"""What the grid's script sends about several rows: JSON, taken apart and never trusted."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from agencies.paging import int_key
from plans.grid import CELLS

NAMES = (*CELLS, "needs_evidence")
# More than a whole plan; a page that sends more is not ours.
MOST_ROWS = 1_000


class SentRowsError(Exception):
    """Not what the grid sends."""


@dataclass(frozen=True)
class SentRow:
    """A row as a page sent it; `cells` only those it named."""

    cells: dict[str, str]
    pk: int | None = None
    version: int | None = None
    row_key: UUID | None = None
    after: int | None = None
    # The deleted row that a new one brings back.
    restores: int | None = None

    def dump(self) -> dict[str, Any]:
        """The same again as plain values, for the page to read."""
        return {
            "pk": self.pk,
            "version": self.version,
            "row_key": str(self.row_key) if self.row_key else "",
            "after": self.after,
            "restores": self.restores,
            "cells": self.cells,
        }


def read_rows(raw: str) -> list[SentRow]:
    """The rows of a JSON list, as sent. Raise `SentRowsError` if it is something else."""
    try:
        rows = json.loads(raw or "[]")
    except (ValueError, RecursionError) as error:
        raise SentRowsError from error
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise SentRowsError
    read = [_read(row) for row in rows]
    keys = [row.row_key for row in read if row.row_key and row.pk is None]
    if len(set(keys)) < len(keys):
        raise SentRowsError
    return read


def _read(row: object) -> SentRow:
    cells = row.get("cells", {}) if isinstance(row, dict) else None
    if not isinstance(row, dict) or not isinstance(cells, dict):
        raise SentRowsError
    typed = {name: cells[name] for name in NAMES if name in cells}
    if not all(isinstance(value, str) for value in typed.values()):
        raise SentRowsError
    return SentRow(
        cells=typed,
        pk=_number(row.get("pk")),
        version=_number(row.get("version")),
        row_key=read_key(row.get("row_key")),
        after=_number(row.get("after")),
        restores=_number(row.get("restores")),
    )


def _number(value: object) -> int | None:
    """A key or version; the page may write them as text, and leave them empty."""
    with suppress(ValueError):
        return int_key(str(value))
    return None


def read_key(value: object) -> UUID | None:
    """The key a page made for a new row, None if it is none."""
    with suppress(ValueError):
        return UUID(str(value))
    return None
