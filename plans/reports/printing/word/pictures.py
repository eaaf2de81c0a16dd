"""Pictures of a Word file: the QR code, drawings as PNG, how wide words are in print."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from base64 import b64decode
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import segno
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from PIL import ImageFont

from papi_portal.confinement import ROOT
from plans.reports.paper import Drawing, Paper
from plans.reports.printing.legible import legible
from plans.reports.printing.printer import ENVIRONMENT, PrintingError

# The width of the text on an upright page; drawings are as wide.
WIDTH, QR_WIDTH = 165.0, 22.0
SECONDS = 60
EMU = 36_000
FONTS = Path(settings.BASE_DIR) / "static" / "fonts" / "pdf"
POINTS_TO_MILLIMETRES = 25.4 / 72
VIEW_BOX = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


@dataclass(frozen=True)
class Picture:
    """`number` counts from 1 in the file; sizes are millimetres."""

    number: int
    png: bytes
    width: float
    height: float
    title: str

    @property
    def name(self) -> str:
        return f"picture{self.number}"


def qr(address: str) -> Picture:
    content = io.BytesIO()
    segno.make_qr(address, error="m").save(content, kind="png", scale=10, border=2)
    return Picture(1, content.getvalue(), QR_WIDTH, QR_WIDTH, "Mã QR dẫn đến trang kiểm tra")


def drawn(paper: Paper) -> dict[Drawing, Picture]:
    """The drawings of the paper, each once; they take a process of their own, about a second."""
    parts = (paper.body, *(appendix.blocks for appendix in paper.appendices))
    drawings = list(
        dict.fromkeys(block for part in parts for block in part if isinstance(block, Drawing))
    )
    pictures = rasters([drawing.svg for drawing in drawings]) if drawings else []
    return {
        drawing: Picture(number, png, WIDTH, _height(drawing.svg), drawing.title)
        for number, (drawing, png) in enumerate(zip(drawings, pictures, strict=True), start=2)
    }


def rasters(drawings: list[str]) -> list[bytes]:
    """SVG as PNG with the fonts of papers alone; no address in it is opened.

    Raise `PrintingError`.
    """
    pages = [(svg, WIDTH, _height(svg)) for svg in drawings]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "plans.reports.printing.word.raster"],
            input=json.dumps(pages).encode(),
            stdout=subprocess.PIPE,
            env=ENVIRONMENT,
            cwd=ROOT,
            timeout=SECONDS,
            check=True,
        )
    except subprocess.SubprocessError as error:
        raise PrintingError(
            _("Không vẽ được biểu đồ cho bản Word. Hãy báo quản trị hệ thống xem nhật ký.")
        ) from error
    return [b64decode(png) for png in json.loads(done.stdout)]


def _height(svg: str) -> float:
    """Of a drawing as wide as the text; one that does not tell its shape gets half its width."""
    box = VIEW_BOX.search(svg)
    ratio = float(box[2]) / float(box[1]) if box else 0.5
    return round(WIDTH * ratio, 2)


def inline(picture: Picture) -> SafeString:
    """A run that is the picture, with the words that are read out instead."""
    size = round(picture.width * EMU), round(picture.height * EMU)
    return format_html(
        '<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0">'
        '<wp:extent cx="{width}" cy="{height}"/><wp:docPr id="{id}" name="{name}" descr="{title}"/>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">'
        '<pic:pic><pic:nvPicPr><pic:cNvPr id="{id}" name="{name}" descr="{title}"/><pic:cNvPicPr/>'
        '</pic:nvPicPr><pic:blipFill><a:blip r:embed="{name}"/><a:stretch><a:fillRect/></a:stretch>'
        '</pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>",
        width=size[0],
        height=size[1],
        id=picture.number,
        name=picture.name,
        title=legible(picture.title),
    )


def printed_width(text: str, points: float) -> float:
    """Millimetres of a bold line; the bundled font is as wide as Times New Roman."""
    return float(_bold().getlength(text)) / 1000 * points * POINTS_TO_MILLIMETRES


@cache
def _bold() -> ImageFont.FreeTypeFont:
    # Without the other way of layout, which not every machine has.
    return ImageFont.truetype(FONTS / "Tinos-Bold.ttf", 1000, layout_engine=ImageFont.Layout.BASIC)
