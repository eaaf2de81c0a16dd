"""Reports as files: reading, printing and writing them, beside other ways to print the same."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from statistics import median

from django.conf import settings

from tests.bench import data, measure, past, province
from tests.bench.printing import NUMBERED_FROM

# REPORT_ROWS=1000 leaves out the larger papers and measures each once.
LARGEST = int(os.environ.get("REPORT_ROWS", "0"))
SIZES = [size for size in (100, 1_000, 3_000, 10_000) if size <= (LARGEST or 10_000)]
# What takes minutes is measured once, and so are arrangements that nobody would choose.
TIMES = dict.fromkeys((100, 1000), 1 if LARGEST else 3)
FORMATS = ("snapshot", "xlsx", "docx")
# By way of printing: up to how many rows it is measured. Beyond, memory or time are not worth it.
WAYS = {
    "portal": 10_000,
    "seams": 10_000,
    "one-process": 3_000,
    "chromium": 3_000,
    "reportlab": 10_000,
}
# Other arrangements in WeasyPrint, at the one size at which the portal is held against the fastest.
COMPARED = 1_000
ARRANGEMENTS = ("automatic-widths", "borders-apart", "tables-of-25")
OF_WEASYPRINT = ("seams", "one-process", *ARRANGEMENTS)
SECONDS = 900
MB = 1024

Told = dict[str, float]


def measure_reports(today: date) -> None:
    write_plans(today)
    measure.say("### Snapshot, Excel, Word (medians; memory of the process)")
    measure.say()
    table([(size, way) for size in SIZES for way in FORMATS])
    measure.say("### PDF (medians; memory of the largest process)")
    measure.say()
    sizes = {size: [way for way, most in WAYS.items() if size <= most] for size in SIZES}
    if COMPARED in sizes:
        sizes[COMPARED] += ARRANGEMENTS
    told = table([(size, way) for size, ways in sizes.items() for way in ways])
    compare(told)
    measure_one_page()


def write_plans(today: date) -> None:
    """One plan of each size, each task with one piece of work."""
    world, chance = data.settled(today), random.Random(5)
    plans = [
        province.add_plan(world, NUMBERED_FROM + size, {"single": size}, today, chance)
        for size in SIZES
    ]
    past.add(world, plans, today)


def table(asked: Sequence[tuple[int, str]]) -> dict[tuple[int, str], Told]:
    """Measure and print; ways of one size take turns, so that what else runs hits all alike."""
    told: dict[tuple[int, str], list[Told]] = {each: [] for each in asked}
    for size in SIZES:
        for turn in range(TIMES.get(size, 1)):
            for each in asked:
                is_due = each[0] == size and (turn == 0 or each[1] not in ARRANGEMENTS)
                if is_due and (one := run(each[1], size)):
                    told[each].append(one)
    middle = {each: middle_of(runs) for each, runs in told.items() if runs}
    rows = [
        cells(size, way, middle.get((size, way)), middle.get((size, "portal")))
        for size, way in asked
    ]
    heads = ("rows", "way", "s", "portal / way", "CPU, s", "MB", "pages", "KB")
    measure.table(heads, rows)
    return middle


def middle_of(runs: Sequence[Told]) -> Told:
    return {name: median(each[name] for each in runs) for name in runs[0]}


def cells(size: int, way: str, told: Told | None, portal: Told | None) -> Sequence[str]:
    if told is None:
        return (f"{size:,}", way, *["failed"] * 6)
    return (
        f"{size:,}",
        way,
        f"{told['seconds']:.1f}",
        f"{portal['seconds'] / told['seconds']:.2f}" if portal else "",
        # Of a browser's own processes nothing is known.
        f"{told['cpu_seconds']:.1f}" if told["peak_kib"] else "",
        f"{told['peak_kib'] / MB:.0f}" if told["peak_kib"] else "",
        f"{told['pages']:.0f}" if told["pages"] else "",
        f"{told['bytes'] / 1024:.0f}",
    )


def compare(told: dict[tuple[int, str], Told]) -> None:
    """What the portal promises of its PDF, as ratios."""
    own = {size: told[size, "portal"] for size in SIZES if (size, "portal") in told}
    others = {way: told[COMPARED, way] for way in OF_WEASYPRINT if (COMPARED, way) in told}
    if COMPARED in own and others:
        for unit in ("seconds", "cpu_seconds"):
            way, least = min(((way, each[unit]) for way, each in others.items()), key=value)
            ratio = own[COMPARED][unit] / least
            measure.say(f"- {COMPARED:,} rows, {unit}: {ratio:.2f} × the fastest, {way}")
    for small, large in zip(SIZES, SIZES[1:], strict=False):
        if small in own and large in own:
            growth = own[large]["seconds"] / own[small]["seconds"] / (large / small)
            measure.say(f"- {small:,} to {large:,} rows: {growth:.2f} × the time of each row")
    measure.say()


def value(pair: tuple[str, float]) -> float:
    return pair[1]


def measure_one_page() -> None:
    """The page for a leader: the first paper of a worker, the next, one without a worker."""
    measure.say("### One page for a leader")
    measure.say()
    rows = []
    for way, words in (("first", "first of a worker"), ("next", "next"), ("alone", "by a command")):
        runs = [told for _ in range(1 if LARGEST else 3) if (told := run(way, 0))]
        seconds = f"{middle_of(runs)['seconds']:.2f}" if runs else "failed"
        rows.append((words, seconds))
    measure.table(("paper", "s"), rows, words=1)


def run(way: str, rows: int) -> Told | None:
    """What printing in a process of its own took; None, and why, if it came to nothing."""
    command = [sys.executable, "-m", "tests.bench.printing", way, str(rows)]
    try:
        done = subprocess.run(
            command, cwd=settings.BASE_DIR, capture_output=True, check=True, timeout=SECONDS
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
        last = (error.stderr or b"").decode().strip().splitlines()[-1:]
        measure.say(f"{way}, {rows:,} rows: {' '.join(last) or type(error).__name__}")
        return None
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return told
