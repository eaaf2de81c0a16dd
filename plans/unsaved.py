"""Keeps what a person is typing into a grid until it is saved, and gives it back to that person."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from plans.models import Plan, UnsavedRows
from plans.sent_rows import SentRow, read_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agencies.models import User

KEPT_DAYS = 30


def keep(plan: Plan, user: User, rows: Sequence[SentRow], *, now: datetime) -> None:
    """Remember `rows` in place of what was remembered; nothing, if there are none."""
    if not rows:
        UnsavedRows.objects.filter(plan=plan, user=user).delete()
        return
    content = json.dumps([row.dump() for row in rows])
    UnsavedRows.objects.update_or_create(
        plan=plan, user=user, defaults={"content": content, "typed_at": now}
    )


def offered(plan: Plan, user: User) -> dict[str, Any]:
    """What the person left unsaved, for the page to compare with what is stored; else empty.

    A row that was new when it was typed and has been saved since is told by its key.
    """
    kept = UnsavedRows.objects.filter(plan=plan, user=user).first()
    if kept is None:
        return {}
    rows = read_rows(kept.content)
    keys = [row.row_key for row in rows if row.pk is None and row.row_key]
    saved = dict(plan.tasks.filter(row_key__in=keys).values_list("row_key", "pk")) if keys else {}
    known = [replace(row, pk=row.pk or saved.get(row.row_key)) for row in rows]
    return {"at": kept.typed_at.isoformat(), "rows": [row.dump() for row in known]}


def forget_old(*, now: datetime) -> int:
    """Delete what nobody came back for; return how many."""
    old = UnsavedRows.objects.filter(typed_at__lt=now - timedelta(days=KEPT_DAYS))
    return old.delete()[0]
