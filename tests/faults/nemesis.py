"""What goes wrong, drawn from a seed: the same seed draws the same faults in the same order."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.faults.sink import TEMPERS, Sink
from tests.faults.stack import KINDS, Stack
from tests.servers import Server

HOUR, DAY = 3600.0, 86400.0


@dataclass
class Nemesis:
    """Does one harm after the other; counts only what hit something."""

    rng: random.Random
    stack: Stack
    sink: Sink
    clock: Path
    right: float  # by how many seconds the clock is wrong when all is well
    database: Server | None = None
    broker: Server | None = None
    hits: Counter = field(default_factory=Counter)
    killed: set[int] = field(default_factory=set)
    log: list[tuple[float, str]] = field(default_factory=list)

    def harm_for(self, seconds: float, pause: tuple[float, float]) -> None:
        """Every harm once, in an order of the seed, and so again until the time is over."""
        end = time.monotonic() + seconds
        is_first = True
        while is_first or time.monotonic() < end:
            harms = self.harms()
            self.rng.shuffle(harms)
            for harm in harms:
                harm()
                self.wait(self.rng.uniform(*pause))
            is_first = False

    def harms(self) -> list[Callable[[], None]]:
        """Each as often as it stands here."""
        harms = [partial(self.kill, kind) for kind in KINDS * 2]
        harms += [partial(self.change_temper, temper) for temper in (*TEMPERS, None, None, None)]
        harms += [partial(self.move_clock, offset) for offset in (HOUR, -HOUR, DAY, -DAY, 0.0)]
        harms += [self.refuse]
        if self.database is not None:
            harms += [self.restart_database]
        if self.broker is not None:
            harms += [self.restart_broker, self.flush_broker]
        return harms

    def heal(self) -> None:
        """From here on nothing goes wrong any more."""
        self.sink.temper = None
        self.set_clock(0)
        if self.sink.controller is None:
            self.sink.start()

    def wait(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.stack.start_dead_ones()
            time.sleep(0.1)

    def kill(self, kind: str) -> None:
        victims = self.stack.victims().get(kind)
        if not victims:
            return
        pid = self.rng.choice(sorted(victims))
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.killed.add(pid)
            self.told(f"kill {kind}")

    def change_temper(self, temper: str | None) -> None:
        self.sink.temper = temper
        self.sink.share = self.rng.choice((0.3, 1.0))

    def move_clock(self, offset: float) -> None:
        self.set_clock(offset)
        self.told(f"clock {offset / HOUR:+.0f} h")

    def set_clock(self, offset: float) -> None:
        part = self.clock.with_suffix(".part")
        part.write_text(str(self.right + offset))
        part.replace(self.clock)

    def refuse(self) -> None:
        """For a moment nobody listens at the port of the mail server."""
        self.sink.stop()
        self.told("mail server away")
        self.wait(self.rng.uniform(1, 3))
        self.sink.start()

    def restart_database(self) -> None:
        self.database.stop(signal.SIGQUIT)
        self.told("PostgreSQL stopped at once")
        self.wait(self.rng.uniform(0.2, 2))
        self.database.start()

    def restart_broker(self) -> None:
        self.broker.stop(signal.SIGKILL)
        self.told("Redis killed")
        self.wait(self.rng.uniform(0.2, 2))
        self.broker.start()

    def flush_broker(self) -> None:
        import redis

        redis.Redis.from_url(self.broker.url).flushall()
        self.told("FLUSHALL")

    def told(self, what: str) -> None:
        self.hits[what] += 1
        self.log.append((time.monotonic(), what))
