"""Read the number and symbol of an administrative document: 149/KH-UBND, 95-KL/TU."""

import re
import unicodedata
from dataclasses import dataclass

from django.utils.translation import gettext as _

from papi_portal.text.normalise import TextError, normalise, quoted

MAX_LENGTH = 60

_STATE_TYPES = (
    *("NQ", "QĐ", "CT", "QC", "QyĐ", "TC", "TB", "HD", "CTr", "KH", "PA", "ĐA", "DA", "BC", "BB"),
    *("TTr", "HĐ", "CĐ", "GM", "GGT", "GUQ", "BGN", "NĐ", "TT", "TTLT", "KL", "VBHN", "HNVB"),
)
_PARTY_TYPES = ("NQ", "CT", "KL", "QĐ", "KH", "CTr", "HD", "TB", "BC", "CV", "QC", "QyĐ", "TTr")
# PDF text loses the hyphen, and only before a known issuer is that certain: 673/QĐUBND.
_ISSUERS_AFTER_LOST_HYPHEN = ("UBND", "CTUBND", "HĐND", "CP", "TTg", "VPCP")
_MIXED_CASE = {"TTG": "TTg", "TCTTTG": "TCTTTg", "THU": "ThU", "HDND": "HĐND", "QDND": "QĐND"}
_LOST_STROKE = {"QD": "QĐ", "ND": "NĐ", "QYD": "QyĐ"}

_LETTERS = "A-ZĐĂÂÊÔƠƯ"
_PARTY = re.compile(
    r"(?P<number>[0-9]{1,4})(?P<suffix>[a-zđ]?)[- ](?P<type>[A-Za-zĐđ]{2,4})"
    r"/(?P<issuer>[A-ZĐ]{0,7}(?:TU|TW|HU|ĐU|BCSĐ|BCĐ)|ThU)"
)
_STATE = re.compile(
    r"(?P<number>[0-9]{1,5})(?P<suffix>[a-zđ]?)(?:/(?P<year>(?:19|20)[0-9]{2}))?[/ ]"
    rf"(?P<symbol>[{_LETTERS}][{_LETTERS}a-zđ0-9]{{1,12}}(?:-[{_LETTERS}0-9&][{_LETTERS}a-z0-9&]{{0,9}}){{0,3}})"
)
_LABEL = re.compile(r"^(?:số(?: hiệu)?\s?[:.]?\s?)(?=\S)", re.IGNORECASE)
_AROUND_SIGN = re.compile(r"\s?([/-])\s?")
_DASHES = str.maketrans({**dict.fromkeys("‐‑‒–—―−－", "-"), **dict.fromkeys("⁄∕／", "/")})
_ISSUER = re.compile(rf"(?:[{_LETTERS}0-9&]|(?<=T)g|(?<=T)r|(?<=T)h)+(?:-[{_LETTERS}0-9&]+)*")


class DocumentNumberError(TextError):
    """A text is not the number of an administrative or Party document."""


@dataclass(frozen=True, slots=True)
class DocumentNumber:
    """A document number in its parts; `type` is empty for official letters (công văn)."""

    number: int
    suffix: str
    year: int | None
    type: str
    issuer: str
    text: str

    def __str__(self) -> str:
        return self.text


def parse_document_number(raw: str) -> DocumentNumber:
    """Return the document number that `raw` is as a whole. Raise `DocumentNumberError`.

    Spaces, lower case, a lost slash or hyphen and a D that lost its stroke are mended as in
    `1492 KH-UBND` and `673/QDUBND`; `text` is the canonical form.
    """
    if len(raw) > MAX_LENGTH:
        raise DocumentNumberError(
            _("Số ký hiệu dài %(length)s ký tự; tối đa %(limit)s. %(example)s")
            % {"length": len(raw), "limit": MAX_LENGTH, "example": _how_to_write()}
        )
    shown = normalise(raw)
    if not shown:
        raise DocumentNumberError(
            _("Chưa ghi số ký hiệu văn bản. %(example)s") % {"example": _how_to_write()}
        )
    _refuse_other_alphabets(shown)
    written = _AROUND_SIGN.sub(r"\1", _LABEL.sub("", shown).translate(_DASHES)).strip()
    number = _read_party(written) or _read_state(written)
    if number is None:
        raise DocumentNumberError(_explain(shown, written))
    return number


