"""A document under review: judged row by row, corrected, then a draft plan in one transaction."""

import json
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Province, Succession
from agencies.states import SuccessionKind
from plans import drafting, reviewing
from plans.models import Plan, ReadingRow, Task
from plans.reader.draft import Certainty, Draft, Found, Piece
from plans.reader.draft import Target as FoundTarget
from plans.reader.draft import Task as FoundTask
from plans.states import DeadlineKind, PlanKind, RowVerdict
from tests import factories

pytestmark = pytest.mark.django_db

JSON = {"Accept": "application/json"}
SOURCE = "Kế hoạch 149/KH-UBND\nCông khai quy hoạch, Sở TTTT chủ trì\n"


def sure(value, start=None, end=None):
    text = SOURCE[start:end] if start is not None else ""
    return Found(value, text, start, end, Certainty.HIGH)


def found_task(name, lead, *, deadline="30/6/2026", components=("D5", "D8"), **fields):
    task = FoundTask(text=sure(name, 21, 40), lead=[sure(each, 42, 49) for each in lead], **fields)
    task.deadline.text = sure(deadline)
    task.components = [sure(each) for each in components]
    return task


@pytest.fixture
def papi(db):
    factories.make_papi()
    dimensions = [factories.make_dimension(number) for number in range(1, 9)]
    dimensions[4].index.components.create(
        stable_key="S_CERT", level="subdimension", parent=dimensions[4], name="Chứng thực"
    )
    # In the structure of an edition the dimensions are themselves parts of the whole.
    whole = dimensions[0].index.components.create(
        stable_key="PAPI8", level="composite", name="Tổng hợp"
    )
    dimensions[7].index.components.filter(stable_key__startswith="D").update(parent=whole)


@pytest.fixture
def draft(papi, head):
    """A plan of which everything was found, with one task."""
    draft = Draft(source=SOURCE, layout=[Piece(0, 20, True, True), Piece(21, 57)])
    draft.document.number = sure("149/KH-UBND", 9, 20)
    draft.document.title = sure("Cải thiện Chỉ số PAPI")
    draft.document.issuer = sure("UBND tỉnh Lào Cai")
    draft.document.issued_on = sure("2026-03-30")
    draft.document.province = sure("Lào Cai")
    draft.period.from_on, draft.period.to_on = sure("2026-01-01"), sure("2026-12-31")
    draft.tasks = [found_task("Công khai quy hoạch", [head.agency.name])]
    return draft


@pytest.fixture
def reading(office, draft):
    return factories.make_reading(draft, by=office)


def url(name, *keys):
    return reverse(f"plans:{name}", args=keys)


def shown(response):
    return response.content.decode()


def page_of(client, reading):
    return shown(client.get(reading.get_absolute_url()))


def save(client, row, **changes):
    """Send a row as the page does; keyword arguments are what was changed in it."""
    fields = {**row.cells, "version": row.version, **changes}
    return client.post(url("save_read_row", row.reading_id, row.pk), fields, headers=JSON)


def judge(client, reading, act):
    return client.post(url("judge_rows", reading.pk), {"act": act})


def take(client, reading, **changes):
    """Press the button that makes the plan, with the head as it is stored."""
    reading.refresh_from_db()
    fields = {"token": uuid4(), "version": reading.head_version, **reading.head, **changes}
    return client.post(url("make_plan", reading.pk), fields)


def test_nothing_is_a_plan_before_it_is_taken_over_and_then_all_of_it(
    reading, office, head, office_client
):
    judge(office_client, reading, "all")
    assert not Plan.objects.exists()
    answer = take(office_client, reading)
    plan = Plan.objects.get()
    assert answer["Location"] == url("grid", plan.pk)
    assert (plan.number, plan.kind, plan.year) == ("149/KH-UBND", PlanKind.PLAN, 2026)
    assert (plan.title, plan.issuer) == ("Cải thiện Chỉ số PAPI", "UBND tỉnh Lào Cai")
    assert (plan.period_start, plan.period_end) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (plan.created_by, plan.monitor) == (office.user, office.agency)
    assert [index.code for index in plan.indices.all()] == ["PAPI"]
    task = Task.objects.get()
    assert (task.name, task.lead_agency) == ("Công khai quy hoạch", head.agency)
    assert (task.due_on, task.deadline_kind) == (date(2026, 6, 30), DeadlineKind.DATE)
    assert [row.stable_key for row in task.components.order_by("position")] == ["D5", "D8"]
    assert task.history.get().history_user == office.user
    # The plan leads back to the document it was made of.
    assert reading.get_absolute_url() in shown(office_client.get(plan.get_absolute_url()))


