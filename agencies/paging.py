"""Pages by key, never by offset: the next page starts after the last row of this one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import QueryDict

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


def page_newest_first(rows: QuerySet[Any], after: str | None) -> Page:
    """Rows by key, the newest first, after the cursor "345"; any other gives the first page."""
    ordered = rows.order_by("-pk")
    with suppress(ValueError):
        ordered = ordered.filter(pk__lt=int_key(after or ""))
    return page_of(ordered, lambda row: str(row.pk))


def int_key(typed: str) -> int:
    """A primary key out of an address. Raise `ValueError` if it is none a row can have."""
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 18):
        raise ValueError(typed)
    return int(typed)
