"""A clerk's day in the grid by keys and mouse: steps back, blocks of cells, picked rows, order."""

import json
from datetime import date

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from agencies.states import Role
from plans.models import Task, UnsavedRows
from tests.factories import make_agency, make_dimension, make_plan, make_post, make_task, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OFFICE = "van-phong@example.vn"
PASTE = """(field, [kind, text]) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData(kind, text);
    field.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));
}"""
# What an event of copying would put on the clipboard.
COPY = """(field) => {
    const clipboardData = new DataTransfer();
    field.dispatchEvent(
        new ClipboardEvent("copy", {clipboardData, bubbles: true, cancelable: true}));
    return [clipboardData.getData("text/plain"), clipboardData.getData("text/html")];
}"""
# Answers that come late, as over a bad line.
SLOWLY = """() => {
    const fetched = window.fetch;
    window.fetch = async (...given) => {
        await new Promise((done) => setTimeout(done, 300));
        return fetched(...given);
    };
}"""
# As Word copies a table: paragraphs in cells, one cell over two rows.
WORD = """<table><tr><td><p>Rà soát<br>thủ tục</p></td><td><p>5;</p><p>8</p></td>
<td rowspan=2><p>Sở Nội
 vụ</p></td></tr><tr><td><p>Công khai</p></td><td><p>chung</p></td></tr></table>"""


@pytest.fixture
def plan(transactional_db):
    agency = make_agency(name="Sở Nội vụ", code="SNV")
    make_agency(name="Sở Tư pháp", code="STP", province=agency.province)
    make_post(user=make_user(email=OFFICE), role=Role.OFFICE, agency=agency)
    for number in range(1, 9):
        make_dimension(number)
    plan = make_plan(province=agency.province, period_start=date(2026, 1, 1))
    for name in "ABCD":
        make_task(plan=plan, name=name, lead_agency=agency, lead_text="Sở Nội vụ", product="")
    return plan


@pytest.fixture
def page(visit, plan):
    page = visit(OFFICE)
    page.goto(f"/ke-hoach/{plan.pk}/nhiem-vu/")
    return page


def cell(page, name, row):
    return page.locator("tr[data-row]").nth(row).locator(f"[data-cell={name}] :is(input, textarea)")


def saved(page):
    expect(page.locator("#grid-state")).to_contain_text("Đã lưu")


def names(page):
    """The names on the page, which the stored rows must have too."""
    shown = page.locator("[data-cell=name] textarea").evaluate_all("all => all.map(e => e.value)")
    return "".join(shown)


def stored():
    return "".join(task.name for task in Task.objects.in_order())


def test_what_is_typed_filled_pasted_and_cleared_is_taken_back_step_by_step(page):
    keys = page.keyboard
    cell(page, "product", 0).focus()
    keys.type("Quyết định")
    keys.press("ArrowRight")  # at the end of the text: to the tick beside it
    keys.press("Shift+Tab")
    keys.press("Shift+ArrowDown")
    keys.press("Shift+ArrowDown")
    expect(page.locator("td.is-picked")).to_have_count(3)
    keys.press("Control+d")
    expect(cell(page, "product", 2)).to_have_value("Quyết định")
    text, html = cell(page, "product", 0).evaluate(COPY)
    assert text == "Quyết định\nQuyết định\nQuyết định"
    assert html.count("<td>Quyết định</td>") == 3
    keys.press("Delete")
    expect(cell(page, "product", 0)).to_have_value("")

    cell(page, "name", 3).focus()
    cell(page, "name", 3).evaluate(PASTE, ["text/html", WORD])
    expect(page.locator("tr[data-row]")).to_have_count(6)
    saved(page)
    made = Task.objects.in_order()[3:]
    assert [(t.name, t.dimensions_text, t.lead_text) for t in made] == [
        ("Rà soát thủ tục", "5; 8", "Sở Nội vụ"),
        ("Công khai", "chung", "Sở Nội vụ"),
    ]

    page.evaluate(SLOWLY)  # steps wait for each other's answers
    cell(page, "name", 0).focus()
    keys.type("x")
    keys.press("Control+z")  # the browser's own, inside the cell
    expect(cell(page, "name", 0)).to_have_value("A")
    for _ in range(2):  # the paste, the clearing
        keys.press("Control+z")
    expect(cell(page, "product", 2)).to_have_value("Quyết định")
    expect(page.locator("tr[data-row]")).to_have_count(5)
    for _ in range(2):  # the filling, the typing
        keys.press("Control+z")
    expect(cell(page, "product", 0)).to_have_value("")
    for _ in range(4):
        keys.press("Control+y")
    expect(page.locator("tr[data-row]")).to_have_count(6)
    page.locator("h1").click()
    saved(page)
    expect(page.locator("tr.is-new")).to_have_count(1)
    assert stored() == "ABCRà soát thủ tụcCông khai"


