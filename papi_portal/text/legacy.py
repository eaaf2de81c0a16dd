"""Recognise Vietnamese in the old TCVN3 and VNI fonts, and UTF-8 that was read as Windows-1252."""

import re
import unicodedata
from dataclasses import dataclass

# One hit may be a foreign name or a sign; a Vietnamese phrase has several.
MIN_HITS = 2
LOOKED_AT = 2_000

_UNICODE_VIETNAMESE = re.compile("[\u1ea0-\u1ef9ĂăĐđƠơƯư\u0300\u0301\u0303\u0309\u0323]")

_TCVN3_LETTERS = (
    "\xa1Ă \xa2Â \xa3Ê \xa4Ô \xa5Ơ \xa6Ư \xa7Đ \xa8ă \xa9â \xaaê \xabô \xacơ \xadư \xaeđ "
    "\xb5à \xb6ả \xb7ã \xb8á \xb9ạ \xbbằ \xbcẳ \xbdẵ \xbeắ \xc6ặ \xc7ầ \xc8ẩ \xc9ẫ \xcaấ \xcbậ "
    "\xccè \xceẻ \xcfẽ \xd0é \xd1ẹ \xd2ề \xd3ể \xd4ễ \xd5ế \xd6ệ \xd7ì \xd8ỉ \xdcĩ \xddí \xdeị "
    "\xdfò \xe1ỏ \xe2õ \xe3ó \xe4ọ \xe5ồ \xe6ổ \xe7ỗ \xe8ố \xe9ộ \xeaờ \xebở \xecỡ \xedớ \xeeợ "
    "\xefù \xf1ủ \xf2ũ \xf3ú \xf4ụ \xf5ừ \xf6ử \xf7ữ \xf8ứ \xf9ự \xfaỳ \xfbỷ \xfcỹ \xfdý \xfeỵ"
)
_TCVN3 = {ord(pair[0]): pair[1] for pair in _TCVN3_LETTERS.split(" ")}
# Signs that are letters in TCVN3 and stand inside a word in no other text.
_TCVN3_SIGN = re.compile("(?<=[A-Za-z])[¡¢£¤¥¦§¨©ª¬\xadµ¶¸¹¼½¾](?=[A-Za-zÀ-ÿ])|[§®](?=[A-Za-zÀ-ÿ])")

_TONES = {"ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ù": "\u0301", "ï": "\u0323"}
_HAT_TONES = {"à": "\u0300", "å": "\u0309", "ã": "\u0303", "á": "\u0301", "ä": "\u0323"}
_BREVE_TONES = {"è": "\u0300", "ú": "\u0309", "ü": "\u0303", "é": "\u0301", "ë": "\u0323"}
_VNI_MARKS = (
    _TONES
    | {"â": "\u0302", "ê": "\u0306"}
    | {sign: f"\u0302{tone}" for sign, tone in _HAT_TONES.items()}
    | {sign: f"\u0306{tone}" for sign, tone in _BREVE_TONES.items()}
)
_VNI_SINGLES = {
    "ô": "ơ",
    "Ô": "Ơ",
    "ö": "ư",
    "Ö": "Ư",
    "ñ": "đ",
    "Ñ": "Đ",
    "æ": "ỉ",
    "Æ": "Ỉ",
    "ó": "ĩ",
    "Ó": "Ĩ",
    "ò": "ị",
    "Ò": "Ị",
    "î": "ỵ",
    "Î": "Ỵ",
}
_VNI_PAIR = re.compile("([aeouyôöAEOUYÔÖ])([øûõùïâàåãáäêèúüéëØÛÕÙÏÂÀÅÃÁÄÊÈÚÜÉË])")
# Pairs that no word in Unicode has; "oá" and "oà" are left out, as "hoá" has them.
_VNI_PROOF = re.compile("[aeouyôöAEOUYÔÖ][øûïåäØÛÏÅÄ]|[eaEA][áàâÁÀÂ]|[oO][âÂ]")


@dataclass(frozen=True, slots=True)
class LegacyGuess:
    """The name of an old encoding and the text read through it."""

    encoding: str
    text: str


def guess_legacy(raw: str) -> LegacyGuess | None:
    """Return how `raw` reads if it is in an old encoding; looks at its first 2,000 characters."""
    text = raw[:LOOKED_AT]
    if text.isascii() or _UNICODE_VIETNAMESE.search(text):
        return None
    if repaired := _repair_utf8(text):
        return LegacyGuess("UTF-8", repaired)
    if len(_TCVN3_SIGN.findall(text)) >= MIN_HITS:
        return LegacyGuess("TCVN3/.VnTime", text.translate(_TCVN3))
    if len(_VNI_PROOF.findall(text)) >= MIN_HITS:
        return LegacyGuess("VNI", _from_vni(text))
    return None


def from_legacy(text: str, encoding: str) -> str:
    """Return `text` read through the `encoding` that `guess_legacy` named for its whole."""
    if encoding == "VNI":
        return _from_vni(text)
    if encoding == "UTF-8":
        return _repair_utf8(text) or text
    return text.translate(_TCVN3)


def _repair_utf8(text: str) -> str:
    """Return the text that was UTF-8 before someone read it as Windows-1252, or nothing."""
    try:
        return b"".join(map(_windows_byte, text)).decode("utf-8")
    except UnicodeError:
        return ""


def _windows_byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        # The five bytes that Windows-1252 leaves open are passed on as control characters.
        return char.encode("latin-1")


def _from_vni(text: str) -> str:
    def letter(pair: re.Match[str]) -> str:
        base = _VNI_SINGLES.get(pair[1], pair[1])
        return unicodedata.normalize("NFC", base + _VNI_MARKS[pair[2].lower()])

    singles = {ord(single): char for single, char in _VNI_SINGLES.items()}
    parts = _VNI_PAIR.split(text)
    # `split` yields rest, base, mark, rest, ...; what is between pairs holds the single letters.
    rests = [rest.translate(singles) for rest in parts[::3]]
    letters = [letter(pair) for pair in _VNI_PAIR.finditer(text)] + [""]
    return "".join(rest + char for rest, char in zip(rests, letters, strict=True))
