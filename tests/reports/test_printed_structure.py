"""What a printed paper says of itself to programs: PDF/A-3, tags, outline, files it carries."""

import io
import re
from collections import Counter
from dataclasses import replace

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream, IndirectObject, NullObject

from plans.reports.paper import Attachment
from plans.reports.printing import pdf, printer
from tests.reports import papers

pytestmark = pytest.mark.embedded

FILES = (
    Attachment("Bảng 149.xlsx", b"PK sheet", "application/vnd.ms-excel", "Bảng tính"),
    Attachment("so-lieu.json", b'{"a":1}', "application/json", "Số liệu đã chốt"),
)


@pytest.fixture(scope="module")
def content():
    """A paper in six parts and more, so that whatever parts could spoil is there."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pdf, "PART", 8_000)
        patched.setattr(pdf, "PAGE", 12_000)
        made = pdf.render(papers.sample_paper(60), attachments=FILES)
    printer.end_spare()
    return made.content


@pytest.fixture(scope="module")
def reader(content):
    return PdfReader(io.BytesIO(content), strict=True)


@pytest.fixture(scope="module")
def root(reader):
    return reader.trailer["/Root"]


def elements(node, kind=None):
    """Every element of the tags below this one."""
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        each = kid.get_object()
        if isinstance(each, dict) and "/S" in each:
            if kind in {None, each["/S"]}:
                yield each
            yield from elements(each, kind)


def test_the_file_declares_itself_pdf_a_3a_with_the_same_words_in_both_places(reader, root):
    xmp = root["/Metadata"].get_data().decode()
    assert 'pdfaid:part="3" pdfaid:conformance="A"' in xmp
    assert reader.metadata.title == papers.sample_paper(0).title
    for value in reader.metadata.values():
        assert value in xmp
    assert "Date" not in xmp


def test_the_file_says_its_language_its_tags_and_its_colours(root):
    assert root["/Lang"] == "vi"
    assert root["/MarkInfo"]["/Marked"].value is True
    assert root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    (intent,) = root["/OutputIntents"]
    assert intent.get_object()["/S"] == "/GTS_PDFA1"
    assert intent.get_object()["/DestOutputProfile"].get_data()[36:40] == b"acsp"


def test_the_identifier_is_made_of_the_fingerprint(reader):
    first, second = (part.original_bytes for part in reader.trailer["/ID"])
    assert first.hex() == papers.SEAL.fingerprint[:32]
    assert len(second) == 16


def test_every_font_is_embedded_and_only_those_of_the_paper(reader):
    fonts = [
        font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        assert font["/BaseFont"].split("+")[-1].startswith("Tinos")
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert descriptor["/FontFile2"].get_data()[:4] == b"\0\1\0\0"
        assert "/ToUnicode" in font


def test_every_marked_piece_of_every_page_belongs_to_one_element(reader, root):
    """The n-th entry of a page's array is the element that holds its n-th marked piece."""
    arrays = keys_of(root["/StructTreeRoot"]["/ParentTree"])
    seen = set()
    for page in reader.pages:
        key = page["/StructParents"]
        assert key not in seen
        seen.add(key)
        marks = [
            operands[1]["/MCID"]
            for operands, operator in ContentStream(page.get_contents(), reader).operations
            if operator == b"BDC" and "/MCID" in operands[1]
        ]
        # What is repeated on each page belongs to nothing and has no entry.
        entries = {
            mark: element.get_object()
            for mark, element in enumerate(arrays[key])
            if not isinstance(element.get_object(), NullObject)
        }
        assert sorted(marks) == sorted(entries)
        for mark, held in entries.items():
            assert mark in held["/K"]
            assert held["/Pg"].get_object() == page.get_object()


def test_links_belong_to_an_element_too(reader, root):
    arrays = keys_of(root["/StructTreeRoot"]["/ParentTree"])
    links = [
        annotation.get_object() for page in reader.pages for annotation in page.get("/Annots", [])
    ]
    assert links
    for link in links:
        element = arrays[link["/StructParent"]].get_object()
        assert element["/S"] == "/Link"
        # Printed, as PDF/A asks.
        assert link["/F"] == 4


