"""What is refused, with the sentence that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plans.reports.models import Report


class ReportError(Exception):
    """What was asked cannot be done; `message` says why, in Vietnamese, `field` where."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class StaleError(Exception):
    """Somebody saved meanwhile; `current` is the report as it is now."""

    def __init__(self, current: Report) -> None:
        super().__init__(current.pk)
        self.current = current
