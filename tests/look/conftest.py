"""A page of the portal's frame in Chromium, without server and without network."""

from pathlib import Path
from urllib.parse import urlparse

import pytest
from django.conf import settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'"
)
FRAME = """<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>Thử</title>
<meta name="htmx-config" content='{{"includeIndicatorStyles":false,"allowEval":false}}'>
<link rel="stylesheet" href="/static/css/portal.css">
<link rel="stylesheet" href="/static/css/components.css">
<link rel="stylesheet" href="/static/css/forms.css">
<script src="/htmx.js" defer></script>
<script src="/static/js/portal.js" defer></script>
<script src="/static/js/combobox.js" defer></script></head>
<body data-user="7" data-login-url="/login/" data-text-draft="Có bản nháp"
 data-text-restore="Lấy lại" data-text-discard="Bỏ bản nháp"
 data-text-no-match="Không tìm thấy" data-text-remove="Bỏ"
 data-text-options="Gợi ý" data-text-close="Đóng" data-text-error="Máy chủ gặp lỗi">
<main>{body}</main><div id="toasts" role="status"></div><p id="said" role="status"></p>
<dialog id="confirm"><form method="dialog"><p id="confirm-text"></p>
<button value="no">Không</button><button value="yes">Đồng ý</button></form></dialog>
<dialog id="keys"><h2>Phím tắt</h2></dialog></body></html>"""


@pytest.fixture
def show(chromium):
    """Return a function that opens a body; `answers` maps a path to (status, body)."""
    context = chromium.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))

    def open_page(body, answers=None):
        answers = {} if answers is None else answers

        def answer(route):
            path = urlparse(route.request.url).path
            if path == "/htmx.js":
                route.fulfill(path=htmx_path(), content_type="text/javascript")
            elif path.startswith("/static/"):
                route.fulfill(path=settings.BASE_DIR / path.lstrip("/"))
            elif path in answers:
                status, text = answers[path]
                route.fulfill(status=status, body=text, content_type="text/html; charset=utf-8")
            else:
                route.fulfill(
                    body=FRAME.format(body=body),
                    content_type="text/html; charset=utf-8",
                    headers={"Content-Security-Policy": POLICY},
                )

        page.unroute("**/*")
        page.route("**/*", answer)
        page.goto("http://portal.test/")
        return page

    yield open_page
    context.close()
    assert problems == []


def htmx_path() -> Path:
    import django_htmx

    return Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
