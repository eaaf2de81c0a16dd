"""Agencies and their other names from a spreadsheet, by the same checks as their form."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from agencies.formfields import CleanCharField, DayField
from agencies.models import Agency, AgencyAlias
from agencies.services import save_agency
from agencies.states import REQUESTED_KINDS, AgencyKind
from papi_portal import text
from papi_portal.sheets import Column, Fault, Preview, RowChange, Verdict, as_text
from plans.importing.failures import FailedRowError
from plans.importing.rows import RowSource, SheetRow, doubles, told_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from papi_portal.sheets import Header, Sheet

AGENCY_COLUMNS = (
    Column("name", "Tên cơ quan", ("Cơ quan", "Tên", "Tên đơn vị"), is_required=True, width=50),
    Column("short_name", "Tên ngắn", ("Tên tắt", "Viết tắt"), width=24),
    Column("code", "Ký hiệu", ("Ký hiệu văn bản", "Mã ký hiệu"), width=12),
    Column("kind", "Loại", ("Loại cơ quan", "Nhóm loại"), width=28),
    Column("gso_code", "Mã thống kê", ("Mã GSO", "Mã TCTK", "Mã đơn vị hành chính"), width=12),
    Column("is_requested", "Chỉ đề nghị", ("Chỉ được đề nghị",), width=12),
    Column("valid_from", "Có từ ngày", ("Từ ngày", "Ngày thành lập"), width=14),
    Column("valid_to", "Đến hết ngày", ("Hoạt động đến hết ngày", "Đến ngày"), width=14),
)
ALIAS_COLUMNS = (
    Column("agency", "Cơ quan", ("Tên cơ quan", "Tên đơn vị"), is_required=True, width=50),
    Column("gso_code", "Mã thống kê", ("Mã GSO", "Mã TCTK"), width=12),
    Column("name", "Tên khác", ("Cách viết khác", "Tên gọi khác", "Bí danh"), is_required=True),
)
_YES = frozenset({"co", "x", "1", "yes", "true"})
_NO = frozenset({"", "khong", "0", "no", "false"})


class _CodeField(CleanCharField):
    """A code of digits; a number that lost its zeros is no code any more."""

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and not code.isdigit():
            raise ValidationError(_("không phải mã gồm chữ số, ví dụ: 02647"))
        return code


_FIELDS: dict[str, forms.Field] = {
    "name": CleanCharField(max_length=200),
    "short_name": CleanCharField(max_length=80, required=False),
    "code": CleanCharField(max_length=20, required=False),
    "gso_code": _CodeField(max_length=5, required=False),
    "valid_from": DayField(required=False),
    "valid_to": DayField(required=False),
}


def agency_cells(agency: Agency) -> dict[str, str]:
    """What a file says of a stored agency."""
    return {
        "name": agency.name,
        "short_name": agency.short_name,
        "code": agency.code,
        "kind": str(AgencyKind(agency.kind).label),
        "gso_code": agency.gso_code,
        "is_requested": _("có") if agency.is_requested else _("không"),
        "valid_from": as_text(agency.valid_from),
        "valid_to": as_text(agency.valid_to),
    }


def basis(province_id: int) -> str:
    """A fingerprint of the agencies of a province and all their names."""
    fields = ("pk", *_FIELDS, "kind", "is_requested")
    agencies = Agency.objects.filter(province=province_id).order_by("pk").values_list(*fields)
    aliases = AgencyAlias.objects.filter(agency__province=province_id).order_by("pk")
    told = [list(agencies), list(aliases.values_list("pk", "agency_id", "name"))]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def preview_agencies(province_id: int, sheet: Sheet, header: Header) -> Preview:
    source = RowSource(sheet, header, AGENCY_COLUMNS)
    rows = source.rows()
    known = _ByName(province_id)
    same = doubles([(_agency_key(row), row.number) for row in rows])
    changes = [_agency_change(source, row, known, same.get(row.number, [])) for row in rows]
    columns = {c.key: c.title for c in AGENCY_COLUMNS if c.key in header.columns}
    return Preview(changes, [], source.notes(rows), source.struck_question(rows), columns)


def preview_aliases(province_id: int, sheet: Sheet, header: Header, today: date) -> Preview:
    source = RowSource(sheet, header, ALIAS_COLUMNS)
    rows = source.rows()
    known = _ByName(province_id, today)
    same = doubles([(_alias_key(row), row.number) for row in rows])
    changes = [_alias_change(source, row, known, same.get(row.number, [])) for row in rows]
    columns = {c.key: c.title for c in ALIAS_COLUMNS if c.key in header.columns}
    return Preview(changes, [], source.notes(rows), source.struck_question(rows), columns)


def _agency_key(row: SheetRow) -> tuple[str, ...] | None:
    name = text.match_key(row.texts.get("name", ""))
    return (name, *(row.texts.get(k, "") for k in ("gso_code", "valid_from"))) if name else None


def _alias_key(row: SheetRow) -> tuple[str, ...] | None:
    name = text.match_key(row.texts.get("name", ""))
    agency = text.match_key(row.texts.get("agency", ""))
    return (agency, row.texts.get("gso_code", ""), name) if name else None


class _ByName:
    """The agencies of one province by every way of writing their names; two queries."""

    def __init__(self, province_id: int, today: date | None = None) -> None:
        rows = Agency.objects.filter(province=province_id).prefetch_related("aliases")
        self.agencies = list(rows)
        self.today = today
        self._by_name: dict[str, list[Agency]] = {}
        self._by_any: dict[str, list[Agency]] = {}
        for agency in self.agencies:
            self._by_name.setdefault(text.match_key(agency.name), []).append(agency)
            aliases = [alias.name for alias in agency.aliases.all()]
            names = {agency.name, agency.short_name, agency.code, *aliases} - {""}
            for key in {text.match_key(name) for name in names}:
                self._by_any.setdefault(key, []).append(agency)

    def named(self, row: SheetRow) -> list[Agency]:
        """The agencies whose own name a row gives; its code and first day tell equals apart."""
        found = self._by_name.get(text.match_key(row.texts.get("name", "")), [])
        for key in ("gso_code", "valid_from"):
            if key in row.texts and (len(found) > 1 or row.texts[key]):
                exact = [each for each in found if agency_cells(each)[key] == row.texts[key]]
                found = exact if exact or key == "gso_code" else found
        return found

    def meant(self, written: str, gso_code: str) -> list[Agency]:
        """The agencies that go by `written`; of several those that exist today."""
        found = self._by_any.get(text.match_key(written), [])
        if gso_code:
            found = [each for each in found if each.gso_code == gso_code]
        today = self.today
        if len(found) > 1 and today:
            found = [
                each
                for each in found
                if (not each.valid_from or each.valid_from <= today)
                and (not each.valid_to or each.valid_to >= today)
            ] or found
        return found

    def others_called(self, name: str, agency: Agency) -> list[Agency]:
        return [each for each in self._by_any.get(text.match_key(name), []) if each != agency]

    def nearest(self, written: str) -> list[str]:
        return text.nearest(written, [agency.name for agency in self.agencies])


def _agency_change(
    source: RowSource, row: SheetRow, known: _ByName, same: Sequence[int]
) -> RowChange:
    found = known.named(row)
    old = agency_cells(found[0]) if len(found) == 1 else {}
    cells, faults = _clean_agency(source, row)
    if old and not cells.get("kind"):
        # An agency is never without a kind: an empty cell leaves the one it has.
        cells.pop("kind", None)
    if len(found) > 1:
        message = _("có %(count)s cơ quan cùng tên: hãy ghi thêm “Mã thống kê” hoặc “Có từ ngày”")
        told = message % {"count": len(found)}
        faults.append(source.fault(row.number, "name", told, row.texts["name"]))
    if not found and not cells.get("kind") and not faults:
        message = _("cơ quan mới cần có loại: %(kinds)s") % {"kinds": _kind_names()}
        faults.append(source.fault(row.number, "kind", message))
    faults += _doubled(source, row, same)
    return _changed(source, row, old, cells, faults, found[0].pk if old else None)


def _clean_agency(source: RowSource, row: SheetRow) -> tuple[dict[str, str], list[Fault]]:
    """The cells in the form they are stored in, and what the form of an agency would refuse."""
    cells: dict[str, str] = {}
    faults = list(row.faults)
    for key, written in row.texts.items():
        try:
            cells[key] = _clean_cell(key, written)
        except ValidationError as error:
            message = " ".join(error.messages)
            faults.append(source.fault(row.number, key, message, written))
    first, last = _day(cells.get("valid_from", "")), _day(cells.get("valid_to", ""))
    if first and last and last < first:
        message = _("sớm hơn ngày đầu %(first)s") % {"first": cells["valid_from"]}
        faults.append(source.fault(row.number, "valid_to", message, cells["valid_to"]))
    return cells, faults


def _clean_cell(key: str, written: str) -> str:
    if key == "kind":
        return _kind_of(written)
    if key == "is_requested":
        flag = text.fold(written)
        if flag not in _YES | _NO:
            raise ValidationError(_("không hiểu được: hãy ghi “có” hoặc “không”"))
        return _("có") if flag in _YES else _("không")
    return as_text(_FIELDS[key].clean(written))


def _kind_of(written: str) -> str:
    folded = text.fold(written)
    for value, label in AgencyKind.choices:
        if folded in (value, text.fold(str(label))):
            return str(label)
    if folded:
        raise ValidationError(
            _("không phải loại cơ quan; hãy chọn: %(kinds)s") % {"kinds": _kind_names()}
        )
    return ""


def _kind_names() -> str:
    return "; ".join(str(label) for _value, label in AgencyKind.choices)


def _day(written: str) -> date | None:
    return text.parse_date(written) if written else None


def _alias_change(
    source: RowSource, row: SheetRow, known: _ByName, same: Sequence[int]
) -> RowChange:
    faults = list(row.faults)
    cells: dict[str, str] = {}
    for key, written in row.texts.items():
        try:
            cells[key] = as_text(_FIELDS["name" if key == "agency" else key].clean(written))
        except ValidationError as error:
            faults.append(source.fault(row.number, key, " ".join(error.messages), written))
    agency = _agency_of_alias(source, row, known, cells, faults)
    faults += _doubled(source, row, same)
    name = cells.get("name", "")
    if agency is not None and name:
        cells["agency"] = agency.name
        others = known.others_called(name, agency)
        if others:
            message = _("đã là tên của “%(name)s”: một tên chỉ chỉ một cơ quan") % {
                "name": others[0].name
            }
            faults.append(source.fault(row.number, "name", message, name))
    has_it = agency is not None and name in {alias.name for alias in agency.aliases.all()}
    old = dict(cells) if has_it else {}
    change = _changed(source, row, old, cells, faults, agency.pk if agency else None)
    if change.verdict == Verdict.CHANGED:
        change.verdict = Verdict.NEW
    return change


def _agency_of_alias(
    source: RowSource, row: SheetRow, known: _ByName, cells: dict[str, str], faults: list[Fault]
) -> Agency | None:
    written = cells.get("agency", "")
    if not written:
        return None
    found = known.meant(written, cells.get("gso_code", ""))
    if len(found) == 1:
        return found[0]
    if found:
        message = _("có %(count)s cơ quan cùng tên: hãy ghi thêm “Mã thống kê”")
        told = message % {"count": len(found)}
    else:
        nearest = "; ".join(known.nearest(written))
        told = _("không có trong danh mục của tỉnh")
        if nearest:
            told = _("không có trong danh mục của tỉnh; gần nhất: %(nearest)s") % {
                "nearest": nearest
            }
    faults.append(source.fault(row.number, "agency", told, written))
    return None


def _doubled(source: RowSource, row: SheetRow, same: Sequence[int]) -> list[Fault]:
    if not same:
        return []
    message = _("trùng: dòng %(rows)s là một. Hãy giữ một dòng") % {"rows": told_rows(same)}
    return [source.fault(row.number, "name", message)]


def _changed(
    source: RowSource,
    row: SheetRow,
    old: dict[str, str],
    cells: dict[str, str],
    faults: list[Fault],
    pk: int | None,
) -> RowChange:
    differing = {
        key: (old.get(key, ""), new) for key, new in cells.items() if old.get(key, "") != new
    }
    change = RowChange(
        sheet=source.sheet.name,
        row=row.number,
        verdict=Verdict.CHANGED if old else Verdict.NEW,
        label=row.texts.get("name", "")[:200],
        questions=row.questions,
        notes=row.notes,
        data={"pk": pk, "is_struck": row.is_struck, "cells": cells},
    )
    if faults:
        change.verdict, change.faults, change.cells = Verdict.ERROR, faults, differing
    elif old and not differing:
        change.verdict = Verdict.SAME
    else:
        change.cells = differing
    return change


def apply_agencies(province_id: int, changes: Iterable[RowChange]) -> None:
    """Make and change agencies. Raise `FailedRowError` with the row the database refused."""
    known = {agency.pk: agency for agency in Agency.objects.filter(province=province_id)}
    for change in changes:
        if change.verdict not in (Verdict.NEW, Verdict.CHANGED):
            continue
        cells = change.data["cells"]
        agency = known.get(change.data["pk"]) or Agency(province_id=province_id)
        _fill(agency, cells)
        try:
            with transaction.atomic():
                save_agency(agency)
        except DatabaseError as error:
            raise FailedRowError(change.row) from error


def _fill(agency: Agency, cells: dict[str, str]) -> None:
    for key, written in cells.items():
        value: Any = written
        if key == "kind":
            labels = {str(label): value for value, label in AgencyKind.choices}
            value = labels.get(written, agency.kind)
        elif key == "is_requested":
            value = text.fold(written) in _YES
        elif key in ("valid_from", "valid_to"):
            value = _day(written)
        setattr(agency, key, value)
    if agency.pk is None and "is_requested" not in cells:
        agency.is_requested = agency.kind in REQUESTED_KINDS


def apply_aliases(province_id: int, changes: Iterable[RowChange]) -> None:
    """Add names to agencies; those they have stay. Raise `FailedRowError`."""
    wanted: dict[int, list[RowChange]] = {}
    for change in changes:
        if change.verdict == Verdict.NEW:
            wanted.setdefault(change.data["pk"], []).append(change)
    for agency in Agency.objects.filter(province=province_id, pk__in=wanted):
        rows = wanted[agency.pk]
        try:
            with transaction.atomic():
                save_agency(agency, aliases=[row.data["cells"]["name"] for row in rows])
        except DatabaseError as error:
            raise FailedRowError(rows[0].row) from error
