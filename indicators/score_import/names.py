"""Find the province that a file of scores means, on the day whose map its edition follows."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agencies.models import Province, Succession
from agencies.states import SuccessionKind
from papi_portal import text

if TYPE_CHECKING:
    from datetime import date

SHOWN_DATE = "%d/%m/%Y"
# The same land under another name or kind: its scores go on, nobody else's join them.
SAME_LAND = frozenset({SuccessionKind.RENAME, SuccessionKind.UPGRADE})
_BEFORE = ("thanh pho truc thuoc trung uong", "thanh pho", "tinh", "tp", "t p", "city of")
_AFTER = ("province", "city")
# By compact key: what cannot be had from the name by leaving out marks, blanks and dashes.
_OTHER_SPELLINGS = {
    "hcm": "hochiminh",
    "hcmc": "hochiminh",
    "tphcm": "hochiminh",
    "hcmcity": "hochiminh",
    "saigon": "hochiminh",
    "brvt": "bariavungtau",
    "bariavt": "bariavungtau",
    "tthue": "thuathienhue",
    "daclac": "daklak",
    "darlac": "daklak",
    "dacnong": "daknong",
    "baccan": "backan",
}
# Rows that published tables have below the provinces.
_SUMMARIES = frozenset(
    {
        *("ca nuoc", "toan quoc", "viet nam", "vietnam", "national", "country", "trung binh"),
        *("trung binh ca nuoc", "binh quan", "mean", "average", "national mean", "trung vi"),
        *("median", "max", "min", "maximum", "minimum", "cao nhat", "thap nhat", "tong", "total"),
        *("do lech chuan", "std", "sd", "standard deviation", "q1", "q2", "q3"),
    }
)


@dataclass(frozen=True)
class Match:
    """What a name means: a province, perhaps with a question; or why none was found."""

    province: Province | None
    question: str = ""
    error: str = ""


def key_of(name: str) -> str:
    """The key that is equal for the usual spellings of one province: `TP. HCM`, `Ha Giang`."""
    words = text.fold(name)
    for before in _BEFORE:
        if words.startswith(f"{before} "):
            words = words[len(before) + 1 :]
            break
    for after in _AFTER:
        words = words.removesuffix(f" {after}")
    compact = words.replace(" ", "")
    return _OTHER_SPELLINGS.get(compact, compact)


@lru_cache(maxsize=4096)
def is_summary(name: str) -> bool:
    """A row of a total or a mean, not of a province."""
    return text.fold(name) in _SUMMARIES


@dataclass(frozen=True)
class Atlas:
    """All provinces of all times, read once, and who became whom under another name."""

    provinces: dict[int, Province]
    by_key: dict[str, list[Province]]
    renamed: dict[int, set[int]]
    heirs: dict[int, Province]
    _found: dict[tuple[str, date], Match] = field(default_factory=dict)

    def find(self, name: str, day: date) -> Match:
        """The province of that name on that day; kept, for a file names each many times."""
        known = self._found.get((name, day))
        if known is None:
            known = self._found[name, day] = self._match(name, day)
        return known

    def on(self, day: date) -> list[Province]:
        return [province for province in self.provinces.values() if _is_valid(province, day)]

    def _match(self, name: str, day: date) -> Match:
        alike = self.by_key.get(key_of(name), [])
        for province in alike:
            if _is_valid(province, day):
                return Match(province)
        for province in alike:
            for other in map(self.provinces.__getitem__, self.renamed.get(province.pk, ())):
                if _is_valid(other, day):
                    message = _("%(name)s vào ngày %(day)s mang tên %(other)s: hiểu là tỉnh ấy.")
                    values = {"name": text.quoted(name), "day": _shown(day), "other": other}
                    return Match(other, question=message % values)
        return Match(None, error=self._why_not(name, day, alike))

    def _why_not(self, name: str, day: date, alike: list[Province]) -> str:
        values: dict[str, object] = {"name": text.quoted(name), "day": _shown(day)}
        for province in alike:
            heir = self.heirs.get(province.pk)
            if heir and province.valid_to and province.valid_to < day:
                message = _(
                    "%(name)s nay thuộc %(heir)s; kỳ này tính theo các tỉnh có vào ngày %(day)s. "
                    "Hãy ghi điểm cho %(heir)s, hoặc sửa năm nếu là kỳ trước %(until)s."
                )
                return message % (values | {"heir": heir.name, "until": _shown(province.valid_to)})
        names = text.nearest(name, [province.name for province in self.on(day)])
        if not names:
            message = _("%(name)s không phải tên tỉnh nào có vào ngày %(day)s. Ví dụ: Khánh Hòa.")
            return message % values
        message = _("%(name)s không phải tên tỉnh nào có vào ngày %(day)s. Có phải %(near)s?")
        return message % (values | {"near": ", ".join(names)})


def read_atlas() -> Atlas:
    """All provinces and what became of them; two queries."""
    provinces = {province.pk: province for province in Province.objects.all()}
    by_key: dict[str, list[Province]] = {}
    for province in provinces.values():
        by_key.setdefault(key_of(province.name), []).append(province)
    renamed: dict[int, set[int]] = {}
    heirs: dict[int, Province] = {}
    successions = Succession.objects.filter(
        old_provinces__isnull=False, new_provinces__isnull=False
    )
    for kind, old, new in successions.values_list("kind", "old_provinces", "new_provinces"):
        heirs[old] = provinces[new]
        if kind in SAME_LAND:
            renamed.setdefault(old, set()).add(new)
            renamed.setdefault(new, set()).add(old)
    return Atlas(provinces, by_key, renamed, heirs)


def _is_valid(province: Province, day: date) -> bool:
    starts, ends = province.valid_from, province.valid_to
    return (starts is None or starts <= day) and (ends is None or ends >= day)


def _shown(day: date) -> str:
    return day.strftime(SHOWN_DATE)
