"""The main job, told once in a real browser: a plan goes in, mails and a signed-form PDF come out.

The clock stands in April 2021, so that the plan of that year and its agencies are of their time.
"""

import re
from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from playwright.sync_api import expect
from pypdf import PdfReader

from agencies.states import AgencyKind, Role
from plans.models import Assignment, Plan
from plans.reports import jobs
from plans.reports.models import Report
from plans.states import Status
from tests.browser.conftest import is_wider_than_screen
from tests.factories import (
    make_agency,
    make_dimension,
    make_group,
    make_papi,
    make_post,
    make_province,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICE, HEAD, LEADER, ADMIN = (
    f"{name}@example.vn" for name in ("van-phong", "giam-doc", "lanh-dao", "quan-tri")
)


@pytest.fixture
def april():
    with time_machine.travel("2021-04-05T01:00:00Z", tick=True):
        yield


@pytest.fixture
def people(april, transactional_db):
    """Lào Cai of 2021 with its departments and the four people of the story."""
    province = make_province(name="Lào Cai", code="10", valid_to=date(2025, 6, 30))
    home = {"province": province, "valid_to": date(2025, 2, 28)}
    interior = make_agency(name="Sở Nội vụ", short_name="Sở Nội vụ", code="SNV", province=province)
    post = make_agency(
        name="Sở Thông tin và Truyền thông", short_name="Sở TT&TT", code="STTTT", **home
    )
    others = [
        make_agency(name=name, **home)
        for name in ("Sở Tư pháp", "Sở Kế hoạch và Đầu tư", "Sở Tài nguyên và Môi trường")
    ]
    committee = make_agency(name="UBND tỉnh Lào Cai", kind=AgencyKind.COMMITTEE, province=province)
    make_group(members=[interior, post, *others], name="các sở, ban, ngành")
    for number in range(1, 9):
        make_dimension(number)
    make_papi()
    for email, name, role, agency in (
        (OFFICE, "Lê Thị Hạnh", Role.OFFICE, interior),
        (HEAD, "Vũ Minh Quân", Role.HEAD, post),
        (LEADER, "Đỗ Quang Vinh", Role.LEADER, committee),
        (ADMIN, "Trần Văn Quản", Role.ADMINISTRATOR, committee),
    ):
        make_post(user=make_user(email=email, full_name=name), role=role, agency=agency)


def test_the_main_job_from_the_plan_to_the_signed_form(visit, people, tmp_path):
    office = visit(OFFICE)
    enter_the_plan(office)
    enter_the_tasks_by_keyboard(office)
    mend_what_is_missing_and_give_out(office)

    head = visit(HEAD, "phone")
    report_twice_and_ask_for_time(head, tmp_path)

    confirm_one_and_return_one(office)
    leader = visit(LEADER)
    approve_the_extension(leader)
    the_first_due_date_stays_visible(head)

    one_mail_per_person_next_morning(visit)
    download_the_report(leader)


def enter_the_plan(page):
    page.goto("/ke-hoach/")
    page.keyboard.press("n")
    page.wait_for_url("**/ke-hoach/them/")
    for label, text in (
        ("Số, ký hiệu", "149/KH-UBND"),
        ("Ngày ban hành", "31/02/2021"),
        ("Trích yếu", "Nâng cao Chỉ số PAPI tỉnh Lào Cai năm 2021"),
        ("Cơ quan ban hành", "UBND tỉnh Lào Cai"),
        ("Chức vụ người ký", "Chủ tịch"),
        ("Người ký", "Trịnh Xuân Trường"),
        ("Thực hiện từ ngày", "1/1/2021"),
        ("Đến ngày", "31/12/2021"),
        ("Cơ quan theo dõi", "Sở Nội vụ"),
        ("Mục tiêu", "Tăng ít nhất 05 bậc so với năm 2020"),
    ):
        field(page, label).fill(text)
    page.get_by_role("button", name="Lưu và nhập nhiệm vụ").click()
    expect(page.locator(".error-summary")).to_contain_text("28 ngày")
    expect(field(page, "Người ký")).to_have_value("Trịnh Xuân Trường")
    field(page, "Ngày ban hành").fill("30/3/2021")
    page.get_by_role("button", name="Lưu và nhập nhiệm vụ").click()
    page.wait_for_url("**/nhiem-vu/")
    assert Plan.objects.get().signer_name == "Trịnh Xuân Trường"


def field(page, label):
    return page.get_by_label(re.compile(rf"^{re.escape(label)}( \*)?$"))


def enter_the_tasks_by_keyboard(page):
    """Nothing but keys: the page opened with the cursor in the first cell."""
    keys = page.keyboard
    rows = (
        ("1", "Tuyên truyền về PAPI trên báo, đài", "8", "so tttt", "Quý III/2021"),
        ("2", "Công khai thủ tục hành chính", "5", "so tttt", "trước 30/6"),
        ("3", "Rà soát tin nhắn phản ánh", "1; 3", "so tttt", "thường xuyên"),
        ("4", "Báo cáo kết quả thực hiện", "chung", "cac so ban", "Quý V"),
    )
    for number, name, dimensions, lead, deadline in rows:
        keys.type(number)
        keys.press("Tab")
        keys.type(name)
        keys.press("Tab")
        keys.type(dimensions)
        keys.press("Escape")
        keys.press("Tab")
        keys.type(lead)
        keys.press("Enter")  # takes the first suggestion
        keys.press("Tab")
        keys.press("Tab")
        keys.type(deadline)
        keys.press("Enter")  # saves this row and goes to a new one
    expect(page.locator("tr[data-row]")).to_have_count(5)
    expect(page.locator("#grid-summary")).to_contain_text("Còn 1 chỗ thiếu")
    expect(page.locator("tr[data-row]").nth(0)).to_contain_text("30/09/2021")
    expect(page.locator("tr[data-row]").nth(1)).to_contain_text("30/06/2021")
    group = page.locator("tr[data-row]").nth(3)
    expect(group).to_contain_text("Giao cho 5 cơ quan")
    expect(group).to_contain_text("Sở Tài nguyên và Môi trường")
    assert Plan.objects.get().tasks.filter(lead_agency__code="STTTT").count() == 3


def mend_what_is_missing_and_give_out(page):
    page.locator("#grid-summary a").click()
    focused = page.locator(":focus")
    expect(focused).to_have_value("Quý V")
    focused.fill("Quý IV/2021")
    page.keyboard.press("Enter")
    expect(page.locator("#grid-summary")).to_contain_text("đủ để giao việc")
    page.get_by_role("button", name="Giao việc").click()
    page.get_by_role("button", name="Đồng ý").click()
    page.wait_for_url(re.compile(r"/ke-hoach/\d+/$"))
    expect(page.locator("#messages")).to_contain_text("Đã giao 8 phần việc")
    assert Assignment.objects.count() == 8


def report_twice_and_ask_for_time(page, tmp_path):
    assert page.url.endswith("/viec-cua-toi/")
    assert not is_wider_than_screen(page)
    expect(page.locator("#sau-do")).to_contain_text("Công khai thủ tục hành chính")

    report_on(page, "Công khai thủ tục hành chính")
    card = the_card(page, "Công khai thủ tục hành chính")
    card.get_by_label("Đã làm được gì").fill("Đã công khai 120 thủ tục.")
    card.get_by_label("Tiến độ, %").fill("60")
    card.get_by_role("button", name="Gửi báo cáo").click()
    expect(the_card(page, "Công khai thủ tục hành chính")).to_contain_text("60 %")

    proof = tmp_path / "bao cao.pdf"
    proof.write_bytes(b"%PDF-1.4\n%%EOF\n")
    for name in ("Công khai thủ tục hành chính", "Báo cáo kết quả thực hiện"):
        report_on(page, name)
        card = the_card(page, name)
        card.get_by_label("Đã làm được gì").fill("Đã hoàn thành.")
        card.get_by_label("Đã hoàn thành").check()
        card.get_by_label("Tiến độ, %").fill("40")
        card.get_by_role("button", name="Gửi báo cáo").click()
        expect(card.locator(".error-summary")).to_contain_text("40 %")
        card.get_by_label("Tiến độ, %").fill("100")
        card.get_by_label("Số văn bản").fill("215/BC-STTTT")
        card.get_by_label("Tệp kiểm chứng").set_input_files(proof)
        card.get_by_role("button", name="Gửi báo cáo").click()
        expect(the_card(page, name)).to_contain_text("Chờ xác nhận")
        assert page.url.endswith("/viec-cua-toi/")

    card = the_card(page, "Tuyên truyền về PAPI")
    card.get_by_role("link", name="Xin gia hạn").click()
    card.get_by_label("Hạn đề nghị").fill("31/10/2021")
    card.get_by_label("Lý do").fill("Chờ kinh phí bổ sung.")
    card.get_by_role("button", name="Gửi đề nghị gia hạn").click()
    expect(page.locator("#toasts")).to_contain_text("Đã gửi đề nghị gia hạn")
    assert not is_wider_than_screen(page)


def the_card(page, name):
    return page.locator(".item", has_text=name).first


def report_on(page, name):
    the_card(page, name).get_by_role("link", name="Cập nhật").click()
    expect(the_card(page, name).get_by_role("button", name="Gửi báo cáo")).to_be_visible()


def confirm_one_and_return_one(page):
    page.goto("/cho-xu-ly/")
    first = the_card(page, "Công khai thủ tục hành chính")
    expect(first).to_contain_text("215/BC-STTTT")
    first.get_by_role("button", name="Xác nhận hoàn thành").click()
    expect(page.locator("#messages")).to_contain_text("Đã xác nhận hoàn thành")
    second = the_card(page, "Báo cáo kết quả thực hiện")
    second.get_by_text("Trả lại kèm lý do").click()
    second.get_by_label("Lý do").fill("Thiếu số liệu quý I.")
    second.get_by_role("button", name="Trả lại").click()
    expect(page.locator("#messages")).to_contain_text("Đã trả lại")
    done = Assignment.objects.get(task__name="Công khai thủ tục hành chính")
    assert (done.status, done.done_on) == (Status.DONE, date(2021, 4, 5))


def approve_the_extension(page):
    assert page.url.endswith("/tong-quan/")
    expect(page.locator("main")).to_contain_text("xin từ 30/09/2021 đến 31/10/2021")
    page.get_by_role("link", name="Xem và quyết định").click()
    page.get_by_role("button", name="Đồng ý gia hạn", exact=True).click()
    expect(page.locator("#messages")).to_contain_text("Đã ghi quyết định")


def the_first_due_date_stays_visible(page):
    page.goto("/viec-cua-toi/")
    card = the_card(page, "Tuyên truyền về PAPI")
    expect(card).to_contain_text("Hạn 31/10/2021")
    expect(card.locator("s")).to_have_text("30/09/2021")
    expect(the_card(page, "Báo cáo kết quả thực hiện")).to_contain_text("Đang thực hiện")


def one_mail_per_person_next_morning(visit):
    mail.outbox.clear()
    # The return is answered a day before the quarter ends; two of her tasks are then due.
    call_command("remind", "--date=2021-12-31", "--send", verbosity=0)
    to_head = [letter for letter in mail.outbox if letter.to == [HEAD]]
    assert len(to_head) == 1
    assert "Tuyên truyền về PAPI" in to_head[0].body
    assert "Báo cáo kết quả thực hiện" in to_head[0].body
    assert len(mail.outbox) == len({tuple(letter.to) for letter in mail.outbox})
    call_command("remind", "--date=2021-12-31", "--send", verbosity=0)
    assert len([letter for letter in mail.outbox if letter.to == [HEAD]]) == 1

    head = visit(HEAD)
    head.goto("/thong-bao/")
    expect(head.locator("main")).to_contain_text("quá hạn")
    admin = visit(ADMIN)
    admin.goto("/thu-da-gui/")
    expect(admin.locator("main")).to_contain_text(HEAD)


def download_the_report(page):
    page.goto("/tong-quan/")
    page.get_by_role("link", name="Các báo cáo").click()
    page.wait_for_url("**/bao-cao/")
    page.get_by_role("button", name=re.compile("Lập báo cáo")).click()
    page.wait_for_url(re.compile(r"/bao-cao/\d+/$"))
    expect(page.locator("main")).to_contain_text("hờ")  # waiting for the worker
    jobs.build_report(Report.objects.get().pk)
    with page.expect_download() as caught:
        page.get_by_role("link", name="Tải PDF").click()
    content = caught.value.path().read_bytes()
    reader = PdfReader(BytesIO(content))
    text = "\n".join(sheet.extract_text() for sheet in reader.pages)
    for words in (
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "149/KH-UBND",
        "BÁO CÁO",
        "Nơi nhận",
        "Tuyên truyền về PAPI trên báo, đài",
        "Rà soát tin nhắn phản ánh",
    ):
        assert words in text
    last = reader.pages[-1].mediabox
    assert last.width > last.height
    report = Report.objects.get()
    assert report.state == "done"
    assert report.snapshot.sha256
