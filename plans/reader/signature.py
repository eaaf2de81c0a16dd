"""Who signed, and in what capacity."""

from __future__ import annotations

import re

from plans.reader.blocks import CAPITALS, Document, Paragraph
from plans.reader.draft import Certainty, Draft, Found

LOOK_AHEAD = 30
CLOSE = 6

_POSTS = (
    r"(?:pho\s+)?(?:chu tich|giam doc|bi thu|truong ban|chanh van phong|chu nhiem|cuc truong"
    r"|tong giam doc|chanh thanh tra|truong phong|chi cuc truong|vien truong|chanh an|hieu truong)"
)
_CAPACITY = re.compile(
    rf"(?:(?:tm|t/m|kt|k/t|tl|t/l|tuq|q)\s*[./]\s*[a-z].{{1,60}}|{_POSTS}(?:\s+thuong truc)?"
    r"(?:\s+(?:ubnd|uy ban nhan dan).{0,40})?)\s*"
)
_SIGN = re.compile(r"(?:tm|kt|tl|tuq)\s?\.\s?(?:uy ban|ubnd|chu tich|giam doc|ban)")
_NAME = re.compile(rf"(?:[{CAPITALS}](?:[^\W\d_]|['’-])*\s?){{2,6}}")
_HAS_SIGNED = re.compile(
    rf"(?P<name>(?:[{CAPITALS}][^\W\d_]*\s){{1,5}}[{CAPITALS}][^\W\d_]*)"
    r"\s+(?:(?:đã|vừa|mới)\s+)*ký\b"
)
_TITLE = re.compile(r"^(?:(?:ts|ths|pgs|gs|bs|ks|cn)\.?\s*)+(?=[A-ZĐ])", re.IGNORECASE)
_NO_NAME = re.compile(
    r"noi nhan|da ky|ky ten|ky boi|uy ban|hoi dong|phu luc|kem theo|cong hoa|ke hoach|so noi vu"
    r"|van phong (?:ubnd|hdnd|tinh|so|uy ban)|luu\s*[:.]|luu vp|luu vt|^-|nhu tren|bao cao"
    r"|chu tich|giam doc|bi thu"
)
_SIGNED_BY = re.compile(
    rf"{_POSTS}(?:\s+thuong truc)?(?:\s+(?:ubnd|uy ban nhan dan|tinh uy|so)\s+(?:tinh|thanh pho)?"
    r"(?:\s+\w+){0,4}?)?[\s,:]+(?:dong chi\s+|ong\s+|ba\s+)?"
)


def read_signature(document: Document, draft: Draft) -> None:
    """Fill the signer of the first signature; a name alone at the end is none."""
    lines = list(document.lines())
    for index, line in enumerate(lines):
        if not _is_capacity(line) or index < 8:
            continue
        capacity, apart = [line], 0
        for following in lines[index + 1 : index + LOOK_AHEAD]:
            apart += 1
            if _is_capacity(following):
                if apart > CLOSE:
                    # The lines above were the title of a decision, not its signature.
                    break
                capacity.append(following)
                apart = 0
            elif name := person(following):
                first = following.text.index(name[:2]) if name[:2] in following.text else 0
                draft.document.signer = following.found(name, Certainty.HIGH, first)
                text = "\n".join(each.text for each in capacity)
                draft.signer_capacity = Found(
                    text, text, capacity[0].start, capacity[-1].end, Certainty.HIGH
                )
                return
    _read_told(lines, draft)


def person(line: Paragraph) -> str:
    """Return the name of a person if the line is nothing else."""
    text = _TITLE.sub("", line.text.strip(" .*_-/"))
    if not 5 <= len(text) <= 40 or _NO_NAME.search(line.flat):
        return ""
    if not _NAME.fullmatch(text) or not 2 <= len(text.split()) <= 6:
        return ""
    return text.title() if text.isupper() else text


def _is_capacity(line: Paragraph) -> bool:
    text = line.text.strip(" .*")
    letters = [char for char in text if char.isalpha()]
    if _SIGN.match(line.flat) and len(text) < 50:
        return True
    is_loud = bool(letters) and sum(char.isupper() for char in letters) >= 0.8 * len(letters)
    return is_loud and len(text) < 70 and _CAPACITY.fullmatch(line.flat.strip(" .*")) is not None


def _read_told(lines: list[Paragraph], draft: Draft) -> None:
    """Read a news page: "Phó Chủ tịch UBND tỉnh Nguyễn Văn An đã ký ban hành"."""
    for line in lines:
        if line.is_aside or " ky " not in line.flat:
            continue
        for match in _SIGNED_BY.finditer(line.flat):
            name = _HAS_SIGNED.match(line.text[match.end() :])
            if name:
                first = match.end()
                draft.document.signer = line.found(
                    name[1], Certainty.MEDIUM, first, first + len(name[1])
                )
                draft.signer_capacity = line.found(
                    line.text[match.start() : first].strip(" ,:"),
                    Certainty.MEDIUM,
                    match.start(),
                    first,
                )
                return
