"""The catalogue of bad spreadsheets: each is answered with words one can act on, nothing written.

Every file is built here when it is needed; none that harms is kept anywhere.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from openpyxl.styles import Font

from agencies.models import Agency
from plans import jobs
from plans import rows as plan_rows
from plans.importing import pipeline
from plans.models import SheetImport, Task
from tests import factories
from tests.sheets import files

pytestmark = pytest.mark.django_db

LEAD = "Sở Thông tin và Truyền thông"
HEAD = ("TT", "Nhiệm vụ", "Chủ trì", "Hạn")
ROW = ("1", "Công khai quy hoạch", LEAD, "30/6")
GOOD, REFUSED, ASKED = "good", "refused", "asked"
SECONDS = 5
FOREIGN = "Sở Bí mật của tỉnh khác"
ENGLISH = ("This field", "Enter a", "Null characters", "Traceback", "Error:")


def rows(*more, change=None, name="Nhiệm vụ"):
    return lambda: files.xlsx(HEAD, ROW, *more, change=change, name=name)


def delimited(*lines, encoding="utf-8", delimiter=";"):
    return lambda: "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)


def two_sheets():
    book = openpyxl.Workbook()
    book.active.title = "Hướng dẫn"
    book.active.append(("Điền bảng ở trang sau", "theo mẫu"))
    sheet = book.create_sheet("Nhiệm vụ")
    for values in (HEAD, ROW):
        sheet.append(values)
    book.create_chartsheet("Biểu đồ", 0)
    book.active = 0
    return files.saved(book)


def formats_only():
    cells = '<row r="1048576"><c r="A1048576" s="0"/></row>'
    return files.raw_xlsx(files.sheet_xml(cells))


def two_row_header():
    rows = (
        ("KẾ HOẠCH", None, None, None),
        ("TT", "Nhiệm vụ", "Cơ quan thực hiện", None),
        (None, None, "Chủ trì", "Phối hợp"),
        ("1", "Việc", LEAD, ""),
    )
    return files.xlsx(*rows, change=lambda sheet: sheet.merge_cells("C2:D2"))


def strike(sheet):
    for cell in sheet[2]:
        cell.font = Font(strike=True)


def hide(sheet):
    sheet.row_dimensions[2].hidden = True
    sheet.auto_filter.ref = "A1:D2"


def formula(sheet):
    sheet["D2"] = "=TODAY()"


def merge(sheet):
    sheet.merge_cells("D2:D3")


@dataclass
class Bad:
    """One file: what it is called, what becomes of it, and words that must be told."""

    id: str
    build: Callable[[], bytes]
    words: tuple[str, ...]
    outcome: str = REFUSED
    name: str = "nhiem-vu.xlsx"


ODS_ROWS = (
    files.ods_row(*(files.ods_cell(text) for text in HEAD)),
    files.ods_row(*(files.ods_cell(text) for text in (*ROW[:2], LEAD, "30/6"))),
    files.ods_row(
        files.ods_cell("2"), files.ods_cell("x"), files.ods_cell(LEAD), files.ods_cell("30/6")
    ),
)
CATALOGUE = (
    Bad("X-01", files.far_cell, ("1.048.576 dòng × 16.384 cột; tối đa 5.000 × 60",)),
    Bad("X-02", files.long_string, ("Tệp khi giải nén lớn", "vượt mức 100 MB")),
    Bad(
        "X-03",
        lambda: files.raw_xlsx(
            files.sheet_xml('<row r="1">' + files.inline("A1", "&b;") + "</row>"),
            prolog='<!DOCTYPE a [<!ENTITY c "d"><!ENTITY b "&c;&c;&c;">]>',
        ),
        ("hỏng hoặc không an toàn",),
    ),
    Bad("X-04", lambda: files.ods(*ODS_ROWS), ("2 dòng mới",), GOOD, "a.ods"),
    Bad("X-05", delimited(HEAD, ROW), ("ngăn ô bằng dấu chấm phẩy", "1 dòng mới"), GOOD, "a.csv"),
    Bad("X-06", delimited(HEAD, ROW, encoding="utf-8-sig"), ("1 dòng mới",), GOOD, "a.csv"),
    Bad(
        "X-07-utf16",
        delimited(HEAD, ROW, encoding="utf-16", delimiter="\t"),
        ("1 dòng mới", "dấu tab"),
        GOOD,
        "a.csv",
    ),
    Bad("X-07-tcvn3", lambda: b"TT;Nhi\xd6m v\xf4\n1;Vi\xd6c", ("CSV UTF-8",), name="a.csv"),
    Bad(
        "X-08",
        lambda: files.xlsx((*HEAD, "Ghi chú", "", "Hạn"), ROW),
        ("Hai cột cùng tên “Hạn” (D và G)",),
    ),
    Bad(
        "X-09-more",
        delimited(HEAD, (*ROW, "thừa")),
        ("Dòng 2: có 5 ô, nhiều hơn 4 cột",),
        name="a.csv",
    ),
    Bad("X-09-fewer", delimited(HEAD, ROW[:3]), ("Dòng 2: chỉ có 3 trong 4 ô",), ASKED, "a.csv"),
    Bad("X-10", two_row_header, ("1 dòng mới", "tiêu đề ở dòng 3"), GOOD),
    Bad(
        "X-11",
        lambda: files.xlsx(
            ("Trì chủ", "Hạn  hoàn\nthành(*)", "Nhiê\u0323m vu\u0323", "Kinh phí"),
            (LEAD, "30/6", "Việc", "5"),
        ),
        ("1 dòng mới", "Cột không nhập: “Kinh phí”"),
        GOOD,
    ),
    Bad(
        "X-12",
        lambda: files.xlsx(("TT", "Nhiệm vụ", "Kinh phí"), ("1", "Việc", "5")),
        ("Thiếu cột “Cơ quan chủ trì”. Các cột tìm thấy: “TT”, “Nhiệm vụ”, “Kinh phí”",),
    ),
    Bad("X-13", rows(change=hide), ("1 dòng đang ẩn cũng sẽ được nhập",), GOOD),
    Bad("X-14", two_sheets, ("1 dòng mới", '<option value="Hướng dẫn">'), GOOD),
    Bad(
        "X-15",
        rows(("2", "Việc hai", LEAD, None), change=merge),
        ("lấy từ ô gộp ở dòng 2", "2 dòng mới"),
        GOOD,
    ),
    Bad("X-16-header", lambda: files.xlsx(HEAD), ("không có dòng dữ liệu nào",)),
    Bad("X-16-formats", formats_only, ("không có dòng dữ liệu nào",)),
    Bad(
        "X-17-html",
        lambda: b"<html><table><tr><td>1</td></tr></table></html>",
        ("Tên là .xlsx nhưng bên trong là HTML", "lưu lại dạng .xlsx"),
    ),
    Bad(
        "X-17-xls",
        lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 2_000,
        ("Tên là .xlsx nhưng bên trong là Excel đời cũ (.xls)",),
    ),
    Bad("X-17-pdf", lambda: b"%PDF-1.7\n", ("bên trong là PDF",)),
    Bad(
        "X-18",
        lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        ("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.",),
    ),
    Bad("X-19", lambda: rows()()[:3_000], ("bị cắt ngang", "3.000 byte")),
    Bad(
        "X-20",
        lambda: files.raw_xlsx(files.sheet_xml(""), more=[("xl/vbaProject.bin", "x")]),
        ("Tệp có macro",),
    ),
    Bad(
        "X-21",
        lambda: delimited(HEAD, *((str(n), f"V{n}", LEAD, "") for n in range(5_001)))(),
        ("Có 5.001 dòng; tối đa 5.000",),
        name="a.csv",
    ),
    Bad(
        "X-22",
        rows(("2", "Việc", FOREIGN.removesuffix(" khác"), "30/6")),
        ("Dòng 3, cột “Chủ trì” (C)", "gần nhất: "),
    ),
    Bad("X-23", rows(("1", "công khai quy hoạch", LEAD, "")), ("dòng 2 và 3 là một",)),
    Bad(
        "X-26",
        lambda: files.xlsx(("Kế hoạch năm 2024",), HEAD, ROW),
        ("Tệp ghi năm 2024, còn kế hoạch là của 2026",),
        ASKED,
    ),
    Bad("X-27", rows(change=strike), ("Dòng 2 bị gạch ngang – có nhập không?",), ASKED),
    Bad(
        "X-28-long",
        rows(("2", "x" * 32_767, LEAD, "")),
        ("Dòng 3, cột “Nhiệm vụ” (B)", "tối đa 1000"),
    ),
    Bad("X-28-quote", rows(("2", "'0912", LEAD, "30/6")), ("&#x27;0912", "2 dòng mới"), GOOD),
    Bad(
        "N-16",
        lambda: files.raw_xlsx(
            files.sheet_xml(
                '<row r="1">'
                + "".join(
                    files.inline(f"{letter}1", text)
                    for letter, text in zip("ABCD", HEAD, strict=True)
                )
                + '</row><row r="2">'
                + files.inline("B2", "Việc")
                + files.inline("C2", LEAD)
                + '<c r="D2" t="e"><v>#REF!</v></c></row>'
            )
        ),
        ("Dòng 2, cột “Hạn” (D): “#REF!” ô có lỗi công thức",),
    ),
    Bad(
        "N-17",
        rows(change=formula),
        ("cột “Hạn” (D): ô là công thức chưa được tính. Hãy mở tệp bằng Excel, lưu lại",),
    ),
    Bad("D-01", rows(("2", "Việc", LEAD, "31/02/2026")), ("Dòng 3, cột “Hạn” (D)", "28 ngày")),
    Bad("D-06", rows(("2", "Việc", LEAD, "Quý V")), ("quý I đến quý IV",)),
    Bad("D-09", rows(("2", "Việc", LEAD, "tháng 13")), ("Dòng 3, cột “Hạn” (D)",)),
    Bad("D-15", rows(("2", "Việc", LEAD, "15/8 âm lịch")), ("âm lịch",)),
    Bad("D-16", rows(("2", "Việc", LEAD, 46387)), ("31/12/2026 – đúng không?",), ASKED),
    Bad("D-17", rows(("2", "Việc", LEAD, date(2026, 6, 30))), ("30/06/2026", "2 dòng mới"), GOOD),
    Bad("D-23", rows(("2", "Hai", LEAD, None), change=merge), ("lấy từ ô gộp",), GOOD),
    Bad(
        "U-05",
        rows(("2", "Së KÕ ho¹ch vµ §Çu t\xad", LEAD, "30/6")),
        ("Dòng 3, cột “Nhiệm vụ” (B)", "Sở Kế hoạch và Đầu tư"),
    ),
    Bad(
        "U-23",
        rows(("2", "<script>alert(1)</script>", LEAD, "30/6")),
        ("&lt;script&gt;alert(1)", "2 dòng mới"),
        GOOD,
    ),
)


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch):
    monkeypatch.setattr(jobs, "wake_for_sheet", lambda pk: None)


@pytest.fixture
def plan(office, head, stranger):
    factories.make_agency(province=stranger.agency.province, name=FOREIGN)
    return factories.make_plan(
        province=office.agency.province,
        year=2026,
        issued_on=date(2026, 1, 15),
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
    )


def send(client, plan, content, name):
    return client.post(
        f"/ke-hoach/{plan.pk}/nhap-bang-tinh/",
        {"token": uuid4(), "file": SimpleUploadedFile(name, content)},
    )


def snapshot():
    return Task.objects.count(), Agency.objects.count(), Task.history.count()


@pytest.mark.parametrize("bad", CATALOGUE, ids=lambda bad: bad.id)
def test_every_bad_file_is_answered_with_what_to_do(bad, plan, office_client):
    content = bad.build()
    before = snapshot()
    assert send(office_client, plan, content, bad.name).status_code == 302
    row = SheetImport.objects.get()
    start = time.perf_counter()
    jobs.preview_sheet(row.pk)
    assert time.perf_counter() - start < SECONDS
    row.refresh_from_db()
    page = office_client.get(row.get_absolute_url()).content.decode()

    for words in bad.words:
        assert words in page
    assert not any(words in page for words in ENGLISH)
    assert FOREIGN not in page
    assert "<script>alert" not in page
    assert snapshot() == before
    answer = office_client.post(f"/nhap-bang-tinh/{row.pk}/nhap/", {"token": uuid4()})
    is_in = Task.objects.exists()
    assert is_in == (bad.outcome == GOOD)
    assert answer.status_code == 422 or is_in or row.has_failed
    if row.is_done and bad.outcome != REFUSED:
        assert pipeline.preview_of(row).fault_count == 0


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"", "rỗng (0 byte)"),
        ("a.exe", b"MZ", "lưu lại dạng .xlsx"),
        ("a.xlsm", b"PK", "lưu lại dạng .xlsx"),
        ("a.xls", b"x", "lưu lại dạng .xlsx"),
        ("bao\u202excod.exe", b"x", "lưu lại dạng .xlsx"),
        ("to.csv", b"a" * (20 * 2**20 + 1), "vượt mức 20 MB"),
    ],
)
def test_what_is_no_spreadsheet_by_name_or_size_is_refused_at_the_form(
    plan, office_client, name, content, words
):
    answer = send(office_client, plan, content, name)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not SheetImport.objects.exists()


def changed_file(row, plan, patch):
    SheetImport.objects.filter(pk=row.pk).update(sha256="0" * 64)


def changed_plan(row, plan, patch):
    factories.make_task(plan=plan)


def expired(row, plan, patch):
    finished_at = row.finished_at - 2 * pipeline.VALID_FOR
    SheetImport.objects.filter(pk=row.pk).update(finished_at=finished_at)


def refusing_database(row, plan, patch):
    def refuse(*args, **kwargs):
        raise DatabaseError("constraint")

    patch.setattr(plan_rows, "bulk_create_with_history", refuse)


@pytest.mark.parametrize(
    ("happens", "status", "words"),
    [
        pytest.param(changed_file, 409, "Tệp đã đổi từ lúc xem trước", id="X-24-file"),
        pytest.param(changed_plan, 409, "Kế hoạch đã được sửa lúc", id="X-24-plan"),
        pytest.param(expired, 409, "Bản xem trước đã hết hạn", id="X-24-expired"),
        pytest.param(refusing_database, 422, "Dòng 2 không lưu được", id="X-25"),
    ],
)
def test_what_happens_before_the_confirm_is_told_and_nothing_is_written(
    plan, office_client, monkeypatch, happens, status, words
):
    send(office_client, plan, files.xlsx(HEAD, ROW), "a.xlsx")
    row = SheetImport.objects.get()
    jobs.preview_sheet(row.pk)
    row.refresh_from_db()
    happens(row, plan, monkeypatch)
    before = snapshot()
    answer = office_client.post(f"/nhap-bang-tinh/{row.pk}/nhap/", {"token": uuid4()})
    assert answer.status_code == status
    assert words in answer.content.decode()
    assert snapshot() == before
    assert SheetImport.objects.get().applied_at is None
