"""The process apart that turns drawings into pictures; only it loads WeasyPrint and pdfium.

[[svg, width, height in mm]…] as JSON comes in, [PNG in base64…] goes out.
"""

from __future__ import annotations

import io
import json
import sys
from base64 import b64encode

import pypdfium2
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from papi_portal import confinement

# For the drawings of one paper, which take some seconds.
MEMORY, CPU_SECONDS = 900 * confinement.MEGABYTE, 60
# A chart has few colours; with so many its edges stay smooth and the file is small.
DOTS_PER_INCH, COLOURS = 200, 64


def png(svg: str, width: float, height: float) -> bytes:
    html = (
        f"<!DOCTYPE html><style>@page {{ size: {width}mm {height}mm; margin: 0 }}"
        f"body {{ margin: 0 }} svg {{ display: block; width: {width}mm }}</style>{svg}"
    )
    # No address is ever opened, whatever stands in the drawing.
    pdf = HTML(string=html, url_fetcher=URLFetcher(allowed_protocols=())).write_pdf()
    page = pypdfium2.PdfDocument(pdf)[0]
    content = io.BytesIO()
    page.render(scale=DOTS_PER_INCH / 72).to_pil().quantize(COLOURS).save(
        content, "png", optimize=True
    )
    return content.getvalue()


def main() -> None:
    confinement.confine(memory=MEMORY, cpu_seconds=CPU_SECONDS)
    pages = json.load(sys.stdin)
    json.dump([b64encode(png(*page)).decode() for page in pages], sys.stdout)


if __name__ == "__main__":
    main()
