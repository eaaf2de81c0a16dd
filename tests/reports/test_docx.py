"""Papers in Word: complete, in the form of Nghị định 30/2020, as the schema of Word demands."""

import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace
from functools import cache

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from lxml import etree
from PIL import Image
from pypdf import PdfReader

from plans.reports.paper import Drawing, RowKind
from plans.reports.printing import docx
from plans.reports.printing.legible import legible
from plans.reports.printing.printer import PrintingError
from plans.reports.printing.word import pictures
from tests.reports.papers import (
    HOSTILE,
    all_papers,
    empty_paper,
    hostile_paper,
    letter_paper,
    one_page_paper,
    sample_paper,
    texts_of,
)

pytestmark = pytest.mark.embedded

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PAPERS = pytest.mark.parametrize("paper", all_papers(), ids=lambda paper: paper.title[:20])
# ISO/IEC 29500-1: children in the order in which the schema lets them stand, those used here.
ORDER = {
    "pPr": "pStyle keepNext keepLines numPr pBdr spacing ind jc outlineLvl sectPr",
    "rPr": "rFonts b bCs i iCs sz szCs bdr lang",
    "tblPr": "tblStyle tblW tblInd tblBorders tblLayout tblCellMar tblLook tblCaption",
    "tcPr": "tcW gridSpan vMerge shd vAlign",
    "sectPr": "headerReference footerReference type pgSz pgMar pgNumType titlePg",
    "style": "name basedOn uiPriority semiHidden qFormat pPr rPr tblPr",
    "tblBorders": "top left bottom right insideH insideV",
    "tblCellMar": "top left bottom right",
    "lvl": "start numFmt suff lvlText lvlJc pPr",
    "settings": "zoom defaultTabStop characterSpacingControl compat themeFontLang decimalSymbol "
    "listSeparator",
    "tbl": "tblPr tblGrid tr",
    "tc": "tcPr p",
    "p": "pPr r fldSimple",
}


@cache
def rendered(paper):
    return docx.render(paper)


def test_progress_is_told_piece_by_piece_to_the_end():
    told = []
    docx.render(sample_paper(40), on_progress=told.append)
    assert told == sorted(told)
    assert (len(told) > 40, told[-1]) == (True, 1)


def opened(paper):
    return Document(io.BytesIO(rendered(paper)))


def part(paper, name):
    return etree.fromstring(zipfile.ZipFile(io.BytesIO(rendered(paper))).read(name))


def squeezed(text):
    """Without what lines and tabs are made of: those are elements in Word."""
    return "".join(legible(text).split())


def text_of(paper):
    """Every text that is shown, then what is read out or stands among the properties."""
    names = ("word/document.xml", "word/footer.xml", "docProps/core.xml")
    trees = [part(paper, name) for name in names]
    shown = ["".join(tree.itertext()) for tree in trees]
    return squeezed("".join([*shown, *trees[0].xpath("//@descr")]))


def said(element):
    """What is written in an element: some of those of the library give their text twice."""
    return "".join(text.text for text in element.iter(f"{W}t"))


def length_of_rule(rule, width):
    indent = rule.find(f"{W}pPr/{W}ind")
    return width - int(indent.get(f"{W}left")) - int(indent.get(f"{W}right"))


def grids(document):
    return [table for table in document.tables if table.style.style_id == "Grid"]


@PAPERS
def test_every_text_of_a_paper_is_in_the_file(paper):
    found = text_of(paper)
    for text in texts_of(paper):
        # Lists get signs of their own at the end of their lines.
        assert squeezed(text).rstrip(".;") in found, text


@PAPERS
def test_elements_stand_in_the_order_that_word_demands(paper):
    for name in ("document", "styles", "settings", "numbering", "header", "footer"):
        for element in part(paper, f"word/{name}.xml").iter():
            order = ORDER.get(etree.QName(element).localname, "").split()
            if order:
                names = [etree.QName(child).localname for child in element]
                # In a cell paragraphs and tables come in any order.
                places = [order.index("p" if name == "tbl" else name) for name in names]
                assert places == sorted(places), etree.tostring(element)[:300]


