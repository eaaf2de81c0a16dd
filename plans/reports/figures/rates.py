"""How agencies keep their dates: the share of due work done on time, against the thresholds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Data = dict[str, Any]


def rate_bands(agencies: Iterable[Data]) -> list[Data]:
    """How many agencies lie between the thresholds, the best first; without names."""
    agencies = list(agencies)
    with_due = [line for line in agencies if line["due"]]
    floors = [*reversed(settings.ON_TIME_PERCENTS), 0]
    ceilings = [None, *floors[:-1]]
    bands = [
        {
            "name": _band(floor, ceiling),
            "count": sum(_lies(line, floor, ceiling) for line in with_due),
        }
        for floor, ceiling in zip(floors, ceilings, strict=True)
    ]
    rest = len(agencies) - len(with_due)
    return [*bands, {"name": "Chưa có phần việc đến hạn", "count": rest}]


def _band(floor: int, ceiling: int | None) -> str:
    if ceiling is None:
        return f"Từ {floor}% trở lên"
    return f"Từ {floor}% đến dưới {ceiling}%" if floor else f"Dưới {ceiling}%"


def _lies(line: Data, floor: int, ceiling: int | None) -> bool:
    share = 100 * line["due_on_time"]
    return share >= floor * line["due"] and (ceiling is None or share < ceiling * line["due"])


def below(agencies: Iterable[Data], percent: int) -> Sequence[Data]:
    """Agencies that did less than `percent` of their due work on time, the lowest first."""
    found = [line for line in agencies if line["due"] and _lies(line, 0, percent)]
    return sorted(found, key=lambda line: (line["due_on_time"] / line["due"], -line["due"]))
