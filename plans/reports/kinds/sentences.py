"""Sentences that figures themselves say, always with their denominators."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from plans.reports.content import Content
from plans.reports.kinds.frame import told_day
from plans.reports.wording import change, listed, number, rate

Data = dict[str, Any]

# A number, a rate, a day.
FIGURE = re.compile(r"[0-9]+(?:[.,/][0-9]+)*%?")


def headline(figures: Data) -> str:
    """What was done, what is due, what is late."""
    totals = figures["totals"]
    return (
        f"Đến hết ngày {told_day(figures['as_of'])}, các cơ quan đã hoàn thành "
        f"{rate(totals['done'], totals['assigned'])} phần việc được giao. {due(totals)}"
    )


def due(totals: Data, *, with_on_time: bool = False) -> str:
    """How much has come due, is done of it and is late."""
    if not totals["due"]:
        return "Chưa có phần việc nào đến hạn."
    done = f"đã hoàn thành {rate(totals['due_done'], totals['due'])}"
    if with_on_time:
        done += f", hoàn thành đúng hạn {rate(totals['due_on_time'], totals['due'])}"
    late = "không có phần việc nào"
    if totals["overdue"]:
        late = f"còn {number(totals['overdue'])} phần việc"
    return (
        f"Số phần việc đã đến hạn là {number(totals['due'])}, trong đó {done}, {late} quá hạn chưa "
        "hoàn thành."
    )


def compared(figures: Data) -> str:
    """Done and overdue beside the day before the period; "" if there was no work then."""
    before = figures["before"]
    if not before:
        return ""
    now, then = figures["totals"], before["totals"]
    done = (rate(then["done"], then["assigned"]), rate(now["done"], now["assigned"]))
    parts = [
        _moved("số phần việc được giao", then["assigned"], now["assigned"]),
        _moved("hoàn thành", then["done"], now["done"], *done),
        _moved("quá hạn chưa hoàn thành", then["overdue"], now["overdue"]),
    ]
    day = told_day(before["as_of"])
    return f"So với kỳ trước (số liệu đến hết ngày {day}): {'; '.join(parts)}."


def _moved(what: str, then: int, now: int, told_then: str = "", told_now: str = "") -> str:
    """Quá hạn giảm 3, từ 8 xuống 5."""
    if then == now:
        return f"{what} không đổi, vẫn là {told_now or number(now)}"
    way = "lên" if now > then else "xuống"
    return (
        f"{what} {change(then, now)}, từ {told_then or number(then)} {way} "
        f"{told_now or number(now)}"
    )


def said(found: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """By section the sentences that there is something to say in."""
    return {key: [words for words in lines if words] for key, lines in found.items()}


def outdated(text: str, suggested: Sequence[str]) -> list[tuple[str, str]]:
    """Lines of `text` that say what a sentence of now says, but with other figures; and that one.

    People put suggested sentences into their text; the figures move on, the text does not.
    """
    now = {FIGURE.sub("#", sentence): sentence for sentence in suggested}
    return [
        (line, now[shape])
        for line in map(str.strip, text.splitlines())
        if (shape := FIGURE.sub("#", line)) in now and line not in suggested
    ]


def extremes(lines: Sequence[Data], what: str) -> list[str]:
    """The highest and the lowest rate of done among what has come due, each with its figures."""
    with_due = [line for line in lines if line["due"]]
    if len(with_due) < 2:
        return []

    def share(line: Data) -> float:
        return float(line["due_done"] / line["due"])

    best, worst = max(map(share, with_due)), min(map(share, with_due))
    if best == worst:
        return [
            f"{len(with_due)} {what} có phần việc đã đến hạn đều có cùng tỷ lệ hoàn thành trên số "
            "đã đến hạn."
        ]
    return [
        f"{what[:1].upper()}{what[1:]} có tỷ lệ hoàn thành trên số phần việc đã đến hạn {word}: "
        f"{_named([line for line in with_due if share(line) == found], what)}."
        for word, found in (("cao nhất", best), ("thấp nhất", worst))
    ]


def _named(lines: Sequence[Data], what: str, most: int = 5) -> str:
    names = [f"{line['name']} {rate(line['due_done'], line['due'])}" for line in lines[:most]]
    rest = len(lines) - len(names)
    return f"{'; '.join(names)}{f' và {rest} {what} khác' if rest else ''}"


def ahead(figures: Data) -> str:
    """What has to be done next, with the overdue."""
    due, late = figures["due_next"]["count"], figures["totals"]["overdue"]
    parts = []
    if due:
        parts.append(f"{number(due)} phần việc đến hạn trong {figures['days_ahead']} ngày tới")
    if late:
        parts.append(f"{number(late)} phần việc đã quá hạn")
    return f"Tập trung hoàn thành {' và '.join(parts)}." if parts else ""


def late(overdue: Data) -> str:
    """How much is late and for how long."""
    whole = f"Có {number(len(overdue['rows']))} phần việc quá hạn chưa hoàn thành"
    bands = [(band["name"].lower(), band["count"]) for band in overdue["bands"] if band["count"]]
    if len(bands) == 1:
        return f"{whole}, đều {bands[0][0]}."
    parts = [f"{number(count)} phần việc {name}" for name, count in bands]
    return f"{whole}, trong đó {listed(parts)}."


def silence(silent: Sequence[Data], days: int) -> str:
    """How much open work nothing was heard of, and of how many agencies."""
    if not silent:
        return ""
    work = sum(line["count"] for line in silent)
    return (
        f"Có {number(work)} phần việc của {number(len(silent))} cơ quan không có báo cáo nào "
        f"trong hơn {days} ngày."
    )


def extension_counts(extensions: Sequence[Data]) -> str:
    """How many were asked for, granted, refused and wait; they add up."""
    waiting = sum(line["is_waiting"] for line in extensions)
    granted = sum(line["is_approved"] for line in extensions)
    refused = len(extensions) - waiting - granted
    told = (
        (granted, "được đồng ý"),
        (refused, "không được đồng ý"),
        (waiting, "đang chờ quyết định"),
    )
    parts = [f"{number(count)} đề nghị {what}" for count, what in told if count]
    return (
        f"Đến ngày chốt số liệu có {number(len(extensions))} đề nghị gia hạn, trong đó "
        f"{listed(parts)}."
    )


def without_reason(overdue: Data) -> str:
    """How many of the overdue say why; the office writes the causes of the others."""
    rows = overdue["rows"]
    silent = sum(not line["heard_on"] for line in rows)
    asked = sum(bool(line["asked_until"]) for line in rows)
    parts = [
        f"{number(count)} phần việc {what}"
        for count, what in (
            (silent, "cơ quan chủ trì chưa báo cáo lần nào"),
            (asked, "đang chờ quyết định gia hạn"),
        )
        if count
    ]
    return f"Trong {number(len(rows))} phần việc quá hạn có {listed(parts)}." if parts else ""


def is_watched(plan: Data) -> bool:
    """Whether another body than the issuer watches over the plan, and writes about it."""
    return bool(plan["monitor"]) and not plan["issuer"].startswith(plan["monitor"])


def reported(content: Content, words: str) -> str:
    """The last sentence of a report: `words`, and to whom it goes."""
    head = content["head"]
    if not head["addressee"]:
        return words
    return f"{words}; {head['speaker']} báo cáo {head['addressee']} xem xét, chỉ đạo"


def missing_plans(sub_plans: Data, most: int = 12) -> str:
    """Which agencies have no plan of their own in the portal; "" if it knows of none at all."""
    made, missing = sub_plans["made"], sub_plans["missing"]
    if not made:
        return ""
    whole = len(made) + len(missing)
    words = f"Có {rate(len(made), whole)} cơ quan chủ trì đã ban hành kế hoạch triển khai."
    if not missing:
        return words
    if len(missing) > most:
        rest = f"{number(len(missing))} cơ quan còn lại"
        return f"{words} Cổng PAPI chưa ghi nhận kế hoạch triển khai của {rest}."
    return f"{words} Cổng PAPI chưa ghi nhận kế hoạch triển khai của: {listed(missing)}."
