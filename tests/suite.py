"""The whole suite as `bin/test` runs it: on SQLite, then on PostgreSQL with Redis.

python -m tests.suite [what pytest takes]
"""

import os
import re
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
NOTHING_COLLECTED = 5


@dataclass(frozen=True)
class Leg:
    """One run of pytest."""

    name: str
    env: Mapping[str, str]
    marks: str
    processes: int


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)
    gaps: list[str] = []
    results: dict[str, tuple[int, str]] = {}
    with ExitStack() as stack:
        folder = stack.enter_context(servers.scratch_folder())
        browser = servers.chromium()
        if browser is None:
            gaps.append("browser tests: no Chromium (Debian: apt-get install chromium)")
        for leg in legs(stack, folder, has_browser=browser is not None, gaps=gaps):
            results[leg.name] = run(leg, arguments, folder)
    return report(results, gaps)


def leave(number: int, frame: FrameType | None) -> None:
    """Turn a signal into an exit that closes the servers on its way."""
    sys.exit(128 + number)


def legs(stack: ExitStack, folder: Path, *, has_browser: bool, gaps: list[str]) -> list[Leg]:
    embedded = {"PORTAL_VAR": str(folder / "var-sqlite")}
    found = [Leg("SQLite", embedded, "not browser and not services", processes=2)]
    if has_browser:
        in_a_file = {**embedded, "TEST_DATABASE": str(folder / "browser.sqlite3")}
        found.append(Leg("SQLite, browser", in_a_file, "browser", processes=1))
    try:
        database, database_origin = stack.enter_context(servers.postgres(folder))
        broker, broker_origin = stack.enter_context(servers.redis(folder))
    except servers.ServerError as error:
        gaps.append(f"PostgreSQL and Redis: {error}")
        return found
    say(f"servers: {database_origin}; {broker_origin}")
    real = {
        "PORTAL_VAR": str(folder / "var-postgres"),
        "DATABASE_URL": database,
        "REDIS_URL": broker,
    }
    marks = "not browser and not services and not embedded"
    found.append(Leg("PostgreSQL+Redis", real, marks, processes=2))
    found.append(Leg("PostgreSQL+Redis, services", real, "services", processes=1))
    if has_browser:
        found.append(Leg("PostgreSQL+Redis, browser", real, "browser", processes=1))
    return found


def run(leg: Leg, arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run one leg; return pytest's exit code and its count in words."""
    result_file = folder / f"{re.sub(r'[^a-z]+', '-', leg.name.lower())}.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["-m", leg.marks, f"--junit-xml={result_file}"]
    if leg.processes > 1:
        command += ["-n", str(leg.processes), "--dist", "worksteal"]
    say(f"{leg.name}: pytest {' '.join([*command[6:], *arguments])}")
    environment = {**os.environ, **leg.env, "PYTHONUNBUFFERED": "1"}
    code = subprocess.run([*command, *arguments], cwd=ROOT, env=environment).returncode
    return (0 if code == NOTHING_COLLECTED else code), counted(result_file)


def counted(result_file: Path) -> str:
    if not result_file.exists():
        return "did not run"
    suite = ElementTree.parse(result_file).getroot().find("testsuite")
    assert suite is not None
    total, failures, errors, skipped = (
        int(suite.get(name, "0")) for name in ("tests", "failures", "errors", "skipped")
    )
    words = [f"{total - failures - errors - skipped} passed"]
    words += [f"{failures + errors} failed"] if failures + errors else []
    words += [f"{skipped} skipped"] if skipped else []
    return ", ".join(words)


def report(results: Mapping[str, tuple[int, str]], gaps: list[str]) -> int:
    for gap in gaps:
        say(f"NOT RUN: {gap}", mark="!")
    say("; ".join(f"{name}: {count}" for name, (_code, count) in results.items()))
    return 1 if any(code for code, _count in results.values()) else 0


def say(text: str, mark: str = "=") -> None:
    sys.stdout.write(f"{mark * 3} {text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
