"""The change of one part of an index, and what it may be called, in Vietnamese."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indicators.gaps import Comparison, Gap
from indicators.score_pages import signed


def change(gap: Gap) -> str:
    """The change since the edition before, "" where there is none to tell."""
    if gap.change is None or gap.since is None:
        return ""
    return _("%(change)s so với %(year)s") % {"change": signed(gap.change), "year": gap.since}


def comparison(gap: Gap) -> str:
    """Why the change is no rise and no fall; "" if it is one."""
    if gap.since is None:
        return _("chưa có kỳ trước để so")
    words = {
        Comparison.SAME: "",
        Comparison.REMEASURED: _("≠ có lẽ đo khác kỳ trước, không gọi là tăng hay giảm"),
        Comparison.OTHER_RANGE: _("≠ thang điểm đã đổi, không so được"),
        Comparison.OTHER_PARTS: _("≠ gồm các phần khác kỳ trước, không so được"),
        Comparison.NOT_MEASURED: _("kỳ %(year)s không đo"),
        Comparison.NO_FIGURE: _("không có số liệu để so với %(year)s"),
    }
    told = words[gap.comparison]
    return told % {"year": gap.since} if told else ""
