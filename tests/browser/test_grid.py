"""What may happen while a clerk types: network gone, session ended, a colleague quicker."""

from datetime import date

import pytest
from playwright.sync_api import expect

from agencies.states import Role
from plans.models import Task
from tests.factories import make_agency, make_dimension, make_plan, make_post, make_task, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICE = "van-phong@example.vn"


@pytest.fixture
def plan(transactional_db):
    agency = make_agency(name="Sở Nội vụ", code="SNV")
    make_post(user=make_user(email=OFFICE), role=Role.OFFICE, agency=agency)
    for number in range(1, 9):
        make_dimension(number)
    return make_plan(province=agency.province, period_start=date(2026, 1, 1))


def open_grid(visit, plan):
    page = visit(OFFICE)
    page.goto(f"/ke-hoach/{plan.pk}/nhiem-vu/")
    return page


def type_name(page, text):
    page.locator("[data-cell=name] textarea").last.fill(text)
    page.locator("[data-cell=number] input").last.focus()


def leave_row(page):
    page.locator("h1").click()


def test_without_network_the_text_stays_and_is_saved_when_the_network_is_back(visit, plan):
    page = open_grid(visit, plan)
    page.context.set_offline(True)
    type_name(page, "Gõ lúc mất mạng")
    leave_row(page)
    expect(page.locator("#grid-state")).to_contain_text("Chưa lưu được")
    assert not Task.objects.exists()
    page.context.set_offline(False)
    page.locator("[data-cell=number] input").first.focus()
    leave_row(page)
    expect(page.locator("#grid-state")).to_contain_text("Đã lưu")
    assert Task.objects.get().name == "Gõ lúc mất mạng"


def test_after_the_session_ended_the_text_stays_and_is_saved_once_signed_in_again(visit, plan):
    page = open_grid(visit, plan)
    cookies = [c for c in page.context.cookies() if c["name"] != "sessionid"]
    page.context.clear_cookies()
    page.context.add_cookies(cookies)
    type_name(page, "Gõ lúc hết phiên")
    leave_row(page)
    expect(page.locator("#grid-state")).to_contain_text("hết hạn")
    assert not Task.objects.exists()

    other = page.context.new_page()
    other.goto("/tai-khoan/login/")
    other.fill("input[name=login]", OFFICE)
    other.fill("input[name=password]", "mat-khau-thu-nghiem-1")
    other.press("input[name=password]", "Enter")
    other.wait_for_url(lambda url: "login" not in url)
    page.locator("[data-cell=number] input").first.focus()
    leave_row(page)
    expect(page.locator("#grid-state")).to_contain_text("Đã lưu")
    assert Task.objects.get().name == "Gõ lúc hết phiên"


def test_when_a_colleague_saved_first_both_texts_are_shown_and_mine_can_be_kept(visit, plan):
    task = make_task(plan=plan, name="Bản gốc")
    page = open_grid(visit, plan)
    Task.objects.filter(pk=task.pk).update(name="Của đồng nghiệp", version=2)
    page.locator(f"#o-{task.pk}-name").fill("Của tôi")
    leave_row(page)
    cell = page.locator(f"#dong-{task.pk} [data-cell=name]")
    expect(cell).to_contain_text("Của đồng nghiệp")
    cell.get_by_role("button", name="Giữ của tôi").click()
    expect(page.locator("#grid-state")).to_contain_text("Đã lưu")
    task.refresh_from_db()
    assert task.name == "Của tôi"


def test_enter_steps_down_and_escape_closes_the_suggestions_without_choosing(visit, plan):
    make_task(plan=plan, name="Một")
    page = open_grid(visit, plan)
    lead = page.locator("[data-cell=lead] input").first
    lead.fill("")
    lead.press_sequentially("noi vu")
    expect(page.get_by_role("option", name="Sở Nội vụ")).to_be_visible()
    lead.press("Escape")
    expect(page.get_by_role("option", name="Sở Nội vụ")).to_be_hidden()
    expect(lead).to_have_value("noi vu")
    lead.press("Enter")
    expect(page.locator("tr[data-row]").nth(1).locator("[data-cell=number] input")).to_be_focused()
    expect(page.locator("tr[data-row]").first).to_contain_text("Sở Nội vụ")


