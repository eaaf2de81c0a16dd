"""The catalogue of bad tables of scores: the page and the command name cell, value and remedy."""

import io
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils.html import escape

from agencies.reference import load_provinces
from indicators.models import Index, Release, Score
from indicators.reference import load_indices
from plans import jobs
from plans.importing import pipeline
from plans.models import SheetImport
from tests import factories
from tests.conftest import signed_in
from tests.sheets import files

pytestmark = pytest.mark.django_db

URL = "/nhap-bang-tinh/diem/"
REFUSED, ASKED, GOOD = "refused", "asked", "good"
WIDE = ("Tỉnh", "Năm", "PAPI", "1")
LONG = ("Tỉnh", "Năm", "Mã", "Điểm")
DIMENSIONS = (3.9952, 4.5377, 4.4037, 6.11, 6.8482, 7.6575, 3.1884, 2.3998)


@dataclass
class Bad:
    """A table, its header first; what becomes of it; words that must be said."""

    id: str
    rows: tuple[tuple[object, ...], ...]
    words: tuple[str, ...]
    outcome: str = REFUSED


def of_khanh_hoa(header, *values):
    return header, ("Khánh Hòa", 2020, *values)


def total_cell(value, said):
    return Bad(
        f"total {value}",
        of_khanh_hoa(("Tỉnh", "Năm", "PAPI"), value),
        ("Dòng 2, cột “PAPI” (C)", *said),
    )


CATALOGUE = (
    Bad(
        "84 for 8,4",
        of_khanh_hoa(WIDE, 39.1406, 84),
        ("Dòng 2, cột “1” (D): 84 vượt mức tối đa 10. Có phải 8,4?",),
    ),
    total_cell(391406, ("391406 vượt mức tối đa 80. Có phải 39,1406?",)),
    total_cell("391406", ("391406 vượt mức tối đa 80. Có phải 39,1406?",)),
    total_cell(2020, ("“2020” giống như một năm", "từ 8 đến 80")),
    total_cell("2020", ("“2020” giống như một năm", "từ 8 đến 80")),
    total_cell(-39, ("-39 nhỏ hơn mức tối thiểu 8. Hãy nhập số từ 8 đến 80.",)),
    Bad(
        "columns exchanged",
        (("Tỉnh", "Năm", "PAPI"), ("Khánh Hòa", 39.1406, 2020)),
        ("Dòng 2, cột “Năm” (B): “39.1406” không phải là năm", "ví dụ 2020"),
    ),
    Bad(
        "province twice",
        (("Tỉnh", "Năm", "PAPI"), ("Khánh Hòa", 2020, 39.1406), ("Khanh Hoa", 2020, 39.41)),
        ("Dòng 3, cột “PAPI” (C)", "39.1406 (Dòng 2", "và 39.41. Hãy bỏ một dòng."),
    ),
    Bad(
        "open sum",
        of_khanh_hoa(("Tỉnh", "Năm", "PAPI", *map(str, range(1, 9))), 39.4106, *DIMENSIONS),
        ("Dòng 2, cột “PAPI” (C)", "39,4106", "cộng 8 phần được 39,1405, chênh 0,2701"),
        ASKED,
    ),
    Bad(
        "unknown code",
        of_khanh_hoa(LONG, "9.1", 2),
        ("Dòng 2, cột “Mã” (C): Kỳ PAPI 2020 không có mã 9.1", "8.1, 8.2, 8.3"),
    ),
    Bad(
        "unknown code above a column",
        of_khanh_hoa(("Tỉnh", "Năm", "9"), 2),
        ("Dòng 2, cột “9” (C): Kỳ PAPI 2020 không có mã 9.", "8.1, 8.2, 8.3"),
    ),
    Bad(
        "code of another edition",
        (LONG, ("Khánh Hòa", 2016, "7.1", 2)),
        ("Dòng 2, cột “Mã” (C): Kỳ PAPI 2016 không có mã 7.1",),
    ),
    Bad(
        "edition nobody defined",
        (("Tỉnh", "Năm", "PAPI"), ("Khánh Hòa", 2025, 41), ("Lào Cai", 2025, 42)),
        (
            "Dòng 2, cột “Năm” (B): Chưa có kỳ PAPI 2025",
            "Các kỳ đã có: 2011-2024",
            "Quản trị, mục Kỳ công bố",
            "(và 1 ô tương tự)",
        ),
    ),
    Bad(
        "edition nobody defined in a header",
        (("Tỉnh", "PAPI 2025"), ("Khánh Hòa", 41)),
        ("Dòng 2, cột “PAPI 2025” (B): Chưa có kỳ PAPI 2025",),
    ),
    Bad("number of a computer", of_khanh_hoa(WIDE, 39.139999999999997, 3.9952), (), GOOD),
    Bad(
        "number of a computer as text",
        of_khanh_hoa(WIDE, "39.139999999999997", 3.9952),
        ("Dòng 2, cột “PAPI” (C): “39.139999999999997” được làm tròn thành 39,14.",),
        GOOD,
    ),
    Bad(
        "dot of thousands or of decimals",
        of_khanh_hoa(WIDE, "39.140", 3.9952),
        ("Dòng 2, cột “PAPI” (C): “39.140” được hiểu là 39,14.",),
        ASKED,
    ),
    total_cell("39.140.600", ("“39.140.600” có nhiều dấu ngăn", "Có phải 39,1406?")),
    total_cell("1.234,5", ("“1.234,5” có nhiều dấu ngăn", "từ 8 đến 80")),
    total_cell("1.234", ("“1.234” nhỏ hơn mức tối thiểu 8",)),
    total_cell("=cmd|' /C calc'!A0", ("Ô là công thức chưa được tính. Hãy mở tệp bằng Excel",)),
    total_cell("+cmd|' /C calc'!A0", ("“+cmd|' /C calc'!A0” không phải là số", "ví dụ 39,14")),
    total_cell("<b>39</b>", ("“<b>39</b>” không phải là số",)),
)


