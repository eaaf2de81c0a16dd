"""Text that people typed, as it may stand on a paper."""

from __future__ import annotations

import re
import unicodedata

# No sign that could be seen, but some turn what follows around, and some no file of XML may hold.
# Line ends and tabs stay.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\U000e0000-\U000e0fff\ud800-\udfff\ufffe\uffff]+"
)


def legible(text: str) -> str:
    """The text composed (NFC), without what cannot be seen."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
