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

Data = dict[str, Any]

DRAFT = "DỰ THẢO"
ILLUSTRATIVE = "MINH HỌA: SỐ LIỆU KHÔNG CÓ THẬT"
COPY = "Bản in từ dữ liệu trên Cổng PAPI; văn bản đã ký là bản gốc."
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
    signed: dict[str, str] | None = None,
) -> Paper:
    """The whole document; `kind` as in a sentence ("Báo cáo"), "" for a letter.

    Without `addressees` it goes to the one of the letterhead; appendices are titles with blocks.
    `signed` is the issue of a document that was signed before: what is printed is a copy of it.
    """
    letterhead, issue = content["head"], content["issue"] or signed or {}
    if addressees is None:
        addressees = [letterhead["addressee"]] if letterhead["addressee"] else []
    return Paper(
        title=title,
        kind=kind.upper(),
        about=tuple(about),
        head=_head(letterhead, issue),
        body=tuple(body),
        foot=Foot(
            recipients=tuple(letterhead["recipients"]),
            signer=tuple(letterhead["signer"]),
            name=issue.get("signer", ""),
        ),
        seal=_seal(content),
        author=letterhead["speaker"],
        as_of=date.fromisoformat(content["as_of"]),
        under_title=under_title,
        addressees=tuple(addressees),
        appendices=_appendices(letterhead, issue, kind or "Công văn", appendices),
        subject_words=_subject_words(content),
        marks=_marks(content, is_copy=bool(signed)),
        notices=_notices(content, kind or "Công văn", is_copy=bool(signed)),
        is_one_page=is_one_page,
    )


def _head(letterhead: Data, issue: Data) -> Head:
    return Head(
        superior=letterhead["superior"],
        issuer=tuple(letterhead["issuer"]),
        number=f"Số: {_number(letterhead, issue)}",
        day=f"{letterhead['place']}, {_day(letterhead, issue)}",
    )


def _number(letterhead: Data, issue: Data) -> str:
    return document_number(issue.get("number", ""), letterhead["symbol"])


def _day(letterhead: Data, issue: Data) -> str:
    return long_date(read_day(issue.get("day", "")), letterhead["year"])


def _appendices(
    letterhead: Data, issue: Data, kind: str, appendices: Sequence[tuple[str, Sequence[Block]]]
) -> tuple[Appendix, ...]:
    number, day = _number(letterhead, issue), _day(letterhead, issue)
    of = f"(Kèm theo {kind} số {number} {day} của {letterhead['speaker']})"
    is_only = len(appendices) == 1
    return tuple(
        Appendix("" if is_only else ROMAN[place], title, of, tuple(blocks))
        for place, (title, blocks) in enumerate(appendices)
    )


def _seal(content: Content) -> Seal:
    seal = content["seal"]
    return Seal(seal["code"], seal["address"], fingerprint(canonical(content)))


def _marks(content: Content, *, is_copy: bool) -> tuple[str, ...]:
    is_draft = content["stage"] != Stage.ISSUED and not is_copy
    is_made_up = content["is_illustrative"] or content["figures"].get("is_illustrative", False)
    return (*[DRAFT] * is_draft, *[ILLUSTRATIVE] * bool(is_made_up))


def _notices(content: Content, kind: str, *, is_copy: bool) -> tuple[str, ...]:
    replaced = content["supersedes"]
    found = [f"{kind} này thay thế {replaced}."] if replaced else []
    return tuple([*found, COPY] if is_copy else found)


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
