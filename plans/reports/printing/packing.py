"""A part of a paper as the process that drew it hands it over: objects of the file to be.

A part is drawn by WeasyPrint as a file of its own. Here its objects get the numbers they have in
the whole paper, and what exists only once in a paper (page tree, root of the tags) is left out,
so that the parts need no more than to be put one behind the other.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Any

import pydyf

from plans.reports.printing import tagging

# Numbers of what exists once; the objects of the parts follow.
PAGES, DOCUMENT, FIRST_NUMBER = 1, 2, 6
# Objects in one compressed stream: few, so that a reader need not unpack much for one page.
PACK = 200
# A reference; texts in brackets, in which such words could stand, are passed over.
REFERENCE = re.compile(rb"\((?:[^\\()]|\\.)*\)|\b(\d+) 0 R\b", re.DOTALL)


@dataclass(frozen=True)
class Shift:
    """What the parts before have used: numbers of objects, keys in the tree of tags."""

    objects: int = FIRST_NUMBER
    keys: int = 0


@dataclass
class Packed:
    """A part: `data` holds whole objects, the rest says where they are and what they are.

    `tags` are the elements of the document, `rows` what goes on in the table that the parts before
    left open, `open_table` the number and what it holds so far of one that may go on after this
    part, which is therefore not in it. `places` are (number, offset in data) and `packs` (number
    of a stream, numbers in it).
    """

    pages: list[int]
    tags: list[int]
    rows: list[int]
    open_table: tuple[int, list[int]] | None
    key_tree: int
    shift: Shift
    catalog: dict[str, str] = field(default_factory=dict)
    info: int = 0
    places: list[tuple[int, int]] = field(default_factory=list)
    packs: list[tuple[int, list[int]]] = field(default_factory=list)
    data: bytes = field(default=b"", repr=False)


def pack(
    pdf: pydyf.PDF, tags: tagging.Tags, shift: Shift, *, is_first: bool, table: int = 0
) -> Packed:
    """The objects of a part, numbered from `shift` on; the first has what is said of the whole.

    `table` is the number of the table that the parts before have left open, if this one goes on.
    """
    root = tagging.of(pdf, pdf.catalog["StructTreeRoot"])
    tree = tagging.of(pdf, root["ParentTree"])
    left_out = {0, pdf.pages.number, pdf.catalog.number, root.number, *tags.left_out}
    if is_first:
        pdf.add_object(pdf.info)
    elif "Metadata" in pdf.catalog:
        left_out.add(tagging.of(pdf, pdf.catalog["Metadata"]).number)
    kept = [each for each in pdf.objects if each.number not in left_out]
    numbers = {each.number: shift.objects + place for place, each in enumerate(kept)}
    numbers |= {pdf.pages.number: PAGES, tags.document: DOCUMENT, tagging.OPEN: table}
    numbers |= {number: numbers[other] for number, other in tags.same.items()}
    _shift_keys(kept, tree, shift)
    packed = Packed(
        pages=[numbers[number] for number in pdf.pages["Kids"][::3]],
        tags=[numbers[number] for number in tags.elements],
        rows=[numbers[number] for number in tags.rows],
        open_table=_open_table(tags, numbers),
        key_tree=numbers[tree.number],
        shift=Shift(shift.objects + len(kept), tree["Limits"][1] + 1),
    )
    if is_first:
        packed.info = numbers[pdf.info.number]
        packed.catalog = _catalog(pdf, numbers)
    _write(packed, [each for each in kept if each is not tags.open_table], numbers)
    return packed


def _open_table(tags: tagging.Tags, numbers: dict[int, int]) -> tuple[int, list[int]] | None:
    table = tags.open_table
    if table is None:
        return None
    return numbers[table.number], [numbers[int(kid.split()[0])] for kid in table["K"]]


def _shift_keys(objects: list[Any], tree: Any, shift: Shift) -> None:
    """Keys of pages and links must differ from those of other parts."""
    tree["Nums"][::2] = [key + shift.keys for key in tree["Nums"][::2]]
    tree["Limits"] = pydyf.Array([tree["Nums"][0], tree["Nums"][-2]])
    for each in objects:
        if not isinstance(each, dict):
            continue
        for name in ("StructParents", "StructParent"):
            if name in each:
                each[name] += shift.keys


def _catalog(pdf: pydyf.PDF, numbers: dict[int, int]) -> dict[str, str]:
    names = ("Lang", "MarkInfo", "ViewerPreferences", "Metadata", "OutputIntents")
    return {
        name: _renumbered(pydyf.Array([pdf.catalog[name]]).data[1:-1], numbers).decode("latin-1")
        for name in names
        if name in pdf.catalog
    }


def _renumbered(data: bytes, numbers: dict[int, int]) -> bytes:
    def new(match: re.Match[bytes]) -> bytes:
        return b"%d 0 R" % numbers[int(match[1])] if match[1] else match[0]

    return REFERENCE.sub(new, data)


def _write(packed: Packed, objects: list[Any], numbers: dict[int, int]) -> None:
    written: list[bytes] = []
    loose: list[tuple[int, bytes]] = []
    size = 0

    def write(number: int, content: bytes) -> None:
        nonlocal size
        packed.places.append((number, size))
        written.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
        size += len(written[-1])

    for each in objects:
        number, data = numbers[each.number], each.data
        if isinstance(each, pydyf.Stream):
            # Only what describes the stream refers to others.
            description, keyword, content = data.partition(b"\nstream\n")
            write(number, _renumbered(description, numbers) + keyword + content)
        else:
            loose.append((number, _renumbered(data, numbers)))
    # The streams that hold the others take the numbers after those of the part.
    number = packed.shift.objects
    for start in range(0, len(loose), PACK):
        batch = loose[start : start + PACK]
        write(number, object_stream(batch))
        packed.packs.append((number, [member for member, _data in batch]))
        number += 1
    packed.shift = Shift(number, packed.shift.keys)
    packed.data = b"".join(written)


def object_stream(objects: list[tuple[int, bytes]]) -> bytes:
    """Several objects in one compressed stream (PDF 1.7, 7.5.7)."""
    index, offset = [], 0
    for number, data in objects:
        index.append(b"%d %d" % (number, offset))
        offset += len(data) + 1
    head = b" ".join(index) + b"\n"
    content = zlib.compress(head + b"\n".join(data for _number, data in objects))
    return b"<</Type/ObjStm/N %d/First %d/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream" % (
        len(objects),
        len(head),
        len(content),
        content,
    )
