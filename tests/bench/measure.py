"""How long something takes, how many queries it makes, and a table to say so."""

import sys
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext


def seconds(
    act: Callable[[], object], *, times: int, after: Callable[[], object] | None = None
) -> float:
    """The median of `times` runs of `act`; `after` puts things back, untimed."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        act()
        taken.append(perf_counter() - start)
        if after is not None:
            after()
    return median(taken)


def queries(act: Callable[[], object]) -> list[dict[str, Any]]:
    """The queries `act` makes, each with its `sql` and `time` in seconds as text."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return list(captured.captured_queries)


def statements(act: Callable[[], object]) -> list[tuple[str, Any]]:
    """The SQL `act` sends, as it is sent: with its parameters apart."""
    sent = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        sent.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        act()
    return sent


def say(text: str = "") -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 2) -> None:
    """Print as Markdown: the first columns are `words`, the others figures."""
    widths = [max(len(row[column]) for row in (header, *rows)) for column in range(len(header))]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if column < words else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * width for width in widths]
    rule[words:] = [f"{dashes[1:]}:" for dashes in rule[words:]]
    for cells in (header, rule, *rows):
        say(line(cells))
    say()


def ms(taken: float) -> str:
    return f"{taken * 1000:.0f}"


def ratio(large: float, small: float) -> str:
    return f"{large / small:.1f}"
