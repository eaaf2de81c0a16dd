"""What an xlsx says beside its values: reach, hidden parts, strike-through, broken formulas.

Values come from the calamine library; these marks it does not tell. The parts of the file are
streamed, so that a sheet that reaches too far is refused before anything is built from it.
"""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from dataclasses import dataclass, field
from xml.parsers import expat

from django.utils.translation import gettext as _

from papi_portal.sheets.guards import SheetRefusedError, refuse_size
from papi_portal.sheets.sheet import Limits, Place, place

CHUNK = 64 * 1024
MAX_MERGED = 20_000
_BROKEN = (
    expat.ExpatError,
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    KeyError,
    EOFError,
    OSError,
    RuntimeError,
)
_PERCENT_FORMATS = frozenset({"9", "10"})
_TRUE = ("1", "true", "on")
_STRIKE_OFF = ("0", "false", "off")


@dataclass
class Marks:
    """What is odd in one sheet; see `sheet.Sheet` for the meaning of each."""

    name: str
    is_hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck: set[Place] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    uncalculated: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    percents: set[Place] = field(default_factory=set)


class PartHandler:
    """Walks one XML part; names come without their prefix. A DTD is refused."""

    def walk(self, archive: zipfile.ZipFile, part: str) -> None:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = lambda name, attrs: self.start(name.rpartition(":")[2], attrs)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.text
        parser.StartDoctypeDeclHandler = _refuse_dtd
        try:
            with archive.open(part) as content:
                while chunk := content.read(CHUNK):
                    parser.Parse(chunk, False)
                parser.Parse(b"", True)
        except _BROKEN as error:
            raise SheetRefusedError(unsafe()) from error

    def start(self, name: str, attrs: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, data: str) -> None: ...


def unsafe() -> str:
    return _(
        "Tệp bảng tính hỏng hoặc không an toàn. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên."
    )


def _refuse_dtd(*_declared: object) -> None:
    raise SheetRefusedError(unsafe())


class _Styles(PartHandler):
    """Which cell styles strike their text through, and which show a percentage."""

    def __init__(self) -> None:
        self.struck_fonts: list[bool] = []
        self.percent_formats = set(_PERCENT_FORMATS)
        self.struck: set[str] = set()
        self.percents: set[str] = set()
        self._styles = 0
        self._within = ""

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name in ("fonts", "cellXfs", "cellStyleXfs", "numFmts", "dxfs"):
            self._within = name
        elif name == "font" and self._within == "fonts":
            self.struck_fonts.append(False)
        elif name == "strike" and self._within == "fonts" and self.struck_fonts:
            self.struck_fonts[-1] = attrs.get("val", "1") not in _STRIKE_OFF
        elif name == "numFmt" and "%" in attrs.get("formatCode", ""):
            self.percent_formats.add(attrs.get("numFmtId", ""))
        elif name == "xf" and self._within == "cellXfs":
            self._add_style(attrs)

    def _add_style(self, attrs: dict[str, str]) -> None:
        font = int(attrs.get("fontId", "0"))
        if font < len(self.struck_fonts) and self.struck_fonts[font]:
            self.struck.add(str(self._styles))
        if attrs.get("numFmtId") in self.percent_formats:
            self.percents.add(str(self._styles))
        self._styles += 1


class _Runs:
    """Whether a text of several runs is struck through from its first to its last letter."""

    def __init__(self) -> None:
        self._is_struck_run = self._has_struck = self._has_plain = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "r":
            self._is_struck_run = False
        elif name == "strike":
            self._is_struck_run = attrs.get("val", "1") not in _STRIKE_OFF

    def end(self, name: str) -> None:
        if name == "r":
            self._is_struck_run = False

    def text(self, data: str) -> None:
        if data.strip():
            self._has_struck |= self._is_struck_run
            self._has_plain |= not self._is_struck_run

    @property
    def is_struck(self) -> bool:
        return self._has_struck and not self._has_plain


class _Strings(PartHandler):
    """Which shared strings are struck through."""

    def __init__(self) -> None:
        self.struck: set[str] = set()
        self._index = -1
        self._runs = _Runs()
        self._is_text = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "si":
            self._index += 1
            self._runs = _Runs()
        self._runs.start(name, attrs)
        self._is_text = name == "t"

    def text(self, data: str) -> None:
        if self._is_text:
            self._runs.text(data)

    def end(self, name: str) -> None:
        self._is_text = False
        self._runs.end(name)
        if name == "si" and self._runs.is_struck:
            self.struck.add(str(self._index))


