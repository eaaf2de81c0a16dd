"""Ten thousand reminders while everything around them breaks, with real minutes.

python -m tests.bench.faults [--servers]; FAULTS_SEED=… plays the faults of an earlier run again.
"""

import logging
import os
import random
import sys

from tests import servers
from tests.bench.measure import say, table
from tests.faults.run import Plan, Result, run

LONG = Plan(
    people=10_000, seconds=300, minute=60, pause=(1, 5), pace=0.005, patience=1200, poisoned=10
)
PROMISED_SECONDS = 600


def measure_faults(*, has_servers: bool) -> Result:
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    seed = int(os.environ.get("FAULTS_SEED") or random.randrange(1_000_000))
    where = "PostgreSQL and Redis" if has_servers else "embedded"
    say(f"### Reminders under faults, {where}, FAULTS_SEED={seed}")
    say()
    with servers.scratch_folder() as folder:
        result = run(LONG, seed, folder, has_servers=has_servers)
    recovery = f"{result.recovery_seconds:,.0f} s (promised: {PROMISED_SECONDS} s)"
    table(
        ("what", "how much"),
        [
            ("reminders due", f"{result.reminders:,}"),
            ("letters, with those nobody can send", f"{result.letters:,}"),
            ("sent", f"{result.sent:,}"),
            ("sent while things broke", f"{result.sent_before_harm_ended:,}"),
            ("refused for good: no such box", f"{result.bounced:,}"),
            ("given up: cannot be written as a message", f"{result.failed:,}"),
            ("kills", f"{result.kills:,}"),
            ("faults that hit", f"{sum(result.hits.values()):,}"),
            ("lost", f"{len(result.lost):,}"),
            ("second copies, sender died after the 250", f"{result.copies_in_window:,}"),
            ("second copies otherwise", f"{len(result.copies_outside):,}"),
            ("without an end", f"{len(result.unfinished):,}"),
            ("breaches found by check_invariants", f"{len(result.breaches):,}"),
            ("everything at its end after the last fault", recovery),
        ],
    )
    say(", ".join(f"{what}: {count}" for what, count in sorted(result.hits.items())))
    for fault in result.faults:
        say(f"!!! {fault}")
    if result.faults:
        say(result.logs)
    say()
    return result


if __name__ == "__main__":
    measure_faults(has_servers="--servers" in sys.argv[1:])