def test_picked_rows_are_set_deleted_and_brought_back(page, plan):
    page.get_by_role("checkbox", name="Chọn Dòng 1", exact=True).check()
    page.get_by_role("checkbox", name="Chọn Dòng 3", exact=True).click(modifiers=["Shift"])
    bar = page.get_by_role("form", name="Việc với các dòng đã chọn")
    expect(bar).to_contain_text("3 dòng đã chọn")
    bar.get_by_label("Đặt thành").fill("so tu phap")
    with page.expect_request("**/cac-dong/") as request:
        page.keyboard.press("Escape")
        bar.get_by_role("button", name="Đặt cho các dòng").click()
    assert request.value.post_data.count("so tu phap") == 3
    saved(page)
    assert [t.lead_agency.name for t in Task.objects.in_order()] == ["Sở Tư pháp"] * 3 + [
        "Sở Nội vụ"
    ]

    bar.get_by_role("button", name="Xóa các dòng").click()
    expect(page.locator("tr[data-row]")).to_have_count(2)
    saved(page)
    assert stored() == "D"
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("tr[data-row]")).to_have_count(5)
    expect(page.locator("tr.is-new")).to_have_count(1)
    assert names(page) == stored() == "ABCD"
    assert Task.objects.filter(lead_agency__name="Sở Tư pháp").count() == 3

    # A colleague was quicker at one of them: it says so, the others are saved.
    Task.objects.filter(name="B").update(lead_text="Sở Y tế", version=9)
    page.get_by_label("Chọn tất cả các dòng").check()
    bar.get_by_label("Ô cần đặt").select_option(label="Chủ trì")
    bar.get_by_label("Đặt thành").fill("Sở Nội vụ")
    bar.get_by_role("button", name="Đặt cho các dòng").click()
    disputed = page.locator("tr[data-row]").nth(1).locator("[data-cell=lead]")
    expect(disputed).to_contain_text("Sở Y tế")
    expect(page.locator("#grid-state")).to_contain_text("chưa lưu được: 1")
    expect(page.locator("tr.is-unsaved")).to_have_count(1)
    assert set(Task.objects.exclude(name="B").values_list("lead_text", flat=True)) == {"Sở Nội vụ"}
    disputed.get_by_role("button", name="Giữ của tôi").click()
    expect(page.locator("tr.is-unsaved")).to_have_count(0)
    assert set(Task.objects.values_list("lead_text", flat=True)) == {"Sở Nội vụ"}