def test_only_rows_that_were_accepted_become_tasks_in_their_order(office, draft, office_client):
    draft.tasks = [found_task(f"Việc {number}", ["Sở Nội vụ"]) for number in range(1, 5)]
    reading = factories.make_reading(draft, by=office)
    first, second, third, _fourth = reading.rows.all()
    assert save(office_client, third, accepts="1").status_code == 200
    assert save(office_client, first, accepts="1", product="Báo cáo").status_code == 200
    assert save(office_client, second, leaves_out="1").status_code == 200

    refused = take(office_client, reading)
    assert refused.status_code == 422
    assert "Còn 1 dòng chưa xem" in shown(refused)
    assert not Plan.objects.exists()

    assert take(office_client, reading, leaves_rest="1").status_code == 302
    tasks = Plan.objects.get().tasks.in_order()
    assert [(task.position, task.name, task.product) for task in tasks] == [
        (1, "Việc 1", "Báo cáo"),
        (2, "Việc 3", ""),
    ]


def test_without_a_row_accepted_there_is_no_plan_but_a_document_without_tasks_gives_its_head(
    office, draft, reading, office_client
):
    answer = take(office_client, reading, leaves_rest="1")
    assert answer.status_code == 422
    assert "Chưa nhận nhiệm vụ nào" in shown(answer)
    draft.tasks = []
    assert take(office_client, factories.make_reading(draft, by=office)).status_code == 302
    assert not Task.objects.exists()


def test_pressed_twice_there_is_one_plan_and_both_lead_to_it(reading, office_client):
    judge(office_client, reading, "all")
    token = uuid4()
    answers = [take(office_client, reading, token=token) for _ in range(2)]
    answers.append(take(office_client, reading))
    assert len({answer["Location"] for answer in answers}) == 1
    assert (Plan.objects.count(), Task.objects.count()) == (1, 1)
    assert "Mở kế hoạch" in page_of(office_client, reading)


def test_after_the_plan_was_made_rows_and_head_are_no_longer_changed(reading, office_client):
    judge(office_client, reading, "all")
    take(office_client, reading)
    row = reading.rows.get()
    assert save(office_client, row, name="Khác").status_code == 409
    assert judge(office_client, reading, "forget").status_code == 409
    head = {**reading.head, "version": reading.head_version}
    assert office_client.post(url("save_read_head", reading.pk), head).status_code == 409
    row.refresh_from_db()
    assert row.cells["name"] == "Công khai quy hoạch"


def test_a_draft_thrown_away_can_be_made_again(reading, office_client):
    judge(office_client, reading, "all")
    take(office_client, reading)
    office_client.post(url("delete_plan", Plan.objects.get().pk))
    assert "Tạo bản nháp" in page_of(office_client, reading)
    assert take(office_client, reading).status_code == 302
    assert Plan.objects.get().readings.get() == reading


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", "", "Trích yếu: Chưa ghi"),
        ("issuer", "", "Cơ quan ban hành: Chưa ghi"),
        ("period_start", "", "Thực hiện từ ngày: Chưa ghi ngày"),
        ("period_end", "31/02/2026", "Đến ngày:"),
        ("number", "149", "Số, ký hiệu:"),
        ("kind", "QĐ", "không phải Quyết định"),
    ],
)
def test_a_fault_in_the_head_is_told_at_its_field_and_nothing_is_made(
    reading, office_client, field, value, words
):
    judge(office_client, reading, "all")
    answer = take(office_client, reading, **{field: value})
    assert answer.status_code == 422
    assert words in shown(answer)
    assert f'href="#id_{field}"' in shown(answer)
    assert not Plan.objects.exists()


def test_a_number_that_is_taken_is_told_at_its_field(reading, office, office_client):
    same = {"number": "149/KH-UBND", "issued_on": date(2026, 1, 5), "year": 2026}
    factories.make_plan(province=office.agency.province, **same)
    judge(office_client, reading, "all")
    answer = take(office_client, reading)
    assert answer.status_code == 422
    assert "Năm 2026 tỉnh đã có văn bản số" in shown(answer)
    assert Plan.objects.count() == 1


