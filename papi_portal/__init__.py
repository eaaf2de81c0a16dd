"""The project: settings, addresses, jobs, health. Importing it makes its Celery app current."""

from papi_portal.celery import app as celery_app

__all__ = ["celery_app"]
