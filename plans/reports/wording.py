"""How official documents write days, numbers, rates and plans (Nghị định 30/2020/NĐ-CP).

What is written here goes into a paper that is Vietnamese by law, so it is not translated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plans.models import Plan

# Room for the pen; no-break, so that no format takes it away.
SHORT_BLANK, LONG_BLANK = "\N{NO-BREAK SPACE}" * 5, "\N{NO-BREAK SPACE}" * 9


def short_date(day: date) -> str:
    """30/3/2021, 05/02/2021: a zero before days under 10 and before January and February."""
    return f"{day.day:02}/{_month(day)}/{day.year}"


def long_date(day: date | None, year: int) -> str:
    """Ngày 05 tháng 9 năm 2026, within a line; without a day room for it in `year`."""
    if day is None:
        return f"ngày{SHORT_BLANK}tháng{SHORT_BLANK}năm {year}"
    return f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"


def _month(day: date) -> str:
    return f"{day.month:02}" if day.month < 3 else str(day.month)


def document_number(number: str, symbol: str) -> str:
    """05/BC-SNV with a zero before a number under 10; room for it while there is none."""
    if not number:
        return f"{LONG_BLANK}/{symbol}"
    return re.sub(r"^(?=[1-9](?![0-9]))", "0", number)


def number(value: int) -> str:
    """Thousands are set apart by dots: 1.387."""
    return f"{value:,}".replace(",", ".")


def percent(part: int, whole: int) -> str:
    """part/whole with one decimal, half up: "46,9%"; a dash when there is nothing to divide."""
    if not whole:
        return "–"
    tenths = (2000 * part + whole) // (2 * whole)
    return f"{tenths // 10},{tenths % 10}%"


def rate(part: int, whole: int) -> str:
    """A rate never stands without its figures: "45/96 (46,9%)"."""
    counts = f"{number(part)}/{number(whole)}"
    return f"{counts} ({percent(part, whole)})" if whole else counts


def change(before: int, now: int) -> str:
    """Tăng 12, giảm 3, không đổi."""
    if now == before:
        return "không đổi"
    return f"{'tăng' if now > before else 'giảm'} {number(abs(now - before))}"


def signed(difference: int) -> str:
    """+12, -3, 0."""
    return f"{'+' if difference > 0 else '-' if difference < 0 else ''}{number(abs(difference))}"


def listed(names: Sequence[str]) -> str:
    """A, B và C; parts with commas of their own are set apart by semicolons."""
    if len(names) < 2:
        return "".join(names)
    if any("," in name for name in names):
        return "; ".join(names)
    return f"{', '.join(names[:-1])} và {names[-1]}"


def sentence(words: str) -> str:
    """Words people typed, ended as a sentence."""
    words = words.strip()
    return words if not words or words[-1] in ".!?…" else f"{words}."


def opened(words: str) -> str:
    """The same words with a capital first letter."""
    return words[:1].upper() + words[1:]


def clipped(words: str, most: int) -> str:
    """At most `most` characters, cut between words."""
    if len(words) <= most:
        return words
    return words[: most - 1].rsplit(" ", 1)[0].rstrip(" ,;.") + "…"


def initial_letters(name: str) -> str:
    """SKHĐT of Sở Kế hoạch và Đầu tư: for a body whose symbol nobody has entered."""
    return "".join(word[0] for word in name.split() if word not in {"và", "-"}).upper()


def plan_name(plan: Plan) -> str:
    """Kế hoạch số 149/KH-UBND ngày 30/3/2021."""
    name = str(plan.get_kind_display())
    if plan.number:
        name += f" số {plan.number}"
    if plan.issued_on:
        name += f" ngày {short_date(plan.issued_on)}"
    return name


def plan_subject(plan: Plan) -> str:
    """What the plan is about, to follow "về": the title without its kind, with a small letter."""
    title = plan.title.strip().rstrip(".")
    for start in (str(plan.get_kind_display()), "Về việc", "Về"):
        if title.lower().startswith(f"{start.lower()} "):
            title = title[len(start) + 1 :].strip()
    first = title.split()[0] if title else ""
    return title if first.isupper() else title[:1].lower() + title[1:]