def test_what_is_not_in_the_document_stays_empty_and_is_told(papi, office, office_client):
    reading = factories.make_reading(Draft(), by=office)
    kept = {name: value for name, value in reading.head.items() if value}
    assert set(kept) == {"province", "kind", "monitor", "indices"}
    page = page_of(office_client, reading)
    assert page.count("Không tìm thấy trong văn bản") == len(drafting.head_found(Draft()))
    assert "Không tìm thấy nhiệm vụ nào" in page


def test_another_province_is_a_question_that_has_to_be_answered(draft, office, office_client):
    draft.document.province = sure("Khánh Hòa")
    reading = factories.make_reading(draft, by=office)
    assert "Văn bản nói về Khánh Hòa" in page_of(office_client, reading)
    judge(office_client, reading, "all")
    answer = take(office_client, reading)
    assert answer.status_code == 422
    assert "Hãy đánh dấu nếu đúng" in shown(answer)
    assert not Plan.objects.exists()
    assert take(office_client, reading, is_province_confirmed="on").status_code == 302


def test_a_document_of_a_time_when_the_province_was_another_asks_which_one_is_meant(
    papi, draft, office, office_client
):
    """The office of today's province keeps the files of the one it was made from."""
    today = office.agency.province
    Province.objects.filter(pk=today.pk).update(valid_from=date(2025, 7, 1))
    before = factories.make_province(code="10", valid_to=date(2025, 6, 30), kind="city")
    factories.make_agency(province=before, name="Sở Nội vụ")
    merged = Succession.objects.create(
        kind=SuccessionKind.MERGE, happened_on=date(2025, 7, 1), ground="Nghị quyết 202/2025/QH15"
    )
    merged.old_provinces.add(before)
    merged.new_provinces.add(today)
    draft.document.issued_on = sure("2021-03-30")
    draft.period.from_on, draft.period.to_on = sure("2021-01-01"), sure("2021-12-31")
    reading = factories.make_reading(draft, by=office)
    assert reading.head["province"] == str(before.pk)
    page = page_of(office_client, reading)
    assert "đơn vị của ngày ban hành" in page
    judge(office_client, reading, "all")
    assert take(office_client, reading).status_code == 422
    assert take(office_client, reading, is_province_confirmed="on").status_code == 302
    assert Plan.objects.get().province == before


def test_several_leads_are_asked_about_and_only_one_is_taken(draft, office, head, office_client):
    leads = [head.agency.name, office.agency.name]
    draft.tasks = [found_task("Rà soát", leads)]
    reading = factories.make_reading(draft, by=office)
    row = reading.rows.get()
    assert (row.cells["lead"], row.cells["supporters"]) == tuple(leads)
    page = page_of(office_client, reading)
    assert "Văn bản ghi 2 cơ quan chủ trì" in page
    # A question keeps the row from being accepted with the sure ones, until it is answered.
    judge(office_client, reading, "sure")
    assert reading.rows.get().verdict == RowVerdict.UNDECIDED
    answer = save(office_client, row, lead=leads[1], supporters=leads[0], accepts="1")
    assert answer.json()["questions"] == {}
    assert reading.rows.get().verdict == RowVerdict.ACCEPTED


def test_a_doubt_is_told_at_its_cell_until_the_cell_is_changed(draft, office, office_client):
    task = found_task("Rà soát", ["Sở Nội vụ"])
    task.product = Found("Báo cáo", "Báo cáo", 21, 28, Certainty.LOW)
    task.text = Found("Rà soát", "Rà soát", 21, 28, Certainty.MEDIUM)
    draft.tasks = [task]
    reading = factories.make_reading(draft, by=office)
    row = reading.rows.get()
    page = page_of(office_client, reading)
    assert "Độ tin thấp" in page
    assert "Độ tin trung bình" in page
    judge(office_client, reading, "sure")
    assert reading.rows.get().verdict == RowVerdict.UNDECIDED
    told = save(office_client, row, product="Công văn").json()
    assert set(told["questions"]) == {"name"}
    row.refresh_from_db()
    told = save(office_client, row, product="Báo cáo").json()
    assert set(told["questions"]) == {"name", "product"}


def test_a_part_of_a_dimension_stands_for_its_dimension(draft, office):
    draft.tasks = [found_task("Chứng thực", ["Sở Nội vụ"], components=("S_CERT", "D5", "D8"))]
    assert factories.make_reading(draft, by=office).rows.get().cells["dimensions"] == "5; 8"


