"""Spreadsheets for tests, good and hostile, each built when it is needed."""

import io
import zipfile

import openpyxl

MEGABYTE = 1024 * 1024
CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-'
    'package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
WORKBOOK = (
    f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}"><sheets>'
    '<sheet name="Trang 1" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATION}/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>'
)
ROOT_RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{RELATION}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)
ODS_MIME = "application/vnd.oasis.opendocument.spreadsheet"
ODS_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def xlsx(*rows, change=None, name="Nhiệm vụ", book=None):
    """A workbook of one sheet; `change` is given the sheet before it is saved."""
    book = book or openpyxl.Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(row)
    if change is not None:
        change(sheet)
    return saved(book)


def saved(book):
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def raw_xlsx(sheet_xml, *, prolog="", relations=RELATIONS, workbook=WORKBOOK, more=()):
    """A workbook around the XML of its one sheet, as no library would write it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", ROOT_RELATIONS)
        archive.writestr("xl/workbook.xml", workbook)
        archive.writestr("xl/_rels/workbook.xml.rels", relations)
        archive.writestr("xl/worksheets/sheet1.xml", f"{prolog}{sheet_xml}")
        for part, text in more:
            archive.writestr(part, text)
    return content.getvalue()


def sheet_xml(cells, *, before=""):
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{cells}</sheetData></worksheet>'


def inline(reference, text):
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def far_cell():
    """A few KB that say they hold 17 milliards of cells."""
    far = '<row r="1048576">' + inline("XFD1048576", "y") + "</row>"
    near = '<row r="1">' + inline("A1", "x") + "</row>"
    return raw_xlsx(sheet_xml(near + far, before='<dimension ref="A1:XFD1048576"/>'))


def long_string(megabytes=200):
    """A small file with one string of so many megabytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", ROOT_RELATIONS)
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            start, end = sheet_xml('<row r="1">' + inline("A1", "\x00") + "</row>").split("\x00")
            part.write(start.encode())
            for _number in range(megabytes):
                part.write(b"a" * MEGABYTE)
            part.write(end.encode())
    return content.getvalue()


def ods(*rows, styles=""):
    """A table whose rows are XML of cells, `cell` and `row` help."""
    body = (
        f"<office:document-content {ODS_SPACES}><office:automatic-styles>{styles}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
        f'<table:table table:name="Nhiệm vụ">{"".join(rows)}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS_MIME)
        archive.writestr("content.xml", body)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:'
            f'1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="{ODS_MIME}"/>'
            "</manifest:manifest>",
        )
    return content.getvalue()


def ods_row(*cells, repeat=1, more=""):
    inner = "".join(cells)
    return (
        f'<table:table-row table:number-rows-repeated="{repeat}" {more}>{inner}</table:table-row>'
    )


def ods_cell(text="", *, repeat=1, more=""):
    repeated = f'table:number-columns-repeated="{repeat}" {more}'
    if not text:
        return f"<table:table-cell {repeated}/>"
    return (
        f'<table:table-cell {repeated} office:value-type="string"><text:p>{text}</text:p>'
        "</table:table-cell>"
    )
