"""How far a file is, told while it is made, so that nobody takes slow work for stuck."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

# Gets the share that is done, from 0 to 1, and may raise to stop the work.
Progress = Callable[[float], None]
Item = TypeVar("Item")


def nobody(_share: float) -> None:
    return


def told(items: Iterable[Item], count: int, on_progress: Progress) -> Iterator[Item]:
    """The items one by one, each told when it is taken up; there are about `count`."""
    for number, item in enumerate(items, start=1):
        on_progress(min(number / count, 1.0))
        yield item
