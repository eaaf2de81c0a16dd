"""A worker that is killed at random leaves no report stuck and no half file.

REPORT_KILLS=50 REPORT_PRINTING=real pytest tests/reports/test_faults.py kills a worker that really
prints, fifty times; without them it is a few times, and printing costs nothing.
"""

import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("REPORT_KILLS", "5"))
IS_REAL = os.environ.get("REPORT_PRINTING") == "real"
# Seconds within which a worker is killed; printing one report takes longer than the pretence.
LONGEST_LIFE = 4.0 if IS_REAL else 0.8
PATIENCE = 60 + KILLS * 20


@pytest.fixture
def portal(tmp_path):
    """Run a step of tests.reports.killing against a portal of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        **kept,
        "PORTAL_VAR": str(tmp_path / "var"),
        "DJANGO_SETTINGS_MODULE": "papi_portal.settings",
        "PYTHONUTF8": "1",
        "REPORT_PRINTING": "real" if IS_REAL else "",
        "LOG_LEVEL": "ERROR",
    }

    def start(*arguments):
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(*arguments):
        process = start(*arguments)
        output = process.communicate(timeout=PATIENCE)[0]
        assert process.returncode == 0
        return output

    run("manage.py", "migrate", "--noinput", "-v", "0")
    start.run = run
    return start


def test_a_worker_killed_at_random_leaves_each_report_done_or_failed_with_a_reason(portal):
    count = max(KILLS, 10)
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    portal.run("-m", "tests.reports.killing", "set_up", str(count))

    kills, deadline = 0, time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        worker = portal("-m", "tests.reports.killing", "work")
        assert worker.stdout.readline() == "ready\n"
        if kills < KILLS:
            time.sleep(chance.uniform(0, LONGEST_LIFE))
        else:
            worker.wait(timeout=PATIENCE)
        if worker.poll() is None:
            worker.kill()
            kills += 1
        worker.communicate()
        if worker.returncode == 0:
            break

    found = json.loads(portal.run("-m", "tests.reports.killing", "check"))
    assert found["faults"] == [], seed
    assert set(found["states"]) <= {"done", "failed"}, (found, seed)
    assert sum(found["states"].values()) == count
    assert found["states"]["done"] > 0
    # The run says something only if workers did die.
    assert kills >= min(KILLS, 5), (kills, seed)
    print(f"{kills} kills, {found['states']}, seed {seed}")  # noqa: T201
