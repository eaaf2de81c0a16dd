"""Configuration of the app that reminds people of deadlines."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RemindersConfig(AppConfig):
    name = "plans.reminders"
    label = "reminders"
    verbose_name = _("Nhắc việc")
