"""Addresses of agencies and of the people who work in them."""

from django.urls import path

from agencies.views import agencies, closed, people

app_name = "agencies"

# Pages of the accounts library that stay shut: an address names a person, so nobody takes another
# one by himself, and accounts are made by invitation. They stand before the library's own.
SHUT = ["signup/", "email/", "confirm-email/", "confirm-email/<str:key>/", "login/code/confirm/"]

urlpatterns = [
    *(path(f"tai-khoan/{page}", closed.not_here) for page in SHUT),
    path("co-quan/", agencies.agency_list, name="agencies"),
    path("co-quan/<int:pk>/", agencies.agency, name="agency"),
    path("co-quan/<int:pk>/sua/", agencies.edit_agency, name="edit_agency"),
    path("nguoi-dung/", people.people, name="people"),
    path("nguoi-dung/moi/", people.invite, name="invite"),
    path("nguoi-dung/<int:pk>/", people.person, name="person"),
    path("nguoi-dung/<int:pk>/khoa/", people.deactivate, name="deactivate"),
    path("nguoi-dung/<int:pk>/mo-khoa/", people.reactivate, name="reactivate"),
    path("nguoi-dung/<int:pk>/mat-khau/", people.reset_password, name="reset_password"),
    path("chuc-vu/<int:pk>/ket-thuc/", people.end_post, name="end_post"),
]
