"""What every kind of report consists of: three pure steps and the sections people write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from plans.reports.content import Content
from plans.reports.paper import Paper
from plans.reports.scope import Scope

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Section:
    """A place for paragraphs written in the portal, beside the figures.

    `max_lines` is set where the page has room for so much alone.
    """

    key: str
    title: StrOrPromise
    hint: StrOrPromise
    max_letters: int = 20_000
    max_lines: int | None = None


@dataclass(frozen=True)
class Kind:
    """`read` is the only step that queries; the others depend on what they are given alone.

    `read(scope, now)` gives the figures as plain data, in a fixed number of queries, or raises
    `ContentError`. `suggest(content)` gives by section the sentences that the figures themselves
    say, `compose(content)` the paper.
    """

    sections: tuple[Section, ...]
    read: Callable[[Scope, datetime], dict[str, Any]]
    suggest: Callable[[Content], dict[str, list[str]]]
    compose: Callable[[Content], Paper]
