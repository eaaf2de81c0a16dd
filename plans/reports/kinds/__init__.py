"""The kinds of reports, each in a module of its own."""

from __future__ import annotations

from plans.reports.kinds.kind import Kind
from plans.reports.kinds.progress import PROGRESS
from plans.reports.states import ReportKind

KINDS: dict[ReportKind, Kind] = {
    ReportKind.PROGRESS: PROGRESS,
}
