"""Changes and distances of one part of an index, said in Vietnamese."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from indicators.gaps import Comparison, Gap
from indicators.panel import BEST_FIRST
from indicators.score_pages import signed
from indicators.wording import group_name, points


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


def distances(gap: Gap) -> list[str]:
    """How far it is to the median, to the group above and to the best neighbour of choice."""
    told = []
    if gap.below_median is not None:
        told.append(_to_median(gap.below_median))
    if gap.to_upper is not None:
        above = BEST_FIRST[[str(group) for group in BEST_FIRST].index(gap.group) - 1]
        upper = _("%(points)s nữa tới nhóm %(group)s")
        told.append(upper % {"points": points(gap.to_upper, 4), "group": group_name(above)})
    if gap.neighbour is not None:
        ahead = gap.neighbour.ahead
        values = {"name": gap.neighbour.name, "points": points(abs(ahead), 4)}
        lower, higher = _("kém %(name)s %(points)s"), _("hơn %(name)s %(points)s")
        told.append((lower if ahead > 0 else higher) % values)
    return told


def _to_median(below: Decimal) -> str:
    if not below:
        return _("bằng trung vị")
    told = _("dưới trung vị %(points)s") if below > 0 else _("trên trung vị %(points)s")
    return told % {"points": points(abs(below), 4)}
