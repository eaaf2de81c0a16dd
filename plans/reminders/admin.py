"""Letters and planned days in the site of the administrator: to read, not to change."""

from __future__ import annotations

from django.contrib import admin

from agencies.admin import ReadOnlyAdmin
from plans.reminders.models import Mail, PlannedDay


@admin.register(Mail)
class MailAdmin(ReadOnlyAdmin):
    # What a letter says stands on its page in the portal, without the links that only its reader
    # may use.
    exclude = ("text", "html", "headers")
    list_display = ("to_email", "subject", "for_date", "state", "attempt", "sent_at")
    list_filter = ("state", "for_date")
    search_fields = ("search_text",)


@admin.register(PlannedDay)
class PlannedDayAdmin(ReadOnlyAdmin):
    list_display = ("for_date", "reminder_count", "mail_count", "finished_at")
