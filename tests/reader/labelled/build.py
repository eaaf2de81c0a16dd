"""Prints the labelled documents as docx, pdf, html and text."""

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from weasyprint import HTML

from tests.reader.labelled import fonts, refused
from tests.reader.labelled.markup import BETWEEN, Block, Source, cells, read_source

HERE = Path(__file__).parent
HELD_OUT = HERE.parent / "held_out"
SETS = (HERE, HELD_OUT)
CSS = (HERE / "paper.css").read_text("utf-8")
STAMP = "Người ký: Ủy ban nhân dân tỉnh; Thời gian ký: 10.03.2026 08:15:22 +07:00"
ALIGNED = {
    "centre": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
TRACKED = re.compile(r"\[([+-])(.*?)\1\]|((?:(?!\[[+-]).)+)")
TEXT_BOX = (
    f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape type="#_x0000_t202" '
    'style="position:absolute;width:180pt;height:30pt"><v:textbox><w:txbxContent><w:p><w:r><w:t/>'
    "</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict>"
)
WORD_LISTS = {"bullet": "List Bullet", "number": "List Number"}


@cache
def label(name: str, home: Path = HERE) -> dict[str, Any]:
    """What a careful clerk wrote down of the document `name` of the set in `home`."""
    read: dict[str, Any] = json.loads((home / "labels" / f"{name}.json").read_text("utf-8"))
    return read


def build(folder: Path, home: Path = HERE) -> dict[str, Path]:
    """Print the documents of `home` into `folder`; return their files by name, in order."""
    files = {path.stem: print_source(read_source(path), folder) for path in sources(home)}
    if home == HERE:
        files |= refused.build(folder, plain=files["01_muc_phan_khong_bang"])
    return files


def sources(home: Path) -> list[Path]:
    return sorted((home / "sources").glob("*.txt"))


def print_source(source: Source, folder: Path) -> Path:
    """Print one document as its source says; return its file."""
    path = folder / f"{source.name}.{source.options['format']}"
    match source.options["format"]:
        case "docx":
            _docx(source).save(str(path))
        case "html":
            path.write_text(_page(source), "utf-8")
        case "pdf":
            HTML(string=_page(source)).write_pdf(path)
        case _:
            path.write_bytes(fonts.change(_text(source), source.options.get("text", "")).encode())
    return path


def _text(source: Source) -> str:
    """The body as it stands, its tables with tabs between the cells."""
    lines = []
    for line in source.body.splitlines():
        if not line.startswith("[["):
            lines.append("\t".join(BETWEEN.split(line)))
    return "\n".join(lines) + "\n"


def _docx(source: Source) -> Paper:
    paper = Document()
    font = paper.styles["Normal"].font
    font.name, font.size = source.options.get("font", "Times New Roman"), Pt(13)
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    change = source.options.get("text", "")
    for part, margin in (("header", section.header), ("footer", section.footer)):
        if part in source.options:
            _write(margin.paragraphs[0], source.options[part], change, is_bold=False)
    for block in source.blocks:
        _add(paper, block, change)
    if "box" in source.options:
        _add_box(paper.paragraphs[0], source.options["box"])
    return paper


def _add_box(paragraph: Paragraph, text: str) -> None:
    """Let a text box float beside `paragraph`, in the form Word kept for older programs."""
    picture = parse_xml(TEXT_BOX)
    next(picture.iter(qn("w:t"))).text = text
    paragraph.add_run()._r.append(picture)


def _add(paper: Paper, block: Block, change: str) -> None:
    match block.kind:
        case "pair" | "table":
            _add_table(paper, block, change)
        case "page":
            paper.add_page_break()
        case "landscape":
            section = paper.add_section(WD_SECTION.NEW_PAGE)
            section.orientation = WD_ORIENT.LANDSCAPE
            section.page_width, section.page_height = Mm(297), Mm(210)
        case kind:
            for line in block.text.split(" // "):
                paragraph = paper.add_paragraph(style=WORD_LISTS.get(kind))
                _write(paragraph, line, change, is_bold=kind == "centre")
                for run in paragraph.runs:
                    run.italic = kind == "italic" or None
                paragraph.alignment = ALIGNED.get(kind)


def _add_table(paper: Paper, block: Block, change: str) -> None:
    table = paper.add_table(len(block.grid), len(block.grid[0]))
    if block.kind == "table":
        table.style = "Table Grid"
    # python-docx counts all cells anew at each table.cell(): slow in a long table.
    grid = [row.cells for row in table.rows]
    for cell in cells(block.grid):
        first = grid[cell.row][cell.column]
        last = grid[cell.row + cell.rows - 1][cell.column + cell.columns - 1]
        merged = first if first is last else first.merge(last)
        _fill(merged, cell.lines, change, is_bold=cell.row < _header(block))


def _fill(cell: _Cell, lines: tuple[str, ...], change: str, *, is_bold: bool) -> None:
    paragraphs = [cell.paragraphs[0], *(cell.add_paragraph() for _ in lines[1:])]
    for paragraph, line in zip(paragraphs, lines, strict=True):
        _write(paragraph, line, change, is_bold=is_bold)


def _write(paragraph: Paragraph, line: str, change: str, *, is_bold: bool) -> None:
    """Add the text of `line`; what is between `[+ +]` and `[- -]` as tracked changes."""
    for sign, tracked, untracked in TRACKED.findall(line):
        run = paragraph.add_run(fonts.change(tracked or untracked, change))
        run.bold = is_bold or None
        if not sign:
            continue
        mark = OxmlElement("w:ins" if sign == "+" else "w:del")
        mark.set(qn("w:id"), "1")
        mark.set(qn("w:author"), "Văn thư")
        run._r.addprevious(mark)
        mark.append(run._r)
        if sign == "-":
            run._r.t_lst[0].tag = qn("w:delText")


def _header(block: Block) -> int:
    return int(block.options.get("header", 0))


def _page(source: Source) -> str:
    body = "\n".join(_html(block, source.options) for block in source.blocks)
    kind = source.options.get("page", source.options.get("site", "plain"))
    style = f"<style>{CSS}</style>" if source.options["format"] == "pdf" else ""
    stamp = f'<p class="stamp">{STAMP}</p>' if kind == "stamped" else ""
    return (
        f'<!DOCTYPE html><html lang="vi"><head><meta charset="utf-8"><title>{source.name}</title>'
        f'{style}</head><body class="{kind}">{stamp}\n{body}\n</body></html>\n'
    )


def _html(block: Block, options: dict[str, str]) -> str:
    match block.kind:
        case "raw":
            return block.text
        case "pair" | "table":
            return _html_table(block)
        case "page" | "landscape":
            return f'<div class="{block.kind}"></div>'
        case kind:
            text = "<br>".join(escape(line) for line in block.text.split(" // "))
            if options.get("site") == "word":
                text = f'<span style="font-size:14.0pt">{text}<o:p></o:p></span>'
                return f'<p class="MsoNormal">{text}</p>'
            return f'<p class="{kind}">{text}</p>'


def _html_table(block: Block) -> str:
    header, rows = _header(block), [""] * len(block.grid)
    for cell in cells(block.grid):
        tag = "th" if cell.row < header else "td"
        spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (
            f' colspan="{cell.columns}"' if cell.columns > 1 else ""
        )
        rows[cell.row] += f"<{tag}{spans}>{'<br>'.join(map(escape, cell.lines))}</{tag}>"
    lines = [f"<tr>{row}</tr>" for row in rows]
    head = f"<thead>{''.join(lines[:header])}</thead>" if header else ""
    split = " split" if "split" in block.options else ""
    return (
        f'<table class="{block.kind}{split}">{head}<tbody>{"".join(lines[header:])}</tbody></table>'
    )
