"""The fixed vocabularies of reminders and letters."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Why somebody is reminded of an assignment."""

    DUE = "due", _("Sắp đến hạn")
    OVERDUE = "overdue", _("Quá hạn")
    ESCALATION = "escalation", _("Báo lên cấp trên")
    SILENCE = "silence", _("Im lặng")
    WAITING = "waiting", _("Chờ xác nhận")
    EXTENSION = "extension", _("Chờ quyết định gia hạn")
    RETURNED = "returned", _("Bị trả lại")
    # Bodies outside the order of the People's Committee are asked, before and after the date.
    REQUEST = "request", _("Đề nghị")


# What rungs are made of; that a body is asked follows from the body.
RUNG_KINDS = tuple(kind for kind in Kind if kind != Kind.REQUEST)
# Rungs that all count from the due date: of them only the latest is told.
DEADLINE_KINDS = frozenset({Kind.DUE, Kind.OVERDUE, Kind.ESCALATION})
# A rung before a date cannot recur, and what was returned goes on as overdue or silent work.
REPEATED_KINDS = frozenset(RUNG_KINDS) - {Kind.DUE, Kind.RETURNED}


class Audience(TextChoices):
    """Whom a rung is for: two roles in the agency of the work, two that answer for the province."""

    OFFICER = "officer", _("cán bộ")
    HEAD = "head", _("thủ trưởng")
    OFFICE = "office", _("đầu mối")
    LEADER = "leader", _("lãnh đạo tỉnh")


AGENCY_AUDIENCES = (Audience.OFFICER, Audience.HEAD)


class Unit(TextChoices):
    """How the days of a rung are counted."""

    DAY = "day", _("ngày")
    WORKING_DAY = "working_day", _("ngày làm việc")


class MailKind(TextChoices):
    """One letter per person, province and day; its sections say what it is about."""

    DAILY = "daily", _("Thư hằng ngày")
    # A letter of a day to come that somebody has sent to himself.
    TRIAL = "trial", _("Thư gửi thử")


class MailState(TextChoices):
    """Where a delivery is, whatever the channel; only letters bounce."""

    PENDING = "pending", _("Chờ gửi")
    SENDING = "sending", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")
    # The server says that there is no such recipient: the address is to be mended.
    BOUNCED = "bounced", _("Sai địa chỉ")
    # Still waiting when a later morning came: what holds of it stands in the letter of that day.
    OVERTAKEN = "overtaken", _("Đã gộp")


OPEN = frozenset({MailState.PENDING, MailState.SENDING})
UNDELIVERED = frozenset({MailState.FAILED, MailState.BOUNCED})
# Of these the last word of a mail server is not known.
UNJUDGED = OPEN | {MailState.OVERTAKEN}


class NoticeTopic(TextChoices):
    """What a notice is about; the values stand in the address of the list."""

    OWN_WORK = "co-quan", _("Việc của cơ quan")
    OVERSIGHT = "theo-doi", _("Việc theo dõi")
