"""Document numbers in a text: what the plan is based on, what it cites, what it replaces."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from papi_portal.text import DocumentNumber, DocumentNumberError, parse_document_number
from plans.reader.blocks import Document, Paragraph
from plans.reader.draft import Certainty, Draft, Found
from plans.reader.sections import Item, Kind

_NUMBER = re.compile(
    r"(?<![\w/.,-])[0-9]{1,5}[a-zđ]?\s?(?:/\s?(?:19|20)[0-9]{2}\s?/\s?|\s?[/-]\s?)"
    r"(?:[A-ZĐ][A-Za-zĐđ]{0,6}\s?[/-]\s?)?[A-ZĐ][A-ZĐa-z0-9&]{1,9}"
    r"(?:-[A-ZĐ0-9&][A-ZĐa-z0-9&]{0,9}){0,3}"
    r"(?![\w])"
)
_KINDS = (
    r"(?:luat|bo luat|nghi dinh|nghi quyet|quyet dinh|chi thi|ket luan|ke hoach|chuong trinh"
    r"(?: hanh dong)?|thong tu|thong bao|cong van|van ban|huong dan|cong dien|de an|bao cao"
    r"|to trinh)"
)
_BASIS_LINE = re.compile(
    r"\W*(?:can cu|thuc hien|tiep tuc thuc hien|trien khai|theo|cu the hoa"
    r"|xet de nghi)\b"
)
_BASIS_BEFORE = re.compile(
    rf"(?:can cu|thuc hien|trien khai|cu the hoa|quan triet|(?<!kem )theo"
    rf"|chap hanh)(?:\s+\w+){{0,6}}?\s+{_KINDS}"
    r"(?:\s+\w+){0,3}?\s*(?:so\s*:?\s*)?$"
)
_REPLACED = re.compile(r"(?:thay the|bai bo|huy bo)(?:\s+\w+){0,6}\s*(?:so\s*)?:?\s*$")
_OVER = re.compile(r"^.{0,160}?(?:het hieu luc|duoc thay the|bi bai bo)")
_NOT_A_BASIS = ("TTr", "BC", "BB", "PG")


_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―", "-"))


@dataclass(frozen=True, slots=True)
class Citation:
    number: DocumentNumber
    line: Paragraph
    start: int
    end: int

    def found(self, certainty: Certainty) -> Found:
        return self.line.found(self.number.text, certainty, self.start, self.end)


def numbers_in(line: Paragraph) -> Iterator[Citation]:
    """Yield each document number in a line; `TT-BNV` and dates are none."""
    for match in _NUMBER.finditer(line.text.translate(_DASHES)):
        text = match[0]
        first, last = match.span()
        try:
            number = parse_document_number(re.sub(r"\s?([/-])\s?", r"\1", text))
        except DocumentNumberError:
            continue
        yield Citation(number, line, first, last)


def read_citations(document: Document, items: list[Item], draft: Draft) -> None:
    """Fill `based_on`, `cited` and `supersedes`; the number of the plan itself is in none."""
    own = {draft.document.number.value}
    bases: dict[str, Found] = {}
    others: dict[str, Found] = {}
    replaced: dict[str, Found] = {}
    kinds = {item.paragraph.start: item.kind for item in items}
    is_basis_list = False
    for line in document.lines():
        kind = kinds.get(line.start, Kind.TASKS if line.table is not None else Kind.HEAD)
        is_basis_list = _is_basis_line(line, kind, is_basis_list)
        for citation in numbers_in(line):
            text = citation.number.text
            if text in own or line.is_aside:
                continue
            before = line.flat[: citation.start]
            after = line.flat[citation.end :]
            if _REPLACED.search(before) or _OVER.match(after):
                replaced.setdefault(text, citation.found(Certainty.HIGH))
            certainty = _basis(citation, before, kind, is_basis_list)
            if certainty:
                bases.setdefault(text, citation.found(certainty))
            else:
                others.setdefault(text, citation.found(Certainty.HIGH))
    for number in replaced:
        bases.pop(number, None)
        others.setdefault(number, replaced[number])
    draft.based_on = list(bases.values())
    draft.cited = [found for text, found in others.items() if text not in bases]
    draft.supersedes = list(replaced.values())


def _is_basis_line(line: Paragraph, kind: Kind, is_in_list: bool) -> bool:
    """Tell whether a line of the preamble names what the document rests on."""
    if kind is not Kind.HEAD or line.table is not None:
        return False
    if _BASIS_LINE.match(line.flat):
        return True
    return is_in_list and line.text[:1] in "-+" and line.text[-1:] in ";.,"


def _basis(citation: Citation, before: str, kind: Kind, is_basis_list: bool) -> Certainty | None:
    if is_basis_list:
        return Certainty.HIGH
    if citation.number.type in _NOT_A_BASIS or "viec thuc hien" in before[-60:]:
        return None
    if kind not in (Kind.HEAD, Kind.PURPOSE):
        return None
    return Certainty.MEDIUM if _BASIS_BEFORE.search(before[-140:]) else None
