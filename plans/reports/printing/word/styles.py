"""The styles of a paper in Word: sizes and places of Nghị định 30/2020/NĐ-CP, Phụ lục I."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from plans.reports.printing.word.markup import twips

FONT = "Times New Roman"
FIRST_LINE = twips(12.7)
NUMBERED_DASH = mark_safe('<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
# Exactly as high as the type is small, with the line at its foot.
RULE = mark_safe('<w:pBdr><w:bottom w:val="single" w:sz="6" w:space="0" w:color="auto"/></w:pBdr>')
DEFAULTS = mark_safe(
    "<w:docDefaults><w:rPrDefault><w:rPr>"
    f'<w:rFonts w:ascii="{FONT}" w:hAnsi="{FONT}" w:eastAsia="{FONT}" w:cs="{FONT}"/>'
    '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
    "<w:pPrDefault/></w:docDefaults>"
)
# Room around the words of a cell, in twips: above and below, at the sides.
CELL_ROOM, TIGHT_ROOM = (40, 60), (20, 40)
TABLES = mark_safe(
    '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
    '<w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/>'
    '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar>'
    '</w:tblPr></w:style><w:style w:type="table" w:customStyle="1" w:styleId="Grid">'
    '<w:name w:val="Bảng số liệu"/><w:basedOn w:val="TableNormal"/><w:qFormat/><w:tblPr>'
    "<w:tblBorders>"
    + "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    + "</w:tblBorders><w:tblCellMar>"
)
TABLES_END = mark_safe("</w:tblCellMar></w:tblPr></w:style>")


@dataclass(frozen=True)
class Style:
    """A paragraph style. Sizes and distances are points; None is as in `base`."""

    id: str
    name: str
    size: float | None = None
    is_bold: bool = False
    is_italic: bool = False
    align: str = ""
    before: float | None = None
    after: float | None = None
    line: float | None = None  # times the height of the type
    exact_line: float | None = None
    first_line: int | None = None
    keeps_next: bool = False
    level: int | None = None  # in the navigation, 0 is the highest
    base: str = "Normal"
    is_own: bool = True  # not one that Word brings
    extra: SafeString = mark_safe("")


BODY = Style("BodyText", "Body Text", align="both", before=6, first_line=FIRST_LINE, is_own=False)
HEADING = Style(
    "Heading1",
    "heading 1",
    is_bold=True,
    before=6,
    first_line=FIRST_LINE,
    keeps_next=True,
    level=0,
    is_own=False,
)
CELL = Style("Cell", "Ô bảng", 12, line=1)
STYLES = (
    Style("Normal", "Normal", 14, line=1.09, is_own=False, base=""),
    BODY,
    Style("Basis", "Căn cứ", is_italic=True, base="BodyText"),
    Style("ListBullet", "List Bullet", base="BodyText", is_own=False, extra=NUMBERED_DASH),
    Style("Ending", "Đoạn kết", keeps_next=True, base="BodyText"),
    HEADING,
    replace(HEADING, id="Heading2", name="heading 2", level=1),
    replace(HEADING, id="Heading3", name="heading 3", level=2),
    # Head
    Style("Superior", "Cơ quan chủ quản", 13, align="center", line=1),
    Style("Issuer", "Cơ quan ban hành", 13, is_bold=True, align="center", line=1),
    Style("IssuerLong", "Cơ quan ban hành, tên dài", 12, base="Issuer"),
    Style("State", "Quốc hiệu", 12.5, is_bold=True, align="center", line=1),
    Style("Motto", "Tiêu ngữ", 13.5, is_bold=True, align="center", line=1),
    Style("Rule", "Đường kẻ", 1, before=1.5, exact_line=2, extra=RULE),
    Style("Number", "Số, ký hiệu", 13, align="center", before=9, line=1),
    Style("Subject", "Trích yếu công văn", 12.5, align="center", before=3, line=1),
    Style("Day", "Địa danh, thời gian", 13.5, is_italic=True, align="center", before=9, line=1),
    Style("Mark", "Dấu chỉ bản thảo", 13, is_bold=True, align="center", before=8, line=1),
    # Title
    Style("Title", "Title", is_bold=True, align="center", before=16, is_own=False),
    Style("Subtitle", "Subtitle", is_bold=True, align="center", is_own=False),
    Style("UnderTitle", "Dưới trích yếu", is_italic=True, align="center", before=4),
    Style("Addressee", "Kính gửi", before=12, after=4),
    Style("Addressees", "Kính gửi nhiều nơi", before=3),
    # Tables and drawings
    Style("Caption", "caption", 13, is_bold=True, align="center", before=10, after=2,
          keeps_next=True, is_own=False),
    Style("Unit", "Đơn vị tính", 12, is_italic=True, align="right", before=4, after=2,
          keeps_next=True),
    Style("Note", "Ghi chú dưới bảng", 11.5, is_italic=True, align="both", before=3),
    Style("Gap", "Sau bảng", 1, exact_line=3),
    Style("Space", "Khoảng trống", 1, exact_line=12),
    CELL,
    replace(CELL, id="CellHead", name="Đầu bảng", is_bold=True, align="center"),
    replace(CELL, id="CellStrong", name="Ô bảng, dòng cộng", is_bold=True),
    replace(CELL, id="CellNote", name="Ghi chú trong ô", size=11, is_italic=True),
    replace(CELL, id="CellSmall", name="Ô bảng nhỏ", size=11),
    replace(CELL, id="CellSmallHead", name="Đầu bảng nhỏ", size=11, is_bold=True, align="center"),
    replace(CELL, id="CellSmallStrong", name="Ô bảng nhỏ, dòng cộng", size=11, is_bold=True),
    replace(CELL, id="CellSmallNote", name="Ghi chú trong ô nhỏ", size=10, is_italic=True),
    Style("Figure", "Biểu đồ", align="center", before=10, line=1, keeps_next=True),
    Style("FigureTitle", "Tên biểu đồ", 12, is_italic=True, align="center", before=4),
    # Foot
    Style("Recipients", "Nơi nhận", 12, is_bold=True, is_italic=True, line=1),
    Style("Recipient", "Danh sách nơi nhận", 11, line=1),
    Style("Signer", "Quyền hạn, chức vụ người ký", is_bold=True, align="center"),
    # Room for the signature and the seal of the office.
    Style("SignerName", "Họ tên người ký", is_bold=True, align="center", before=80),
    # Appendices, seal, every page
    Style("Appendix", "Phụ lục", is_bold=True, align="center", keeps_next=True, level=0),
    Style("AppendixTitle", "Tên phụ lục", 13.5, is_bold=True, align="center", keeps_next=True),
    Style("AppendixOf", "Kèm theo văn bản", 13, is_italic=True, align="center", after=4),
    Style("Seal", "Mã xác minh", 9.5, before=2, line=1),
    Style("SealSmall", "Mã xác minh nhỏ", 8, before=0, base="Seal"),
    Style("Header", "header", 13, align="center", is_own=False),
    Style("Footer", "footer", 11, is_bold=True, align="center", is_own=False),
)  # fmt: skip
# What a paper of one page changes: the smallest sizes that the form allows.
ONE_PAGE: dict[str, dict[str, Any]] = {
    "Normal": {"size": 13, "line": 1.0},
    "BodyText": {"before": 3},
    "Heading1": {"before": 3},
    "Heading2": {"before": 3},
    "Heading3": {"before": 3},
    "Title": {"before": 4},
    "UnderTitle": {"before": 2},
    "Mark": {"before": 4},
    "Caption": {"size": 12, "before": 3, "after": 1},
    "Note": {"size": 11, "before": 1},
    "Cell": {"size": 11},
    "CellHead": {"size": 11},
    "CellStrong": {"size": 11},
    "CellNote": {"size": 10},
    "Space": {"exact_line": 6},
    "SignerName": {"before": 42},
}


def part(*, is_one_page: bool) -> SafeString:
    """word/styles.xml"""
    styles: Iterator[Style] = iter(STYLES)
    if is_one_page:
        styles = (replace(style, **ONE_PAGE.get(style.id, {})) for style in STYLES)
    return format_html(
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{}{}{}{}{}'
        "</w:styles>",
        DEFAULTS,
        format_html_join("", "{}", ((_style(style),) for style in styles)),
        TABLES,
        _room(*(TIGHT_ROOM if is_one_page else CELL_ROOM)),
        TABLES_END,
    )


def _room(over: int, beside: int) -> SafeString:
    sides = (("top", over), ("left", beside), ("bottom", over), ("right", beside))
    return format_html_join("", '<w:{} w:w="{}" w:type="dxa"/>', sides)


def _style(style: Style) -> SafeString:
    return format_html(
        '<w:style w:type="paragraph"{}{} w:styleId="{}"><w:name w:val="{}"/>{}<w:qFormat/>'
        "<w:pPr>{}</w:pPr><w:rPr>{}</w:rPr></w:style>",
        "" if style.base else mark_safe(' w:default="1"'),
        mark_safe(' w:customStyle="1"') if style.is_own else "",
        style.id,
        style.name,
        format_html('<w:basedOn w:val="{}"/>', style.base) if style.base else "",
        _paragraph_properties(style),
        _run_properties(style),
    )


def _paragraph_properties(style: Style) -> SafeString:
    return format_html(
        "{}{}{}{}{}{}",
        mark_safe("<w:keepNext/><w:keepLines/>") if style.keeps_next else "",
        style.extra,
        _spacing(style),
        _value("ind", "firstLine", style.first_line),
        _value("jc", "val", style.align or None),
        _value("outlineLvl", "val", style.level),
    )


def _spacing(style: Style) -> SafeString:
    """Points as twentieths; a line of single height is 240."""
    values: list[tuple[str, object]] = [
        (name, round(points * 20))
        for name, points in (("before", style.before), ("after", style.after))
        if points is not None
    ]
    if style.line is not None:
        values += [("line", round(style.line * 240)), ("lineRule", "auto")]
    if style.exact_line is not None:
        values += [("line", round(style.exact_line * 20)), ("lineRule", "exact")]
    return format_html("<w:spacing{}/>", format_html_join("", ' w:{}="{}"', values))


def _run_properties(style: Style) -> SafeString:
    half_points = None if style.size is None else round(style.size * 2)
    return format_html(
        "{}{}{}{}",
        mark_safe("<w:b/><w:bCs/>") if style.is_bold else "",
        mark_safe("<w:i/><w:iCs/>") if style.is_italic else "",
        _value("sz", "val", half_points),
        _value("szCs", "val", half_points),
    )


def _value(tag: str, attribute: str, value: object) -> SafeString | str:
    return "" if value is None else format_html('<w:{} w:{}="{}"/>', tag, attribute, value)
