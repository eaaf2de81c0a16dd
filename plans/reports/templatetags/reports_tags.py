"""Days, rates and the chart as a report writes them, from frozen figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.safestring import SafeString

from plans.reports import charts, wording

register = template.Library()


@register.filter
def official_date(day: str) -> str:
    """Write a frozen day as 30/3/2021; nothing for a day that is not there."""
    return wording.short_date(date.fromisoformat(day)) if day else ""


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


@register.filter
def sentence(words: str) -> str:
    """Words people typed, ended as a sentence."""
    words = words.strip()
    return words if not words or words[-1] in ".!?…" else f"{words}."
