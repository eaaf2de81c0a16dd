"""The kinds of reports, each in a module of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plans.reports.states import ReportKind

if TYPE_CHECKING:
    from plans.reports.kinds.kind import Kind

KINDS: dict[ReportKind, Kind] = {}
