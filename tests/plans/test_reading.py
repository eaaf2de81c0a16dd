"""Documents that are given to be read: the job, the list, trying again, cleaning up."""

import io
import re
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from docx import Document

from plans import jobs, leases, reader, readings
from plans.models import Plan, Reading
from plans.reader.draft import Draft, Found
from plans.reader.draft import Task as FoundTask
from plans.states import ReadingState
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/ke-hoach/doc-van-ban/"
HEAD = (
    "ỦY BAN NHÂN DÂN",
    "TỈNH LÀO CAI",
    "Số: 149/KH-UBND",
    "Lào Cai, ngày 30 tháng 3 năm 2026",
    "KẾ HOẠCH",
    "Cải thiện, nâng cao Chỉ số PAPI của tỉnh Lào Cai năm 2026",
    "I. MỤC TIÊU",
    "Phấn đấu Chỉ số PAPI năm 2026 tăng ít nhất 05 bậc so với năm 2025.",
    "II. NHIỆM VỤ",
    "Các nhiệm vụ cụ thể tại Phụ lục kèm theo.",
)
COLUMNS = ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian", "Sản phẩm")
TASKS = (
    (
        "1",
        "Công khai quy hoạch sử dụng đất trên Cổng thông tin điện tử",
        "Sở Thông tin và Truyền thông",
        "Sở Nội vụ",
        "30/6/2026",
        "Báo cáo",
    ),
    ("2", "Rà soát thủ tục hành chính", "Sở Quản lý rừng", "", "Quý III/2026", "Quyết định"),
)


def docx(*, tasks=TASKS, head=HEAD):
    paper = Document()
    for line in head:
        paper.add_paragraph(line)
    table = paper.add_table(rows=0, cols=len(COLUMNS))
    for cells in (COLUMNS, *tasks):
        for cell, words in zip(table.add_row().cells, cells, strict=True):
            cell.text = words
    for line in ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", "Trịnh Xuân Trường"):
        paper.add_paragraph(line)
    content = io.BytesIO()
    paper.save(content)
    return content.getvalue()


@pytest.fixture(autouse=True)
def woken(monkeypatch):
    """Ids of the documents a worker was woken for; no broker is asked."""
    ids = []
    monkeypatch.setattr(jobs, "wake", ids.append)
    return ids


@pytest.fixture
def give(office, office_client):
    """Send the form as the office; keyword arguments are its fields."""

    def send(**fields):
        return office_client.post(
            URL, {"token": uuid4(), "province": office.agency.province_id, **fields}
        )

    return send


def shown(response):
    return response.content.decode()


def test_the_list_of_plans_offers_it_to_offices_alone(office_client, head_client):
    assert URL in shown(office_client.get("/ke-hoach/"))
    assert URL not in shown(head_client.get("/ke-hoach/"))
    assert head_client.get(URL).status_code == 403


def test_a_document_is_given_and_read_and_nothing_of_it_is_a_plan_yet(give, office_client, woken):
    answer = give(file=SimpleUploadedFile("Kế hoạch 149.docx", docx()))
    reading = Reading.objects.get()
    assert answer["Location"] == reading.get_absolute_url()
    assert woken == [reading.pk]
    page = shown(office_client.get(answer["Location"]))
    assert "hx-get" in page
    assert "Đang chờ máy đọc" in page

    jobs.read_document(reading.pk)
    # Asked for by the page that waits, it tells the browser to load the page under review.
    told = office_client.get(answer["Location"], headers={"HX-Request": "true"})
    assert told["HX-Refresh"] == "true"
    page = shown(office_client.get(answer["Location"]))
    for words in ("149/KH-UBND", "30/03/2026", TASKS[0][1], "Không tìm thấy trong văn bản"):
        assert words in page
    assert not Plan.objects.exists()


def test_the_page_of_a_document_says_for_how_long_it_is_read(give, office_client):
    give(text="abc")
    reading = readings.claim(Reading.objects.get().pk, now=timezone.now() - timedelta(seconds=7))
    page = shown(office_client.get(reading.get_absolute_url()))
    assert "Đang đọc, 7 giây" in page or "Đang đọc, 8 giây" in page


def test_pasted_text_is_read_too(give, office_client):
    give(text="\n".join((*HEAD, "1. Sở Nội vụ chủ trì rà soát thủ tục hành chính.")))
    reading = Reading.objects.get()
    jobs.read_document(reading.pk)
    assert "149/KH-UBND" in shown(office_client.get(reading.get_absolute_url()))


