"""Addresses of reports."""

from django.urls import path

from plans.reports import views

app_name = "reports"

urlpatterns = [
    path("bao-cao/", views.reports, name="reports"),
    path("bao-cao/<int:pk>/", views.report, name="report"),
    path("bao-cao/<int:pk>/tai-ve/", views.download, name="download"),
    path("ke-hoach/<int:plan_pk>/bao-cao/", views.plan_reports, name="plan_reports"),
]
