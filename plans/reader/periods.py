"""The years a plan is for, from its title first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from papi_portal.text.dates import FIRST_YEAR, LAST_YEAR
from plans.reader.blocks import Document, Paragraph
from plans.reader.deadlines import Scope
from plans.reader.draft import Certainty, Draft, Found
from plans.reader.head import as_date

_YEARS = re.compile(
    r"(?:giai doan|nhiem ky|cac nam|tu nam|nam)?\s*(?P<first>20[0-9]{2})\s*(?:-"
    r"|den(?: nam)?)\s*(?:nam )?"
    r"(?P<last>20[0-9]{2})(?![0-9])"
)
# "KH PAPI 2026": a message may leave the word for year out.
_NAMED_YEAR = re.compile(r"(?:papi|kế hoạch|kh)\s(?P<year>20[0-9]{2})(?![0-9])")
_YEAR = re.compile(r"\bnam\s+(?P<year>20[0-9]{2})(?![0-9])(?!\s*/)")
_ONWARD = re.compile(r"^\s*(?:va|,)\s*(?:cac|nhung)\s+nam\s+(?:tiep theo|sau|toi|tiep)")
_SEVERAL = re.compile(
    r"\bnam\s+(?P<first>20[0-9]{2})(?:\s*,\s*(?:nam\s+)?20[0-9]{2})*\s*(?:,"
    r"|va)\s*(?:nam\s+)?(?P<last>20[0-9]{2})"
)
_HALF = re.compile(r"(?:6|06|sau) thang (?P<side>dau|cuoi)(?: cua)? nam (?P<year>20[0-9]{2})")
_BY = re.compile(r"\bden(?: het)? nam (?P<year>20[0-9]{2})")
_PAST = re.compile(r"(?:so voi|ket qua|xep hang|danh gia)[^.;]{0,140}$|(?:quy|thang)\s+\S+\s*$")
# A duty may name the years of another plan that is to be made.
_DUTY = re.compile(r"\b(?:chu tri|tham muu|phoi hop)\b")
_PERIOD_SENTENCE = re.compile(r"ke hoach|chuong trinh|chi so")


def read_period(document: Document, draft: Draft, head_end: int) -> None:
    """Fill the period from the title, else from the first sentences that speak of the plan."""
    title = draft.document.title
    if title and title.start is not None:
        line = Paragraph(document.text[title.start : title.end], title.start)
        if _read(line, draft, Certainty.HIGH):
            return
    lines = [line for line in document.lines() if not line.is_aside]
    if (
        title
        and not draft.document.issued_on
        and (match := _NAMED_YEAR.search(str(title.text).lower()))
    ):
        year = int(match["year"])
        for name, day in (("from_on", date(year, 1, 1)), ("to_on", date(year, 12, 31))):
            found = replace(title, value=day.isoformat(), certainty=Certainty.LOW)
            setattr(draft.period, name, found)
        return
    for line in lines[:40]:
        is_about = line.start >= head_end and _PERIOD_SENTENCE.search(line.flat)
        if _DUTY.search(line.flat):
            continue
        if is_about and not line.flat.startswith("can cu") and _read(line, draft, Certainty.MEDIUM):
            return


def scope_of(draft: Draft) -> Scope:
    """Return the span in which deadlines are read; the year of issue stands in for a period.

    Where nothing tells the year, no year is assumed: a date without one stays words.
    """
    issued = as_date(draft.document.issued_on)
    first, last = as_date(draft.period.from_on), as_date(draft.period.to_on)
    if first and last:
        is_assumed = draft.period.from_on.certainty is Certainty.LOW
        return Scope(first, last, issued, is_assumed=is_assumed)
    if first:
        return Scope(first, date(first.year, 12, 31), issued, is_assumed=True)
    if issued:
        return Scope(date(issued.year, 1, 1), date(issued.year, 12, 31), issued, is_assumed=True)
    return Scope(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31), None, is_assumed=True)


def _read(line: Paragraph, draft: Draft, certainty: Certainty) -> bool:
    flat_text = line.flat

    def set_period(first: date | None, last: date | None, start: int, end: int) -> bool:
        if first:
            draft.period.from_on = line.found(first.isoformat(), certainty, start, end)
        if last:
            draft.period.to_on = line.found(last.isoformat(), certainty, start, end)
        return True

    if match := _YEARS.search(flat_text):
        first, last = int(match["first"]), int(match["last"])
        if first <= last <= first + 10 and not match[0].startswith("nhiem ky"):
            return set_period(date(first, 1, 1), date(last, 12, 31), *match.span())
    if match := _HALF.search(flat_text):
        year, is_first = int(match["year"]), match["side"] == "dau"
        ends = (1, 1, 6, 30) if is_first else (7, 1, 12, 31)
        return set_period(date(year, *ends[:2]), date(year, *ends[2:]), *match.span())
    years = [
        each for each in _YEAR.finditer(flat_text) if not _PAST.search(flat_text[: each.start()])
    ]
    by = _BY.search(flat_text)
    issued = str(draft.document.issued_on.value or "")[:4]
    if certainty is not Certainty.HIGH:
        # Outside the title a year before that of issue is one that is reported on.
        years = [each for each in years if each["year"] >= issued]
    if certainty is Certainty.HIGH and not years:
        years = list(_YEAR.finditer(flat_text))
    several = _SEVERAL.search(flat_text)
    if several and certainty is Certainty.HIGH:
        first, last = int(several["first"]), int(several["last"])
        return set_period(date(first, 1, 1), date(last, 12, 31), *several.span())
    years = [each for each in years if not by or each.start() < by.start()]
    if not years:
        return by is not None and set_period(None, date(int(by["year"]), 12, 31), *by.span())
    chosen = _chosen(years, draft)
    year, end = int(chosen["year"]), chosen.end()
    onward = _ONWARD.match(flat_text[end:])
    if onward:
        return set_period(date(year, 1, 1), None, chosen.start(), end + onward.end())
    last_year = int(by["year"]) if by and certainty is Certainty.HIGH else year
    return set_period(date(year, 1, 1), date(last_year, 12, 31), *chosen.span())


def _chosen(years: list[re.Match[str]], draft: Draft) -> re.Match[str]:
    """Return the year that is not past when the plan was issued, else the last one named."""
    issued: Found = draft.document.issued_on
    if issued:
        coming = [each for each in years if each["year"] >= str(issued.value)[:4]]
        if coming:
            return coming[0]
    return years[-1]
