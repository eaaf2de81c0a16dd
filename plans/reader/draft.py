"""The draft of a plan: each field with its value, where it stands in the document, how certain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from enum import StrEnum
from typing import Any

Value = str | int | float | bool | None


class Certainty(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Found:
    """A value and the piece of the document's text it was read from; dates are ISO strings.

    `start` and `end` are offsets in `Draft.source`; `table`, `row` and `column` count from 0 and
    are set for what stands in a table. Nothing found is `value=None` without a place.
    """

    value: Value
    text: str = ""
    start: int | None = None
    end: int | None = None
    certainty: Certainty = Certainty.LOW
    table: int | None = None
    row: int | None = None
    column: int | None = None

    def __bool__(self) -> bool:
        return self.value is not None

    def to_json(self) -> dict[str, Any]:
        shown = {"value": self.value, "text": self.text, "start": self.start, "end": self.end}
        shown["certainty"] = self.certainty.value
        if self.table is not None:
            shown |= {"table": self.table, "row": self.row, "column": self.column}
        return shown


NOTHING = Found(None)


@dataclass(slots=True)
class Head:
    """What the head and the foot of the document say of it."""

    kind: Found = NOTHING
    number: Found = NOTHING
    issued_on: Found = NOTHING
    effective_on: Found = NOTHING
    issuer: Found = NOTHING
    signer: Found = NOTHING
    field: Found = NOTHING
    title: Found = NOTHING
    province: Found = NOTHING


@dataclass(slots=True)
class Period:
    from_on: Found = NOTHING
    to_on: Found = NOTHING


@dataclass(slots=True)
class Target:
    """`component` is empty for the whole index, a stable key, or `dims` for all dimensions."""

    index: Found = NOTHING
    component: Found = NOTHING
    metric: Found = NOTHING
    op: Found = NOTHING
    value: Found = NOTHING
    of: Found = NOTHING
    year: Found = NOTHING
    baseline_year: Found = NOTHING
    text: Found = NOTHING


@dataclass(slots=True)
class TaskDeadline:
    kind: Found = NOTHING
    due_on: Found = NOTHING
    start_on: Found = NOTHING
    recurrence: Found = NOTHING
    text: Found = NOTHING
    is_inferred: Found = NOTHING


@dataclass(slots=True)
class Task:
    number: Found = NOTHING
    text: Found = NOTHING
    lead: list[Found] = field(default_factory=list)
    support: list[Found] = field(default_factory=list)
    is_group: Found = NOTHING
    deadline: TaskDeadline = field(default_factory=TaskDeadline)
    product: Found = NOTHING
    components: list[Found] = field(default_factory=list)


@dataclass(slots=True)
class Piece:
    """A paragraph of the document or, with a place in a table, a cell; in reading order.

    `start` and `end` are offsets in `Draft.source`. A merged cell is one piece that spans.
    """

    start: int
    end: int
    is_bold: bool = False
    is_centred: bool = False
    table: int | None = None
    row: int = 0
    column: int = 0
    row_span: int = 1
    column_span: int = 1


@dataclass(slots=True)
class Draft:
    """What was read; `source` is the text that all offsets count in, `layout` its form.

    `signer_capacity`, `supersedes`, `layout` and `notes` (to be shown to the reader of the draft)
    are not part of the JSON form that `to_json` gives.
    """

    document: Head = field(default_factory=Head)
    period: Period = field(default_factory=Period)
    based_on: list[Found] = field(default_factory=list)
    cited: list[Found] = field(default_factory=list)
    indices: list[Found] = field(default_factory=list)
    components: list[Found] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    signer_capacity: Found = NOTHING
    supersedes: list[Found] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    source: str = ""
    layout: list[Piece] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Return the draft as plain data, with exactly the public keys."""
        return {name: _plain(getattr(self, name)) for name in PUBLIC_KEYS}

    def dump(self) -> dict[str, Any]:
        """Return everything as plain data, to be given to `load` in another process."""
        return asdict(self)

    @classmethod
    def load(cls, data: dict[str, Any]) -> Draft:
        """Return the draft that `dump` gave."""
        lists = {name: [_found(item) for item in data[name]] for name in _LISTS}
        return cls(
            document=Head(**_founds(data["document"])),
            period=Period(**_founds(data["period"])),
            targets=[Target(**_founds(item)) for item in data["targets"]],
            tasks=[_task(item) for item in data["tasks"]],
            not_found=[str(name) for name in data["not_found"]],
            notes=[str(note) for note in data["notes"]],
            signer_capacity=_found(data["signer_capacity"]),
            source=str(data["source"]),
            layout=[Piece(**item) for item in data.get("layout", ())],
            **lists,
        )

    def missing(self) -> Iterator[str]:
        """Yield the public names of what the document does not say."""
        for part in ("document", "period"):
            for each in fields(getattr(self, part)):
                if not getattr(getattr(self, part), each.name):
                    yield f"{part}.{each.name}"
        for name in ("based_on", "indices", "components", "targets", "tasks"):
            if not getattr(self, name):
                yield name


PUBLIC_KEYS = (
    *("document", "period", "based_on", "cited", "indices", "components"),
    *("targets", "tasks", "not_found"),
)
_LISTS = ("based_on", "cited", "indices", "components", "supersedes")


def _plain(value: Any) -> Any:
    if isinstance(value, Found):
        return value.to_json()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return value


def _found(data: dict[str, Any]) -> Found:
    return Found(**{**data, "certainty": Certainty(data["certainty"])})


def _founds(data: dict[str, Any]) -> dict[str, Found]:
    return {name: _found(item) for name, item in data.items()}


def _task(data: dict[str, Any]) -> Task:
    lists = {name: [_found(item) for item in data[name]] for name in ("lead", "support")}
    return Task(
        number=_found(data["number"]),
        text=_found(data["text"]),
        is_group=_found(data["is_group"]),
        deadline=TaskDeadline(**_founds(data["deadline"])),
        product=_found(data["product"]),
        components=[_found(item) for item in data["components"]],
        **lists,
    )
