"""Pages by key, never by offset: the next page starts after the last row of this one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import QueryDict

    from plans.models import Assignment
    from plans.querysets import AssignmentQuerySet, TaskQuerySet

PAGE_SIZE = 50


@dataclass(frozen=True)
class Page:
    """Rows of one page; `next` is the cursor of the following one, empty on the last."""

    rows: list[Any]
    next: str = ""

    def query(self, params: QueryDict) -> str:
        """The query string of the next page with all other filters kept, "" on the last."""
        if not self.next:
            return ""
        kept = [(key, value) for key, value in params.items() if key != "sau"]
        return urlencode([*kept, ("sau", self.next)])


def page_of(rows: QuerySet[Any], cursor: Callable[[Any], str], size: int = PAGE_SIZE) -> Page:
    """The first `size` of ordered `rows`; one more is read to know whether there are more."""
    found = list(rows[: size + 1])
    has_more = len(found) > size
    found = found[:size]
    return Page(found, cursor(found[-1]) if has_more else "")


def page_by_due_date(rows: AssignmentQuerySet, after: str | None, size: int = PAGE_SIZE) -> Page:
    """Assignments by due date after the cursor "2026-11-30.17" (".17" without a date).

    A cursor that is none gives the first page.
    """
    ordered = rows.by_due_date()
    key = _due_key(after or "")
    if key is not None:
        ordered = ordered.after(*key)
    return page_of(ordered, _due_cursor, size)


def _due_cursor(row: Assignment) -> str:
    return f"{row.due_on or ''}.{row.pk}"


def _due_key(cursor: str) -> tuple[date | None, int] | None:
    day, _dot, pk = cursor.partition(".")
    try:
        return (date.fromisoformat(day) if day else None), int_key(pk)
    except ValueError:
        return None


def int_key(typed: str) -> int:
    """A primary key out of an address. Raise `ValueError` if it is none a row can have."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 18):
        raise ValueError(typed)
    return int(typed)


def page_newest_first(rows: QuerySet[Any], after: str | None, size: int = PAGE_SIZE) -> Page:
    """Rows by year, newest first, after the cursor "2021.17"; for plans."""
    ordered = rows.order_by("-year", "-pk")
    year, _dot, pk = (after or "").partition(".")
    with suppress(ValueError):
        ordered = _after_year(ordered, int_key(year), int_key(pk))
    return page_of(ordered, lambda row: f"{row.year}.{row.pk}", size)


def page_by_position(rows: TaskQuerySet, after: str | None, size: int = 150) -> Page:
    """Tasks in the order of their plan after the cursor "12.345" (position, key)."""
    ordered = rows.in_order()
    position, _dot, pk = (after or "").partition(".")
    with suppress(ValueError):
        ordered = ordered.after(int_key(position), int_key(pk))
    return page_of(ordered, lambda row: f"{row.position}.{row.pk}", size)


def _after_year(rows: QuerySet[Any], year: int, pk: int) -> QuerySet[Any]:
    return rows.filter(Q(year__lt=year) | Q(year=year, pk__lt=pk))