class _Cells(PartHandler):
    """The marks of one sheet; refuses it as soon as a value stands too far out."""

    def __init__(self, marks: Marks, limits: Limits, styles: _Styles, strings: _Strings) -> None:
        self.marks, self.limits = marks, limits
        self.styles, self.strings = styles, strings
        self._row = self._column = 0
        self._declared = (0, 0)
        self._is_row_hidden = False
        self._cell: dict[str, str] = {}
        self._has_formula = False
        self._value: list[str] = []
        self._within = ""
        self._runs: _Runs | None = None

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "c":
            self._start_cell(attrs)
        elif name == "row":
            self._row = int(attrs["r"]) if "r" in attrs else self._row + 1
            self._column = 0
            self._is_row_hidden = attrs.get("hidden", "0") in _TRUE
        elif name == "f":
            self._has_formula = True
            self._within = ""
        elif name in ("v", "t"):
            self._within = name
        elif name == "is":
            self._runs = _Runs()
        elif self._runs is not None:
            self._runs.start(name, attrs)
        elif name == "col" and attrs.get("hidden", "0") in _TRUE:
            last = min(int(attrs.get("max", "0")), self.limits.columns)
            self.marks.hidden_columns.update(range(int(attrs.get("min", "1")), last + 1))
        elif name == "dimension":
            self._declared = place(attrs.get("ref", "").rpartition(":")[2])
        elif name == "mergeCell" and len(self.marks.merged) < MAX_MERGED:
            corners = attrs.get("ref", "").split(":")
            self.marks.merged.append((*place(corners[0]), *place(corners[-1])))

    def _start_cell(self, attrs: dict[str, str]) -> None:
        self._cell = attrs
        self._has_formula = False
        self._value = []
        self._runs = None
        if "r" in attrs:
            self._row, self._column = place(attrs["r"])
        else:
            self._column += 1

    def text(self, data: str) -> None:
        if self._within:
            self._value.append(data)
            if self._runs is not None:
                self._runs.text(data)

    def end(self, name: str) -> None:
        if name == "c":
            self._end_cell("".join(self._value))
            self._runs = None
        elif name in ("v", "t"):
            self._within = ""
        elif self._runs is not None:
            self._runs.end(name)

    def _end_cell(self, value: str) -> None:
        kind = self._cell.get("t", "n")
        if not value and not self._has_formula:
            return
        here = (self._row, self._column)
        if here[0] > self.limits.last_row or here[1] > self.limits.columns:
            rows, columns = max(self._declared[0], here[0]), max(self._declared[1], here[1])
            allowed = (self.limits.rows, self.limits.columns)
            raise refuse_size(self.marks.name, rows, columns, allowed)
        if self._is_row_hidden:
            self.marks.hidden_rows.add(self._row)
        style = self._cell.get("s", "0")
        is_struck_text = (kind == "s" and value in self.strings.struck) or (
            self._runs is not None and self._runs.is_struck
        )
        if style in self.styles.struck or is_struck_text:
            self.marks.struck.add(here)
        if not value and kind != "str":
            self.marks.uncalculated.add(here)
        elif kind == "e":
            self.marks.errors[here] = value[:20]
        elif kind == "n" and style in self.styles.percents:
            self.marks.percents.add(here)


class _Book(PartHandler):
    """The sheets of the workbook in their order: name, whether hidden, relation."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, bool, str]] = []

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "sheet":
            relation = next((v for k, v in attrs.items() if k.rpartition(":")[2] == "id"), "")
            is_hidden = attrs.get("state", "visible") != "visible"
            self.sheets.append((attrs.get("name", ""), is_hidden, relation))


class _Relations(PartHandler):
    def __init__(self) -> None:
        self.targets: dict[str, tuple[str, str]] = {}

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "Relationship":
            kind = attrs.get("Type", "").rpartition("/")[2]
            self.targets[attrs.get("Id", "")] = (kind, attrs.get("Target", ""))


def read_marks(archive: zipfile.ZipFile, limits: Limits) -> tuple[list[Marks], list[str]]:
    """Return the marks of each worksheet in order, and notes on what is left aside.

    Raise `SheetRefusedError` for a file that is broken or whose cells reach too far.
    """
    names = set(archive.namelist())
    book, relations, styles, strings = _Book(), _Relations(), _Styles(), _Strings()
    book.walk(archive, "xl/workbook.xml")
    relations.walk(archive, "xl/_rels/workbook.xml.rels")
    targets = {
        key: (kind, posixpath.normpath(posixpath.join("/xl", target)).lstrip("/"))
        for key, (kind, target) in relations.targets.items()
    }
    parts = dict(targets.values())
    for handler, kind in ((styles, "styles"), (strings, "sharedStrings")):
        if parts.get(kind) in names:
            handler.walk(archive, parts[kind])
    found = []
    for name, is_hidden, relation in book.sheets:
        kind, part = targets.get(relation, ("", ""))
        if kind == "worksheet":
            marks = Marks(name, is_hidden=is_hidden)
            _Cells(marks, limits, styles, strings).walk(archive, part)
            found.append(marks)
    return found, _notes(names)


def _notes(names: set[str]) -> list[str]:
    notes = []
    if any(name.startswith("xl/externalLinks/") for name in names):
        notes.append(_("Tệp có liên kết tới tệp khác: chỉ lấy giá trị đã lưu trong ô."))
    if any(name.startswith("xl/embeddings/") for name in names):
        notes.append(_("Tệp có đối tượng nhúng: phần nhúng không được nhập."))
    if any(name.startswith("xl/comments") for name in names):
        notes.append(_("Tệp có ghi chú (comment) ở ô: ghi chú không được nhập."))
    return notes