def test_rows_move_by_keys_and_mouse_and_come_between_others(page):
    keys = page.keyboard
    cell(page, "name", 2).focus()
    with page.expect_response("**/chuyen/"):
        keys.press("Alt+ArrowUp")
        keys.press("Alt+ArrowUp")
    assert names(page) == stored() == "CABD"
    expect(cell(page, "name", 0)).to_be_focused()
    with page.expect_response("**/chuyen/"):
        keys.press("Control+z")
        keys.press("Control+z")
    assert names(page) == stored() == "ABCD"

    third = page.locator("tr[data-row]").nth(2)
    below = {"x": 30, "y": third.bounding_box()["height"] - 5}
    page.locator("tr[data-row]").nth(0).locator(".row-no").drag_to(third, target_position=below)
    expect(page.locator("[data-row-number]").nth(2)).to_have_text("3")
    assert names(page) == "BCAD"
    saved(page)

    cell(page, "number", 0).focus()
    keys.press("Control+Enter")
    keys.press("Tab")
    keys.type("x")
    page.locator("h1").click()
    expect(page.locator("[data-row-number]")).to_have_text(["1", "2", "3", "4", "5", "+"])
    assert names(page) == stored() == "BxCAD"

    page.get_by_label("Chỉ dòng còn thiếu").check()
    expect(page.locator("tr[data-row]:visible")).to_have_count(
        page.locator("tr[data-row]:has(.has-error)").count() + 1
    )
    page.get_by_label("Chỉ dòng còn thiếu").uncheck()
    page.get_by_label("Lọc dòng theo chữ").fill("D")
    expect(page.locator("tr[data-row]:visible")).to_have_count(2)


def test_what_was_never_left_is_there_again_and_never_over_a_newer_text(visit, page, plan):
    first, second = Task.objects.in_order()[:2]
    with page.expect_response("**/go-do/"):
        page.locator(f"#o-{first.pk}-name").fill("Gõ dở một")
    page.context.close()  # the power is cut
    assert UnsavedRows.objects.count() == 1
    assert stored() == "ABCD"

    again = visit(OFFICE)
    again.goto(f"/ke-hoach/{plan.pk}/nhiem-vu/")
    expect(again.locator("#grid-unsaved")).to_contain_text("Dòng 1: “Gõ dở một”")
    with again.expect_response("**/go-do/"):
        again.locator("#grid-unsaved").get_by_role("button", name="Lấy lại").click()
    assert stored() == "Gõ dở mộtBCD"
    assert not UnsavedRows.objects.exists()

    # Without network it is kept in this browser; meanwhile a colleague saves the row.
    again.context.set_offline(True)
    again.locator(f"#o-{second.pk}-name").fill("Gõ dở hai")
    again.wait_for_timeout(600)  # it is kept after a pause in typing
    Task.objects.filter(pk=second.pk).update(name="Của đồng nghiệp", version=2)
    again.context.set_offline(False)
    again.on("dialog", lambda dialog: dialog.accept())
    again.goto(f"/ke-hoach/{plan.pk}/nhiem-vu/")
    again.locator("#grid-unsaved").get_by_role("button", name="Lấy lại").click()
    disputed = again.locator(f"#dong-{second.pk} [data-cell=name]")
    expect(disputed).to_contain_text("Của đồng nghiệp")
    expect(disputed.locator("textarea")).to_have_value("Gõ dở hai")
    second.refresh_from_db()
    assert second.name == "Của đồng nghiệp"
    disputed.get_by_role("button", name="Giữ của tôi").click()
    saved(again)
    second.refresh_from_db()
    assert second.name == "Gõ dở hai"


def test_the_grid_is_read_aloud_by_column_and_row_and_passes_axe(page):
    assert cell(page, "lead", 1).evaluate("e => e.labels.length") == 0
    expect(page.get_by_role("combobox", name="Chủ trì Dòng 2")).to_have_count(0)
    cell(page, "lead", 1).focus()
    expect(page.get_by_role("combobox", name="Chủ trì Dòng 2", exact=True)).to_be_focused()
    cell(page, "deadline", 1).fill("Quý V")
    page.keyboard.press("Enter")
    saved(page)
    wrong = page.get_by_role("textbox", name="Thời hạn như trong văn bản Dòng 2")
    assert wrong.get_attribute("aria-invalid") == "true"
    note = page.locator(f"#{wrong.get_attribute('aria-describedby')}")
    expect(note).to_contain_text("Không có quý")
    page.get_by_label("Chọn tất cả các dòng").check()
    found = Axe().run(page)["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    wrong.focus()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_contain_text("Điền xuống")
    assert json.loads(page.locator("#grid-unsaved-rows").text_content()) == {}
