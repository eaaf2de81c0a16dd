"""A news page about a plan: the facts in its sentences, and what stands beside the article."""

from __future__ import annotations

import re
from dataclasses import replace

from plans.reader.blocks import CAPITALS, Document, Paragraph, flat
from plans.reader.citations import numbers_in
from plans.reader.draft import Certainty, Draft, Found
from plans.reader.head import KIND_OF_TYPE, KIND_WORDS, KINDS, iso
from plans.reader.naming import committee
from plans.reader.provinces import NAMES

BODY_LENGTH = 150
MAX_TITLE = 300

_BESIDE = re.compile(
    r"\W*(?:tin (?:cung|da|lien quan|tong hop|moi|khac|tuc khac|bai)|cac tin|bai viet (?:lien"
    r"|khac|moi)"
    r"|cac bai|lien ket|tham do|van ban moi|so luot|luot (?:xem|truy)|chiu trach nhiem|ban quyen"
    r"|copyright|dia chi\s*:|dien thoai|tel\s*:|email|e-mail|tags?\s*:|tu khoa|chia se|doc nhieu"
    r"|sitemap|thu dien tu|e-office|trang chu|gioi thieu$|mau chu|co chu|ban in|binh luan"
    r"|thong ke truy"
    r"|giay phep|don vi chu quan|co quan chu quan|tong bien tap|hotline|y kien ban doc)"
)
_ISSUES = re.compile(
    rf"(?P<verb>(?:ky\s+)?ban hanh|da ky|vua ky|thong qua"
    rf"|phe duyet)\s+(?:van ban\s+)?(?P<kind>{KIND_WORDS})\b"
)
_NUMBERED_KIND = re.compile(rf"\b(?P<kind>{KIND_WORDS})\s+so\s*:?\s*$")
_DAY = (
    r"[0-9]{1,2}\s?[/.-]\s?[0-9]{1,2}(?:\s?[/.-]\s?[0-9]{4})?"
    r"|[0-9]{1,2} thang [0-9]{1,2} nam [0-9]{4}"
)
_DATE_BEFORE = re.compile(rf"\bngay\s+(?P<day>{_DAY})(?![0-9/])")
_DATE_AFTER = re.compile(rf"^\s*,?\s*(?:\(?ban hanh |ky )?ngay\s+(?P<day>{_DAY})(?![0-9/])")
_ISSUER = re.compile(
    r"(?P<name>(?:(?:pho\s+)?chu tich\s+|ban thuong vu\s+)?(?:ubnd|uy ban nhan dan|tinh uy"
    r"|thanh uy|so|ban|van phong)"
    r"\b[^.;:()]{0,80}?)\s*,?\s*(?:(?:da|vua|moi)\s+)*$"
)
_DEPUTY = re.compile(r"pho (?:chu tich|giam doc|chanh van phong)(?: thuong truc)?\s+")
_BODY_ALONE = re.compile(
    rf"(?:UBND|[UỦ][ỷyỶY] ban nhân dân)\s+(?:tỉnh|thành phố)(?!\s+(?:{'|'.join(NAMES)}))"
    rf"(?=(?:\s+[{CAPITALS}][^\W\d_]*){{2,5}}$)"
)
_PAGE_DATE = re.compile(r"(?<![0-9/])[0-9]{1,2}[/-][0-9]{1,2}[/-](?P<year>20[0-9]{2})(?![0-9])")
_AFTER_TITLE = re.compile(
    r",\s+(?:tap trung|trong do|nham|voi muc|cu the hoa|theo do|gom"
    r"|bao gom)\b"
)
_FOLLOWS = re.compile(r"\b(?:thuc hien|can cu|theo|trien khai thuc hien)\s+(?:\w+\s+){0,2}?$")


def mark_asides(document: Document) -> None:
    """Mark the menu above and the links below an article, if the page has an article."""
    paragraphs = document.paragraphs()
    long = [index for index, each in enumerate(paragraphs) if len(each.text) >= BODY_LENGTH]
    if not long:
        return
    aside: set[int] = set()
    for index, each in enumerate(paragraphs):
        if index < long[0] and len(each.text) < 60 and _BESIDE.match(each.flat):
            aside.add(each.start)
    is_below = False
    for each in paragraphs[long[-1] + 1 :]:
        is_below = is_below or _BESIDE.match(each.flat) is not None
        if is_below:
            aside.add(each.start)
    document.blocks = [
        replace(block, is_aside=True)
        if isinstance(block, Paragraph) and block.start in aside
        else block
        for block in document.blocks
    ]


def read_news(document: Document, draft: Draft) -> None:
    """Fill kind, number, date, issuer and title from the sentence that tells of the plan."""
    lines = [line for line in document.lines() if not line.is_aside]
    year = next(
        (int(match["year"]) for line in lines if (match := _PAGE_DATE.search(line.flat))), None
    )
    for line in lines:
        for match in _ISSUES.finditer(line.flat):
            if _read_sentence(line, match, year, draft):
                return
    _read_numbered(lines, draft)


