"""Small documents and pictures that stand for evidence in the invented plan."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from plans import evidence
from plans.workflow import NewEvidence


def document(name: str, number: str) -> NewEvidence:
    """A one-page PDF of some hundred bytes, stored like an upload."""
    return _stored(f"{name}.pdf", _pdf(f"Tai lieu minh hoa {number}"), number)


def picture(name: str) -> NewEvidence:
    """A small picture in place of a photograph."""
    image = Image.new("RGB", (320, 200), "#e8eef4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 300, 150), outline="#33566f", width=3)
    for line in range(4):
        draw.line((40, 50 + 24 * line, 280 - 40 * (line % 2), 50 + 24 * line), fill="#33566f")
    draw.text((20, 170), "Anh minh hoa", fill="#33566f")
    buffer = BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return _stored(f"{name}.png", buffer.getvalue(), "")


def _stored(name: str, content: bytes, number: str) -> NewEvidence:
    upload = SimpleUploadedFile(name, content)
    return evidence.store(upload, evidence.check(upload), number)


def _pdf(line: str) -> bytes:
    """The smallest whole PDF: ASCII only, for the built-in font knows no Vietnamese."""
    stream = f"BT /F1 18 Tf 60 760 Td ({line.encode('ascii', 'replace').decode()}) Tj ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, offsets = "%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n"
    entries = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    return (
        f"{body}xref\n0 {count}\n0000000000 65535 f \n{entries}"
        f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    ).encode("ascii")
