"""Rates and the chart as a report writes them, from frozen figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.safestring import SafeString

from plans.reports import charts, wording

register = template.Library()


@register.simple_tag
def percent(part: int, whole: int) -> str:
    return wording.percent(part, whole)


@register.simple_tag
def rate(part: int, whole: int) -> str:
    return wording.rate(part, whole)


@register.simple_tag
def dimension_chart(lines: Sequence[Mapping[str, Any]], title: str, font: str = "") -> SafeString:
    """Draw the work under each dimension: done, overdue, the rest."""
    return charts.bar_chart(charts.bars_of(lines), title=title, font=font)
