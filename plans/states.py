"""The fixed vocabularies of plans and the table of allowed moves."""

from datetime import date

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanKind(TextChoices):
    """Kinds of documents that carry tasks (Nghị định 30/2020/NĐ-CP, Phụ lục III; Party forms)."""

    PLAN = "KH", _("Kế hoạch")
    PROGRAMME = "CTr", _("Chương trình")
    DECISION = "QĐ", _("Quyết định")
    DIRECTIVE = "CT", _("Chỉ thị")
    LETTER = "CV", _("Công văn")
    CONCLUSION = "KL", _("Kết luận")


# A plan has as many targets at most.
MAX_TARGETS = 30


class PlanStatus(TextChoices):
    DRAFT = "draft", _("Đang soạn")
    ACTIVE = "active", _("Đang thực hiện")
    CLOSED = "closed", _("Đã kết thúc")
    SUPERSEDED = "superseded", _("Bị thay thế")
    # Of a document that amends a plan: what it says now stands in that plan.
    APPLIED = "applied", _("Đã áp dụng")


# What everybody of the province may know of.
ISSUED = frozenset(PlanStatus) - {PlanStatus.DRAFT}


class DeadlineKind(TextChoices):
    """What the words of a deadline mean; the values are those of papi_portal.text."""

    UNKNOWN = "", _("chưa hiểu")
    DATE = "date", _("ngày cụ thể")
    PERIOD = "period", _("trong kỳ")
    CONTINUOUS = "continuous", _("thường xuyên")
    RECURRING = "recurring", _("định kỳ")
    EVENT = "event", _("theo sự kiện")
    NONE = "none", _("không quy định")


class Recurrence(TextChoices):
    NEVER = "", _("một lần")
    MONTHLY = "monthly", _("hằng tháng")
    QUARTERLY = "quarterly", _("hằng quý")
    HALF_YEARLY = "half_yearly", _("6 tháng một lần")
    YEARLY = "yearly", _("hằng năm")


class ReadingState(TextChoices):
    """How far the reading of a document is."""

    QUEUED = "queued", _("Đang chờ")
    RUNNING = "running", _("Đang đọc")
    DONE = "done", _("Đã đọc xong")
    FAILED = "failed", _("Không đọc được")


class RowVerdict(TextChoices):
    """What a clerk says of a task that was read from a document."""

    UNDECIDED = "undecided", _("Chưa xem")
    ACCEPTED = "accepted", _("Nhận")
    LEFT_OUT = "left_out", _("Bỏ")


READING_OPEN = frozenset({ReadingState.QUEUED, ReadingState.RUNNING})


class SheetKind(TextChoices):
    """What a spreadsheet holds."""

    TASKS = "tasks", _("Nhiệm vụ")
    AGENCIES = "agencies", _("Cơ quan")
    ALIASES = "aliases", _("Tên khác của cơ quan")
    SCORES = "scores", _("Điểm chỉ số")


class Status(TextChoices):
    NOT_STARTED = "not_started", _("Chưa triển khai")
    IN_PROGRESS = "in_progress", _("Đang thực hiện")
    REPORTED = "reported", _("Chờ xác nhận")
    DONE = "done", _("Hoàn thành")
    CANCELLED = "cancelled", _("Đã dừng")


OPEN = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS, Status.REPORTED})
# What an agency still has to act on; what waits for confirmation is the office's turn.
UNREPORTED = frozenset({Status.NOT_STARTED, Status.IN_PROGRESS})

NEXT_STATUSES: dict[Status, frozenset[Status]] = {
    Status.NOT_STARTED: frozenset({Status.IN_PROGRESS, Status.REPORTED, Status.CANCELLED}),
    Status.IN_PROGRESS: frozenset({Status.REPORTED, Status.CANCELLED}),
    Status.REPORTED: frozenset({Status.DONE, Status.IN_PROGRESS, Status.CANCELLED}),
    Status.DONE: frozenset({Status.IN_PROGRESS}),
    Status.CANCELLED: frozenset({Status.IN_PROGRESS}),
}

# Moves that undo or stop somebody's work say why: return, reopen, cancel, resume.
MOVES_WITH_REASON = frozenset(
    {
        (Status.REPORTED, Status.IN_PROGRESS),
        (Status.DONE, Status.IN_PROGRESS),
        (Status.CANCELLED, Status.IN_PROGRESS),
        (Status.NOT_STARTED, Status.CANCELLED),
        (Status.IN_PROGRESS, Status.CANCELLED),
        (Status.REPORTED, Status.CANCELLED),
    }
)


