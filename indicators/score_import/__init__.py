"""Scores out of published tables: a preview with every doubt, then one immutable release.

`preview(sheets, index=..., year=...)` reads, `apply(preview, content=..., ...)` stores.
"""

from indicators.score_import.applying import ImportRefusedError, apply
from indicators.score_import.doubts import Doubt, Place, Severity
from indicators.score_import.preview import ScorePreview, preview

__all__ = [
    "Doubt",
    "ImportRefusedError",
    "Place",
    "ScorePreview",
    "Severity",
    "apply",
    "preview",
]