def test_a_bare_figure_of_a_table_says_what_it_is_of(draft, office, office_client):
    aim = FoundTarget(metric=sure("score"), text=sure("3,20"))
    aim.component = Found("D8", "Quản trị điện tử", 0, 16, Certainty.HIGH)
    aim.year = sure(2026)
    draft.targets = [aim, FoundTarget(text=sure("Tăng ít nhất 05 bậc so với năm 2025"))]
    reading = factories.make_reading(draft, by=office)
    judge(office_client, reading, "all")
    take(office_client, reading)
    first, second = Plan.objects.get().targets.all()
    assert first.text == "Nội dung 8 (Quản trị điện tử) năm 2026: 3,20 điểm"
    assert (first.component.stable_key, first.value, first.year) == ("D8", Decimal("3.20"), 2026)
    assert (second.metric, second.value) == ("rank_up", 5)


def test_the_body_signed_for_is_no_part_of_the_capacity(draft, office):
    draft.signer_capacity = sure("TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH")
    head = factories.make_reading(draft, by=office).head
    assert head["signer_title"] == "KT. CHỦ TỊCH PHÓ CHỦ TỊCH"


def test_too_long_a_cell_is_kept_whole_told_and_accepted_only_once_it_is_shortened(
    draft, office, office_client
):
    name = " ".join(["Rà soát"] * 150)
    draft.tasks = [found_task(name, ["Sở Nội vụ"])]
    reading = factories.make_reading(draft, by=office)
    row = reading.rows.get()
    assert row.cells["name"] == name
    assert "tối đa 1000" in page_of(office_client, reading)
    judge(office_client, reading, "all")
    assert reading.rows.get().verdict == RowVerdict.UNDECIDED
    refused = save(office_client, row, accepts="1")
    assert (refused.status_code, set(refused.json()["refused"])) == (422, {"name"})
    left_out = save(office_client, row, leaves_out="1")
    assert left_out.status_code == 200
    assert reading.rows.get().cells["name"] == name
    row.refresh_from_db()
    assert save(office_client, row, name="Rà soát", accepts="1").status_code == 200
    # A row that was accepted by other means is refused when the plan is made.
    ReadingRow.objects.update(cells={**row.cells, "name": name})
    answer = take(office_client, reading)
    assert answer.status_code == 422
    assert "dòng 1, ô “Nhiệm vụ”" in shown(answer)
    assert not Plan.objects.exists()


def test_a_row_saved_by_a_colleague_is_refused_with_both_texts(reading, leader, office_client):
    row = reading.rows.get()
    now = timezone.now()
    theirs = {**row.cells, "name": "Của họ"}
    reviewing.save_row(
        reading, theirs, RowVerdict.ACCEPTED, pk=row.pk, version=1, by=leader.user, now=now
    )
    answer = save(office_client, row, name="Của tôi")
    assert answer.status_code == 409
    told = answer.json()
    assert (told["theirs"], told["version"]) == ({"name": "Của họ"}, 2)
    assert str(leader.user) in told["message"]
    page = office_client.post(
        url("save_read_row", reading.pk, row.pk), {**row.cells, "name": "Của tôi", "version": 1}
    )
    assert page.status_code == 409
    for words in ("Của họ", "Của tôi"):
        assert words in shown(page)
    assert reading.rows.get().cells["name"] == "Của họ"


def test_without_its_script_the_page_saves_a_row_and_leads_back_to_it(reading, office_client):
    row = reading.rows.get()
    fields = {**row.cells, "version": 1, "name": "Sửa tay", "accepts": "1"}
    answer = office_client.post(url("save_read_row", reading.pk, row.pk), fields)
    assert answer["Location"] == f"{reading.get_absolute_url()}?phan=1#dong-{row.pk}"
    row.refresh_from_db()
    assert (row.cells["name"], row.verdict, row.version) == ("Sửa tay", RowVerdict.ACCEPTED, 2)
    both = office_client.post(
        url("save_read_row", reading.pk, row.pk),
        {**fields, "version": 2, "leaves_out": "1"},
    )
    assert both.status_code == 422
    assert "chỉ đánh dấu một" in shown(both)


