"""Five plans that were really issued: facts of their documents, tasks in our own words.

Number, date, issuer, signer, period, targets and bases are those of the documents. Where a
document is not public in full its tasks are an illustration along its known outline. They are
loaded closed and without assignments: nobody's progress is invented.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.services import Directory
from indicators.models import Component, Index
from plans.demo.rows import DATA, add_tasks, dimensions, province_of, read_rows
from plans.models import Plan, Target
from plans.services import plan_day, save_plan
from plans.states import PlanStatus


def load_real_plans() -> list[Plan]:
    """Add the plans that are missing, each in a transaction of its own; return those added."""
    facts: list[dict[str, Any]] = json.loads((DATA / "real_plans.json").read_text("utf-8"))
    rows = read_rows("real_tasks.csv")
    by_key = dimensions()
    added = []
    for fact in facts:
        tasks = [row for row in rows if row["plan"] == fact["key"]]
        plan = _load(fact, tasks, by_key)
        if plan is not None:
            added.append(plan)
    return added


@transaction.atomic
def _load(
    fact: dict[str, Any], rows: list[dict[str, str]], by_key: dict[str, Component]
) -> Plan | None:
    issued_on = date.fromisoformat(fact["issued_on"]) if fact["issued_on"] else None
    period_start = date.fromisoformat(fact["period_start"])
    plan = Plan(
        province=province_of(fact["province_code"], issued_on or period_start),
        kind=fact["kind"],
        number=fact["number"],
        issued_on=issued_on,
        year=fact["year"],
        title=fact["title"],
        issuer=fact["issuer"],
        signer_name=fact["signer_name"],
        period_start=period_start,
        period_end=date.fromisoformat(fact["period_end"]),
        based_on=fact["based_on"],
        baseline=_baseline(fact["baseline"]),
    )
    if _is_there(plan):
        return None
    if fact.get("monitor"):
        named = Directory(plan.province_id, plan_day(plan)).find(fact["monitor"])
        plan.monitor = named.agency
    papi = Index.objects.get(code="PAPI")
    targets = [_target(papi, target, by_key) for target in fact["targets"]]
    save_plan(
        plan,
        targets=targets,
        indices=Index.objects.filter(code__in=fact["indices"]),
        version=None,
    )
    add_tasks(plan, rows)
    plan.status = PlanStatus.CLOSED
    plan.activated_on = plan_day(plan)
    plan.save(update_fields=["status", "activated_on", "updated_at"])
    return plan


def _is_there(plan: Plan) -> bool:
    """By its number, by its title if it has none: a person may have entered it before us."""
    same = Plan.objects.filter(province=plan.province_id, year=plan.year)
    if plan.number:
        return same.filter(number=plan.number).exists()
    return same.filter(title=plan.title).exists()


def _baseline(known: str) -> str:
    return f"{known} {_('Nhiệm vụ trong cổng được diễn đạt lại để minh họa.')}".strip()


def _target(papi: Index, fact: dict[str, Any], by_key: dict[str, Component]) -> Target:
    return Target(
        text=fact["text"],
        index=papi,
        component=by_key.get(fact.get("dimension", "")),
        metric=fact.get("metric", ""),
        operator=fact.get("operator", ""),
        value=Decimal(fact["value"]) if "value" in fact else None,
        group=fact.get("group", ""),
        year=fact.get("year"),
        baseline_year=fact.get("baseline_year"),
        is_each_year=fact.get("is_each_year", False),
        is_kept=fact.get("is_kept", False),
    )
