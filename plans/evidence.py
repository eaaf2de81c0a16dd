"""What may be uploaded as evidence, checked by content, and how it is stored."""

from __future__ import annotations

import zipfile
from pathlib import PurePath
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from papi_portal import text
from plans import stored_files
from plans.workflow import NewEvidence

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# Extension: content type it is served with and how its content begins. Office formats are zip
# archives; what they hold is looked at below.
TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "doc": ("application/msword", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "xls": ("application/vnd.ms-excel", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    "docx": (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        b"PK\x03\x04",
    ),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04"),
}
FOLDER = "evidence"
ARCHIVE_PARTS = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
ACCEPT = ",".join(f".{extension}" for extension in TYPES)


class EvidenceError(Exception):
    """The file cannot be taken; `message` says why and what to do instead, in Vietnamese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def check(upload: UploadedFile) -> str:
    """The content type of `upload`, judged by what it contains, not by what it claims.

    Raise `EvidenceError` if it is empty, too large, of a kind that is not taken, or of another
    kind than its name says.
    """
    extension = PurePath(upload.name or "").suffix.lower().lstrip(".")
    if not upload.size:
        raise EvidenceError(
            _("Tệp “%(name)s” rỗng (0 byte): hãy mở tệp kiểm tra rồi chọn lại.")
            % {"name": shown_name(upload)}
        )
    if upload.size > settings.EVIDENCE_MAX_BYTES:
        raise EvidenceError(
            _("Tệp “%(name)s” lớn %(size)s MB, vượt mức %(max)s MB: hãy nén hoặc tách tệp.")
            % {
                "name": shown_name(upload),
                "size": upload.size // 2**20,
                "max": settings.EVIDENCE_MAX_BYTES // 2**20,
            }
        )
    if extension not in TYPES:
        raise EvidenceError(
            _("Không nhận tệp “%(name)s”: chỉ nhận %(kinds)s.")
            % {"name": shown_name(upload), "kinds": ", ".join(sorted(TYPES))}
        )
    content_type, beginning = TYPES[extension]
    if not _begins_with(upload, beginning) or not _holds_part(upload, extension):
        raise EvidenceError(
            _("Tệp “%(name)s” có đuôi .%(kind)s nhưng nội dung không phải: hãy lưu lại đúng loại.")
            % {"name": shown_name(upload), "kind": extension}
        )
    return content_type


def store(upload: UploadedFile, content_type: str, document_number: str = "") -> NewEvidence:
    """Write a checked upload under a random name; the row that names it comes after it."""
    return NewEvidence(
        file=stored_files.store(upload, FOLDER),
        file_name=shown_name(upload),
        content_type=content_type,
        size_bytes=upload.size or 0,
        sha256=stored_files.sha256_of(upload),
        document_number=document_number,
    )


def discard(evidence: NewEvidence) -> None:
    """Take back a stored file whose row was never written."""
    if evidence.file:
        stored_files.discard(evidence.file)


def shown_name(upload: UploadedFile) -> str:
    """The name as people may see it: one line, without what turns or hides letters, ≤ 200."""
    try:
        clean = text.normalise(PurePath(upload.name or "").name)
    except text.TextError:
        clean = ""
    stem, suffix = PurePath(clean).stem, PurePath(clean).suffix
    return (stem[: 200 - len(suffix)] + suffix) or _("tệp không tên")


def _begins_with(upload: UploadedFile, beginning: bytes) -> bool:
    upload.seek(0)
    head: bytes = upload.read(len(beginning))
    upload.seek(0)
    return head == beginning


def _holds_part(upload: UploadedFile, extension: str) -> bool:
    if extension not in ARCHIVE_PARTS:
        return True
    try:
        with zipfile.ZipFile(upload) as archive:
            return ARCHIVE_PARTS[extension] in archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        # Damaged, asking for a later version of zip, or with names that are no text.
        return False
    finally:
        upload.seek(0)
