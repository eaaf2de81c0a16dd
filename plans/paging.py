"""The orders in which plans, tasks and assignments are paged, each with its cursor."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from agencies.paging import PAGE_SIZE, Page, int_key, page_of

if TYPE_CHECKING:
    from plans.models import Assignment
    from plans.querysets import AssignmentQuerySet, PlanQuerySet, TaskQuerySet


def page_by_due_date(rows: AssignmentQuerySet, after: str | None, size: int = PAGE_SIZE) -> Page:
    """Assignments by due date after the cursor "2026-11-30.17" (".17" without a date).

    A cursor that is none gives the first page, here as below.
    """
    ordered = rows.by_due_date()
    day, _dot, pk = (after or "").partition(".")
    with suppress(ValueError):
        ordered = ordered.after(date.fromisoformat(day) if day else None, int_key(pk))
    return page_of(ordered, _due_cursor, size)


def _due_cursor(row: Assignment) -> str:
    return f"{row.due_on or ''}.{row.pk}"


def page_by_year(rows: PlanQuerySet, after: str | None) -> Page:
    """Plans by year, the newest first, after the cursor "2021.17"."""
    ordered = rows.newest_first()
    year, _dot, pk = (after or "").partition(".")
    with suppress(ValueError):
        ordered = ordered.after(int_key(year), int_key(pk))
    return page_of(ordered, lambda row: f"{row.year}.{row.pk}")


def page_by_position(rows: TaskQuerySet, after: str | None, size: int = 150) -> Page:
    """Tasks in the order of their plan after the cursor "12.345" (position, key)."""
    ordered = rows.in_order()
    position, _dot, pk = (after or "").partition(".")
    with suppress(ValueError):
        ordered = ordered.after(int_key(position), int_key(pk))
    return page_of(ordered, lambda row: f"{row.position}.{row.pk}", size)
