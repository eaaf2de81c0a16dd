"""Freezing the figures of a plan and printing them, each in a process of its own."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils import timezone

from plans.models import Assignment, Plan
from plans.reports import snapshot
from tests.bench import data, measure, province

LARGE = {"single": 850, "quarterly": 150}
TIMES = 3


def measure_pdf(today: date) -> None:
    demo = data.demo().plan
    world = data.world(today)
    large = province.add_plan(world, province.PLANS + 1, LARGE, today, random.Random(1_000))
    with TemporaryDirectory() as folder:
        rows = [_row(plan, today, Path(folder)) for plan in (demo, large)]
    measure.say(f"### Report (median of {TIMES}; memory of the process that prints, highest)")
    measure.say()
    header = (
        "tasks",
        "assignments",
        "snapshot, s",
        "queries",
        "PDF, s",
        "CPU, s",
        "MB",
        "pages",
        "KB",
    )
    measure.table(header, rows)


def _row(plan: Plan, today: date, folder: Path) -> tuple[str, ...]:
    now = timezone.now()

    def freeze() -> dict[str, object]:
        return snapshot.build(Plan.objects.get(pk=plan.pk), today, now)

    frozen = folder / f"{plan.pk}.json"
    frozen.write_text(snapshot.canonical(freeze()))
    made = measure.queries(freeze)
    prints = [_print(frozen) for _ in range(TIMES)]
    return (
        f"{plan.tasks.count():,}",
        f"{Assignment.objects.filter(plan=plan).count():,}",
        f"{measure.seconds(freeze, times=TIMES):.2f}",
        str(len(made)),
        f"{median(told['seconds'] for told in prints):.1f}",
        f"{median(told['cpu_seconds'] for told in prints):.1f}",
        f"{max(told['peak_kib'] for told in prints) / 1024:.0f}",
        str(prints[0]["pages"]),
        f"{prints[0]['bytes'] / 1024:.0f}",
    )


def _print(frozen: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.paper", str(frozen)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told
