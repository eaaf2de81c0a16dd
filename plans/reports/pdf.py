"""Prints a frozen report as PDF: the same figures give the same bytes.

WeasyPrint is imported only while printing, which happens in a worker; a web process that never
prints never pays for it.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from plans.reports.snapshot import canonical, fingerprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from weasyprint import Document
    from weasyprint.urls import URLFetcher

FONT_DIR = Path(settings.BASE_DIR) / "static" / "fonts" / "pdf"
FONTS = ("Tinos-Regular.ttf", "Tinos-Italic.ttf", "Tinos-Bold.ttf", "Tinos-BoldItalic.ttf")
STYLES = Path(__file__).with_name("print.css")
# Subset fonts carry a date; a fixed one keeps the bytes a function of the figures.
FIXED_EPOCH = "0"


def render(figures: dict[str, Any]) -> bytes:
    """The PDF of the figures of snapshot.build. Slow: seconds and some 100 MB per 1,000 rows."""
    content, _page_count = render_counted(figures)
    return content


def render_counted(
    figures: dict[str, Any], *, on_page: Callable[[], None] | None = None
) -> tuple[bytes, int]:
    """The PDF and its number of pages; `on_page` is called as each page is begun."""
    digest = fingerprint(canonical(figures))
    with _watched(on_page):
        document = _lay_out(_html(figures, digest))
        content = document.write_pdf(pdf_identifier=digest[:32].encode())
    return content, len(document.pages)


def estimated_pages(figures: dict[str, Any]) -> int:
    """About how many pages there will be: for a progress bar, no more."""
    lines = sum(len(task["work"]) for group in figures["tasks"] for task in group["tasks"])
    return 8 + lines // 6


@contextmanager
def _watched(on_page: Callable[[], None] | None) -> Iterator[None]:
    """Keep WeasyPrint's line per page out of the log, and call `on_page` for each.

    The only sign of life it gives while it lays out. Without the words looked for here the
    report is made all the same, only without progress.
    """

    class Pages(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if on_page is not None and "Page" in record.getMessage():
                on_page()

    handler = Pages()
    progress = logging.getLogger("weasyprint.progress")
    before = progress.level, progress.propagate
    progress.addHandler(handler)
    progress.setLevel(logging.INFO)
    progress.propagate = False
    try:
        yield
    finally:
        progress.removeHandler(handler)
        progress.setLevel(before[0])
        progress.propagate = before[1]


def _html(figures: dict[str, Any], digest: str) -> str:
    with translation.override("vi"):
        return render_to_string("reports/pdf/report.html", {**figures, "fingerprint": digest})


def _lay_out(html: str) -> Document:
    _check_fonts()
    os.environ.setdefault("SOURCE_DATE_EPOCH", FIXED_EPOCH)
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    fetcher = _fetcher()
    styles = CSS(
        string=STYLES.read_text(),
        base_url=f"{FONT_DIR.as_uri()}/",
        url_fetcher=fetcher,
        font_config=fonts,
    )
    page = HTML(string=html, base_url=None, url_fetcher=fetcher)
    return page.render(stylesheets=[styles], font_config=fonts)


def _fetcher() -> URLFetcher:
    """Hands out the fonts of the report and refuses every other address.

    Text that people typed must never make the worker read a file or call a server.
    """
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class FontsOnly(URLFetcher):
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            parts = urlsplit(url)
            path = Path(unquote(parts.path))
            if parts.scheme != "file" or path.parent != FONT_DIR or path.name not in FONTS:
                raise ValueError("a report loads nothing but its fonts")
            return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": "font/ttf"})

    return FontsOnly(allowed_protocols=["file"])


def _check_fonts() -> None:
    """Without its font a report would be printed in another one, with a word in the log only."""
    missing = [name for name in FONTS if not (FONT_DIR / name).is_file()]
    if missing:
        raise FileNotFoundError(f"{FONT_DIR}: {', '.join(missing)}")
