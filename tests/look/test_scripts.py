"""What portal.js and combobox.js promise, in a real browser."""

import pytest

pytestmark = pytest.mark.browser

AGENCIES = """<form method="post" action="/gui/" data-draft="thu">
<label for="id_lead">Chủ trì</label>
<select id="id_lead" name="lead" data-combobox required>
<option value="">Chọn</option><option value="1">Sở Nội vụ</option>
<option value="2" data-keys="so tttt stttt">Sở Thông tin và Truyền thông</option>
<option value="3">Sở Tài chính</option></select>
<label for="id_support">Phối hợp</label>
<select id="id_support" name="support" data-combobox multiple>
<option value="1">Sở Nội vụ</option><option value="3">Sở Tài chính</option></select>
<label for="id_note">Ghi chú</label><textarea id="id_note" name="note"></textarea>
<button type="submit">Lưu</button></form>"""
# What htmx puts into the page when the server refuses a form.
FAULT = """<div id="part"><div class="error-summary" tabindex="-1">Sai</div></div>"""


def value_of(page, name):
    return page.eval_on_selector(
        f"#id_{name}", "select => [...select.selectedOptions].map(o => o.value)"
    )


@pytest.mark.parametrize("typed", ["so tttt", "thong tin", "SỞ THÔNG", "truyen so"])
def test_an_agency_is_found_by_words_without_marks_and_by_its_letters(show, typed):
    page = show(AGENCIES)
    page.get_by_label("Chủ trì").fill(typed)
    page.keyboard.press("Enter")
    assert value_of(page, "lead") == ["2"]
    assert page.get_by_label("Chủ trì").input_value() == "Sở Thông tin và Truyền thông"


def test_tab_takes_what_was_found(show):
    page = show(AGENCIES)
    page.get_by_label("Chủ trì").press_sequentially("tai")
    page.keyboard.press("Tab")
    assert value_of(page, "lead") == ["3"]


def test_words_that_found_nothing_choose_nothing(show):
    page = show(AGENCIES)
    page.get_by_label("Chủ trì").press_sequentially("xyz")
    page.get_by_text("Không tìm thấy").wait_for()
    page.keyboard.press("Tab")
    assert value_of(page, "lead") == [""]
    assert page.get_by_label("Chủ trì").input_value() == ""


def test_several_agencies_are_chosen_and_the_last_is_taken_back(show):
    page = show(AGENCIES)
    field = page.get_by_label("Phối hợp")
    for typed in ("noi", "tai"):
        field.press_sequentially(typed)
        page.keyboard.press("Enter")
    assert value_of(page, "support") == ["1", "3"]
    page.keyboard.press("Backspace")
    assert value_of(page, "support") == ["1"]


def test_what_was_typed_comes_back_after_the_page_was_lost(show):
    page = show(AGENCIES)
    page.get_by_label("Ghi chú").fill("đang gõ dở")
    page.wait_for_timeout(600)  # the draft is written after a pause in typing
    page.reload()
    page.get_by_role("button", name="Lấy lại").click()
    assert page.get_by_label("Ghi chú").input_value() == "đang gõ dở"


def test_a_draft_comes_back_with_the_version_that_it_was_typed_upon(show):
    page = show(
        """<form method="post" action="/gui/" data-draft="thu"><label>Ghi chú
        <textarea name="note"></textarea></label><input type="hidden" name="version" value="1">
        <input type="hidden" name="initial-note" value="Gốc">
        <input type="hidden" name="csrfmiddlewaretoken" value="a"></form>"""
    )
    page.get_by_label("Ghi chú").fill("đang gõ dở")
    page.wait_for_timeout(600)
    page.reload()
    # Somebody else has saved meanwhile.
    page.eval_on_selector_all("[type=hidden]", "all => all.forEach(one => { one.value = 'mới'; })")
    page.get_by_role("button", name="Lấy lại").click()
    kept = page.eval_on_selector_all("[type=hidden]", "all => all.map(one => one.value)")
    assert kept == ["1", "Gốc", "mới"]


def test_a_form_pressed_twice_is_sent_once(show):
    page = show(AGENCIES)
    sent = []
    page.get_by_label("Chủ trì").fill("noi vu")
    page.keyboard.press("Enter")
    page.on("request", lambda request: sent.append(1) if request.method == "POST" else None)
    page.evaluate(
        "() => { const b = document.querySelector('[type=submit]'); b.click(); b.click(); }"
    )
    page.wait_for_url("**/gui/")
    assert len(sent) == 1


def test_a_refused_form_is_shown_again_with_the_focus_on_its_faults(show):
    body = """<div id="part"><form method="post" hx-post="/tu-choi/" hx-target="#part"
      hx-swap="outerHTML"><button type="submit">Gửi</button></form></div>"""
    page = show(body, {"/tu-choi/": (409, FAULT)})
    page.get_by_role("button", name="Gửi").click()
    page.wait_for_selector(".error-summary:focus")


def test_a_whole_error_page_is_told_in_a_toast_and_leaves_the_form(show):
    body = """<div id="part"><form method="post" hx-post="/cam/" hx-target="#part">
      <button type="submit">Gửi</button></form></div>"""
    page = show(body, {"/cam/": (403, "<!DOCTYPE html><h1>Không có quyền</h1>")})
    page.get_by_role("button", name="Gửi").click()
    page.locator("#toasts").get_by_text("Không có quyền").wait_for()
    assert page.get_by_role("button", name="Gửi").is_visible()


