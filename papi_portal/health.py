"""Answers to load balancers: alive, and ready for people."""

import logging
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from papi_portal.celery import app

logger = logging.getLogger(__name__)


class NotReadyError(Exception):
    """Something the portal needs answers, but not as it should."""


@login_not_required
@never_cache
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Name what fails and no more: strangers can ask. The reason is in the log."""
    failed = [name for name, check in CHECKS.items() if not _passes(name, check)]
    return JsonResponse({"ready": not failed, "failed": failed}, status=503 if failed else 200)


def _passes(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:  # noqa: BLE001 - whatever a driver raises means "not ready"
        logger.warning("not ready: %s", name, exc_info=True)
        return False
    return True


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_migrations() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise NotReadyError("migrations are missing")


def check_broker() -> None:
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"])
        if not folder.is_dir():
            raise NotReadyError(f"no folder {folder}")
        return
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=3)


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "migrations": check_migrations,
    "broker": check_broker,
}
