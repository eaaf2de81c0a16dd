"""Tasks come from a spreadsheet: previewed row by row, then all of them or none."""

import io
from datetime import date, timedelta
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.utils import timezone
from openpyxl.styles import Font

from papi_portal.sheets import Verdict
from plans import jobs, rows
from plans.importing import pipeline, tasks
from plans.importing.failures import FailedRowError
from plans.leases import MAX_ATTEMPTS
from plans.models import SheetHeading, SheetImport, Task
from plans.states import PlanStatus
from tests import factories
from tests.importing.conftest import told
from tests.sheets import files

pytestmark = pytest.mark.django_db

HEAD = ("TT", "Nhiệm vụ", "Nội dung PAPI", "Chủ trì", "Phối hợp", "Thời hạn", "Sản phẩm")
LEAD = "Sở Thông tin và Truyền thông"
SUPPORTER = "Sở Nội vụ"
ROW = ("1.1", "Công khai quy hoạch", "2; 8", LEAD, "Sở Nội vụ", "Quý III", "Báo cáo")


@pytest.fixture(autouse=True)
def _lead(head):
    """The agency that the rows name as lead."""


def verdicts(row):
    return [change.verdict.value for change in pipeline.preview_of(row).rows]


def test_a_file_is_given_previewed_and_taken_over(give, confirm, plan, woken):
    row, page = give(files.xlsx(HEAD, ROW))
    assert woken == [row.pk]
    assert verdicts(row) == ["new"]
    assert "Công khai quy hoạch" in page
    assert not plan.tasks.exists()

    assert confirm(row)["Location"] == f"/ke-hoach/{plan.pk}/nhiem-vu/"
    task = plan.tasks.get()
    assert (task.number_in_plan, task.name, task.product) == ROW[:2] + ROW[6:]
    assert task.lead_agency.name == LEAD
    assert [agency.name for agency in task.supporters.all()] == ["Sở Nội vụ"]
    assert [row.stable_key for row in task.components.order_by("stable_key")] == ["D2", "D8"]
    assert task.primary_component.stable_key == "D2"
    assert task.due_on == date(2026, 9, 30)
    assert task.search_text.startswith("1 1 cong khai quy hoach")
    assert task.history.count() == 1


def test_a_second_press_imports_nothing_more(give, confirm, plan):
    row, _page = give(files.xlsx(HEAD, ROW))
    first, second = confirm(row), confirm(row)
    assert first["Location"] == second["Location"]
    assert plan.tasks.count() == 1


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_is_exported_comes_back_as_the_same(give, office_client, plan, head, form):
    factories.make_task(plan=plan, name="=1+1 không là công thức", lead_agency=head.agency)
    factories.make_task(plan=plan, number_in_plan="1.10", lead_agency=head.agency, product="+84 9")
    factories.make_task(
        plan=plan, lead_text="Cơ quan chưa rõ", lead_agency=None, needs_evidence=False
    )
    answer = office_client.get(f"/ke-hoach/{plan.pk}/xuat/?dang={form}")
    assert answer.status_code == 200
    assert f".{form}" in answer["Content-Disposition"]
    row, page = give(answer.content, f"lai.{form}")
    assert verdicts(row) == ["same"] * 3, pipeline.preview_of(row).rows
    assert "không có gì để nhập" in page