def keys_of(tree):
    """The number tree as a dictionary; its limits and its order are checked on the way."""
    found = {}
    for kid in tree["/Kids"]:
        numbers = kid.get_object()["/Nums"]
        low, high = kid.get_object()["/Limits"]
        own = dict(zip(numbers[::2], numbers[1::2], strict=True))
        assert (min(own), max(own)) == (low, high)
        assert not found or low > max(found)
        for key, value in own.items():
            found[key] = (
                value
                if isinstance(value, IndirectObject) and is_element(value)
                else list(value.get_object())
            )
    assert tree.get("/Nums") is None
    return found


def is_element(value):
    return isinstance(value.get_object(), dict)


def test_every_element_names_the_one_that_holds_it(root):
    document = root["/StructTreeRoot"]["/K"][0].get_object()
    assert document["/S"] == "/Document"
    count = 0
    for parent in [document, *elements(document)]:
        kids = parent.get("/K", [])
        for kid in kids:
            each = kid.get_object()
            if isinstance(each, dict) and "/S" in each:
                assert each["/P"].get_object() == parent
                count += 1
    assert count > 1_000


def words_of(element, reader):
    """What is read out of an element, page by page and mark by mark."""
    texts = []
    for each in [element, *elements(element)]:
        marks = [kid for kid in each.get("/K", []) if isinstance(kid, int)]
        texts += [marked(each["/Pg"].get_object(), reader)[mark] for mark in marks]
    return letters("".join(texts))


_marked = {}


def marked(page, reader):
    """The text of each marked piece of a page; of artifacts as a list under None."""
    key = page["/StructParents"]
    if key not in _marked:
        _marked[key] = read_marks(page, reader)
    return _marked[key]


