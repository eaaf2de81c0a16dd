"""The kinds of reports, each in a module of its own."""

from __future__ import annotations

from plans.reports.kinds.agency import AGENCY
from plans.reports.kinds.kind import Kind
from plans.reports.kinds.leader import LEADER
from plans.reports.kinds.plan import PLAN
from plans.reports.kinds.progress import PROGRESS
from plans.reports.kinds.province import PROVINCE
from plans.reports.kinds.urging import URGING
from plans.reports.states import ReportKind

KINDS: dict[ReportKind, Kind] = {
    ReportKind.PROGRESS: PROGRESS,
    ReportKind.AGENCY: AGENCY,
    ReportKind.PROVINCE: PROVINCE,
    ReportKind.LEADER: LEADER,
    ReportKind.URGING: URGING,
    ReportKind.PLAN: PLAN,
}
