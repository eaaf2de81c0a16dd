"""The process apart in which papers are laid out, as the worker sees it."""

from __future__ import annotations

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from papi_portal.confinement import ROOT
from plans.reports.printing.packing import Packed, Shift

logger = logging.getLogger(__name__)

# Longest wait for one answer; a part takes seconds.
SECONDS = 180
FONTS = Path(__file__).with_name("fonts.conf")
ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""),
    "PYTHONPATH": str(ROOT),
    "PYTHONUTF8": "1",
    # The order of a set of texts must not reach the file.
    "PYTHONHASHSEED": "0",
    # Subset fonts carry a date.
    "SOURCE_DATE_EPOCH": "0",
    "FONTCONFIG_FILE": str(FONTS),
}


class PrintingError(Exception):
    """A paper could not be laid out; `message` says why, in Vietnamese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Laid:
    """How many pages a part fills, and with which piece the next part begins.

    `following` is None at the end of a flow, 0 if no page begins with a piece.
    """

    pages: int
    following: int | None


@dataclass(frozen=True)
class Drawn:
    """A part as drawn: `bookmarks` are (level, words, page in the part, x, y)."""

    packed: Packed
    bookmarks: list[tuple[int, str, int, float, float]]
    signature: tuple[int, list[float]] | None


class Printer:
    """One process, started by its first order at the latest; only `begin_…` is answered."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._has_run_out_of_time = False

    @property
    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Have the process read what it needs, a second's work, before there is anything to do."""
        self._process = _start()

    def prepare(self, html: str) -> None:
        """Read the HTML and find its styles, while another process still works."""
        self._order(html.encode(), do="prepare")

    def begin_layout(self, first: int, first_page: int, *, is_last: bool) -> None:
        self._order(do="lay_out", first=first, first_page=first_page, is_last=is_last)

    def laid(self) -> Laid:
        """The answer to `begin_layout`."""
        told, _data = self._answer()
        return Laid(told["pages"], told["following"])

    def begin_drawing(self, shift: Shift, *, is_first: bool, table: int = 0) -> None:
        """`table` is the number of the open table, if the part begins within it."""
        objects, keys = shift.objects, shift.keys
        self._order(do="draw", objects=objects, keys=keys, is_first=is_first, table=table)

    def drawn(self) -> Drawn:
        """The answer to `begin_drawing`."""
        told, data = self._answer()
        told["packed"]["shift"] = Shift(**told["packed"]["shift"])
        return Drawn(Packed(**told["packed"], data=data), told["bookmarks"], told["signature"])

    def close(self) -> None:
        if self._process:
            self._kill(self._process)
            self._process.communicate()

    def _order(self, data: bytes = b"", **order: Any) -> None:
        if self._process is None:
            self.start()
        assert self._process
        assert self._process.stdin
        try:
            line = json.dumps({**order, "size": len(data)}).encode()
            self._process.stdin.write(line + b"\n" + data)
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise self._failure() from error

    def _answer(self) -> tuple[dict[str, Any], bytes]:
        assert self._process
        assert self._process.stdout
        timer = threading.Timer(SECONDS, self._run_out_of_time)
        timer.start()
        try:
            line = self._process.stdout.readline()
            if not line:
                raise self._failure()
            told: dict[str, Any] = json.loads(line)
            if "failure" in told:
                logger.error("a part was not printed: %s", told["failure"])
                raise self._failure()
            data = self._process.stdout.read(told.pop("size"))
        finally:
            timer.cancel()
        return told, data

    def _run_out_of_time(self) -> None:
        self._has_run_out_of_time = True
        if self._process:
            self._kill(self._process)

    @staticmethod
    def _kill(process: subprocess.Popen[bytes]) -> None:
        """End it with the process of its part; both are of one group."""
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def _failure(self) -> PrintingError:
        if self._has_run_out_of_time:
            return PrintingError(
                _("Dàn trang quá lâu nên đã dừng; báo cáo có thể có nội dung quá dài.")
            )
        return PrintingError(
            _(
                "Tiến trình dàn trang đã dừng giữa chừng: báo cáo có thể quá lớn so với bộ nhớ "
                "được dùng. Hãy báo quản trị hệ thống xem nhật ký."
            )
        )


def _start() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "plans.reports.printing.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=ENVIRONMENT,
        cwd=ROOT,
        start_new_session=True,
    )


# One process waits for the next paper: starting takes a second, waiting 60 MB.
_spare: list[Printer] = []


@contextmanager
def printer() -> Iterator[Printer]:
    """A process for one paper; after a failure it is ended, whatever it was doing."""
    each = _take_spare() or Printer()
    try:
        yield each
    except BaseException:
        each.close()
        raise
    if each.is_alive and not _spare:
        _spare.append(each)
    else:
        each.close()


def start_spare() -> None:
    """Let the first paper find a process that waits, as the later ones do.

    It ends with this process, whatever ends that: its orders come through a pipe that then closes.
    """
    if not _spare:
        each = Printer()
        each.start()
        _spare.append(each)


def _take_spare() -> Printer | None:
    """The spare process, unless the system has ended it meanwhile."""
    try:
        each = _spare.pop()
    except IndexError:
        return None
    if each.is_alive:
        return each
    each.close()
    return None


@atexit.register
def end_spare() -> None:
    while _spare:
        _spare.pop().close()
