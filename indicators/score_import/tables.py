"""Find the tables of a file and say of each cell which province and component it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from indicators.score_import import cells
from indicators.score_import.doubts import Doubts, Place, Severity
from indicators.score_import.headers import (
    Column,
    Layout,
    Reference,
    Role,
    find_layout,
    read_reference,
    shown_cell,
)
from indicators.score_import.names import Atlas, is_summary, read_atlas
from indicators.score_import.structure import Structure, names_of
from papi_portal import text

if TYPE_CHECKING:
    from agencies.models import Province
    from indicators.models import Index

Rows = Sequence[Sequence[object]]
_YEAR = re.compile(r"(?<![0-9])20[0-9]{2}(?![0-9])")


@dataclass(frozen=True)
class Raw:
    """A cell with what its row and its column say of it, not yet read."""

    year: int
    province: Province
    reference: Reference
    cell: object
    row: int
    sheet: str
    column: Column
    row_cells: Sequence[object]
    layout: Layout

    @property
    def place(self) -> Place:
        return Place(self.sheet, self.row, self.column)

    def place_of(self, role: Role) -> Place:
        return Place(self.sheet, self.row, self.layout.one(role))

    def beside(self, role: Role) -> str:
        """What the row holds in the column of that role, "" if it has none."""
        return written_in(self.row_cells, self.layout.one(role))


def written_in(row: Sequence[object], column: Column | None) -> str:
    return shown_cell(row[column.at]) if column is not None and column.at < len(row) else ""


def has_something(row: Sequence[object]) -> bool:
    return any(cell is not None and cell != "" for cell in row)


def years_in(written: list[str]) -> set[int]:
    return {int(year) for one in written for year in _YEAR.findall(one)}


@dataclass
class Tables:
    """Reads the tables of one file; doubts go to `doubts`, headers it leaves out to `unread`."""

    index: Index
    year: int | None
    structures: dict[int, Structure]
    doubts: Doubts
    atlas: Atlas = field(default_factory=read_atlas)
    unread: set[str] = field(default_factory=set)
    _no_editions: dict[int, str] = field(default_factory=dict)

    def read(self, sheets: Sequence[tuple[str, Rows]]) -> list[Raw]:
        """Every cell that should hold a score, of every sheet that has a table of scores."""
        filled = [(name, rows) for name, rows in sheets if any(map(has_something, rows))]
        if not filled:
            self.doubts.error(_("Tệp không có dòng dữ liệu nào."))
            return []
        raws: list[Raw] = []
        for name, rows in filled:
            raws += self._sheet(name if len(filled) > 1 else "", name, rows, len(filled) > 1)
        return raws

    def _sheet(self, shown: str, name: str, rows: Rows, is_one_of_many: bool) -> list[Raw]:
        names = frozenset(
            folded
            for structure in self.structures.values()
            for printed in structure.by_code.values()
            for folded in names_of(printed)
        )
        layout = find_layout(rows, names, self.index.code)
        if layout is None:
            self._no_table(shown, rows, is_one_of_many)
            return []
        self.unread |= set(layout.unread)
        year = self._year_of_sheet(shown, name, rows, layout)
        raws: list[Raw] = []
        for at, row in enumerate(rows[layout.first_row :], start=layout.first_row + 1):
            if has_something(row):
                raws += self._row(row, Place(shown, at), layout, year)
        return raws

    def _no_table(self, shown: str, rows: Rows, is_one_of_many: bool) -> None:
        if is_one_of_many:
            self.doubts.note(_("Trang không có bảng điểm, không đọc."), Place(shown))
            return
        first = next(row for row in rows if has_something(row))
        headers = ", ".join(filter(None, map(shown_cell, first)))[:200]
        message = _(
            "Không thấy dòng tiêu đề có cột tỉnh và cột điểm. Cần: “Tỉnh”, “Năm” và các mã "
            "(PAPI, 1, 2, 2.1…), hoặc “Tỉnh”, “Năm”, “Mã”, “Điểm”. Dòng đầu của tệp: %(headers)s."
        )
        self.doubts.error(message % {"headers": headers}, Place(shown))

    def _year_of_sheet(self, shown: str, name: str, rows: Rows, layout: Layout) -> int | None:
        """The year for cells that name none: the one given, else one found around the table."""
        if self.year or layout.one(Role.YEAR):
            return self.year
        scores = layout.all(Role.SCORE)
        in_headers = {column.year for column in scores if column.year}
        if all(column.year for column in scores):
            return None
        above = [
            written for row in rows[: layout.first_row - 1] for written in map(shown_cell, row)
        ]
        for years in (in_headers, years_in(above), years_in([name])):
            if len(years) == 1:
                year = next(iter(years))
                message = _("Không có cột “Năm”: hiểu mọi điểm là của năm %(year)s.")
                self.doubts.question(message % {"year": year}, Place(shown))
                return year
        message = _("Tệp không có cột “Năm”. Hãy thêm cột ấy, hoặc cho biết năm khi nhập.")
        self.doubts.error(message, Place(shown))
        return None

    def _row(
        self, row: Sequence[object], place: Place, layout: Layout, year: int | None
    ) -> Iterator[Raw]:
        name = written_in(row, layout.one(Role.PROVINCE)) or written_in(row, layout.one(Role.CODE))
        if is_summary(name):
            message = _("Dòng “%(name)s” không phải một tỉnh, không đọc.")
            self.doubts.gather(Severity.NOTE, "summary", message % {"name": name}, place)
            return
        if not name:
            if any(written_in(row, column) for column in layout.all(Role.SCORE)):
                self.doubts.error(_("Thiếu tên tỉnh. Hãy ghi tên, ví dụ Khánh Hòa."), place)
            return
        row_year = self._year_of_row(row, place, layout, year)
        for column in layout.all(Role.SCORE):
            reference = self._reference(row, place, layout, column)
            year_here = column.year or row_year
            structure = self._structure(year_here, place, column, layout) if year_here else None
            if reference is None or structure is None or year_here is None:
                continue
            province = self._province(name, row, place, layout, structure)
            if province is None:
                return
            cell = row[column.at] if column.at < len(row) else None
            yield Raw(
                year=year_here,
                province=province,
                reference=reference,
                cell=cell,
                row=place.row,
                sheet=place.sheet,
                column=column,
                row_cells=row,
                layout=layout,
            )

    def _year_of_row(
        self, row: Sequence[object], place: Place, layout: Layout, year: int | None
    ) -> int | None:
        column = layout.one(Role.YEAR)
        written = written_in(row, column)
        if column is None or not written:
            if column is not None and year is None:
                self.doubts.error(_("Thiếu năm. Hãy ghi năm của chỉ số, ví dụ 2020."), place)
            return year
        here = Place(place.sheet, place.row, column)
        read = cells.read_year(row[column.at])
        if read is None:
            message = _("%(value)s không phải là năm. Hãy ghi bốn chữ số, ví dụ 2020.")
            self.doubts.error(message % {"value": text.quoted(written)}, here)
        elif year and read != year:
            message = _("Dòng ghi năm %(read)s, khác năm %(year)s đã chọn khi nhập.")
            self.doubts.error(message % {"read": read, "year": year}, here)
            return None
        return read

    def _structure(
        self, year: int, place: Place, column: Column, layout: Layout
    ) -> Structure | None:
        """How the edition of `year` is made up; an error where nobody defined it."""
        structure = self.structures.get(year)
        if structure is None:
            named = column if column.year else layout.one(Role.YEAR)
            here = Place(place.sheet, place.row, named)
            if year not in self._no_editions:
                self._no_editions[year] = self._no_edition(year)
            self.doubts.gather(Severity.ERROR, ("edition", year), self._no_editions[year], here)
        return structure

    def _no_edition(self, year: int) -> str:
        years = self.structures
        known = f"{min(years)}-{max(years)}" if years else _("chưa có kỳ nào")
        values = {"index": self.index.code, "year": year, "known": known}
        if self.index.editions.filter(year=year).exists():
            message = _(
                "Kỳ %(index)s %(year)s đã khai nhưng thiếu dòng điểm tổng trong cấu trúc. Hãy thêm "
                "dòng ấy ở Quản trị, mục Kỳ công bố, rồi nhập lại."
            )
            return message % values
        message = _(
            "Chưa có kỳ %(index)s %(year)s: cổng chưa biết kỳ này gồm những nội dung nào, thang "
            "điểm bao nhiêu, nên không nhập. Các kỳ đã có: %(known)s. Nếu năm đúng, hãy khai kỳ "
            "ấy ở Quản trị, mục Kỳ công bố (chép từ kỳ trước rồi sửa theo báo cáo), rồi nhập lại."
        )
        return message % values

    def _province(
        self,
        name: str,
        row: Sequence[object],
        place: Place,
        layout: Layout,
        structure: Structure,
    ) -> Province | None:
        day = structure.edition.map_day
        column = layout.one(Role.PROVINCE)
        written = written_in(row, layout.one(Role.CODE))
        code = written.zfill(2) if written.isdigit() else ""
        if column is None or not written_in(row, column):
            found = next((one for one in self.atlas.on(day) if one.code == code), None)
            if found is None:
                message = _("Ngày %(day)s không tỉnh nào mang mã %(code)s.")
                values = {"day": day.strftime("%d/%m/%Y"), "code": text.quoted(name)}
                self.doubts.error(message % values, place)
            return found
        match = self.atlas.find(name, day)
        here = Place(place.sheet, place.row, column)
        if match.province is None:
            self.doubts.error(match.error, here)
        elif match.question:
            self.doubts.gather(Severity.QUESTION, name, match.question, here)
        elif code and code != match.province.code:
            message = _("Mã %(code)s không phải của %(name)s (mã %(own)s): tính theo tên.")
            values = {"code": code, "name": match.province.name, "own": match.province.code}
            self.doubts.gather(Severity.QUESTION, (name, code), message % values, here)
        return match.province

    def _reference(
        self, row: Sequence[object], place: Place, layout: Layout, column: Column
    ) -> Reference | None:
        if column.reference:
            return column.reference
        named = layout.one(Role.REFERENCE)
        if named is None:
            return Reference(column.header, is_whole=True)
        written = written_in(row, named)
        if not written:
            message = _("Thiếu mã nội dung. Hãy ghi mã, ví dụ 2.1.")
            self.doubts.error(message, Place(place.sheet, place.row, named))
            return None
        return read_reference(written, self.index.code)
