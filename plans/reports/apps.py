"""Configuration of the app that freezes and prints progress reports."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "plans.reports"
    label = "reports"
    verbose_name = _("Báo cáo")

    def ready(self) -> None:
        from plans.reports import checks  # noqa: F401 - registers them
