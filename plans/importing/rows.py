"""The rows of a mapped sheet as texts, with everything in them that must be told or asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from papi_portal.sheets import Fault, Question, as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from papi_portal.sheets import Column, Header, Sheet, Value

NAMED_ROWS = 10
# So much of a value is kept to be shown beside its fault.
SHOWN = 200
STRUCK = "struck"
IMPORT, SKIP = "import", "skip"


@dataclass
class SheetRow:
    """One row: `texts` and `values` by the key of the column; keys without a column are absent."""

    number: int
    texts: dict[str, str] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    questions: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    is_struck: bool = False


class RowSource:
    """Takes the rows of one sheet; makes faults that name sheet, cell, heading and value."""

    def __init__(self, sheet: Sheet, header: Header, columns: Sequence[Column]) -> None:
        self.sheet = sheet
        self.header = header
        self.titles = {column.key: column.title for column in columns}
        self._merged = sheet.merged_into()

    def rows(self) -> list[SheetRow]:
        return [self._row(number) for number in self.header.body(self.sheet)]

    def fault(self, row: int, key: str, message: str, value: str = "") -> Fault:
        """A fault at the cell of `key`; a value that the message names already stands there once.

        Where the file has no such column, the row alone is named.
        """
        shown = "" if value and value[:20] in message else value[:SHOWN]
        column = self.header.columns.get(key, 0)
        heading = self.header.headings.get(column, "") or self.titles.get(key, "")
        return Fault(message, self.sheet.name, row, column, heading if column else "", shown)

    def notes(self, rows: Sequence[SheetRow]) -> list[str]:
        """What is said of the sheet as a whole: hidden rows and columns, merged cells, days."""
        notes = []
        hidden = [row.number for row in rows if row.number in self.sheet.hidden_rows]
        if hidden:
            notes.append(_("%(count)s dòng đang ẩn cũng sẽ được nhập.") % {"count": len(hidden)})
        columns = self.header.columns
        concealed = [key for key in columns if columns[key] in self.sheet.hidden_columns]
        if concealed:
            names = ", ".join(f"“{self.titles[key]}”" for key in concealed if key in self.titles)
            notes.append(_("Cột đang ẩn cũng sẽ được nhập: %(names)s.") % {"names": names})
        if self.sheet.is_hidden:
            notes.append(_("Trang “%(name)s” đang ẩn.") % {"name": self.sheet.name[:31]})
        filled = sum(1 for row in rows if row.notes)
        if filled:
            notes.append(
                _("%(count)s dòng lấy giá trị từ ô gộp phía trên (có ghi ở từng dòng).")
                % {"count": filled}
            )
        return notes

    def struck_question(self, rows: Sequence[SheetRow]) -> list[Question]:
        """Ask whether rows that are struck through count."""
        struck = [row.number for row in rows if row.is_struck]
        if not struck:
            return []
        message = _("%(count)s dòng bị gạch ngang – có nhập không?") % {"count": len(struck)}
        if len(struck) == 1:
            message = _("Dòng %(row)s bị gạch ngang – có nhập không?") % {"row": struck[0]}
        choices = ((IMPORT, _("Nhập như các dòng khác")), (SKIP, _("Bỏ qua dòng bị gạch")))
        return [Question(STRUCK, message, choices, named_rows(struck))]

    def _row(self, number: int) -> SheetRow:
        row = SheetRow(number)
        for key, column in self.header.columns.items():
            at = self._merged.get((number, column), (number, column))
            # A cell merged downwards counts for every row; merged sideways, for its first column.
            at = at if at[1] == column else (number, column)
            value = self.sheet.value(*at)
            row.values[key], row.texts[key] = value, as_text(value)
            if at[0] != number and value is not None:
                row.notes.append(
                    _("“%(title)s” lấy từ ô gộp ở dòng %(row)s")
                    % {"title": self.titles.get(key, ""), "row": at[0]}
                )
            self._look_at(row, key, at)
        self._look_for_struck(row)
        self._look_at_width(row)
        return row

    def _look_at(self, row: SheetRow, key: str, at: tuple[int, int]) -> None:
        if at in self.sheet.errors:
            message = _("ô có lỗi công thức: hãy sửa công thức hoặc gõ giá trị, rồi tải lại")
            row.faults.append(self.fault(row.number, key, message, self.sheet.errors[at]))
            row.texts[key] = ""
        elif at in self.sheet.uncalculated:
            message = _("ô là công thức chưa được tính. Hãy mở tệp bằng Excel, lưu lại rồi tải lên")
            row.faults.append(self.fault(row.number, key, message))

    def _look_for_struck(self, row: SheetRow) -> None:
        filled = [key for key, text in row.texts.items() if text]
        columns = self.header.columns
        struck = [key for key in filled if (row.number, columns[key]) in self.sheet.struck]
        row.is_struck = bool(struck) and len(struck) * 2 > len(filled)
        if not row.is_struck:
            message = _("bị gạch ngang nhưng vẫn được lấy: hãy xem lại")
            row.questions += [
                self.fault(row.number, key, message, row.texts[key]) for key in struck
            ]

    def _look_at_width(self, row: SheetRow) -> None:
        """Rows of delimited text with more or fewer cells than the heading: a quote went lost."""
        wanted = self.sheet.widths.get(self.header.row)
        width = self.sheet.widths.get(row.number)
        if wanted is None or width is None:
            return
        told = {"width": width, "wanted": wanted}
        beyond = self.sheet.rows[row.number - 1][wanted:]
        if any(value is not None for value in beyond):
            message = _(
                "có %(width)s ô, nhiều hơn %(wanted)s cột của dòng tiêu đề: có thể thiếu ngoặc "
                "kép quanh chữ có dấu phân cách"
            )
            row.faults.append(Fault(message % told, self.sheet.name, row.number))
        elif width < wanted:
            message = _("chỉ có %(width)s trong %(wanted)s ô: hãy xem có bị xuống dòng giữa chừng")
            row.questions.append(Fault(message % told, self.sheet.name, row.number))


def named_rows(numbers: Sequence[int]) -> tuple[str, ...]:
    """Name the first rows, and how many more there are."""
    named = [_("dòng %(row)s") % {"row": number} for number in numbers[:NAMED_ROWS]]
    if len(numbers) > NAMED_ROWS:
        named.append(_("… và %(count)s dòng khác") % {"count": len(numbers) - NAMED_ROWS})
    return tuple(named)


def doubles(rows: Sequence[tuple[object, int]]) -> dict[int, list[int]]:
    """By row, all rows that have its key, if there is more than one; empty keys never double."""
    by_key: dict[object, list[int]] = {}
    for key, row in rows:
        if key:
            by_key.setdefault(key, []).append(row)
    return {row: same for same in by_key.values() if len(same) > 1 for row in same}


def told_rows(numbers: Sequence[int]) -> str:
    """Return "8 và 15", "8, 9 và 15"."""
    first = ", ".join(map(str, numbers[:-1][:NAMED_ROWS]))
    return _("%(first)s và %(last)s") % {"first": first, "last": numbers[-1]}