def test_a_file_that_is_refused_says_why_and_is_not_tried_again(give, office_client):
    give(file=SimpleUploadedFile("a.docx", b"{\\rtf1 Ke hoach}"))
    reading = Reading.objects.get()
    jobs.read_document(reading.pk)
    reading.refresh_from_db()
    assert (reading.state, reading.attempt) == (ReadingState.FAILED, 1)
    page = shown(office_client.get(reading.get_absolute_url()))
    assert "RTF" in page
    assert "Tạo bản nháp" not in page
    make = reverse("plans:make_plan", args=[reading.pk])
    assert office_client.post(make, {"token": uuid4()}).status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docx", b"", "rỗng (0 byte)"),
        ("a.pdf", 25, "vượt mức 20 MB"),
        ("a.exe", b"MZ", "chỉ nhận"),
        ("a", b"abc", "chỉ nhận"),
    ],
)
def test_a_file_that_cannot_be_a_document_is_sent_back(give, name, content, words):
    content = bytes(content * 2**20) if isinstance(content, int) else content
    answer = give(file=SimpleUploadedFile(name, content))
    assert answer.status_code == 422
    assert words in shown(answer)
    assert not Reading.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"text": " \n "}])
def test_neither_file_nor_text_is_sent_back(give, fields):
    answer = give(**fields)
    assert answer.status_code == 422
    assert "Hãy chọn một tệp hoặc dán chữ" in shown(answer)


def test_both_file_and_text_are_sent_back(give):
    answer = give(file=SimpleUploadedFile("a.txt", b"a"), text="b")
    assert answer.status_code == 422
    assert "Chỉ chọn một" in shown(answer)


def test_one_form_sent_twice_is_one_document_and_keeps_one_file(give, woken):
    token = uuid4()
    before = len(files())
    answers = {
        give(token=token, file=SimpleUploadedFile("a.txt", b"abc"))["Location"] for _ in range(2)
    }
    assert len(answers) == Reading.objects.count() == len(woken) == 1
    assert len(files()) == before + 1


def files():
    try:
        return default_storage.listdir("doc-van-ban")[1]
    except FileNotFoundError:
        return []


def test_a_province_of_others_cannot_be_named(give, stranger):
    assert give(text="abc", province=stranger.agency.province_id).status_code == 422


def test_a_worker_that_died_is_followed_by_another_and_the_last_one_tells_why(give):
    give(text="abc")
    pk = Reading.objects.get().pk
    now = timezone.now()
    for attempt in range(1, leases.MAX_ATTEMPTS + 1):
        assert readings.claim(pk, now=now).attempt == attempt
        assert readings.claim(pk, now=now) is None
        now += readings.LEASE + timedelta(seconds=1)
        expected = [pk] if attempt < leases.MAX_ATTEMPTS else []
        assert readings.sweep(now=now) == expected
    row = Reading.objects.get()
    assert (row.state, "3 lần" in row.reason) == (ReadingState.FAILED, True)


def test_a_worker_that_wakes_up_late_writes_nothing(give, monkeypatch):
    give(text="abc")
    now = timezone.now()
    late = readings.claim(Reading.objects.get().pk, now=now)
    readings.sweep(now=now + readings.LEASE * 2)
    monkeypatch.setattr(reader, "read_text", lambda _text: Draft())
    with pytest.raises(leases.LostLeaseError):
        readings.read(late)
    assert Reading.objects.get().draft == ""


def test_an_unforeseen_fault_is_tried_again(give, monkeypatch):
    give(text="abc")

    def broken(_text):
        raise OSError("no space")

    monkeypatch.setattr(reader, "read_text", broken)
    pk = Reading.objects.get().pk
    states = []
    for _ in range(leases.MAX_ATTEMPTS):
        jobs.read_document(pk)
        states.append(Reading.objects.get().state)
    assert states == [ReadingState.QUEUED, ReadingState.QUEUED, ReadingState.FAILED]


def failed(office):
    return Reading.objects.create(
        province=office.agency.province,
        requested_by=office.user,
        requested_at=timezone.now(),
        state=ReadingState.FAILED,
        text="abc",
        reason="Máy đọc dừng.",
        attempt=3,
    )


def test_what_could_not_be_read_can_be_tried_again(office, office_client, woken):
    reading = failed(office)
    url = reverse("plans:read_again", args=[reading.pk])
    assert url in shown(office_client.get(reading.get_absolute_url()))
    assert office_client.post(url)["Location"] == reading.get_absolute_url()
    assert office_client.post(url).status_code == 302
    assert woken == [reading.pk]
    reading.refresh_from_db()
    assert (reading.state, reading.attempt, reading.reason) == (ReadingState.QUEUED, 0, "")


