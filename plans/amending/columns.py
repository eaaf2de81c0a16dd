"""The columns of a task that a document can change: the words, and what was understood of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from plans.models import Task


@dataclass(frozen=True)
class Column:
    """One cell of the grid: the field with its words, the fields read from them."""

    name: str
    label: str | Promise
    words: str
    read: tuple[str, ...] = ()
    rows: str = ""  # the many-to-many that goes with it


@dataclass(frozen=True)
class Edit:
    """The old and the new words of one column."""

    column: str
    label: str
    old: str
    new: str


COLUMNS = (
    Column("number", gettext_lazy("Số"), "number_in_plan"),
    Column("name", gettext_lazy("Nhiệm vụ"), "name"),
    Column(
        "dimensions",
        gettext_lazy("Nội dung PAPI"),
        "dimensions_text",
        ("primary_component", "is_cross_cutting"),
        "components",
    ),
    Column("lead", gettext_lazy("Chủ trì"), "lead_text", ("lead_agency", "lead_group")),
    Column("supporters", gettext_lazy("Phối hợp"), "supporters_text", (), "supporters"),
    Column(
        "deadline",
        gettext_lazy("Thời hạn"),
        "deadline_text",
        ("deadline_kind", "starts_on", "due_on", "recurrence", "is_deadline_inferred"),
    ),
    Column("product", gettext_lazy("Sản phẩm"), "product"),
    Column("needs_evidence", gettext_lazy("Cần tài liệu kiểm chứng"), "needs_evidence"),
)
BY_NAME = {column.name: column for column in COLUMNS}


def label_of(name: str) -> str:
    """The heading of a column that was kept by name, of a task or of the plan's head."""
    if name == "period":
        return _("Thời gian thực hiện")
    return str(BY_NAME[name].label) if name in BY_NAME else name


def edits_between(task: Task, row: Task) -> list[Edit]:
    """The columns whose words differ; the same words mean what they meant."""
    return [
        Edit(column.name, str(column.label), told(task, column), told(row, column))
        for column in COLUMNS
        if getattr(task, column.words) != getattr(row, column.words)
    ]


def told(task: Task, column: Column) -> str:
    value = getattr(task, column.words)
    if isinstance(value, bool):
        return _("có") if value else _("không")
    return str(value)


def copy_column(task: Task, row: Task, column: Column) -> None:
    """Give `task` the words of `row` and what they mean; the caller saves it."""
    for name in (column.words, *column.read):
        setattr(task, name, getattr(row, name))
    if column.rows:
        getattr(task, column.rows).set(getattr(row, column.rows).all())
