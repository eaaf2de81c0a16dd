"""Read plain or pasted text: paragraphs, lines cut by hand, tables by tabs or bars."""

from __future__ import annotations

import re

from plans.reader.blocks import Builder, Document, RawCell, flat
from plans.reader.encodings import legacy_encoding

LETTERHEAD_LINES = 25
MIN_WRAPPED = 45
MAX_WRAPPED = 125

_GAP = re.compile(r"\t+| {4,}")
_BAR = re.compile(r"\s*\|\s*")
_RULE = re.compile(r"[\s|:+=-]+")
_STARTS_ITEM = re.compile(
    r"\s*(?:[-+*•●▪\uf000-\uf0ff]|[ivxlcIVXLC]{1,6}[.)/]|[A-ZĐ][.)]|[a-zđ]{1,2}\)"
    r"|\(?[0-9]{1,2}[.)/]"
    r"|[0-9]{1,2}\.[0-9]|(?:điều|phần|chương|mục|phụ lục|căn cứ|theo|nơi nhận|số:)\b)",
    re.IGNORECASE,
)


def read_plain(text: str) -> Document:
    builder = Builder(legacy_encoding(text))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").split("\n")
    at = 0
    is_wrapped = _is_wrapped(lines)
    while at < len(lines):
        if rows := _table_rows(lines, at):
            cells = [
                RawCell(row, column, cell)
                for row, parts in enumerate(rows[1])
                for column, cell in enumerate(parts)
            ]
            builder.table(cells)
            at += rows[0]
            continue
        taken = _joined(lines, at) if is_wrapped else 1
        line = " ".join(part.strip() for part in lines[at : at + taken])
        is_edge = at < LETTERHEAD_LINES or at > len(lines) - LETTERHEAD_LINES
        if is_edge and len(line) < MAX_WRAPPED * 2:
            line = _GAP.sub("\n", lines[at].strip()) if taken == 1 else line
        builder.paragraph(line)
        at += taken
    return builder.finish()


def _is_wrapped(lines: list[str]) -> bool:
    """Tell whether the lines were cut at a width, as in text copied from a PDF."""
    lengths = [len(line.strip()) for line in lines if line.strip()]
    if len(lengths) < 12 or max(lengths) > MAX_WRAPPED:
        return False
    return sum(1 for length in lengths if length >= MIN_WRAPPED) * 2 > len(lengths)


def _joined(lines: list[str], at: int) -> int:
    """Return how many lines from `at` are one paragraph."""
    count = 1
    while at + count < len(lines):
        last, following = lines[at + count - 1].strip(), lines[at + count].strip()
        is_full = len(last) >= MIN_WRAPPED and not last.endswith((".", ":", ";", "./."))
        goes_on = following[:1].islower() or is_full
        if not last or not following or not goes_on or _STARTS_ITEM.match(following):
            break
        if last.isupper() != following.isupper():
            break
        count += 1
    return count


def _table_rows(lines: list[str], at: int) -> tuple[int, list[list[str]]] | None:
    """Return the number of lines and the rows of a table that starts at `at`."""
    for split in (_by_tabs, _by_bars):
        rows: list[list[str]] = []
        taken = 0
        for line in lines[at:]:
            if rows and split is _by_bars and line.strip() and _RULE.fullmatch(line):
                taken += 1
                continue
            parts = split(line)
            if len(parts) < 3:
                break
            rows.append(parts)
            taken += 1
        if len(rows) >= 2 and _looks_like_table(rows):
            return taken, rows
    return None


def _by_tabs(line: str) -> list[str]:
    return [part.strip() for part in line.split("\t")]


def _by_bars(line: str) -> list[str]:
    if line.count("|") < 2:
        return []
    return [part.strip() for part in _BAR.split(line.strip().strip("|"))]


def _looks_like_table(rows: list[list[str]]) -> bool:
    widths = [len(row) for row in rows]
    return max(widths) - min(widths) <= 2 or flat(rows[0][0]) in ("tt", "stt", "so tt")
