"""Addresses of indices."""

from django.urls import path

from indicators import views

app_name = "indicators"

urlpatterns = [path("chi-so/", views.indices, name="indices")]