class EventKind(TextChoices):
    CREATED = "created", _("Giao việc")
    REPORT = "report", _("Báo cáo tiến độ")
    CONFIRM = "confirm", _("Xác nhận hoàn thành")
    RETURN = "return", _("Trả lại")
    REOPEN = "reopen", _("Mở lại")
    CANCEL = "cancel", _("Dừng")
    COMMENT = "comment", _("Trao đổi")
    DIRECTION = "direction", _("Ý kiến chỉ đạo")
    ANSWER = "answer", _("Trả lời ý kiến chỉ đạo")
    EVIDENCE = "evidence", _("Bổ sung tài liệu")
    EXTENSION_ASKED = "extension_asked", _("Xin gia hạn")
    EXTENSION_APPROVED = "extension_approved", _("Đồng ý gia hạn")
    EXTENSION_REFUSED = "extension_refused", _("Không đồng ý gia hạn")
    AMENDED = "amended", _("Sửa đổi theo văn bản")
    MOVED = "moved", _("Chuyển cơ quan")


class ChangeKind(TextChoices):
    """What a document that amends a plan does to a task, or to the plan itself."""

    ADDED = "added", _("Bổ sung")
    CHANGED = "changed", _("Sửa đổi")
    STOPPED = "stopped", _("Dừng")


class FlagKind(TextChoices):
    """What the gap radar points at."""

    UNCOVERED = "khong-nhiem-vu", _("Điểm thấp hoặc giảm, không thấy nhiệm vụ")
    TALK_ONLY = "chi-tuyen-truyen", _("Điểm giảm, chỉ thấy tuyên truyền")
    ONE_AGENCY = "mot-co-quan", _("Một cơ quan chủ trì phần lớn")
    AFTER_SURVEY = "sau-khao-sat", _("Đến hạn sau khảo sát")
    EVERYTHING = "moi-noi-dung", _("Gắn với mọi nội dung")


class Decision(TextChoices):
    WAITING = "waiting", _("Chờ quyết định")
    APPROVED = "approved", _("Đồng ý")
    REFUSED = "refused", _("Không đồng ý")


class Metric(TextChoices):
    SCORE = "score", _("điểm")
    SCORE_UP = "score_up", _("tăng điểm")
    RANK = "rank", _("thứ hạng")
    RANK_UP = "rank_up", _("tăng bậc")
    GROUP = "group", _("nhóm")


class Operator(TextChoices):
    AT_LEAST = ">=", _("từ … trở lên")
    AT_MOST = "<=", _("trong số … đầu")
    EQUAL = "=", _("đạt")


class Standing(TextChoices):
    """Where an assignment stands on a day, computed and never stored; exactly one holds.

    The labels are those of official reports (for example Bình Định, 30/5/2022).
    """

    DONE_ON_TIME = "done_on_time", _("Hoàn thành đúng hạn")
    DONE_LATE = "done_late", _("Hoàn thành quá hạn")
    DONE_NO_DUE = "done_no_due", _("Hoàn thành, không quy định hạn")
    DOING = "doing", _("Đang thực hiện, trong hạn")
    NOT_STARTED = "not_started", _("Chưa triển khai, trong hạn")
    OVERDUE = "overdue", _("Quá hạn chưa hoàn thành")
    NO_DUE = "no_due", _("Đang thực hiện, không có hạn")
    CANCELLED = "cancelled", _("Đã dừng")


SOON_DAYS = 7


class Urgency(TextChoices):
    """How soon an agency has to act; the values are anchors on its page."""

    OVERDUE = "qua-han", _("Quá hạn")
    SOON = "tuan-nay", _("Đến hạn trong 7 ngày")
    LATER = "sau-do", _("Sau đó")
    NO_DUE = "khong-han", _("Thường xuyên, không có hạn")


def urgency(due_on: date | None, today: date) -> Urgency:
    """The urgency of open work; `AssignmentQuerySet.urgency_counts` says the same in SQL.

    Soon are `today` and the six days after it.
    """
    if due_on is None:
        return Urgency.NO_DUE
    days_left = (due_on - today).days
    if days_left < 0:
        return Urgency.OVERDUE
    return Urgency.SOON if days_left < SOON_DAYS else Urgency.LATER


def standing(status: str, due_on: date | None, done_on: date | None, today: date) -> Standing:
    """The standing of one row; `AssignmentQuerySet.with_standing` says the same in SQL.

    What is due `today` is not overdue. What waits for confirmation past its date is overdue:
    it is not done until it is confirmed, and then counts from the day it was reported.
    """
    if status == Status.CANCELLED:
        return Standing.CANCELLED
    if status == Status.DONE:
        if due_on is None:
            return Standing.DONE_NO_DUE
        is_late = done_on is not None and done_on > due_on
        return Standing.DONE_LATE if is_late else Standing.DONE_ON_TIME
    if due_on is None:
        return Standing.NO_DUE
    if due_on < today:
        return Standing.OVERDUE
    return Standing.NOT_STARTED if status == Status.NOT_STARTED else Standing.DOING