def test_the_list_tells_state_tasks_and_plan_and_is_part_of_the_plans(office, office_client):
    draft = Draft(tasks=[FoundTask(text=Found("Họp")), FoundTask(text=Found("Báo cáo"))])
    plan = factories.make_plan(province=office.agency.province)
    factories.make_reading(draft, by=office, plan=plan, file_name="Đã xong.docx")
    failed(office)
    page = shown(office_client.get("/doc-van-ban/"))
    for words in ("Đã xong.docx", plan.number, "Không đọc được", "Máy đọc dừng.", ">2<"):
        assert words in page
    kept = re.search(r'<a[^>]*href="/ke-hoach/"[^>]*aria-current', page)
    assert kept, "the pages of documents belong to the plans"


def test_the_list_makes_as_many_queries_for_ten_documents_as_for_one(
    office, office_client, count_queries
):
    factories.make_reading(Draft(), by=office)
    office_client.get("/doc-van-ban/")  # the first request of a session writes when it began
    for_one = count_queries(lambda: office_client.get("/doc-van-ban/"))
    for _ in range(9):
        factories.make_reading(Draft(tasks=[FoundTask(text=Found("Họp"))]), by=office)
    assert count_queries(lambda: office_client.get("/doc-van-ban/")) == for_one


def test_the_list_shows_nothing_of_another_province(office, stranger_client, head_client):
    factories.make_reading(Draft(), by=office, file_name="Của Lào Cai.docx")
    assert "Của Lào Cai" not in shown(stranger_client.get("/doc-van-ban/"))
    assert head_client.get("/doc-van-ban/").status_code == 403


def test_a_document_that_is_deleted_takes_its_file_along_and_leaves_the_plan(
    give, office, office_client, django_capture_on_commit_callbacks
):
    give(file=SimpleUploadedFile("a.txt", b"abc"))
    reading = Reading.objects.get()
    plan = factories.make_plan(province=office.agency.province)
    Reading.objects.update(plan=plan)
    with django_capture_on_commit_callbacks(execute=True):
        answer = office_client.post(reverse("plans:delete_reading", args=[reading.pk]))
    assert answer["Location"] == "/doc-van-ban/"
    assert not default_storage.exists(reading.file.name)
    assert not Reading.objects.exists()
    assert Plan.objects.get() == plan


def test_the_original_is_given_back_as_a_download(give, office_client):
    give(file=SimpleUploadedFile("Kế hoạch.html", "<script>kế hoạch</script>".encode()))
    answer = office_client.get(reverse("plans:reading_file", args=[Reading.objects.get().pk]))
    assert answer.getvalue().decode() == "<script>kế hoạch</script>"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"


def test_at_night_what_nobody_needs_is_deleted_and_nothing_else(
    give, office, settings, django_capture_on_commit_callbacks
):
    settings.READING_KEEP_DAYS = 30
    now = timezone.now()
    for name in ("cu.txt", "moi.txt"):
        give(file=SimpleUploadedFile(name, b"abc"))
    old, young = Reading.objects.order_by("pk")
    with_plan = factories.make_reading(
        Draft(), by=office, plan=factories.make_plan(province=office.agency.province)
    )
    long_ago = now - timedelta(days=31)
    Reading.objects.filter(pk__in=[old.pk, with_plan.pk]).update(touched_at=long_ago)
    orphan = default_storage.save("doc-van-ban/mo-coi.txt", ContentFile(b"x"))
    with django_capture_on_commit_callbacks(execute=True):
        assert readings.clean_up(now=now) == 1
    assert set(Reading.objects.all()) == {young, with_plan}
    assert not default_storage.exists(old.file.name)
    assert default_storage.exists(young.file.name)
    # A file this young may yet get its row.
    assert default_storage.exists(orphan)
    with django_capture_on_commit_callbacks(execute=True):
        readings.clean_up(now=now + timedelta(days=2))
    assert not default_storage.exists(orphan)
    assert default_storage.exists(young.file.name)


def test_what_was_read_before_there_was_a_review_is_read_again(office):
    migration = import_module("plans.migrations.0009_review_what_was_read")
    old = factories.make_reading(Draft(), by=office)
    reviewed = factories.make_reading(Draft(tasks=[FoundTask(text=Found("Họp"))]), by=office)
    with_plan = factories.make_reading(
        Draft(), by=office, plan=factories.make_plan(province=office.agency.province)
    )
    editor = SimpleNamespace(connection=connection)
    for _ in range(2):
        migration.queue_again(apps, editor)
    states = dict(Reading.objects.values_list("pk", "state"))
    assert states == {
        old.pk: ReadingState.QUEUED,
        reviewed.pk: ReadingState.DONE,
        with_plan.pk: ReadingState.DONE,
    }
    jobs.read_document(old.pk)
    old.refresh_from_db()
    assert old.finished_at is not None
