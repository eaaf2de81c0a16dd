"""The QR code of a paper as SVG."""

from __future__ import annotations

import segno
from django.utils.safestring import SafeString, mark_safe


def drawing(address: str) -> SafeString:
    """The address as QR code, to be sized by the style sheet; error correction M."""
    code = segno.make_qr(address, error="m")
    svg: str = code.svg_inline(border=0, omitsize=True, title="Mã QR dẫn đến trang kiểm tra")
    return mark_safe(svg)
