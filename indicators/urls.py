"""Addresses of indices and scores."""

from django.urls import path

from indicators.views import indices, scores

app_name = "indicators"

urlpatterns = [
    path("chi-so/", indices.indices, name="indices"),
    path("diem-so/", scores.scores, name="scores"),
    path("diem-so/<int:pk>/", scores.province, name="province"),
    path("diem-so/<int:pk>/bang-diem.xlsx", scores.download, name="download"),
]
