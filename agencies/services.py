"""Writes of agencies, and finding the agency that a typed name means."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import Agency, AgencyAlias, AgencyGroup
from agencies.querysets import valid_on
from papi_portal import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date


@transaction.atomic
def save_agency(agency: Agency, *, aliases: Sequence[str] = ()) -> Agency:
    """Save `agency` with `aliases` added to those it has, and everything people may type for it."""
    known = set(agency.aliases.values_list("name", flat=True)) if agency.pk else set()
    fill_keys(agency, [*known, *aliases])
    agency.save()
    AgencyAlias.objects.bulk_create(
        AgencyAlias(agency=agency, name=alias) for alias in aliases if alias not in known
    )
    return agency


def fill_keys(agency: Agency, aliases: Iterable[str]) -> None:
    """Set the columns by which `agency` is found and sorted."""
    agency.sort_text = text.sort_key(agency.name)
    names = [agency.short_name, agency.code, *aliases]
    agency.search_text = text.agency_keys(agency.name, " ".join(names))


@dataclass(frozen=True)
class Named:
    """What can be typed into a lead or supporter cell: an agency or a group of them."""

    label: str
    keys: str
    spellings: frozenset[str]
    agency: Agency | None = None
    group: AgencyGroup | None = None
    members: tuple[Agency, ...] = ()


class UnknownAgencyError(Exception):
    """Nobody in the province goes by this name on `day`; `nearest` are labels to offer.

    `abolished` is the agency of that name at another time, if there was one; `is_empty` says
    that the province has no agency at all on that day. `message` says it in Vietnamese, without
    a final full stop.
    """

    def __init__(
        self,
        typed: str,
        day: date,
        nearest: list[str],
        abolished: Agency | None = None,
        *,
        is_empty: bool = False,
    ) -> None:
        super().__init__(typed)
        self.typed = typed
        self.day = day
        self.nearest = nearest
        self.abolished = abolished
        self.is_empty = is_empty

    @property
    def message(self) -> str:
        gone = self.abolished
        if gone is not None and gone.valid_to and gone.valid_to < self.day:
            return _(
                "“%(name)s” đã thôi hoạt động sau ngày %(end)s, trước ngày ban hành kế hoạch"
            ) % {"name": gone.name, "end": f"{gone.valid_to:%d/%m/%Y}"}
        if gone is not None and gone.valid_from:
            return _("“%(name)s” chỉ có từ ngày %(start)s, sau ngày ban hành kế hoạch") % {
                "name": gone.name,
                "start": f"{gone.valid_from:%d/%m/%Y}",
            }
        if self.is_empty:
            return _(
                "danh mục của tỉnh chưa có cơ quan nào vào ngày %(day)s nên chưa nhận ra "
                "“%(typed)s”: quản trị viên thêm ở mục Cơ quan hoặc nhập danh mục từ bảng tính"
            ) % {"day": f"{self.day:%d/%m/%Y}", "typed": self.typed[:50]}
        if self.nearest:
            return _("không có cơ quan “%(typed)s”; gần nhất: %(nearest)s") % {
                "typed": self.typed[:50],
                "nearest": "; ".join(self.nearest),
            }
        return _("không có cơ quan “%(typed)s” trong danh mục của tỉnh") % {
            "typed": self.typed[:50]
        }


class Directory:
    """The agencies and groups of one province on one day, read in four queries."""

    def __init__(self, province_id: int, day: date) -> None:
        self.province_id = province_id
        self.day = day
        agencies = (
            Agency.objects.filter(province=province_id).valid_on(day).prefetch_related("aliases")
        )
        groups = AgencyGroup.objects.filter(province=province_id).with_members_on(day)
        self.entries = [_agency_entry(agency) for agency in agencies]
        self.entries += [_group_entry(group) for group in groups]
        self._by_spelling: dict[str, list[Named]] = {}
        for entry in self.entries:
            for spelling in entry.spellings:
                self._by_spelling.setdefault(spelling, []).append(entry)
        # No name has more words than this, so no longer piece of a list needs to be tried as one.
        self.most_words = max((len(key.split()) for key in self._by_spelling), default=0)

    def named(self, typed: str) -> Named | None:
        """The one entry whose name, short name, code or alias is `typed`, in full."""
        exact = self._exact(typed)
        return exact[0] if len(exact) == 1 else None

    def _exact(self, typed: str) -> list[Named]:
        by_spelling = self._by_spelling
        return by_spelling.get(text.match_key(typed)) or by_spelling.get(text.fold(typed), [])

    def find(self, typed: str) -> Named:
        """The one entry that `typed` names in full, by short name, alias or unmistakable part.

        Raise `UnknownAgencyError` with the nearest three of this province, never of another.
        """
        exact = self._exact(typed)
        if len(exact) == 1:
            return exact[0]
        words = text.fold(typed).split()
        partial = [e for e in self.entries if words and all(word in e.keys for word in words)]
        if not exact and len(partial) == 1:
            return partial[0]
        labels = [entry.label for entry in exact or partial][:3]
        nearest = labels or text.nearest(typed, [entry.label for entry in self.entries])
        raise UnknownAgencyError(
            typed,
            self.day,
            nearest,
            None if exact else self._abolished(typed),
            is_empty=not any(entry.agency for entry in self.entries),
        )

    def _abolished(self, typed: str) -> Agency | None:
        """The agency of this name that existed at another time, if there was one."""
        return self._of_other_times.get(text.match_key(typed))

    @cached_property
    def _of_other_times(self) -> dict[str, Agency]:
        others = Agency.objects.filter(province=self.province_id).exclude(valid_on(self.day))
        return {
            spelling: agency
            for agency in others.prefetch_related("aliases")
            for spelling in _agency_entry(agency).spellings
        }


def _spellings(names: Iterable[str]) -> frozenset[str]:
    return frozenset(
        key for name in names if name for key in (text.match_key(name), text.fold(name))
    )


def _agency_entry(agency: Agency) -> Named:
    names = [agency.name, agency.short_name, agency.code]
    names += [alias.name for alias in agency.aliases.all()]
    return Named(agency.name, agency.search_text, _spellings(names), agency=agency)


def _group_entry(group: AgencyGroup) -> Named:
    names = [group.name, *group.phrases.splitlines()]
    members = tuple(group.members_on_day)  # type: ignore[attr-defined]  # set by with_members_on
    return Named(group.name, group.search_text, _spellings(names), group=group, members=members)
