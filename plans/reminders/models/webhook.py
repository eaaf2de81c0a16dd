"""Gateways outside and what each of them was told."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models import Province
from plans.reminders.models.letters import Delivery, Mail
from plans.reminders.querysets import WebhookQuerySet


class Webhook(models.Model):
    """A gateway outside (Zalo, SMS) that is told of each letter; see channels.webhook."""

    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    name = models.CharField(_("tên"), max_length=100)
    url = models.URLField(_("địa chỉ nhận"), max_length=500)
    # What the signing secret is made from; another one makes another secret.
    key = models.UUIDField(default=uuid4, editable=False)
    is_active = models.BooleanField(_("đang dùng"), default=True)
    # Letters written before this moment are not told.
    active_from = models.DateTimeField()

    objects = WebhookQuerySet.as_manager()

    class Meta:
        verbose_name = _("kênh ngoài")
        verbose_name_plural = _("kênh ngoài")
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["province", "name"], name="reminders_webhook_name")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reminders:webhook", args=[self.pk])


class WebhookCall(Delivery):
    """The word of one letter to one gateway."""

    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="calls")
    mail = models.ForeignKey(Mail, models.PROTECT, related_name="calls")

    class Meta(Delivery.Meta):
        abstract = False
        verbose_name = _("lượt gọi kênh ngoài")
        verbose_name_plural = _("lượt gọi kênh ngoài")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["webhook", "mail"], name="reminders_webhookcall_unique"
            ),
            *Delivery.Meta.constraints,
        ]

    def __str__(self) -> str:
        return f"{self.webhook_id}: {self.mail_id}"
