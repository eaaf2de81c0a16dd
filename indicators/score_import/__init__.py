"""Scores out of published tables: a preview with every doubt, then one immutable release.

`read_file(path, name)` opens, `tables_of(workbook)` takes what is open already,
`preview(sheets, index=..., year=..., told=...)` reads,
`apply(preview, content=..., file_name=..., source=..., by=..., now=...)` stores.
"""

from indicators.score_import.applying import ImportRefusedError, apply
from indicators.score_import.doubts import Doubt, Place, Severity
from indicators.score_import.files import LIMITS, read_file, tables_of
from indicators.score_import.preview import ScorePreview, preview

__all__ = [
    "LIMITS",
    "Doubt",
    "ImportRefusedError",
    "Place",
    "ScorePreview",
    "Severity",
    "apply",
    "preview",
    "read_file",
    "tables_of",
]