@pytest.fixture
def runner_client(monkeypatch):
    monkeypatch.setattr(jobs, "wake_for_sheet", lambda pk: None)
    load_provinces()
    load_indices()
    return signed_in(factories.make_user(is_superuser=True))


def give(client, table):
    """Send rows, or a whole file, and preview them; the import, and the page that shows it."""
    content = table if isinstance(table, bytes) else files.xlsx(*table)
    data = {
        "token": uuid4(),
        "file": SimpleUploadedFile("diem.xlsx", content),
        "index": Index.objects.get(code="PAPI").pk,
        "source": "Báo cáo PAPI",
    }
    assert client.post(URL, data).status_code == 302
    row = SheetImport.objects.latest("pk")
    jobs.preview_sheet(row.pk)
    row.refresh_from_db()
    return row, client.get(row.get_absolute_url()).content.decode()


def confirm(client, row):
    data = {f"q_{question.key}": "yes" for question in pipeline.preview_of(row).questions}
    return client.post(f"/nhap-bang-tinh/{row.pk}/nhap/", {"token": uuid4(), **data})


def run(path, *arguments):
    """The exit code of the command and what it says."""
    said, code = io.StringIO(), 0
    try:
        call_command("import_scores", str(path), *arguments, stdout=said, stderr=said)
    except SystemExit as error:
        code = int(error.code)
    return code, said.getvalue()


@pytest.mark.parametrize("bad", CATALOGUE, ids=lambda bad: bad.id)
def test_every_bad_table_is_answered_alike_by_page_and_command(bad, runner_client, tmp_path):
    path = tmp_path / "diem.xlsx"
    path.write_bytes(files.xlsx(*bad.rows))
    code, said = run(path, "--dry-run")
    row, page = give(runner_client, bad.rows)
    for words in bad.words:
        assert words in said
        assert escape(words) in page
    assert code == (2 if bad.outcome == REFUSED else 0)
    assert bool(pipeline.preview_of(row).questions) == (bad.outcome == ASKED)
    assert not Release.objects.exists()

    is_stored = bad.outcome != REFUSED
    assert confirm(runner_client, row).status_code == (302 if is_stored else 422)
    assert Release.objects.exists() == is_stored


def test_what_a_spreadsheet_shows_of_a_number_is_what_was_printed(runner_client):
    row, _page = give(runner_client, of_khanh_hoa(("Tỉnh", "Năm", "PAPI"), 39.139999999999997))
    confirm(runner_client, row)
    score = Score.objects.get()
    assert (str(score.value), score.as_printed) == ("39.1400", "39.14")


def test_a_second_table_of_an_edition_asks_whether_it_corrects_the_first(runner_client, tmp_path):
    header = ("Tỉnh", "Năm", "PAPI")
    confirm(runner_client, give(runner_client, of_khanh_hoa(header, 39.1406))[0])
    path = tmp_path / "diem.xlsx"
    path.write_bytes(files.xlsx(*of_khanh_hoa(header, 39.41)))
    asked = "bản điểm đang có ghi 39,1406, tệp này ghi 39,41 và sẽ thay. Có phải bản đính chính?"
    code, said = run(path)
    assert (code, Release.objects.count()) == (2, 1)
    assert f"Dòng 2, cột “PAPI” (C): Khánh Hòa, PAPI, năm 2020: {asked}" in said
    row, page = give(runner_client, of_khanh_hoa(header, 39.41))
    assert asked in page
    unanswered = runner_client.post(f"/nhap-bang-tinh/{row.pk}/nhap/", {"token": uuid4()})
    assert unanswered.status_code == 422
    assert Release.objects.count() == 1
    assert confirm(runner_client, row).status_code == 302
    assert [str(score.value) for score in Score.objects.current()] == ["39.4100"]


ENTITIES = '<!DOCTYPE a [<!ENTITY c "d"><!ENTITY b "&c;&c;&c;">]>'
ATTACKS = {
    "far cell": (files.far_cell, "1.048.576 dòng × 16.384 cột; tối đa 60.000 × 200"),
    "bomb": (files.long_string, "Tệp khi giải nén lớn"),
    "entities": (
        lambda: files.raw_xlsx(
            files.sheet_xml('<row r="1">' + files.inline("A1", "&b;") + "</row>"), prolog=ENTITIES
        ),
        "hỏng hoặc không an toàn",
    ),
    "macro": (
        lambda: files.raw_xlsx(files.sheet_xml(""), more=[("xl/vbaProject.bin", "x")]),
        "Tệp có macro",
    ),
    "cut off": (lambda: files.xlsx(*of_khanh_hoa(WIDE, 39.1406, 4))[:3_000], "bị cắt ngang"),
}


@pytest.mark.parametrize(("build", "words"), ATTACKS.values(), ids=ATTACKS)
def test_what_harms_is_refused_by_page_and_command(build, words, runner_client, tmp_path):
    content = build()
    path = tmp_path / "diem.xlsx"
    path.write_bytes(content)
    code, said = run(path)
    assert code == 2
    assert words in said
    row, page = give(runner_client, content)
    assert row.has_failed
    assert words in page
    assert not Release.objects.exists()
