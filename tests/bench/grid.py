"""The entry grid in Chromium on a slow processor: from a key to the picture, and its weight."""

from __future__ import annotations

import gzip
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.wsgi import get_wsgi_application
from django.db import transaction
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from django.urls import reverse

from plans.grid import RowReader
from plans.models import Plan
from plans.services import save_task
from tests import servers
from tests.bench import data, measure

SLOWER = 6
SIZES = (150, 500)
KEYS = 40
# Chromium tells no event that was painted sooner than this.
LEAST_MS = 16
LAUNCH = ("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage")
ROW = {
    "name": "Rà soát, công khai thủ tục hành chính thuộc thẩm quyền giải quyết của ngành",
    "lead": "Sở Nội vụ",
    "supporters": "các sở, ban, ngành",
    "deadline": "Quý III",
    "product": "Quyết định công bố",
    "needs_evidence": "1",
}
WATCH = """() => {
    window.heard = [];
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
            if (entry.name === "keydown") window.heard.push(entry.duration);
        }
    }).observe({type: "event", durationThreshold: 16});
}"""
# From what a script does to the second frame after it: by then the first was shown.
UNTIL_SHOWN = """async (act) => {
    const begin = performance.now();
    %s
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return performance.now() - begin;
}"""
IS_BUSY = "portalGrid.unsavedRows().length || document.querySelectorAll('tr[aria-busy]').length"
PASTE = UNTIL_SHOWN % (
    """const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", act);
    document.activeElement.dispatchEvent(
        new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true}));"""
)
CLICK = UNTIL_SHOWN % "document.querySelector(act).click();"
PRESS = UNTIL_SHOWN % (
    """const key = {key: act, ctrlKey: true, bubbles: true, cancelable: true};
    document.activeElement.dispatchEvent(new KeyboardEvent("keydown", key));"""
)


def measure_grid(today: date) -> None:
    path = servers.chromium()
    if path is None:
        measure.say("No Chromium on this machine: the grid was not measured.")
        return
    office = data.demo().office
    plans = [(size, _plan(size, today)) for size in SIZES]
    with _server() as address:
        rows = [_measured(path, address, office, plan, size) for size, plan in plans]
    measure.say(f"### The entry grid in Chromium, processor slowed {SLOWER} times, ms")
    measure.say()
    header = ["what", *(f"{size} rows" for size in SIZES)]
    table = [[name, *(row[name] for row in rows)] for name in rows[0]]
    measure.table(header, table)


@transaction.atomic
def _plan(size: int, today: date) -> Plan:
    like = data.demo().plan
    plan = Plan.objects.create(
        province=like.province,
        kind=like.kind,
        number=f"{size}/KH-DO",
        issued_on=like.issued_on,
        year=like.year,
        title="Đo bảng nhiệm vụ",
        issuer=like.issuer,
        period_start=like.period_start,
        period_end=like.period_end,
    )
    reader = RowReader(plan)
    for number in range(1, size + 1):
        cells = {**ROW, "number": f"1.{number}", "dimensions": str(number % 8 + 1)}
        save_task(plan, reader.read(cells).row, pk=None, version=None)
    return plan


@contextmanager
def _server() -> Iterator[str]:
    """This process answers its own browser, each request in a thread."""
    data.collect_static()
    server = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler, ipv6=False)
    server.daemon_threads = True
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()


def _measured(
    path: str, address: str, user: AbstractBaseUser, plan: Plan, size: int
) -> dict[str, str]:
    from playwright.sync_api import sync_playwright

    client = Client()
    client.force_login(user)
    url = reverse("plans:grid", args=[plan.pk])
    html = client.get(url).content
    # Playwright keeps an event loop in this thread, which Django takes for asynchronous code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=LAUNCH)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address}]
        )
        page.goto(address)
        slow = page.context.new_cdp_session(page)
        slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        begin = perf_counter()
        page.goto(address + url)
        page.locator(".entry.is-live").wait_for()
        opened = perf_counter() - begin
        page.evaluate(WATCH)
        found = {
            "page, KB (gzip)": f"{len(html) / 1024:.0f} ({len(gzip.compress(html)) / 1024:.0f})",
            "opened until it can be typed in": f"{opened * 1000:.0f}",
            **_keys(page),
            **_blocks(page, size),
        }
        browser.close()
    return found


