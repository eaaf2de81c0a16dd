"""Holds what was read of a document against its label: right, given and wanted, per field."""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from papi_portal.text import DocumentNumberError, expand, match_key, parse_document_number

COMPONENTS = Path(__file__).parents[3] / "indicators" / "data" / "papi_components.csv"
KINDS = {
    "kh": "kế hoạch",
    "ctr": "chương trình",
    "qđ": "quyết định",
    "ct": "chỉ thị",
    "cv": "công văn",
    "kl": "kết luận",
}
SCALARS = ("kind", "number", "issuer", "signer", "field", "title", "province")
FIELDS = (
    *("number", "dates", "issuer", "signer", "title", "province", "kind", "field", "period"),
    *("based_on", "cited", "indices", "components", "targets"),
    *("tasks", "tasks in tables", "tasks in prose"),
    *("lead", "support", "deadline", "product", "task components"),
)
# Least precision and least recall of the fields that are promised.
PROMISED = {
    "number": (0.98, None),
    "dates": (0.98, None),
    "issuer": (0.98, None),
    "lead": (0.95, None),
    "deadline": (0.97, None),
    "tasks in tables": (None, 0.95),
    "tasks in prose": (None, 0.8),
}
COVERED = 0.85  # of the words of a task, to be that task
OWN_WORDS = 0.4  # of the words read, to be one task and not a heap of them
ALIKE = 0.9  # of two texts, to be the same
_ROLE = re.compile(
    r"^(?:(?:đồng chí )?(?:phó )?(?:giám đốc|chánh (?=thanh tra|văn phòng)|chủ tịch|thủ trưởng|"
    r"trưởng ban|cục trưởng)\s*)?(?:các (?=sở|cơ quan|ban|doanh nghiệp))?"
)
_KIND_WORDS = re.compile(
    r"^(?:kế hoạch|quyết định|chỉ thị|kết luận|công văn|chương trình hành động|chương trình)\s+"
)
_ABOUT = re.compile(r"^(?:v/v|về việc|về)\s+")


@dataclass
class Tally:
    """How many values were right, how many were given, how many the clerk found."""

    right: int = 0
    given: int = 0
    wanted: int = 0

    def add(self, other: "Tally") -> None:
        self.right += other.right
        self.given += other.given
        self.wanted += other.wanted

    @property
    def precision(self) -> float | None:
        return self.right / self.given if self.given else None

    @property
    def recall(self) -> float | None:
        return self.right / self.wanted if self.wanted else None


@dataclass
class Verdict:
    """One document: its tallies per field, and in words what is wrong."""

    name: str
    tallies: dict[str, Tally] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    without_span: list[str] = field(default_factory=list)

    def count(self, what: str, right: int, given: int, wanted: int) -> None:
        self.tallies.setdefault(what, Tally()).add(Tally(right, given, wanted))

    def compare(
        self,
        what: str,
        read: Iterable[Any],
        wanted: Iterable[Any],
        as_key: Callable[[Any], str] = str,
        about: str = "",
    ) -> None:
        """Count two sets of values, one if their keys are, and say which differ."""
        got, due = ({as_key(value): value for value in values} for values in (read, wanted))
        self.count(what, len(got.keys() & due.keys()), len(got), len(due))
        if got.keys() != due.keys():
            extra = [value for name, value in got.items() if name not in due]
            missing = [value for name, value in due.items() if name not in got]
            self.faults.append(f"{what}{about}: too much {extra or '—'}, missing {missing or '—'}")


def judge(name: str, draft: dict[str, Any], label: dict[str, Any]) -> Verdict:
    """Hold `draft` (a reader's JSON, or {} if it gave none) against `label`."""
    verdict = Verdict(name, without_span=list(spanless(draft)))
    read = plain(draft)
    _judge_head(verdict, read, label)
    _judge_lists(verdict, read, label)
    _judge_targets(verdict, read.get("targets") or [], label["targets"])
    _judge_tasks(verdict, read.get("tasks") or [], label["tasks"])
    return verdict


def total(verdicts: Iterable[Verdict]) -> dict[str, Tally]:
    sums = {what: Tally() for what in FIELDS}
    for verdict in verdicts:
        for what, tally in verdict.tallies.items():
            sums[what].add(tally)
    return sums


def broken_promises(sums: dict[str, Tally]) -> list[str]:
    """The promised figures that are not reached, in words; empty if all are."""
    broken = []
    for what, (precision, recall) in PROMISED.items():
        for name, least, figure in (
            ("precision", precision, sums[what].precision),
            ("recall", recall, sums[what].recall),
        ):
            if least is not None and (figure or 0.0) < least:
                broken.append(f"{what}: {name} {figure or 0.0:.3f} < {least}")
    return broken


def plain(value: Any) -> Any:
    """Strip the spans: of `{value, text, start, …}` remains the value."""
    if isinstance(value, dict):
        if "value" in value and "certainty" in value:
            return plain(value["value"])
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [found for found in map(plain, value) if found is not None]
    return value