def read_marks(page, reader):
    fonts = {name: decoder(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    found, stack, font = {None: []}, [], None
    for operands, operator in ContentStream(page["/Contents"].get_object(), reader).operations:
        if operator in {b"BDC", b"BMC"}:
            properties = operands[1] if operator == b"BDC" else {}
            stack.append(properties.get("/MCID"))
            if stack[-1] is None:
                found[None].append("")
        elif operator == b"EMC":
            stack.pop()
        elif operator == b"Tf":
            font = fonts[operands[0]]
        elif operator in {b"Tj", b"TJ"}:
            assert stack, "text that is neither marked nor an artifact"
            pieces = operands[0] if operator == b"TJ" else operands
            text = "".join(font(piece) for piece in pieces if isinstance(piece, str | bytes))
            if stack[-1] is None:
                found[None][-1] += text
            else:
                found[stack[-1]] = found.get(stack[-1], "") + text
    return found


def decoder(font):
    """From the codes of a font to text."""
    cmap = font["/ToUnicode"].get_data().decode()
    pairs = re.findall(r"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>", cmap.split("beginbfchar", 1)[1])
    texts = {int(code, 16): bytes.fromhex(text).decode("utf-16-be") for code, text in pairs}

    def decode(piece):
        codes = getattr(piece, "original_bytes", piece)
        return "".join(texts[int.from_bytes(codes[at : at + 2])] for at in range(0, len(codes), 2))

    return decode


def letters(text):
    return re.sub(r"\s+", "", text)


def document_of(root):
    return root["/StructTreeRoot"]["/K"][0].get_object()


def test_a_table_is_one_with_its_heads_once_however_many_pages_and_parts_it_fills(reader, root):
    paper = papers.sample_paper(60)
    wanted = [table for table in paper.tables() if table.rows]
    tables = list(elements(document_of(root), "/Table"))
    assert len(tables) == len(wanted)
    for table, source in zip(tables, wanted, strict=True):
        kinds = [kid.get_object()["/S"] for kid in table["/K"]]
        assert kinds[0] == "/THead"
        assert set(kinds[1:]) == {"/TBody"}
        rows = [row for body in table["/K"][1:] for row in elements(body.get_object(), "/TR")]
        read = [words_of(row, reader) for row in rows]
        assert read == [
            letters("".join(cell.text + cell.note for cell in row.cells)) for row in source.rows
        ]
    # The longest is over many pages and parts.
    assert max(len(table["/K"]) for table in tables) > 8


def test_heads_say_what_they_stand_above(root):
    heads = list(elements(document_of(root), "/TH"))
    assert heads
    assert {head["/A"]["/Scope"] for head in heads} == {"/Column"}
    parents = {head["/P"].get_object()["/P"].get_object()["/S"] for head in heads}
    assert parents == {"/THead"}


def test_the_document_holds_headings_paragraphs_and_tables_and_no_pages(root):
    kinds = Counter(kid.get_object()["/S"] for kid in document_of(root)["/K"])
    assert {"/H1", "/H2", "/P", "/Table"} <= set(kinds)
    assert "/Part" not in kinds


def test_a_paragraph_over_two_pages_is_one(monkeypatch):
    text = " ".join(f"chữ{number}" for number in range(1_500))
    paper = replace(papers.empty_paper(), body=(papers.Paragraph(text),))
    reader = PdfReader(io.BytesIO(pdf.render(paper).content))
    assert len(reader.pages) > 1
    _marked.clear()
    found = [
        words_of(each, reader) for each in elements(document_of(reader.trailer["/Root"]), "/P")
    ]
    _marked.clear()
    assert letters(text) in found


def test_page_numbers_marks_and_repeated_heads_are_artifacts(reader):
    pages = [marked(page.get_object(), reader) for page in reader.pages]
    for number, texts in enumerate(pages):
        artifacts = "".join(texts[None])
        assert "DỰ THẢO" in artifacts
        assert (number > 0) == bool(re.search(r"\d", artifacts))
        read = "".join(text for mark, text in texts.items() if mark is not None)
        assert "DỰ THẢO" not in read or number == 0
    repeated = ["Hạnhiệnhành" in letters("".join(texts[None])) for texts in pages]
    assert sum(repeated) > 5


def test_pictures_say_where_they_are(reader, root):
    for figure in elements(document_of(root), "/Figure"):
        left, bottom, right, top = figure["/A"]["/BBox"]
        width, height = figure["/Pg"]["/MediaBox"][2:]
        assert 0 < left < right < width
        assert 0 < bottom < top < height


def test_pictures_have_words_instead(root):
    document = root["/StructTreeRoot"]["/K"][0].get_object()
    words = [each["/Alt"] for each in elements(document, "/Figure") if "/Alt" in each]
    assert words == ["Biểu đồ kết quả theo nội dung", "Mã QR dẫn đến trang kiểm tra"]


def test_headings_are_the_outline_at_their_levels(reader):
    assert names_of(reader.outline) == [
        "BÁO CÁO",
        [
            "I. KẾT QUẢ THỰC HIỆN",
            ["1. Kết quả chung", ["a) Nhiệm vụ định kỳ"]],
            "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
            "III. KIẾN NGHỊ",
        ],
        "Phụ lục I. TIẾN ĐỘ TỪNG NHIỆM VỤ",
        "Phụ lục II. KẾT QUẢ THEO CƠ QUAN",
    ]
    appendix = reader.outline[2]
    number = reader.get_destination_page_number(appendix)
    assert "Phụ lục I" in reader.pages[number].extract_text()


def names_of(outline):
    return [names_of(each) if isinstance(each, list) else each.title for each in outline]


def test_the_workbook_and_the_content_travel_inside(reader, root):
    assert {name: list(files) for name, files in reader.attachments.items()} == {
        each.name: [each.content] for each in FILES
    }
    related = {each.get_object()["/UF"]: each.get_object() for each in root["/AF"]}
    assert related["Bảng 149.xlsx"]["/AFRelationship"] == "/Data"
    assert related["so-lieu.json"]["/AFRelationship"] == "/Source"
    stream = related["so-lieu.json"]["/EF"]["/F"]
    assert stream["/Subtype"] == "/application/json"
    assert stream["/Params"]["/Size"] == len(FILES[1].content)


def test_every_object_is_where_the_index_says(content, reader):
    size = reader.trailer["/Size"]
    for number in range(1, size):
        assert reader.get_object(number) is not None, number
    assert content.endswith(b"%%EOF\n")
    assert content.startswith(b"%PDF-1.7\n%")


def test_a_text_that_looks_like_a_reference_stays_a_text():
    body = (papers.Heading("Mục 5 0 R (và 6 0 R\\"),)
    paper = replace(papers.empty_paper(), title="Số 1 0 R (2 0 R)", body=body, author="3 0 R")
    reader = PdfReader(io.BytesIO(pdf.render(paper).content))
    assert reader.metadata.author == "3 0 R"
    assert "1 0 R (2 0 R)" in reader.metadata.title
    assert reader.outline[1][0].title == "Mục 5 0 R (và 6 0 R\\"
