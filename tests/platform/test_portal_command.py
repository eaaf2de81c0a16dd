"""`manage.py portal` with everything it starts."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 40


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    folder = tmp_path_factory.mktemp("portal")
    environment = {**kept, "PORTAL_VAR": str(folder / "var"), "PYTHONUTF8": "1"}
    # No page is asked for, so no files are collected: compressing them takes longest of all.
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--noinput", "-v", "0"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    return environment


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(environment, port: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "manage.py", "portal", "--port", str(port), "--workers", "1"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            assert time.monotonic() < deadline, "the web server did not get ready"
            time.sleep(0.2)


def wait_until(check) -> None:
    deadline = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def alive(environment) -> set[str]:
    """Who has left a sign of life: each worker by itself, though no job was done."""
    with closing(sqlite3.connect(Path(environment["PORTAL_VAR"]) / "portal.sqlite3")) as database:
        rows = database.execute("SELECT name FROM reminders_heartbeat").fetchall()
    return {name.partition("@")[0] for (name,) in rows}


def test_the_portal_starts_serves_and_stops_without_leaving_anything_behind(environment):
    port = free_port()
    process = start(environment, port)
    try:
        wait_until_ready(port)
        second = start(environment, free_port())
        assert "đang chạy" in second.communicate(timeout=PATIENCE)[0]
        assert second.returncode == 1
        wait_until(lambda: {"beat", "worker celery", "worker heavy"} <= alive(environment))
    finally:
        process.send_signal(signal.SIGTERM)
        output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}" in output
    assert "Traceback" not in output
    # Workers that were told to stop are not missed.
    assert not {"worker celery", "worker heavy"} & alive(environment)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_named_with_a_way_out(environment):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = start(environment, port)
        output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 1
    assert f"127.0.0.1:{port}" in output
    assert f"PORT={port + 1} bin/run" in output