@PAPERS
def test_every_cell_ends_with_a_paragraph_and_no_two_tables_touch(paper):
    body = part(paper, "word/document.xml").find(f"{W}body")
    for cell in body.iter(f"{W}tc"):
        assert cell[-1].tag == f"{W}p"
    tags = [etree.QName(child).localname for child in body]
    assert ("tbl", "tbl") not in set(zip(tags, tags[1:], strict=False))
    assert tags[-2:] == ["p", "sectPr"]


@PAPERS
def test_everything_that_is_named_exists(paper):
    archive = zipfile.ZipFile(io.BytesIO(rendered(paper)))
    styles = set(part(paper, "word/styles.xml").xpath("//@w:styleId", namespaces={"w": W[1:-1]}))
    document = part(paper, "word/document.xml")
    used = {each.get(f"{W}val") for each in document.iter(f"{W}pStyle", f"{W}tblStyle")}
    assert used <= styles
    relations = part(paper, "word/_rels/document.xml.rels")
    targets = {each.get("Id"): f"word/{each.get('Target')}" for each in relations}
    assert set(targets.values()) <= set(archive.namelist())
    assert {value for element in document.iter() for name, value in element.attrib.items() if
            name in {qn("r:embed"), qn("r:id")}} <= set(targets)  # fmt: skip
    assert not any(each.get("TargetMode") for each in relations)


