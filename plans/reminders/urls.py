"""Addresses of notices, calendars and the letters that were sent."""

from django.urls import path

from plans.reminders.views import feeds, letters, notices

app_name = "reminders"

urlpatterns = [
    path("thong-bao/", notices.notices, name="notices"),
    path("thong-bao/da-doc/", notices.read_notices, name="read_notices"),
    path("thong-bao/<int:pk>/", notices.open_notice, name="open_notice"),
    path("thong-bao/<int:pk>/chua-doc/", notices.mark_unread, name="mark_unread"),
    path("nhan-nhac-viec/", feeds.preferences, name="preferences"),
    path("nhan-nhac-viec/lich/", feeds.renew_feed, name="renew_feed"),
    path("nhan-nhac-viec/lich/<int:pk>/thu-hoi/", feeds.revoke_feed, name="revoke_feed"),
    path("lich/<str:token>.ics", feeds.feed, name="feed"),
    path("thu-da-gui/", letters.mails, name="mails"),
    path("thu-da-gui/gui-lai/", letters.send_all_again, name="send_all_again"),
    path("thu-da-gui/<int:pk>/", letters.mail, name="mail"),
    path("thu-da-gui/<int:pk>/gui-lai/", letters.send_again, name="send_again"),
]
