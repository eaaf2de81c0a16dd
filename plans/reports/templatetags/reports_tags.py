"""Percentages as a report writes them; the button that asks for the usual one."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from plans.models import Plan
from plans.reports import access, choices, periods, services, wording
from plans.reports.states import ReportKind

register = template.Library()


@register.simple_tag
def percent(part: int, whole: int) -> str:
    return wording.percent(part, whole)


@register.inclusion_tag("reports/_ask_at_once.html", takes_context=True)
def ask_at_once(context: Context, plan: Plan, kind: str) -> dict[str, Any]:
    """One button that makes the report that is meant most often; none for who may not ask."""
    today = timezone.localdate()
    since = services.first_day(plan)
    is_open = since is not None and access.may_request(context["user"], plan)
    period = choices.default(ReportKind(kind), since, today)
    return {
        "plan": plan,
        "kind": kind,
        "period": periods.parse(period),
        "is_open": is_open,
        "csrf_token": context.get("csrf_token"),
    }
