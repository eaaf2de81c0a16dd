"""One run under faults: a province to be reminded, harm for a while, and what came of it."""

import json
import os
import random
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from tests import servers
from tests.faults import stack as stacks
from tests.faults.nemesis import Nemesis
from tests.faults.sink import Copy, Sink
from tests.faults.world import GONE

# A working Monday, 8 o'clock in Việt Nam; on a day off nobody is reminded.
MORNING = datetime.fromisoformat("2026-10-12T08:00+07:00")
SHOWN = 5


@dataclass(frozen=True)
class Plan:
    """How much, how long, how hard."""

    people: int
    seconds: float
    minute: float  # seconds of one minute of beat, leases and ladders
    pause: tuple[float, float]  # seconds between two faults
    pace: float  # seconds the mail server takes for a letter
    patience: float  # seconds until everything must have come to an end by itself
    beats: int = 3
    poisoned: int = 3


@dataclass
class Result:
    seed: int
    reminders: int = 0
    letters: int = 0  # without those that a later day has overtaken
    sent: int = 0
    bounced: int = 0
    failed: int = 0
    recovery_seconds: float = 0.0
    is_web_back: bool = False
    sent_before_harm_ended: int = 0
    kills: int = 0
    hits: Counter = field(default_factory=Counter)
    copies_in_window: int = 0
    # Who has left a sign of life.
    alive: set[str] = field(default_factory=set)
    # What must be empty; `faults` tells it.
    lost: list[str] = field(default_factory=list, repr=False)
    copies_outside: list[str] = field(default_factory=list, repr=False)
    unfinished: list[str] = field(default_factory=list, repr=False)
    breaches: list[str] = field(default_factory=list, repr=False)
    # The last lines of every process.
    logs: str = field(default="", repr=False)

    @property
    def faults(self) -> list[str]:
        """All that the promise excludes, in words."""
        found = _first("lost", self.lost)
        found += _first("second copy", self.copies_outside)
        found += _first("without an end", self.unfinished)
        found += _first("breach", self.breaches)
        return found if self.is_web_back else [*found, "the web server did not come back"]


def _first(what: str, found: list[str]) -> list[str]:
    """The first few of many, and how many there are."""
    shown = [f"{what}: {line}" for line in found[:SHOWN]]
    return shown if len(found) <= SHOWN else [*shown, f"{what}: {len(found)} in all"]


def run(plan: Plan, seed: int, folder: Path, *, has_servers: bool) -> Result:
    """Play `plan` on the embedded run or, with `has_servers`, over PostgreSQL and Redis."""
    rng = random.Random(seed)
    with ExitStack() as stack:
        database = broker = None
        if has_servers:
            database = stack.enter_context(servers.postgres_server(folder).running())
            broker = stack.enter_context(servers.redis_server(folder).running())
        sink = Sink(random.Random(rng.random()), plan.pace)
        sink.start()
        stack.callback(sink.stop)
        environment = _environment(plan, folder, sink, database, broker)
        clock = Path(environment["FAULTS_CLOCK"])
        right = _seconds_off()
        clock.write_text(str(right))
        make = stacks.production if has_servers else stacks.embedded
        stacks.Stack(folder, environment).run(
            "-m", "tests.faults.world", "make", str(plan.people), str(plan.poisoned)
        )
        portal = stack.enter_context(make(folder, environment, plan.beats))
        nemesis = Nemesis(rng, portal, sink, clock, right, database, broker)
        _wait_for_first_letter(nemesis, plan)
        nemesis.harm_for(plan.seconds, plan.pause)
        before = len({copy.message_id for copy in sink.copies})
        nemesis.heal()
        result = Result(seed, sent_before_harm_ended=before)
        _wait_for_the_end(nemesis, plan, result)
        _judge(result, portal, nemesis)
        result.logs = logs(portal)
    return result


def _environment(plan, folder, sink, database, broker) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "FAULTS_MINUTE": str(plan.minute),
        "FAULTS_CLOCK": str(folder / "clock"),
        "PORTAL_VAR": str(folder / "var"),
        "PORTAL_HTTPS": "false",
        "SECRET_KEY": "only-for-runs-under-faults-nothing-is-kept-under-it",
        "ALLOWED_HOSTS": "127.0.0.1",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "REMINDERS_FROM_HOUR": "0",
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
    }
    if database is not None:
        environment |= {"DATABASE_URL": database.url, "REDIS_URL": broker.url}
    return environment


def _seconds_off() -> float:
    return (MORNING - datetime.now(UTC)).total_seconds()


