"""Measures the portal as `bin/bench` does: on SQLite, and on PostgreSQL when asked.

python -m tests.bench [--postgres] [part…]
"""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from psycopg import sql

from tests import servers

ROOT = Path(__file__).resolve().parent.parent.parent
PARTS = (
    *("pages", "activation", "reminders", "reports", "weight", "reader"),
    *("sheets", "forecast", "grid", "scores"),
)
# It takes the machine for half an hour, so only when asked for by name; it starts what it needs.
FAULTS = "faults"
# What no database has a part in is measured once.
WITHOUT_DATABASE = ("reports", "weight", "reader", "forecast", "grid")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure the portal.")
    known = (*PARTS, FAULTS)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"of: {', '.join(known)}")
    parser.add_argument("--postgres", action="store_true", help="measure on PostgreSQL as well")
    asked = parser.parse_args(arguments)
    if unknown := set(asked.parts) - set(known):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    parts = [part for part in asked.parts or PARTS if part != FAULTS]

    signal.signal(signal.SIGTERM, leave)
    code = measure_faults(has_servers=asked.postgres) if FAULTS in asked.parts else 0
    if not parts:
        return code
    with ExitStack() as stack:
        folder = stack.enter_context(servers.scratch_folder())
        code = run(parts, {"PORTAL_VAR": str(folder / "var-sqlite")}, folder)
        parts = [part for part in parts if part not in WITHOUT_DATABASE]
        if parts and (asked.postgres or os.environ.get("DATABASE_URL")):
            url = stack.enter_context(postgres(folder))
            env = {"PORTAL_VAR": str(folder / "var-postgres"), "DATABASE_URL": url}
            code = run(parts, env, folder) or code
    return code


def leave(number: int, frame: FrameType | None) -> None:
    """Turn a signal into an exit that closes the servers on its way."""
    sys.exit(128 + number)


def measure_faults(*, has_servers: bool) -> int:
    """The embedded portal, then with `has_servers` the one over PostgreSQL and Redis."""
    command = [sys.executable, "-m", "tests.bench.faults"]
    codes = [subprocess.run(command, cwd=ROOT).returncode]
    if has_servers:
        codes.append(subprocess.run([*command, "--servers"], cwd=ROOT).returncode)
    return max(codes)


def run(parts: list[str], env: Mapping[str, str], folder: Path) -> int:
    """Measure `parts` in a process of its own, for a process has one database."""
    inherited = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "papi_portal.settings",
        "SECRET_KEY": "only-for-measuring-nothing-is-kept-under-it",
        "ALLOWED_HOSTS": "testserver,127.0.0.1",
        "PORTAL_HTTPS": "false",
        "STATIC_ROOT": str(folder / "static"),
        "LOG_LEVEL": "ERROR",
        "PYTHONUNBUFFERED": "1",
        **env,
    }
    command = [sys.executable, "-m", "tests.bench.leg", *parts]
    return subprocess.run(command, cwd=ROOT, env=environment).returncode


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """The address of an empty database: on the server of DATABASE_URL, else on one of our own."""
    given = os.environ.get("DATABASE_URL")
    if not given:
        with servers.postgres(folder) as (url, _origin):
            yield url
        return
    name = f"papi_bench_{uuid4().hex[:8]}"
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(given)._replace(path=f"/{name}").geturl()
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
