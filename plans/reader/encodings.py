"""Find out in which encoding a text was written, and whether it is Vietnamese at all."""

from __future__ import annotations

import codecs
import re
import unicodedata

from papi_portal.text.legacy import LOOKED_AT, guess_legacy
from papi_portal.text.normalise import without_marks

# A text of fewer words is too short to be judged.
MIN_WORDS = 30
MIN_SHARE = 0.55
MIN_MARKED_WORDS = 8
MAX_WINDOWS = 40

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_SYLLABLE = re.compile(
    "(?:ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdghklmnprstvx])?[aeiouy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_MARK = re.compile("[\u0300-\u036fđ]")


def decode(raw: bytes) -> str:
    """Return the text of a file without declared encoding: UTF-8, UTF-16 or Windows bytes."""
    for mark, name in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return raw.decode(name, errors="replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    # Latin-1 keeps every byte, as the guess of the old fonts needs it.
    as_bytes = raw.decode("latin-1")
    if legacy_encoding(as_bytes):
        return as_bytes
    as_windows = unicodedata.normalize("NFC", raw.decode("cp1258", errors="replace"))
    return as_windows if is_vietnamese(as_windows) else as_bytes


def legacy_encoding(text: str) -> str:
    """Return the old encoding that `text` is in, or nothing; looks at several pieces of it."""
    for start in range(0, min(len(text), MAX_WINDOWS * LOOKED_AT), LOOKED_AT):
        guess = guess_legacy(text[start : start + LOOKED_AT])
        if guess is not None and is_vietnamese(guess.text):
            return guess.encoding
    return ""


def is_vietnamese(text: str) -> bool:
    """Tell whether enough of the words are Vietnamese syllables and some carry marks."""
    words = _WORD.findall(unicodedata.normalize("NFC", text[:60_000]))
    if len(words) < MIN_WORDS:
        return True
    bare = [without_marks(word) for word in words]
    # Ours are full of abbreviations: UBND, PAPI, TTHC say nothing for or against.
    judged = [word for word, shown in zip(bare, words, strict=True) if not shown.isupper()] or bare
    syllables = sum(1 for word in judged if _SYLLABLE.fullmatch(word))
    return syllables / len(judged) >= MIN_SHARE


def lacks_marks(text: str) -> bool:
    """Tell whether most words have no mark: typed without them, in VIQR or in Telex."""
    decomposed = unicodedata.normalize("NFD", text[:60_000].lower())
    words = len(_WORD.findall(text[:60_000]))
    # In plain Vietnamese every second letter of a word or so carries a mark.
    return words >= MIN_MARKED_WORDS and len(_MARK.findall(decomposed)) * 3 < words
