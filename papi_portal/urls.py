"""All addresses of the portal: each app brings its own, in Vietnamese without marks."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from papi_portal import health

# One door: with its limits of attempts and its second step, also for the tables' site.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("agencies.urls")),
    path("", include("plans.urls")),
    path("", include("indicators.urls")),
    path("", include("plans.reminders.urls")),
    path("", include("plans.reports.urls")),
    path("tai-khoan/", include("allauth.urls")),
    path("quan-tri/", admin.site.urls),
]

handler400 = "papi_portal.errors.bad_request"
handler403 = "papi_portal.errors.forbidden"
handler404 = "papi_portal.errors.not_found"
handler500 = "papi_portal.errors.server_error"
