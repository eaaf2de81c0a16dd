"""From a document to a draft plan: given, read by a worker, shown, taken over."""

import io
import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from docx import Document

from plans import drafting, jobs, leases, reader, readings
from plans.models import Plan, Reading, Task
from plans.reader.draft import Draft, Found
from plans.reader.draft import Task as FoundTask
from plans.states import DeadlineKind, PlanKind, ReadingState
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


@pytest.fixture
def done(office, head):
    """A document that was read, without a reader's process."""
    factories.make_papi()
    for number in range(1, 9):
        factories.make_dimension(number)
    draft = Draft(source="")
    draft.document.number = Found("149/KH-UBND")
    draft.document.title = Found("Cải thiện Chỉ số PAPI")
    draft.document.issuer = Found("UBND tỉnh Lào Cai")
    draft.document.issued_on = Found("2026-03-30")
    task = FoundTask(text=Found("Công khai quy hoạch"), lead=[Found(head.agency.name)])
    task.deadline.text = Found("30/6/2026")
    task.components = [Found("D5.2"), Found("D8")]
    draft.tasks = [task]
    return make_done(office, draft)


def make_done(office, draft):
    return Reading.objects.create(
        province=office.agency.province,
        requested_by=office.user,
        requested_at=timezone.now(),
        finished_at=timezone.now(),
        state=ReadingState.DONE,
        text="x",
        draft=json.dumps(draft.dump()),
    )


def take(client, reading, **fields):
    return client.post(reverse("plans:make_plan", args=[reading.pk]), {"token": uuid4(), **fields})


def shown(response):
    return response.content.decode()


def test_the_list_of_plans_offers_it_to_offices_alone(office_client, head_client):
    assert URL in shown(office_client.get("/ke-hoach/"))
    assert URL not in shown(head_client.get("/ke-hoach/"))
    assert head_client.get(URL).status_code == 403


def test_a_document_is_given_read_shown_and_taken_over(give, office, head, office_client, woken):
    factories.make_papi()
    for number in range(1, 9):
        factories.make_dimension(number)
    answer = give(file=SimpleUploadedFile("Kế hoạch 149.docx", docx()))
    reading = Reading.objects.get()
    assert answer["Location"] == reading.get_absolute_url()
    assert woken == [reading.pk]
    assert "hx-get" in shown(office_client.get(answer["Location"]))

    jobs.read_document(reading.pk)
    page = shown(office_client.get(answer["Location"], headers={"HX-Request": "true"}))
    assert "hx-get" not in page
    for words in ("149/KH-UBND", "30/03/2026", TASKS[0][1], "30/06/2026", "Không tìm thấy:"):
        assert words in page
    assert not Plan.objects.exists()

    answer = take(office_client, reading)
    plan = Plan.objects.get()
    assert answer["Location"] == reverse("plans:grid", args=[plan.pk])
    assert (plan.number, plan.kind, plan.year) == ("149/KH-UBND", PlanKind.PLAN, 2026)
    assert (plan.issued_on, plan.issuer) == (date(2026, 3, 30), "UBND tỉnh Lào Cai")
    assert (plan.period_start, plan.period_end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (plan.province, plan.created_by, plan.monitor) == (
        office.agency.province,
        office.user,
        None,
    )
    assert plan.title == "Cải thiện, nâng cao Chỉ số PAPI của tỉnh Lào Cai năm 2026"
    assert [row.code for row in plan.indices.all()] == ["PAPI"]
    assert [(row.metric, row.value) for row in plan.targets.all()] == [("rank_up", 5)]
    first, second = plan.tasks.in_order()
    assert (first.number_in_plan, first.name, first.product) == ("1", TASKS[0][1], "Báo cáo")
    assert (first.lead_agency, first.due_on) == (head.agency, date(2026, 6, 30))
    assert list(first.supporters.all()) == [office.agency]
    assert (second.lead_text, second.lead_agency) == ("Sở Quản lý rừng", None)
    assert second.due_on == date(2026, 9, 30)
    assert "Sở Quản lý rừng" in shown(office_client.get(answer["Location"]))


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
    assert take(office_client, reading).status_code == 404


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


def test_pressed_twice_there_is_one_plan_and_both_lead_to_it(done, office_client):
    token = uuid4()
    answers = [take(office_client, done, token=token), take(office_client, done, token=token)]
    answers.append(take(office_client, done))
    assert len({answer["Location"] for answer in answers}) == 1
    assert (Plan.objects.count(), Task.objects.count()) == (1, 1)
    done.refresh_from_db()
    assert done.plan == Plan.objects.get()
    assert "Mở kế hoạch" in shown(office_client.get(done.get_absolute_url()))


def test_a_draft_thrown_away_can_be_made_again(done, office_client):
    take(office_client, done)
    plan = Plan.objects.get()
    assert office_client.post(reverse("plans:delete_plan", args=[plan.pk])).status_code == 302
    assert "Tạo bản nháp" in shown(office_client.get(done.get_absolute_url()))
    assert take(office_client, done).status_code == 302
    assert Plan.objects.get().readings.get() == done


def test_a_part_of_a_dimension_stands_for_its_dimension(done, office_client):
    take(office_client, done)
    task = Task.objects.get()
    assert task.dimensions_text == "5; 8"
    assert [row.stable_key for row in task.components.order_by("position")] == ["D5", "D8"]
    assert task.deadline_kind == DeadlineKind.DATE


def test_a_number_that_is_taken_is_left_out_and_told(done, office, office_client):
    factories.make_plan(
        province=office.agency.province,
        number="149/KH-UBND",
        issued_on=date(2026, 1, 5),
        year=2026,
    )
    page = shown(
        office_client.post(
            reverse("plans:make_plan", args=[done.pk]), {"token": uuid4()}, follow=True
        )
    )
    assert "Số “149/KH-UBND” đã có ở kế hoạch khác" in page.replace("&quot;", '"')
    assert Plan.objects.get(readings=done).number == ""


def test_what_is_not_in_the_document_is_told_and_never_made_up(office, office_client):
    reading = make_done(office, Draft())
    plan, notes = drafting.make_plan(reading, by=office.user, today=date(2026, 5, 1))
    assert (plan.period_start, plan.period_end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (plan.number, plan.issued_on) == ("", None)
    assert plan.title == "Chưa rõ trích yếu"
    assert len(notes) == 3


def test_the_page_counts_what_is_lacking_and_tells_of_another_province(office, office_client):
    draft = Draft(tasks=[FoundTask(text=Found("Họp"))])
    draft.document.province = Found("Khánh Hòa")
    page = shown(office_client.get(make_done(office, draft).get_absolute_url()))
    assert "1 dòng chưa thấy cơ quan chủ trì" in page
    assert "Văn bản nói về Khánh Hòa" in page
    assert "độ tin thấp" in page


def test_cells_that_are_too_long_are_cut_and_told(office):
    factories.make_papi()
    tasks = [FoundTask(text=Found("Rà soát " * 400)), FoundTask(text=Found("Họp"))]
    reading = make_done(office, Draft(tasks=tasks))
    plan, notes = drafting.make_plan(reading, by=office.user, today=date(2026, 5, 1))
    assert len(plan.tasks.in_order()[0].name) <= 1000
    assert any(note.startswith("1 dòng") for note in notes)


def test_a_document_of_another_province_is_as_none(done, stranger_client, head_client):
    assert stranger_client.get(done.get_absolute_url()).status_code == 404
    assert take(stranger_client, done).status_code == 404
    assert head_client.get(done.get_absolute_url()).status_code == 403
    assert take(head_client, done).status_code == 403
    assert not Plan.objects.exists()


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
