"""Indices and the dimensions of PAPI by their names, the variants and slips of pen in use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from papi_portal.text import fold
from plans.reader.blocks import flat

ALIKE = 0.86
MIN_IN_LIST = 3

# Word by word as written in plans since 2014; for each the words that no other thing is called.
_STRICT = {
    "D1": r"tham gia cua (?:nguoi )?dan(?: o)? (?:cap )?co so"
    r"|su tham gia cua nguoi dan(?: o)? cap co so",
    "D2": r"cong khai,?(?: va)? minh bac?h? (?:trong|cua)(?: viec)? (?:ra|hoach dinh|quyet)"
    r"(?: chinh sach| quyet dinh| dinh)?",
    "D3": r"trach n?hiem giai trinh (?:voi|doi voi|truoc|cua chinh quyen voi) (?:nguoi )?dan",
    "D4": r"kiem soat tham nhung(?: trong)?(?: khu vuc)? cong",
    "D5": r"(?:chi so |noi dung )?\"?thu tuc hanh chinh cong",
    "D6": r"cung ung(?: cac)? (?:dich vu(?: hanh chinh)? cong|dvc)",
    "D7": r"quan tri moi truong",
    "D8": r"quan tri dien tu",
}
# Said of other things as well: enough only in a list of dimensions or in a heading.
_LOOSE = {
    "D1": r"tham gia cua nguoi dan",
    "D2": r"cong khai,?(?: va)? minh bac?h?",
    "D3": r"trach n?hiem giai trinh",
    "D4": r"kiem soat tham nhung",
    "D5": r"(?:cai cach )?thu tuc hanh chinh",
    "D6": r"cung ung dich vu",
    "D7": r"quan tri moi truong",
    "D8": r"quan tri dien tu",
}
_SUBDIMENSIONS = {
    "S11": ("Tri thức công dân",),
    "S12": ("Cơ hội tham gia bầu cử", "Cơ hội tham gia"),
    "S13": ("Chất lượng bầu cử trưởng thôn/tổ trưởng tổ dân phố", "Chất lượng bầu cử"),
    "S14": ("Đóng góp tự nguyện",),
    "S_INFO": ("Tiếp cận thông tin",),
    "S_POV": ("Công khai, minh bạch danh sách hộ nghèo", "Danh sách hộ nghèo"),
    "S_BUD": (
        "Công khai, minh bạch thu, chi ngân sách cấp xã",
        "Thu, chi ngân sách cấp xã/phường",
        "Thu, chi ngân sách cấp xã",
    ),
    "S_LAND": (
        "Công khai, minh bạch kế hoạch sử dụng đất, bảng giá đất/khung giá bồi thường",
        "Kế hoạch sử dụng đất, khung giá đền bù",
        "Quy hoạch, kế hoạch sử dụng đất, khung giá đất",
    ),
    "S31": ("Mức độ và hiệu quả tương tác với các cấp chính quyền",),
    "S32": ("Đáp ứng kiến nghị, khiếu nại, tố cáo của người dân",),
    "S_PIB": ("Hiệu quả của Ban Thanh tra nhân dân", "Ban Thanh tra nhân dân"),
    "S_CISB": ("Ban Giám sát đầu tư của cộng đồng",),
    "S33": ("Tiếp cận dịch vụ tư pháp",),
    "S41": ("Kiểm soát tham nhũng trong chính quyền địa phương",),
    "S42": ("Kiểm soát tham nhũng trong cung ứng dịch vụ công",),
    "S43": ("Công bằng trong tuyển dụng nhân lực vào khu vực công",),
    "S44": ("Quyết tâm chống tham nhũng của chính quyền địa phương",),
    "S_CERT": ("Dịch vụ chứng thực, xác nhận",),
    "S_CONS": ("Thủ tục cấp giấy phép xây dựng",),
    "S_LURC": ("Thủ tục cấp giấy chứng nhận quyền sử dụng đất",),
    "S_COMM": ("Dịch vụ hành chính cấp xã/phường",),
    "S61": ("Y tế công lập",),
    "S62": ("Giáo dục tiểu học công lập",),
    "S63": ("Cơ sở hạ tầng căn bản",),
    "S64": ("An ninh, trật tự",),
    "S71": ("Nghiêm túc trong bảo vệ môi trường",),
    "S72": ("Chất lượng không khí",),
    "S73": ("Chất lượng nước",),
    "S81": ("Tiếp cận, sử dụng cổng thông tin điện tử của chính quyền địa phương",),
    "S82": ("Tiếp cận và sử dụng Internet tại địa phương",),
    "S83": ("Phúc đáp yêu cầu của người dân qua cổng thông tin điện tử",),
}
_NAMES = {
    "D1": "Tham gia của người dân ở cấp cơ sở",
    "D2": "Công khai, minh bạch trong việc ra quyết định ở địa phương",
    "D3": "Trách nhiệm giải trình với người dân",
    "D4": "Kiểm soát tham nhũng trong khu vực công",
    "D5": "Thủ tục hành chính công",
    "D6": "Cung ứng dịch vụ công",
    "D7": "Quản trị môi trường",
    "D8": "Quản trị điện tử",
}
_FOLDED = [(key, fold(name)) for key, name in _NAMES.items()] + [
    (key, fold(name)) for key, names in _SUBDIMENSIONS.items() for name in names
]
# What a matcher works out of its second text it keeps: each name is looked through once.
_MATCHERS = [
    (key, len(name), SequenceMatcher(None, "", name, autojunk=False)) for key, name in _FOLDED
]
_STRICT_PATTERNS = [(key, re.compile(rf"\b(?:{words})")) for key, words in _STRICT.items()]
_LOOSE_PATTERNS = [(key, re.compile(rf"\b(?:{words})")) for key, words in _LOOSE.items()]
# These words are said of work as well; what stands before must call them the name of a dimension.
_CALLED_BEFORE = {
    "D6": re.compile(r"(?:chi so|noi dung|ve|linh vuc|truc|[\":0-9.;-])\s*\"?\s*$|^\s*$")
}
_CALLED_PATTERNS = [
    (key, re.compile(rf"chi so (?:noi dung )?(?:\"|ve )\s*(?P<name>{words})(?=\W*(?:\"|$))"))
    for key, words in _LOOSE.items()
] + [
    (key, re.compile(rf"(?:noi dung|chi so) thanh phan\s*\"?(?P<name>{words})"))
    for key, words in (
        (key, "|".join(re.escape(flat(name)) for name in names))
        for key, names in _SUBDIMENSIONS.items()
    )
]
_ORDINALS = {
    **{str(number): number for number in range(1, 9)},
    "thu nhat": 1,
    "thu hai": 2,
    "thu ba": 3,
    "thu tu": 4,
    "thu bon": 4,
    "thu nam": 5,
    "thu sau": 6,
    "thu bay": 7,
    "thu tam": 8,
}
_ONE_NUMBER = rf"(?:(?:so\s+|thu\s+)?[1-8](?![0-9.,/]*[0-9])|{'|'.join(list(_ORDINALS)[8:])})"
_BY_NUMBER = re.compile(
    r"\b(?:chi so noi dung|noi dung|truc noi dung|linh vuc noi dung|chi so thanh phan)\s+"
    rf"(?P<numbers>{_ONE_NUMBER}(?:(?:\s*,\s*|\s+va\s+)(?:(?:chi so )?noi dung\s+)?{_ONE_NUMBER})*)"
    r"(?!\s*(?:/|noi dung|chi so))(?![a-z])"
)
_EACH_NUMBER = re.compile(rf"{'|'.join(list(_ORDINALS)[8:])}|[1-8]")
# "nội dung thành phần 1.2", "(tiêu chí 2.4)": a part of a dimension by its code.
_BY_CODE = re.compile(
    r"\b(?:noi dung thanh phan|chi so thanh phan|chi so noi dung|noi dung|chi so|tieu chi)\s+"
    r"(?:so\s+)?(?P<code>[1-8]\.[1-4])(?![.0-9])"
)
_CODES = re.compile(r"\s*(?:[1-8](?:\.[1-4])?)(?:\s*[,;+&/\n]\s*[1-8](?:\.[1-4])?)*\s*")
_CODE_AT_START = re.compile(r"\s*(?P<code>[1-8]\.[1-4])(?![.0-9])")
# The parts of a dimension that have not always had one code, by the first year of each order.
_OTHER_CODES = (
    (2, 2018, ("S_INFO", "S_POV", "S_BUD", "S_LAND")),
    (2, 0, ("S_POV", "S_BUD", "S_LAND")),
    (3, 2018, ("S31", "S32", "S33")),
    (3, 2016, ("S31", "S32", "S_PIB")),
    (3, 0, ("S31", "S_PIB", "S_CISB")),
    (5, 2021, ("S_CERT", "S_LURC", "S_COMM")),
    (5, 0, ("S_CERT", "S_CONS", "S_LURC", "S_COMM")),
)
LATEST_ORDER = 2021
_CALLED = re.compile(
    r"(?:(?:truc |linh vuc )?(?:chi so|noi dung|truc)(?: noi dung)?(?: thanh phan)?"
    r"|nang cao|cai thien|ve|noi dung thanh phan)?(?:\s*[0-9.]*\s*[:.\"-]+\s*|\s+)*"
)
# What may stand before the name of a dimension in a heading.
_ABOUT = re.compile(
    r"(?:(?:nhom|cac|nhiem vu|giai phap|noi dung|chi so|truc|linh vuc|thanh phan|tieu chi"
    r"|nang cao|cai thien|tang cuong|day manh|bao dam|dam bao|thuc hien|tot|khac phuc|duy tri|ve"
    r"|doi voi|thuoc|trong|cua|lien quan|den|nham|hieu qua|chat luong|muc do|diem|so|su|tinh"
    r"|phat huy|thuc day|cong tac|viec|danh gia|hop phan|hoat dong|[0-9.]+)\b[\W_]*|[\W_]+)*"
)
MAX_REST = 70
MAX_REST_OF_PART = 30
_REWORDED = [
    (key, re.compile(rf"(?:{words})\b"))
    for key, words in {
        "D1": r"(?:su )?tham gia cua (?:nguoi |nhan )?dan",
        "D2": r"(?:tinh )?(?:cong khai|minh bach)(?:,? va|,)? (?:cong khai|minh bac?h?)",
        "D3": r"(?:trach n?hiem )?giai trinh",
        "D4": r"(?:phong,? (?:va )?)?chong tham nhung|kiem soat (?:tinh trang )?tham nhung",
        "D5": r"(?:cai cach |giai quyet |cung ung |kiem soat )*"
        r"(?:thu tuc hanh chinh|tthc)(?! noi bo)",
        "D6": r"(?:cung (?:ung|cap) )?(?:cac )?dich vu (?:hanh chinh )?cong(?! truc tuyen)",
        "D7": r"(?:quan (?:tri|ly|tri va bao ve) |bao ve )moi truong",
        "D8": r"quan tri dien tu|(?:xay dung )?chinh quyen dien tu",
    }.items()
]
_SHORT_PARTS = [
    (key, re.compile(rf"(?:{words})\b"))
    for key, words in {
        **{
            key: "|".join(re.escape(flat(name)) for name in names)
            for key, names in _SUBDIMENSIONS.items()
            if key not in ("S_POV", "S_BUD", "S_LAND", "S64")
        },
        "S_POV": r"(?:cong khai,? (?:minh bach )?)?danh sach ho ngheo",
        "S_BUD": r"(?:cong khai,? (?:minh bach )?)?(?:thu,? chi )?ngan sach (?:cap )?xa",
        "S_LAND": r"(?:cong khai,? (?:minh bach )?)?(?:quy hoach,? )?ke hoach su dung dat",
        "S64": r"an ninh,? (?:va )?trat tu",
    }.items()
]
INDICES = {
    "PAPI": r"\bpapi\b|hieu qua quan tri va hanh chinh cong",
    "PAR INDEX": r"\bpar[ -]?index\b|chi so cai cach hanh chinh|\bpar\b(?=[^a-z]*(?:index|,"
    r"|sipas))",
    "SIPAS": r"\bsipas\b|chi so hai long|muc do hai long cua nguoi dan.{0,40}phuc vu",
    "PCI": r"\bpci\b|nang luc canh\s*(?:tranh)? cap tinh",
    "PGI": r"\bpgi\b|chi so xanh",
    "DTI": r"\bdti\b|chi so (?:danh gia )?(?:muc do )?chuyen doi so",
    "ICT": r"\bict[ -]?index\b|san sang (?:phat trien va )?ung dung cong nghe thong tin",
    "POBI": r"\bpobi\b|cong khai ngan sach tinh",
    "PII": r"\bpii\b|doi moi sang tao cap dia phuong",
}
_INDEX_PATTERNS = [(code, re.compile(words)) for code, words in INDICES.items()]


@dataclass(frozen=True, slots=True)
class Named:
    key: str
    start: int
    end: int


def components_in(text: str) -> list[Named]:
    """Return the dimensions a sentence names, each once, in the order of the text."""
    return list(_all_in(text))


# A line with many duties is asked for each of them.
@lru_cache(maxsize=64)
def _all_in(text: str) -> tuple[Named, ...]:
    flat_text = flat(text)
    found = [
        name
        for name in _search(_STRICT_PATTERNS, flat_text)
        if name.key not in _CALLED_BEFORE
        or _CALLED_BEFORE[name.key].search(flat_text[max(0, name.start - 30) : name.start])
    ]
    loose = _search(_LOOSE_PATTERNS, flat_text)
    if len(loose) >= MIN_IN_LIST:
        certain = {name.key for name in found}
        found += [name for name in loose if name.key not in certain]
    known = {name.key for name in found}
    for key, pattern in _CALLED_PATTERNS:
        if key not in known and (match := pattern.search(flat_text)):
            found.append(Named(key, match.start("name"), match.end("name")))
    found += _numbered(flat_text, {name.key for name in found})
    return tuple(sorted(found, key=lambda name: name.start))


def component_of_heading(text: str) -> list[Named]:
    """Return what a heading or a cell is the name of: dimensions, else parts of a dimension."""
    flat_text = flat(text)
    if found := components_in(text):
        return _with_subdimension(text, found)
    start = _CALLED.match(flat_text)
    first = start.end() if start else 0
    key = _most_alike(text[first:])
    if key:
        return [Named(key, first, len(text))]
    for key, pattern in _LOOSE_PATTERNS:
        match = pattern.search(flat_text)
        is_name = len(text) < 45 or (len(text) < 90 and "so noi dung" in flat_text)
        if match and match.start() <= first + 12 and is_name:
            return [Named(key, match.start(), match.end())]
    return []


def _numbered(flat_text: str, known: set[str]) -> Iterator[Named]:
    """Yield what is told by number or code: "nội dung thứ tư", "Chỉ số nội dung số 6 và số 7"."""
    for match in _BY_NUMBER.finditer(flat_text):
        for each in _EACH_NUMBER.findall(match["numbers"]):
            key = f"D{_ORDINALS[each]}"
            if key not in known:
                known.add(key)
                yield Named(key, match.start(), match.end())
    for match in _BY_CODE.finditer(flat_text):
        key = component_of_code(match["code"])
        if key and key not in known:
            known.add(key)
            yield Named(key, *match.span())


def component_of_code(code: str, year: int = LATEST_ORDER) -> str:
    """Return the key of `4` or of `4.2` as PAPI counted in `year`; nothing if it had none."""
    dimension, _dot, part = code.partition(".")
    if not part:
        return f"D{dimension}"
    for number, first_year, keys in _OTHER_CODES:
        if str(number) == dimension and year >= first_year:
            return keys[int(part) - 1] if int(part) <= len(keys) else ""
    key = f"S{dimension}{part}"
    return key if key in _SUBDIMENSIONS else ""


def component_of_cell(text: str, year: int) -> list[Named]:
    """Return what a cell of a column of parts says: codes, or names as a heading has them."""
    flat_text = flat(text)
    if _CODES.fullmatch(flat_text):
        keys = [component_of_code(code, year) for code in re.findall(r"[0-9.]+", flat_text)]
        return [Named(key, 0, len(text)) for key in dict.fromkeys(keys) if key]
    if named := component_above(text):
        return named
    code = _CODE_AT_START.match(flat_text)
    key = component_of_code(code["code"], year) if code else ""
    return [Named(key, 0, len(text))] if key else []


def component_above(text: str) -> list[Named]:
    """Return what a heading above tasks is about, its words shortened or put otherwise.

    Stricter is `component_of_heading`, for a line that may itself be a task.
    """
    if named := component_of_heading(text):
        return named
    flat_text = flat(text)
    start = _ABOUT.match(flat_text)
    first = start.end() if start else 0
    for patterns, longest in ((_SHORT_PARTS, MAX_REST_OF_PART), (_REWORDED, MAX_REST)):
        for key, pattern in patterns:
            match = pattern.match(flat_text, first)
            if match and len(text) - match.end() <= longest:
                return [Named(key, match.start(), match.end())]
    return []


def indices_in(flat_text: str) -> Iterator[tuple[str, int, int]]:
    for code, pattern in _INDEX_PATTERNS:
        if match := pattern.search(flat_text):
            yield code, match.start(), match.end()


def dimension_of(key: str) -> str:
    """Return the dimension that a stable key belongs to, if its key says so."""
    return f"D{key[1]}" if re.fullmatch("S[1-8][0-9]", key) else key


def _search(patterns: list[tuple[str, re.Pattern[str]]], flat_text: str) -> list[Named]:
    found = []
    for key, pattern in patterns:
        if match := pattern.search(flat_text):
            found.append(Named(key, match.start(), match.end()))
    return found


def _with_subdimension(text: str, found: list[Named]) -> list[Named]:
    """Return a part of a dimension where its name holds that of a dimension: S42 holds D6."""
    key = _most_alike(text)
    return [Named(key, 0, len(text))] if key and key.startswith("S") else found


@lru_cache(maxsize=4_096)
def _most_alike(text: str) -> str:
    """The key whose name `text` misspells, or ""; a heading is asked for at each of its tasks."""
    folded = fold(text) if len(text) <= 200 else ""
    if not 6 <= len(folded) <= 120:
        return ""
    likeness = []
    for key, length, matcher in _MATCHERS:
        if abs(length - len(folded)) < 0.3 * len(folded) + 4:
            matcher.set_seq1(folded)
            # A bound from above that costs little: hardly any line is like any name.
            if matcher.quick_ratio() >= ALIKE:
                likeness.append((matcher.ratio(), key))
    best = max(likeness, default=(0.0, ""))
    return best[1] if best[0] >= ALIKE else ""
