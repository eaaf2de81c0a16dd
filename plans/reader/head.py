"""The head of a signed document: kind, number, dates, issuer, title."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from papi_portal.text import (
    DateError,
    DocumentNumberError,
    fold,
    parse_date,
    parse_document_number,
)
from plans.reader.blocks import Document, Paragraph
from plans.reader.draft import Certainty, Draft, Found
from plans.reader.naming import committee, in_sentence
from plans.reader.sections import Rank, marker_of

HEAD_LINES = 70
MAX_TITLE_LINES = 6
MAX_TITLE = 500

KINDS = {
    "ke hoach hanh dong": "Kế hoạch",
    "ke hoach lien tich": "Kế hoạch",
    "ke hoach phoi hop": "Kế hoạch",
    "ke hoach": "Kế hoạch",
    "chuong trinh hanh dong": "Chương trình",
    "chuong trinh": "Chương trình",
    "quyet dinh": "Quyết định",
    "chi thi": "Chỉ thị",
    "ket luan": "Kết luận",
    "nghi quyet": "Nghị quyết",
    "cong van": "Công văn",
    "thong bao": "Thông báo",
    "huong dan": "Hướng dẫn",
    "phuong an": "Phương án",
    "cong dien": "Công điện",
    "bao cao": "Báo cáo",
    "de an": "Đề án",
}
KIND_WORDS = "|".join(sorted(KINDS, key=len, reverse=True))
KIND_OF_TYPE = {
    "KH": "Kế hoạch",
    "CTr": "Chương trình",
    "QĐ": "Quyết định",
    "CT": "Chỉ thị",
    "KL": "Kết luận",
    "NQ": "Nghị quyết",
    "TB": "Thông báo",
    "HD": "Hướng dẫn",
    "BC": "Báo cáo",
    "PA": "Phương án",
    "ĐA": "Đề án",
    "CĐ": "Công điện",
}
_KIND_LINE = re.compile(rf"\W*(?P<kind>{KIND_WORDS})\b[\s:*]*")
_NATIONAL = re.compile(r"cong hoa xa hoi|doc lap\s*-\s*tu do|dang cong san viet nam")
_NUMBER_LINE = re.compile(
    r"(?:s[^\W\d]?[o06]?"
    r"|s)\s*(?P<sign>[.:]?)\s*(?P<number>[0-9OolIi|]{1,5}\s*[a-zđ]?\s*[/-].{2,40})",
    re.IGNORECASE,
)
_BLANK_NUMBER = re.compile(r"so\s*[.:]?[\s._]*[/-]\s?[a-z]")
_DATE_LINE = re.compile(
    r"(?:(?P<place>[^,;:0-9]{2,45})[,.]\s*)?ngay\s+(?P<day>[0-9ol|i]{1,2})\s+thang\s+"
    r"(?P<month>[0-9ol|i]{1,2})"
    r"\s+nam\s+(?P<year>[0-9ol|i]{4})\b"
)
_OCR = str.maketrans("oOlIi|", "001111")
_NOT_AN_ISSUER = re.compile(
    r"\W*$|so\s*(?:[:./]|[0-9])|(?:nam|viet nam|nghia viet nam)\W*$|(?:hoa toc|khan|thuong khan"
    r"|mat|du thao|v/v|kinh gui|phu luc)\b|.*\bngay\b.*\bthang\b"
    r"|.*[0-9]{1,5}\s*[/-]"
)
_AFTER_TITLE = re.compile(
    r"can cu\b|kinh gui|-{3,}|_{3,}|\*{3,}|so\s*:|(?:de|nham|trong|qua)\s.{60}"
    r"|\(?(?:ban hanh )?kem theo"
    r"|(?:uy ban nhan dan|ubnd|chu tich ubnd|chu tich uy ban)\s.{0,60}$|ngay\s[0-9]"
)
_PARTY_BODY = re.compile(r"cua\s+(?P<body>ban (?:thuong vu|chap hanh).{0,40})$")
_VV = re.compile(r"v\s*/\s*v\s*:?\s*")
_EFFECTIVE = re.compile(
    r"co hieu luc\s*(?:thi hanh)?\s*(?:ke )?tu\s+(?P<ngay>ngay ky|ngay ban hanh"
    r"|ngay\s+[0-9][^.;,]{5,40})"
)


def read_head(document: Document, draft: Draft) -> int:
    """Fill the head from the letterhead and what follows; return the offset where it ends."""
    shown = (line for line in document.lines() if not line.is_aside)
    lines = [line for _index, line in zip(range(HEAD_LINES), shown, strict=False)]
    at = _kind_at(lines)
    national = [i for i, line in enumerate(lines) if _NATIONAL.search(line.flat)]
    if at is None and not national and not any(_number(line) for line in lines[:12]):
        return 0
    first = max((national[0] if national else 0) - 6, 0)
    last = at if at is not None else _end_of_letterhead(lines, national)
    letterhead = lines[first : last + 1 if at is None else last]
    if at is not None:
        _read_kind(lines, at, draft)
    _read_number(letterhead, draft)
    _read_date(letterhead, draft)
    _read_issuer(letterhead, draft)
    if at is None:
        _read_letter(lines, draft)
    else:
        _read_party_body(lines, at, draft)
    _read_effective(document, draft)
    return lines[at].end if at is not None else 0


def _kind_at(lines: list[Paragraph]) -> int | None:
    """Return where the line is that says of what kind the document is."""
    for index, line in enumerate(lines):
        match = _KIND_LINE.match(line.flat)
        if not match or line.is_aside:
            continue
        word = line.text[match.start("kind") : match.end("kind")]
        is_alone = match.end() == len(line.flat) and line.table is None
        is_label = index > 0 and re.match(r"loai van ban|hinh thuc", lines[index - 1].flat)
        if is_label and not word.isupper():
            continue
        if word.isupper() or (is_alone and (line.is_bold or line.is_centred or index < 15)):
            return index
    return None


def _end_of_letterhead(lines: list[Paragraph], national: list[int]) -> int:
    for index, line in enumerate(lines):
        if re.match(r"kinh gui|can cu", line.flat):
            return index
    return min((national[-1] if national else 0) + 8, len(lines) - 1)


def _read_kind(lines: list[Paragraph], at: int, draft: Draft) -> None:
    line = lines[at]
    match = _KIND_LINE.match(line.flat)
    if match is None:
        return
    first, last = match.span("kind")
    draft.document.kind = line.found(KINDS[match["kind"]], Certainty.HIGH, first, last)
    rest = line.text[match.end() :].strip()
    if at + 2 < len(lines) and _PARTY_BODY.match(lines[at + 1].flat):
        # A Party paper names its body below its kind; the title comes after it.
        at += 1
    if len(rest) > 8:
        draft.document.title = _title([line, *lines[at + 1 : at + MAX_TITLE_LINES]], match.end())
    elif at + 1 < len(lines):
        draft.document.title = _title(lines[at + 1 : at + 1 + MAX_TITLE_LINES], 0)


def _read_party_body(lines: list[Paragraph], at: int, draft: Draft) -> None:
    """Take "CỦA BAN THƯỜNG VỤ TỈNH ỦY" below the kind as the issuer, with its province."""
    issuer = draft.document.issuer
    if at + 1 >= len(lines) or not issuer:
        return
    line = lines[at + 1]
    match = _PARTY_BODY.match(line.flat)
    place = re.sub(r"^(?:Tỉnh|Thành) ủy\s*", "", str(issuer.value))
    if match and place != issuer.value:
        body = "Ban Thường vụ" if "thuong vu" in line.flat else "Ban Chấp hành"
        superior = "Thành ủy" if "thanh uy" in line.flat else "Tỉnh ủy"
        name = f"{body} {superior} {place}".strip()
        # The place stays that of the letterhead, which names the province.
        draft.document.issuer = replace(issuer, value=name)


def _title(lines: list[Paragraph], first: int) -> Found:
    """Return the lines of a title as one; it ends where a sentence or a section begins."""
    taken = [lines[0]]
    for line in lines[1:]:
        last = taken[-1]
        is_same_voice = line.text.isupper() == last.text.isupper()
        goes_on = line.text[:1].islower() or (
            is_same_voice and (line.text.isupper() or (line.is_bold and last.is_bold))
        )
        goes_on = goes_on or (line.is_centred and last.is_centred and is_same_voice)
        is_item = marker_of(line)[0] not in (Rank.NONE, Rank.LETTER)
        if not goes_on or is_item or _AFTER_TITLE.match(line.flat) or len(last.text) > 260:
            break
        taken.append(line)
    text = " ".join([lines[0].text[first:], *(line.text for line in taken[1:])])
    text = text.strip(" :-*")
    if _AFTER_TITLE.match(lines[0].flat[first:]) or not 6 <= len(text) <= MAX_TITLE:
        return Found(None)
    start, end = lines[0].start + first, taken[-1].end
    place = (lines[0].table, lines[0].row, lines[0].column)
    return Found(text, text, start, end, Certainty.HIGH, *place)


def _read_number(lines: list[Paragraph], draft: Draft) -> None:
    for line in lines:
        found = _number(line)
        if found and not line.is_aside:
            draft.document.number = found
            return


def _number(line: Paragraph) -> Found | None:
    """Return the number after "Số:"; digits that a scanner took for letters are mended."""
    if _BLANK_NUMBER.match(line.flat) and not re.match(r"so\s*[.:]?\s*[0-9ol]", line.flat):
        return None
    match = _NUMBER_LINE.match(line.text)
    if match is None:
        return None
    written = re.split(r"[;,(]|\s{2,}|\s+(?=(?:ngày|Ngày)\b)", match["number"])[0].strip(" .")
    head = re.match(r"[0-9OolIi|]+", written)
    digits = (head[0] if head else "").translate(_OCR)
    mended = digits + written[len(head[0]) if head else 0 :]
    first = match.start("number")
    last = first + len(written)
    label = line.flat[: match.start("sign")].strip()
    clean = label == "so" and mended == written
    for candidate in (mended, mended.split(" ")[0]):
        try:
            number = parse_document_number(candidate)
        except DocumentNumberError:
            continue
        certainty = Certainty.HIGH if clean else Certainty.LOW
        return line.found(number.text, certainty, 0, min(last, len(line.text)))
    return None


def _read_date(lines: list[Paragraph], draft: Draft) -> None:
    for line in lines:
        match = _DATE_LINE.search(line.flat)
        if match is None or line.is_aside or line.flat.startswith("can cu"):
            continue
        day, month, year = (match[name].translate(_OCR) for name in ("day", "month", "year"))
        if (found := iso(f"{day}/{month}/{year}")) is not None:
            clean = match["day"] == day and match["month"] == month and match["year"] == year
            certainty = Certainty.HIGH if clean else Certainty.MEDIUM
            start = match.start("place") if match["place"] else match.start()
            draft.document.issued_on = line.found(found, certainty, max(start, 0), match.end())
            return


def iso(written: str, default_year: int | None = None) -> str | None:
    """Return the date in `written` as ISO text, or None."""
    try:
        return parse_date(written, default_year=default_year).isoformat()
    except DateError:
        return None


def as_date(found: Found) -> date | None:
    return date.fromisoformat(str(found.value)) if found else None


def _read_issuer(lines: list[Paragraph], draft: Draft) -> None:
    """Put together the lines of the body that issues: the last of them, below its superior."""
    own = [
        line
        for line in lines
        if (line.text.strip(" -*._").isupper() or _SMALL_BODY.match(line.flat))
        and not _NATIONAL.search(line.flat)
        and not _NOT_AN_ISSUER.match(line.flat)
        and not line.is_aside
        and len(line.text) < 90
    ]
    if not own:
        return
    start = len(own) - 1
    while start > 0 and not _starts_body(own[start].flat):
        start -= 1
    parts = own[start:]
    if len(parts) > 1 and _OF_DISTRICT.match(parts[0].flat) and _COMMUNE.match(parts[-1].flat):
        # "UBND HUYỆN A" above "XÃ B": the committee is that of the commune.
        parts = parts[-1:]
    name = " ".join(line.text.strip(" -*") for line in parts)
    value = _issuer_name(name, own[:start])
    text = "\n".join(line.text for line in parts)
    place = (parts[0].table, parts[0].row, parts[0].column)
    draft.document.issuer = Found(
        value, text, parts[0].start, parts[-1].end, Certainty.HIGH, *place
    )


_OF_DISTRICT = re.compile(r"(?:uy ban nhan dan|ubnd)\s+(?:huyen|quan|thi xa|thanh pho|tinh)\s+\w")
_COMMUNE = re.compile(r"(?:xa|phuong|thi tran|dac khu)\s+\w")
# Capitals of the old fonts come out as small letters.
_SMALL_BODY = re.compile(
    r"(?:uy ban nhan dan|ubnd)(?:\s+tinh\s+\w+(?:\s\w+)?)?\W*$"
    r"|tinh \w+ \w+\W*$"
)
_BODY = re.compile(
    r"(?:uy ban nhan dan|ubnd|so|tinh uy|thanh uy|huyen uy|ban|van phong|hoi dong|thanh tra|cong an"
    r"|chu tich|truong|trung tam|cuc|chi cuc|bao hiem|dang uy|phong|uy ban|bo|benh vien|lien doan"
    r"|lien minh|hoi|tinh doan|thanh doan|doan|buu dien|cong ty|tong cong ty|vien|kho bac|toa an"
    r"|mat tran to quoc)\b"
)


def _starts_body(flat_text: str) -> bool:
    return _BODY.match(flat_text.strip(" -*")) is not None


# What is named below the body it is a part of.
_PARTS_OF_BODY = ("ban thuong vu", "ban chap hanh", "ban thuong truc", "van phong", "thuong truc")


def _issuer_name(name: str, above: list[Paragraph]) -> str:
    words = fold(name)
    if _COMMUNE.match(words):
        return committee(name)
    if words.startswith(("uy ban nhan dan", "ubnd")):
        rest = re.sub(
            r"^(?:\S+\s+){4}" if words.startswith("uy ban") else r"^\S+\s+", "", name + " "
        )
        return committee(rest)
    if words in _PARTS_OF_BODY and above:
        first = len(above) - 1
        while first > 0 and not _starts_body(above[first].flat):
            first -= 1
        superior = " ".join(line.text.strip(" -*") for line in above[first:])
        return f"{in_sentence(name)} {_issuer_name(superior, [])}"
    return in_sentence(name)


def _read_letter(lines: list[Paragraph], draft: Draft) -> None:
    """Read an official letter, which has no kind of its own but a line `V/v`."""
    for index, line in enumerate(lines):
        if match := _VV.match(line.flat):
            title = _title(lines[index : index + MAX_TITLE_LINES], match.end())
            draft.document.title = title
            if draft.document.number:
                draft.document.kind = line.found("Công văn", Certainty.MEDIUM)
            return


def _read_effective(document: Document, draft: Draft) -> None:
    for line in document.lines():
        match = _EFFECTIVE.search(line.flat)
        if match is None or line.is_aside:
            continue
        first, last = match.span("ngay")
        if match["ngay"] in ("ngay ky", "ngay ban hanh"):
            issued = draft.document.issued_on
            value = str(issued.value) if issued else None
        else:
            value = iso(line.text[first:last])
        if value:
            draft.document.effective_on = line.found(value, Certainty.HIGH, first, last)
        return
