"""Read a Word document: paragraphs with their list numbers, tables, text boxes; no deleted text."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from lxml import etree

from papi_portal.text.legacy import from_legacy
from plans.reader.blocks import Builder, Document, RawCell, flat
from plans.reader.encodings import legacy_encoding
from plans.reader.numbering import LEVELS, Numbering, W, read_numbering

MAX_DEPTH = 20
MAX_SPAN = 60
MAX_STAMP = 150

MAIN = "word/document.xml"
_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Deleted and moved text, field codes, and the older copy of what newer Word drew.
_SKIPPED = {
    *(f"{W}{name}" for name in ("del", "moveFrom", "delText", "instrText", "rPr", "pPr")),
    f"{_COMPATIBLE}Fallback",
}
_CHANGES = (f"{W}ins", f"{W}del", f"{W}moveFrom", f"{W}moveTo")
_OF_DOCUMENT = re.compile(
    r"uy ban nhan dan|ubnd|cong hoa|doc lap|\bso\s*[:.]|ngay .{1,12}thang|ke hoach|quyet dinh"
    r"|chi thi|noi nhan|(?:tm|kt|tl|tuq)\s*\.|nhiem vu|chu tri|phu luc|hoan thanh"
)
_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml")}


@dataclass(frozen=True, slots=True)
class _Style:
    is_bold: bool = False
    is_centred: bool = False
    number_id: str = ""
    level: int = 0


@dataclass(slots=True)
class _Line:
    """A paragraph as text, and the text boxes that hang on it."""

    text: str = ""
    is_bold: bool = False
    is_centred: bool = False
    boxes: list[Any] = field(default_factory=list)


def read_docx(path: Path) -> Document:
    with zipfile.ZipFile(path) as archive:
        names = set(archive.namelist())
        root = _parse(archive.read(MAIN))
        styles = _styles(_part(archive, names, "word/styles.xml"))
        numbering = _part(archive, names, "word/numbering.xml")
    lists = read_numbering(numbering) if numbering is not None else Numbering()
    text = "\n".join(node.text or "" for node in root.iter(f"{W}t"))
    builder = Builder(legacy_encoding(text))
    _Walk(builder, styles, lists).blocks(root.find(f"{W}body"), 0)
    document = builder.finish()
    if struck := _struck(root):
        document.notes.append(
            f"Tệp có {struck} đoạn chữ gạch ngang; đã bỏ qua, hãy kiểm tra có đúng là chữ bỏ không."
        )
    changes = sum(1 for _node in root.iter(*_CHANGES))
    if changes:
        document.notes.append(
            f"Tệp có {changes} thay đổi chưa chấp nhận; đã đọc như thể mọi thay đổi được chấp nhận."
        )
    return document


class _Walk:
    """Goes through the body and hands paragraphs and tables to the builder."""

    def __init__(self, builder: Builder, styles: dict[str, _Style], lists: Numbering) -> None:
        self._builder, self._styles, self._lists = builder, styles, lists

    def blocks(self, parent: Any, depth: int) -> None:
        for node in parent if parent is not None and depth < MAX_DEPTH else ():
            if node.tag == f"{W}p":
                self._paragraph(node, depth)
            elif node.tag == f"{W}tbl":
                self._table(node, depth)
            elif node.tag in _WRAPPERS:
                self.blocks(node, depth + 1)

    def _paragraph(self, node: Any, depth: int) -> None:
        line = self._line(node)
        self._builder.paragraph(line.text, bold=line.is_bold, centred=line.is_centred)
        for box in line.boxes:
            self._box(box, depth)

    def _box(self, box: Any, depth: int) -> None:
        """Read a text box; a stamp or a slogan in one stands beside the document."""
        nodes = list(box.iter(f"{W}p", f"{W}tbl"))
        text = " ".join(self._line(node).text for node in nodes if node.tag == f"{W}p")
        is_part = len(text) > MAX_STAMP or _OF_DOCUMENT.search(flat(text))
        if is_part or any(node.tag == f"{W}tbl" for node in nodes):
            self.blocks(box, depth + 1)
        else:
            self._builder.paragraph(" ".join(text.split()), aside=True)

    def _line(self, node: Any) -> _Line:
        properties = node.find(f"{W}pPr")
        style = self._style(properties)
        line = _Line(is_centred=style.is_centred)
        bold = [0, 0]
        pieces: list[str] = []
        _runs(node, style.is_bold, pieces, bold, line.boxes)
        line.is_bold = bold[True] > 0 and bold[False] == 0
        label = self._lists.label(style.number_id, style.level) if style.number_id else ""
        text = "".join(pieces)
        line.text = f"{label} {text}" if label else text
        return line

    def _style(self, properties: Any) -> _Style:
        """Return the named style with what the paragraph itself says over it."""
        if properties is None:
            return self._styles.get("", _Style())
        style = self._styles.get(_value(properties, "pStyle"), self._styles.get("", _Style()))
        if alignment := _value(properties, "jc"):
            style = replace(style, is_centred=alignment == "center")
        return _with_number(style, properties)

    def _table(self, node: Any, depth: int) -> None:
        rows = [row for row in node.iter(f"{W}tr") if _nearest_table(row) is node]
        if len(rows) == 1 and len(rows[0].findall(f"{W}tc")) == 1:
            self.blocks(rows[0].find(f"{W}tc"), depth + 1)
            return
        if any(_is_laid_out(cell) for row in rows for cell in row.findall(f"{W}tc")):
            for row in rows:
                for cell in row.findall(f"{W}tc"):
                    self.blocks(cell, depth + 1)
            return
        cells: list[RawCell] = []
        open_above: dict[int, int] = {}
        for row, line in enumerate(rows):
            column = _skipped_columns(line)
            for cell in line.iter(f"{W}tc"):
                if _nearest_table(cell) is not node:
                    continue
                properties = cell.find(f"{W}tcPr")
                columns = _number(properties, "gridSpan", 1)
                merge = properties.find(f"{W}vMerge") if properties is not None else None
                goes_on = merge is not None and merge.get(f"{W}val", "continue") == "continue"
                if goes_on and column in open_above:
                    above = cells[open_above[column]]
                    cells[open_above[column]] = replace(above, row_span=row - above.row + 1)
                else:
                    text, is_bold = self._cell_text(cell, depth)
                    if merge is not None:
                        open_above[column] = len(cells)
                    else:
                        open_above.pop(column, None)
                    cells.append(RawCell(row, column, text, 1, columns, is_bold))
                column += columns
        self._builder.table(cells)

    def _cell_text(self, cell: Any, depth: int) -> tuple[str, bool]:
        """Return the lines of a cell, those of tables inside it as well."""
        lines = [self._line(node) for node in cell.iter(f"{W}p")] if depth < MAX_DEPTH else []
        written = [line for line in lines if line.text.strip()]
        is_bold = bool(written) and all(line.is_bold for line in written)
        return "\n".join(line.text for line in written), is_bold


def _runs(node: Any, is_bold: bool, pieces: list[str], bold: list[int], boxes: list[Any]) -> None:
    """Collect the visible text below `node`; `bold` counts characters that are not and are."""
    for child in node:
        tag = child.tag
        if tag in _SKIPPED or not isinstance(tag, str):
            continue
        if tag == f"{W}r":
            _run(child, is_bold, pieces, bold, boxes)
        elif tag == f"{W}txbxContent":
            boxes.append(child)
        else:
            _runs(child, is_bold, pieces, bold, boxes)


def _run(node: Any, is_bold: bool, pieces: list[str], bold: list[int], boxes: list[Any]) -> None:
    properties = node.find(f"{W}rPr")
    font = ""
    if properties is not None:
        if _is_on(properties, "vanish") or _is_struck(node):
            return
        if properties.find(f"{W}b") is not None:
            is_bold = _is_on(properties, "b")
        fonts = properties.find(f"{W}rFonts")
        font = fonts.get(f"{W}ascii", "") if fonts is not None else ""
    text: list[str] = []
    for child in node:
        tag = child.tag
        if tag == f"{W}t":
            text.append(child.text or "")
        elif tag in (f"{W}br", f"{W}cr"):
            text.append("\n")
        elif tag == f"{W}tab":
            text.append("\t")
        elif tag in (f"{W}noBreakHyphen", f"{W}sym"):
            text.append("-")
        elif tag not in _SKIPPED and isinstance(tag, str):
            _runs(child, is_bold, text, bold, boxes)
    shown = _by_font("".join(text), font)
    bold[is_bold] += len(shown.strip())
    pieces.append(shown)


def _is_struck(run: Any) -> bool:
    properties = run.find(f"{W}rPr")
    return properties is not None and (
        _is_on(properties, "strike") or _is_on(properties, "dstrike")
    )


def _struck(root: Any) -> int:
    """Return how many pieces of text are struck through; runs next to each other are one."""
    count = 0
    for paragraph in root.iter(f"{W}p"):
        runs = [run for run in paragraph.iter(f"{W}r") if run.find(f"{W}t") is not None]
        marks = [_is_struck(run) for run in runs]
        count += sum(1 for last, mark in zip([False, *marks], marks, strict=False) if mark > last)
    return count


def _by_font(text: str, font: str) -> str:
    """Return the text of a run in an old font as Unicode; `.VnTimeH` draws capitals."""
    if not text or max(text) > "\u00ff":
        return text
    if font.lower().startswith(".vn"):
        converted = from_legacy(text, "TCVN3/.VnTime")
        return converted.upper() if font.endswith("H") else converted
    return from_legacy(text, "VNI") if font.lower().startswith("vni-") else text


def _parse(raw: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(raw, parser)


def _part(archive: zipfile.ZipFile, names: set[str], name: str) -> Any:
    return _parse(archive.read(name)) if name in names else None


def _styles(root: Any) -> dict[str, _Style]:
    """Return paragraph styles by id, each with what it inherits; the default one as well."""
    found = root.iter(f"{W}style") if root is not None else ()
    nodes = {node.get(f"{W}styleId", ""): node for node in found}
    styles: dict[str, _Style] = {}

    def style(name: str, depth: int) -> _Style:
        node = nodes.get(name)
        if node is None or depth > MAX_DEPTH:
            return _Style()
        result = style(_value(node, "basedOn"), depth + 1)
        runs, lines = node.find(f"{W}rPr"), node.find(f"{W}pPr")
        if runs is not None and runs.find(f"{W}b") is not None:
            result = replace(result, is_bold=_is_on(runs, "b"))
        if lines is not None and (alignment := _value(lines, "jc")):
            result = replace(result, is_centred=alignment == "center")
        return _with_number(result, lines) if lines is not None else result

    for name, node in nodes.items():
        styles[name] = style(name, 0)
        if node.get(f"{W}default") == "1" and node.get(f"{W}type") == "paragraph":
            styles[""] = styles[name]
    return styles


def _with_number(style: _Style, properties: Any) -> _Style:
    numbers = properties.find(f"{W}numPr")
    if numbers is None:
        return style
    number_id = _value(numbers, "numId") or style.number_id
    level = min(_number(numbers, "ilvl", style.level), LEVELS - 1)
    return replace(style, number_id="" if number_id == "0" else number_id, level=level)


def _is_laid_out(cell: Any) -> bool:
    """Tell whether a cell holds a table of its own: then the outer one only lays out the page."""
    inner = cell.find(f"{W}tbl")
    rows = inner.findall(f"{W}tr") if inner is not None else []
    return len(rows) > 1 and max(len(row.findall(f"{W}tc")) for row in rows) > 2


def _nearest_table(node: Any) -> Any:
    return next(node.iterancestors(f"{W}tbl"), None)


def _skipped_columns(row: Any) -> int:
    properties = row.find(f"{W}trPr")
    return _number(properties, "gridBefore", 0)


def _value(parent: Any, name: str) -> str:
    child = parent.find(f"{W}{name}")
    return child.get(f"{W}val", "") if child is not None else ""


def _number(parent: Any, name: str, default: int) -> int:
    written = _value(parent, name) if parent is not None else ""
    return min(int(written), MAX_SPAN) if written.isdecimal() else default


def _is_on(properties: Any, name: str) -> bool:
    child = properties.find(f"{W}{name}")
    return child is not None and child.get(f"{W}val", "1") not in ("0", "false", "off")
