"""Addresses of notices, letters and the rules of reminding."""

from django.urls import path

from plans.reminders.views import letters, links

app_name = "reminders"

urlpatterns = [
    path("thong-bao/", letters.notices, name="notices"),
    path("thong-bao/da-doc/", letters.read_notices, name="read_notices"),
    path("thong-bao/<int:pk>/", letters.open_notice, name="open_notice"),
    path("thu-da-gui/", letters.mails, name="mails"),
    path("thu-da-gui/gui-lai/", letters.send_all_again, name="send_all_again"),
    path("thu-da-gui/<int:pk>/", letters.mail, name="mail"),
    path("thu-da-gui/<int:pk>/gui-lai/", letters.send_again, name="send_again"),
    # Without signing in
    path("cap-nhat-qua-thu/<str:token>/", links.update_by_link, name="update_by_link"),
    path(
        f"cap-nhat-qua-thu/<str:token>/{links.DONE}/",
        links.reported_by_link,
        name="reported_by_link",
    ),
    path("thoi-nhan-thu/<str:token>/", links.unsubscribe, name="unsubscribe"),
]
