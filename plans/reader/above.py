"""What the headings above a task, and the topic it begins with, say it belongs to."""

from __future__ import annotations

import re

from plans.reader.components import Named, component_above, components_in, indices_in
from plans.reader.draft import Certainty, Found
from plans.reader.section_facts import Facts
from plans.reader.sections import Item, Rank

# "Đối với nội dung Trách nhiệm giải trình: ...", "Ở nội dung Quản trị điện tử, Sở ..."
_TOPIC = re.compile(
    r"\W*(?:(?:doi voi|ve|o|tai|trong|thuoc|rieng|nham|de)\b[^:,.;]{0,40}?\s)?"
    r"(?:chi so|noi dung|truc|linh vuc)\b"
    r"[^:.;]{3,110}?(?=[:,]\s)"
)


def topic_of(flat_text: str) -> list[Named]:
    """Return what a sentence begins by saying it is about."""
    topic = _TOPIC.match(flat_text)
    return component_above(topic[0]) if topic else []


def components_of(item: Item, facts: Facts) -> list[Found]:
    """Return the dimensions of a task: of its topic, of what stands above it, or that it names."""
    if named := topic_of(item.flat):
        return _found(item, named)
    above = components_of_chain(item.parents, facts)
    if above is not None:
        return above
    return [
        item.paragraph.found(
            each.key, Certainty.MEDIUM, item.body + each.start, item.body + each.end
        )
        for each in components_in(item.text)
    ]


def components_of_chain(chain: list[Item], facts: Facts) -> list[Found] | None:
    """Return what the nearest heading is about: none if another index, None if nothing is said."""
    for parent in reversed(chain):
        if parent.rank in (Rank.DASH, Rank.PLUS) and not parent.text.rstrip().endswith(":"):
            continue
        if named := component_above(parent.text):
            return _found(parent, named)
        told = facts.get(parent.paragraph.start)
        if told is not None and told.components:
            return told.components
        indices = {code for code, _first, _last in indices_in(parent.flat)}
        if indices and "PAPI" not in indices:
            return []
    return None


def _found(item: Item, named: list[Named]) -> list[Found]:
    return [
        item.paragraph.found(each.key, Certainty.HIGH, item.body + each.start, item.body + each.end)
        for each in named
    ]