def _read_sentence(line: Paragraph, match: re.Match[str], year: int | None, draft: Draft) -> bool:
    first, last = match.span("kind")
    stop = _sentence_end(line.flat, last)
    start = max(line.flat.rfind(". ", 0, match.start()) + 1, 0)
    head = draft.document
    kind = KINDS[match["kind"]]
    numbers = [each for each in numbers_in(line) if last <= each.start < min(last + 14, stop)]
    own = numbers[0] if numbers else None
    if own and KIND_OF_TYPE.get(own.number.type, kind) != kind:
        own = None
    if own is None and "papi" not in flat(line.text) and not head.kind:
        others = "quan tri va hanh chinh cong" in line.flat or match["kind"].startswith("ke hoach")
        if not others:
            return False
    head.kind = head.kind or line.found(kind, Certainty.HIGH, first, last)
    end = last
    if own:
        head.number = head.number or own.found(Certainty.HIGH)
        end = own.end
    _fill_date(line, start, match.start(), end, year, draft)
    _fill_issuer(line, start, match.start(), draft)
    if after := _DATE_AFTER.match(line.flat[end:]):
        end += after.end()
    title = re.sub(r"^[\s,:]*(?:về việc|về)?\s+", "", line.text[end:stop])
    if aside := _AFTER_TITLE.search(flat(title), 12):
        stop -= len(title) - aside.start()
        title = title[: aside.start()]
    if not head.title and 12 <= len(title) <= MAX_TITLE:
        at = stop - len(title)
        head.title = line.found(title.strip(" .;,"), Certainty.MEDIUM, at, stop)
    return True


def _sentence_end(flat_text: str, start: int) -> int:
    match = re.search(r"\.(?:\s|$)|;", flat_text[start:])
    return start + match.start() if match else len(flat_text)


def _fill_date(
    line: Paragraph, start: int, verb: int, end: int, year: int | None, draft: Draft
) -> None:
    match = _DATE_AFTER.match(line.flat[end:])
    at = end
    if match is None:
        cited = {each.end for each in numbers_in(line)}
        before = [
            each
            for each in _DATE_BEFORE.finditer(line.flat, start, verb)
            if not any(0 <= each.start() - number <= 3 for number in cited)
        ]
        if not before:
            return
        match, at = before[-1], 0
    first, last = at + match.start("day"), at + match.end("day")
    written = line.text[first:last]
    value = iso(written, default_year=year)
    if value and not draft.document.issued_on:
        certainty = Certainty.HIGH if value[:4] in written else Certainty.MEDIUM
        draft.document.issued_on = line.found(value, certainty, first, last)


def _fill_issuer(line: Paragraph, start: int, verb: int, draft: Draft) -> None:
    match = _ISSUER.search(line.flat[start:verb])
    if match is None or draft.document.issuer:
        return
    first, last = start + match.start("name"), start + match.end("name")
    # The nearest body counts: "theo chỉ đạo của UBND tỉnh, Sở Nội vụ ban hành".
    inner = re.split(r",\s+(?=[A-ZĐ])", line.text[first:last])
    name = inner[-1].strip(" ,")
    first = last - len(inner[-1])
    if person := _DEPUTY.match(flat(name)):
        # A deputy signs for his body and is not the body; his own name may follow it.
        first += person.end()
        name = name[person.end() :]
        if ours := _BODY_ALONE.match(name):
            name = ours[0]
    value = name
    if full := re.match(r"(?:ủy|uỷ) ban nhân dân\s+", name, re.IGNORECASE):
        value = committee(name[full.end() :])
    if name:
        draft.document.issuer = line.found(value, Certainty.HIGH, first, first + len(name))


def _read_numbered(lines: list[Paragraph], draft: Draft) -> None:
    """Read "Kế hoạch số 157/KH-UBND ngày ..." where no sentence says that it was issued."""
    head = draft.document
    for line in lines:
        for each in numbers_in(line):
            kind = KIND_OF_TYPE.get(each.number.type)
            before = line.flat[: each.start]
            named = _NUMBERED_KIND.search(before) or re.search(
                rf"(?P<kind>{KIND_WORDS})\s*$", before
            )
            if not kind or not named or KINDS[named["kind"]] != kind or kind == "Kết luận":
                continue
            if _FOLLOWS.search(before[: named.start()]) and line is not lines[0]:
                continue
            head.number = each.found(Certainty.MEDIUM)
            head.kind = head.kind or line.found(
                kind, Certainty.MEDIUM, named.start("kind"), named.end("kind")
            )
            _fill_date(line, each.end, each.end, each.end, None, draft)
            stop = _sentence_end(line.flat, each.end)
            title = re.sub(r"^[\s,:]*(?:về việc|về)\s+", "", line.text[each.end : stop])
            if not head.title and title != line.text[each.end : stop] and len(title) > 12:
                head.title = line.found(title.strip(), Certainty.MEDIUM, stop - len(title), stop)
            return


def fill_headline(document: Document, draft: Draft) -> None:
    """Take the headline as the title if no sentence gave one."""
    if draft.document.title:
        return
    for line in document.paragraphs():
        if not line.is_aside and 30 <= len(line.text) <= MAX_TITLE and "papi" in line.flat:
            draft.document.title = line.found(line.text, Certainty.LOW)
            return


def mend_title(document: Document, draft: Draft) -> None:
    """Replace a title in capitals by the same words in small letters, if the page has them."""
    title: Found = draft.document.title
    if not title or not str(title.value).isupper():
        return
    wanted = " ".join(flat(str(title.value)).split())
    for line in document.lines():
        at = " ".join(line.flat.split()).find(wanted)
        if at >= 0 and not line.text[at : at + len(wanted)].isupper():
            written = line.text[at : at + len(wanted)]
            value = written[:1].upper() + written[1:]
            draft.document.title = line.found(value, Certainty.HIGH, at, at + len(wanted))
            return
