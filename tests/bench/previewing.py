"""Previews and imports one spreadsheet and tells what that took, as JSON; nothing else runs here.

python -m tests.bench.previewing PK
"""

import json
import resource
import sys
from time import perf_counter

import django


def main(pk: int) -> None:
    django.setup()
    from django.utils import timezone

    from plans.importing import pipeline

    row = pipeline.claim(pk, now=timezone.now())
    assert row is not None
    start = perf_counter()
    pipeline.preview(row, today=timezone.localdate())
    preview = perf_counter() - start
    peak = max(_peak(resource.RUSAGE_SELF), _peak(resource.RUSAGE_CHILDREN))
    row.refresh_from_db()
    made = pipeline.preview_of(row)
    assert not made.fault_count, [fault.text for fault in made.all_faults()][:3]
    start = perf_counter()
    pipeline.apply(row, {}, now=timezone.now())
    told = {
        "preview": preview,
        "peak": peak,
        "apply": perf_counter() - start,
        "rows": len(made.rows),
    }
    sys.stdout.write(f"{json.dumps(told)}\n")


def _peak(who: int) -> int:
    peak = resource.getrusage(who).ru_maxrss
    return peak // 1024 if sys.platform == "darwin" else peak


if __name__ == "__main__":
    main(int(sys.argv[1]))
