"""What a printed paper says of itself to programs: PDF/A-3, tags, outline, files it carries."""

import io
from collections import Counter
from dataclasses import replace

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream, IndirectObject

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
        assert sorted(marks) == list(range(len(arrays[key])))
        for mark, element in enumerate(arrays[key]):
            held = element.get_object()
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


def test_cells_name_heads_that_are_there_once(root):
    document = root["/StructTreeRoot"]["/K"][0].get_object()
    heads = Counter(each["/ID"] for each in elements(document, "/TH"))
    assert heads
    assert set(heads.values()) == {1}
    named = {name for each in elements(document, "/TD") for name in each["/A"].get("/Headers", [])}
    assert named
    assert named <= set(heads)


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