def spanless(value: Any, path: str = "") -> Iterable[str]:
    """The paths of values that do not say where in the document they stand."""
    if isinstance(value, list):
        for position, inner in enumerate(value):
            yield from spanless(inner, f"{path}[{position}]")
    elif isinstance(value, dict):
        if "value" in value and "certainty" in value:
            start, end = value.get("start"), value.get("end")
            has_span = isinstance(start, int) and isinstance(end, int) and start < end
            if value["value"] not in (None, "", []) and not has_span:
                yield path
        else:
            for key, inner in value.items():
                yield from spanless(inner, f"{path}.{key}" if path else key)


def key(text: Any) -> str:
    return match_key(str(text)) if text else ""


def _lowered(text: Any) -> str:
    return " ".join(unicodedata.normalize("NFC", str(text)).casefold().split())


def agency_key(name: Any) -> str:
    """One key for all ways to name an agency or the head of it."""
    return match_key(_ROLE.sub("", _lowered(expand(str(name)))))


def title_key(title: Any) -> str:
    return match_key(_ABOUT.sub("", _KIND_WORDS.sub("", _lowered(title))))


def number_key(number: Any) -> str:
    if isinstance(number, dict):
        return number_key(number.get("number"))
    try:
        return parse_document_number(str(number)).text
    except DocumentNumberError:
        return key(number)


def province_key(name: Any) -> str:
    return match_key(re.sub(r"^(?:tỉnh|thành phố|tp\.?) ", "", _lowered(name)))


def kind_key(kind: Any) -> str:
    return key(KINDS.get(str(kind).casefold(), kind))


def words(text: Any) -> Counter[str]:
    return Counter(key(text).split())


def likeness(one: Any, other: Any) -> float:
    """The Dice coefficient of the words of two texts, 0 to 1."""
    left, right = words(one), words(other)
    size = left.total() + right.total()
    return 2 * (left & right).total() / size if size else 0.0


def is_same(what: str, read: Any, wanted: Any) -> bool:
    match what:
        case "number":
            return number_key(read) == number_key(wanted)
        case "issuer":
            return agency_key(read) == agency_key(wanted)
        case "signer":
            return key(wanted) in key(read)
        case "title":
            return likeness(title_key(read), title_key(wanted)) >= ALIKE
        case "province":
            return province_key(read) == province_key(wanted)
        case "kind":
            return kind_key(read) == kind_key(wanted)
        case "product":
            return likeness(read, wanted) >= ALIKE
        case _:
            return key(read) == key(wanted)


def _judge_head(verdict: Verdict, read: dict[str, Any], label: dict[str, Any]) -> None:
    document, period = read.get("document") or {}, read.get("period") or {}
    for what in SCALARS:
        _judge_scalar(verdict, what, what, document.get(what), label["document"][what])
    for what in ("issued_on", "effective_on"):
        _judge_scalar(verdict, "dates", what, document.get(what), label["document"][what])
    for what in ("from_on", "to_on"):
        _judge_scalar(verdict, "period", what, period.get(what), label["period"][what])


def _judge_scalar(verdict: Verdict, field_name: str, what: str, read: Any, wanted: Any) -> None:
    """Count one value; of a list of answers in the label each is right."""
    answers = wanted if isinstance(wanted, list) else [wanted] if wanted else []
    is_right = bool(read) and any(is_same(what, read, answer) for answer in answers)
    verdict.count(field_name, int(is_right), int(bool(read)), int(bool(answers)))
    if not is_right and (read or answers):
        verdict.faults.append(f"{what}: read {read or '—'!r}, wanted {wanted or '—'!r}")


def _judge_lists(verdict: Verdict, read: dict[str, Any], label: dict[str, Any]) -> None:
    # What a plan goes on from may be called its base or not; and a reader may list its base
    # among the cited too.
    either = set(map(number_key, label["open_citations"]))
    known = either | set(map(number_key, label["based_on"]))
    based_on = [entry for entry in read.get("based_on") or [] if number_key(entry) not in either]
    cited = [entry for entry in read.get("cited") or [] if number_key(entry) not in known]
    verdict.compare("based_on", based_on, label["based_on"], number_key)
    verdict.compare("cited", cited, label["cited"], number_key)
    verdict.compare("indices", read.get("indices") or [], label["indices"], key)
    components = set(read.get("components") or [])
    _compare_components(verdict, "components", components, label["components"])


def _compare_components(
    verdict: Verdict, what: str, read: set[str], wanted: list[str], about: str = ""
) -> None:
    """The dimension above a sub-dimension that was asked for is neither right nor wrong."""
    above = {PARENTS.get(stable_key) for stable_key in wanted} - set(wanted)
    verdict.compare(what, sorted(read - above), wanted, about=about)


