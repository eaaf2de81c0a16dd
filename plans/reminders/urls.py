"""Addresses of notices, letters and the rules of reminding."""

from django.urls import path

from plans.reminders.views import calendar, ladder, leave, letters, links, preview

app_name = "reminders"

urlpatterns = [
    path("thong-bao/", letters.notices, name="notices"),
    path("thong-bao/da-doc/", letters.read_notices, name="read_notices"),
    path("thong-bao/<int:pk>/", letters.open_notice, name="open_notice"),
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
