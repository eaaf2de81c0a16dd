"""Keys by which the names of agencies and people are searched, matched and sorted."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from papi_portal.text.normalise import without_marks

NAME_LENGTH = 300

ABBREVIATIONS = {
    "BCD": "Ban Chỉ đạo",
    "BHXH": "Bảo hiểm xã hội",
    "BQL": "Ban Quản lý",
    "BTC": "Ban Tổ chức",
    "BTGTU": "Ban Tuyên giáo Tỉnh ủy",
    "CBCCVC": "cán bộ, công chức, viên chức",
    "CCHC": "cải cách hành chính",
    "CNTT": "công nghệ thông tin",
    "DTTG": "Dân tộc và Tôn giáo",
    "DVC": "dịch vụ công",
    "GDDT": "Giáo dục và Đào tạo",
    "GTVT": "Giao thông vận tải",
    "HDND": "Hội đồng nhân dân",
    "KHCN": "Khoa học và Công nghệ",
    "KHDT": "Kế hoạch và Đầu tư",
    "KTXH": "kinh tế - xã hội",
    "LDTBXH": "Lao động - Thương binh và Xã hội",
    "MTTQ": "Mặt trận Tổ quốc",
    "NNMT": "Nông nghiệp và Môi trường",
    "NNPTNT": "Nông nghiệp và Phát triển nông thôn",
    "PTTH": "Phát thanh - Truyền hình",
    "TNMT": "Tài nguyên và Môi trường",
    "TP": "thành phố",
    "TTDT": "thông tin điện tử",
    "TTHC": "thủ tục hành chính",
    "TTPVHCC": "Trung tâm Phục vụ hành chính công",
    "TTTT": "Thông tin và Truyền thông",
    "TX": "thị xã",
    "UBMTTQ": "Ủy ban Mặt trận Tổ quốc",
    "UBND": "Ủy ban nhân dân",
    "VHTT": "Văn hóa và Thể thao",
    "VHTTDL": "Văn hóa, Thể thao và Du lịch",
    "VHTTTTDL": "Văn hóa, Thông tin, Thể thao và Du lịch",
    "VP": "Văn phòng",
}

_TOKEN = re.compile(r"[A-Za-zĐđ]+(?:(?: ?& ?|-)[A-Za-zĐđ]+)*")
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_NOT_WORD_OR_MARK = re.compile("[^\\w\u0300-\u036f]+|_+")
_AND = "va"

_TONE_ORDER = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPED = {"\u0306": 1, "\u0302": 2, "\u031b": 3}


def fold(text: str) -> str:
    """Return the search key of `text`: lower case, no marks, đ as d, words apart by one blank."""
    return _NOT_ALPHANUMERIC.sub(" ", without_marks(text)).strip()


def expand(name: str) -> str:
    """Return `name` with the usual abbreviations written out: `Sở TT&TT`, `VP UBND`."""
    return _TOKEN.sub(_expansion, name[:NAME_LENGTH])


def initials(name: str) -> str:
    """Return the folded initials without "và": `Sở Thông tin và Truyền thông` is `stttt`."""
    return "".join(word[0] for word in fold(expand(name)).split() if word != _AND)


def agency_keys(name: str, short_name: str = "") -> str:
    """Return the text in which each folded word that people type for this agency is found.

    `Sở Thông tin và Truyền thông` is found by "so tttt", "stttt", "so tt&tt" and "thong tin".
    """
    keys = [fold(name)]
    for form in filter(None, (name, short_name)):
        full = fold(expand(form))
        keys += [full, fold(form), initials(form), "".join(word[0] for word in full.split())]
        # "Sở TT&TT" is also typed "tttt" and "ldtbxh" is also "lđ-tb&xh".
        keys += [_compact(token) for token in without_marks(form).split()]
    unique: dict[str, None] = dict.fromkeys(word for key in keys[1:] for word in key.split())
    known = set(keys[0].split())
    return " ".join([keys[0], *(word for word in unique if word not in known)]).strip()


def match_key(name: str) -> str:
    """Return the key that is equal for two spellings of one name, `Uỷ ban` and `Ủy ban`.

    Case, punctuation and the place of the tone mark in a syllable do not count; marks and đ do.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    words = _NOT_WORD_OR_MARK.sub(" ", decomposed).split()
    return unicodedata.normalize("NFC", " ".join(map(_tone_last, words)))


