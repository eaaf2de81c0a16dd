"""Who was reminded of what, the outbox of letters, and notices inside the portal."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.fields import FoldedField
from agencies.models import Province
from plans.models import Assignment
from plans.reminders.querysets import DeliveryQuerySet, MailQuerySet, NoticeQuerySet
from plans.reminders.states import UNDELIVERED, Kind, MailKind, MailState, Unit

# A list, for a constraint is written into a migration and must come out in one order.
UNDELIVERED_VALUES = sorted(str(state) for state in UNDELIVERED)


class PlannedDay(models.Model):
    """A day for which reminders are planned: by one planner at a time, and once.

    `attempt` fences: a planner that lost its lease can no longer write.
    """

    for_date = models.DateField(_("ngày"), unique=True)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)
    reminder_count = models.PositiveIntegerField(_("số lượt nhắc"), default=0)
    mail_count = models.PositiveIntegerField(_("số thư"), default=0)

    class Meta:
        verbose_name = _("ngày nhắc việc")
        verbose_name_plural = _("ngày nhắc việc")
        ordering: ClassVar = ["-for_date"]

    def __str__(self) -> str:
        return f"{self.for_date:%d/%m/%Y}"


class LastMorning(models.Model):
    """The last day that was planned for a province, and what it was planned from.

    The next planning looks at what has come since; where the rules or those who hear of work have
    changed, at everything. `hearers` are lists [audience, agency or province, person].
    """

    province = models.OneToOneField(Province, models.PROTECT, related_name="+")
    day = models.DateField(_("ngày"))
    rules = models.CharField(max_length=64)
    hearers = models.JSONField(default=list)

    class Meta:
        verbose_name = _("buổi sáng gần nhất")
        verbose_name_plural = _("buổi sáng gần nhất")

    def __str__(self) -> str:
        return f"{self.province_id}: {self.day:%d/%m/%Y}"


class Delivery(models.Model):
    """A row that a channel hands over: by whoever holds its lease, as often as it takes.

    `attempt` fences and never goes back: a sender that lost its lease can no longer write.
    `tries` counts failed tries since the row was queued, `lost_count` senders that never came back.
    """

    state = models.CharField(
        _("tình trạng"), max_length=10, choices=MailState, default=MailState.PENDING
    )
    attempt = models.PositiveIntegerField(_("số lần thử"), default=0)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    lost_count = models.PositiveSmallIntegerField(default=0, editable=False)
    # Its lease has ended once; if it ends again, the sender is gone. See outbox.doubt.
    is_doubted = models.BooleanField(default=False, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_try_at = models.DateTimeField(_("gửi từ lúc"))
    # When it was queued: put back into the queue, it is counted anew.
    created_at = models.DateTimeField(_("viết lúc"))
    sent_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    error = models.CharField(_("lỗi"), max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=MailState.values), name="%(app_label)s_%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENDING, lease_until__isnull=False)
                | (~Q(state=MailState.SENDING) & Q(lease_until__isnull=True)),
                name="%(app_label)s_%(class)s_sending_is_leased",
            ),
            models.CheckConstraint(
                condition=Q(state=MailState.SENT, sent_at__isnull=False)
                | (~Q(state=MailState.SENT) & Q(sent_at__isnull=True)),
                name="%(app_label)s_%(class)s_sent_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=UNDELIVERED_VALUES) | ~Q(error=""),
                name="%(app_label)s_%(class)s_failure_has_reason",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_try_at", "id"],
                condition=Q(state=MailState.PENDING),
                name="%(app_label)s_%(class)s_pending",
            ),
            models.Index(
                fields=["lease_until"],
                condition=Q(state=MailState.SENDING),
                name="%(app_label)s_%(class)s_sending",
            ),
        ]

    @property
    def is_failed(self) -> bool:
        return self.state in UNDELIVERED


class Mail(Delivery):
    """A letter to one person: written once, sent by whoever holds its lease.

    The state `sending` is committed before the mail server is called, so a letter whose sender
    died is tried again with the same Message-ID: never lost, and a copy can be recognised.
    """

    # Whose administrators may read it.
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("người nhận")
    )
    # Name and address as they were when the letter was written.
    to_name = models.CharField(_("tên người nhận"), max_length=100)
    to_email = models.EmailField(_("địa chỉ"))
    kind = models.CharField(_("loại"), max_length=20, choices=MailKind, default=MailKind.DAILY)
    for_date = models.DateField(_("cho ngày"))
    # The morning before: what has come since stands in the letter. None for the first one.
    since = models.DateField(null=True, blank=True, editable=False)
    subject = models.CharField(_("tiêu đề"), max_length=200)
    text = models.TextField(_("nội dung"))
    html = models.TextField(_("nội dung HTML"), blank=True)
    # Header lines besides those of every letter, such as List-Unsubscribe.
    headers = models.JSONField(default=dict, blank=True)
    message_id = models.CharField("Message-ID", max_length=150, unique=True)
    search_text = FoldedField(sources=("to_name", "to_email"))

    objects = MailQuerySet.as_manager()  # type: ignore[misc]  # letters have reads of their own

    class Meta(Delivery.Meta):
        abstract = False
        verbose_name = _("thư")
        verbose_name_plural = _("thư")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["recipient", "province", "for_date", "kind"], name="reminders_mail_unique"
            ),
            *Delivery.Meta.constraints,
        ]
        indexes: ClassVar = [
            *Delivery.Meta.indexes,
            models.Index(fields=["province", "-id"], name="reminders_mail_of_province"),
            models.Index(fields=["for_date"], name="reminders_mail_day"),
        ]

    def __str__(self) -> str:
        return f"{self.to_email}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("reminders:mail", args=[self.pk])


class Reminder(models.Model):
    """The decision to remind one person of one assignment at one rung; its key makes it unique.

    `due_on` is the day that `step` counts from, in `unit`: a moved deadline makes new rungs. For
    kinds that do not count from the due date it is the day of the report, request or return.
    """

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(_("loại"), max_length=20, choices=Kind)
    step = models.IntegerField(_("bậc, ngày so với mốc"))
    unit = models.CharField(_("đếm theo"), max_length=12, choices=Unit, default=Unit.DAY)
    due_on = models.DateField(_("hạn hoặc mốc"))
    for_date = models.DateField(_("nhắc ngày"))
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, blank=True, related_name="reminders")
    created_at = models.DateTimeField(_("tạo lúc"))

    KEY = ("assignment_id", "recipient_id", "kind", "due_on", "step", "unit")

    class Meta:
        verbose_name = _("lượt nhắc")
        verbose_name_plural = _("lượt nhắc")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assignment", "recipient", "kind", "due_on", "step", "unit"],
                name="reminders_reminder_unique",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["for_date"], name="reminders_reminder_day")]

    def __str__(self) -> str:
        return f"{self.assignment_id} → {self.recipient_id}: {self.kind} {self.step}"


class Notice(models.Model):
    """A line in the portal for one person."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    mail = models.ForeignKey(Mail, models.PROTECT, null=True, blank=True, related_name="notices")
    text = models.CharField(_("nội dung"), max_length=300)
    # A path inside the portal.
    url = models.CharField(_("dẫn đến"), max_length=300)
    created_at = models.DateTimeField(_("lúc"))
    read_at = models.DateTimeField(_("đọc lúc"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"),
                name="reminders_notice_stays_inside",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["recipient", "-id"], name="reminders_notice_newest"),
            models.Index(
                fields=["recipient"],
                condition=Q(read_at__isnull=True),
                name="reminders_notice_unread",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("reminders:open_notice", args=[self.pk])

    @property
    def day(self) -> date:
        return timezone.localdate(self.created_at)

    @property
    def is_about_own_work(self) -> bool:
        """Whether it leads to the work of the person's agencies, not to what is overseen."""
        return self.url.startswith(reverse("plans:my_work"))
