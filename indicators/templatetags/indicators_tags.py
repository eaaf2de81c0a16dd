"""How a change of points is written."""

from __future__ import annotations

from decimal import Decimal

from django import template

from indicators import score_pages

register = template.Library()


@register.filter
def signed(value: Decimal | None) -> str:
    """+0,5000 or −3,0236; "" where there is nothing to compare."""
    return score_pages.signed(value) if value is not None else ""