def test_a_fault_of_the_server_keeps_the_form(show):
    body = """<form method="post" hx-post="/loi/"><button type="submit">Gửi</button></form>"""
    page = show(body, {"/loi/": (500, "x")})
    page.get_by_role("button", name="Gửi").click()
    page.locator("#toasts").get_by_text("Máy chủ gặp lỗi").wait_for()


def test_the_same_fault_is_told_once_while_it_stands(show):
    body = """<button hx-post="/loi/">Gửi</button>"""
    page = show(body, {"/loi/": (500, "x")})
    for _time in range(3):
        with page.expect_response("**/loi/"):
            page.get_by_role("button", name="Gửi").click()
    page.locator("#toasts").get_by_text("Máy chủ gặp lỗi").wait_for()
    assert page.locator("#toasts p").count() == 1


POLL = """<div id="part" tabindex="-1" data-say="{say}" hx-get="/buoc/" hx-trigger="every 1s"
  hx-swap="outerHTML">{inner}</div>"""
COUNT_SAYINGS = """() => { window.sayings = 0; new MutationObserver(() => window.sayings++)
  .observe(document.getElementById("said"), { childList: true }); }"""


def test_a_part_that_asks_again_is_read_out_once_keeps_the_focus_and_waits_for_an_answer(show):
    answers = {"/buoc/": (200, POLL.format(say="Đang lưu", inner="<p>60 %</p>"))}
    page = show(POLL.format(say="Chờ", inner="<button>Dừng</button>"), answers)
    page.evaluate(COUNT_SAYINGS)
    page.get_by_role("button", name="Dừng").focus()
    for _time in range(2):
        with page.expect_response("**/buoc/"):
            pass
    page.wait_for_selector("#part:focus")
    page.wait_for_timeout(100)
    assert page.locator("#said").text_content() == "Đang lưu"
    assert page.evaluate("window.sayings") == 1

    asked = []
    page.evaluate("window.portal.openDialog('keys')")
    # The dialog itself may bring a font.
    page.on(
        "request", lambda request: asked.append(request.url) if "/buoc/" in request.url else None
    )
    page.wait_for_timeout(1500)
    assert asked == []


def test_buttons_tick_and_clear_every_box_of_a_field(show):
    page = show(
        """<fieldset id="all"><input type="checkbox" checked><input type="checkbox"></fieldset>
      <p hidden data-check-bar><button type="button" data-check="all" data-check-to="1">Hết</button>
      <button type="button" data-check="all">Không</button></p>"""
    )
    page.get_by_role("button", name="Hết").click()
    assert page.locator(":checked").count() == 2
    page.locator("p").get_by_role("button", name="Không").click()
    assert page.locator(":checked").count() == 0


def test_a_text_with_little_room_tells_how_much_was_typed(show):
    page = show("""<label for="id_note">Ghi chú</label>
<textarea id="id_note" data-most-letters="5" data-most-lines="2"
 data-fits="Đã gõ {letters}/5, {lines}/2." data-over="Quá dài: {letters}/5, {lines}/2."></textarea>
""")
    told, said = page.locator("[data-counted]"), page.locator("#said")
    assert told.inner_text() == "Đã gõ 0/5, 0/2."
    page.fill("#id_note", "Ba\u0300 ")
    assert told.inner_text() == "Đã gõ 2/5, 1/2."
    page.fill("#id_note", "1\n2\n3")
    assert told.inner_text() == said.inner_text() == "Quá dài: 5/5, 3/2."
    page.fill("#id_note", "123456")
    assert told.inner_text() == "Quá dài: 6/5, 1/2."
    page.fill("#id_note", "12345")
    assert told.inner_text() == "Đã gõ 5/5, 1/2."


def test_an_ended_session_leads_to_signing_in_and_keeps_the_draft(show):
    body = """<form method="post" hx-post="/gui/" data-draft="thu" data-confirm-leave><label>Ghi chú
      <textarea name="note"></textarea></label><button type="submit">Gửi</button></form>"""
    page = show(body)
    page.get_by_label("Ghi chú").fill("đang gõ dở")
    page.wait_for_timeout(600)
    # A redirect cannot be answered by a routed page, so the event of htmx is made by hand.
    page.evaluate(
        """() => document.body.dispatchEvent(new CustomEvent("htmx:beforeSwap", { bubbles: true,
          detail: { xhr: { responseURL: location.origin + "/login/", status: 200 } } }))"""
    )
    page.wait_for_url("**/login/?next=%2F")
    page.get_by_role("button", name="Lấy lại").click()
    assert page.get_by_label("Ghi chú").input_value() == "đang gõ dở"


def test_nothing_is_sent_until_the_question_is_answered(show):
    body = """<form method="post" action="/xoa/">
      <button type="submit" name="act" value="xoa" data-confirm="Xóa?">Xóa</button></form>"""
    page = show(body)
    page.get_by_role("button", name="Xóa").click()
    page.get_by_role("button", name="Không").click()
    assert page.url == "http://portal.test/"
    page.get_by_role("button", name="Xóa").click()
    with page.expect_request("**/xoa/") as request:
        page.get_by_role("button", name="Đồng ý").click()
    assert request.value.post_data == "act=xoa"


def test_keys_search_add_and_help(show):
    page = show("""<input id="q" aria-label="Tìm"><a href="/moi/" data-key="n">Thêm</a>""")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("n?")
    assert page.locator("#q").input_value() == "n?"
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    page.get_by_text("Phím tắt").wait_for()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.wait_for_url("**/moi/")
