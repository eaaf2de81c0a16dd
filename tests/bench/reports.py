"""Reports as files: printing long papers, beside other ways to print the same."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

from django.conf import settings

from tests.bench import measure

SIZES = (100, 1_000, 3_000, 10_000)
# What takes minutes is measured once.
TIMES = {100: 3, 1_000: 3}
# By way: up to how many rows it is measured. Beyond, memory or time are no longer worth it.
WAYS = {
    "portal": 10_000,
    "one-process": 3_000,
    "seams": 10_000,
    "chromium": 3_000,
    "reportlab": 10_000,
}


def measure_reports() -> None:
    measure_printing()
    measure_one_page()


def measure_printing() -> None:
    rows = []
    for size in SIZES:
        own: dict[str, float] = {}
        for way, most in WAYS.items():
            if size > most:
                continue
            told = [run(way, size) for _ in range(TIMES.get(size, 1))]
            seconds = median(each["seconds"] for each in told)
            own = own or {"seconds": seconds}
            rows.append(
                (
                    f"{size:,}",
                    way,
                    f"{seconds:.1f}",
                    f"{own['seconds'] / seconds:.2f}",
                    f"{median(each['cpu_seconds'] for each in told):.1f}",
                    f"{max(each['peak_kib'] for each in told) / 1024:.0f}",
                    f"{told[0]['pages']:.0f}",
                    f"{told[0]['bytes'] / 1024:.0f}",
                )
            )
    measure.say("### PDF (medians; memory of the largest process)")
    measure.say()
    heads = ("rows", "way", "s", "portal / way", "CPU, s", "MB", "pages", "KB")
    measure.table(heads, rows)


def measure_one_page() -> None:
    """The page for a leader: the first paper of a worker and the next ones."""
    first, following = (
        median(run(way, 0)["seconds"] for _ in range(3)) for way in ("portal", "next")
    )
    measure.say("### One page for a leader")
    measure.say()
    measure.table(
        ("paper of a worker", "s"),
        [("first", f"{first:.2f}"), ("next", f"{following:.2f}")],
        words=1,
    )


def run(way: str, rows: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.printing", way, str(rows)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
