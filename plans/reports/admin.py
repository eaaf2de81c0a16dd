"""Reports in the administration: to look at; a report is never edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin

from plans.reports.models import Report, Snapshot

if TYPE_CHECKING:
    from django.http import HttpRequest


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("id", "plan", "as_of", "state", "requested_by", "requested_at")
    list_filter = ("state",)
    list_select_related = ("plan", "requested_by")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("id", "plan", "as_of", "sha256", "made_at")
    list_select_related = ("plan",)