def test_rows_update_the_tasks_they_mean(give, confirm, plan, head):
    by_both = factories.make_task(
        plan=plan, number_in_plan="1", name="Một", lead_agency=head.agency
    )
    by_number = factories.make_task(plan=plan, number_in_plan="2", name="Hai")
    by_name = factories.make_task(plan=plan, number_in_plan="3", name="Ba")
    row, page = give(
        files.xlsx(
            ("TT", "Nhiệm vụ", "Chủ trì", "Sản phẩm"),
            ("1", "MỘT", LEAD, "Mới"),
            ("2", "Hai, sửa tên", LEAD, ""),
            ("9", "Ba", LEAD, ""),
            ("4", "Bốn", LEAD, ""),
        )
    )
    assert verdicts(row) == ["changed", "changed", "changed", "new"]
    assert "<del>Hai</del>" in page
    confirm(row)
    for task in (by_both, by_number, by_name):
        task.refresh_from_db()
        assert task.lead_agency == head.agency
        assert task.version == 2
    assert (by_both.product, by_number.name, by_name.number_in_plan) == ("Mới", "Hai, sửa tên", "9")
    assert by_both.deadline_text == "30/6"
    assert plan.tasks.count() == 4


def test_all_faults_of_all_rows_are_told_at_once_and_nothing_is_written(give, confirm, plan):
    row, page = give(
        files.xlsx(
            HEAD,
            ("1", "Việc một", "9", LEAD, "", "31/02/2026", ""),
            ("2", "Việc hai", "1", "Sở Thông tấn Truyền thông", "", "Quý V", ""),
            ("3", "", "1", LEAD, "", "30/6", ""),
            ROW,
        )
    )
    messages = told(row)
    assert len(messages) == 5
    assert messages[0].startswith("Dòng 2, cột “Nội dung PAPI” (C): ")
    assert any(
        message.startswith("Dòng 2, cột “Thời hạn” (F): ") and "28 ngày" in message
        for message in messages
    )
    assert any("gần nhất: Sở Thông tin và Truyền thông" in message for message in messages)
    assert "Có 5 lỗi, chưa nhập dòng nào" in page
    assert "Quản trị thêm cơ quan hoặc tên khác" in page
    assert confirm(row).status_code == 422
    assert not plan.tasks.exists()


