"""Reports in the administration: to look at; a report is never edited."""

from __future__ import annotations

from django.contrib import admin

from agencies.admin import ReadOnlyAdmin
from plans.reports.models import Report, ReportSchedule, Snapshot


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ("id", "kind", "plan", "as_of", "stage", "state", "requested_by", "requested_at")
    list_filter = ("kind", "stage", "state")
    list_select_related = ("plan", "requested_by")


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ("id", "as_of", "sha256", "made_at")


@admin.register(ReportSchedule)
class ReportScheduleAdmin(ReadOnlyAdmin):
    list_display = ("id", "plan", "period_kind", "made_by", "asked_until")
    list_select_related = ("plan", "made_by")
