"""The tags of a part: what page breaks tore is one again, what repeats by the page is none of it.

WeasyPrint tags page by page: a table is another one on each page, with its heads each time, and
what stands in the margins has elements that belong to nothing. Here a table has its heads once and
a body for each page, and all that is repeated is marked as an artifact (PDF 1.7, 14.8.2.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf

# Stands for the table that the parts before have left open.
OPEN = -1
# Points of a PDF in one CSS pixel.
SCALE = 0.75


@dataclass
class Tags:
    """The tags of a part by the numbers its own objects have.

    `elements` is what the `document` holds, `rows` what goes on in the open table of the parts
    before. `same` says which object takes the place of another, and `left_out` what is not kept.
    `last` is what the part ends with, to which another part may add.
    """

    document: int
    elements: list[int] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    same: dict[int, int] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)
    last: pydyf.Dictionary | None = None

    @property
    def open_table(self) -> pydyf.Dictionary | None:
        return self.last if self.last is not None and self.last["S"] == "/Table" else None


def gather(pdf: pydyf.PDF, goes_on: Sequence[bool]) -> Tags:
    """The tags of a drawn part; `goes_on` tells of each page whether it begins within something."""
    root = of(pdf, pdf.catalog["StructTreeRoot"])
    (document,) = _kids(pdf, root)
    tags = Tags(document.number)
    for part, is_within in zip(_kids(pdf, document), goes_on, strict=True):
        tags.same[part.number] = document.number
        for place, element in enumerate(_kids(pdf, part)):
            if is_within and place == 0:
                _go_on(pdf, tags, element)
            else:
                tags.elements.append(element.number)
                tags.last = element
    tops = [pdf.objects[number] for number in (*tags.elements, *tags.rows)]
    kept = {each.number for each in _tree(pdf, tops)}
    elements = {each.number for each in pdf.objects if _is_element(each)}
    tags.left_out = elements - kept
    _mark_artifacts(pdf, of(pdf, root["ParentTree"])["Nums"], tags.left_out)
    for number in kept:
        _describe(pdf, pdf.objects[number])
    return tags


def of(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _kids(pdf: pydyf.PDF, element: pydyf.Dictionary) -> list[Any]:
    """The elements right below this one, without marks and links."""
    kids = (of(pdf, kid) for kid in element["K"] if isinstance(kid, bytes))
    return [kid for kid in kids if _is_element(kid)]


def _is_element(thing: Any) -> bool:
    return isinstance(thing, dict) and thing.get("Type") == "/StructElem"


def _tree(pdf: pydyf.PDF, tops: Sequence[Any]) -> Iterator[Any]:
    for top in tops:
        yield top
        yield from _tree(pdf, _kids(pdf, top))


def _go_on(pdf: pydyf.PDF, tags: Tags, again: Any) -> None:
    """Give what `again` holds, but for repeated heads, to the element that it goes on."""
    rest = [kid for kid in again["K"] if not _is_head(pdf, kid)]
    if tags.last is None:
        tags.same[again.number] = OPEN
        tags.rows += [of(pdf, kid).number for kid in rest]
    else:
        tags.same[again.number] = tags.last.number
        tags.last["K"] += rest


def _is_head(pdf: pydyf.PDF, kid: bytes | int) -> bool:
    return isinstance(kid, bytes) and of(pdf, kid).get("S") == "/THead"


def _mark_artifacts(pdf: pydyf.PDF, nums: list[Any], left_out: set[int]) -> None:
    """Take marks of elements that are left out from the pages and from the tree of marks."""
    for page, held in zip(pdf.pages["Kids"][::3], nums[1::2], strict=False):
        marks = {mark for mark, element in enumerate(held) if int(element.split()[0]) in left_out}
        held[:] = ["null" if mark in marks else each for mark, each in enumerate(held)]
        content = of(pdf, pdf.objects[page]["Contents"]).stream
        for place, token in enumerate(content):
            if token == b"BDC" and content[place - 1].get("MCID") in marks:
                artifact = pydyf.Dictionary({"Type": "/Pagination"})
                content[place - 2 : place] = ["/Artifact", artifact]


def _describe(pdf: pydyf.PDF, element: Any) -> None:
    """What an element says of itself, in the simplest words that a table or a figure needs."""
    described = element.get("A")
    match element["S"]:
        case "/TH":
            element.pop("ID", None)
            described["Scope"] = "/Column"
        case "/TD":
            # The heads above a cell say that they are: naming them in each cell takes much room.
            described.pop("Headers", None)
            if len(described) == 1:
                del element["A"]
        case "/Figure":
            left, top, right, bottom = (SCALE * length for length in described["BBox"])
            height = of(pdf, element["Pg"])["MediaBox"][3]
            described["BBox"] = pydyf.Array([left, height - bottom, right, height - top])