def _keys(page: Any) -> dict[str, str]:
    """Typing and moving in the middle of the table, as a person would."""

    def field(name: str) -> Any:
        return page.locator(f"[data-cell={name}] :is(input, textarea)").nth(40)

    def press(*keys: str) -> Callable[[], None]:
        def act() -> None:
            for index in range(KEYS):
                page.keyboard.press(keys[index % len(keys)])
                page.wait_for_timeout(60)

        return act

    field("name").click()
    page.keyboard.press("End")
    found = {"key, typing a name: p50 / p95": _heard(page, press(*"ra soat "))}
    field("lead").click()
    page.keyboard.press("Control+a")
    found["key, typing an agency with its list: p50 / p95"] = _heard(page, press(*"so noi v"))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.type("Sở Nội vụ")
    # Escape in a cell without a list leaves the cell: the arrows would only scroll the table.
    field("lead").click()
    found["key, arrow to another row: p50 / p95"] = _heard(page, press("ArrowDown"))
    moves = press("Alt+ArrowUp")
    found["key, moving a row: p50 / p95"] = _heard(page, moves)
    return found


def _heard(page: Any, act: Callable[[], None]) -> str:
    page.wait_for_timeout(800)
    page.evaluate("() => { window.heard = []; }")
    act()
    page.wait_for_timeout(800)
    heard = sorted(page.evaluate("window.heard"))[-KEYS:]
    every = [float(LEAST_MS)] * (KEYS - len(heard)) + heard
    return f"{_ms(median(every))} / {_ms(quantiles(every, n=20)[-1])}"


def _ms(value: float) -> str:
    return f"< {LEAST_MS}" if value <= LEAST_MS else f"{value:.0f}"


def _blocks(page: Any, size: int) -> dict[str, str]:
    """What changes many cells at once: until it is seen, and until the server has it."""
    cells = [ROW["name"], "5", ROW["lead"], "", ROW["deadline"], ROW["product"], "có"]
    table = "\n".join("\t".join([f"2.{n}", *cells]) for n in range(150))
    page.locator("tr.is-new [data-cell=number] input").click()
    found = {"pasting 150 × 8: seen": _shown(page, PASTE, table)}
    found["pasting 150 × 8: saved"] = _saved(page)
    page.locator("[data-cell=product] textarea").first.fill("Báo cáo kết quả")
    page.locator("[data-cell=product] textarea").nth(size - 1).click(modifiers=["Shift"])
    found["fill down over all rows: seen"] = _shown(page, PRESS, "d")
    _saved(page)
    found["picking all rows: seen"] = _shown(page, CLICK, "[data-pick-all]")
    page.locator("[data-bar-value]").fill("Sở Tư pháp")
    found["setting the lead of all: seen"] = _shown(page, CLICK, "[data-grid-bar] .btn")
    found["setting the lead of all: saved"] = _saved(page)
    found["taking it back: seen"] = _shown(page, CLICK, "[data-grid-undo]")
    _saved(page)
    return found


def _shown(page: Any, script: str, argument: str) -> str:
    page.wait_for_timeout(1000)
    return f"{page.evaluate(script, argument):.0f}"


def _saved(page: Any) -> str:
    """Until every row has its answer, in milliseconds from now."""
    begin = perf_counter()
    # A row is not saved before it is left.
    page.evaluate("document.activeElement.blur()")
    while page.evaluate(IS_BUSY):
        page.wait_for_timeout(20)
    return f"{(perf_counter() - begin) * 1000:.0f}"
