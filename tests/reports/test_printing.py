"""The printed paper: complete, legible, the same bytes each time, whatever people typed."""

import io
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from dataclasses import replace
from functools import cache

import pdfplumber
import pypdfium2
import pytest
import segno
from celery.signals import worker_process_init
from django.conf import settings
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from plans.reports import jobs  # noqa: F401 - listens to workers that begin
from plans.reports.paper import Appendix, Attachment, Cell, Heading, Paragraph, Row, RowKind
from plans.reports.printing import markup, pdf, printer
from tests.reports import papers

pytestmark = pytest.mark.embedded

FONTS = sorted((settings.BASE_DIR / "static" / "fonts" / "pdf").glob("*.ttf"))
MAKERS = {
    "ordinary": lambda: papers.sample_paper(60),
    "empty": papers.empty_paper,
    "hostile": papers.hostile_paper,
    "300 agencies": papers.paper_of_300_agencies,
    "letter": papers.letter_paper,
    "one page": papers.one_page_paper,
}
FILES = (
    Attachment("Báo cáo 149.xlsx", b"PK sheet", "application/vnd.ms-excel", "Bảng tính"),
    Attachment("so-lieu.json", b'{"a":1}', "application/json", "Số liệu đã chốt"),
)


@pytest.fixture(scope="module", autouse=True)
def _processes():
    yield
    printer.end_spare()


@cache
def printed(name):
    return pdf.render(MAKERS[name](), attachments=FILES).content


@cache
def texts(name):
    """The words of each page, as they stand."""
    with pdfplumber.open(io.BytesIO(printed(name))) as file:
        return [words(page.extract_text()) for page in file.pages]


def words(text):
    return re.sub(r"\s+", " ", text).strip()


def letters(text):
    """Without what only breaks lines."""
    return re.sub(r"\s+|\u200b", "", text)


def rows_of(content, first_head):
    """Every row of the tables whose first head this is, cell by cell."""
    found = []
    with pdfplumber.open(io.BytesIO(content)) as file:
        for page in file.pages:
            for table in page.find_tables():
                rows = table.extract()
                if rows and rows[0][0] == first_head:
                    found += rows
    return found


def expected_rows(table):
    for row in table.rows:
        cells = []
        for cell in row.cells:
            cells += [letters(cell.text + cell.note), *([None] * (cell.span - 1))]
        yield cells


@pytest.mark.parametrize(("name", "pages"), [("empty", 1), ("letter", 1), ("one page", 1)])
def test_a_short_paper_fills_one_page(name, pages):
    assert len(texts(name)) == pages


@pytest.mark.parametrize("rows", [5, 7, 9])
def test_what_has_to_fit_one_page_does_and_nothing_in_it_overlaps(rows):
    paper = papers.one_page_paper()
    body = [*paper.body[:3], papers.overdue_table(rows), *paper.body[4:]]
    printed_page = pdf.render(replace(paper, body=tuple(body))).content
    with pdfplumber.open(io.BytesIO(printed_page)) as file:
        assert len(file.pages) == 1
        lines = file.pages[0].extract_text_lines()
        recipients = max(line["bottom"] for line in lines if line["text"].startswith("- "))
        seal = min(line["top"] for line in lines if "Mã xác minh" in line["text"])
        assert seal >= recipients - 1


@pytest.mark.parametrize(
    ("name", "first_head"), [("ordinary", "Số"), ("ordinary", "STT"), ("300 agencies", "STT")]
)
def test_every_row_stands_whole_on_one_page(name, first_head):
    tables = [table for table in MAKERS[name]().tables() if table.columns[0].title == first_head]
    read = [
        [None if cell is None else letters(cell) for cell in row]
        for row in rows_of(printed(name), first_head)
    ]
    body = [row for row in read if row[0] not in {first_head, None}]
    assert body == [row for table in tables for row in expected_rows(table)]


def test_the_heads_of_a_table_stand_on_every_page_of_it():
    with pdfplumber.open(io.BytesIO(printed("ordinary"))) as file:
        across = [words(page.extract_text()) for page in file.pages if page.width > page.height]
    own = [text for text in across if "Công khai, niêm yết" in text]
    assert len(own) > 5
    assert all("Cơ quan chủ trì" in text for text in own)


