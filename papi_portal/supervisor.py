"""Keep child processes running under one parent: start, restart, prefix their lines, end them."""

import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType
from typing import IO

LONGEST_PAUSE = 30.0  # seconds between two starts of a child that keeps dying
STEADY_AFTER = 60.0  # seconds after which a child counts as having started well
PATIENCE = 20.0  # seconds a child gets to finish what it has in hand
PR_SET_PDEATHSIG = 1


@dataclass
class Child:
    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    start_at: float = 0.0
    pause: float = 0.5
    unfinished_line: bytes = b""


@dataclass
class Output:
    """Lines of all children on one stream, each with the name of who wrote it."""

    stream: IO[str]
    width: int
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def say(self, name: str, text: str) -> None:
        self.stream.write(f"{name:<{self.width}} | {text}\n")
        self.stream.flush()


def supervise(
    commands: Mapping[str, Sequence[str]],
    *,
    env: Mapping[str, str],
    stream: IO[str] = sys.stdout,
    each_tick: Callable[[], None] = lambda: None,
) -> None:
    """Run `commands` until SIGTERM or SIGINT; return when every process of theirs is gone."""
    children = [Child(name, command, env) for name, command in commands.items()]
    output = Output(stream, width=max(len(name) for name in (*commands, "portal")))
    asked_to_stop = False

    def ask_to_stop(number: int, frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    old_handlers = {
        number: signal.signal(number, ask_to_stop) for number in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        while not asked_to_stop:
            for child in children:
                _keep_running(child, output, now=time.monotonic())
            _pass_on_lines(output, wait=0.2)
            each_tick()
        output.say("portal", "đang dừng…")
    finally:
        _end(children, output)
        for number, handler in old_handlers.items():
            signal.signal(number, handler)


def _keep_running(child: Child, output: Output, *, now: float) -> None:
    if child.process is None:
        if now >= child.start_at:
            _start(child, output, now=now)
        return
    code = child.process.poll()
    if code is None:
        return
    _end_group(child, signal.SIGKILL)
    _forget(child, output)
    child.pause = 0.5 if now - child.started_at > STEADY_AFTER else child.pause * 2
    child.pause = min(child.pause, LONGEST_PAUSE)
    child.start_at = now + child.pause
    output.say("portal", f"{child.name} dừng với mã {code}, chạy lại sau {child.pause:.0f} giây")


def _start(child: Child, output: Output, *, now: float) -> None:
    child.process = subprocess.Popen(
        child.command,
        env=child.env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )
    child.started_at = now
    assert child.process.stdout is not None
    os.set_blocking(child.process.stdout.fileno(), False)
    output.selector.register(child.process.stdout, selectors.EVENT_READ, child)


def _die_with_parent() -> None:
    """Ask Linux to end this process when the portal is killed outright; elsewhere do nothing.

    Runs between fork and exec; the parent has one thread, so this is safe.
    """
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _pass_on_lines(output: Output, *, wait: float) -> None:
    ready = output.selector.select(wait)
    if not ready and not output.selector.get_map():
        time.sleep(wait)
    for key, _events in ready:
        _read(key.data, output)


def _read(child: Child, output: Output) -> None:
    assert child.process is not None
    assert child.process.stdout is not None
    data = child.process.stdout.read(65536)
    if data is None:  # nothing to read after all
        return
    if not data:
        output.selector.unregister(child.process.stdout)
    *lines, child.unfinished_line = (child.unfinished_line + data).split(b"\n")
    if not data and child.unfinished_line:
        lines.append(child.unfinished_line)
        child.unfinished_line = b""
    for line in lines:
        output.say(child.name, line.decode(errors="replace").rstrip())


def _forget(child: Child, output: Output) -> None:
    """Pass on the last words of a child that ended."""
    assert child.process is not None
    assert child.process.stdout is not None
    while child.process.stdout in [key.fileobj for key in output.selector.get_map().values()]:
        _read(child, output)
    child.process.stdout.close()
    child.process = None


def _end_group(child: Child, number: signal.Signals) -> None:
    """Signal a child and all it has started: its session leader's group."""
    assert child.process is not None
    try:
        os.killpg(child.process.pid, number)
    except ProcessLookupError:
        pass
    except PermissionError:  # macOS says so when only zombies are left
        pass


def _end(children: Sequence[Child], output: Output) -> None:
    running = [child for child in children if child.process is not None]
    for child in running:
        assert child.process is not None
        child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and any(_is_running(child) for child in running):
        _pass_on_lines(output, wait=0.1)
    for child in running:
        assert child.process is not None
        _end_group(child, signal.SIGKILL)
        child.process.wait()
        _forget(child, output)


def _is_running(child: Child) -> bool:
    return child.process is not None and child.process.poll() is None
