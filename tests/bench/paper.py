"""Prints one frozen report and tells what that took, as JSON; nothing else runs in the process.

python -m tests.bench.paper frozen.json
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter, process_time

import django


def main(frozen: Path) -> None:
    django.setup()
    from plans.reports import pdf

    figures = json.loads(frozen.read_text())
    start, cpu_start = perf_counter(), process_time()
    content, page_count = pdf.render_counted(figures)
    told = {
        "seconds": perf_counter() - start,
        "cpu_seconds": process_time() - cpu_start,
        "peak_kib": peak_kib(),
        "pages": page_count,
        "bytes": len(content),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


def peak_kib() -> int:
    """The most memory this process held.

    Linux carries ru_maxrss over from the process that started this one, which is larger than a
    small report; VmHWM begins anew.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


if __name__ == "__main__":
    main(Path(sys.argv[1]))
