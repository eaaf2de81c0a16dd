"""What a file may be before it is parsed: its kind, size, unpacked size, no hidden links."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from papi_portal import confinement
from papi_portal.confinement import MEGABYTE, sign_of
from plans.reader.refusals import ReaderRefusedError

MAX_FILE = 30 * MEGABYTE
MAX_TEXT = 5 * MEGABYTE
MAX_UNPACKED = 80 * MEGABYTE
MAX_PART = 25 * MEGABYTE
MAX_RATIO = 250
MAX_ENTRIES = 2_000
# The parser of a process that reads one file; beyond it the process is ended.
MEMORY = 1_024 * MEGABYTE
CPU_SECONDS = 40

# No comment reaches over the next one's end: else many of them can be cut in endless ways.
_HTML = re.compile(
    rb"^\s*(?:<!--(?:(?!-->).)*-->\s*)*"
    rb"<(?:!doctype html|html|head|body|div|p|table|meta|h[1-6])",
    re.I | re.S,
)
_EXTERNAL = re.compile(
    rb"<Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", re.IGNORECASE
)
_LINK_ONLY = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
_HOW_TO_SAVE = "Hãy mở bằng Word và lưu lại dạng .docx."


def confine() -> None:
    """Bind this process to what one file may take."""
    confinement.confine(memory=MEMORY, cpu_seconds=CPU_SECONDS)


def kind_of(path: Path) -> str:
    """Return docx, pdf, html or text by what is in the file; raise for all else."""
    size = path.stat().st_size
    if size == 0:
        raise ReaderRefusedError("Tệp rỗng (0 byte). Hãy chọn lại tệp.")
    if size > MAX_FILE:
        raise ReaderRefusedError(
            f"Tệp nặng {size // MEGABYTE} MB; tối đa {MAX_FILE // MEGABYTE} MB."
        )
    with path.open("rb") as file:
        start = file.read(4_096)
    sign = sign_of(start)
    if sign == "zip":
        return _kind_of_zip(path)
    if sign == "pdf" or b"%PDF-" in start[:1_024]:
        return "pdf"
    if sign:
        raise ReaderRefusedError(_refusal(sign, path))
    if _HTML.match(start.removeprefix(b"\xef\xbb\xbf")):
        return "html"
    return _text_kind(path, start, size)


def _refusal(sign: str, path: Path) -> str:
    if sign == "ole":
        with path.open("rb") as file:
            content = file.read(MEGABYTE)
        if "EncryptedPackage".encode("utf-16-le") in content:
            return "Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."
        return f"Tệp Word cũ (.doc) chưa đọc được. {_HOW_TO_SAVE}"
    messages = {
        "rtf": f"Bên trong tệp là RTF, không phải .docx. {_HOW_TO_SAVE}",
        "program": "Tệp là chương trình máy tính, không phải văn bản. Không đọc tệp này.",
        "image": "Tệp là ảnh, không có chữ. Hãy tải bản Word hoặc PDF có chữ.",
        "archive": "Tệp là tệp nén. Hãy giải nén và tải từng văn bản.",
    }
    return messages[sign]


def _text_kind(path: Path, start: bytes, size: int) -> str:
    is_utf16 = start[:2] in (b"\xff\xfe", b"\xfe\xff")
    odd = sum(1 for byte in start if byte < 9 or 13 < byte < 32)
    if not is_utf16 and (b"\x00" in start or odd * 50 > len(start)):
        raise ReaderRefusedError(
            "Không nhận ra dạng tệp. Hãy tải tệp .docx, .pdf có chữ, .txt hoặc .html."
        )
    if size > MAX_TEXT:
        raise ReaderRefusedError(
            f"Tệp văn bản nặng {size // MEGABYTE} MB; tối đa {MAX_TEXT // MEGABYTE} MB."
        )
    if path.suffix.lower() in (".html", ".htm"):
        return "html"
    return "text"


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _inspect_sizes(entries)
            names = {entry.filename for entry in entries}
            if "word/document.xml" not in names:
                raise ReaderRefusedError(_not_word(names))
            _inspect_parts(archive, entries)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise ReaderRefusedError(
            "Tệp .docx hỏng hoặc bị cắt ngang. Hãy tải lại tệp gốc."
        ) from error
    return "docx"


def _inspect_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise ReaderRefusedError(
            f"Tệp .docx có {len(entries)} phần bên trong; tối đa {MAX_ENTRIES}."
        )
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise ReaderRefusedError(
            f"Tệp khi giải nén lớn {unpacked // MEGABYTE} MB; "
            f"tối đa {MAX_UNPACKED // MEGABYTE} MB. "
            "Hãy bỏ bớt ảnh, lưu lại thành tệp mới rồi tải lên."
        )
    for entry in entries:
        is_text = entry.filename.endswith((".xml", ".rels"))
        is_dense = entry.file_size > MEGABYTE and (
            entry.file_size > MAX_RATIO * max(entry.compress_size, 1)
        )
        if is_dense or (is_text and entry.file_size > MAX_PART):
            raise ReaderRefusedError(
                f"Tệp .docx có phần phình lên {entry.file_size // MEGABYTE} MB khi giải nén; "
                "không đọc vì không an toàn."
            )
        if entry.flag_bits & 1:
            raise ReaderRefusedError("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.")


def _not_word(names: set[str]) -> str:
    if "xl/workbook.xml" in names:
        return "Tệp là bảng tính Excel; hãy dùng chức năng nhập từ bảng tính."
    if "content.xml" in names:
        return f"Tệp OpenDocument (.odt) chưa đọc được. {_HOW_TO_SAVE}"
    if "ppt/presentation.xml" in names:
        return "Tệp là bản trình chiếu, không phải văn bản. Hãy tải tệp .docx hoặc .pdf."
    return f"Tệp nén không phải văn bản Word. {_HOW_TO_SAVE}"


def _inspect_parts(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Refuse macros, DTDs and links that Word would follow by itself; hyperlinks are harmless."""
    for entry in entries:
        name = entry.filename.lower()
        if name.endswith("vbaproject.bin"):
            raise ReaderRefusedError(f"Tệp có macro. {_HOW_TO_SAVE}")
        if not name.endswith((".xml", ".rels")):
            continue
        content = _start_of(archive, entry, whole=name.endswith(".rels"))
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise ReaderRefusedError(
                "Tệp .docx có khai báo DTD, không an toàn. Hãy lưu lại bằng Word."
            )
        for link in _EXTERNAL.findall(content):
            if not _LINK_ONLY.search(link):
                raise ReaderRefusedError(
                    "Tệp .docx có liên kết ra bên ngoài (mẫu hoặc ảnh từ xa). "
                    "Hãy bỏ liên kết rồi lưu lại bằng Word."
                )


def _start_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, *, whole: bool) -> bytes:
    """Return the beginning of a part: a DTD can stand nowhere else."""
    with archive.open(entry) as part:
        return part.read(MEGABYTE if whole else 8_192)
