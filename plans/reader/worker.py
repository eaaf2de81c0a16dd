"""The process that reads one file and nothing else: bound before it opens the file.

python -m plans.reader.worker FILE  (a file named - is text on standard input)
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from plans.reader import limits
from plans.reader.blocks import Document
from plans.reader.encodings import decode
from plans.reader.refusals import ReaderRefusedError

TOO_LARGE = "Tệp quá lớn hoặc quá phức tạp để đọc. Hãy tách riêng phần kế hoạch rồi tải lại."
BROKEN = "Tệp hỏng hoặc không đúng dạng. Hãy mở và lưu lại rồi tải lại."


def main(name: str) -> int:
    """Print the draft, or why there is none, as one line of JSON."""
    try:
        answer: dict[str, Any] = {"draft": read_here(name)}
    except ReaderRefusedError as error:
        answer = {"refused": error.message}
    except (MemoryError, RecursionError):
        answer = {"refused": TOO_LARGE}
    sys.stdout.write(json.dumps(answer))
    return 0


def read_here(name: str) -> dict[str, Any]:
    """Read in this process. Raise `ReaderRefusedError`."""
    if name == "-":
        raw = sys.stdin.buffer.read(limits.MAX_TEXT + 1)
        if len(raw) > limits.MAX_TEXT:
            raise ReaderRefusedError(TOO_LARGE)
        return _draft(_document_of_text(decode(raw)))
    path = Path(name)
    kind = limits.kind_of(path)
    return _draft(_document(path, kind))


def _draft(document: Document) -> dict[str, Any]:
    from plans.reader.reading import read_document

    return read_document(document).dump()


def _document_of_text(text: str) -> Document:
    from plans.reader.html import read_html
    from plans.reader.plain import read_plain

    start = text[:2_000].lower()
    is_html = "<table" in start or "<p" in start or "<html" in start or "<div" in start
    return read_html(text) if is_html else read_plain(text)


def _document(path: Path, kind: str) -> Document:
    """Read a file by the module for its kind; each brings its library, so only one is loaded."""
    if kind == "docx":
        from lxml import etree

        from plans.reader.docx import read_docx

        try:
            return read_docx(path)
        except (etree.XMLSyntaxError, KeyError, ValueError) as error:
            raise ReaderRefusedError(BROKEN) from error
    if kind == "pdf":
        from plans.reader.pdf import read_pdf

        return read_pdf(path)
    if kind == "html":
        from plans.reader.html import read_html

        return read_html(decode_html(path.read_bytes()))
    from plans.reader.plain import read_plain

    return read_plain(decode(path.read_bytes()))


def decode_html(raw: bytes) -> str:
    declared = re.search(rb"charset\s*=\s*[\"']?\s*([\w-]{3,20})", raw[:2_000])
    if declared:
        try:
            return raw.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeError):
            pass
    return decode(raw)


if __name__ == "__main__":
    limits.confine()
    sys.exit(main(sys.argv[1]))
