"""What every paper has around its text: head, foot, marks, seal, notices; all from the content."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from plans.reports.content import Content, canonical, fingerprint
from plans.reports.paper import (
    Appendix,
    Block,
    Foot,
    Head,
    Manner,
    Paper,
    Paragraph,
    Seal,
)
from plans.reports.states import Stage
from plans.reports.wording import document_number, long_date, opened, short_date

DRAFT = "DỰ THẢO"
ILLUSTRATIVE = "MINH HỌA: SỐ LIỆU KHÔNG CÓ THẬT"
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def paper(
    content: Content,
    *,
    kind: str,
    about: Sequence[str],
    title: str,
    body: Sequence[Block],
    appendices: Sequence[tuple[str, Sequence[Block]]] = (),
    addressees: Sequence[str] | None = None,
    under_title: str = "",
    is_one_page: bool = False,
) -> Paper:
    """The whole document; `kind` as in a sentence ("Báo cáo"), "" for a letter.

    Without `addressees` it goes to the one of the letterhead; appendices are titles with blocks.
    """
    letterhead, issue = content["head"], content["issue"] or {}
    if addressees is None:
        addressees = [letterhead["addressee"]] if letterhead["addressee"] else []
    return Paper(
        title=title,
        kind=kind.upper(),
        about=tuple(about),
        head=_head(content),
        body=tuple(body),
        foot=Foot(
            recipients=tuple(letterhead["recipients"]),
            signer=tuple(letterhead["signer"]),
            name=issue.get("signer", ""),
        ),
        seal=_seal(content),
        author=letterhead["speaker"],
        under_title=under_title,
        addressees=tuple(addressees),
        appendices=_appendices(content, kind or "Công văn", appendices),
        subject_words=_subject_words(content),
        marks=_marks(content),
        notices=_notices(content, kind or "Công văn"),
        is_one_page=is_one_page,
    )


def _head(content: Content) -> Head:
    letterhead = content["head"]
    return Head(
        superior=letterhead["superior"],
        issuer=tuple(letterhead["issuer"]),
        number=f"Số: {_number(content)}",
        day=f"{letterhead['place']}, {_day(content)}",
    )


def _number(content: Content) -> str:
    issue = content["issue"] or {}
    return document_number(issue.get("number", ""), content["head"]["symbol"])


def _day(content: Content) -> str:
    issue = content["issue"] or {}
    return long_date(read_day(issue.get("day", "")), content["head"]["year"])


def _appendices(
    content: Content, kind: str, appendices: Sequence[tuple[str, Sequence[Block]]]
) -> tuple[Appendix, ...]:
    speaker = content["head"]["speaker"]
    of = f"(Kèm theo {kind} số {_number(content)} {_day(content)} của {speaker})"
    is_only = len(appendices) == 1
    return tuple(
        Appendix("" if is_only else ROMAN[place], title, of, tuple(blocks))
        for place, (title, blocks) in enumerate(appendices)
    )


def _seal(content: Content) -> Seal:
    seal = content["seal"]
    return Seal(seal["code"], seal["address"], fingerprint(canonical(content)))


def _marks(content: Content) -> tuple[str, ...]:
    marks = [] if content["stage"] == Stage.ISSUED else [DRAFT]
    return tuple([*marks, ILLUSTRATIVE] if content["is_illustrative"] else marks)


def _notices(content: Content, kind: str) -> tuple[str, ...]:
    replaced = content["supersedes"]
    return (f"{kind} này thay thế {replaced}.",) if replaced else ()


def _subject_words(content: Content) -> tuple[str, ...]:
    plan = content["figures"].get("plan", {})
    return tuple(word for word in ("PAPI", plan.get("number", "")) if word)


def read_day(day: str) -> date | None:
    """A frozen day, None for one that is not there."""
    return date.fromisoformat(day) if day else None


def told_day(day: str) -> str:
    """A frozen day within a sentence: 30/3/2021."""
    return short_date(date.fromisoformat(day)) if day else ""


def period_line(content: Content) -> str:
    """(Quý III năm 2026; số liệu đến hết ngày 14/9/2026)"""
    day = content["figures"]["as_of"]
    so_far = ", kỳ chưa kết thúc" if day < content["period"]["last"] else ""
    label = opened(content["period"]["label"])
    return f"({label}{so_far}; số liệu đến hết ngày {told_day(day)})"


def written(content: Content, section: str) -> list[Block]:
    """The paragraphs that people wrote in the portal for this section."""
    return [Paragraph(line) for line in lines_of(content, section)]


def lines_of(content: Content, section: str) -> list[str]:
    words: Any = content["texts"].get(section, "")
    return [line.strip() for line in words.splitlines() if line.strip()]


def closing(words: str) -> Paragraph:
    return Paragraph(f"{words}./.", Manner.CLOSING)
