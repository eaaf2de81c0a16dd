"""Rows of a table that only head the rows below them: "I. Nội dung 1: Tham gia của người dân"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from papi_portal import text
from plans.importing.rows import named_rows

if TYPE_CHECKING:
    from plans.importing.rows import RowSource, SheetRow

_ROMAN = re.compile(r"[IVX]{1,5}|[A-H]")
_DIMENSION = re.compile(
    r"noi dung (?:so )?([1-8])\b|^([1-8]) (?:tham gia|cong khai|trach nhiem|"
    r"kiem soat|thu tuc|cung ung|quan tri)"
)


class GroupRows:
    """Takes the rows that are headings out of the rows, and their dimension for those below."""

    def __init__(self, source: RowSource) -> None:
        self.source = source
        self._taken: list[int] = []
        self._dimension = ""
        self._wide = {top for top, left, _low, right in source.sheet.merged if right - left >= 2}

    def takes(self, row: SheetRow) -> bool:
        """Tell whether `row` is a heading; a row that is none gets the dimension of its heading."""
        if not self._is_heading(row):
            if self._dimension and not row.texts.get("dimensions"):
                row.texts["dimensions"] = self._dimension
            return False
        words = text.fold(" ".join(row.texts.values()))
        dimension = _DIMENSION.search(words)
        self._dimension = (dimension[1] or dimension[2]) if dimension else ""
        self._taken.append(row.number)
        return True

    def notes(self) -> list[str]:
        if not self._taken:
            return []
        return [
            _("Bỏ qua %(count)s dòng tiêu đề nhóm: %(rows)s.")
            % {"count": len(self._taken), "rows": ", ".join(named_rows(self._taken))}
        ]

    def _is_heading(self, row: SheetRow) -> bool:
        """Only number or name stand there, and it is merged, lettered or names a dimension."""
        filled = {key for key, written in row.texts.items() if written}
        if row.faults or not filled or not filled <= {"number", "name"}:
            return False
        number = row.texts.get("number", "").strip(" .")
        name = text.fold(row.texts.get("name", ""))
        is_lettered = _ROMAN.fullmatch(number) is not None
        names_dimension = _DIMENSION.search(f"{text.fold(number)} {name}".strip()) is not None
        return row.number in self._wide or is_lettered or names_dimension
