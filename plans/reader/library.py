"""The block of facts that a law library prints above its copy of a document."""

from __future__ import annotations

import re

from papi_portal.text import DocumentNumberError, fold, parse_document_number
from plans.reader.blocks import Document, Paragraph
from plans.reader.draft import Certainty, Draft, Found
from plans.reader.head import KIND_WORDS, KINDS, iso
from plans.reader.naming import committee, in_sentence
from plans.reader.signature import person

# So many of its labels make a block; a single "Số hiệu" may stand anywhere.
MIN_LABELS = 3

_LABELS = {
    "number": r"so hieu(?: van ban)?|so\s*/?\s*ky hieu",
    "issued_on": r"ngay ban hanh|ngay ky",
    "effective_on": r"ngay (?:co )?hieu luc|hieu luc tu(?: ngay)?|ngay ap dung",
    "kind": r"loai van ban|hinh thuc van ban",
    "issuer": r"co quan ban hanh|noi ban hanh|don vi ban hanh",
    "signer": r"nguoi ky",
    "field": r"linh vuc(?:,? nganh)?",
    "title": r"trich yeu(?: noi dung)?|ve viec",
    "other": r"tinh trang(?: hieu luc)?|ngay cong bao|so cong bao|chuc (?:danh|vu)"
    r"|ngay het hieu luc"
    r"|ngay dang|cap nhat",
}
_LINE = re.compile("|".join(rf"(?P<{name}>(?:{words}))" for name, words in _LABELS.items()))
_UNKNOWN = re.compile(r"(?:dang cap nhat|da biet|khong xac dinh|chua xac dinh|\.+|-+)?$")


def read_library_block(document: Document, draft: Draft) -> None:
    """Fill what the block says; where the letterhead has said it already, that stays."""
    lines = list(document.lines())
    found: dict[str, tuple[Paragraph, int]] = {}
    for index, line in enumerate(lines):
        match = _LINE.match(line.flat)
        if match is None or match.lastgroup is None:
            continue
        rest = re.match(r"[\s:]*", line.text[match.end() :])
        first = match.end() + (rest.end() if rest else 0)
        if first < len(line.text) and line.text[match.end()] not in " :\t":
            continue
        if first < len(line.text):
            found.setdefault(match.lastgroup, (line, first))
        elif index + 1 < len(lines) and not _LINE.match(lines[index + 1].flat):
            found.setdefault(match.lastgroup, (lines[index + 1], 0))
    if len(found) < MIN_LABELS:
        return
    for name, (line, first) in found.items():
        if name != "other" and not _UNKNOWN.match(line.flat[first:].strip()):
            _fill(draft, name, line, first)


def _fill(draft: Draft, name: str, line: Paragraph, first: int) -> None:
    written = line.text[first:].strip()
    value: str | None = written
    certainty = Certainty.HIGH
    if name == "number":
        value = _number(written)
    elif name in ("issued_on", "effective_on"):
        value = iso(written)
    elif name == "kind":
        match = re.match(KIND_WORDS, line.flat[first:])
        value = KINDS[match[0]] if match else written
    elif name == "issuer":
        value, certainty = _issuer(written), Certainty.MEDIUM
    elif name == "signer":
        value = person(Paragraph(written, 0)) or None
    if value is None:
        return
    known: Found = getattr(draft.document, name)
    is_same = known and fold(str(known.value)) == fold(value)
    if not known or (known.certainty is not Certainty.HIGH and not is_same):
        setattr(draft.document, name, line.found(value, certainty, first))


def _number(written: str) -> str | None:
    try:
        return parse_document_number(written).text
    except DocumentNumberError:
        return None


def _issuer(written: str) -> str:
    """Return "UBND tỉnh Lào Cai" for the library's "Tỉnh Lào Cai"."""
    if re.match(r"(?:tinh|thanh pho|tp)\b", fold(written)):
        return committee(written[:1].lower() + written[1:])
    if match := re.match(r"(?:ủy|uỷ) ban nhân dân\s+", written, re.IGNORECASE):
        return committee(written[match.end() :])
    return in_sentence(written)
