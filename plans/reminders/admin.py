"""Letters and planned days in the site of the administrator: to read, not to change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin

from plans.reminders.models import Mail, PlannedDay

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    list_display = ("to_email", "subject", "for_date", "state", "attempt", "sent_at")
    list_filter = ("state", "for_date")
    search_fields = ("search_text",)


@admin.register(PlannedDay)
class PlannedDayAdmin(ReadOnlyAdmin):
    list_display = ("for_date", "reminder_count", "mail_count", "finished_at")
