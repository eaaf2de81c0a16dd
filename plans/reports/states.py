"""The fixed vocabularies of reports and of the jobs that make them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from plans.reports.periods import PeriodKind


class ReportKind(TextChoices):
    PROGRESS = "progress", _("Báo cáo tiến độ kế hoạch")
    AGENCY = "agency", _("Báo cáo của một cơ quan")
    PROVINCE = "province", _("Báo cáo tổng hợp của tỉnh")
    LEADER = "leader", _("Tóm tắt một trang cho lãnh đạo")
    URGING = "urging", _("Công văn đôn đốc")
    PLAN = "plan", _("Kế hoạch kèm phụ lục nhiệm vụ")


# What one plan is the subject of; the others are of an agency or of the whole province.
OF_A_PLAN = frozenset({ReportKind.PROGRESS, ReportKind.LEADER, ReportKind.URGING, ReportKind.PLAN})


# How another paper calls one of that kind.
NOUNS = {
    ReportKind.URGING: _("Công văn"),
    ReportKind.PLAN: _("Kế hoạch"),
}
NOUN = _("Báo cáo")


class Stage(TextChoices):
    """Where the document stands; what a later one replaced is told by that later one."""

    DRAFT = "draft", _("Dự thảo")
    FROZEN = "frozen", _("Đã chốt số liệu")
    ISSUED = "issued", _("Đã phát hành")


class State(TextChoices):
    """Where the job stands that makes the files."""

    QUEUED = "queued", _("Đang chờ")
    RUNNING = "running", _("Đang lập")
    DONE = "done", _("Đã xong")
    FAILED = "failed", _("Không lập được")
    CANCELLED = "cancelled", _("Đã hủy")


OPEN = frozenset({State.QUEUED, State.RUNNING})
CLOSED = frozenset(State) - OPEN


class Step(TextChoices):
    """What the worker is doing, in the order in which it does it."""

    WAIT = "", _("Chờ đến lượt")
    FREEZE = "freeze", _("Đang chốt số liệu")
    LAY_OUT = "lay_out", _("Đang dàn trang PDF")
    WRITE = "write", _("Đang soạn bản Word và Excel")
    STORE = "store", _("Đang lưu")


# Percent of the whole when a step begins: laying out takes by far the longest.
STEP_PERCENT = {Step.WAIT: 0, Step.FREEZE: 5, Step.WRITE: 15, Step.LAY_OUT: 25, Step.STORE: 95}


class Format(TextChoices):
    PDF = "pdf", _("PDF")
    # The issued PDF with a signature of the office appended, if the portal has a certificate.
    SIGNED = "signed", _("PDF đã ký số")
    DOCX = "docx", _("Word")
    XLSX = "xlsx", _("Excel")
    JSON = "json", _("Bản chốt số liệu (JSON)")


class PeriodChoice(TextChoices):
    """The kinds of periods with their words."""

    MONTH = PeriodKind.MONTH.value, _("Tháng")
    QUARTER = PeriodKind.QUARTER.value, _("Quý")
    HALF = PeriodKind.HALF.value, _("6 tháng")
    YEAR = PeriodKind.YEAR.value, _("Năm")
    CUSTOM = PeriodKind.CUSTOM.value, _("Khoảng ngày tự chọn")
