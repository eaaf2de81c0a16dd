"""Read a plan from a document into a draft, without Django and without the database."""

from __future__ import annotations

from pathlib import Path

from papi_portal import confinement
from plans.reader.draft import Certainty, Draft, Found
from plans.reader.refusals import ReaderRefusedError

__all__ = ["Certainty", "Draft", "Found", "ReaderRefusedError", "read", "read_text"]

SECONDS = 60
_TOO_LONG = "Đọc tệp quá lâu nên đã dừng. Hãy tách riêng phần kế hoạch rồi tải lại."
_BROKEN = "Tệp hỏng hoặc quá lớn để đọc. Hãy mở và lưu lại, hoặc tách riêng phần kế hoạch."


def read(path: Path) -> Draft:
    """Return the draft of a file (.docx, .pdf, .txt, .html). Raise `ReaderRefusedError`.

    A process of its own reads, bound in memory and time and without the portal's environment.
    """
    return _ask(str(path.resolve()), None)


def read_text(text: str) -> Draft:
    """Return the draft of pasted text or HTML. Raise `ReaderRefusedError`."""
    return _ask("-", text.encode("utf-8", errors="replace"))


def _ask(name: str, given: bytes | None) -> Draft:
    try:
        answer = confinement.ask("plans.reader.worker", name, seconds=SECONDS, given=given)
    except confinement.TookTooLongError as error:
        raise ReaderRefusedError(_TOO_LONG) from error
    except confinement.NoAnswerError as error:
        raise ReaderRefusedError(_BROKEN) from error
    if "refused" in answer:
        raise ReaderRefusedError(str(answer["refused"]))
    return Draft.load(answer["draft"])
