"""Draws a paper as a Word file with real styles, tables and headings, to correct and to sign."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from papi_portal.sheets.packing import FixedZip
from plans.reports.paper import Appendix, Block, Drawing, Heading, Manner, Paper, Paragraph, Table
from plans.reports.printing.progress import Progress, nobody, told
from plans.reports.printing.word import package
from plans.reports.printing.word.markup import (
    NOTHING,
    framed,
    paragraph,
    run,
    section,
    twips,
)
from plans.reports.printing.word.pictures import Picture, drawn, inline, printed_width, qr
from plans.reports.printing.word.tables import LINE_ABOVE, frame, table

STATE, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
UPRIGHT, LANDSCAPE = twips(165), twips(252)
# The head: who writes on the left, the name of the State on the right.
HEAD = (twips(69.3), UPRIGHT - twips(69.3))
FOOT = (twips(79), UPRIGHT - twips(79))
SEAL, SMALL_SEAL = twips(26), twips(19)
# Width of the QR code beside a signature, in millimetres.
SMALL_CODE = 16
# A name longer than this is written smaller.
LONG_NAME = 26
STYLES = {
    Manner.BODY: "BodyText",
    Manner.BASIS: "Basis",
    Manner.ITEM: "ListBullet",
    Manner.NOTE: "Note",
    Manner.CLOSING: "Ending",
}
NAMESPACES = mark_safe(
    f'xmlns:w="{package.W}" xmlns:r="{package.OFFICE}/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"'
)
Pictures = Mapping[Drawing, Picture]


def render(paper: Paper, *, on_progress: Progress = nobody) -> bytes:
    """The file. Its text is compressed as it is written, so memory grows with the paper alone."""
    count = 1 + sum(len(table.rows) for table in paper.tables())
    code, pictures = qr(paper.seal.address), drawn(paper)
    content = io.BytesIO()
    with FixedZip(content) as archive:
        for name, text in package.parts(paper, [code, *pictures.values()]):
            archive.writestr(name, text)
        with archive.open("word/document.xml", "w") as file:
            for piece in told(_document(paper, code, pictures), count, on_progress):
                file.write(piece.encode())
        for picture in (code, *pictures.values()):
            archive.writestr(f"word/media/{picture.name}.png", picture.png)
    return content.getvalue()


def _document(paper: Paper, code: Picture, pictures: Pictures) -> Iterator[str]:
    """The body, then each appendix in a section of its own; the seal ends the last, if any."""
    yield package.DECLARATION
    yield format_html("<w:document {}><w:body>", NAMESPACES)
    yield from _first_page(paper)
    yield from _blocks(paper.body, pictures, is_landscape=False)
    yield _foot(paper, code)
    is_landscape, is_first, has_footer = False, True, bool(paper.marks)
    for appendix in paper.appendices:
        end = section(is_landscape=is_landscape, is_first=is_first, has_footer=has_footer)
        yield paragraph("Gap", section=end)
        is_landscape, is_first = appendix.is_landscape, False
        yield from _appendix(appendix, pictures, is_last=appendix is paper.appendices[-1])
    if paper.appendices:
        width = LANDSCAPE if is_landscape else UPRIGHT
        yield paragraph("Space", keep=True) + _seal(paper, code, width, LINE_ABOVE)
    yield paragraph("Gap")
    yield section(is_landscape=is_landscape, is_first=is_first, has_footer=has_footer)
    yield "</w:body></w:document>"


def _first_page(paper: Paper) -> Iterator[SafeString]:
    yield _head(paper)
    if not paper.is_letter:
        yield paragraph("Title", run(paper.kind))
        for line in paper.about:
            yield paragraph("Subtitle", run(line))
        yield _rule(paper.about[-1] if paper.about else "", 14, UPRIGHT)
    for line in (paper.under_title, *paper.notices):
        if line:
            yield paragraph("UnderTitle", run(line))
    for mark in paper.long_marks:
        yield paragraph("Mark", framed(mark))
    yield from _addressees(paper)


def _head(paper: Paper) -> SafeString:
    head = paper.head
    issuer = [
        paragraph("IssuerLong" if len(line) > LONG_NAME else "Issuer", run(line))
        for line in head.issuer
    ]
    superior = [paragraph("Superior", run(head.superior))] if head.superior else []
    under_number = [paragraph("Subject", run(line)) for line in paper.about if paper.is_letter]
    marks = [paragraph("Mark", framed(mark)) for mark in paper.short_marks]
    left, right = HEAD
    rows = [
        (
            _joined([*superior, *issuer, _rule(head.issuer[-1], 13, left)]),
            _joined(
                [
                    paragraph("State", run(STATE)),
                    paragraph("Motto", run(MOTTO)),
                    _rule(MOTTO, 13.5, right, part=1),
                ]
            ),
        ),
        (
            _joined([paragraph("Number", run(head.number)), *under_number, *marks]),
            paragraph("Day", run(head.day)),
        ),
    ]
    return frame(HEAD, rows)


def _rule(text: str, points: float, width: int, *, part: float = 0.4) -> SafeString:
    """A line under `text`: as long as it (the motto), or 1/3 to 1/2 of it."""
    length = min(twips(printed_width(text, points) * part), width)
    return paragraph("Rule", sides=((width - length) // 2, (width - length) // 2))


def _addressees(paper: Paper) -> Iterator[SafeString]:
    lines = paper.addressee_lines
    if len(lines) == 1:
        yield paragraph("Addressee", run(lines[0]), align="center")
    elif lines:
        yield paragraph("Addressee", run(lines[0]), sides=(twips(22), 0))
        for line in lines[1:]:
            yield paragraph("Addressees", run(line), sides=(twips(46), 0))


def _blocks(
    blocks: Sequence[Block], pictures: Pictures, *, is_landscape: bool, keeps_end: bool = False
) -> Iterator[SafeString]:
    """With `keeps_end` the end of a table that is the last block stays with what follows."""
    for place, block in enumerate(blocks, start=1):
        match block:
            case Heading():
                yield paragraph(f"Heading{block.level}", run(block.text))
            case Paragraph():
                yield paragraph(STYLES[block.manner], run(block.text), keep=block.is_leading)
            case Drawing():
                yield paragraph("Figure", inline(pictures[block]))
                yield paragraph("FigureTitle", run(block.caption))
            case Table():
                width = LANDSCAPE if is_landscape else UPRIGHT
                is_kept = keeps_end and place == len(blocks)
                yield from table(block, width, is_small=is_landscape, keeps_end=is_kept)


def _foot(paper: Paper, code: Picture) -> SafeString:
    """Without an appendix the seal fills the room beside that for the signature."""
    foot = paper.foot
    recipients = [paragraph("Recipient", run(line)) for line in foot.recipient_lines]
    signer = [paragraph("Signer", run(line), keep=True) for line in foot.signer]
    title = [paragraph("Recipients", run("Nơi nhận:" if recipients else ""))]
    small = replace(code, width=SMALL_CODE, height=SMALL_CODE)
    seal = [] if paper.appendices else [_seal(paper, small, FOOT[0]), paragraph("Gap")]
    right = [*signer, paragraph("SignerName", run(foot.name))]
    return paragraph("Space", keep=True) + frame(
        FOOT, [(_joined([*title, *recipients, *seal]), _joined(right))]
    )


def _appendix(appendix: Appendix, pictures: Pictures, *, is_last: bool) -> Iterator[SafeString]:
    """The last one ends with the seal, which stands on no page alone."""
    yield paragraph("Appendix", run(appendix.label))
    yield paragraph("AppendixTitle", run(appendix.title))
    if appendix.of:
        yield paragraph("AppendixOf", run(appendix.of))
    is_landscape = appendix.is_landscape
    yield from _blocks(appendix.blocks, pictures, is_landscape=is_landscape, keeps_end=is_last)


def _seal(paper: Paper, code: Picture, width: int, borders: SafeString = NOTHING) -> SafeString:
    style, side = ("Seal", SEAL) if paper.appendices else ("SealSmall", SMALL_SEAL)
    lines = _joined([paragraph(style, run(line)) for line in paper.seal.lines])
    return frame((side, width - side), [[paragraph(style, inline(code)), lines]], borders)


def _joined(paragraphs: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((each,) for each in paragraphs))
