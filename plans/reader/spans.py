"""Change every value of a draft alike, and set each in the place it was read from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from os.path import commonprefix
from typing import Any

from plans.reader.draft import Certainty, Found


def mapped(value: Any, change: Callable[[Found], Found]) -> Any:
    """Return `value` with each `Found` in it changed; lists and dataclasses are gone through."""
    if isinstance(value, Found):
        return change(value)
    if isinstance(value, list):
        return [mapped(each, change) for each in value]
    if is_dataclass(value) and not isinstance(value, type):
        parts = {each.name: mapped(getattr(value, each.name), change) for each in fields(value)}
        return type(value)(**parts)
    return value


def doubtful(found: Found) -> Found:
    """Return the value as no longer certain."""
    is_high = found and found.certainty is Certainty.HIGH
    return replace(found, certainty=Certainty.MEDIUM) if is_high else found


def anchored(found: Found, source: str) -> Found:
    """Return the value with a span that shows just its text.

    What was put together of several pieces, as a row cut by the end of a page, shows the first.
    """
    if found.start is None or (found.text and source[found.start : found.end] == found.text):
        return found
    text = commonprefix([found.text, source[found.start :]])
    text = text or source[found.start : found.end]
    if not text:
        return Found(None)
    return replace(found, text=text, end=found.start + len(text))
