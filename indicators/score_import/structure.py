"""What a code or a name of a table means in one edition: codes change meaning with the years."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from indicators.models import Edition, EditionComponent, Index
from indicators.score_import.headers import Reference
from indicators.states import Level
from papi_portal import text


class UnknownReferenceError(text.TextError):
    """The edition has no component of that code or name."""


@dataclass
class Structure:
    """An edition as printed, and which other edition's numbering a file follows instead.

    `numbering` maps the number of a dimension to codes as the file means them; it is filled by
    `adopt_numbering` and empty for a file that writes the codes of the edition itself.
    """

    edition: Edition
    whole: EditionComponent
    by_code: dict[str, EditionComponent]
    by_name: dict[str, EditionComponent]
    numbering: dict[str, dict[str, EditionComponent]] = field(default_factory=dict)

    def find(self, reference: Reference) -> tuple[EditionComponent, str]:
        """The component meant and a question about it, mostly "". Raise `UnknownReferenceError`."""
        if reference.is_whole:
            return self.whole, ""
        named = self._named(reference.name) if reference.name else None
        if not reference.code:
            if named is None:
                raise UnknownReferenceError(self._no_name(reference))
            return named, ""
        coded = self._coded(reference.code)
        if named is None:
            if coded is None:
                raise UnknownReferenceError(self._no_code(reference))
            return coded, ""
        if coded is None or coded.component_id != named.component_id:
            message = _(
                "%(shown)s: trong kỳ %(edition)s nội dung này mang mã %(code)s. Hiểu theo tên."
            )
            values = {"shown": text.quoted(reference.shown), "edition": self.edition}
            return named, message % (values | {"code": named.code})
        return named, ""

    def adopt_numbering(self, codes: set[str], others: Iterable[Structure]) -> list[str]:
        """Take codes unknown here as another edition numbers them, if its components are ours.

        `others` come nearest first. A dimension is renumbered as a whole. Return questions.
        """
        questions = []
        for number in sorted({code.split(".")[0] for code in codes if "." in code}):
            used = {code for code in codes if code.startswith(f"{number}.")}
            if used <= self.by_code.keys():
                continue
            for other in others:
                read = self._as_in(other, used)
                if read:
                    self.numbering[number] = read
                    questions.append(self._renumbered(other, read))
                    break
        return questions

    def _as_in(self, other: Structure, codes: set[str]) -> dict[str, EditionComponent]:
        ours = {printed.component_id: printed for printed in self.by_code.values()}
        if not codes <= other.by_code.keys():
            return {}
        read = {code: ours.get(other.by_code[code].component_id) for code in codes}
        return (
            {code: printed for code, printed in read.items() if printed}
            if all(read.values())
            else {}
        )

    def _renumbered(self, other: Structure, read: dict[str, EditionComponent]) -> str:
        moved = [
            _("%(code)s là “%(name)s” (mã in %(printed)s)")
            % {"code": code, "name": printed.name, "printed": printed.code}
            for code, printed in sorted(read.items())
            if code != printed.code
        ]
        message = _("Kỳ %(edition)s: tệp đánh số như kỳ %(other)s, nên %(moved)s.")
        values = {"edition": self.edition, "other": other.edition.year, "moved": "; ".join(moved)}
        return message % values

    def _coded(self, code: str) -> EditionComponent | None:
        numbering = self.numbering.get(code.split(".")[0]) if "." in code else None
        return (numbering or self.by_code).get(code)

    def _named(self, folded: str) -> EditionComponent | None:
        exact = self.by_name.get(folded)
        if exact is not None or " " not in folded:
            return exact
        longer = {
            printed.pk: printed
            for name, printed in self.by_name.items()
            if name.startswith(f"{folded} ")
        }
        return next(iter(longer.values())) if len(longer) == 1 else None

    def _no_code(self, reference: Reference) -> str:
        message = _("Kỳ %(edition)s không có mã %(code)s. Các mã của kỳ này: %(known)s.")
        known = sorted(code for code in self.by_code if code != self.whole.code)
        shown = ", ".join(known) or _("không có mã thành phần")
        return message % {"edition": self.edition, "code": reference.code, "known": shown}

    def _no_name(self, reference: Reference) -> str:
        values = {"edition": self.edition, "shown": text.quoted(reference.shown)}
        names = [printed.name for printed in self.by_code.values()]
        near = text.nearest(reference.shown, names)
        if near:
            message = _("Kỳ %(edition)s không có nội dung %(shown)s. Có phải “%(near)s”?")
            return message % (values | {"near": near[0]})
        return _("Kỳ %(edition)s không có nội dung %(shown)s. Hãy ghi mã, ví dụ 2.1.") % values


def read_structures(index: Index) -> dict[int, Structure]:
    """Every edition of `index` by year; two queries."""
    printed_of: dict[int, list[EditionComponent]] = {}
    rows = EditionComponent.objects.filter(edition__index=index).select_related("component")
    for printed in rows:
        printed_of.setdefault(printed.edition_id, []).append(printed)
    structures = {}
    for edition in index.editions.select_related("index").order_by("year"):
        rows_of = printed_of.get(edition.pk, [])
        whole = next((row for row in rows_of if row.component.level == Level.COMPOSITE), None)
        if whole is not None:
            structures[edition.year] = Structure(
                edition,
                whole,
                {row.code: row for row in rows_of},
                {name: row for row in rows_of for name in names_of(row)},
            )
    return structures


def names_of(printed: EditionComponent) -> set[str]:
    """Folded names and the key under which a table may mention a component."""
    component = printed.component
    names = (printed.name, component.name, component.name_en, component.stable_key)
    return {text.fold(name) for name in names} - {""}
