"""Addresses of notices and of the letters that were sent."""

from django.urls import path

from plans.reminders import views

app_name = "reminders"

urlpatterns = [
    path("thong-bao/", views.notices, name="notices"),
    path("thong-bao/da-doc/", views.read_notices, name="read_notices"),
    path("thong-bao/<int:pk>/", views.open_notice, name="open_notice"),
    path("tinh-trang-gui/", views.health, name="health"),
    path("kenh-ngoai/them/", views.add_webhook, name="add_webhook"),
    path("kenh-ngoai/<int:pk>/", views.webhook, name="webhook"),
    path("kenh-ngoai/<int:pk>/gui-thu/", views.try_webhook, name="try_webhook"),
    path("kenh-ngoai/<int:pk>/doi-khoa/", views.renew_webhook_key, name="renew_webhook_key"),
    path("thu-da-gui/", views.mails, name="mails"),
    path("thu-da-gui/gui-lai/", views.send_all_again, name="send_all_again"),
    path("thu-da-gui/<int:pk>/", views.mail, name="mail"),
    path("thu-da-gui/<int:pk>/gui-lai/", views.send_again, name="send_again"),
]
