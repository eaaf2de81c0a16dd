"""Reminding, told once in a real browser: a rung is moved, a letter comes, its link reports.

The clock stands on a Monday, so that the letters of the next morning are due.
"""

import re
from datetime import date

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from icalendar import Calendar
from playwright.sync_api import expect

from agencies.states import Role
from plans.models import ProgressReport
from plans.states import PlanStatus
from tests.browser.conftest import is_wider_than_screen
from tests.factories import make_agency, make_assignment, make_plan, make_post, make_task, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OFFICE, HEAD = "van-phong@example.vn", "giam-doc@example.vn"
TASK = "Niêm yết công khai thủ tục hành chính"


@pytest.fixture
def clock():
    with time_machine.travel("2026-10-12T01:00:00Z", tick=True) as traveller:
        yield traveller


@pytest.fixture
def work(clock, transactional_db, live_server, settings):
    """Work due in seven weeks: by the usual rungs nobody is told of it yet."""
    settings.PORTAL_URL = live_server.url
    interior, health = make_agency(name="Sở Nội vụ"), make_agency(name="Sở Y tế")
    for email, role, agency in ((OFFICE, Role.OFFICE, interior), (HEAD, Role.HEAD, health)):
        make_post(user=make_user(email=email), role=role, agency=agency)
    plan = make_plan(
        number="149/KH-UBND",
        year=2026,
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        status=PlanStatus.ACTIVE,
    )
    task = make_task(plan=plan, lead_agency=health, name=TASK, due_on=date(2026, 11, 30))
    return make_assignment(agency=health, task=task, due_on=date(2026, 11, 30))


def test_a_rung_a_letter_its_link_the_notice_and_the_calendar(visit, work, clock):
    office = visit(OFFICE)
    nobody_is_told_tomorrow(office)
    move_the_first_rung_by_keyboard(office)
    one_letter_is_seen_before_it_is_written(office)

    clock.move_to("2026-10-13T01:00:00Z")
    call_command("remind", "--date=2026-10-13", "--send", verbosity=0)
    [letter] = [each for each in mail.outbox if each.to == [HEAD]]
    phone = visit(size="phone")
    report_by_the_link_of_the_letter(phone, letter, work)

    head = visit(HEAD, "phone")
    read_the_notice(head)
    address = make_a_calendar(head)
    the_calendar_shows_the_work_until_the_address_ends(head, phone, address)


def nobody_is_told_tomorrow(page):
    page.goto("/nhac-viec/")
    expect(page.locator("#h-day")).to_contain_text("0 người, 0 việc")


def move_the_first_rung_by_keyboard(page):
    page.get_by_role("link", name="Bậc nhắc", exact=True).click()
    first = page.locator("main details").first
    expect(first.locator("summary")).to_contain_text("Trước hạn 30 ngày: nhắc cán bộ.")
    expect(first.get_by_label("Số ngày")).to_be_hidden()
    first.locator("summary").press("Enter")
    first.get_by_label("Số ngày").fill("sáu mươi")
    first.get_by_label("thủ trưởng").press("Space")
    page.get_by_role("button", name="Lưu bậc nhắc").press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("Hãy ghi một số nguyên")
    expect(first.get_by_label("Số ngày")).to_have_value("sáu mươi")
    first.get_by_label("Số ngày").fill("60")
    page.get_by_role("button", name="Lưu bậc nhắc").press("Enter")
    expect(page.locator("#messages")).to_contain_text("Đã lưu bậc nhắc")
    expect(first).to_contain_text("Trước hạn 60 ngày: nhắc cán bộ, thủ trưởng.")


def one_letter_is_seen_before_it_is_written(page):
    page.get_by_role("link", name="Xem trước", exact=True).click()
    expect(page.locator("#h-day")).to_contain_text("Ngày mai")
    expect(page.locator("#h-day")).to_contain_text("1 người, 1 việc")
    page.get_by_role("link", name=re.compile("xem thư")).click()
    expect(page.locator("#thu")).to_contain_text(TASK)
    page.get_by_role("button", name="Gửi thử cho tôi").click()
    expect(page.locator("#messages")).to_contain_text(OFFICE)


def report_by_the_link_of_the_letter(page, letter, work):
    assert "List-Unsubscribe" in letter.extra_headers
    [url] = re.findall(r"https?://\S+/cap-nhat-qua-thu/\S+", letter.body)
    page.goto(url)
    assert not is_wider_than_screen(page)
    expect(page.locator("main")).to_contain_text(TASK)
    page.get_by_label("Đã làm được gì").fill("Đã niêm yết 40 thủ tục.")
    page.get_by_label("Tiến độ, %").fill("40")
    page.get_by_role("button", name="Gửi báo cáo").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã gửi báo cáo")
    report = ProgressReport.objects.get(assignment=work)
    assert (report.by.email, report.percent_done) == (HEAD, 40)

    page.goto(url)
    expect(page.locator("main")).to_contain_text("đã được dùng")
    page.goto("/viec-cua-toi/")
    page.wait_for_url("**/login/**")


def read_the_notice(page):
    bell = page.get_by_role("link", name=re.compile("^Thông báo"))
    expect(bell).to_have_accessible_name("Thông báo, 1 chưa đọc")
    bell.click()
    page.get_by_role("link", name=TASK).click()
    page.wait_for_url("**/viec/**")
    expect(page.locator("main")).to_contain_text("Đã niêm yết 40 thủ tục.")
    expect(bell).to_have_accessible_name("Thông báo")
    bell.click()
    page.get_by_role("button", name=re.compile("Đánh dấu chưa đọc")).click()
    page.get_by_role("button", name="Đánh dấu tất cả đã đọc").click()
    expect(bell).to_have_accessible_name("Thông báo")


def make_a_calendar(page):
    page.goto("/nhan-nhac-viec/")
    assert not is_wider_than_screen(page)
    page.get_by_role("button", name=re.compile("Tạo địa chỉ.*Việc của tôi")).click()
    return page.get_by_role("textbox", name="Địa chỉ để chép").input_value()


def the_calendar_shows_the_work_until_the_address_ends(page, program, address):
    """`program` is signed in nowhere."""
    answer = program.request.get(address)
    [event] = Calendar.from_ical(answer.body()).walk("VEVENT")
    assert event["summary"] == f"Hạn: {TASK}"
    assert event["dtstart"].dt == date(2026, 11, 30)

    page.get_by_role("link", name="Đã chép, tiếp tục").click()
    page.get_by_role("button", name=re.compile("Thu hồi.*Việc của tôi")).click()
    page.get_by_role("button", name="Đồng ý").click()
    expect(page.locator("#messages")).to_contain_text("Đã thu hồi địa chỉ lịch")
    assert program.request.get(address).status == 404
