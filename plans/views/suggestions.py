"""What the type-ahead of an entry grid offers: agencies, groups and dimensions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from papi_portal.text import fold

if TYPE_CHECKING:
    from plans.grid import RowReader


def grid_suggestions(reader: RowReader) -> dict[str, list[dict[str, Any]]]:
    """Entries by the name of their list; asks no query."""
    agencies = [
        {
            "label": entry.label,
            "keys": entry.keys,
            "code": fold(entry.agency.code) if entry.agency else "",
        }
        for entry in reader.directory.entries
    ]
    dimensions = [
        {
            "label": f"{row.stable_key.removeprefix('D')}. {row.name}",
            "value": row.stable_key.removeprefix("D"),
            "keys": f"{row.stable_key.lower()} {fold(row.name)}",
        }
        for row in reader.dimensions
    ]
    common = {"label": _("Nhiệm vụ chung"), "value": "chung", "keys": "chung nhiem vu chung"}
    return {"agencies": agencies, "dimensions": [*dimensions, common]}
