"""Reads one document and tells what that took, as JSON; nothing else runs in the process.

python -m tests.bench.reading plan.docx
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

import django

from tests.bench.printing import peak_kib


def main(path: Path) -> None:
    django.setup()
    from plans.reader import read

    start = perf_counter()
    draft = read(path)
    told = {
        "seconds": perf_counter() - start,
        "peak_kib": max(peak_kib(), _peak_kib_of_children()),
        "tasks": len(draft.to_json()["tasks"]),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


def _peak_kib_of_children() -> int:
    """The most memory one child held; a child forked from this process begins with its size."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


if __name__ == "__main__":
    main(Path(sys.argv[1]))
