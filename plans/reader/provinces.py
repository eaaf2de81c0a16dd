"""The names of the provinces, those of before 1 July 2025 as well, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plans.reader.blocks import flat

NAMES = (
    *("An Giang", "Bà Rịa - Vũng Tàu", "Bạc Liêu", "Bắc Giang", "Bắc Kạn", "Bắc Ninh", "Bến Tre"),
    *("Bình Dương", "Bình Định", "Bình Phước", "Bình Thuận", "Cà Mau", "Cao Bằng", "Cần Thơ"),
    *("Đà Nẵng", "Đắk Lắk", "Đắk Nông", "Điện Biên", "Đồng Nai", "Đồng Tháp", "Gia Lai"),
    *("Hà Giang", "Hà Nam", "Hà Nội", "Hà Tĩnh", "Hải Dương", "Hải Phòng", "Hậu Giang"),
    *("Hòa Bình", "Hồ Chí Minh", "Huế", "Hưng Yên", "Khánh Hòa", "Kiên Giang", "Kon Tum"),
    *("Lai Châu", "Lạng Sơn", "Lào Cai", "Lâm Đồng", "Long An", "Nam Định", "Nghệ An"),
    *("Ninh Bình", "Ninh Thuận", "Phú Thọ", "Phú Yên", "Quảng Bình", "Quảng Nam", "Quảng Ngãi"),
    *("Quảng Ninh", "Quảng Trị", "Sóc Trăng", "Sơn La", "Tây Ninh", "Thái Bình", "Thái Nguyên"),
    *("Thanh Hóa", "Thừa Thiên Huế", "Tiền Giang", "Trà Vinh", "Tuyên Quang", "Vĩnh Long"),
    *("Vĩnh Phúc", "Yên Bái"),
)
CITIES = ("Hà Nội", "Hải Phòng", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ", "Huế")
_OTHER_SPELLINGS = {
    "dak lak": "Đắk Lắk",
    "dac lac": "Đắk Lắk",
    "dak nong": "Đắk Nông",
    "dac nong": "Đắk Nông",
    "ba ria-vung tau": "Bà Rịa - Vũng Tàu",
    "ba ria vung tau": "Bà Rịa - Vũng Tàu",
    "br-vt": "Bà Rịa - Vũng Tàu",
    "thua thien-hue": "Thừa Thiên Huế",
    "thua thien - hue": "Thừa Thiên Huế",
    "bac can": "Bắc Kạn",
    "hcm": "Hồ Chí Minh",
    "kontum": "Kon Tum",
}
BY_KEY = {flat(name): name for name in NAMES} | _OTHER_SPELLINGS
_SPACED = {key: r"\s+".join(map(re.escape, key.split(" "))) for key in BY_KEY}
ANY = "(?:" + "|".join(_SPACED[key] for key in sorted(BY_KEY, key=len, reverse=True)) + ")"

_NAMED = re.compile(
    rf"(?P<noun>\b(?:tinh|thanh pho|tp)[.:]?\s+)?(?P<name>{ANY})(?![a-z])(?!\s*,?\s*phuong)"
)


def province_of(name: str) -> str:
    """Return the usual name for a spelling of it in any case, or nothing."""
    return BY_KEY.get(" ".join(flat(name).split()), "")


def provinces_in(text: str, flat_text: str) -> Iterator[tuple[str, int, int, bool]]:
    """Yield each province named: its name, where, and whether "tỉnh" or "thành phố" stands there.

    The name must be written with a capital letter: "an giang" in a sentence may be two words.
    """
    for match in _NAMED.finditer(flat_text):
        if text[match.start("name")].isupper():
            name = province_of(flat_text[match.start("name") : match.end("name")])
            if name:
                yield name, match.start("name"), match.end("name"), match["noun"] is not None
