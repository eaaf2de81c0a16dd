"""Every write of reports: asking, making, stages, texts and schedules, each in its module."""

from plans.reports.services.asking import (
    cancel,
    check,
    first_day,
    make_again,
    overdue_agencies,
    request,
)
from plans.reports.services.errors import ReportError, StaleError
from plans.reports.services.making import (
    LEASE,
    claim,
    clean_files,
    make,
    run,
    sweep,
    try_again,
)
from plans.reports.services.scheduling import announce, ask_due, possible_readers, set_schedules
from plans.reports.services.stages import (
    Issue,
    correct,
    discard,
    freeze_ripe,
    issue,
    why_not_issuable,
)

__all__ = [
    "LEASE",
    "Issue",
    "ReportError",
    "StaleError",
    "announce",
    "ask_due",
    "cancel",
    "check",
    "claim",
    "clean_files",
    "correct",
    "discard",
    "first_day",
    "freeze_ripe",
    "issue",
    "make",
    "make_again",
    "overdue_agencies",
    "possible_readers",
    "request",
    "run",
    "set_schedules",
    "sweep",
    "try_again",
    "why_not_issuable",
]
