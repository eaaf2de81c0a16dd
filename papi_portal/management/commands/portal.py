"""`manage.py portal`: the whole portal on one machine, web, worker and beat under one parent."""

import fcntl
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from papi_portal.supervisor import supervise


class Command(BaseCommand):
    help = "Chạy cả cổng trên một máy: web, worker và beat; dừng bằng Ctrl-C hoặc SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.PORT)
        parser.add_argument("--workers", type=int, choices=[1, 2], default=2)

    def handle(self, *, host: str, port: int, workers: int, **options: Any) -> None:
        with hold_lock(settings.VAR_DIR / "portal.lock"):
            require_free_port(host, port)
            refresh_statistics()
            supervise(
                commands(host, port, workers),
                env=environment(port),
                each_tick=announcer(host, port, self.stdout.write),
            )


def refresh_statistics() -> None:
    """Tell SQLite how many rows there are, without which it passes over the indexes of lists."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        connection.close()


def hold_lock(path: Path) -> IO[str]:
    """Keep a second portal off the same folder; the lock goes with the process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise CommandError("Cổng đang chạy với thư mục dữ liệu này rồi.") from None
    return lock


def require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"Không mở được cổng mạng {host}:{port} ({error.strerror}). "
                f"Hãy chọn cổng khác, ví dụ: PORT={port + 1} bin/run"
            ) from None


def commands(host: str, port: int, workers: int) -> dict[str, list[str]]:
    celery = [sys.executable, "-m", "celery", "--quiet", "--app", "papi_portal"]
    return {
        "web": [
            *(sys.executable, "-m", "granian", "papi_portal.wsgi:application"),
            *("--interface", "wsgi", "--host", host, "--port", str(port)),
            *("--workers", "1", "--blocking-threads", "4", "--respawn-failed-workers"),
            *("--workers-kill-timeout", "10", "--no-ws"),
        ],
        "worker": worker(celery, "celery", "celery,reports", workers),
        # One large report at a time; the small ones and the mail do not wait for it.
        "heavy": worker(celery, "heavy", "heavy", 1),
        "beat": [*celery, "beat", "--pidfile", "", "--loglevel", "WARNING"],
    }


def worker(celery: list[str], name: str, queues: str, processes: int) -> list[str]:
    return [
        *(*celery, "worker", "--pool", "prefork", "--concurrency", str(processes)),
        *("--queues", queues, "--hostname", f"{name}@%h"),
        *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        *("--loglevel", "INFO"),
    ]


def environment(port: int) -> dict[str, str]:
    """The file broker moves a message through the temporary folder: keep it on one disk."""
    temporary = settings.VAR_DIR / "tmp"
    temporary.mkdir(exist_ok=True)
    return {
        **os.environ,
        "PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(temporary),
    }


def announcer(host: str, port: int, write: Callable[[str], object]) -> Callable[[], None]:
    """Return what tells the address once, as soon as the web server answers."""
    is_open = False

    def announce() -> None:
        nonlocal is_open
        if is_open:
            return
        with socket.socket() as probe:
            probe.settimeout(0.2)
            is_open = probe.connect_ex((host, port)) == 0
        if is_open:
            write(f"\nCổng PAPI đang chạy tại http://{host}:{port}  (dừng: Ctrl-C)\n")

    return announce
