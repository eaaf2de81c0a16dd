"""A report from the one button to the paper that replaces it, and the outsider who holds a copy.

The worker's part is done by the test: files are real, only the queue is not.
"""

import base64
import re
from datetime import date

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from agencies.states import Role
from plans.reports import jobs
from plans.reports.models import Report
from plans.reports.services import texts
from plans.states import PlanStatus, Status
from tests.factories import (
    make_agency,
    make_assignment,
    make_dimension,
    make_plan,
    make_post,
    make_task,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICE = "van-phong@example.vn"
# A file that comes from outside the page, let go over its heading.
DROP = """async (heading, [name, content]) => {
    const dataTransfer = new DataTransfer();
    const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
    dataTransfer.items.add(new File([bytes], name));
    heading.dispatchEvent(
        new DragEvent("drop", {dataTransfer, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def clock():
    with time_machine.travel("2026-06-01T02:00:00Z", tick=True) as clock:
        yield clock


@pytest.fixture
def plan(clock, transactional_db):
    """What was known on the 1st of June; the day after the quarter's cut-off is today."""
    cache.clear()
    agency = make_agency(name="Sở Nội vụ", code="SNV")
    make_post(user=make_user(email=OFFICE), role=Role.OFFICE, agency=agency)
    for number in range(1, 9):
        make_dimension(number)
    plan = make_plan(
        province=agency.province,
        monitor=agency,
        number="149/KH-UBND",
        issued_on=date(2026, 3, 30),
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        activated_on=date(2026, 4, 1),
        status=PlanStatus.ACTIVE,
    )
    due_on = date(2026, 5, 31)
    for name, status in (("Công khai thủ tục", Status.DONE), ("Rà soát phản ánh", "in_progress")):
        task = make_task(
            plan=plan, name=name, dimension=make_dimension(5), lead_agency=agency, due_on=due_on
        )
        make_assignment(task=task, plan=plan, agency=agency, due_on=due_on, status=status)
    clock.move_to("2026-06-15T02:00:00Z")
    return plan


def test_a_report_is_made_written_issued_verified_and_replaced(visit, plan, tmp_path):
    office = visit(OFFICE)
    ask_by_one_button(office, plan)
    the_page_ends_by_itself_and_keeps_the_focus(office)
    write_beside_the_figures(office)
    issue(office, "05/BC-SNV")
    paper = download(office, tmp_path)

    outsider = visit()
    find_by_its_code(outsider, Report.objects.get().printed_code)
    compare_in_the_browser(outsider, paper)
    compare_without_https(visit(), paper)
    compare_without_scripts(visit(has_scripts=False), paper)

    replace(office)
    outsider.reload()
    expect(outsider.locator("main")).to_contain_text("Đã bị thay thế bằng văn bản số 06/BC-SNV")


def test_a_restored_draft_does_not_overwrite_what_somebody_else_has_saved_since(visit, plan):
    office = visit(OFFICE)
    ask_by_one_button(office, plan)
    work(office)
    report = Report.objects.get()
    office.goto(f"/bao-cao/{report.pk}/loi-van/")
    office.get_by_role("textbox", name="II. Đánh giá kết quả thực hiện").fill("Bản gõ dở.")
    office.wait_for_timeout(600)  # the draft is written after a pause in typing
    texts.save(report, {"assessment": "Bản của người khác."}, version=1, now=timezone.now())

    office.reload()
    office.get_by_role("button", name="Lấy lại").click()
    office.get_by_role("button", name="Lưu", exact=True).last.click()
    expect(office.locator(".error-summary")).to_contain_text("vừa sửa phần này")
    expect(office.locator("table.diff")).to_contain_text("Bản của người khác.")
    expect(office.locator("table.diff")).to_contain_text("Bản gõ dở.")
    report.refresh_from_db()
    assert report.texts == {"assessment": "Bản của người khác."}
    office.get_by_role("button", name="Lưu", exact=True).last.click()
    office.wait_for_url(re.compile(r"/bao-cao/[0-9]+/$"))
    report.refresh_from_db()
    assert report.texts == {"assessment": "Bản gõ dở."}


def work(page):
    """What the worker does; the page asks for the outcome by itself."""
    jobs.build_report(int(re.search(r"/bao-cao/([0-9]+)/", page.url).group(1)))
    expect(page.get_by_role("link", name="Tải PDF", exact=True)).to_be_visible()
    expect(page.locator("#report-progress")).to_have_count(0)


def ask_by_one_button(page, plan):
    page.goto(f"/ke-hoach/{plan.pk}/")
    page.get_by_role("button", name="Báo cáo quý II năm 2026").click()
    page.wait_for_url(re.compile(r"/bao-cao/[0-9]+/$"))


def the_page_ends_by_itself_and_keeps_the_focus(page):
    focused = page.locator(":focus")
    page.get_by_role("link", name="Soạn phần tự viết").focus()
    with page.expect_response(lambda response: response.request.resource_type == "xhr"):
        pass
    expect(focused).to_have_text("Soạn phần tự viết")
    page.get_by_role("button", name="Dừng lập").focus()
    work(page)
    # The button is gone: the cursor stays in the part it stood in, not at the top of the page.
    expect(focused).to_have_id("report-state")
    expect(page.locator("#said")).to_have_text("Đã xong")


def write_beside_the_figures(page):
    page.get_by_role("link", name="Soạn phần tự viết").click()
    page.get_by_role("button", name=re.compile("^Chèn")).first.click()
    field = page.locator(":focus")
    sentence = field.input_value()
    assert sentence
    page.keyboard.type(" Viết thêm.")
    page.get_by_role("button", name="Lưu", exact=True).last.click()
    page.wait_for_url(re.compile(r"/bao-cao/[0-9]+/$"))
    expect(page.locator("main")).to_contain_text(f"{sentence} Viết thêm.")
    work(page)


def issue(page, number):
    page.get_by_role("link", name="Ghi phát hành").click()
    page.get_by_label("Số, ký hiệu").fill("5")
    page.get_by_label("Ngày ký").fill("1/6/2026")
    page.get_by_label("Người ký").fill("Nguyễn Văn Ký")
    page.get_by_role("button", name="Phát hành").click()
    expect(page.locator(".error-summary")).to_contain_text("thiếu ký hiệu")
    page.get_by_label("Số, ký hiệu").fill(number)
    page.get_by_role("button", name="Phát hành").click()
    expect(page.locator(".error-summary")).to_contain_text("không thể ký ngày 01/6/2026")
    page.get_by_label("Ngày ký").fill("15/6/2026")
    page.get_by_role("button", name="Phát hành").click()
    expect(page.locator("#messages")).to_contain_text(f"Đã ghi phát hành số {number}")
    work(page)


def download(page, folder):
    with page.expect_download() as caught:
        page.get_by_role("link", name="Tải PDF", exact=True).click()
    name = caught.value.suggested_filename
    assert name == "05-bc-snv_149-kh-ubnd_2026-q2.pdf"
    caught.value.save_as(folder / name)
    return folder / name


def find_by_its_code(page, code):
    page.goto("/xac-minh/")
    page.get_by_label("Mã xác minh").fill(code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Văn bản đã phát hành, còn giá trị.")
    expect(page.locator("main")).to_contain_text("05/BC-SNV")


def compare_in_the_browser(page, paper):
    sent = []
    page.on("request", lambda request: sent.append(request.method))
    outcome = page.locator("#match")
    page.get_by_label("Tệp cần so").set_input_files(paper)
    expect(outcome).to_contain_text("Đúng nguyên bản đã phát hành.")
    changed = base64.b64encode(b"#" + paper.read_bytes()[1:]).decode()
    page.locator("h1").evaluate(DROP, ["sua.pdf", changed])
    expect(outcome).to_contain_text("đã bị sửa")
    signed = base64.b64encode(paper.read_bytes() + b"/Sig").decode()
    page.locator("h1").evaluate(DROP, ["ky.pdf", signed])
    expect(outcome).to_contain_text("có ghi thêm phía sau")
    assert "POST" not in sent


def compare_without_https(page, paper):
    """Where the browser hashes nothing, a dropped file is sent."""
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    page.goto(f"/xac-minh/{Report.objects.get().code}/")
    dropped = base64.b64encode(paper.read_bytes()).decode()
    with page.expect_request(lambda request: request.method == "POST"):
        page.locator("h1").evaluate(DROP, [paper.name, dropped])
    expect(page.locator("#match")).to_contain_text("Đúng nguyên bản đã phát hành.")


def compare_without_scripts(page, paper):
    page.goto(f"/xac-minh/{Report.objects.get().code}/")
    page.get_by_label("Tệp cần so").set_input_files(paper)
    page.get_by_role("button", name="So tệp").click()
    expect(page.locator("#match")).to_contain_text("Đúng nguyên bản đã phát hành.")


def replace(page):
    page.get_by_role("button", name="Lập văn bản thay thế").click()
    page.get_by_role("button", name="Đồng ý").click()
    expect(page.locator("main")).to_contain_text("Thay thế văn bản số 05/BC-SNV")
    work(page)
    issue(page, "06/BC-SNV")
    page.get_by_role("link", name="Mở văn bản cũ").click()
    expect(page.locator("main")).to_contain_text("thay thế bằng văn bản số 06/BC-SNV")