def test_a_copy_with_the_faults_can_be_downloaded(give, office_client):
    row, _page = give(files.xlsx(HEAD, ROW, ("2", "Việc", "9", LEAD, "", "30/6", "")))
    answer = office_client.get(f"/nhap-bang-tinh/{row.pk}/loi/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet["H1"].value == "Lỗi"
    assert sheet["H2"].value is None
    assert sheet["H3"].value.startswith("Dòng 3, cột “Nội dung PAPI” (C)")


def test_more_than_a_hundred_faults_are_counted(give):
    rows = [(str(number), f"Việc {number}", "9", LEAD, "", "30/6", "") for number in range(103)]
    _row, page = give(files.xlsx(HEAD, *rows))
    assert "… và 3 lỗi khác" in page


def test_agencies_of_other_provinces_are_never_named(give, stranger):
    factories.make_agency(province=stranger.agency.province, name="Sở Bí mật")
    row, page = give(files.xlsx(HEAD, ("1", "Việc", "1", "Sở Bí mật tỉnh", "", "30/6", "")))
    assert "Sở Bí mật;" not in page
    assert "gần nhất" in told(row)[0]


def test_the_same_task_twice_is_told_with_both_rows(give):
    row, _page = give(files.xlsx(HEAD, ROW, ("2", "Khác", "1", LEAD, "", "30/6", ""), ROW))
    assert verdicts(row) == ["error", "new", "error"]
    assert "dòng 2 và 4 là một" in told(row)[0]


def test_cells_that_the_file_leaves_out_stay_and_empty_ones_may_stay_empty(give, confirm, plan):
    row, page = give(files.xlsx(("Nhiệm vụ", "Chủ trì"), ("Việc", "")))
    assert "1 dòng để trống “Cơ quan chủ trì”" in page
    confirm(row)
    assert plan.tasks.get().needs_evidence


def test_struck_rows_are_asked_about_and_may_be_left_out(give, confirm, plan):
    def strike(sheet):
        for cell in sheet[3]:
            cell.font = Font(strike=True)

    row, page = give(files.xlsx(HEAD, ROW, ("2", "Bỏ", "1", LEAD, "", "30/6", ""), change=strike))
    assert "Dòng 3 bị gạch ngang – có nhập không?" in page
    assert confirm(row).status_code == 422
    confirm(row, q_struck="skip")
    assert [task.name for task in plan.tasks.all()] == [ROW[1]]


def test_hidden_rows_are_said(give):
    def hide(sheet):
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["G"].hidden = True

    _row, page = give(files.xlsx(HEAD, ROW, change=hide))
    assert "1 dòng đang ẩn cũng sẽ được nhập" in page
    assert "Cột đang ẩn cũng sẽ được nhập: “Sản phẩm”" in page


def test_merged_cells_count_for_the_rows_they_cover(give, confirm, plan):
    row, page = give(
        files.xlsx(
            HEAD,
            ROW,
            ("2", "Hai", "1", LEAD, None, None, None),
            change=lambda sheet: sheet.merge_cells("F2:F3"),
        )
    )
    assert "lấy từ ô gộp ở dòng 2" in page
    confirm(row)
    assert {task.deadline_text for task in plan.tasks.all()} == {"Quý III"}


def test_group_rows_give_their_dimension_to_the_rows_below(give, confirm, plan):
    row, page = give(
        files.xlsx(
            ("TT", "Nhiệm vụ", "Chủ trì", "Thời hạn"),
            ("I", "Nội dung 4: Kiểm soát tham nhũng trong khu vực công", None, None),
            (1, "Việc một", LEAD, "30/6"),
            ("II", "Công khai, minh bạch", None, None),
            (2, "Việc hai", LEAD, "30/6"),
        )
    )
    assert "Bỏ qua 2 dòng tiêu đề nhóm: dòng 2, dòng 4" in page
    confirm(row)
    assert [task.dimensions_text for task in plan.tasks.in_order()] == ["4", ""]


def test_guesses_must_be_looked_at_before_the_import(give, confirm, plan):
    row, page = give(files.xlsx(HEAD, ("1", "Việc", "1", LEAD, "", 46203, "")))
    assert "hiểu là 30/06/2026 – đúng không?" in page
    assert confirm(row).status_code == 422
    confirm(row, doubts="on")
    assert plan.tasks.get().due_on == date(2026, 6, 30)


def test_a_day_cell_is_a_day(give, confirm, plan):
    row, _page = give(files.xlsx(HEAD, ("1", "Việc", "1", LEAD, "", date(2026, 6, 30), "")))
    confirm(row)
    assert plan.tasks.get().deadline_text == "30/06/2026"


def test_the_file_of_another_year_is_asked_about(give, confirm, plan):
    row, page = give(
        files.xlsx(("KẾ HOẠCH NĂM 2025",), HEAD, ROW),
    )
    assert "Tệp ghi năm 2025, còn kế hoạch là của 2026" in page
    assert confirm(row).status_code == 422
    confirm(row, q_year="yes")
    assert plan.tasks.count() == 1


def test_another_sheet_and_other_columns_can_be_chosen_and_are_remembered(
    give, confirm, plan, office_client, woken
):
    book = openpyxl.Workbook()
    book.active.append(("Hướng dẫn", "x"))
    sheet = book.create_sheet("Nhiệm vụ")
    for values in (("Việc phải làm", "Chủ trì", "Ghi chú"), ("Một", LEAD, "30/6")):
        sheet.append(values)
    content = files.saved(book)
    row, page = give(content)
    assert "Thiếu cột “Nhiệm vụ”" in page
    assert pipeline.layout_of(row).sheet == "Nhiệm vụ"

    office_client.post(
        f"/nhap-bang-tinh/{row.pk}/doc-lai/",
        {"sheet": "Nhiệm vụ", "c_name": "1", "c_lead": "2", "c_deadline": "3"},
    )
    assert woken == [row.pk, row.pk]
    jobs.preview_sheet(row.pk)
    row.refresh_from_db()
    assert verdicts(row) == ["new"]
    assert set(SheetHeading.objects.values_list("heading", "column")) == {
        ("viec phai lam", "name"),
        ("ghi chu", "deadline"),
    }
    again, _page = give(content)
    assert verdicts(again) == ["new"]


def test_one_column_cannot_mean_two_things(give, office_client):
    row, _page = give(files.xlsx(HEAD, ROW))
    answer = office_client.post(
        f"/nhap-bang-tinh/{row.pk}/doc-lai/",
        {"sheet": "Nhiệm vụ", "c_name": "2", "c_lead": "2"},
    )
    assert answer.status_code == 422
    assert "Cột này đã chọn cho “Nhiệm vụ”" in answer.content.decode()


def test_a_plan_that_changed_meanwhile_needs_another_preview(give, confirm, plan):
    row, _page = give(files.xlsx(HEAD, ROW))
    factories.make_task(plan=plan)
    answer = confirm(row)
    assert answer.status_code == 409
    assert "Hãy xem trước lại" in answer.content.decode()
    assert plan.tasks.count() == 1


def test_a_file_that_changed_meanwhile_is_not_imported(give, confirm, plan):
    row, _page = give(files.xlsx(HEAD, ROW))
    SheetImport.objects.update(sha256="0" * 64)
    assert confirm(row).status_code == 409
    assert not plan.tasks.exists()


def test_a_preview_holds_for_an_hour(give, confirm, plan):
    row, _page = give(files.xlsx(HEAD, ROW))
    SheetImport.objects.update(finished_at=row.finished_at - pipeline.VALID_FOR * 1.1)
    answer = confirm(row)
    assert answer.status_code == 409
    assert "hết hạn" in answer.content.decode()
    assert not plan.tasks.exists()


def test_nothing_is_imported_into_a_plan_that_was_given_out(give, confirm, plan, office_client):
    row, _page = give(files.xlsx(HEAD, ROW))
    plan.status, plan.activated_on = PlanStatus.ACTIVE, plan.period_start
    plan.save()
    assert confirm(row).status_code == 422
    assert not plan.tasks.exists()
    answer = office_client.get(f"/ke-hoach/{plan.pk}/nhap-bang-tinh/")
    assert answer["Location"] == plan.get_absolute_url()


def test_a_preview_is_nobody_elses(
    give, confirm, plan, stranger_client, head_client, client_of, office
):
    row, _page = give(files.xlsx(HEAD, ROW))
    colleague = factories.make_post(role=office.role, agency=office.agency)
    for client in (stranger_client, head_client, client_of(colleague.user)):
        for address in ("", "loi/"):
            assert client.get(f"/nhap-bang-tinh/{row.pk}/{address}").status_code == 404
        assert confirm(row, client).status_code == 404
    assert not plan.tasks.exists()


def test_a_row_that_the_database_refuses_is_named_and_none_is_kept(
    give, confirm, plan, monkeypatch
):
    row, _page = give(
        files.xlsx(HEAD, ROW, *((str(n), f"Việc {n}", "1", LEAD, "", "30/6", "") for n in (2, 3)))
    )
    create = rows.bulk_create_with_history

    def refuse(objects, *args, **kwargs):
        if any(task.name == "Việc 3" for task in objects):
            raise DatabaseError("constraint")
        return create(objects, *args, **kwargs)

    monkeypatch.setattr(rows, "bulk_create_with_history", refuse)
    answer = confirm(row)
    assert answer.status_code == 422
    assert "Dòng 4 không lưu được" in answer.content.decode()
    assert not Task.objects.exists()


def test_a_changed_row_that_the_database_refuses_is_named_too(give, plan, monkeypatch, head):
    factories.make_task(plan=plan, name="Một", number_in_plan="1", lead_agency=head.agency)
    row, _page = give(files.xlsx(HEAD, ("1", "Một", "1", LEAD, "", "30/6", "Mới")))

    def refuse(*args, **kwargs):
        raise DatabaseError("constraint")

    monkeypatch.setattr(rows, "bulk_update_with_history", refuse)
    with pytest.raises(FailedRowError) as failed:
        tasks.apply(plan, pipeline.preview_of(row).rows)
    assert failed.value.row == 2


def test_the_form_sent_twice_makes_one_import(plan, office_client):
    token = uuid4()
    for _time in range(2):
        office_client.post(
            f"/ke-hoach/{plan.pk}/nhap-bang-tinh/",
            {"token": token, "file": SimpleUploadedFile("a.xlsx", files.xlsx(HEAD, ROW))},
        )
    assert SheetImport.objects.count() == 1


def test_rows_are_shown_by_what_becomes_of_them(give, office_client):
    row, _page = give(files.xlsx(HEAD, ROW, ("2", "Sai", "9", LEAD, "", "30/6", "")))
    page = office_client.get(f"{row.get_absolute_url()}?loc=error&trang=x").content.decode()
    assert "2 Sai" in page
    assert f"<strong>1.1 {ROW[1]}" not in page


def test_pages_make_as_many_queries_for_ten_rows_as_for_one(
    give, office_client, plan, head, count_queries
):
    def page_queries(rows):
        row, _page = give(files.xlsx(HEAD, *rows))
        return count_queries(lambda: office_client.get(row.get_absolute_url()))

    def rows(count):
        return [(str(n), f"Việc {n}", "1", LEAD, "", "30/6", "") for n in range(count)]

    assert page_queries(rows(1)) == page_queries(rows(10))
    factories.make_task(plan=plan, lead_agency=head.agency)
    export = f"/ke-hoach/{plan.pk}/xuat/?dang=csv"
    for_one = count_queries(lambda: office_client.get(export))
    for _ in range(9):
        factories.make_task(plan=plan, lead_agency=head.agency)
    assert count_queries(lambda: office_client.get(export)) == for_one


def test_comparing_rows_makes_as_many_queries_for_ten_as_for_one(give, plan, count_queries):
    def queries(count):
        rows = [(str(n), f"Việc {n}", "1", LEAD, "", "30/6", "") for n in range(count)]
        row, _page = give(files.xlsx(HEAD, *rows))
        book = pipeline.open_workbook(row)
        return count_queries(lambda: pipeline._made(row, book, date(2026, 2, 1)))

    assert queries(1) == queries(10)


def test_writing_rows_makes_as_many_queries_for_ten_as_for_one(give, plan, count_queries):
    def queries(count, start):
        table = [(f"{start + n}", f"Việc {start + n}", "1", LEAD, "", "", "") for n in range(count)]
        row, _page = give(files.xlsx(HEAD, *table))
        changes = pipeline.preview_of(row).rows
        assert {change.verdict for change in changes} == {Verdict.NEW}
        return count_queries(lambda: tasks.apply(plan, changes))

    assert queries(1, 100) == queries(10, 200)


def test_changing_rows_makes_as_many_queries_for_ten_as_for_one(give, plan, count_queries, head):
    made = [
        factories.make_task(plan=plan, name=f"Việc {n}", number_in_plan=f"{n}", lead_text=LEAD)
        for n in range(11)
    ]

    def queries(some):
        table = [
            (each.number_in_plan, each.name, "2", LEAD, SUPPORTER, "30/6", "Mới") for each in some
        ]
        row, _page = give(files.xlsx(HEAD, *table))
        changes = pipeline.preview_of(row).rows
        assert {change.verdict for change in changes} == {Verdict.CHANGED}
        return count_queries(lambda: tasks.apply(plan, changes))

    assert queries(made[:1]) == queries(made[1:])
    for task in plan.tasks.all():
        assert (task.version, task.product, task.history.count()) == (2, "Mới", 2)
        assert "moi" in task.search_text
        assert [each.stable_key for each in task.components.all()] == ["D2"]
        assert task.primary_component.stable_key == "D2"
        assert [each.name for each in task.supporters.all()] == [SUPPORTER]


def test_readers_of_a_plan_get_the_rows_they_may_see(office, head, head_client, stranger_client):
    plan = factories.make_plan(province=office.agency.province, status=PlanStatus.ACTIVE)
    ours = factories.make_assignment(agency=head.agency, plan=plan).task
    other = factories.make_assignment(plan=plan).task
    content = head_client.get(f"/ke-hoach/{plan.pk}/xuat/?dang=csv").content.decode()
    assert ours.name in content
    assert other.name not in content
    assert stranger_client.get(f"/ke-hoach/{plan.pk}/xuat/?dang=csv").status_code == 404
    assert head_client.get(f"/ke-hoach/{plan.pk}/xuat/?dang=exe").status_code == 404
    assert head_client.post(f"/ke-hoach/{plan.pk}/xuat/?dang=csv").status_code == 405


def test_a_template_imports_as_it_is(give, office_client):
    answer = office_client.get("/nhap-bang-tinh/mau/nhiem-vu/")
    _row, page = give(answer.content)
    assert "không có dòng dữ liệu nào" in page
    assert "Thiếu cột" not in page


def test_days_that_a_program_may_have_turned_round_are_told(give):
    def rows(*days):
        return [(str(n), f"Việc {n}", "1", LEAD, "", day, "") for n, day in enumerate(days)]

    early = [date(2026, month, 5) for month in (3, 6, 9, 12)]
    _row, page = give(files.xlsx(HEAD, *rows(*early)))
    assert "có đảo ngày và tháng không, ví dụ 05/03/2026" in page
    _row, page = give(files.xlsx(HEAD, *rows(*early, date(2026, 6, 30))))
    assert "đảo ngày" not in page


def test_hidden_sheets_are_said_to_be_left_aside(give):
    book = openpyxl.Workbook()
    book.create_sheet("Cũ").sheet_state = "hidden"
    _row, page = give(files.xlsx(HEAD, ROW, book=book))
    assert "Trang đang ẩn, không nhập: “Cũ”" in page


def test_a_worker_that_breaks_is_followed_by_another_and_the_last_one_says_so(
    plan, office, monkeypatch
):
    row = SheetImport.objects.create(
        kind="tasks",
        plan=plan,
        province=plan.province,
        requested_by=office.user,
        requested_at=timezone.now() - timedelta(minutes=5),
        file="nhap-bang-tinh/khong-co.xlsx",
        file_name="a.xlsx",
        sha256="0" * 64,
    )
    woken = []
    monkeypatch.setattr(jobs.preview_sheet, "apply_async", lambda args, **_o: woken.append(args))
    for _attempt in range(MAX_ATTEMPTS):
        jobs.sweep_sheets()
        jobs.preview_sheet(row.pk)
    row.refresh_from_db()
    assert woken == [(row.pk,)] * MAX_ATTEMPTS
    assert row.has_failed
    assert "Hãy báo quản trị hệ thống" in row.reason
    jobs.sweep_sheets()
    assert len(woken) == MAX_ATTEMPTS


def test_the_page_asks_for_itself_until_the_file_is_read(plan, office_client, woken):
    office_client.post(
        f"/ke-hoach/{plan.pk}/nhap-bang-tinh/",
        {"token": uuid4(), "file": SimpleUploadedFile("a.xlsx", files.xlsx(HEAD, ROW))},
    )
    url = SheetImport.objects.get().get_absolute_url()
    part = {"HX-Request": "true"}
    assert 'hx-trigger="every 1s"' in office_client.get(url, headers=part).content.decode()
    jobs.preview_sheet(woken[0])
    page = office_client.get(url, headers=part).content.decode()
    assert "hx-trigger" not in page
    assert page.strip().startswith("<section")
    assert office_client.post(url).status_code == 405
    assert office_client.get(f"{url}nhap/").status_code == 405
