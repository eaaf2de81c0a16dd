"""Puts the drawn parts of a paper together as one file, PDF/A-3 with tags.

The parts come with the numbers they have in the file (see packing), so they are appended as they
are; written here is only what exists once: page tree, tags, outline, attachments, index.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf

from plans.reports.paper import Attachment
from plans.reports.printing.outline import Bookmark, outline
from plans.reports.printing.packing import DOCUMENT, FIRST_NUMBER, PAGES, Packed, Shift
from plans.reports.printing.printer import Drawn

CATALOG, TAGS, TAG_KEYS = range(DOCUMENT + 1, FIRST_NUMBER)
# The name of the place where a signature is drawn.
SIGNATURE = "signature"
# What the paper was made from; other files are data of the paper in another form.
RELATIONSHIPS = {"application/json": "Source"}


@dataclass
class Assembly:
    """A file that grows part by part; `entries` is its index, by number of object."""

    file: io.BytesIO = field(default_factory=io.BytesIO)
    entries: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    shift: Shift = field(default_factory=Shift)
    pages: list[int] = field(default_factory=list)
    tags: list[int] = field(default_factory=list)
    open_table: int = 0
    table_kids: list[int] = field(default_factory=list)
    key_trees: list[int] = field(default_factory=list)
    bookmarks: list[Bookmark] = field(default_factory=list)
    catalog: dict[str, str] = field(default_factory=dict)
    info: int = 0
    signature: tuple[int, list[float]] | None = None

    def __post_init__(self) -> None:
        # Bytes over 127 say that the file is not text.
        self.file.write(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")

    def add(self, drawn: Drawn) -> None:
        """Append a part."""
        packed = drawn.packed
        if not self.pages:
            self.catalog, self.info = packed.catalog, packed.info
        self._append(packed)
        self.pages += packed.pages
        self.tags += packed.tags
        self.table_kids += packed.rows
        if packed.open_table:
            self._close_table()
            self.open_table, self.table_kids = packed.open_table
        self.key_trees.append(packed.key_tree)
        self.bookmarks += [
            Bookmark(level, words, packed.pages[page], x, y)
            for level, words, page, x, y in drawn.bookmarks
        ]
        if drawn.signature:
            page, place = drawn.signature
            self.signature = packed.pages[page], place
        self.shift = packed.shift

    def _append(self, packed: Packed) -> None:
        start = self.file.tell()
        for number, offset in packed.places:
            self.entries[number] = (1, start + offset, 0)
        for stream, members in packed.packs:
            for place, number in enumerate(members):
                self.entries[number] = (2, stream, place)
        self.file.write(packed.data)

    def finish(self, attachments: Sequence[Attachment], fingerprint: str) -> bytes:
        """The file; its identifier is made of the fingerprint of the paper and of its own bytes."""
        files = {attachment.name: self._attach(attachment) for attachment in attachments}
        self._write_pages_and_tags()
        catalog = {
            "Type": "/Catalog",
            "Pages": _reference(PAGES),
            "StructTreeRoot": _reference(TAGS),
            "Names": pydyf.Dictionary(self._names(files)),
            **self.catalog,
        }
        if files:
            catalog["AF"] = _references(files.values())
        if self.bookmarks:
            catalog["Outlines"] = _reference(self.shift.objects)
            catalog["PageMode"] = "/UseOutlines"
            for number, item in outline(self.bookmarks, self.shift.objects):
                self._write(number, item)
        self._write(CATALOG, pydyf.Dictionary(catalog))
        self._write_index(fingerprint)
        return self.file.getvalue()

    def _close_table(self) -> None:
        """Write the table that parts have left open, now that all its rows are known."""
        if self.open_table:
            self._write(self.open_table, _element("/Table", DOCUMENT, self.table_kids))

    def _write(self, number: int, thing: pydyf.Object) -> None:
        self.entries[number] = (1, self.file.tell(), 0)
        self.file.write(b"%d 0 obj\n%b\nendobj\n" % (number, thing.data))
        if number >= self.shift.objects:
            self.shift = Shift(number + 1, self.shift.keys)

    def _write_pages_and_tags(self) -> None:
        pages = {"Type": "/Pages", "Kids": _references(self.pages), "Count": len(self.pages)}
        root = {
            "Type": "/StructTreeRoot",
            "K": _references([DOCUMENT]),
            "ParentTree": _reference(TAG_KEYS),
            "ParentTreeNextKey": self.shift.keys,
        }
        self._close_table()
        self._write(PAGES, pydyf.Dictionary(pages))
        self._write(DOCUMENT, _element("/Document", TAGS, self.tags))
        self._write(TAGS, pydyf.Dictionary(root))
        self._write(TAG_KEYS, pydyf.Dictionary({"Kids": _references(self.key_trees)}))

    def _attach(self, attachment: Attachment) -> int:
        """ISO 19005-3, 6.8: kind, both names, and how the file relates to the paper."""
        stream, specification = self.shift.objects, self.shift.objects + 1
        kind = attachment.media_type.replace("/", "#2f")
        sizes = pydyf.Dictionary({"Size": len(attachment.content)})
        extra = {"Type": "/EmbeddedFile", "Subtype": f"/{kind}", "Params": sizes}
        self._write(stream, pydyf.Stream([attachment.content], extra, compress=True))
        files = pydyf.Dictionary({"F": _reference(stream), "UF": _reference(stream)})
        described = {
            "Type": "/Filespec",
            "F": pydyf.String(attachment.name.encode("ascii", "replace")),
            "UF": pydyf.String(attachment.name),
            "EF": files,
            "Desc": pydyf.String(attachment.description),
            "AFRelationship": f"/{RELATIONSHIPS.get(attachment.media_type, 'Data')}",
        }
        self._write(specification, pydyf.Dictionary(described))
        return specification

    def _names(self, files: dict[str, int]) -> dict[str, pydyf.Dictionary]:
        """Name trees; names in them are sorted."""
        names: dict[str, list[Any]] = {"EmbeddedFiles": [], "Dests": []}
        for name, number in sorted(files.items()):
            names["EmbeddedFiles"] += [pydyf.String(name), _reference(number)]
        if self.signature:
            page, place = self.signature
            corners = pydyf.Array([_reference(page), "/FitR", *place])
            names["Dests"] += [pydyf.String(SIGNATURE), corners]
        return {
            name: pydyf.Dictionary({"Names": pydyf.Array(named)})
            for name, named in names.items()
            if named
        }

    def _write_index(self, fingerprint: str) -> None:
        """The cross-reference stream (PDF 1.7, 7.5.8)."""
        own = hashlib.md5(self.file.getbuffer(), usedforsecurity=False).hexdigest()
        number, start = self.shift.objects, self.file.tell()
        self.entries |= {0: (0, 0, 65535), number: (1, start, 0)}
        rows = (self.entries[each] for each in range(number + 1))
        table = b"".join(
            kind.to_bytes(1) + at.to_bytes(4) + rest.to_bytes(2) for kind, at, rest in rows
        )
        extra = {
            "Type": "/XRef",
            "Size": number + 1,
            "W": pydyf.Array([1, 4, 2]),
            "Root": _reference(CATALOG),
            "Info": _reference(self.info),
            "ID": pydyf.Array([f"<{fingerprint[:32]}>", f"<{own}>"]),
            "Filter": "/FlateDecode",
        }
        self._write(number, pydyf.Stream([zlib.compress(table)], extra))
        self.file.write(b"startxref\n%d\n%%%%EOF\n" % start)


def _element(kind: str, parent: int, kids: Iterable[int]) -> pydyf.Dictionary:
    held = {"S": kind, "P": _reference(parent), "K": _references(kids)}
    return pydyf.Dictionary({"Type": "/StructElem", **held})


def _reference(number: int) -> str:
    return f"{number} 0 R"


def _references(numbers: Iterable[int]) -> pydyf.Array:
    return pydyf.Array([_reference(number) for number in numbers])