def test_a_row_that_was_missed_is_added_once_however_often_it_is_sent(reading, office_client):
    fields = {"name": "Còn sót", "row_key": uuid4(), "accepts": "1"}
    for _ in range(2):
        answer = office_client.post(url("add_read_row", reading.pk), fields, headers=JSON)
        assert answer.status_code == 200
    _read, added = reading.rows.all()
    assert (added.position, added.is_added, added.verdict) == (2, True, RowVerdict.ACCEPTED)
    gone = {"version": added.version}
    assert office_client.post(answer.json()["delete_url"], gone).status_code == 302
    assert reading.rows.get().position == 1


def test_a_row_that_was_missed_is_put_where_it_belongs(draft, office, office_client):
    draft.tasks = [found_task("Một", ["Sở Nội vụ"]), found_task("Ba", ["Sở Nội vụ"])]
    reading = factories.make_reading(draft, by=office)
    first, third = reading.rows.all()
    add = url("add_read_row", reading.pk)
    told = office_client.post(add, {"name": "Hai", "after": first.pk}, headers=JSON).json()
    assert told["numbers"] == {str(first.pk): 1, str(told["pk"]): 2, str(third.pk): 3}
    told = office_client.post(told["delete_url"], {"version": 1}, headers=JSON).json()
    assert told["numbers"] == {str(first.pk): 1, str(third.pk): 2}


def test_what_was_read_is_left_out_and_never_deleted(reading, office_client):
    row = reading.rows.get()
    answer = office_client.post(url("delete_read_row", reading.pk, row.pk), {"version": 1})
    assert answer.status_code == 409
    assert reading.rows.count() == 1


def test_verdicts_can_be_taken_back(reading, office_client):
    judge(office_client, reading, "sure")
    assert reviewing.counts_of(reading) == reviewing.Counts(1, 0, 0)
    judge(office_client, reading, "forget")
    assert reviewing.counts_of(reading) == reviewing.Counts(0, 0, 1)
    assert judge(office_client, reading, "khác").status_code == 404


def test_the_head_is_kept_as_typed_right_or_wrong(reading, office_client):
    fields = {**reading.head, "title": "Đang gõ", "issued_on": "31/02", "version": 1}
    answer = office_client.post(url("save_read_head", reading.pk), fields, headers=JSON)
    assert answer.json() == {"version": 2, "rereads": True}
    page = page_of(office_client, reading)
    assert 'value="Đang gõ"' in page
    assert 'value="31/02"' in page


def test_a_head_saved_by_a_colleague_is_refused_with_both_texts(reading, office_client):
    head = url("save_read_head", reading.pk)
    theirs = {**reading.head, "title": "Của họ", "version": 1}
    assert office_client.post(head, theirs, headers=JSON).status_code == 200
    mine = {**reading.head, "title": "Của tôi", "version": 1}
    answer = office_client.post(head, mine, headers=JSON)
    assert answer.status_code == 409
    assert answer.json()["theirs"] == {"title": "Của họ"}
    # The same when the plan is made of a page that was opened before.
    judge(office_client, reading, "all")
    page = take(office_client, reading, title="Của tôi", version=1)
    assert page.status_code == 409
    assert "Của họ" in shown(page)
    assert not Plan.objects.exists()


@pytest.mark.parametrize("value", ["a\x00b", "a" * 6001])
def test_what_cannot_be_stored_of_the_head_is_refused(reading, office_client, value):
    fields = {**reading.head, "title": value, "version": 1}
    answer = office_client.post(url("save_read_head", reading.pk), fields, headers=JSON)
    assert (answer.status_code, set(answer.json()["refused"])) == (422, {"title"})


def test_a_province_of_others_gives_no_names_away(reading, stranger, office_client):
    secret = factories.make_agency(province=stranger.agency.province, name="Sở Mật thám")
    fields = {**reading.head, "province": stranger.agency.province_id, "version": 1}
    office_client.post(url("save_read_head", reading.pk), fields, headers=JSON)
    assert secret.name not in page_of(office_client, reading)


def test_marks_of_the_document_lead_to_their_fields_and_back(reading, office_client):
    row = reading.rows.get()
    page = page_of(office_client, reading)
    assert f'href="#o-{row.pk}-lead"' in page
    assert f'id="v-o-{row.pk}-lead"' in page
    assert f'href="#v-o-{row.pk}-lead"' in page
    assert 'href="#v-id_number"' in page
    assert 'id="v-id_number"' in page


