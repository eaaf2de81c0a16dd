"""Prints a frozen report as PDF: the same figures give the same bytes.

WeasyPrint is imported only while printing, which happens in a worker; a web process that never
prints never pays for it.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from plans.reports.snapshot import canonical, fingerprint

if TYPE_CHECKING:
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


def render_counted(figures: dict[str, Any]) -> tuple[bytes, int]:
    """The PDF and its number of pages."""
    digest = fingerprint(canonical(figures))
    document = _lay_out(_html(figures, digest))
    content = document.write_pdf(pdf_identifier=digest[:32].encode())
    return content, len(document.pages)


def _html(figures: dict[str, Any], digest: str) -> str:
    with translation.override("vi"):
        return render_to_string("reports/pdf/report.html", {**figures, "fingerprint": digest})


def _lay_out(html: str) -> Document:
    _check_fonts()
    # A line per page is no news for the log of a worker.
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
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
