"""The fixed vocabularies of reminders and letters."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Why somebody is reminded of an assignment. Later kinds need no change of the tables."""

    DUE = "due", _("Sắp đến hạn")
    OVERDUE = "overdue", _("Quá hạn")
    # Bodies outside the order of the People's Committee are asked, before and after the date.
    REQUEST = "request", _("Đề nghị")


class MailKind(TextChoices):
    """One letter per person, province and day; its sections say what it is about."""

    DAILY = "daily", _("Thư hằng ngày")


class MailState(TextChoices):
    """Where a delivery is, whatever the channel; only letters bounce."""

    PENDING = "pending", _("Chờ gửi")
    SENDING = "sending", _("Đang gửi")
    SENT = "sent", _("Đã gửi")
    FAILED = "failed", _("Không gửi được")
    # The server says that there is no such recipient: the address is to be mended.
    BOUNCED = "bounced", _("Sai địa chỉ")


OPEN = frozenset({MailState.PENDING, MailState.SENDING})
UNDELIVERED = frozenset({MailState.FAILED, MailState.BOUNCED})
