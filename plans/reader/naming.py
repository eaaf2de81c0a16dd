"""Write names that stand in capitals in a letterhead as they are written in a sentence."""

from __future__ import annotations

import re

from papi_portal.text import fold
from plans.reader.provinces import BY_KEY, CITIES, province_of

_USUAL = (
    *("Sở Nội vụ", "Sở Tư pháp", "Sở Tài chính", "Sở Công Thương", "Sở Xây dựng", "Sở Y tế"),
    *("Sở Kế hoạch và Đầu tư", "Sở Thông tin và Truyền thông", "Sở Tài nguyên và Môi trường"),
    *("Sở Nông nghiệp và Phát triển nông thôn", "Sở Nông nghiệp và Môi trường", "Sở Du lịch"),
    *("Sở Lao động - Thương binh và Xã hội", "Sở Giao thông vận tải", "Sở Ngoại vụ"),
    *("Sở Văn hóa và Thể thao", "Sở Văn hóa, Thể thao và Du lịch", "Sở Khoa học và Công nghệ"),
    *("Sở Văn hóa, Thông tin, Thể thao và Du lịch", "Sở Giáo dục và Đào tạo"),
    *("Sở Dân tộc và Tôn giáo", "Sở Giao thông vận tải - Xây dựng", "Sở Quy hoạch - Kiến trúc"),
    *("Ban Dân tộc", "Ban Thường vụ", "Văn phòng", "Ban Biên tập Cổng Thông tin điện tử"),
    *("Thanh tra tỉnh", "Bảo hiểm xã hội", "Hội đồng nhân dân", "Ban Tuyên giáo", "Ban Chỉ đạo"),
)
_BY_FOLD = {fold(name): name for name in _USUAL}
# Words without a vowel are abbreviations, and some that have one: "SỞ TT&TT", "BAN CHỈ ĐẠO CCHC".
_ABBREVIATION = re.compile(r"\b(?:ubnd|papi|cntt|[bcdđghklmnpqrstvx]{2,}(?:&[a-zđ]+)?)\b(?<!ngh)")


def in_sentence(name: str) -> str:
    """Return a name in capitals with small letters; one that has small letters as it is."""
    words = " ".join(name.split()).strip(" -*.")
    if not words.isupper():
        return words
    key = fold(words)
    if key in _BY_FOLD:
        return _BY_FOLD[key]
    for usual in sorted(_BY_FOLD, key=len, reverse=True):
        if key.startswith(f"{usual} "):
            rest = words[_after(words, len(usual.split())) :].strip(" -,")
            return f"{_BY_FOLD[usual]} {_lowered(rest)}"
    lowered = _lowered(words)
    return lowered[:1].upper() + lowered[1:]


def committee(rest: str) -> str:
    """Return the short name of the people's committee of what `rest` says: TỈNH LÀO CAI."""
    place = _lowered(" ".join(rest.split()).strip(" -*.,"))
    place = re.sub(r"^tp\.?\s*", "thành phố ", place, flags=re.IGNORECASE)
    if province_of(place):
        name = province_of(place)
        place = f"{'thành phố' if name in CITIES else 'tỉnh'} {name}"
    return f"UBND {place}".strip()


def _after(words: str, count: int) -> int:
    """Return where the word number `count` of the folded words ends."""
    at = 0
    for match in re.finditer(r"[^\W_]+", words):
        count -= 1
        at = match.end()
        if count == 0:
            break
    return at


def _lowered(words: str) -> str:
    """Return `words` in small letters but for names of provinces and what is abbreviated."""
    if not words.isupper():
        return words
    lowered = words.lower()
    folded = fold(lowered)
    for key, name in sorted(BY_KEY.items(), key=lambda pair: -len(pair[0])):
        if folded.endswith(fold(key)):
            count = len(folded.split()) - len(fold(key).split())
            start = _after(lowered, count) if count else 0
            head = lowered[:start].strip(" -")
            return f"{_kept(head)} {name}".strip()
    parts = lowered.split(" ")
    if len(parts) > 1 and fold(parts[0]) in ("tinh", "huyen", "xa", "phuong", "quan"):
        return " ".join([parts[0], *(part.capitalize() for part in parts[1:])])
    if len(parts) > 2 and fold(" ".join(parts[:2])) in ("thanh pho", "thi xa", "thi tran"):
        return " ".join([*parts[:2], *(part.capitalize() for part in parts[2:])])
    return _kept(lowered)


def _kept(words: str) -> str:
    return _ABBREVIATION.sub(lambda match: match[0].upper(), words)
