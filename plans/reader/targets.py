"""Targets in sentences: rank, rise by ranks, group, score, rise of score; of what and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from plans.reader.blocks import Paragraph
from plans.reader.components import components_in, indices_in
from plans.reader.draft import NOTHING, Certainty, Found, Target, Value
from plans.reader.sections import Kind

GROUPS = {
    "trung binh cao": "upper_middle",
    "trung binh thap": "lower_middle",
    "cao nhat": "highest",
    "thap nhat": "lowest",
    "tb cao": "upper_middle",
    "tb thap": "lower_middle",
    "kha": "upper_middle",
    "thap": "lowest",
    "trung binh": "lower_middle",
    "cao": "highest",
    "1": "highest",
    "2": "upper_middle",
    "3": "lower_middle",
    "4": "lowest",
}
_NUMBER = r"(?P<value>[0-9]{1,3}(?:[.,][0-9]{1,4})?)"
_AT_LEAST = r"(?:it nhat|toi thieu|tu|them|khoang|tren|duoc)\s+"
_METRICS = (
    (
        "rank_up",
        re.compile(
            r"(?:tang|cai thien|nang)\s+(?:thu hang\s+)?(?:them\s+)?(?:it nhat|toi thieu|tu"
            r"|khoang|binh quan|trung binh|duoc)?\s*"
            r"(?:them\s+)?(?P<value>[0-9]{1,2})?(?:\s*(?:-|den)\s*[0-9]{1,2})?\s*(?:bac|thu bac"
            r"|hang\b)"
        ),
    ),
    (
        "score_up",
        re.compile(rf"(?:tang|nang)\s+(?:them\s+)?(?:{_AT_LEAST})?{_NUMBER}\s*diem(?! phan tram)"),
    ),
    (
        "group",
        re.compile(
            r"(?:nhom|muc)\s+(?:[^.;,\d]{0,50}?(?:,[^.;\d]{0,30}?)?)"
            r"(?P<group>trung binh\s*-?\s*cao|trung binh\s*-?\s*thap"
            r"|cao nhat|thap nhat|diem trung binh(?!\s*-?\s*(?:cao|thap|kha))|diem cao(?! nhat))"
        ),
    ),
    (
        "group",
        re.compile(
            r"nhom\s+(?:thu\s+)?(?P<group>[1-4])(?![0-9.,/]|\s*(?:tinh|nhiem vu|noi dung|chi so))"
        ),
    ),
    (
        "rank",
        re.compile(
            r"(?:top|trong nhom|nhom|thu hang(?: (?:chi so )?papi)?|xep hang|xep thu|xep|vi tri"
            r"|hang|thu|vi thu)(?:\s+|:\s*)(?:thu\s+|tu\s+|trong\s+|vi tri\s+)*"
            r"(?P<value>[0-9]{1,2})(?:\s*(?:-"
            r"|den)\s*(?P<last>[0-9]{1,2}))?(?:\s*/\s*(?P<of>[0-9]{1,2}))?"
            r"(?![0-9.,]*[0-9]|\s*(?:/20|nam\b|thang\b|bac\b|diem\b|%|nhiem vu|noi dung|chi so"
            r"|nhom))"
        ),
    ),
    (
        "rank",
        re.compile(
            r"(?:trong|thuoc)\s+(?:so\s+|nhom\s+"
            r"|t[o]p\s+)?(?P<value>[0-9]{1,2})(?:\s*/\s*(?P<of>[0-9]{1,2}))?\s+(?:tinh"
            r"|dia phuong|tinh, thanh pho)"
        ),
    ),
    (
        "score",
        re.compile(
            rf"(?:dat|len|tu|tren|it nhat|toi thieu|muc|diem|phan dau"
            rf"|khong thap hon|:)\s+(?:(?:duoc|muc|tong diem|diem so|diem|tong|chi so"
            rf"|tu|tren|it nhat|toi thieu|khoang)\s+)*{_NUMBER}"
            r"(?:\s*(?:-|den)\s*(?P<upper>[0-9]{1,3}(?:[.,][0-9]{1,4})?))?"
            r"(?:\s*/\s*(?P<most>10|80|100))?\s*(?P<unit>diem|%)"
        ),
    ),
)
# Said without "điểm" or "trung bình": the group at the top.
_HIGH_GROUP = re.compile(
    r"nhom\s+(?:(?:co\s+|dat\s+)?diem\s+|cac tinh co diem\s+"
    r"|tinh co diem\s+)?(?P<group>cao)\b(?! nhat| hon)"
)
_INTENT = re.compile(
    r"phan dau|muc tieu|duy tri|giu vung|tro len|it nhat|toi thieu|huong toi|nham |de duy tri"
    r"|quyet tam"
    r"|dat (?:tu|muc|tren)|nam trong|trong nam|den nam|hang nam|thuoc nhom|xep (?:thu|hang)|top"
)
_OUT_OF = re.compile(r"(?:thoat|ra|vuot)(?:\s+ra)?\s+khoi\s*$")
_NONE_IN = re.compile(r"khong\s+(?:co|con|de|nam|thuoc|roi)\b[^.;]{0,70}$")
_STRONG_INTENT = re.compile(r"phan dau|muc tieu")
KINDS = (Kind.TARGETS, Kind.PURPOSE, Kind.HEAD, Kind.TASKS)
_PAST = re.compile(
    r"(?:nam 20[0-9]{2},?[^.;]{0,90}(?:da dat|dat duoc|dat [0-9]|xep (?:thu|vi|hang)|giam [0-9]"
    r"|cong bo))"
    r"|giam [0-9.,]+ (?:diem|bac)|da dat|roi vao|chi dat|tut (?:hang|xuong)"
    r"|ket qua (?:nam|chi so|cong bo)|theo (?:bao cao|ket qua)|duoc cong bo"
)
_YEAR = re.compile(r"(?P<before>so voi\s+(?:ket qua\s+)?)?(?:nam\s+|@)(?P<year>20[0-9]{2})")
_OTHER_SUBJECT = re.compile(
    r",\s*(?:cac|moi|tung|tat ca|ca|[0-9]/[0-9]) (?:chi so|noi dung|linh vuc)"
)
_SUBJECT = re.compile(r"[.;]|\b(?:chi so|papi|sipas|pci|par|tong|tinh|xep|thu hang|noi dung)\b")
_BY_YEAR = re.compile(
    r"[\W\d]*(?:muc tieu\W+)?(?:phan dau\s+)?(?:den|trong|vao) nam (?P<year>20[0-9]{2})"
)
_BASELINE = re.compile(r"so voi[^.;,]{0,30}?(?P<year>20[0-9]{2})")
_ALL = re.compile(
    r"(?P<share>[0-9]{1,2}\s*/\s*[0-9]{1,2})\s+chi so(?! (?:noi dung|thanh phan))"
    r"|(?P<count>[0-9]{1,2}\s*/\s*[0-9]{1,2}\s+)?(?:tat ca\s+)?(?:cac\s+|ca 8\s+|08\s+|8\s+)?"
    r"(?:chi so|truc|linh vuc)\s+(?:noi dung|thanh phan)"
)
_REGION = re.compile(r"(?:trong\s+)?(?:vung|khu vuc)\s+[^.;,()]{4,50}")
_SENTENCE = re.compile(r"(?:[.;](?:\s+|$))")


@dataclass(frozen=True, slots=True)
class Context:
    """What a sentence without an index or a year of its own speaks of."""

    index: Found
    first_year: int | None
    year: Found = NOTHING
    component: Found = NOTHING


def targets_in(line: Paragraph, kind: Kind, context: Context) -> Iterator[Target]:
    """Yield the targets a paragraph sets; what it tells of past years is none."""
    start, has_intent = 0, False
    for end in [*(match.end() for match in _SENTENCE.finditer(line.flat)), len(line.text)]:
        sentence = line.flat[start:end]
        if kind in KINDS and sentence.strip():
            intent = _STRONG_INTENT if kind is Kind.TASKS else _INTENT
            goes_on = start > 0 and line.flat[:start].rstrip().endswith(";") and bool(has_intent)
            has_intent = kind is Kind.TARGETS or goes_on or intent.search(sentence) is not None
            if has_intent and not _is_past(sentence, context):
                yield from _targets(line, start, end, context)
        start = end


def _is_past(sentence: str, context: Context) -> bool:
    """Tell whether a sentence reports: it speaks of a year before the plan, or of results."""
    if re.search(r"kinh nghiem|hoc tap cac tinh", sentence):
        return True
    past = _PAST.search(sentence)
    if past is None or re.search(r"phan dau|muc tieu|tro len|it nhat|duy tri", sentence):
        return False
    year = re.match(r"nam (20[0-9]{2})", past[0])
    return not (year and context.first_year and int(year[1]) >= context.first_year)


def _targets(line: Paragraph, start: int, end: int, context: Context) -> Iterator[Target]:
    matches = sorted(_metrics(line.flat, start, end), key=lambda each: each[1].start())
    last: Target | None = None
    for position, (metric, match) in enumerate(matches):
        until = matches[position + 1][1].start() if position + 1 < len(matches) else end
        since = matches[position - 1][1].end() if position else start
        whole = _target(line, metric, match, (start, since, until), context)
        if last and not whole.component and not _SUBJECT.search(line.flat, since, match.start()):
            # "Đạt 6,8 điểm, tăng 0,35 điểm": of the same dimension.
            whole.component = last.component
        last = whole
        for component in str(whole.component.value or "").split(","):
            found = replace(whole.component, value=component or None)
            yield replace(whole, component=found)


def _metrics(flat_text: str, start: int, end: int) -> Iterator[tuple[str, re.Match[str]]]:
    taken: list[tuple[int, int]] = []
    for metric, pattern in (*_METRICS, ("group", _HIGH_GROUP)):
        for match in pattern.finditer(flat_text, start, end):
            first, last = match.span()
            if any(first < other_last and other_first < last for other_first, other_last in taken):
                continue
            if metric == "rank" and match["value"] in ("0", "00"):
                continue
            if metric == "rank" and re.match(r"\s+(?:len|xuong)\b", flat_text[last:]):
                # "Từ vị trí 30 lên vị trí 20": the first is where it stands today.
                continue
            if metric == "rank" and _is_quartile(match):
                continue
            taken.append((first, last))
            yield metric, match


def _is_quartile(match: re.Match[str]) -> bool:
    return match[0].startswith("nhom") and int(match["value"]) <= 4


def _target(
    line: Paragraph,
    metric: str,
    match: re.Match[str],
    around: tuple[int, int, int],
    context: Context,
) -> Target:
    start, since, until = around
    first, last = match.span()

    def found(value: Value, certainty: Certainty = Certainty.HIGH) -> Found:
        return line.found(value, certainty, first, last)

    op, value = _bound(
        metric, match, line.flat[start:first], line.flat[last : last + 30].split(",")[0]
    )
    target = Target(metric=found(metric), op=found(op), value=found(value))
    target.index = _index(line, start, last, until, context)
    own = _component(line, metric, since if since > start else start, first, last)
    names_index = target.index is not context.index
    target.component = own if own or names_index else context.component
    target.of = _of(line, match, last, until)
    # What stands between two aims is the baseline of the first.
    target.baseline_year = _baseline(line, since if since == start else last, last, until)
    target.year = _year(line, start, first, last, until)
    if not target.year and "hang nam" not in line.flat[start:until]:
        target.year = _year_of_list(line, start) or context.year
    stop = until if until - last < 90 else last
    text = line.text[start:stop].strip(" ,;.")
    at = line.text.find(text, start)
    target.text = line.found(text, Certainty.HIGH, at, at + len(text))
    return target


def _bound(metric: str, match: re.Match[str], before: str, after: str) -> tuple[str, Value]:
    if metric == "group":
        if _OUT_OF.search(before) or _NONE_IN.search(before):
            return ">", GROUPS[match["group"]]
        words = " ".join(match["group"].replace("-", " ").split()).removeprefix("diem ")
        return (">=" if "tro len" in after else "="), GROUPS[words]
    if metric == "rank":
        if match.groupdict().get("last"):
            return "in", f"{int(match['value'])}..{int(match['last'])}"
        return "<=", int(match["value"])
    if metric == "rank_up":
        return ">=", int(match["value"] or 1)
    number = float(match["value"].replace(",", "."))
    if upper := match.groupdict().get("upper"):
        return "in", f"{number}..{float(upper.replace(',', '.'))}"
    value = int(number) if number == int(number) and metric != "score" else number
    over = metric == "score" and re.search(r"\btren\s+[0-9]", match[0]) is not None
    return (">" if over else ">="), value


def _index(line: Paragraph, start: int, last: int, until: int, context: Context) -> Found:
    named = []
    for code, first, end in indices_in(line.flat[start:last]):
        named.append((start + first, start + end, code))
    if not named:
        for code, first, end in indices_in(line.flat[last:until]):
            named.append((last + first, last + end, code))
        named = named[:1]
    if named:
        first, end, code = max(named)
        return line.found(code, Certainty.HIGH, first, end)
    return context.index


def _component(line: Paragraph, metric: str, start: int, first: int, last: int) -> Found:
    named = components_in(line.text[start:first])
    if named:
        key = named[-1]
        keys = ",".join(each.key for each in named)
        return line.found(keys, Certainty.HIGH, start + named[0].start, start + key.end)
    every = _ALL.search(line.flat, start, first)
    if every and metric in ("group", "score_up"):
        count = every["count"] or every["share"]
        value = f"dims {''.join(count.split())}" if count else "dims"
        certainty = Certainty.MEDIUM if count else Certainty.HIGH
        return line.found(value, certainty, *every.span())
    return Found(None)


def _of(line: Paragraph, match: re.Match[str], last: int, until: int) -> Found:
    if match.groupdict().get("of"):
        return line.found(int(match["of"]), Certainty.HIGH, *match.span("of"))
    region = _REGION.search(line.flat, last, min(until, last + 60))
    if region:
        text = line.text[region.start() : region.end()].strip()
        return line.found(text, Certainty.MEDIUM, *region.span())
    return Found(None)


def _baseline(line: Paragraph, since: int, last: int, until: int) -> Found:
    aside = _OTHER_SUBJECT.search(line.flat, last, until)
    for first, end in ((last, aside.start() if aside else until), (since, last)):
        if match := _BASELINE.search(line.flat, first, end):
            return line.found(int(match["year"]), Certainty.HIGH, *match.span("year"))
    return Found(None)


def _year_of_list(line: Paragraph, start: int) -> Found:
    """Return the year at the head of a list: "Đến năm 2030, PAPI ...; PCI ..."."""
    if not line.flat[:start].rstrip().endswith(";"):
        return Found(None)
    match = _BY_YEAR.match(line.flat)
    if match is None:
        return Found(None)
    return line.found(int(match["year"]), Certainty.MEDIUM, *match.span("year"))


def _year(line: Paragraph, start: int, first: int, last: int, until: int) -> Found:
    """Return the year after the aim, else the nearest one before it."""
    after = [each for each in _YEAR.finditer(line.flat, last, until) if not each["before"]]
    before = [each for each in _YEAR.finditer(line.flat, start, first) if not each["before"]]
    after = [each for each in after if not _BASELINE.search(line.flat, last, each.end())]
    chosen = after[0] if after else before[-1] if before else None
    if chosen is None:
        return Found(None)
    return line.found(int(chosen["year"]), Certainty.HIGH, *chosen.span("year"))
