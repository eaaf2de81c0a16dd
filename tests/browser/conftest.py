"""Chromium against a live server; every page is watched for script errors and broken policy."""

import pytest

from tests.factories import PASSWORD

SIZES = {"pc": (1366, 768), "phone": (390, 844)}


@pytest.fixture
def visit(chromium, live_server):
    """Return a function that opens a page of the portal as somebody or nobody, at a size."""
    contexts, faults = [], []

    def open_page(email=None, size="pc", *, has_scripts=True):
        width, height = SIZES[size]
        context = chromium.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            accept_downloads=True,
            has_touch=size == "phone",
            java_script_enabled=has_scripts,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: _keep_policy_faults(said, faults))
        if email is None:
            return page
        page.goto("/tai-khoan/login/")
        page.fill("input[name=login]", email)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def _keep_policy_faults(said, faults):
    if "Content Security Policy" in said.text:
        faults.append(said.text)


def is_wider_than_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