def sort_key(text: str) -> str:
    """Return a key of ASCII letters and digits that sorts in Vietnamese order.

    Syllable by syllable as in a dictionary: first the letters (a ă â b c d đ e ê ...), then the
    tone (ngang, huyền, hỏi, ngã, sắc, nặng); numbers by value, before letters. It sorts the same
    under any database collation.
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    words = _NOT_WORD_OR_MARK.sub(" ", unicodedata.normalize("NFKD", decomposed)).split()
    return "".join(f"{_letters_key(word)}0{_tone(word)}" for word in words)


def nearest(name: str, candidates: Iterable[str], limit: int = 3) -> list[str]:
    """Return at most `limit` of `candidates` that look like `name`, the most alike first."""
    wanted, short = _trigrams(fold(expand(name))), _compact(without_marks(name[:NAME_LENGTH]))
    scored = []
    for candidate in dict.fromkeys(candidates):
        trigrams, first_letters, key = _looks(candidate)
        likeness = 1.0 if short and short == first_letters else _likeness(wanted, trigrams)
        if likeness > 0:
            scored.append((-likeness, key, candidate))
    return [candidate for _likeness_, _key, candidate in sorted(scored)[:limit]]


@lru_cache(maxsize=10_000)
def _looks(candidate: str) -> tuple[frozenset[str], str, str]:
    """What `nearest` compares; a table of thousands of unknown names asks of the same ones."""
    return _trigrams(fold(expand(candidate))), initials(candidate), sort_key(candidate)


def _expansion(token: re.Match[str]) -> str:
    written = _compact(without_marks(token[0])).upper()
    # No word is spelt like a longer abbreviation; one of two letters must be in capitals.
    is_short = len(written) <= 2
    if written in ABBREVIATIONS and (not is_short or token[0].isupper()):
        return ABBREVIATIONS[written]
    if "-" in token[0]:
        return "-".join(_TOKEN.sub(_expansion, part) for part in token[0].split("-"))
    return token[0]


def _compact(text: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", text)


def _tone_last(word: str) -> str:
    """Return a decomposed word with its tone marks at its end: `hoà` and `hòa` become one."""
    tones = "".join(char for char in word if char in _TONE_ORDER)
    return "".join(char for char in word if char not in _TONE_ORDER) + tones


def _tone(word: str) -> int:
    return next((_TONE_ORDER[char] for char in word if char in _TONE_ORDER), 0)


def _letters_key(word: str) -> str:
    keys: list[str] = []
    for part in re.findall(r"[0-9]+|[^0-9]", word):
        if part[0] in "0123456789":
            digits = part.lstrip("0")
            keys.append(f"1{len(digits):03d}{digits}")
        elif "a" <= part <= "z":
            keys.append(f"{part}0")
        elif part == "đ":
            keys.append("d1")
        elif part in _SHAPED and keys and keys[-1][-1] == "0":
            keys[-1] = f"{keys[-1][:-1]}{_SHAPED[part]}"
        elif unicodedata.category(part)[0] != "M":
            keys.append(f"z9{ord(part):06x}")
    return "".join(keys)


def _trigrams(folded: str) -> frozenset[str]:
    """Return the trigrams of each word, its beginning and end included."""
    padded = (f"  {word} " for word in folded.split())
    return frozenset(word[at : at + 3] for word in padded for at in range(len(word) - 2))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the Dice coefficient, 0 to 1."""
    total = len(one) + len(other)
    return 2 * len(one & other) / total if total else 0.0
