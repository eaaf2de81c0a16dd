"""The printed report: the form of Nghị định 30/2020, complete, the same bytes each time."""

import io
import json
import os
import re
import subprocess
import sys
import unicodedata
from datetime import date
from functools import cache

import pytest
from django.conf import settings
from pypdf import PdfReader

from plans.models import Target
from plans.reports import pdf, snapshot
from tests.factories import make_task
from tests.reports.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db

A4 = (595, 842)
HOSTILE = '<img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd">{{ 7 }}'


def words(text):
    """The text of pages as one line: where it was broken does not matter."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text))


@cache
def rendered(content):
    """Printing takes half a second, so equal figures are printed once for all tests."""
    return pdf.render(json.loads(content))


def printed(figures):
    return PdfReader(io.BytesIO(rendered(snapshot.canonical(figures))))


def text_of(reader):
    return words(" ".join(page.extract_text() for page in reader.pages))


def size(page):
    return round(page.mediabox.width), round(page.mediabox.height)


@pytest.fixture
def figures(plan, mixed):
    Target.objects.create(plan=plan, position=1, text="Tăng ít nhất 05 bậc", year=2026)
    return snapshot.build(plan, TODAY, NOW)


def test_the_report_has_the_head_of_an_official_document_with_number_and_day_blank(figures):
    first = words(printed(figures).pages[0].extract_text())
    for part in (
        "UBND TỈNH LÀO CAI",
        "SỞ NỘI VỤ",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Số: /BC-SNV",
        "DỰ THẢO",
        "Lào Cai, ngày tháng năm 2026",
        "BÁO CÁO",
        "Tiến độ thực hiện Kế hoạch số 149/KH-UBND ngày 30/3/2026",
        "về cải thiện Chỉ số PAPI",
        "Số liệu đến hết ngày 15/6/2026",
        "Kính gửi: Ủy ban nhân dân tỉnh Lào Cai.",
    ):
        assert part in first


def test_the_report_has_all_sections_and_ends_with_recipients_and_a_blank_signature(figures):
    text = text_of(printed(figures))
    for part in (
        "I. CÔNG TÁC CHỈ ĐẠO, TRIỂN KHAI",
        "II. KẾT QUẢ THỰC HIỆN",
        "III. SO VỚI MỤC TIÊU CỦA KẾ HOẠCH",
        "IV. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
        "V. NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI",
        "VI. ĐỀ XUẤT, KIẾN NGHỊ",
        "xem xét, chỉ đạo./.",
        "Nơi nhận: - Như trên; - Các cơ quan được giao nhiệm vụ; - Lưu: VT.",
        "GIÁM ĐỐC",
        "Tăng ít nhất 05 bậc",
        "đã hoàn thành 2/4 (50,0%)",
    ):
        assert part in text


def test_every_task_and_agency_is_in_the_appendices_and_nothing_is_none(figures):
    text = text_of(printed(figures))
    for group in figures["tasks"]:
        for task in group["tasks"]:
            assert task["name"] in text
    for line in [*figures["agencies"], *figures["requested_agencies"]]:
        assert line["name"] in text
    assert "None" not in text


def test_the_appendices_lie_across_and_count_their_own_pages(figures):
    pages = printed(figures).pages
    across = [page for page in pages if size(page) == A4[::-1]]
    upright = [page for page in pages if size(page) == A4]
    assert len(across) + len(upright) == len(pages)
    assert list(pages).index(across[0]) == len(upright)
    texts = [words(page.extract_text()) for page in pages]
    # The number in the margin is drawn last; the first page has none.
    last_words = [text.split()[-1] for text in texts]
    assert last_words[: len(upright)][1:] == [str(n) for n in range(2, len(upright) + 1)]
    assert last_words[0] != "1"
    starts = [number for number, text in enumerate(texts) if text.startswith("Phụ lục")]
    assert [last_words[start] for start in starts] == ["1", "1"]


def test_the_documents_that_changed_the_plan_are_printed(figures):
    figures["plan"]["replaces"] = "Kế hoạch số 20/KH-UBND của UBND tỉnh Lào Cai"
    figures["plan"]["amendments"] = [
        {
            "name": "Quyết định số 215/QĐ-UBND",
            "issuer": "UBND tỉnh Lào Cai",
            "applied_on": "2026-06-01",
            "added": 2,
            "changed": 3,
            "stopped": 1,
        }
    ]
    told = words(text_of(printed(figures)))
    assert "thay thế Kế hoạch số 20/KH-UBND" in told
    assert "áp dụng từ ngày 01/6/2026: bổ sung 2, sửa 3, dừng 1 nhiệm vụ" in told


def test_the_number_of_pages_is_that_of_the_file(figures):
    content, page_count = pdf.render_counted(figures)
    assert len(PdfReader(io.BytesIO(content)).pages) == page_count
    assert content.rstrip().endswith(b"%%EOF")


def test_the_report_names_itself_and_its_language(figures):
    reader = printed(figures)
    assert reader.metadata.title.startswith("Báo cáo tiến độ thực hiện Kế hoạch số 149/KH-UBND")
    assert reader.trailer["/Root"]["/Lang"] == "vi"
    assert snapshot.fingerprint(snapshot.canonical(figures)) in text_of(reader)


def test_only_the_fonts_of_the_report_are_embedded(figures):
    fonts = {
        font.get_object()["/BaseFont"].split("+")[-1]
        for page in printed(figures).pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all(font.startswith("Tinos") for font in fonts)


def test_the_same_figures_give_the_same_bytes_in_another_process(figures, tmp_path):
    stored, made = tmp_path / "figures.json", tmp_path / "report.pdf"
    stored.write_text(snapshot.canonical(figures))
    code = (
        "import django, json, pathlib, sys; django.setup()\n"
        "from plans.reports import pdf\n"
        "figures = json.loads(pathlib.Path(sys.argv[1]).read_text())\n"
        "pathlib.Path(sys.argv[2]).write_bytes(pdf.render(figures))\n"
    )
    subprocess.run(
        [sys.executable, "-c", code, stored, made],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "papi_portal.settings_test", "TZ": "UTC"},
        check=True,
    )
    assert made.read_bytes() == pdf.render(figures)


def test_a_plan_without_anything_says_so_in_every_section(plan, give):
    give(due_on=date(2026, 12, 31))
    text = text_of(printed(snapshot.build(plan, TODAY, NOW)))
    assert text.count("Không có.") >= 6
    assert "0/0" in text
    assert "MINH HỌA" not in text


def test_an_illustrative_plan_is_marked_on_every_page(plan, give):
    give()
    plan.is_illustrative = True
    pages = printed(snapshot.build(plan, TODAY, NOW)).pages
    assert all("MINH HỌA: SỐ LIỆU KHÔNG CÓ THẬT" in words(page.extract_text()) for page in pages)


def test_text_that_people_typed_is_printed_as_text_and_loads_nothing(plan, give):
    give(name=HOSTILE)
    reader = printed(snapshot.build(plan, TODAY, NOW))
    assert "".join(HOSTILE.split()) in "".join(text_of(reader).split())
    assert not reader.attachments
    assert "root:" not in text_of(reader)


def test_the_fetcher_hands_out_fonts_and_refuses_everything_else():
    fetcher = pdf._fetcher()
    assert fetcher.fetch(f"{pdf.FONT_DIR.as_uri()}/Tinos-Bold.ttf").read(4) == b"\0\1\0\0"
    for url in (
        "file:///etc/passwd",
        f"{pdf.FONT_DIR.as_uri()}/OFL-Tinos.txt",
        f"{pdf.FONT_DIR.as_uri()}/../../../manage.py",
        "http://127.0.0.1:1/",
        "data:text/plain,x",
        "relative.ttf",
    ):
        with pytest.raises(ValueError, match="nothing but its fonts"):
            fetcher.fetch(url)


def test_a_missing_font_stops_the_report(figures, monkeypatch, tmp_path):
    monkeypatch.setattr(pdf, "FONT_DIR", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"Tinos-Regular\.ttf"):
        pdf.render(figures)


def test_a_task_of_many_agencies_is_named_once_with_a_line_for_each(plan, home, give):
    task = make_task(
        plan=plan, lead_agency=home.agency, name="Niêm yết danh sách hộ nghèo", product="Danh sách"
    )
    for label in ("Quý I/2026", "Quý II/2026"):
        give(task=task, period_label=label, due_on=date(2026, 12, 1))
    text = text_of(printed(snapshot.build(plan, TODAY, NOW)))
    assert text.count("Niêm yết danh sách hộ nghèo") == 1
    assert "- Quý I/2026" in text
    assert "- Quý II/2026" in text


def test_web_processes_never_import_weasyprint():
    code = (
        "import django, sys; django.setup()\n"
        "import papi_portal.urls, papi_portal.wsgi, plans.reports.jobs, plans.reports.views\n"
        "sys.exit('weasyprint' in sys.modules)\n"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "papi_portal.settings_test"}
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=env).returncode == 0
    )
