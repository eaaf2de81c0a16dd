"""PDF pages that are not plain: without ruled lines, turned, in two columns, with page numbers."""

import io

import pytest
from pypdf import PdfReader, PdfWriter, Transformation
from weasyprint import HTML

from plans.reader import Draft, worker

# The reader knows no database.
pytestmark = pytest.mark.embedded

STYLE = """<style>
@page { size: A4; margin: 20mm 15mm 20mm 25mm; @bottom-center { content: counter(page); } }
@page wide { size: A4 landscape; }
html { font: 13pt "Liberation Serif", Tinos, serif; } p { text-align: justify; margin: 4pt 0; }
.c { text-align: center; font-weight: bold; }
.pair, table { width: 100%; border-collapse: collapse; } .pair td { width: 50%; text-align: center }
.tasks td, .tasks th { padding: 2pt 4pt; text-align: left; vertical-align: top; }
.ruled td, .ruled th { border: 0.5pt solid #000; }
.middle td, .middle th { vertical-align: middle; padding: 5pt 4pt; }
.centred td, .centred th { text-align: center; }
.wide { page: wide; break-before: page; }
.two { columns: 2; column-gap: 10mm; }
</style>"""
HEAD = """<table class="pair"><tr><td>ỦY BAN NHÂN DÂN<br>TỈNH GIA LAI</td>
<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc</td></tr>
<tr><td>Số: 1412/KH-UBND</td><td>Gia Lai, ngày 12 tháng 3 năm 2026</td></tr></table>
<p class="c">KẾ HOẠCH</p><p class="c">Nâng cao Chỉ số PAPI tỉnh Gia Lai năm 2026</p>
<p>I. MỤC TIÊU</p><p>Phấn đấu Chỉ số PAPI đạt từ 43,50 điểm trở lên.</p><p>II. NHIỆM VỤ</p>"""
HEADINGS = (
    "STT",
    "Nội dung nhiệm vụ",
    "Cơ quan chủ trì",
    "Cơ quan phối hợp",
    "Thời gian hoàn thành",
)
ROWS = (
    (
        *("1", "Khảo sát mức độ hài lòng của người dân khi đến bộ phận một cửa cấp xã"),
        *("Sở Nội vụ", "UBND các xã, phường", "Quý III/2026"),
    ),
    ("2", "Tổ chức đối thoại với người dân", "UBND cấp xã", "", "Định kỳ 6 tháng"),
    (
        *("3", "Thanh tra trách nhiệm công vụ tại đơn vị có nhiều phản ánh về nhũng nhiễu"),
        *("Thanh tra tỉnh", "Sở Nội vụ, Công an tỉnh", "Tháng 10/2026"),
    ),
)
DUTIES = (
    "1. Sở Nội vụ chủ trì, phối hợp với các sở, ngành tổ chức tập huấn cho công chức cấp xã về các "
    "nội dung của Chỉ số PAPI, hoàn thành trong quý II/2026.",
    "2. Sở Y tế nâng cao chất lượng khám chữa bệnh tại các trạm y tế xã, công khai giá dịch vụ.",
    "3. Thanh tra tỉnh kiểm tra trách nhiệm người đứng đầu trong tiếp công dân và đối thoại.",
    "4. UBND các xã, phường niêm yết công khai danh sách hộ nghèo, thu chi ngân sách tại trụ sở.",
    "5. Công an tỉnh tuần tra, bảo đảm an ninh trật tự tại các khu dân cư, không để có điểm nóng.",
)


def table(rows=ROWS, kind=""):
    lines = "".join(
        f'<tr><td colspan="5"><b>{row}</b></td></tr>'
        if isinstance(row, str)
        else f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for row in rows
    )
    heads = "".join(f"<th>{text}</th>" for text in HEADINGS)
    return f'<table class="tasks {kind}"><tbody><tr>{heads}</tr>{lines}</tbody></table>'


def printed(body):
    return PdfReader(io.BytesIO(HTML(string=STYLE + HEAD + body).write_pdf()))


