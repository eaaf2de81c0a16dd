"""The commands of docker-compose.yml, run for real against PostgreSQL and Redis, without Docker."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DATABASE = "papi_services"
PATIENCE = 60

needs_servers = pytest.mark.skipif(
    not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")),
    reason="needs DATABASE_URL and REDIS_URL",
)


@pytest.fixture(scope="module")
def environment(tmp_path_factory) -> Iterator[dict[str, str]]:
    """What a container of ours gets, over a database of its own."""
    server = urlsplit(os.environ["DATABASE_URL"])
    folder = tmp_path_factory.mktemp("services")
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
        yield {
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "PORTAL_VAR": str(folder),
            "BEAT_SCHEDULE": str(folder / "beat-schedule"),
            "SECRET_KEY": "only-for-tests-" * 5,
            "ALLOWED_HOSTS": "papi.example.gov.vn",
            "DATABASE_URL": urlunsplit(server._replace(path=f"/{DATABASE}")),
            "REDIS_URL": urlunsplit(urlsplit(os.environ["REDIS_URL"])._replace(path="/7")),
        }
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


@pytest.fixture(scope="module")
def migrated(environment) -> dict[str, str]:
    """The service that the others wait for."""
    result = subprocess.run(
        COMPOSE["services"]["migrate"]["command"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return environment


@contextmanager
def running(service: str, environment: dict[str, str], **replaced: str) -> Iterator[Path]:
    """Run the command of a service; it must end by SIGTERM alone. Yields the file of its lines."""
    command = [replaced.get(word, word) for word in COMPOSE["services"][service]["command"]]
    log = Path(environment["PORTAL_VAR"]) / f"{service}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield log
        assert process.poll() is None, log.read_text()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE) == 0, log.read_text()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert "Traceback" not in log.read_text()


def wait_until(check: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)


def answer(port: int, path: str) -> tuple[int, str] | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()
    except OSError:
        return None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.services
@needs_servers
def test_migrate_can_run_again(migrated):
    command = COMPOSE["services"]["migrate"]["command"]
    subprocess.run(command, cwd=ROOT, env=migrated, check=True, capture_output=True, timeout=300)


@pytest.mark.services
@needs_servers
def test_web_gets_ready_and_ends_by_sigterm(migrated):
    port = free_port()
    with running("web", migrated, **{"8000": str(port), "0.0.0.0": "127.0.0.1"}) as log:
        wait_until(lambda: answer(port, "/livez") == (200, "ok"), log)
        status, body = answer(port, "/readyz")
        assert (status, json.loads(body)) == (200, {"ready": True, "failed": []})


@pytest.mark.services
@needs_servers
@pytest.mark.parametrize(
    ("lost", "failed"),
    [
        ({"DATABASE_URL": "postgres://papi:x@127.0.0.1:1/papi"}, ["database", "migrations"]),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, ["broker"]),
    ],
)
def test_web_is_alive_but_not_ready_without_what_it_needs(migrated, lost, failed):
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port)]
    log = Path(migrated["PORTAL_VAR"]) / "lost.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*command, "papi_portal.wsgi:application"],
            cwd=ROOT,
            env={**migrated, **lost},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until(lambda: answer(port, "/livez") == (200, "ok"), log)
        status, body = answer(port, "/readyz")
        assert (status, json.loads(body)) == (503, {"ready": False, "failed": failed})
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


@pytest.mark.services
@needs_servers
def test_worker_answers_its_own_health_check_and_ends_by_sigterm(migrated):
    kind, question = COMPOSE["services"]["worker"]["healthcheck"]["test"]
    assert kind == "CMD-SHELL"
    question = question.replace("$$", "$")  # as compose reads it

    def is_healthy() -> bool:
        asked = subprocess.run(
            question, shell=True, cwd=ROOT, env=migrated, capture_output=True, timeout=PATIENCE
        )
        return asked.returncode == 0

    with running("worker", migrated) as log:
        wait_until(is_healthy, log)


@pytest.mark.services
@needs_servers
def test_beat_writes_its_schedule_down_and_ends_by_sigterm(migrated):
    with running("beat", migrated) as log:
        folder = Path(migrated["PORTAL_VAR"])
        wait_until(lambda: bool(list(folder.glob("beat-schedule*"))), log)


def test_every_service_of_ours_runs_the_image_of_the_project_as_nobody_special():
    ours = {name: service for name, service in COMPOSE["services"].items() if "build" in service}
    assert set(ours) == {"migrate", "web", "worker", "heavy", "beat"}
    for service in ours.values():
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert "user" not in service  # the image's own: not root
    assert "USER 10001:10001" in (ROOT / "Dockerfile").read_text()


def test_only_the_proxy_is_open_to_the_network():
    services = COMPOSE["services"]
    assert [name for name, service in services.items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"]
    assert services["db"]["networks"] == services["redis"]["networks"] == ["inside"]