def _read_party(written: str) -> DocumentNumber | None:
    match = _PARTY.fullmatch(written) or _PARTY.fullmatch(_in_capitals(written))
    kind = match and _known_type(match["type"], _PARTY_TYPES)
    if not match or not kind or int(match["number"]) == 0:
        return None
    number, suffix = int(match["number"]), match["suffix"]
    issuer = _MIXED_CASE.get(match["issuer"], match["issuer"])
    text = f"{number:02d}{suffix}-{kind}/{issuer}"
    return DocumentNumber(number, suffix, None, kind, issuer, text)


def _read_state(written: str) -> DocumentNumber | None:
    match = _STATE.fullmatch(written) or _STATE.fullmatch(_in_capitals(written))
    if not match or int(match["number"]) == 0:
        return None
    kind, issuer = _split_symbol(match["symbol"])
    if not _ISSUER.fullmatch(issuer) or len(issuer) < 2:
        return None
    number, suffix = int(match["number"]), match["suffix"]
    year = int(match["year"]) if match["year"] else None
    head = f"{number:02d}{suffix}" + (f"/{year}" if year else "")
    text = f"{head}/{kind}-{issuer}" if kind else f"{head}/{issuer}"
    return DocumentNumber(number, suffix, year, kind, issuer, text)


def _split_symbol(symbol: str) -> tuple[str, str]:
    """Return type and issuer of `KH-UBND`, `QĐUBND`, `UBND-NC` (which has no type)."""
    first, hyphen, rest = symbol.partition("-")
    if hyphen and (kind := _known_type(first, _STATE_TYPES)):
        return kind, _issuer(rest)
    for issuer in _ISSUERS_AFTER_LOST_HYPHEN:
        kind = _known_type(first.removesuffix(issuer), _STATE_TYPES)
        if kind and first.endswith(issuer):
            return kind, _issuer(f"{issuer}{hyphen}{rest}")
    return "", _issuer(symbol)


def _known_type(written: str, types: tuple[str, ...]) -> str:
    capitals = _LOST_STROKE.get(written.upper(), written.upper())
    return next((kind for kind in types if kind.upper() == capitals.upper()), "")


def _issuer(written: str) -> str:
    return "-".join(_MIXED_CASE.get(part.upper(), part) for part in written.split("-"))


def _in_capitals(written: str) -> str:
    """Return `149/kh-ubnd` in capitals; the letter behind the number (30c) stays as it is."""
    head = re.match(r"[0-9]+[a-zđ]?(?=[/ -])", written)
    start = head.end() if head else 0
    return written[:start] + written[start:].upper()


def _refuse_other_alphabets(shown: str) -> None:
    for position, char in enumerate(shown, start=1):
        if char.isalpha() and not unicodedata.name(char, "").startswith("LATIN "):
            raise DocumentNumberError(
                _(
                    "Số ký hiệu %(value)s có chữ không thuộc bảng chữ cái Việt/Latinh ở vị trí "
                    "%(position)s. Hãy gõ lại chữ đó, ví dụ 149/KH-UBND."
                )
                % {"value": quoted(shown), "position": position}
            )


def _explain(shown: str, written: str) -> str:
    if re.fullmatch(r"[0-9]{1,5}[/-]?", written):
        reason = _("Số ký hiệu %(value)s thiếu ký hiệu sau số. %(example)s")
    elif not re.match(r"[0-9]", written):
        reason = _("Số ký hiệu %(value)s không bắt đầu bằng số. %(example)s")
    elif re.match(r"0+(?![0-9])", written):
        reason = _("Số ký hiệu %(value)s có số 0; số văn bản bắt đầu từ 01. %(example)s")
    else:
        reason = _("%(value)s không phải số ký hiệu văn bản. %(example)s")
    return reason % {"value": quoted(shown), "example": _how_to_write()}


def _how_to_write() -> str:
    return _("Hãy nhập dạng số/loại-cơ quan, ví dụ 149/KH-UBND, 472/UBND-NC hoặc 95-KL/TU.")