def _parents() -> dict[str, str]:
    with COMPONENTS.open(encoding="utf-8") as lines:
        return {row["stable_key"]: row["parent"] for row in csv.DictReader(lines)}


PARENTS = _parents()


def _judge_targets(
    verdict: Verdict, read: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> None:
    left = list(read)
    right = 0
    for target in wanted:
        found = next((given for given in left if _is_target(given, target)), None)
        if found is None:
            verdict.faults.append(f"targets: not read {target['text']!r}")
        else:
            left.remove(found)
            right += 1
    verdict.count("targets", right, len(read), len(wanted))
    verdict.faults += [f"targets: read {_brief(given)}" for given in left]


def _is_target(read: dict[str, Any], wanted: dict[str, Any]) -> bool:
    stated = [name for name in ("of", "year", "baseline_year") if wanted[name] is not None]
    return (
        key(read.get("index")) == key(wanted["index"])
        and (read.get("component") or None) == wanted["component"]
        and read.get("metric") in wanted["metric"]
        and read.get("op") in wanted["op"]
        and _value(read.get("value")) == _value(wanted["value"])
        and all(_value(read.get(name)) == _value(wanted[name]) for name in stated)
    )


def _value(value: Any) -> Any:
    """A number, also one written as text or as the end of a range; else the word."""
    try:
        return float(re.split(r"\s*(?:\.\.|-|–)\s*", str(value).replace(",", "."))[-1])
    except ValueError:
        return value


def _brief(target: dict[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in target.items() if value is not None)


def _judge_tasks(
    verdict: Verdict, read: list[dict[str, Any]], wanted: list[dict[str, Any]]
) -> None:
    pairs = match_tasks(read, wanted)
    due = [task for task in wanted if not task.get("is_optional")]
    optional = sum(1 for position in pairs if wanted[position].get("is_optional"))
    verdict.count("tasks", len(pairs) - optional, len(read) - optional, len(due))
    for position, task in enumerate(wanted):
        if task.get("is_optional"):
            continue
        place = "tasks in tables" if task["place"] == "table" else "tasks in prose"
        found = position in pairs
        verdict.count(place, int(found), int(found), 1)
        if found:
            _judge_task(verdict, read[pairs[position]], task)
        else:
            verdict.faults.append(f"{place}: not read {task['text']!r}")
    for position in sorted(set(range(len(read))) - set(pairs.values())):
        verdict.faults.append(f"tasks: not a task {str(read[position].get('text'))[:90]!r}")


def match_tasks(read: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> dict[int, int]:
    """Return for each wanted task that was read its position among those read."""
    found = [words(task.get("text")) for task in read]
    asked = [words(task["text"]) for task in wanted]
    scored = []
    for ours, theirs in product(range(len(asked)), range(len(found))):
        common = (asked[ours] & found[theirs]).total()
        covered = common / (asked[ours].total() or 1)
        own = common / (found[theirs].total() or 1)
        if covered >= COVERED and own >= OWN_WORDS:
            scored.append((-covered * own, abs(ours - theirs), ours, theirs))
    pairs: dict[int, int] = {}
    for _score, _distance, ours, theirs in sorted(scored):
        if ours not in pairs and theirs not in pairs.values():
            pairs[ours] = theirs
    return pairs


def _judge_task(verdict: Verdict, read: dict[str, Any], wanted: dict[str, Any]) -> None:
    about = f" of {wanted['text'][:50]!r}"
    for what in ("lead", "support"):
        verdict.compare(what, read.get(what) or [], wanted[what], agency_key, about)
    if not wanted.get("is_deadline_open"):
        due = wanted["deadline"]
        _judge_one(verdict, "deadline", read.get("deadline"), due, deadline_key, about)
    _judge_one(verdict, "product", read.get("product"), wanted["product"], None, about)
    components = set(read.get("components") or [])
    _compare_components(verdict, "task components", components, wanted["components"], about)


def _judge_one(
    verdict: Verdict,
    what: str,
    read: Any,
    wanted: Any,
    as_key: Callable[[Any], Any] | None,
    about: str,
) -> None:
    given, due = (as_key(read), as_key(wanted)) if as_key else (read, wanted)
    is_right = bool(given) and bool(due) and (given == due if as_key else is_same(what, read, due))
    verdict.count(what, int(is_right), int(bool(given)), int(bool(due)))
    if not is_right and (given or due):
        verdict.faults.append(f"{what}{about}: read {given or '—'}, wanted {due or '—'}")


def deadline_key(deadline: Any) -> tuple[str, str, str] | None:
    """What binds: a day, a rhythm, always, an event. A blank deadline and none are one."""
    kind = (deadline or {}).get("kind")
    if not kind or kind == "none":
        return None
    due_on = deadline.get("due_on") or ""
    return ("by" if kind in ("date", "period") else kind, due_on, deadline.get("recurrence") or "")
