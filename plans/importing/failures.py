"""Why an import was not carried out; each is told to the person as it is."""

from __future__ import annotations

from django.utils.translation import gettext as _

from plans.workflow import WorkflowError


class NotImportedError(WorkflowError):
    """Nothing was written; `message` says why and what to do."""


class OutdatedError(NotImportedError):
    """The preview no longer says what would happen: it must be made again."""


class FailedRowError(NotImportedError):
    """The database refused one row, so none was written."""

    def __init__(self, row: int) -> None:
        super().__init__(
            _(
                "Dòng %(row)s không lưu được, nên chưa nhập dòng nào. Hãy xem lại dòng này rồi "
                "tải lại tệp."
            )
            % {"row": row}
        )
        self.row = row
