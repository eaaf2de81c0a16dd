"""How a change of points and a group are written."""

from __future__ import annotations

from decimal import Decimal

from django import template

from indicators import gap_wording, score_pages
from indicators.gaps import Gap
from indicators.states import ScoreGroup

register = template.Library()


@register.filter
def signed(value: Decimal | None) -> str:
    """+0,5000 or −3,0236; "" where there is nothing to compare."""
    return score_pages.signed(value) if value is not None else ""


@register.filter
def gap_change(gap: Gap) -> str:
    return gap_wording.change(gap)


@register.filter
def gap_comparison(gap: Gap) -> str:
    return gap_wording.comparison(gap)


@register.filter
def group_label(group: str) -> str:
    return str(ScoreGroup(group).label) if group else ""
