"""The Celery app; jobs are found in each app's `jobs.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "papi_portal.settings")

app = Celery("papi_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
# Named and not imported: apps are not loaded yet.
app.steps["consumer"].add("plans.reminders.pulse:Pulse")
