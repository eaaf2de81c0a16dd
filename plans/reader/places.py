"""Which province the document is of; a footer or the name of the site alone is weak proof."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from plans.reader.blocks import Document, Paragraph, flat
from plans.reader.draft import Certainty, Draft, Found
from plans.reader.provinces import provinces_in

_OTHERS = re.compile(
    r"(?:kinh nghiem|hoc tap|nhu|xep sau|xep tren|giong|cac tinh|tu)\s[^.;]{0,40}$"
)


def read_province(document: Document, draft: Draft) -> None:
    issuer = draft.document.issuer
    if issuer:
        for name, *_place in provinces_in(str(issuer.value), flat(str(issuer.value))):
            draft.document.province = _same_place(issuer, name)
            return
    lines = list(document.lines())
    inside = [line for line in lines if not line.is_aside]
    title = draft.document.title
    if title:
        for name, _first, _last, has_noun in provinces_in(
            str(title.value).title(), flat(str(title.value))
        ):
            if has_noun:
                draft.document.province = _same_place(title, name)
                return
    draft.document.province = (
        _dateline(draft, document)
        or _most_named(inside, Certainty.MEDIUM, with_noun=True)
        or _most_named(inside, Certainty.LOW, with_noun=False)
        or _most_named(lines, Certainty.LOW, with_noun=True)
    )


def complete_issuer(document: Document, draft: Draft) -> None:
    """Name the province of "UBND tỉnh", as a news page of that province leaves it out.

    The name of the site and its footer name no one's committee.
    """
    issuer, province = draft.document.issuer, draft.document.province
    if issuer.value != "UBND tỉnh" or not province:
        return
    at = province.start or 0
    if any(line.is_aside and line.start <= at < line.end for line in document.lines()):
        return
    name = f"UBND tỉnh {province.value}"
    certainty = Certainty.LOW if province.certainty is Certainty.LOW else Certainty.MEDIUM
    draft.document.issuer = replace(issuer, value=name, certainty=certainty)


def _same_place(found: Found, name: str) -> Found:
    place = (found.table, found.row, found.column)
    return Found(name, found.text, found.start, found.end, found.certainty, *place)


def _dateline(draft: Draft, document: Document) -> Found:
    """Read "Lào Cai, ngày ...": the town may have the name of the province."""
    issued = draft.document.issued_on
    if issued and issued.start is not None and "," in issued.text:
        place = issued.text.split(",")[0]
        for name, first, last, _noun in provinces_in(place, flat(place)):
            at = issued.start
            return Found(name, place[first:last], at + first, at + last, Certainty.MEDIUM)
    return Found(None)


def _most_named(lines: list[Paragraph], certainty: Certainty, *, with_noun: bool) -> Found:
    counts: Counter[str] = Counter()
    places: dict[str, Found] = {}
    for line in lines:
        for name, first, last, has_noun in provinces_in(line.text, line.flat):
            if has_noun < with_noun or _OTHERS.search(line.flat[:first]):
                continue
            counts[name] += 1
            places.setdefault(name, line.found(name, certainty, first, last))
    if not counts:
        return Found(None)
    return places[counts.most_common(1)[0][0]]
