"""The parent of the embedded portal's processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 15

# A child that has a child of its own, writes both numbers down, and waits.
FAMILY = """
import os, pathlib, subprocess, sys, time
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
with pathlib.Path(sys.argv[1]).open("a") as file:
    print(os.getpid(), grandchild.pid, file=file)
print("one line", flush=True)
time.sleep(60)
"""
PARENT = """
import os, sys
from papi_portal.supervisor import supervise
supervise({"family": [sys.executable, *sys.argv[1:]]}, env=os.environ)
"""


@pytest.fixture
def portal(tmp_path):
    """A supervisor over one family; yields it and the file of process numbers."""
    (tmp_path / "family.py").write_text(FAMILY)
    numbers = tmp_path / "numbers"
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "family.py"), str(numbers)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process, numbers
    process.kill()
    process.wait()
    process.stdout.close()


def families(numbers: Path) -> list[tuple[int, ...]]:
    lines = numbers.read_text().splitlines() if numbers.exists() else []
    return [tuple(int(word) for word in line.split()) for line in lines]


def wait_until(check) -> None:
    deadline = time.monotonic() + PATIENCE
    while not check():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def is_alive(number: int) -> bool:
    """True unless the process is gone, or dead and only not yet collected."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


pytestmark = [
    pytest.mark.embedded,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]


def test_a_dead_child_is_started_again_and_its_own_children_are_ended(portal):
    _process, numbers = portal
    wait_until(lambda: len(families(numbers)) == 1)
    child, grandchild = families(numbers)[0]
    os.kill(child, signal.SIGKILL)
    wait_until(lambda: len(families(numbers)) == 2)
    assert not is_alive(grandchild)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_whole_family_and_the_lines_have_a_name(portal, number):
    process, numbers = portal
    wait_until(lambda: len(families(numbers)) == 1)
    process.send_signal(number)
    output = process.communicate(timeout=PATIENCE)[0]
    assert process.returncode == 0
    assert not any(is_alive(member) for member in families(numbers)[0])
    assert "family | one line" in output


def test_children_do_not_outlive_a_parent_that_is_killed_outright(portal):
    process, numbers = portal
    wait_until(lambda: len(families(numbers)) == 1)
    process.kill()
    child = families(numbers)[0][0]
    wait_until(lambda: not is_alive(child))
    os.kill(families(numbers)[0][1], signal.SIGKILL)
