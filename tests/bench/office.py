"""Papers as Word files and workbooks; each is drawn in a process in which nothing else runs.

python -m tests.bench.office docx|xlsx rows
"""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median
from time import perf_counter, process_time

import django
from django.conf import settings

ROWS = (100, 1_000, 3_000, 10_000)
FORMATS = ("docx", "xlsx")
TIMES = 3


def measure_office() -> None:
    """Time, memory beyond that of the paper itself, size of the file, by format and rows."""
    from tests.bench import measure

    header = ("format", "rows", "s", "CPU, s", "CPU ms a row", "paper, MB", "peak, MB", "KB")
    rows = [_row(form, count) for form in FORMATS for count in ROWS]
    measure.say(f"### Word and Excel (median of {TIMES}; highest memory of the process)")
    measure.say()
    measure.table(header, rows, words=1)


def _row(form: str, count: int) -> tuple[str, ...]:
    told = [_apart(form, count) for _ in range(TIMES)]
    cpu = median(each["cpu_seconds"] for each in told)
    return (
        form,
        f"{count:,}",
        f"{median(each['seconds'] for each in told):.2f}",
        f"{cpu:.2f}",
        f"{cpu * 1000 / count:.2f}",
        f"{told[0]['before_kib'] / 1024:.0f}",
        f"{max(each['peak_kib'] for each in told) / 1024:.0f}",
        f"{told[0]['bytes'] / 1024:,.0f}",
    )


def _apart(form: str, count: int) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.office", form, str(count)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, check=True)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return told


def main(form: str, count: int) -> None:
    django.setup()
    from plans.reports.printing import docx, xlsx
    from tests.bench.printing import peak_kib
    from tests.reports.papers import sample_paper

    render = {"docx": docx.render, "xlsx": xlsx.render}[form]
    paper = sample_paper(count)
    before = peak_kib()
    start, cpu_start = perf_counter(), process_time()
    content = render(paper)
    told = {
        "seconds": perf_counter() - start,
        "cpu_seconds": process_time() - cpu_start,
        "before_kib": before,
        "peak_kib": peak_kib(),
        "bytes": len(content),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
