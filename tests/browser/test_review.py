"""A clerk reviews a document beside its source, from the file to the draft plan."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from agencies.states import Role
from plans import jobs, readings
from plans.models import Plan, Reading, ReadingRow
from tests.browser.conftest import is_wider_than_screen
from tests.factories import make_agency, make_dimension, make_post, make_province, make_user
from tests.reader.labelled import build
from tests.reader.labelled.markup import read_source

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICE = "van-phong@example.vn"
DOCUMENT = "06_gop_o_theo_cot"


@pytest.fixture
def agency(transactional_db, monkeypatch):
    # The worker is the test itself: what it reads is seen to arrive.
    monkeypatch.setattr(jobs, "wake", lambda _pk: None)
    province = make_province(name="Bến Tre", code="83")
    agency = make_agency(province=province, name="Sở Nội vụ", code="SNV")
    make_agency(province=province, name="Sở Tư pháp", code="STP")
    make_post(user=make_user(email=OFFICE), role=Role.OFFICE, agency=agency)
    for number in range(1, 9):
        make_dimension(number)
    return agency


def give(page, path):
    """Send the file, see that it waits and is read, and wait for the page under review."""
    page.goto("/ke-hoach/doc-van-ban/")
    page.set_input_files("input[type=file]", path)
    page.locator("main form button.primary").first.click()
    expect(page.locator("#reading-state")).to_contain_text("Đang chờ máy đọc")
    reading = readings.claim(Reading.objects.get().pk, now=timezone.now())
    expect(page.locator("#reading-state")).to_contain_text("Đang đọc")
    readings.read(reading)
    expect(page.locator("[data-review].is-live")).to_be_visible()
    return reading


def test_a_document_is_read_reviewed_left_and_taken_up_again_and_made_a_plan(
    visit, agency, tmp_path
):
    path = build.print_source(read_source(build.HERE / "sources" / f"{DOCUMENT}.txt"), tmp_path)
    page = visit(OFFICE)
    reading = give(page, path)
    first, second, *_others = ReadingRow.objects.all()

    # A press on words of the document goes to their field; a field shows its words.
    page.locator(f"#v-o-{second.pk}-name").click()
    expect(page.locator(f"#o-{second.pk}-name")).to_be_focused()
    page.locator(f"#o-{first.pk}-lead").focus()
    expect(page.locator("a.found.is-current").first).to_have_text("Sở Tư pháp")
    page.keyboard.press("F7")
    expect(page.locator("a.found.is-current").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(
        page.locator(f"#o-{first.pk}-lead, #o-{second.pk}-lead").and_(page.locator(":focus"))
    ).to_be_visible()

    # What is typed is kept although neither the row is left nor anything pressed.
    page.locator(f"#o-{first.pk}-name").fill("Sửa lại cho đúng")
    expect(page.locator("#grid-state")).to_contain_text("Đã lưu")
    page.locator("#id_title").fill("Nâng cao PAPI")
    expect(page.locator("[data-head-state]")).to_contain_text("Đã lưu")
    page.close()

    page = page.context.new_page()
    page.goto(reading.get_absolute_url())
    expect(page.locator(f"#o-{first.pk}-name")).to_have_value("Sửa lại cho đúng")
    expect(page.locator("#id_title")).to_have_value("Nâng cao PAPI")
    assert not is_wider_than_screen(page)

    # One row by the keyboard, one left out, then the rest.
    page.locator(f"#o-{first.pk}-name").press("Alt+Enter")
    expect(page.locator(f"#o-{second.pk}-name")).to_be_focused()
    expect(page.locator("#grid-summary")).to_contain_text("1 nhận")
    page.locator(f"#o-{second.pk}-leaves_out").check()
    expect(page.locator("#grid-summary")).to_contain_text("1 bỏ")
    page.keyboard.press("F8")
    expect(page.locator("tr:not(.is-accepted, .is-left-out) :focus")).to_be_visible()
    page.get_by_role("button", name="Tạo bản nháp").click()
    expect(page.locator("#id_leaves_rest_error")).to_contain_text("chưa xem")
    assert not Plan.objects.exists()
    page.get_by_role("button", name="Nhận tất cả").click()
    expect(page.locator("#grid-summary")).to_contain_text("0 chưa xem")
    page.get_by_role("button", name="Tạo bản nháp").click()
    expect(page.locator("h1")).to_have_text("Nhập nhiệm vụ")
    plan = Plan.objects.get()
    assert plan.title == "Nâng cao PAPI"
    assert plan.tasks.in_order()[0].name == "Sửa lại cho đúng"
    assert plan.tasks.count() == reading.rows.count() - 1


def test_on_a_phone_the_document_stays_above_its_rows(visit, agency):
    page = visit(OFFICE, "phone")
    reading = Reading.objects.create(
        province=agency.province,
        requested_by=agency.memberships.get().user,
        requested_at=timezone.now(),
        text="KẾ HOẠCH\nCải thiện PAPI năm 2026\n1. Sở Nội vụ chủ trì rà soát thủ tục hành chính.",
    )
    readings.read(readings.claim(reading.pk, now=timezone.now()))
    page.goto(reading.get_absolute_url())
    field = page.locator("[data-cell=lead] input").first
    field.focus()
    expect(page.locator("a.found.is-current").first).to_be_in_viewport()
    expect(field).to_be_in_viewport()
    assert not is_wider_than_screen(page)