@pytest.fixture
def read(tmp_path):
    def read_pages(pages):
        path = tmp_path / "plan.pdf"
        writer = PdfWriter()
        for page in pages:
            writer.add_page(page)
        writer.write(path)
        return Draft.load(worker.read_here(str(path)))

    return read_pages


def told(tasks):
    return [
        (
            task.number.value,
            [each.value for each in task.lead],
            [each.value for each in task.support],
            task.deadline.due_on.value,
        )
        for task in tasks
    ]


EXPECTED = [
    ("1", ["Sở Nội vụ"], ["UBND các xã, phường"], "2026-09-30"),
    ("2", ["UBND cấp xã"], [], None),
    ("3", ["Thanh tra tỉnh"], ["Sở Nội vụ", "Công an tỉnh"], "2026-10-31"),
]


@pytest.mark.parametrize("kind", ["", "middle", "centred"])
def test_a_table_without_lines_is_read_by_the_places_of_its_words(read, kind):
    after = (
        "<p>III. TỔ CHỨC THỰC HIỆN</p><p>1. Sở Tài chính bố trí kinh phí thực hiện Kế hoạch.</p>"
    )
    draft = read(printed(table(kind=kind) + after).pages)
    assert told(draft.tasks[:3]) == EXPECTED
    assert draft.tasks[0].text.value == ROWS[0][1]
    assert draft.tasks[3].lead[0].value == "Sở Tài chính"
    assert {task.lead[0].certainty for task in draft.tasks[:3]} == {"medium"}
    assert any("không kẻ khung" in note for note in draft.notes)


def test_a_table_without_lines_goes_on_over_pages_and_under_labels(read):
    rows = ("I. Tham gia của người dân ở cấp cơ sở", *ROWS * 6, "II. Quản trị điện tử", *ROWS)
    draft = read(printed(f'<div class="wide">{table(rows)}</div>').pages)
    assert len(draft.tasks) == 21
    assert {task.components[0].value for task in draft.tasks[:18]} == {"D1"}
    assert {task.components[0].value for task in draft.tasks[18:]} == {"D8"}
    assert told(draft.tasks[:18]) == [(f"I.{number}", *rest) for number, *rest in EXPECTED] * 6


def turned(page, quarters):
    """Return a page of the other shape with the same page drawn on it, turned to the left."""
    width, height = float(page.mediabox.width), float(page.mediabox.height)
    size = (height, width) if quarters % 2 else (width, height)
    moves = {1: (height, 0), 2: (width, height), 3: (0, width)}
    blank = PdfWriter().add_blank_page(*size)
    blank.merge_transformed_page(
        page, Transformation().rotate(90 * quarters).translate(*moves[quarters])
    )
    return blank


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_an_appendix_drawn_sideways_or_upside_down_is_turned(read, quarters):
    first, *others = printed(f'<div class="wide">{table(kind="ruled")}</div>').pages
    draft = read([first, *(turned(page, quarters) for page in others)])
    assert told(draft.tasks) == EXPECTED
    assert draft.document.number.value == "1412/KH-UBND"


@pytest.mark.parametrize("degrees", [90, 270])
def test_a_page_that_its_file_turns_is_turned_back(read, degrees):
    first, *others = printed(f'<div class="wide">{table(kind="ruled")}</div>').pages
    draft = read([first, *(page.rotate(degrees) for page in others)])
    assert told(draft.tasks) == EXPECTED


def test_two_columns_are_read_one_after_the_other(read):
    body = "".join(f"<p>{duty}</p>" for duty in DUTIES * 2)
    draft = read(printed(f'<div class="two">{body}</div>').pages)
    assert [task.number.value for task in draft.tasks] == [f"II.{n}" for n in range(1, 6)] * 2
    assert draft.tasks[0].deadline.due_on.value == "2026-06-30"
    assert draft.document.number.value == "1412/KH-UBND"
    assert any("hai cột" in note for note in draft.notes)


def test_a_plain_page_has_no_such_notes(read):
    draft = read(printed("".join(f"<p>{duty}</p>" for duty in DUTIES * 3)).pages)
    assert draft.notes == []