def test_a_document_is_text_on_the_page_whatever_it_says(papi, office, office_client):
    source = "<script>alert(1)</script> {{ 7 }} & more\n"
    draft = Draft(source=source, layout=[Piece(0, len(source) - 1)])
    draft.document.title = Found("<b>x</b>", "<script>", 0, 8, Certainty.HIGH)
    page = page_of(office_client, factories.make_reading(draft, by=office))
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_a_long_document_is_shown_in_parts_each_with_its_rows(draft, office, office_client):
    lines = [f"Việc số {number}" for number in range(1, 401)]
    draft.source = "".join(f"{line}\n" for line in lines)
    draft.layout, draft.tasks, at = [], [], 0
    for line in lines:
        draft.layout.append(Piece(at, at + len(line)))
        task = FoundTask(text=Found(line, line, at, at + len(line), Certainty.HIGH))
        draft.tasks.append(task)
        at += len(line) + 1
    reading = factories.make_reading(draft, by=office)
    parts = [
        shown(office_client.get(f"{reading.get_absolute_url()}?phan={number}"))
        for number in (1, 2, 3)
    ]
    for number, page in enumerate(parts):
        source = page.split('id="van-ban"')[1].split("</section>")[0]
        names = [line for line in lines if f">{line}</a>" in source]
        assert names == lines[number * 150 : (number + 1) * 150]
    last = reading.rows.last()
    answer = save(office_client, last, accepts="1")
    assert "400" in answer.json()["summary"]
    plain = {**last.cells, "version": 2}
    back = office_client.post(url("save_read_row", reading.pk, last.pk), plain)["Location"]
    assert back.endswith(f"?phan=3#dong-{last.pk}")
    # A page that was refused has another address; its links lead to the parts all the same.
    refused = shown(take(office_client, reading))
    assert f'href="{reading.get_absolute_url()}?phan=2"' in refused
    for odd in ("0", "99", "x", "-1"):
        assert office_client.get(f"{reading.get_absolute_url()}?phan={odd}").status_code == 200
    # What is done to all rows leaves the reader where he was.
    assert '<input type="hidden" name="phan" value="2" form="review-judge">' in parts[1]
    for act, asked, part in (("all", "2", "2"), ("forget", "3", "3"), ("sure", "x", "1")):
        answer = office_client.post(url("judge_rows", reading.pk), {"act": act, "phan": asked})
        assert answer["Location"] == f"{reading.get_absolute_url()}?phan={part}"


def test_the_page_makes_as_many_queries_for_ten_tasks_as_for_one(
    draft, reading, office, office_client, count_queries
):
    draft.tasks = [found_task(f"Việc {number}", ["Sở Nội vụ"]) for number in range(10)]
    ten = factories.make_reading(draft, by=office)
    page_of(office_client, reading)
    for_one = count_queries(lambda: page_of(office_client, reading))
    assert count_queries(lambda: page_of(office_client, ten)) == for_one
    for each in (reading, ten):
        judge(office_client, each, "all")
    taken = count_queries(lambda: take(office_client, reading))
    assert count_queries(lambda: take(office_client, ten, number="")) == pytest.approx(taken, abs=1)


def test_a_document_of_another_province_is_as_none(reading, stranger_client, head_client):
    row = reading.rows.get()
    for client, status in ((stranger_client, 404), (head_client, 403)):
        assert client.get(reading.get_absolute_url()).status_code == status
        assert save(client, row, name="x").status_code == status
        assert take(client, reading).status_code == status
    assert not Plan.objects.exists()


def test_a_row_of_another_document_is_as_none(reading, draft, office, office_client):
    other = factories.make_reading(draft, by=office).rows.get()
    fields = {**other.cells, "version": 1, "name": "Khác"}
    answer = office_client.post(url("save_read_row", reading.pk, other.pk), fields, headers=JSON)
    assert answer.status_code == 409
    other.refresh_from_db()
    assert other.cells["name"] == "Công khai quy hoạch"


def test_the_stored_draft_is_small_as_its_tasks_are_kept_as_rows(reading):
    assert json.loads(reading.draft)["tasks"] == []


def test_the_day_of_effect_is_told_as_days_are_here(draft, head, office, office_client):
    draft.document.effective_on = sure("2026-03-30", 0, 8)
    reading = factories.make_reading(draft, by=office)
    assert "<dt>Ngày hiệu lực</dt><dd>30/03/2026</dd>" in page_of(office_client, reading)
