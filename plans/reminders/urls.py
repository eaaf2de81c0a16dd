"""Addresses of notices, calendars, letters and the rules of reminding."""

from django.urls import path

from plans.reminders.views import (
    calendar,
    feeds,
    health,
    ladder,
    leave,
    letters,
    links,
    notices,
    preview,
    webhooks,
)

app_name = "reminders"

urlpatterns = [
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-doc/", notices.read_notices, name="read_notices"),
    path("thong-bao/<int:pk>/", notices.open_notice, name="open_notice"),
    path("thong-bao/<int:pk>/chua-doc/", notices.mark_unread, name="mark_unread"),
    path("nhan-nhac-viec/", feeds.preferences, name="preferences"),
    path("nhan-nhac-viec/thu/", feeds.choose_mail, name="choose_mail"),
    path("nhan-nhac-viec/lich/", feeds.renew_feed, name="renew_feed"),
    path("nhan-nhac-viec/lich/<int:pk>/thu-hoi/", feeds.revoke_feed, name="revoke_feed"),
    path("lich/<str:token>.ics", feeds.feed, name="feed"),
    path("tinh-trang-gui/", health.health, name="health"),
    path("kenh-ngoai/them/", webhooks.add_webhook, name="add_webhook"),
    path("kenh-ngoai/<int:pk>/", webhooks.webhook, name="webhook"),
    path("kenh-ngoai/<int:pk>/gui-thu/", webhooks.try_webhook, name="try_webhook"),
    path("kenh-ngoai/<int:pk>/doi-khoa/", webhooks.renew_webhook_key, name="renew_webhook_key"),
    path("thu-da-gui/", letters.mails, name="mails"),
    path("thu-da-gui/gui-lai/", letters.send_all_again, name="send_all_again"),
    path("thu-da-gui/<int:pk>/", letters.mail, name="mail"),
    path("thu-da-gui/<int:pk>/gui-lai/", letters.send_again, name="send_again"),
    # When who is reminded
    path("nhac-viec/", preview.preview, name="preview"),
    path("nhac-viec/<int:pk>/gui-thu/", preview.send_trial, name="send_trial"),
    path("nhac-viec/<int:pk>/bac-nhac/", ladder.province_ladder, name="ladder"),
    path("ke-hoach/<int:pk>/bac-nhac/", ladder.plan_ladder, name="plan_ladder"),
    path("nhac-viec/<int:pk>/ngay-nghi/", calendar.calendar, name="calendar"),
    path("ngay-nghi/<int:pk>/bo/", calendar.drop_decision, name="drop_decision"),
    path("vang-mat/", leave.leaves, name="leaves"),
    path("vang-mat/<int:pk>/ket-thuc/", leave.end_leave, name="end_leave"),
    # Without signing in
    path("cap-nhat-qua-thu/<str:token>/", links.update_by_link, name="update_by_link"),
    path(
        f"cap-nhat-qua-thu/<str:token>/{links.DONE}/",
        links.reported_by_link,
        name="reported_by_link",
    ),
    path("thoi-nhan-thu/<str:token>/", links.unsubscribe, name="unsubscribe"),
]
