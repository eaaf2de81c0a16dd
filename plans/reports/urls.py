"""Addresses of reports."""

from django.urls import path

from plans.reports.views import lists, report, schedules, texts, verification

app_name = "reports"

urlpatterns = [
    path("bao-cao/", lists.reports, name="reports"),
    path("bao-cao/lap/", lists.new_report, name="new_report"),
    path("bao-cao/<int:pk>/", report.report, name="report"),
    path("bao-cao/<int:pk>/lap-lai/", report.make_again, name="make_again"),
    path("bao-cao/<int:pk>/dung/", report.cancel, name="cancel"),
    path("bao-cao/<int:pk>/bo/", report.discard, name="discard"),
    path("bao-cao/<int:pk>/loi-van/", texts.texts, name="texts"),
    path("bao-cao/<int:pk>/phat-hanh/", report.issue, name="issue"),
    path("bao-cao/<int:pk>/thay-the/", report.correct, name="correct"),
    path("bao-cao/tep/<int:pk>/", report.download, name="download"),
    path("ke-hoach/<int:plan_pk>/bao-cao/", lists.plan_reports, name="plan_reports"),
    path("ke-hoach/<int:plan_pk>/bao-cao/lich/", schedules.schedules, name="schedules"),
    path("xac-minh/", verification.verify, name="verify"),
    path("xac-minh/<str:code>/", verification.verification, name="verification"),
]
