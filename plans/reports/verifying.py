"""Telling whether a file is one of a report: by its bytes, or by those it began with."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from plans.reports.states import Format

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.core.files.uploadedfile import UploadedFile

    from plans.reports.models import Report, ReportFile


class Match(TextChoices):
    """What a file turned out to be."""

    ORIGINAL = "original", _("Đúng nguyên bản đã phát hành")
    # What is appended to a PDF may be a signature, and may as well draw other figures over its own.
    EXTENDED = "extended", _("Bản đã phát hành, có ghi thêm phía sau, ví dụ chữ ký số")
    EARLIER = "earlier", _("Bản dự thảo trước khi phát hành, không có giá trị")
    OTHER = "other", _("Không phải tệp của văn bản này, hoặc đã bị sửa")


@dataclass(frozen=True)
class Known:
    """The files of one report: those that count once it is issued, and all before them."""

    valid: Sequence[ReportFile]
    earlier: Sequence[ReportFile]


def known_files(report: Report) -> Known:
    """One query. Until the issued files are made, nothing is valid."""
    files = list(report.files.in_order())
    return Known(
        [file for file in files if file.is_issued], [file for file in files if not file.is_issued]
    )


def match(known: Known, upload: UploadedFile) -> Match:
    """What `upload` is. A signature is appended to a PDF, whose first bytes stay as they were."""
    printed = [file for file in known.valid if file.format == Format.PDF]
    whole, starts = digests(upload, [file.byte_count for file in printed])
    if any(file.sha256 == whole for file in known.valid):
        return Match.ORIGINAL
    if any(starts.get(file.byte_count) == file.sha256 for file in printed):
        return Match.EXTENDED
    if any(file.sha256 == whole for file in known.earlier):
        return Match.EARLIER
    return Match.OTHER


def digests(upload: UploadedFile, lengths: Iterable[int]) -> tuple[str, dict[int, str]]:
    """SHA-256 of all bytes and of the first so many, in one pass without holding the file."""
    starts: dict[int, str] = {}
    wanted = sorted(set(lengths))
    whole, read = hashlib.sha256(), 0
    for chunk in upload.chunks():
        while wanted and wanted[0] < read + len(chunk):
            start = whole.copy()
            start.update(chunk[: wanted[0] - read])
            starts[wanted.pop(0)] = start.hexdigest()
        whole.update(chunk)
        read += len(chunk)
    return whole.hexdigest(), starts
