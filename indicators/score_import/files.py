"""Read a comma, semicolon or tab separated file into the rows that the import understands."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from django.utils.translation import gettext as _

from indicators.score_import.tables import Rows
from papi_portal import text

SNIFFED = 20_000


class FileRefusedError(text.TextError):
    """The file cannot be read as a table."""


def read_sheets(path: Path, content: bytes) -> list[tuple[str, Rows]]:
    """The sheets of a file by name, each from its first row. Raise `FileRefusedError`."""
    if path.suffix.lower() not in {".csv", ".tsv", ".txt"}:
        raise FileRefusedError(_("Chưa đọc được loại tệp này. Hãy lưu thành CSV UTF-8."))
    written = _decode(content)
    sample = written[:SNIFFED]
    delimiter = max(",;\t", key=lambda mark: sample.split("\n", 1)[0].count(mark))
    return [(path.stem, list(csv.reader(io.StringIO(written, newline=""), delimiter=delimiter)))]


def _decode(content: bytes) -> str:
    is_utf16 = content[:2] in {b"\xff\xfe", b"\xfe\xff"}
    try:
        return content.decode("utf-16" if is_utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRefusedError(
            _("Không đọc được bảng mã của tệp. Hãy lưu thành “CSV UTF-8” rồi nhập lại.")
        ) from error
