"""Changing a plan that was given out, by a named document and only by it."""

from plans.amending.applying import (
    NotAmendableError,
    StaleComparisonError,
    UnnamedDocumentError,
    apply,
)
from plans.amending.comparing import Comparison, TaskChange, compare
from plans.amending.drafting import draft_of, keep, start

__all__ = [
    "Comparison",
    "NotAmendableError",
    "StaleComparisonError",
    "TaskChange",
    "UnnamedDocumentError",
    "apply",
    "compare",
    "draft_of",
    "keep",
    "start",
]
