"""Read a spreadsheet in a process apart: `read_workbook` is the way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from papi_portal import confinement
from papi_portal.sheets.guards import SheetRefusedError
from papi_portal.sheets.sheet import Limits, Sheet, Workbook

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SheetRefusedError", "read_workbook"]

SECONDS = 60


def read_workbook(path: Path, name: str, limits: Limits | None = None) -> Workbook:
    """Return all worksheets of an xlsx, ods or csv that people know as `name`.

    Nothing is parsed in this process. Raise `SheetRefusedError` for what cannot or must not be
    read.
    """
    allowed = limits or Limits()
    arguments = (str(path.resolve()), name[-120:], str(allowed.rows), str(allowed.columns))
    try:
        answer = confinement.ask("papi_portal.sheets.worker", *arguments, seconds=SECONDS)
    except confinement.TookTooLongError as error:
        raise SheetRefusedError(
            _("Đọc tệp quá lâu nên đã dừng. Hãy tách thành nhiều tệp rồi tải lại.")
        ) from error
    except confinement.NoAnswerError as error:
        raise SheetRefusedError(
            _("Tệp hỏng hoặc quá lớn để đọc. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên.")
        ) from error
    if "refused" in answer:
        raise SheetRefusedError(str(answer["refused"]))
    sheets = [Sheet.load(told) for told in answer["sheets"]]
    return Workbook(sheets, answer["notes"], answer["delimiter"])
