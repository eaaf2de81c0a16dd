"""Plans, their tasks, the assignments of agencies and all that happens to them."""

from plans.models.assignment import Assignment
from plans.models.change import Change
from plans.models.flag_answer import FlagAnswer
from plans.models.plan import Plan, Target
from plans.models.progress import Event, Evidence, Extension, ProgressReport, Submission
from plans.models.reading import Reading, ReadingRow
from plans.models.sheet_import import SheetHeading, SheetImport
from plans.models.task import Task
from plans.models.unsaved_rows import UnsavedRows

__all__ = [
    "Assignment",
    "Change",
    "Event",
    "Evidence",
    "Extension",
    "FlagAnswer",
    "Plan",
    "ProgressReport",
    "Reading",
    "ReadingRow",
    "SheetHeading",
    "SheetImport",
    "Submission",
    "Target",
    "Task",
    "UnsavedRows",
]
