"""The one normaliser that all incoming text passes, and the error all readers of text raise."""

import re
import unicodedata

from django.utils.translation import gettext as _

from papi_portal.text.legacy import guess_legacy

SHOWN_LENGTH = 50
MARKS_PER_LETTER = 4
# Vietnamese needs some hundred characters; a text of all there are shall not fill the memory.
MAX_KNOWN = 5_000

_NOT_STORABLE = re.compile("[\x00\ud800-\udfff]")
# Bidi controls, zero width, BOM, variation selectors, tags, blank-looking letters, non-characters
# and the control characters that are neither a line end nor a space.
_INVISIBLE = re.compile(
    "[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff"
    "\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SPACE = re.compile("[\x1c-\x1f\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]")
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile("\n{4,}")
_MARK_RUN = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]"
    f"{{{MARKS_PER_LETTER + 1}}}"
)
# Converters from the old fonts write the Icelandic and the African letter for the Vietnamese one.
_D_STROKE = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"})
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_SLASHES = dict.fromkeys(map(ord, "⁄∕"), "/")


class _NoMarks(dict[int, int | None]):
    """For `translate`: takes marks away; asks for the category of a character once."""

    def __missing__(self, code: int) -> int | None:
        kept = None if unicodedata.category(chr(code))[0] == "M" else code
        if len(self) < MAX_KNOWN:
            self[code] = kept
        return kept


_NO_MARKS = _NoMarks()


class TextError(ValueError):
    """What is wrong with a text and what to type instead, in words for the person who typed it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class LegacyFontError(TextError):
    """The text is in an old encoding; `suggestion` is what it probably says."""

    def __init__(self, message: str, suggestion: str) -> None:
        super().__init__(message)
        self.suggestion = suggestion


def quoted(value: str) -> str:
    """Return `value` in quotation marks for a message, one line, at most 50 characters of it."""
    visible = _INVISIBLE.sub("", _NOT_STORABLE.sub("", value[: 10 * SHOWN_LENGTH]))
    line = " ".join(visible.split())
    return f"“{line}”" if len(line) <= SHOWN_LENGTH else f"“{line[:SHOWN_LENGTH]}…”"


def normalise(raw: str, *, multiline: bool = False) -> str:
    """Return `raw` as it is stored: NFC, visible characters only, single spaces, no outer blanks.

    Line ends and tabs survive only if `multiline`, with two blank lines at most. An empty result
    is not an error here. Raise `TextError` for text that must not be stored.
    """
    if _NOT_STORABLE.search(raw):
        raise TextError(
            _("Nội dung có ký tự không hợp lệ (NUL hoặc ký tự hỏng). Hãy xóa và gõ lại bằng tay.")
        )
    # Before invisible characters go: in the TCVN3 fonts the letter ư is the soft hyphen.
    _refuse_legacy(raw)
    text = _INVISIBLE.sub("", raw).translate(_D_STROKE)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        _refuse_stacked_marks(text)
    text = _LINE_END.sub("\n", _SPACE.sub(" ", text))
    if not multiline:
        return " ".join(text.split())
    lines = (re.sub(" +", " ", line).strip(" \t") for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip()


def plain(text: str) -> str:
    """Return normalised text as the grammars read it: lower case, no marks, ASCII - and /.

    Footnote signs and fractions (①, ², ½) become `*`, so that `tháng 1²` is never read as 12.
    """
    kept = "".join("*" if unicodedata.category(char) == "No" else char for char in text)
    return without_marks(kept).translate(_DASHES).translate(_SLASHES).strip()


def trimmed(key: str) -> str:
    """Return `key` without outer punctuation; the dots of a printed form stay."""
    bare = key.strip(" ,;:")
    return bare if bare.endswith("..") else bare.removesuffix(".").rstrip()


def without_marks(text: str) -> str:
    """Return `text` in lower case without Vietnamese marks; punctuation stays."""
    bare = _without_combining(_INVISIBLE.sub("", text))
    return _without_combining(bare.casefold()).translate(_D_STROKE).replace("đ", "d")


def _without_combining(text: str) -> str:
    if text.isascii():
        return text
    return unicodedata.normalize("NFKD", text).translate(_NO_MARKS)


def _refuse_legacy(raw: str) -> None:
    guess = guess_legacy(raw)
    if guess is None:
        return
    message = _(
        "Văn bản dùng bảng mã cũ hoặc bị hỏng (%(encoding)s), có lẽ là %(guess)s. "
        "Hãy kiểm tra rồi nhập lại bằng Unicode."
    )
    values = {"encoding": guess.encoding, "guess": quoted(guess.text)}
    raise LegacyFontError(message % values, guess.text)


def _refuse_stacked_marks(text: str) -> None:
    if _MARK_RUN.search(unicodedata.normalize("NFD", text)):
        raise TextError(
            _("Một chữ cái mang quá %(limit)s dấu. Hãy xóa các dấu thừa, ví dụ gõ lại chữ “ề”.")
            % {"limit": MARKS_PER_LETTER}
        )