def test_what_frames_the_text_is_there():
    first, last = texts("ordinary")[0], texts("ordinary")[-1]
    for part in (
        "UBND TỈNH LÀO CAI CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Báo cáo này thay thế Báo cáo số 12/BC-SNV",
        "Kính gửi: Ủy ban nhân dân tỉnh Lào Cai.",
    ):
        assert part in first
    assert f"Mã xác minh: {papers.SEAL.code}" in last
    assert papers.SEAL.address in last
    assert papers.SEAL.fingerprint in last.replace(" ", "")


def test_a_draft_says_so_on_every_page_and_a_letter_that_is_none_nowhere():
    first, *others = (text.count("DỰ THẢO") for text in texts("ordinary"))
    # Framed under the number and at the foot; then at the foot alone.
    assert first == 2
    assert set(others) == {1}
    assert "DỰ THẢO" not in " ".join(texts("letter"))


def test_a_letter_names_its_subject_under_its_number_and_its_addressees_in_a_list():
    (text,) = texts("letter")
    assert re.search(r"Số: 07/SNV-CCHC.*V/v đôn đốc", text)
    assert "Kính gửi: - Sở Tài chính; - Sở Nông nghiệp và Môi trường; - Sở Khoa học" in text
    assert "Nguyễn Thị Hạnh" in text


def test_pages_are_the_same_however_the_paper_is_cut_into_parts(monkeypatch):
    paper = papers.sample_paper(60)
    monkeypatch.setattr(pdf, "PART", 10**9)
    whole = places_of_words(pdf.render(paper).content)
    monkeypatch.setattr(pdf, "PART", 8_000)
    monkeypatch.setattr(pdf, "PAGE", 12_000)
    assert places_of_words(pdf.render(paper).content) == whole


def test_a_row_longer_than_a_part_and_a_page_is_printed_whole(monkeypatch):
    long = " ".join(f"chữ{number}" for number in range(1_000))
    table = papers.task_table(30)
    cells = (*table.rows[9].cells[:-1], Cell(long))
    rows = (*table.rows[:9], Row(cells, RowKind.PLAIN), *table.rows[10:])
    appendix = Appendix("", "TIẾN ĐỘ", "", (replace(table, rows=rows),))
    paper = replace(papers.sample_paper(0), appendices=(appendix,))
    monkeypatch.setattr(pdf, "PART", 2_000)
    content = pdf.render(paper).content
    with pdfplumber.open(io.BytesIO(content)) as file:
        pages = [page.extract_text() for page in file.pages]
    read = re.findall(r"chữ\d+", letters(" ".join(pages)).replace("DỰTHẢO", ""))
    assert len(read) == 1_000
    monkeypatch.setattr(pdf, "PART", 10**9)
    assert places_of_words(content) == places_of_words(pdf.render(paper).content)


def places_of_words(content):
    with pdfplumber.open(io.BytesIO(content)) as file:
        return [
            [(round(word["x0"]), round(word["top"]), word["text"]) for word in page.extract_words()]
            for page in file.pages
        ]


def test_the_same_paper_gives_the_same_bytes_in_the_same_process_and_in_another():
    paper = papers.sample_paper(30)
    first = pdf.render(paper, attachments=FILES).content
    assert pdf.render(paper, attachments=FILES).content == first
    printer.end_spare()
    assert pdf.render(paper, attachments=FILES).content == first


