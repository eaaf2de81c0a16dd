"""What the settings make of the environment."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "papi.example.gov.vn",
    "SECRET_KEY": "k3y-" * 20,
}


def read_settings(expression: str, var: Path, **environment: str) -> subprocess.CompletedProcess:
    """Print an expression over the settings of a fresh process that has only this environment."""
    code = f"from papi_portal import settings as s; print(({expression}))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "PORTAL_VAR": str(var), **environment},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_refuses_to_start_without_what_it_needs_and_says_what(tmp_path, missing):
    environment = {name: value for name, value in PRODUCTION.items() if name != missing}
    result = read_settings("s.DEBUG", tmp_path, **environment)
    assert result.returncode != 0
    assert f"Thiếu biến môi trường {missing}" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_production_is_https_without_debug_on_postgresql_and_redis(tmp_path):
    result = read_settings(
        "s.DEBUG, s.HTTPS, s.DATABASES['default']['ENGINE'], s.CELERY_BROKER_URL, s.PORTAL_URL",
        tmp_path,
        **PRODUCTION,
    )
    assert result.stdout.strip() == str(
        (
            False,
            True,
            "django.db.backends.postgresql",
            PRODUCTION["REDIS_URL"],
            "https://papi.example.gov.vn",
        )
    )


def test_a_request_may_bring_the_largest_evidence_and_the_words_beside_it(tmp_path):
    largest = 80 * 2**20
    limit = read_settings("s.MAX_BODY_BYTES", tmp_path, EVIDENCE_MAX_BYTES=str(largest)).stdout
    assert int(limit) > largest
    assert int(read_settings("s.MAX_BODY_BYTES", tmp_path).stdout) == 60 * 2**20


def test_values_in_redis_are_kept_as_data(tmp_path):
    result = read_settings("s.CACHES['default']['OPTIONS']['serializer']", tmp_path, **PRODUCTION)
    assert result.stdout.strip() == "papi_portal.caching.JsonSerializer"


def test_a_lock_is_awaited_five_seconds_on_postgresql(tmp_path):
    result = read_settings("s.DATABASES['default']['OPTIONS']", tmp_path, **PRODUCTION)
    assert "lock_timeout=5s" in result.stdout


def test_a_wrong_value_stops_the_start(tmp_path):
    result = read_settings("s.PORT", tmp_path, PORT="tám nghìn")
    assert result.returncode != 0
    assert "PORT" in result.stderr


def test_the_embedded_portal_makes_its_secret_once_for_its_owner_alone(tmp_path):
    first = read_settings("s.SECRET_KEY", tmp_path)
    second = read_settings("s.SECRET_KEY", tmp_path)
    assert first.stdout == second.stdout
    assert len(first.stdout.strip()) > 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_what_an_embedded_portal_keeps_is_closed_to_other_accounts(tmp_path):
    read_settings("s.SECRET_KEY", tmp_path / "var")
    assert stat.S_IMODE((tmp_path / "var").stat().st_mode) == 0o700


def test_processes_that_start_together_agree_on_the_secret(tmp_path):
    code = "from papi_portal import settings; print(settings.SECRET_KEY)"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "PORTAL_VAR": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    assert len({process.communicate()[0] for process in started}) == 1


def test_mail_goes_to_files_until_a_server_is_named(tmp_path):
    expression = "s.EMAIL_BACKEND, getattr(s, 'EMAIL_HOST', ''), getattr(s, 'EMAIL_USE_TLS', '')"
    embedded = read_settings(expression, tmp_path)
    assert "FileBackend" in embedded.stdout
    smtp = read_settings(expression, tmp_path, EMAIL_URL="smtp+tls://a:b@mail.example.vn:587")
    assert "plans.reminders.patience.Backend" in smtp.stdout
    assert "mail.example.vn" in smtp.stdout


def test_collected_files_can_be_served_by_another_account(tmp_path):
    static = tmp_path / "static"
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PORTAL_VAR": str(tmp_path / "var"),
            "STATIC_ROOT": str(static),
        },
        check=True,
    )
    closed = [path for path in static.rglob("*") if not path.stat().st_mode & stat.S_IROTH]
    assert (static / "staticfiles.json").exists()
    assert closed == []


def test_whoever_installs_the_portal_reads_of_every_setting():
    source = (ROOT / "papi_portal" / "settings.py").read_text()
    named = set(re.findall(r'env\.\w+\(\s*"(\w+)"', source))
    internal = {"PORTAL_VAR", "STATIC_ROOT", "BEAT_SCHEDULE", "DEBUG"}
    operations = (ROOT / "docs" / "operations.md").read_text()
    assert {name for name in named if name not in operations} == internal
    example = set(re.findall(r"^#?([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.M))
    read_by_others = {"SITE", "POSTGRES_PASSWORD", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
    assert example - named == read_by_others
    assert named - example == internal | {"PORT", "PORTAL_HTTPS"}
