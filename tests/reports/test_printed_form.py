"""Where everything stands on a printed page: Nghị định 30/2020/NĐ-CP, Phụ lục I."""

import io
from collections import Counter
from dataclasses import replace
from functools import cache

import pdfplumber
import pytest

from plans.reports.kinds.frame import closing
from plans.reports.paper import Appendix, Paragraph
from plans.reports.printing import pdf, printer
from tests.reports import papers

pytestmark = pytest.mark.embedded

MM = 72 / 25.4
# What rounding may do, in points.
NEAR = 1.5


@pytest.fixture(scope="module", autouse=True)
def _processes():
    yield
    printer.end_spare()


@cache
def pages(maker):
    content = pdf.render(getattr(papers, maker)()).content
    return pdfplumber.open(io.BytesIO(content)).pages


@pytest.fixture
def first():
    return pages("sample_paper")[0]


def find(page, text):
    """The first place of the text: its box, its sizes, its fonts."""
    places = page.search(text.replace("(", r"\(").replace(")", r"\)"))
    assert places, text
    return places[0]


def size_of(place):
    return Counter(round(char["size"], 1) for char in place["chars"]).most_common(1)[0][0]


def font_of(place):
    (font,) = {char["fontname"].split("+")[-1] for char in place["chars"] if char["text"] != " "}
    return font.removeprefix("Tinos").replace("-", "")


def middle(place):
    return (place["x0"] + place["x1"]) / 2


def line_under(page, place, within=8):
    """The horizontal line below the text: what is drawn flat and near."""
    flat = [
        each
        for each in [*page.rects, *page.lines]
        if each["height"] < 1.5
        and 0 <= each["top"] - place["bottom"] < within
        and each["x0"] < middle(place) < each["x1"]
    ]
    assert flat
    return min(flat, key=lambda each: each["top"])


@pytest.mark.parametrize("maker", ["sample_paper", "letter_paper", "one_page_paper"])
def test_pages_upright_and_across_have_the_margins_of_the_decree(maker):
    for page in pages(maker):
        width, height = round(page.width / MM), round(page.height / MM)
        assert (width, height) in {(210, 297), (297, 210)}
        end = (height - 20) * MM
        body = [char for char in page.chars if 20 * MM - NEAR < char["top"] < end]
        rest = [char for char in page.chars if char not in body]
        left = min(char["x0"] for char in body) / MM
        right = (page.width - max(char["x1"] for char in body)) / MM
        top = min(char["top"] for char in body) / MM
        assert 30 - 0.5 <= left <= 35
        assert right >= 15 - 0.5
        assert top >= 20 - 0.5
        # In the margins stand only the number and the mark.
        assert {char["text"] for char in rest} <= set("0123456789DỰ THẢO")


@pytest.mark.parametrize(
    ("text", "low", "high", "font"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, 13, "Bold"),
        ("Độc lập - Tự do - Hạnh phúc", 13, 14, "Bold"),
        ("UBND TỈNH LÀO CAI", 12, 13, ""),
        ("SỞ NỘI VỤ", 12, 13, "Bold"),
        ("Số:", 13, 13, ""),
        ("Lào Cai, ngày", 13, 14, "Italic"),
        ("BÁO CÁO", 13, 14, "Bold"),
        ("Tiến độ thực hiện Kế hoạch", 13, 14, "Bold"),
        ("Kính gửi:", 13, 14, ""),
        ("Căn cứ Nghị định", 13, 14, "Italic"),
        ("I. KẾT QUẢ THỰC HIỆN", 13, 14, "Bold"),
        ("1. Kết quả chung", 13, 14, "Bold"),
        ("Đến hết ngày 14/9/2026", 13, 14, ""),
    ],
)
def test_elements_of_the_first_page_have_the_size_and_style_of_the_decree(
    first, text, low, high, font
):
    place = find(first, text)
    assert low <= size_of(place) <= high
    assert font_of(place) == font