def test_pages_have_the_margins_of_the_decree_and_appendices_lie_across():
    first, *rest = opened(sample_paper()).sections
    assert (first.page_width.mm, first.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    margins = first.top_margin, first.bottom_margin, first.left_margin, first.right_margin
    assert [margin.mm for margin in margins] == pytest.approx([20, 20, 30, 15], abs=0.1)
    assert [section.orientation for section in rest] == [WD_ORIENT.LANDSCAPE] * 2
    for section in rest:
        assert (section.page_width.mm, section.page_height.mm) == pytest.approx((297, 210), abs=0.1)


def test_page_numbers_stand_above_from_page_two_and_begin_anew_in_each_appendix():
    paper = sample_paper()
    sections = opened(paper).sections
    assert [section.different_first_page_header_footer for section in sections] == [True, 0, 0]
    starts = part(paper, "word/document.xml").iter(f"{W}pgNumType")
    assert [each.get(f"{W}start") for each in starts] == ["1", "1", "1"]
    header = sections[0].header.paragraphs[0]
    assert header._p.find(f"{W}fldSimple").get(f"{W}instr").strip() == "PAGE"
    assert (header.style.font.size.pt, header.style.paragraph_format.alignment) == (13, 1)
    assert all(section.header.is_linked_to_previous for section in list(sections)[1:])


def test_sizes_and_faces_are_those_of_the_decree():
    styles = opened(sample_paper()).styles
    expected = {
        "Quốc hiệu": (12.5, True, None),
        "Tiêu ngữ": (13.5, True, None),
        "Cơ quan chủ quản": (13, None, None),
        "Cơ quan ban hành": (13, True, None),
        "Số, ký hiệu": (13, None, None),
        "Địa danh, thời gian": (13.5, None, True),
        "Normal": (14, None, None),
        "Nơi nhận": (12, True, True),
        "Danh sách nơi nhận": (11, None, None),
        "Ô bảng nhỏ": (11, None, None),
    }
    for name, (size, is_bold, is_italic) in expected.items():
        font = styles[name].font
        assert (font.size.pt, font.bold, font.italic) == (size, is_bold, is_italic), name
    body = styles["Body Text"].paragraph_format
    assert (body.first_line_indent.cm, body.space_before.pt) == (pytest.approx(1.27, abs=0.01), 6)
    defaults = part(sample_paper(), "word/styles.xml").find(f".//{W}rFonts")
    assert set(defaults.attrib.values()) == {"Times New Roman"}


def test_the_line_below_the_motto_is_as_long_as_it_and_that_below_the_office_shorter():
    head = opened(sample_paper()).tables[0]._tbl
    office, motto = (
        next(p for p in cell.iter(f"{W}p") if p.find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "Rule")
        for cell in list(head.iter(f"{W}tc"))[:2]
    )
    left, right = docx.HEAD
    words = pictures.printed_width("Độc lập - Tự do - Hạnh phúc", 13.5)
    assert length_of_rule(motto, right) == pytest.approx(docx.twips(words), abs=2)
    office_width = docx.twips(pictures.printed_width("SỞ NỘI VỤ", 13))
    assert 1 / 3 <= length_of_rule(office, left) / office_width <= 1 / 2


def test_headings_lead_through_the_file():
    document = opened(sample_paper())
    told = [(p.style.name, p.text) for p in document.paragraphs if "eading" in p.style.name]
    assert ("Heading 1", "I. KẾT QUẢ THỰC HIỆN") in told
    assert ("Heading 2", "1. Kết quả chung") in told
    assert ("Heading 3", "a) Nhiệm vụ định kỳ") in told
    levels = {s.name: s.element.find(f"{W}pPr/{W}outlineLvl") for s in document.styles}
    assert [levels[name].get(f"{W}val") for name in ("Heading 1", "Heading 2", "Phụ lục")] == [
        "0",
        "1",
        "0",
    ]


@PAPERS
def test_tables_say_cell_by_cell_what_the_paper_says(paper):
    printed = grids(opened(paper))
    assert len(printed) == len(paper.tables())
    for shown, table in zip(printed, paper.tables(), strict=True):
        heads = [row for row in shown._tbl.tr_lst if row.trPr.find(f"{W}tblHeader") is not None]
        assert len(heads) == 1 + any(column.group for column in table.columns)
        rows = shown._tbl.tr_lst[len(heads) :]
        told = [[squeezed(said(cell)) for cell in row.tc_lst] for row in rows]
        meant = [[squeezed(cell.text + cell.note) for cell in row.cells] for row in table.rows]
        assert told == (meant or [[""]])


@PAPERS
def test_cells_fill_the_width_of_the_text_row_by_row(paper):
    for table in opened(paper).tables:
        widths = [int(column.get(f"{W}w")) for column in table._tbl.tblGrid]
        assert sum(widths) in {docx.UPRIGHT, docx.LANDSCAPE}
        for row in table._tbl.tr_lst:
            assert sum(int(cell.tcPr.find(f"{W}tcW").get(f"{W}w")) for cell in row.tc_lst) == sum(
                widths
            )
            assert sum(cell.grid_span for cell in row.tc_lst) == len(widths)


def test_heads_in_groups_reach_over_their_columns_and_the_others_over_both_rows():
    table = grids(opened(sample_paper()))[0]
    top, below = table._tbl.tr_lst[:2]
    titles = ["STT", "Cơ quan", "Được giao", "Đã hoàn thành", "Chưa hoàn thành", "Tỷ lệ"]
    assert [said(cell) for cell in top.tc_lst] == titles
    assert [cell.grid_span for cell in top.tc_lst] == [1, 1, 1, 2, 2, 1]
    assert [cell.vMerge for cell in top.tc_lst] == ["restart"] * 3 + [None] * 2 + ["restart"]
    assert [cell.vMerge for cell in below.tc_lst] == ["continue"] * 3 + [None] * 4 + ["continue"]


def test_rows_stay_whole_unless_one_cell_would_fill_a_page():
    def whole(row):
        return row.trPr.find(f"{W}cantSplit") is not None

    assert all(whole(row) for table in grids(opened(sample_paper())) for row in table._tbl.tr_lst)
    rows = grids(opened(hostile_paper()))[0]._tbl.tr_lst[2:]
    assert [whole(row) for row in rows[len(HOSTILE) :]] == [False, True]


def test_the_end_of_the_last_appendix_stays_with_the_seal():
    body = opened(sample_paper()).element.body
    *_before, table, gap, space, _seal, _end, _section = body
    assert table.tr_lst[-1].find(f".//{W}keepNext") is not None
    for kept in (gap, space):
        assert kept.find(f".//{W}keepNext") is not None


def test_a_group_a_shared_task_and_the_last_row_but_one_stay_with_the_row_that_follows():
    table = sample_paper().appendices[0].blocks[0]
    rows = grids(opened(sample_paper()))[2]._tbl.tr_lst[2:]
    for shown, row in zip(rows, table.rows, strict=True):
        held = shown.find(f".//{W}keepNext") is not None
        is_last_but_one = row is table.rows[-2]
        assert held == (row.kind in {RowKind.GROUP, RowKind.SHARED} or is_last_but_one)


def test_a_mark_stands_in_a_frame_on_the_first_page_and_at_the_foot_of_the_others():
    paper = replace(sample_paper(0), marks=("DỰ THẢO", "MINH HỌA: SỐ LIỆU KHÔNG CÓ THẬT"))
    document = part(paper, "word/document.xml")
    framed = [run for run in document.iter(f"{W}r") if run.find(f"{W}rPr/{W}bdr") is not None]
    assert [squeezed(said(run)) for run in framed] == [squeezed(mark) for mark in paper.marks]
    footer = opened(paper).sections[0].footer.paragraphs[0].text
    assert footer == "DỰ THẢO · MINH HỌA: SỐ LIỆU KHÔNG CÓ THẬT"
    assert opened(letter_paper()).sections[0].footer.is_linked_to_previous


def test_a_letter_has_its_subject_under_the_number_and_no_kind():
    document = opened(letter_paper())
    left = [p.text for p in document.tables[0].rows[1].cells[0].paragraphs]
    assert left[0] == "Số: 07/SNV-CCHC"
    assert left[1].startswith("V/v đôn đốc")
    assert "Title" not in {p.style.name for p in document.paragraphs}
    addressees = [p.text for p in document.paragraphs if p.style.name.startswith("Kính gửi")]
    assert addressees == ["Kính gửi:", "- Sở Tài chính;", "- Sở Nông nghiệp và Môi trường;",
                          "- Sở Khoa học và Công nghệ."]  # fmt: skip


def test_a_table_without_a_caption_does_not_touch_the_text_above():
    paper = letter_paper()
    [table] = paper.tables()
    paper = replace(paper, body=(paper.body[0], replace(table, caption="")))
    grid = grids(opened(paper))[0]._tbl
    assert grid.getprevious().find(f"{W}pPr/{W}pStyle").get(f"{W}val") == "Gap"


def test_recipients_stand_left_of_the_signature():
    foot = opened(letter_paper()).tables[-1]
    left, right = foot.rows[0].cells
    assert [p.text for p in left.paragraphs if p.text] == [
        "Nơi nhận:",
        "- Như trên;",
        "- Các cơ quan được giao nhiệm vụ;",
        "- Lưu: VT, CCHC.",
    ]
    signer = ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Nguyễn Thị Hạnh"]
    assert [p.text for p in right.paragraphs] == signer


def test_the_seal_ends_the_file_with_its_code_and_a_picture_of_its_address():
    """After the last appendix; without any it stands under the recipients."""
    sample, letter = sample_paper(), letter_paper()
    foot = opened(letter).tables[-1].rows[0].cells[0]
    for paper, seal in ((sample, opened(sample).tables[-1]), (letter, foot.tables[0])):
        picture, words = seal.rows[0].cells
        assert [p.text for p in words.paragraphs] == paper.seal.lines
        assert (
            picture._tc.find(f".//{qn('wp:docPr')}").get("descr") == "Mã QR dẫn đến trang kiểm tra"
        )


def test_a_paper_of_one_page_is_set_in_the_smallest_sizes_the_decree_allows():
    styles = opened(one_page_paper()).styles
    assert styles["Normal"].font.size.pt == 13
    assert styles["Ô bảng"].font.size.pt == 11


def test_the_file_names_itself_and_its_language_and_no_day():
    paper = sample_paper()
    core = opened(paper).core_properties
    assert (core.title, core.author, core.language) == (paper.title, paper.author, "vi-VN")
    assert paper.seal.fingerprint in core.comments
    assert (core.created, core.modified, core.last_modified_by) == (None, None, "")
    language = part(paper, "word/styles.xml").find(f".//{W}rPrDefault//{W}lang")
    assert language.get(f"{W}val") == "vi-VN"


def test_text_that_people_typed_is_text_and_nothing_else():
    paper = hostile_paper()
    document = part(paper, "word/document.xml")
    assert not list(document.iter(f"{W}instrText", f"{W}fldSimple", f"{W}hyperlink", f"{W}object"))
    names = zipfile.ZipFile(io.BytesIO(rendered(paper))).namelist()
    assert not [name for name in names if "embed" in name or name.endswith((".bin", ".vml"))]
    shown = [p.text for p in opened(paper).paragraphs if p.style.name == "Body Text"]
    assert shown == [legible(text) for text in HOSTILE]


def test_a_name_that_turns_the_text_around_loses_the_sign_that_does_it():
    paper = replace(letter_paper(), about=("a\u202eb\u2066c\u200fd\ufeff",))
    assert opened(paper).tables[0].rows[1].cells[0].paragraphs[1].text == "abcd"


def test_a_drawing_is_a_picture_with_its_title_read_out():
    paper = sample_paper()
    drawing = next(block for block in paper.body if isinstance(block, Drawing))
    titles = part(paper, "word/document.xml").xpath("//@descr")
    assert drawing.title in titles
    png = zipfile.ZipFile(io.BytesIO(rendered(paper))).read("word/media/picture2.png")
    width, height = Image.open(io.BytesIO(png)).size
    assert width > 1_200
    assert width / height == pytest.approx(620 / 354, rel=0.01)


def test_a_drawing_opens_no_address(tmp_path):
    Image.new("RGB", (50, 50), "red").save(tmp_path / "secret.png")
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        'viewBox="0 0 100 50"><rect width="10" height="10" fill="#00f"/><image '
        f'xlink:href="file://{tmp_path}/secret.png" x="20" width="50" height="50"/></svg>'
    )
    [png] = pictures.rasters([svg])
    colours = {c for _n, c in Image.open(io.BytesIO(png)).convert("RGB").getcolors(1 << 24)}
    assert any(blue > 200 > red for red, _green, blue in colours)
    assert not any(red > 200 > blue for red, _green, blue in colours)


def test_a_table_without_rows_has_a_blank_one_under_its_head():
    [table] = grids(opened(empty_paper()))
    assert [squeezed(said(cell)) for cell in table._tbl.tr_lst[-1].tc_lst] == [""]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed here")
@pytest.mark.parametrize(
    "paper",
    [sample_paper(), replace(hostile_paper(), body=())],
    ids=("ordinary", "hostile"),
)
def test_libreoffice_lays_out_every_word(paper, tmp_path):
    (tmp_path / "paper.docx").write_bytes(rendered(paper))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "paper.docx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    pages = PdfReader(tmp_path / "paper.pdf").pages
    shown = "".join("".join(page.extract_text().split()) for page in pages)
    for table in paper.tables():
        for row in table.rows:
            for cell in row.cells:
                for word in re.findall(r"\b[a-zA-Z0-9]{3,12}\b", legible(cell.text))[:3]:
                    assert word in shown


def test_drawings_that_take_too_long_are_told_in_words(monkeypatch):
    monkeypatch.setattr(pictures, "SECONDS", 0.001)
    with pytest.raises(PrintingError, match="biểu đồ"):
        docx.render(sample_paper(0))