def test_a_row_that_a_colleague_deleted_is_saved_as_a_new_one(visit, plan):
    task = make_task(plan=plan, name="Bị xóa")
    page = open_grid(visit, plan)
    Task.objects.filter(pk=task.pk).delete()
    page.locator(f"#o-{task.pk}-name").fill("Gõ sau khi bị xóa")
    leave_row(page)
    expect(page.locator("#grid-state")).to_contain_text("đã xóa dòng này")
    page.locator("[data-cell=number] input").first.focus()
    leave_row(page)
    expect(page.locator("#grid-state")).to_contain_text("Đã lưu")
    assert Task.objects.get().name == "Gõ sau khi bị xóa"


def test_a_copied_table_fills_cells_and_rows_in_its_order(visit, plan):
    page = open_grid(visit, plan)
    table = '1\tRà soát\t"5; 8"\tSở Nội vụ\n2\t"Hai ""dòng""\nmột ô"\tchung\tsnv\n'
    page.locator("[data-cell=number] input").evaluate(
        """(field, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            field.dispatchEvent(new ClipboardEvent("paste", {clipboardData, bubbles: true}));
        }""",
        table,
    )
    expect(page.locator("tr[data-row]")).to_have_count(3)
    expect(page.locator("#grid-state")).to_contain_text("Đã lưu")
    rows = Task.objects.in_order()
    assert [(row.number_in_plan, row.name) for row in rows] == [
        ("1", "Rà soát"),
        ("2", 'Hai "dòng" một ô'),
    ]
    assert [row.dimensions_text for row in rows] == ["5; 8", "chung"]
    assert {row.lead_agency.name for row in rows} == {"Sở Nội vụ"}


def test_a_disputed_row_is_sent_once_each_of_its_cells_is_decided(visit, plan):
    task = make_task(plan=plan, name="Bản gốc", product="")
    page = open_grid(visit, plan)
    Task.objects.filter(pk=task.pk).update(name="Tên của họ", product="Của họ", version=2)
    page.locator(f"#o-{task.pk}-name").fill("Tên của tôi")
    leave_row(page)
    row = page.locator(f"#dong-{task.pk}")
    row.locator("[data-cell=name]").get_by_role("button", name="Giữ của tôi").click()
    expect(page.locator(":focus")).to_have_text("Giữ của tôi")
    assert Task.objects.get().name == "Tên của họ"
    row.locator("[data-cell=product]").get_by_role("button", name="Lấy bản đang lưu").click()
    expect(page.locator("#grid-state")).to_contain_text("Đã lưu")
    task.refresh_from_db()
    assert (task.name, task.product) == ("Tên của tôi", "Của họ")


def test_without_scripts_each_row_is_saved_moved_and_deleted_by_its_own_buttons(visit, plan):
    task = make_task(plan=plan, name="Tên cũ")
    page = visit(OFFICE, has_scripts=False)
    page.goto(f"/ke-hoach/{plan.pk}/nhiem-vu/")
    page.locator(f"#o-{task.pk}-name").fill("Tên mới")
    page.locator(f"#dong-{task.pk}").get_by_role("button", name="Lưu").click()
    expect(page.locator(f"#o-{task.pk}-name")).to_have_value("Tên mới")
    page.locator("#o-moi-name").fill("Thêm một dòng")
    page.locator("#o-moi-number").press("Enter")
    expect(page.locator("[data-cell=name] textarea")).to_have_count(3)
    page.locator(f"#dong-{task.pk}").get_by_role("button", name="Chuyển xuống").click()
    expect(page.locator("[data-cell=name] textarea").nth(1)).to_have_value("Tên mới")
    page.locator(f"#dong-{task.pk}").get_by_role("button", name="Xóa dòng").click()
    expect(page.locator(f"#dong-{task.pk}")).to_have_count(0)
    assert Task.objects.get().name == "Thêm một dòng"


def test_when_a_script_is_lost_on_the_way_the_rows_still_have_their_buttons(visit, plan):
    page = visit(OFFICE)
    page.route("**/grid/rows*.js", lambda route: route.abort())
    page.goto(f"/ke-hoach/{plan.pk}/nhiem-vu/")
    page.locator("#o-moi-name").fill("Vẫn lưu được")
    page.locator("#dong-moi").get_by_role("button", name="Lưu").click()
    expect(page.locator("[data-cell=name] textarea").first).to_have_value("Vẫn lưu được")
    assert Task.objects.get().name == "Vẫn lưu được"