@pytest.mark.parametrize(
    ("text", "low", "high", "font"),
    [
        ("Nơi nhận:", 12, 12, "BoldItalic"),
        ("- Các cơ quan được giao nhiệm vụ;", 11, 11, ""),
        ("KT. GIÁM ĐỐC", 13, 14, "Bold"),
        ("Nguyễn Thị Hạnh", 13, 14, "Bold"),
        ("V/v đôn đốc", 12, 13, ""),
    ],
)
def test_elements_of_the_foot_and_of_a_letter_have_the_size_and_style_of_the_decree(
    text, low, high, font
):
    places = [page.search(text) for page in pages("letter_paper")]
    place = next(found[0] for found in places if found)
    assert low <= size_of(place) <= high
    assert font_of(place) == font


def test_the_name_of_the_state_stands_right_and_what_belongs_to_it_in_its_middle(first):
    state = find(first, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = find(first, "Độc lập - Tự do - Hạnh phúc")
    day = find(first, "Lào Cai, ngày")
    superior, issuer = find(first, "UBND TỈNH LÀO CAI"), find(first, "SỞ NỘI VỤ")
    assert middle(state) > first.width / 2
    assert middle(motto) == pytest.approx(middle(state), abs=NEAR)
    assert superior["top"] < state["bottom"]
    assert middle(superior) == pytest.approx(middle(issuer), abs=NEAR)
    assert issuer["top"] > superior["top"]
    # Number and day stand on one line.
    assert find(first, "Số:")["bottom"] == pytest.approx(day["bottom"], abs=NEAR)


def test_the_line_under_the_motto_is_as_long_as_the_motto(first):
    motto = find(first, "Độc lập - Tự do - Hạnh phúc")
    line = line_under(first, motto)
    assert line["x0"] == pytest.approx(motto["x0"], abs=NEAR)
    assert line["x1"] == pytest.approx(motto["x1"], abs=NEAR)


@pytest.mark.parametrize(
    "text", ["SỞ NỘI VỤ", "của UBND tỉnh Lào Cai về cải thiện Chỉ số PAPI năm 2026"]
)
def test_the_line_under_issuer_and_title_is_a_third_to_a_half_of_the_text(first, text):
    place = find(first, text)
    line = line_under(first, place)
    widest = place["x1"] - place["x0"]
    if text.startswith("của"):
        title = find(first, "Tiến độ thực hiện Kế hoạch số 149/KH-UBND ngày 30/3/2026")
        widest = title["x1"] - title["x0"]
    assert 1 / 3 <= (line["x1"] - line["x0"]) / widest <= 1 / 2
    assert middle(line) == pytest.approx(middle(place), abs=NEAR)


def test_the_line_under_a_long_issuer_is_no_longer_than_half_of_it():
    page = pages("hostile_paper")[0]
    flat = [each for each in page.rects if each["height"] < 1.5 and each["x1"] < page.width / 2]
    assert flat
    assert all(each["width"] <= 0.42 * 165 * MM / 2 for each in flat if each["top"] < 300)


def test_pages_are_numbered_in_the_middle_of_the_top_margin_from_the_second_on():
    upright = [page for page in pages("sample_paper") if page.width < page.height]
    across = [page for page in pages("sample_paper") if page.width > page.height]
    assert number_of(upright[0]) is None
    assert [number_of(page) for page in upright[1:]] == list(range(2, len(upright) + 1))
    numbers = [number_of(page) for page in across]
    last = numbers.index(1, 1)
    assert numbers == [*range(1, last + 1), *range(1, len(numbers) - last + 1)]


def number_of(page):
    above = [word for word in page.extract_words(extra_attrs=["size"]) if word["bottom"] < 20 * MM]
    if not above:
        return None
    (number,) = above
    assert 13 <= round(number["size"], 2) <= 14
    assert middle(number) == pytest.approx(middle_of_text(page), abs=NEAR)
    return int(number["text"])


def middle_of_text(page):
    """Between the margins of 30 and 15 mm."""
    return (page.width + 15 * MM) / 2


def test_paragraphs_are_justified_indented_and_apart(first):
    lines = [
        line
        for line in first.extract_text_lines()
        if size_of(line) == 14 and font_of_line(line) == "" and line["top"] > 320
    ]
    text = [line for line in lines if line["top"] > find(first, "Đến hết ngày")["top"] - 1][:3]
    indent = text[0]["x0"] - text[1]["x0"]
    assert 10 * MM - NEAR <= indent <= 12.7 * MM + NEAR
    # All but the last line of a paragraph end at the margin.
    assert [round(line["x1"]) for line in text[:2]] == [round(first.width - 15 * MM)] * 2
    spacing = (text[1]["top"] - text[0]["top"]) / 14
    assert 1 <= spacing <= 1.5 * 1.15
    heading, paragraph = find(first, "1. Kết quả chung"), text[0]
    assert paragraph["top"] - heading["top"] >= 14 * 1.0 + 6


def font_of_line(line):
    fonts = {char["fontname"].split("+")[-1] for char in line["chars"]}
    return fonts.pop().removeprefix("Tinos").strip("-") if len(fonts) == 1 else None


def test_the_signature_stands_right_beside_the_recipients_with_room_to_sign():
    (page,) = pages("letter_paper")
    recipients, post = find(page, "Nơi nhận:"), find(page, "PHÓ GIÁM ĐỐC")
    name = find(page, "Nguyễn Thị Hạnh")
    assert recipients["x0"] == pytest.approx(30 * MM, abs=NEAR)
    assert abs(recipients["top"] - find(page, "KT. GIÁM ĐỐC")["top"]) < 6
    assert middle(post) == pytest.approx(middle(name), abs=NEAR)
    assert middle(post) > page.width / 2
    assert name["top"] - post["bottom"] >= 25 * MM


@pytest.mark.parametrize("count", range(30, 46, 2))
def test_no_signature_and_no_seal_stands_alone_on_a_page(count):
    """Wherever the text ends on its page: two lines go with the signature, a row with the seal."""
    line = Paragraph("Một dòng chữ.")
    paper = replace(papers.letter_paper(), body=(*[line] * count, closing("Trân trọng")))
    table = papers.count_table("Bảng", tuple(str(number) for number in range(count)))
    paper = replace(paper, appendices=(Appendix("", "DANH SÁCH", "", (table,)),))
    printed = pdfplumber.open(io.BytesIO(pdf.render(paper).content)).pages
    signed = next(page for page in printed if page.search("PHÓ GIÁM ĐỐC"))
    assert len(signed.search(r"Một dòng chữ\.|Trân trọng")) >= 2
    assert printed[-1].search("Mã xác minh:")
    assert printed[-1].find_tables()


def test_the_head_of_an_appendix_stands_in_its_middle():
    page = next(page for page in pages("sample_paper") if page.width > page.height)
    for text, low, high, font in (
        ("Phụ lục I", 14, 14, "Bold"),
        ("TIẾN ĐỘ TỪNG NHIỆM VỤ", 13, 14, "Bold"),
        ("(Kèm theo Báo cáo", 13, 14, "Italic"),
    ):
        place = find(page, text)
        assert low <= size_of(place) <= high
        assert font_of(place) == font
    title = find(page, "TIẾN ĐỘ TỪNG NHIỆM VỤ")
    assert middle(title) == pytest.approx(middle_of_text(page), abs=NEAR)


def test_a_table_in_an_appendix_is_set_in_eleven_points_and_fills_the_width():
    page = next(page for page in pages("sample_paper") if page.width > page.height)
    (table,) = page.find_tables()
    assert table.bbox[0] == pytest.approx(30 * MM, abs=NEAR)
    assert table.bbox[2] == pytest.approx(page.width - 15 * MM, abs=NEAR)
    assert size_of(find(page, "Rà soát, công bố")) == 11
