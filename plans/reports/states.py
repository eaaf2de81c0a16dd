"""The fixed vocabularies of report jobs."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    QUEUED = "queued", _("Đang chờ")
    RUNNING = "running", _("Đang lập")
    DONE = "done", _("Đã xong")
    FAILED = "failed", _("Không lập được")


OPEN = frozenset({State.QUEUED, State.RUNNING})


class Step(TextChoices):
    """What the worker is doing, in the order in which it does it."""

    WAIT = "", _("Chờ đến lượt")
    FREEZE = "freeze", _("Đang chốt số liệu")
    LAY_OUT = "lay_out", _("Đang dàn trang")
    STORE = "store", _("Đang lưu")


# Percent of the whole when a step begins: laying out takes by far the longest.
STEP_PERCENT = {Step.WAIT: 0, Step.FREEZE: 5, Step.LAY_OUT: 25, Step.STORE: 90}