def test_every_letter_with_every_tone_is_read_back_composed():
    vowels = "aăâeêioôơuưy"
    tones = ["", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"]
    low = "".join(unicodedata.normalize("NFC", v + tone) for v in vowels for tone in tones) + "đ"
    both = f"{low}{low.upper()}"
    # Bold, upright, italic.
    body = (Heading(both), Paragraph(unicodedata.normalize("NFD", both)))
    paper = replace(papers.empty_paper(), body=body, under_title=both)
    reader = PdfReader(io.BytesIO(pdf.render(paper).content))
    read = letters("".join(page.extract_text() for page in reader.pages))
    assert read.count(both) == 3


def test_the_letters_that_are_printed_are_those_of_the_fonts():
    for path in FONTS:
        own = set(TTFont(path).getBestCmap()) - set(range(0x2000, 0x2010)) | set(
            range(0x2002, 0x200B)
        )
        own -= {0xAD}
        refused = {code for code in own if markup.drawable(chr(code)) != chr(code)} - {
            0x2126,
            0x212B,
        }
        assert refused == set(), path.name
    assert markup.drawable("cây 🌳 và 漢") == "cây □ và □"
    assert markup.drawable("a\u202eb\x00c\u200fd") == "abcd"


@pytest.mark.parametrize("text", papers.HOSTILE)
def test_text_that_people_typed_is_printed_as_text(text):
    shown = letters(markup.drawable(text))
    assert shown in letters("".join(texts("hostile")))


def test_of_a_cell_of_twenty_thousand_letters_every_one_is_printed():
    paper = papers.hostile_paper()
    cells = [cell for table in paper.tables() for row in table.rows for cell in row.cells]
    longest = sum(cell.text.count("x") for cell in cells)
    assert longest > 60_000
    assert "".join(texts("hostile")).count("x") >= longest


def test_text_that_people_typed_reads_and_calls_nothing():
    reader = PdfReader(io.BytesIO(printed("hostile")))
    assert sorted(reader.attachments) == sorted(each.name for each in FILES)
    assert "root:" not in "".join(texts("hostile"))
    links = [
        annotation.get_object()["/A"]["/URI"]
        for page in reader.pages
        for annotation in page.get("/Annots", [])
    ]
    assert set(links) == {papers.SEAL.address}


def test_the_process_that_lays_out_opens_no_address():
    code = (
        "from plans.reports.printing import layout\n"
        "for url in ('file:///etc/passwd', 'http://127.0.0.1:1/', 'data:text/plain,x'):\n"
        "    try:\n"
        "        layout.NOTHING.fetch(url)\n"
        "    except ValueError as error:\n"
        "        assert 'disallowed' in str(error)\n"
        "    else:\n"
        "        raise AssertionError(url)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, env=printer.ENVIRONMENT, check=True
    )


def test_the_code_on_the_last_page_is_the_address_of_verification():
    """Every module of the code as drawn is that of the code of the address."""
    scale = 10
    document = pypdfium2.PdfDocument(printed("letter"))
    image = document[0].render(scale=scale).to_pil().convert("L")
    height = document[0].get_height()
    with pdfplumber.open(io.BytesIO(printed("letter"))) as file:
        line = max(word["top"] for word in file.pages[0].extract_words() if word["text"] == "minh:")
    matrix = [list(row) for row in segno.make_qr(papers.SEAL.address, error="m").matrix]
    left, size = 30 / 25.4 * 72, 15 / 25.4 * 72
    # The drawing begins where its first dark row does.
    top = next(
        y / scale
        for y in range(int((line - 10) * scale), int(height * scale))
        if sum(image.getpixel((int((left + x / 10) * scale), y)) < 128 for x in range(100)) > 50
    )
    step = size / len(matrix)
    drawn = [
        [
            image.getpixel(
                (int((left + (x + 0.5) * step) * scale), int((top + (y + 0.5) * step) * scale))
            )
            < 128
            for x in range(len(matrix))
        ]
        for y in range(len(matrix))
    ]
    assert drawn == [[bool(module) for module in row] for row in matrix]


def test_progress_rises_to_the_end(monkeypatch):
    monkeypatch.setattr(pdf, "PART", 8_000)
    told = []
    pdf.render(papers.sample_paper(40), on_progress=told.append)
    assert told == sorted(told)
    assert len(told) > 8
    assert told[-1] == pytest.approx(1)


def test_work_that_is_stopped_leaves_no_process_behind(monkeypatch, starts):
    monkeypatch.setattr(pdf, "PART", 8_000)

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pdf.render(papers.sample_paper(40), on_progress=stop)
    assert len(starts) == 2
    assert all(process.poll() is not None for process in starts)
    for process in starts:
        wait_until_gone(process.pid)


@pytest.fixture
def starts(monkeypatch):
    """Every printing process that is started."""
    started = []
    start = printer._start
    monkeypatch.setattr(printer, "_start", lambda: started.append(start()) or started[-1])
    printer.end_spare()
    return started


def test_a_worker_that_begins_has_a_process_that_prints_its_first_paper(starts):
    worker_process_init.send(sender=None)
    assert len(starts) == 1
    assert pdf.render(papers.letter_paper()).page_count == 1
    assert pdf.render(papers.letter_paper()).page_count == 1
    assert len(starts) == 1
    printer.end_spare()
    assert starts[0].poll() is not None


def test_a_worker_has_one_spare_process_however_often_it_begins(starts):
    worker_process_init.send(sender=None)
    worker_process_init.send(sender=None)
    assert len(starts) == 1


@pytest.mark.parametrize("is_busy", [False, True])
def test_a_printing_process_ends_with_the_worker_that_was_killed(is_busy):
    """Also in the middle of a layout that would go on for a minute."""
    code = (
        "import sys, django; django.setup()\n"
        "from plans.reports.printing import markup, printer\n"
        "from tests.reports import papers\n"
        "printer.start_spare()\n"
        "(spare,) = printer._spare\n"
        "if len(sys.argv) > 1:\n"
        "    paper = papers.sample_paper(3000)\n"
        "    spare.prepare(markup.sheet(paper, markup.flows(paper)[1], 0, 3000))\n"
        "    spare.begin_layout(0, 1, is_last=True)\n"
        "print(spare._process.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    env = {**printer.ENVIRONMENT, "DJANGO_SETTINGS_MODULE": "papi_portal.settings_test"}
    worker = subprocess.Popen(
        [sys.executable, "-c", code, *(["busy"] if is_busy else [])],
        cwd=settings.BASE_DIR,
        env=env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with worker:
        group = int(worker.stdout.readline())
        time.sleep(2 if is_busy else 0)
        worker.kill()
    wait_until_gone(group)


def wait_until_gone(group):
    """Also what a process began itself."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError(group)


def test_a_part_that_fails_is_told_in_words_and_the_next_paper_is_printed(monkeypatch, caplog):
    with monkeypatch.context() as patched:
        # An order that cannot be carried out, as a document can be that breaks the layout.
        patched.setattr(
            printer.Printer, "begin_layout", lambda self, *a, **k: self._order(do="lay_out")
        )
        with pytest.raises(printer.PrintingError) as failure:
            pdf.render(papers.letter_paper())
    assert "đã dừng giữa chừng" in failure.value.message
    assert "KeyError" in caplog.text
    assert pdf.render(papers.letter_paper()).page_count == 1


def test_a_part_that_takes_too_much_memory_is_told_in_words(monkeypatch):
    """One cell of eight million letters, far beyond what any form lets through."""
    cell = Cell("chữ " * 2_000_000)
    rows = (Row((cell, *(Cell("") for _ in range(7)))),)
    table = replace(papers.task_table(1), rows=rows)
    paper = replace(papers.empty_paper(), body=(table,))
    with pytest.raises(printer.PrintingError) as failure:
        pdf.render(paper)
    assert "bộ nhớ" in failure.value.message


def test_a_process_that_dies_is_told_in_words_and_the_next_paper_is_printed(monkeypatch):
    laid = printer.Printer.laid

    def dying(self):
        os.killpg(self._process.pid, signal.SIGKILL)
        return laid(self)

    with monkeypatch.context() as patched:
        patched.setattr(printer.Printer, "laid", dying)
        with pytest.raises(printer.PrintingError) as failure:
            pdf.render(papers.letter_paper())
    assert "đã dừng giữa chừng" in failure.value.message
    assert pdf.render(papers.letter_paper()).page_count == 1


def test_a_process_that_does_not_answer_is_ended(monkeypatch):
    monkeypatch.setattr(printer, "SECONDS", 0.3)
    with pytest.raises(printer.PrintingError) as failure:
        pdf.render(papers.sample_paper(400))
    assert "quá lâu" in failure.value.message


def test_a_spare_process_that_the_system_has_ended_is_replaced():
    pdf.render(papers.letter_paper())
    printer._spare[0]._process.kill()
    printer._spare[0]._process.wait()
    assert pdf.render(papers.letter_paper()).page_count == 1


def test_no_process_that_serves_or_waits_imports_what_lays_out_or_signs():
    code = (
        "import django, sys; django.setup()\n"
        "from plans.reports.printing import pdf, signing\n"
        "sys.exit(bool({'weasyprint', 'pyhanko'} & set(sys.modules)))\n"
    )
    env = {**printer.ENVIRONMENT, "DJANGO_SETTINGS_MODULE": "papi_portal.settings_test"}
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.BASE_DIR, env=env)
    assert done.returncode == 0
