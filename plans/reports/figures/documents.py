"""What a report says of the plan itself: its paper, what changed it, what agencies made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q

from agencies.services import Directory
from plans.reports.figures.counts import iso
from plans.reports.wording import plan_name, plan_subject
from plans.states import ChangeKind, PlanStatus

if TYPE_CHECKING:
    from datetime import date

    from plans.models import Plan
    from plans.reports.figures.facts import Facts

Data = dict[str, Any]


def plan_facts(plan: Plan, as_of: date) -> Data:
    """The head of the plan in words; two queries."""
    return {
        "name": plan_name(plan),
        "reference": f"{plan_name(plan)} của {plan.issuer}",
        "subject": plan_subject(plan),
        "kind": str(plan.get_kind_display()),
        "number": plan.number,
        "title": plan.title,
        "issuer": plan.issuer,
        "issued_on": iso(plan.issued_on),
        "signer": plan.signer_name,
        "signer_title": plan.signer_title,
        "period_start": iso(plan.period_start),
        "period_end": iso(plan.period_end),
        "monitor": plan.monitor.name if plan.monitor else "",
        "based_on": plan.based_on,
        "baseline": plan.baseline,
        "indices": [{"code": index.code, "name": index.name} for index in plan.indices.all()],
        "replaces": _replaced(plan.supersedes),
        "amendments": _amendments(plan, as_of),
    }


def _replaced(old: Plan | None) -> str:
    return f"{plan_name(old)} của {old.issuer}" if old else ""


def _amendments(plan: Plan, as_of: date) -> list[Data]:
    """The documents that had changed the plan by that day, with how many tasks each touched."""

    def touched(kind: ChangeKind) -> Count:
        return Count("changes__task", filter=Q(changes__kind=kind), distinct=True)

    applied = plan.amendments.filter(status=PlanStatus.APPLIED, activated_on__lte=as_of).annotate(
        added=touched(ChangeKind.ADDED),
        changed=touched(ChangeKind.CHANGED),
        stopped=touched(ChangeKind.STOPPED),
    )
    return [
        {
            "name": plan_name(each),
            "issuer": each.issuer,
            "applied_on": iso(each.activated_on),
            "added": each.added,
            "changed": each.changed,
            "stopped": each.stopped,
        }
        for each in applied.order_by("activated_on", "pk")
    ]


def sub_plans(plan: Plan, facts: Facts) -> Data:
    """Which agencies had made a plan of their own under this one, as far as the portal has them.

    A document below this plan is an agency's own if the agency issued it, under any of its names,
    or watches over it. Five queries.
    """
    below = plan.children.exclude(status=PlanStatus.DRAFT).filter(
        Q(issued_on__lte=facts.as_of) | Q(issued_on__isnull=True, activated_on__lte=facts.as_of)
    )
    leads = {row.agency_id for row in facts.ordered}
    directory = Directory(plan.province_id, facts.as_of)
    made: dict[int, str] = {}
    for child in below.order_by("issued_on", "pk"):
        known = directory.named(child.issuer)
        agency = known.agency.pk if known and known.agency else child.monitor_id
        if agency in leads:
            made.setdefault(agency, plan_name(child))
    return {
        "made": [
            {"agency": agency.name, "plan": made[pk]}
            for pk, agency in facts.agencies.items()
            if pk in made
        ],
        "missing": [
            agency.name for pk, agency in facts.agencies.items() if pk in leads and pk not in made
        ],
    }
