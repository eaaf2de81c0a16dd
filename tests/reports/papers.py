"""Papers to print in tests: an ordinary one, an empty one, a hostile one, one of 300 agencies."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from plans.reports.charts import Bar, bar_chart
from plans.reports.paper import (
    Align,
    Appendix,
    Cell,
    Column,
    Drawing,
    Foot,
    Head,
    Heading,
    Manner,
    Paper,
    Paragraph,
    Row,
    RowKind,
    Seal,
    Table,
)

AS_OF = date(2026, 9, 14)
DIMENSIONS = (
    "Tham gia của người dân ở cấp cơ sở",
    "Công khai, minh bạch trong việc ra quyết định",
    "Trách nhiệm giải trình với người dân",
    "Kiểm soát tham nhũng trong khu vực công",
    "Thủ tục hành chính công",
    "Cung ứng dịch vụ công",
    "Quản trị môi trường",
    "Quản trị điện tử",
)
AGENCIES = (
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Nông nghiệp và Môi trường",
    "Sở Khoa học và Công nghệ",
    "Thanh tra tỉnh",
    "UBND phường Cam Đường",
    "UBND xã Mường Khương",
)
TASKS = (
    "Công khai, niêm yết danh sách hộ nghèo, hộ cận nghèo và kết quả bình xét tại nhà văn hóa thôn",
    "Rà soát, công bố danh mục thủ tục hành chính; cập nhật trên Cổng dịch vụ công quốc gia",
    "Lấy ý kiến người dân về quy hoạch, kế hoạch sử dụng đất trước khi trình cấp có thẩm quyền",
    "Tổ chức đối thoại trực tiếp giữa Chủ tịch UBND cấp xã với Nhân dân",
)
SAID = (
    "Đã hoàn thành niêm yết tại 12/12 thôn; ảnh và biên bản đã tải lên",
    "Đang thẩm định dự thảo, dự kiến trình trong tháng 9",
    "Chậm do chờ hướng dẫn của Bộ; đã có văn bản đề nghị gia hạn",
)
# Every form of attack or mishap that a text typed by people may hold.
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+84 912 345 678",
    "-1+1",
    "@SUM(A1:A9)",
    '=HYPERLINK("http://x.example/","bấm")',
    "<w:p><w:r><w:t>chèn</w:t></w:r></w:p>",
    '<img src="file:///etc/passwd"> &amp; &lt; ]]> "nháy" \'đơn\'',
    '<link rel="attachment" href="file:///etc/passwd">',
    "@import url(http://x.example/x.css);",
    "{{ 7|add:7 }} {% now 'Y' %} %(name)s %s {0}",
    "trái\u202etạhp\u202c phải \u200fRTL\u200e",
    "xanh 🌳🏞️ và 👩🏽‍💻",
    "hai\ndòng\tvà một cột",
    "_x0041_ thoát",
    "#REF!",
    "001",
    "  hai đầu có khoảng trắng  ",
    "Ậ Ặ Ằ Ẵ Ữ Ỡ ỵ ỹ đ Đ: từ tách \u0065\u0302\u0301",
)
CONTROLS = "a\x00b\x07c\x0bd\x1fe\ufffef\uffffg"

HEAD = Head(
    superior="UBND TỈNH LÀO CAI",
    issuer=("SỞ NỘI VỤ",),
    number="Số:          /BC-SNV",
    day="Lào Cai, ngày      tháng      năm 2026",
)
FOOT = Foot(
    recipients=("Như trên", "Các cơ quan được giao nhiệm vụ", "Lưu: VT, CCHC"),
    signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
)
SEAL = Seal(
    code="7KQM-2XWD",
    address="https://papi.laocai.example/kiem-tra/7KQM-2XWD/",
    fingerprint="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
)
TASK_COLUMNS = (
    Column("Số", 5, Align.CENTER),
    Column("Nhiệm vụ; sản phẩm", 24),
    Column("Cơ quan chủ trì", 14),
    Column("Phối hợp", 12),
    Column("Hạn ban đầu", 10, Align.CENTER, group="Thời hạn"),
    Column("Hạn hiện hành", 10, Align.CENTER, group="Thời hạn"),
    Column("Tình trạng; tiến độ", 11),
    Column("Báo cáo gần nhất", 14),
)
COUNT_COLUMNS = (
    Column("STT", 8, Align.CENTER),
    Column("Cơ quan", 32),
    Column("Được giao", 10, Align.RIGHT),
    Column("Đúng hạn", 10, Align.RIGHT, group="Đã hoàn thành"),
    Column("Quá hạn", 10, Align.RIGHT, group="Đã hoàn thành"),
    Column("Trong hạn", 10, Align.RIGHT, group="Chưa hoàn thành"),
    Column("Quá hạn", 10, Align.RIGHT, group="Chưa hoàn thành"),
    Column("Tỷ lệ", 10, Align.RIGHT),
)


def sample_paper(rows: int = 40) -> Paper:
    """A progress report with everything a paper may hold and `rows` tasks in its first appendix."""
    return Paper(
        title="Báo cáo tiến độ thực hiện Kế hoạch số 149/KH-UBND, Quý III năm 2026",
        kind="BÁO CÁO",
        about=(
            "Tiến độ thực hiện Kế hoạch số 149/KH-UBND ngày 30/3/2026",
            "của UBND tỉnh Lào Cai về cải thiện Chỉ số PAPI năm 2026",
        ),
        under_title="(Số liệu đến hết ngày 14/9/2026)",
        head=HEAD,
        addressees=("Ủy ban nhân dân tỉnh Lào Cai",),
        body=_body(),
        foot=FOOT,
        seal=SEAL,
        author="Sở Nội vụ tỉnh Lào Cai",
        as_of=AS_OF,
        appendices=(
            _appendix("I", "TIẾN ĐỘ TỪNG NHIỆM VỤ", task_table(rows)),
            _appendix("II", "KẾT QUẢ THEO CƠ QUAN", count_table("Theo cơ quan", AGENCIES)),
        ),
        subject_words=("PAPI", "149/KH-UBND"),
        marks=("DỰ THẢO",),
        notices=("Báo cáo này thay thế Báo cáo số 12/BC-SNV ngày 01/9/2026.",),
    )


def empty_paper() -> Paper:
    """Nothing to tell: tables of no rows, blank number, day and name, no appendix."""
    return replace(
        sample_paper(0),
        body=(
            Heading("I. KẾT QUẢ THỰC HIỆN"),
            Paragraph("Không có."),
            count_table("Bảng 1", (), caption="Bảng 1. Kết quả thực hiện"),
            Paragraph("Trên đây là báo cáo./.", Manner.CLOSING),
        ),
        addressees=(),
        appendices=(),
        subject_words=(),
        marks=(),
        notices=(),
        under_title="",
    )


def hostile_paper() -> Paper:
    """Every place that people can fill holds text that some program would obey."""
    bad, long = " ".join(HOSTILE[5:10]), "chữ dài " * 2_500
    columns = (Column(HOSTILE[5], 20), Column(HOSTILE[0], 40, group=HOSTILE[3]), Column("C", 40))
    cells = [Row((Cell(text), Cell(text, note=text), Cell(text[::-1]))) for text in HOSTILE]
    rows = (
        *cells,
        Row((Cell(CONTROLS), Cell(long), Cell("x" * 20_000, note=CONTROLS))),
        Row((Cell(HOSTILE[1], span=3),), RowKind.GROUP),
    )
    table = Table("[/*?:\\] " + "tên rất dài " * 5, columns, rows, bad, bad, bad)
    return replace(
        sample_paper(0),
        title=f"{bad}{CONTROLS}",
        about=(bad, HOSTILE[0]),
        under_title=bad,
        head=Head(bad, (bad,), HOSTILE[0], bad),
        foot=Foot((bad, HOSTILE[0]), (bad,), bad),
        body=(Heading(bad), *(Paragraph(text) for text in HOSTILE), table, table),
        addressees=(bad, HOSTILE[1]),
        appendices=(Appendix("I", bad, bad, (table,)),),
        author=bad,
        subject_words=(bad,),
        marks=(bad,),
        notices=(bad,),
    )


def paper_of_300_agencies() -> Paper:
    names = [
        f"UBND xã {first} {number}" for number in range(1, 101) for first in ("Nậm", "Bản", "Phố")
    ]
    table = count_table("Theo cơ quan", tuple(names), caption="Kết quả theo cơ quan")
    return replace(sample_paper(0), appendices=(_appendix("", "KẾT QUẢ THEO CƠ QUAN", table),))


def letter_paper() -> Paper:
    """A letter (công văn) to several agencies, with a list of what is overdue."""
    return replace(
        sample_paper(0),
        title="Công văn đôn đốc thực hiện Kế hoạch số 149/KH-UBND",
        kind="",
        about=("V/v đôn đốc thực hiện nhiệm vụ quá hạn của Kế hoạch số 149/KH-UBND",),
        head=replace(HEAD, number="Số: 07/SNV-CCHC", day="Lào Cai, ngày 05 tháng 9 năm 2026"),
        under_title="",
        addressees=AGENCIES[1:4],
        body=(
            Paragraph("Căn cứ Kế hoạch số 149/KH-UBND ngày 30/3/2026;", Manner.BASIS),
            Paragraph("Sở Nội vụ đề nghị các cơ quan thực hiện ngay các phần việc quá hạn sau:"),
            overdue_table(3),
            Paragraph("Đề nghị báo cáo bằng văn bản trước ngày 20/9/2026./.", Manner.CLOSING),
        ),
        foot=replace(FOOT, name="Nguyễn Thị Hạnh"),
        appendices=(),
        marks=(),
        notices=(),
    )


def one_page_paper() -> Paper:
    """A summary for a leader that has to fit on one page."""
    return replace(
        sample_paper(0),
        kind="TÓM TẮT",
        about=("Tiến độ thực hiện Kế hoạch số 149/KH-UBND, tháng 9 năm 2026",),
        body=(
            Heading("1. Kết quả chung", 2),
            Paragraph("Được giao 96; đến hạn 60; hoàn thành 45/60 (75,0%); quá hạn 15 (tăng 3)."),
            Heading("2. Quá hạn lâu nhất", 2),
            overdue_table(5),
            Heading("3. Quyết định đề nghị", 2),
            Paragraph("Xem xét 02 đề nghị gia hạn.", Manner.ITEM),
            Paragraph("Phê bình 01 cơ quan chưa báo cáo trên 90 ngày.", Manner.ITEM),
        ),
        appendices=(),
        notices=(),
        is_one_page=True,
    )


def _body() -> tuple[Heading | Paragraph | Table | Drawing, ...]:
    return (
        Paragraph("Căn cứ Nghị định số 09/2019/NĐ-CP ngày 24/01/2019 của Chính phủ;", Manner.BASIS),
        Heading("I. KẾT QUẢ THỰC HIỆN"),
        Heading("1. Kết quả chung", 2),
        Paragraph(
            "Đến hết ngày 14/9/2026, các cơ quan đã hoàn thành 45/96 (46,9%) phần việc được giao. "
            "Số phần việc đã đến hạn là 60, trong đó đã hoàn thành 45/60 (75,0%), còn 15 phần "
            "việc quá hạn chưa hoàn thành."
        ),
        count_table("Theo nội dung", DIMENSIONS, caption="Bảng 1. Kết quả theo nội dung"),
        Drawing(
            bar_chart(
                [Bar(f"{n}. {name}", 20 - n, 10 - n, n) for n, name in enumerate(DIMENSIONS, 1)],
                title="Biểu đồ kết quả theo nội dung",
                font="Tinos",
            ),
            "Biểu đồ kết quả theo nội dung",
            "Biểu đồ 1. Kết quả theo nội dung (số phần việc)",
        ),
        Heading("a) Nhiệm vụ định kỳ", 3),
        Paragraph("Tuyên truyền về Chỉ số PAPI trên hệ thống truyền thanh cơ sở;", Manner.ITEM),
        Paragraph("Đối thoại trực tiếp với người dân.", Manner.ITEM),
        Heading("II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN"),
        overdue_table(8),
        Paragraph("Ghi chú: Hạn dùng để thống kê là hạn hiện hành.", Manner.NOTE),
        Heading("III. KIẾN NGHỊ"),
        Paragraph("Trên đây là báo cáo tiến độ thực hiện Kế hoạch./.", Manner.CLOSING),
    )


def _appendix(number: str, title: str, *blocks: Table) -> Appendix:
    of = "(Kèm theo Báo cáo số         /BC-SNV ngày      tháng      năm 2026 của Sở Nội vụ)"
    return Appendix(number, title, of, blocks)


def task_table(rows: int) -> Table:
    """Groups by dimension; of every ten rows one is shared and the two after it are its parts."""
    made: list[Row] = []
    for number in range(rows):
        if number % 25 == 0:
            order = number // 25 % len(DIMENSIONS)
            group = Cell(f"Nội dung {order + 1}. {DIMENSIONS[order]}", span=len(TASK_COLUMNS))
            made.append(Row((group,), RowKind.GROUP))
        made.append(_task_row(number))
    unit = "Số liệu đến hết ngày 14/9/2026"
    return Table("Nhiệm vụ", TASK_COLUMNS, tuple(made), unit=unit)


def _task_row(number: int) -> Row:
    due = AS_OF + timedelta(days=number % 120 - 60)
    said = SAID[number % len(SAID)]
    tail = (
        Cell(f"{due - timedelta(days=30):%d/%m/%Y}", due - timedelta(days=30)),
        Cell(f"{due:%d/%m/%Y}", due, note="đã gia hạn" if number % 7 == 0 else ""),
        Cell("Hoàn thành đúng hạn" if number % 3 == 0 else f"Quá hạn {number % 50 + 1} ngày; 40%"),
        Cell(f"{said} (14/8/2026)"),
    )
    agency = AGENCIES[number % len(AGENCIES)]
    if number % 10 in {4, 5}:
        return Row((Cell(""), Cell(f"- {agency}", span=3), *tail), RowKind.PART)
    kind = RowKind.SHARED if number % 10 == 3 else RowKind.PLAIN
    task = Cell(TASKS[number % len(TASKS)], note="Sản phẩm: Báo cáo kết quả")
    return Row(
        (
            Cell(f"{number // 25 + 1}.{number % 25 + 1}"),
            task,
            Cell(agency),
            Cell("UBND các xã, phường"),
            *tail,
        ),
        kind,
    )


def count_table(name: str, lines: tuple[str, ...], caption: str = "") -> Table:
    """Counts by line, a sum whose figures are those of the lines, one part of the sum."""
    made = []
    sums = [0] * 5
    for number, line in enumerate(lines, start=1):
        counts = [number + 9, number, 2, 4, 3]
        sums = [total + count for total, count in zip(sums, counts, strict=True)]
        made.append(_count_row(Cell(str(number), number), line, counts))
    if lines:
        made.append(_count_row(Cell(""), "Cộng", sums, RowKind.SUM))
        made.append(_count_row(Cell(""), "Trong đó: cấp tỉnh", [5, 4, 3, 2, 1], RowKind.SUB))
    note = "Ghi chú: Phần việc có hạn đúng ngày chốt số liệu chưa tính là đến hạn."
    unit = "Đơn vị tính: phần việc"
    return Table(name, COUNT_COLUMNS, tuple(made), caption=caption, unit=unit, note=note)


def _count_row(first: Cell, name: str, counts: list[int], kind: RowKind = RowKind.PLAIN) -> Row:
    tenths = 1000 * counts[1] // counts[0]
    rate = Cell(f"{tenths // 10},{tenths % 10}%", Decimal(tenths) / 10)
    return Row((first, Cell(name), *(Cell(str(count), count) for count in counts), rate), kind)


def overdue_table(rows: int) -> Table:
    columns = (
        Column("Số NV", 8, Align.CENTER),
        Column("Nhiệm vụ", 44),
        Column("Cơ quan chủ trì", 22),
        Column("Hạn", 14, Align.CENTER),
        Column("Số ngày quá hạn", 12, Align.RIGHT),
    )
    made = []
    for number in range(rows):
        due, days = AS_OF - timedelta(days=100 - number), 100 - number
        cells = (
            Cell(f"{number + 1}.1"),
            Cell(TASKS[number % len(TASKS)]),
            Cell(AGENCIES[number % 7]),
        )
        late = (Cell(f"{due:%d/%m/%Y}", due, note="ban đầu 01/5/2026"), Cell(str(days), days))
        made.append(Row((*cells, *late)))
    return Table("Quá hạn", columns, tuple(made), caption="Danh sách phần việc quá hạn")


def texts_of(part: object) -> Iterator[str]:
    """Every text of a paper or of a part of it, but for names of sheets and drawings as SVG."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, tuple):
        for each in part:
            yield from texts_of(each)
    elif is_dataclass(part):
        for field in fields(part):
            if field.name not in {"name", "svg"} or isinstance(part, Foot):
                value = getattr(part, field.name)
                if not isinstance(value, StrEnum):
                    yield from texts_of(value)


def all_papers() -> list[Paper]:
    return [
        sample_paper(),
        empty_paper(),
        hostile_paper(),
        paper_of_300_agencies(),
        letter_paper(),
        one_page_paper(),
    ]
