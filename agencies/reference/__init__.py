"""The country's provinces, agencies and communes as public law has them: load and load again."""

from agencies.reference.loading import load_agencies
from agencies.reference.provinces import load_provinces

# Raised with every change of what is loaded, so that a start knows whether to load again.
VERSION = "2026.11.1"

__all__ = ["VERSION", "load_agencies", "load_provinces"]
