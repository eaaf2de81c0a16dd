"""Addresses of notices and of the letters that were sent."""

from django.urls import path

from plans.reminders.views import health, letters, webhooks

app_name = "reminders"

urlpatterns = [
    path("thong-bao/", letters.notices, name="notices"),
    path("thong-bao/da-doc/", letters.read_notices, name="read_notices"),
    path("thong-bao/<int:pk>/", letters.open_notice, name="open_notice"),
    path("tinh-trang-gui/", health.health, name="health"),
    path("kenh-ngoai/them/", webhooks.add_webhook, name="add_webhook"),
    path("kenh-ngoai/<int:pk>/", webhooks.webhook, name="webhook"),
    path("kenh-ngoai/<int:pk>/gui-thu/", webhooks.try_webhook, name="try_webhook"),
    path("kenh-ngoai/<int:pk>/doi-khoa/", webhooks.renew_webhook_key, name="renew_webhook_key"),
    path("thu-da-gui/", letters.mails, name="mails"),
    path("thu-da-gui/gui-lai/", letters.send_all_again, name="send_all_again"),
    path("thu-da-gui/<int:pk>/", letters.mail, name="mail"),
    path("thu-da-gui/<int:pk>/gui-lai/", letters.send_again, name="send_again"),
]
