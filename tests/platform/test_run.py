"""What `bin/run` decides, with a Python that writes down which commands it would have run."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.embedded

ROOT = Path(__file__).resolve().parents[2]
RECORDER = """#!/bin/sh
if [ "$1" != manage.py ]; then
    exec "{python}" "$@"
fi
shift
echo "$1" >>calls
if [ "$1" = migrate ]; then
    mkdir -p var && : >>var/portal.sqlite3
fi
"""


@pytest.fixture
def project(tmp_path) -> Path:
    """A folder in which everything is installed; its name is one an office would choose."""
    folder = tmp_path / "Sở Nội vụ (thử)"
    (folder / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "bin" / "run", folder / "bin" / "run")
    (folder / "requirements.txt").write_text("")
    programs = folder / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "python").write_text(RECORDER.format(python=sys.executable))
    (programs / "python").chmod(0o755)
    (folder / ".venv" / "draws-pdf").touch()
    stamp = hashlib.sha256(b"").hexdigest()
    (folder / ".venv" / "installed-requirements.txt").write_text(stamp)
    return folder


def start(project: Path, *arguments: str, **environment: str) -> tuple[list[str], str]:
    """Run `bin/run`; return the commands it gave since the last call and what it said."""
    (project / "calls").unlink(missing_ok=True)
    result = subprocess.run(
        [project / "bin" / "run", *arguments],
        env={"PATH": os.environ["PATH"], "LANG": "C", "PORT": str(free_port()), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    calls = project / "calls"
    return calls.read_text().split() if calls.exists() else [], result.stdout


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_the_first_start_loads_demo_data_and_tells_the_story_and_later_ones_keep_what_is_there(
    project,
):
    first = ["migrate", "load_reference", "collectstatic", "load_demo", "run_demo", "portal"]
    assert start(project)[0] == first
    assert start(project)[0] == ["migrate", "portal"]


def test_an_empty_portal_never_gets_demo_data(project):
    empty = ["migrate", "load_reference", "collectstatic", "portal"]
    assert start(project, "--empty")[0] == empty
    assert start(project)[0] == ["migrate", "portal"]


def test_a_restored_database_never_gets_demo_accounts(project):
    (project / "var").mkdir()
    (project / "var" / "portal.sqlite3").touch()
    calls, _said = start(project)
    assert "load_demo" not in calls
    assert "run_demo" not in calls
    assert start(project)[0] == ["migrate", "portal"]


def test_empty_after_the_first_start_is_told_to_have_no_effect(project):
    start(project)
    calls, said = start(project, "--empty")
    assert calls == ["migrate", "portal"]
    assert "--empty chỉ có tác dụng ở lần chạy đầu" in said


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["--emty"], {}, 'Không hiểu "--emty"'),
        ([], {"DATABASE_URL": "postgres://x@127.0.0.1/x"}, "không dùng DATABASE_URL"),
        ([], {"PORT": "nhiều"}, "Chọn cổng khác"),
    ],
)
def test_what_cannot_work_is_refused_before_anything_is_touched(
    project, arguments, environment, said
):
    calls, output = start(project, *arguments, **environment)
    assert said in output
    assert calls == []
    assert not (project / "var").exists()