def _wait_for_first_letter(nemesis: Nemesis, plan: Plan) -> None:
    """Faults before anything has begun would hit nothing."""
    deadline = time.monotonic() + 90 + 4 * plan.minute
    while not nemesis.sink.copies:
        assert time.monotonic() < deadline, logs(nemesis.stack)
        nemesis.wait(0.2)


def _wait_for_the_end(nemesis: Nemesis, plan: Plan, result: Result) -> None:
    """Until every letter of every person has come to an end, or patience is over."""
    healed_at = time.monotonic()
    told: dict = {}
    while time.monotonic() - healed_at < plan.patience:
        nemesis.wait(min(2.0, plan.minute))
        if not _may_be_over(nemesis, plan):
            continue
        told = json.loads(nemesis.stack.run("-m", "tests.faults.world", "tell"))
        if told["unreminded"] == 0 and not _open(told):
            break
    result.recovery_seconds = time.monotonic() - healed_at
    while not nemesis.stack.answers() and time.monotonic() - healed_at < plan.patience:
        nemesis.wait(0.5)
    result.is_web_back = nemesis.stack.answers()
    told = json.loads(nemesis.stack.run("-m", "tests.faults.world", "tell"))
    result.unfinished = [f"{letter['message_id']} {letter['error']}" for letter in _open(told)]
    _count(result, told, nemesis.sink)


def _may_be_over(nemesis: Nemesis, plan: Plan) -> bool:
    """Whether asking the database is worth its time."""
    reachable = sum(1 for number in range(plan.people) if number % 50 != 49)
    return len({copy.message_id for copy in nemesis.sink.copies}) >= reachable


def _open(told: dict) -> list[dict]:
    return [letter for letter in told["letters"] if letter["state"] in ("pending", "sending")]


def _count(result: Result, told: dict, sink: Sink) -> None:
    states = Counter(letter["state"] for letter in told["letters"])
    result.reminders = told["reminders"]
    result.letters = len(told["letters"]) - states["overtaken"]
    result.sent, result.bounced = states["sent"], states["bounced"]
    result.failed = states["failed"]
    result.breaches = told["breaches"]
    result.alive = set(told["alive"])
    taken = {copy.message_id for copy in sink.copies}
    if told["unreminded"]:
        result.lost.append(f"{told['unreminded']} of {told['due']} reminders have no row")
    if told["in_letters"] != told["reminders"]:
        result.lost.append("a reminder is in no letter")
    for letter in told["letters"]:
        is_poisoned = "\x0b" in letter["to_email"]
        is_gone = letter["to_email"].startswith(GONE)
        expected = "failed" if is_poisoned else "bounced" if is_gone else "sent"
        if letter["state"] == "overtaken":
            # By the letter of a day on which the clock was wrong; that one is counted too.
            expected = "overtaken"
        is_there = (letter["message_id"] in taken) == (expected == "sent")
        if letter["state"] not in (expected, "pending", "sending") or (
            letter["state"] == expected and not is_there
        ):
            result.lost.append(f"{letter} should be {expected}, taken: {not is_there}")


def _judge(result: Result, portal: stacks.Stack, nemesis: Nemesis) -> None:
    """Tell the copies that the promise allows from those that it does not."""
    sink = nemesis.sink
    killed = nemesis.killed | sink.killed
    result.kills = sum(count for what, count in nemesis.hits.items() if what.startswith("kill "))
    result.kills += sink.hits["kill_before"] + sink.hits["kill_after"]
    result.hits = nemesis.hits + sink.hits
    copies: dict[str, list[Copy]] = {}
    for copy in sink.copies:
        copies.setdefault(copy.message_id, []).append(copy)
    last_of = {copy.pid: copy for copy in sink.copies}
    for message_id, found in copies.items():
        if len({copy.recipients for copy in found}) > 1:
            result.copies_outside.append(f"{message_id} went to several people")
        for copy in found[:-1]:
            # A sender that died before it could write down what it had just handed over.
            if last_of[copy.pid] is copy and not _lives(copy.pid, killed):
                result.copies_in_window += 1
            else:
                result.copies_outside.append(f"{message_id} after {copy}")


def _lives(pid: int | None, killed: set[int]) -> bool:
    """A child of a worker that was killed goes with it, so being gone is what counts."""
    return pid not in killed and Path(f"/proc/{pid}").exists()


def logs(stack: stacks.Stack) -> str:
    """The last lines of every process, for a run that went wrong."""
    found = sorted(stack.folder.glob("*.log"))
    return "\n".join(f"{path.name}: {path.read_text(errors='replace')[-3000:]}" for path in found)
