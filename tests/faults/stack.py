"""The processes of a portal, for real: the embedded run, or workers and beats over servers."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

from tests import servers

ROOT = Path(__file__).resolve().parents[2]
CELERY = (sys.executable, "-m", "celery", "--quiet", "--app", "papi_portal")
KINDS = ("beat", "web", "worker", "worker's child")
START_AGAIN_AFTER = 1.0  # seconds, as a supervisor would


class Stack:
    """Named processes, each with a group of its own, started again when they die."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.commands: dict[str, tuple[str, ...]] = {}
        self.processes: dict[str, subprocess.Popen] = {}
        self.died_at: dict[str, float] = {}
        self.port = servers.free_port()

    def run(self, *command: str) -> str:
        """Run a command of the project to its end."""
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as output:
            self.processes[name] = subprocess.Popen(
                self.commands[name],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def start_dead_ones(self) -> None:
        for name, process in self.processes.items():
            if process.poll() is None:
                continue
            died_at = self.died_at.setdefault(name, time.monotonic())
            if time.monotonic() - died_at > START_AGAIN_AFTER:
                del self.died_at[name]
                end_group(process.pid)
                self.start(name)

    def stop(self) -> None:
        for process in self.processes.values():
            process.terminate()
        deadline = time.monotonic() + 30
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(timeout=max(0.1, deadline - time.monotonic()))
            end_group(process.pid)
            process.wait()

    def victims(self) -> dict[str, list[int]]:
        """The processes to kill, by what they do."""
        found: dict[str, list[int]] = {}
        for process in self.processes.values():
            for pid in (process.pid, *descendants(process.pid)):
                kind = kind_of(pid)
                if kind:
                    found.setdefault(kind, []).append(pid)
        return found

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/livez", timeout=2) as page:
                return page.status == 200
        except OSError:
            return False


def kind_of(pid: int) -> str | None:
    """What a process of the portal does; the one that watches over the others is left alone."""
    with suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
        if "portal" in words:
            return None
        if "beat" in words:
            return "beat"
        if "worker" in words:
            parent = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
            above = Path(f"/proc/{parent}/cmdline").read_bytes().decode(errors="replace")
            return "worker's child" if "worker" in above.split("\0") else "worker"
        if any("granian" in word for word in words):
            return "web"
    return None


def descendants(pid: int) -> list[int]:
    """All processes below `pid`."""
    found = []
    with suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in map(int, children):
            found += [child, *descendants(child)]
    return found


def end_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


@contextmanager
def embedded(folder: Path, environment: dict[str, str], beats: int):
    """`manage.py portal` and, beside it, more beats than there should be."""
    stack = Stack(folder, environment)
    portal = ("manage.py", "portal", "--port", str(stack.port), "--workers", "2")
    stack.commands["portal"] = (sys.executable, *portal)
    _add_beats(stack, beats - 1)
    yield from _kept(stack)


@contextmanager
def production(folder: Path, environment: dict[str, str], beats: int):
    """The processes of docker-compose.yml, two workers and several beats, over its servers."""
    stack = Stack(folder, environment)
    web = (sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1")
    web += ("--port", str(stack.port), "--respawn-failed-workers", "papi_portal.wsgi:application")
    stack.commands["web"] = web
    for number in range(2):
        name = f"worker{number}"
        pool = ("worker", "--pool", "prefork", "--concurrency", "1")
        stack.commands[name] = (*CELERY, *pool, "--hostname", f"{name}@faults")
    _add_beats(stack, beats)
    yield from _kept(stack)


def _add_beats(stack: Stack, count: int) -> None:
    for number in range(count):
        schedule = str(stack.folder / f"beat-schedule-{number}")
        options = ("--pidfile", "", "--schedule", schedule, "--loglevel", "WARNING")
        stack.commands[f"beat{number}"] = (*CELERY, "beat", *options)


def _kept(stack: Stack):
    try:
        for name in stack.commands:
            stack.start(name)
        yield stack
    finally:
        stack.stop()
