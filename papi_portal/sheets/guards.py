"""What a file may be before it is parsed: its kind, its unpacked size, nothing that acts."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from papi_portal.confinement import MEGABYTE, sign_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papi_portal.sheets.sheet import Limits, Sheet

MAX_FILE = 20 * MEGABYTE
MAX_UNPACKED = 100 * MEGABYTE
MAX_ENTRIES = 2_000
# What the portal's own process is given of a file: a small one may unfold to very much.
MAX_SHEETS = 100
MAX_CHARACTERS = 10_000_000
MAX_NAME = 200
XLSX, ODS, CSV = "xlsx", "ods", "csv"

# No comment reaches over the next one's end: else many of them can be cut in endless ways.
_HTML = re.compile(
    rb"^\s*(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype html|html|head|body|table|meta|div)",
    re.I | re.S,
)
_XML = re.compile(rb"^\s*<\?xml")
_ODS_MIME = b"application/vnd.oasis.opendocument.spreadsheet"


class SheetRefusedError(Exception):
    """The file is not read at all; `message` tells the person why and what to do."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def kind_of(path: Path, name: str) -> str:
    """Return xlsx, ods or csv by what is in the file called `name`; raise for all else."""
    size = path.stat().st_size
    if size == 0:
        raise SheetRefusedError(
            _("Tệp rỗng (0 byte): tệp không có dòng dữ liệu nào. Hãy chọn lại tệp.")
        )
    if size > MAX_FILE:
        raise SheetRefusedError(
            _("Tệp nặng %(size)s MB, vượt mức %(max)s MB: hãy tách thành nhiều tệp.")
            % {"size": size // MEGABYTE, "max": MAX_FILE // MEGABYTE}
        )
    with path.open("rb") as file:
        start = file.read(4_096)
    sign = sign_of(start)
    if sign == "zip":
        return _kind_of_zip(path, size)
    if sign:
        raise SheetRefusedError(_refusal(sign, path, name))
    content = start.removeprefix(b"\xef\xbb\xbf")
    if _HTML.match(content):
        raise SheetRefusedError(_not_what_it_says(name, "HTML"))
    if _XML.match(content):
        raise SheetRefusedError(_not_what_it_says(name, "XML"))
    if _suffix(name) in (XLSX, ODS):
        # Delimited text under the name of a workbook is text; bytes without meaning are not.
        is_text = not re.search(rb"[\x00-\x08\x0e-\x1f]", start) or start[:2] in _UTF_16
        found = "CSV" if is_text else _("dữ liệu lạ")
        raise SheetRefusedError(_not_what_it_says(name, found))
    return CSV


_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def _suffix(name: str) -> str:
    return Path(name).suffix.lower().removeprefix(".")


def _not_what_it_says(name: str, found: str) -> str:
    suffix = Path(name).suffix.lower() or _("không có đuôi")
    return _(
        "Tên là %(suffix)s nhưng bên trong là %(found)s. Hãy mở bằng Excel và lưu lại dạng .xlsx."
    ) % {"suffix": suffix[:10], "found": found}


def _refusal(sign: str, path: Path, name: str) -> str:
    if sign == "ole":
        content = path.read_bytes()
        if "EncryptedPackage".encode("utf-16-le") in content:
            return _("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại.")
        return _not_what_it_says(name, _("Excel đời cũ (.xls)"))
    found = {
        "pdf": "PDF",
        "rtf": "RTF",
        "program": _("chương trình máy tính"),
        "image": _("ảnh"),
        "archive": _("tệp nén"),
    }
    return _not_what_it_says(name, found[sign])


def _kind_of_zip(path: Path, size: int) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            _inspect(entries)
            return _kind_by_parts(archive, {entry.filename for entry in entries})
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise SheetRefusedError(
            _(
                "Tệp bị cắt ngang hoặc hỏng (nhận được %(size)s byte). "
                "Hãy kiểm tra bằng Excel rồi tải lại."
            )
            % {"size": grouped(size)}
        ) from error


def _inspect(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise SheetRefusedError(
            _("Tệp có %(count)s phần bên trong; tối đa %(max)s.")
            % {"count": len(entries), "max": MAX_ENTRIES}
        )
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED:
        raise SheetRefusedError(
            _(
                "Tệp khi giải nén lớn %(size)s MB, vượt mức %(max)s MB: hãy chép phần có chữ "
                "sang một tệp mới rồi tải lên."
            )
            % {"size": round(unpacked / MEGABYTE), "max": MAX_UNPACKED // MEGABYTE}
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise SheetRefusedError(_("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."))


def _kind_by_parts(archive: zipfile.ZipFile, names: set[str]) -> str:
    if any(part.lower().endswith("vbaproject.bin") for part in names):
        raise SheetRefusedError(_("Tệp có macro. Hãy mở bằng Excel và lưu lại dạng .xlsx."))
    if "xl/workbook.xml" in names:
        return XLSX
    if "xl/workbook.bin" in names:
        raise SheetRefusedError(
            _("Tệp là Excel nhị phân (.xlsb). Hãy mở bằng Excel và lưu lại dạng .xlsx.")
        )
    if "content.xml" in names and "mimetype" in names:
        if archive.read("mimetype").strip() != _ODS_MIME:
            raise SheetRefusedError(
                _("Tệp OpenDocument này không phải bảng tính. Hãy tải tệp .ods hoặc .xlsx.")
            )
        if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
            "META-INF/manifest.xml"
        ):
            raise SheetRefusedError(_("Tệp có mật khẩu. Hãy bỏ mật khẩu rồi tải lại."))
        return ODS
    found = _("văn bản Word") if "word/document.xml" in names else _("tệp nén")
    raise SheetRefusedError(
        _("Bên trong tệp là %(found)s, không phải bảng tính. Hãy tải tệp .xlsx, .ods hoặc .csv.")
        % {"found": found}
    )


def refuse_size(name: str, rows: int, columns: int, limits: tuple[int, int]) -> SheetRefusedError:
    """The refusal of a sheet whose cells reach too far; `limits` are rows and columns."""
    numbers = {
        "name": name[:31],
        "rows": grouped(rows),
        "columns": grouped(columns),
        "max_rows": grouped(limits[0]),
        "max_columns": grouped(limits[1]),
    }
    return SheetRefusedError(
        _(
            "Tệp khai báo %(rows)s dòng × %(columns)s cột; tối đa %(max_rows)s × %(max_columns)s. "
            "Hãy xóa các ô ở xa bảng trong trang “%(name)s” hoặc tách tệp."
        )
        % numbers
    )


def check_sheet_count(count: int) -> None:
    if count > MAX_SHEETS:
        raise SheetRefusedError(
            _("Tệp có %(count)s trang tính; tối đa %(max)s. Hãy xóa các trang không cần.")
            % {"count": grouped(count), "max": MAX_SHEETS}
        )


def check_amount(sheets: Sequence[Sheet], limits: Limits) -> None:
    """Raise `SheetRefusedError` if all sheets together hold more than one may."""
    cells = characters = 0
    for sheet in sheets:
        for row in sheet.rows:
            cells += sum(value is not None for value in row)
            characters += sum(len(value) for value in row if isinstance(value, str))
        if sheet.last_row > limits.last_row:
            width = max(map(len, sheet.rows))
            raise refuse_size(sheet.name, sheet.last_row, width, (limits.rows, limits.columns))
    if cells > limits.rows * limits.columns:
        raise SheetRefusedError(
            _("Các trang có tất cả %(count)s ô; tối đa %(max)s. Hãy xóa các trang không cần.")
            % {"count": grouped(cells), "max": grouped(limits.rows * limits.columns)}
        )
    if characters > MAX_CHARACTERS:
        raise SheetRefusedError(
            _("Các ô có tất cả %(count)s ký tự; tối đa %(max)s. Hãy xóa các trang, cột không cần.")
            % {"count": grouped(characters), "max": grouped(MAX_CHARACTERS)}
        )


def grouped(number: int) -> str:
    """Return 1048576 as "1.048.576"."""
    return f"{number:,}".replace(",", ".")
