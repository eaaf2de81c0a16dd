"""What a Word file holds beside its text: types, relations, settings, numbering, properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from plans.reports.paper import Paper
from plans.reports.printing.legible import legible
from plans.reports.printing.word import styles
from plans.reports.printing.word.markup import PAGE_NUMBER, paragraph, run
from plans.reports.printing.word.pictures import Picture

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# Parts of the text by the end of their type and of the relation to it.
PARTS = ("styles", "settings", "numbering", "header", "footer")
# Mode 15 is that of Word 2013 and later; without it a file opens in "compatibility mode".
SETTINGS = mark_safe(
    f'<w:settings xmlns:w="{W}"><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
    '<w:characterSpacingControl w:val="doNotCompress"/><w:compat><w:compatSetting '
    'w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    '</w:compat><w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/>'
    '<w:listSeparator w:val=";"/></w:settings>'
)
# "- " before each line of a list, as documents write it.
NUMBERING = mark_safe(
    f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">'
    '<w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="bullet"/><w:suff w:val="space"/><w:lvlText w:val="-"/><w:lvlJc w:val="left"/>'
    f'<w:pPr><w:ind w:left="0" w:firstLine="{styles.FIRST_LINE}"/></w:pPr></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def parts(paper: Paper, pictures: Sequence[Picture]) -> Iterator[tuple[str, str]]:
    """Names and texts of all parts but the text itself and the pictures."""
    header = format_html('<w:hdr xmlns:w="{}">{}</w:hdr>', W, paragraph("Header", PAGE_NUMBER))
    marks = paragraph("Footer", run(" · ".join(paper.marks)))
    footer = format_html('<w:ftr xmlns:w="{}">{}</w:ftr>', W, marks)
    for name, content in (
        ("[Content_Types].xml", _types()),
        ("_rels/.rels", _outer_relations()),
        ("docProps/core.xml", _core(paper)),
        ("word/_rels/document.xml.rels", _relations(pictures)),
        ("word/styles.xml", styles.part(is_one_page=paper.is_one_page)),
        ("word/settings.xml", SETTINGS),
        ("word/numbering.xml", NUMBERING),
        ("word/header.xml", header),
        ("word/footer.xml", footer),
    ):
        yield name, DECLARATION + content


def _types() -> SafeString:
    return format_html(
        '<Types xmlns="{}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="{}.document.main+xml"/>{}</Types>',
        PACKAGE,
        WORD_TYPE,
        format_html_join(
            "",
            '<Override PartName="/word/{}.xml" ContentType="{}.{}+xml"/>',
            ((part, WORD_TYPE, part) for part in PARTS),
        ),
    )


def _outer_relations() -> SafeString:
    return format_html(
        '<Relationships xmlns="{package}/relationships">'
        '<Relationship Id="text" Type="{office}/relationships/officeDocument" '
        'Target="word/document.xml"/><Relationship Id="core" '
        'Type="{package}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
        "</Relationships>",
        package=PACKAGE,
        office=OFFICE,
    )


def _relations(pictures: Sequence[Picture]) -> SafeString:
    targets = [(part, part, f"{part}.xml") for part in PARTS]
    targets += [(each.name, "image", f"media/{each.name}.png") for each in pictures]
    return format_html(
        '<Relationships xmlns="{}/relationships">{}</Relationships>',
        PACKAGE,
        format_html_join(
            "",
            '<Relationship Id="{}" Type="{}/relationships/{}" Target="{}"/>',
            ((name, OFFICE, kind, target) for name, kind, target in targets),
        ),
    )


def _core(paper: Paper) -> SafeString:
    """No day: the clock of a machine says nothing about a paper, and the same paper is one file."""
    return format_html(
        '<cp:coreProperties xmlns:cp="{}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title>'
        "<dc:subject>{}</dc:subject><dc:creator>{}</dc:creator><cp:keywords>{}</cp:keywords>"
        "<dc:description>{}</dc:description><dc:language>vi-VN</dc:language></cp:coreProperties>",
        PACKAGE,
        *(
            legible(text)
            for text in (
                paper.title,
                " ".join(paper.about),
                paper.author,
                ", ".join(paper.subject_words),
                "; ".join(paper.seal.lines),
            )
        ),
    )
