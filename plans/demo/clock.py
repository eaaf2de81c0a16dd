"""Let history say the day on which the invented events happened, not the day of loading."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from simple_history.signals import pre_create_historical_record

if TYPE_CHECKING:
    from agencies.models import User


@dataclass
class Clock:
    """What time it is in the story and who acts."""

    now: datetime
    by: User | None = None


@contextmanager
def history_by(clock: Clock) -> Iterator[Clock]:
    """While this lasts, every history row bears the time and the person of `clock`."""

    def stamp(history_instance: Any, **_kwargs: Any) -> None:
        history_instance.history_date = clock.now
        history_instance.history_user = clock.by

    pre_create_historical_record.connect(stamp)
    try:
        yield clock
    finally:
        pre_create_historical_record.disconnect(stamp)
