"""Freezes everything a progress report says into plain data: labels resolved, totals closed.

Bodies that are only asked (Mặt trận, Tòa án, Party bodies) are counted apart: they are never
part of a rate and never late. All other counts are of assignments and add up.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from plans.reports import sections
from plans.reports.facts import Facts, read_facts
from plans.reports.rows import figures_of, tally_of
from plans.reports.wording import letterhead

if TYPE_CHECKING:
    from datetime import date, datetime

    from plans.models import Plan

# The form of the JSON; code that prints a later one still knows this one by its number.
FORM = 1
ADDITIVE = (
    "assigned",
    "done",
    "done_on_time",
    "done_late",
    "done_no_due",
    "unfinished",
    "doing",
    "not_started",
    "overdue",
    "no_due",
    "due",
    "due_done",
    "waiting",
    "cancelled",
)


class SnapshotError(Exception):
    """There is nothing to report for that day; `message` says why, in Vietnamese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def build(plan: Plan, as_of: date, now: datetime) -> dict[str, Any]:
    """The figures of `plan` at the end of `as_of`, in a fixed number of queries.

    Raise `SnapshotError` if the day has not come or if the portal knew nothing of the plan yet.
    """
    today = timezone.localdate(now)
    if as_of > today:
        raise SnapshotError(_("Ngày chốt số liệu chưa tới."))
    facts = read_facts(plan, as_of, today)
    if not facts.rows:
        raise SnapshotError(
            _("Cổng chưa có số liệu của kế hoạch này vào ngày %(day)s.")
            % {"day": f"{as_of:%d/%m/%Y}"}
        )
    # The paper is Vietnamese, whatever language the worker or the browser speaks.
    with translation.override("vi"):
        figures = _figures(facts, year=today.year)
    _check_that_totals_close(figures, len(facts.rows))
    return figures


def canonical(figures: dict[str, Any]) -> str:
    """The one JSON text of these figures; what is frozen and what is fingerprinted."""
    return json.dumps(figures, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def _figures(facts: Facts, *, year: int) -> dict[str, Any]:
    figures = {
        "form": FORM,
        "as_of": facts.as_of.isoformat(),
        "is_illustrative": facts.plan.is_illustrative,
        "silent_after_days": facts.silent_after.days,
        "days_ahead": sections.DAYS_AHEAD,
        "head": dict(letterhead(facts.plan, year)),
        "plan": sections.plan_facts(facts),
        "work": sections.work_facts(facts),
        "targets": sections.targets(facts),
        "totals": figures_of(tally_of(facts.ordered, facts.as_of)),
        "requested": figures_of(tally_of(facts.requested, facts.as_of)),
        "dimensions": sections.by_dimension(facts),
        "agencies": sections.by_agency(facts, facts.ordered),
        "requested_agencies": sections.by_agency(facts, facts.requested),
        "rhythms": sections.by_rhythm(facts),
        "overdue": sections.overdue(facts),
        "waiting": sections.waiting(facts),
        "silent": sections.silent(facts),
        "extensions": sections.extensions(facts),
        "due_next": sections.due_next(facts),
        "tasks": sections.all_tasks(facts),
    }
    return {**figures, "proposals": sections.proposals(figures)}


def _check_that_totals_close(figures: dict[str, Any], row_count: int) -> None:
    """A sum that does not close stops the report: a wrong figure must not be signed."""
    totals, asked = figures["totals"], figures["requested"]
    for name in ADDITIVE:
        for parts in (figures["dimensions"], figures["agencies"]):
            if sum(part[name] for part in parts) != totals[name]:
                raise ValueError(f"{name}: parts do not add up to {totals[name]}")
    every = sum(part[name] for part in (totals, asked) for name in ("assigned", "cancelled"))
    listed = sum(len(task["work"]) for group in figures["tasks"] for task in group["tasks"])
    late = len(figures["overdue"]["rows"])
    if not (every == listed == row_count and late == totals["overdue"]):
        raise ValueError(f"{row_count} rows, {every} counted, {listed} listed, {late} late")
