"""Deadlines in cells and in sentences, through the one parser that forms use as well."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from papi_portal.text import Deadline, DeadlineKind, TextError, parse_deadline
from plans.reader.blocks import Paragraph, flat
from plans.reader.draft import Certainty, Found, TaskDeadline

MAX_LENGTH = 120

_DAY = (
    r"(?:ngay\s+)?(?<![a-z0-9])(?:[0-9loi|]{1,2}\s?[/.-]\s?[0-9lo|]{1,2}(?:\s?[/.-]\s?[0-9lo]{4})?"
    r"|[0-9]{1,2}\s+thang\s+[0-9]{1,2}(?:\s*,?\s*nam\s+[0-9]{4})?)(?![0-9/])"
)
_ONE_QUARTER = r"(?:i[v]|[il|1]{1,3}v?|[2-4])(?![a-z0-9])"
_QUARTER = rf"qu[yi]\s+{_ONE_QUARTER}(?:\s*(?:,|-|va|den)\s*(?:quy\s+)?{_ONE_QUARTER})*"
_OF_YEAR = r"(?:\s*(?:/|nam|,|-)?\s*(?:nam\s+)?20[0-9]{2})?(?![0-9])"
_MONTH = r"thang\s+[0-9]{1,2}(?:\s*(?:,|-|va|den)\s*(?:thang\s+)?[0-9]{1,2})*"
_PERIOD = (
    rf"(?:(?:dau|cuoi|giua)\s+)?(?:{_QUARTER}|{_MONTH}){_OF_YEAR}"
    r"|(?:6|06|9|09|sau)\s+thang\s+(?:dau|cuoi)(?:\s+nam)?(?:\s+20[0-9]{2})?"
    r"|(?:cuoi\s+)?nam\s+20[0-9]{2}(?![0-9])|(?:giai doan\s+)?20[0-9]{2}\s?-\s?20[0-9]{2}"
    r"|(?:cuoi|dau|het|trong)\s+nam(?:\s+20[0-9]{2})?"
)
_EVERY = (
    r"(?:hang|hang)\s+(?:thang|quy|nam|tuan)|dinh ky(?:\s+(?:hang|moi))?\s+(?:(?:0?[36]"
    r"|sau|ba)\s+thang|thang|quy|nam)"
)
_EVERY += (
    r"|(?:0?[36]|sau|ba)\s+thang\s+(?:mot|01|1)\s+lan|moi\s+(?:thang|quy|nam)(?:\s+(?:mot|01"
    r"|1)\s+lan)?|0?[1246]\s+lan\s?/\s?(?:nam|quy|thang)"
)
_CONTINUOUS = r"thuong xuyen(?:\s*,\s*(?:lien tuc|hang nam))?|lien tuc|hang ngay|hang tuan"
_BY = r"(?:truoc|cham nhat(?: la)?(?: trong)?|muon nhat(?: la)?|khong qua|den het|het)"
_ENDS = r"(?=\s*(?:[.;)/]|$|,\s*(?:bao cao|gui|trinh)))"
# From the surest to the least sure; the first that the parser understands is taken.
_IN_SENTENCE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?P<when>{_BY}\s+{_DAY}(?:\s+(?:hang nam|hang quy|hang thang))?)",
        rf"(?:hoan thanh|xong|thoi (?:gian|han)|ket thuc)[^.;,]{{0,24}}?(?P<when>{_DAY})",
        r"(?:hoan thanh|xong|ket thuc|trien khai|thuc hien|bao cao)"
        rf"(?:\s+(?:trong|truoc|vao|den|het|cham nhat))+\s+(?P<when>{_PERIOD})",
        rf"(?:hoan thanh|xong|ket thuc)\s+(?P<when>{_PERIOD})",
        rf"(?P<when>{_BY}\s+(?:{_PERIOD}))",
        rf"(?:^|[;,(]\s*|\s)(?P<when>trong\s+(?:{_QUARTER}|{_MONTH}){_OF_YEAR})",
        rf"\((?:[^()]*?[;,]\s*)?(?P<when>(?:{_PERIOD}|{_DAY}))\)",
        rf"(?:[,;]|\s-)\s*(?:thuc hien\s+)?(?:vao\s+|trong\s+)?(?P<when>{_PERIOD}){_ENDS}",
        rf"\s(?:vao|trong)\s+(?P<when>{_PERIOD}){_ENDS}",
        rf"(?P<when>{_EVERY}){_ENDS}",
        rf"(?:[,;(]|\s-)\s*(?:thuc hien\s+)?(?P<when>{_CONTINUOUS}){_ENDS}",
        rf"(?P<when>{_EVERY})(?!\s+(?:cua|va|cho))",
        rf"\s(?P<when>{_CONTINUOUS})[\s.;/]*$",
    )
)
_LABEL = re.compile(
    r"(?:thoi (?:gian|han)(?:\s+(?:hoan thanh|thuc hien|trien khai|bao cao|xong))*|tien do"
    r"(?:\s+(?:thuc hien|hoan thanh))?|han(?:\s+hoan thanh)?|hoan thanh)\s*:\s*(?P<when>[^\n;()]+)"
)
_ALWAYS = re.compile(r"thuong xuyen\s*[,;(-]\s*(?:trong tam|tap trung|cao diem|trong do|nhat la)\b")
# Digits that a scanner took for letters, in a date only.
_SCANNED = re.compile(
    r"(?<!\w)[0-9lIO|]{1,2}\s?[/.-]\s?[0-9lO|]{1,2}(?:\s?[/.-]\s?[0-9lO|]{4})?(?!\w)"
)
_DIGITS = str.maketrans("lIO|", "1101")
_SENTENCE_END = re.compile(r"\.\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Scope:
    """The plan whose deadlines are read; its period may have been assumed."""

    start: date
    end: date
    issued_on: date | None
    is_assumed: bool = False


def read_deadline(
    place: Paragraph, scope: Scope, first: int = 0, last: int | None = None
) -> TaskDeadline:
    """Return the deadline written from `first` to `last`; if not understood, its words alone."""
    end = len(place.text) if last is None else last
    while first < end and place.text[first] in " :.-\n":
        first += 1
    while end > first and place.text[end - 1] in " .;,\n":
        end -= 1
    written = place.text[first:end]
    if not re.search(r"\w", written):
        return TaskDeadline()
    deadline = _parse(written, scope)
    if deadline is None:
        return TaskDeadline(text=place.found(written, Certainty.LOW, first, end))
    doubtful = bool(deadline.question) or scope.is_assumed and deadline.is_inferred
    certainty = Certainty.MEDIUM if doubtful else Certainty.HIGH

    def found(value: str | bool | None) -> Found:
        return place.found(value, certainty, first, end) if value is not None else Found(None)

    return TaskDeadline(
        kind=found(str(deadline.kind.value)),
        due_on=found(deadline.due_on.isoformat() if deadline.due_on else None),
        start_on=found(deadline.starts_on.isoformat() if deadline.starts_on else None),
        recurrence=found(str(deadline.recurrence.value) or None),
        text=place.found(written, Certainty.HIGH, first, end),
        is_inferred=found(deadline.is_inferred),
    )


def find_deadline(place: Paragraph, scope: Scope, first: int = 0) -> TaskDeadline | None:
    """Return the deadline that a sentence sets, or None; a mere year in it is none."""
    flat_text = flat(place.text)
    if label := _LABEL.search(flat_text, first):
        stop = _SENTENCE_END.search(flat_text, label.start("when"), label.end("when"))
        return read_deadline(
            place, scope, label.start("when"), stop.start() if stop else label.end()
        )
    for pattern in _IN_SENTENCE:
        for match in pattern.finditer(flat_text, first):
            start, end = match.span("when")
            deadline = _parse(place.text[start:end], scope)
            if deadline is not None and deadline.kind is not DeadlineKind.NONE:
                return read_deadline(place, scope, start, end)
    return None


def _parse(written: str, scope: Scope) -> Deadline | None:
    """Return what the words mean; parts in brackets and a second line are tried without."""
    written = _SCANNED.sub(lambda day: day[0].translate(_DIGITS), written)
    shorter = re.split(r"[(\n;]", written)[0].strip(" .,:")
    tries = [" ".join(written.split()), shorter]
    if _ALWAYS.match(flat(written)):
        # "Thường xuyên, trọng tâm trong quý II": always, whatever is added to it.
        tries.append("thường xuyên")
    for words in dict.fromkeys(tries):
        if not words or len(words) > MAX_LENGTH:
            continue
        try:
            return parse_deadline(
                words, period_start=scope.start, period_end=scope.end, issued_on=scope.issued_on
            )
        except TextError:
            continue
    return None
