"""Files of strangers are opened by a process of their own, bound in memory, time and files."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024

# What the first bytes of a file say it is, whatever its name says.
SIGNS = (
    (b"PK\x03\x04", "zip"),
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0", "ole"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)


class TookTooLongError(Exception):
    """The process did not answer in time and was ended."""


class NoAnswerError(Exception):
    """The process was ended by its limits, or by a file that broke its parser."""


def sign_of(start: bytes) -> str:
    """The kind that the first bytes of a file give away; "" for what may be text."""
    return next((kind for magic, kind in SIGNS if start.startswith(magic)), "")


def confine(*, memory: int, cpu_seconds: int) -> None:
    """Bind this process: memory, processor time, no file written, few opened."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def ask(module: str, *arguments: str, seconds: int, given: bytes | None = None) -> dict[str, Any]:
    """Return the JSON that `python -m module arguments` prints, without the portal's environment.

    Raise `TookTooLongError` or `NoAnswerError`.
    """
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "DJANGO_SETTINGS_MODULE": "papi_portal.bare_settings",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            input=given,
            stdin=subprocess.DEVNULL if given is None else None,
            capture_output=True,
            env=environment,
            cwd=ROOT,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLongError from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise NoAnswerError from error
    return answer
