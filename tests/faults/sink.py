"""A mail server that misbehaves as told, and remembers what it has taken, from which process."""

import asyncio
import email
import os
import random
import signal
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller

from tests.faults.world import GONE
from tests.servers import free_port

ANSWERS = {
    "421": "421 4.3.2 going down",
    "450": "450 4.2.1 try later",
    "451": "451 4.3.0 local error",
    "452": "452 4.3.1 disk full",
}
# Where a letter can be left without having been taken.
TEMPERS = (*ANSWERS, "stall", "drop", "kill_before", "kill_after", "hang_up")
STALL_SECONDS = 6


@dataclass(frozen=True)
class Copy:
    """A letter that was taken: it counts from here on, whatever happens to the sender."""

    message_id: str
    recipients: tuple[str, ...]
    pid: int | None
    at: float


@dataclass
class Sink:
    """`temper` is what happens to a `share` of the letters; None to none."""

    rng: random.Random
    pace: float = 0.0  # seconds that each letter takes, so that there are some left to be hit
    temper: str | None = None
    share: float = 1.0
    copies: list[Copy] = field(default_factory=list)
    hits: Counter = field(default_factory=Counter)
    killed: set[int] = field(default_factory=set)
    controller: Controller | None = None
    port: int = field(default_factory=free_port)

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        self.sender(session)  # as long as it lives
        if address.startswith(GONE):
            self.hits["550"] += 1
            return "550 5.1.1 no such box"
        temper = session.temper = self.choose()
        if temper in ("450", "421"):
            return self.answer(temper)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        temper = session.temper
        await asyncio.sleep(self.pace)
        if temper in ANSWERS:
            return self.answer(temper)
        if temper == "stall":
            self.hits[temper] += 1
            await asyncio.sleep(STALL_SECONDS)
            server.transport.abort()
            return "451 too late"
        if temper in ("drop", "kill_before"):
            self.hits[temper] += 1
            if temper == "kill_before":
                self.kill(self.sender(session))
            server.transport.abort()
            return "451 gone"
        pid = self.sender(session)
        message_id = email.message_from_bytes(envelope.content)["Message-ID"]
        self.copies.append(Copy(message_id, tuple(envelope.rcpt_tos), pid, time.monotonic()))
        if temper == "kill_after":
            self.hits[temper] += 1
            self.kill(pid)
        elif temper == "hang_up":
            self.hits[temper] += 1
            asyncio.get_running_loop().call_later(0.05, server.transport.close)
        return "250 OK"

    def choose(self) -> str | None:
        return self.temper if self.temper and self.rng.random() < self.share else None

    def answer(self, temper: str) -> str:
        self.hits[temper] += 1
        return ANSWERS[temper]

    def sender(self, session) -> int | None:
        """The process at the other end; looked up once for each connection."""
        if not hasattr(session, "sender"):
            session.sender = pid_of(session.peer[1])
        return session.sender

    def kill(self, pid: int | None) -> None:
        """End the very process that speaks with us, with no time to write."""
        # One sender each time: if none got through, nothing else would be tried.
        self.temper = None
        if pid is not None:
            self.killed.add(pid)
            os.kill(pid, signal.SIGKILL)


def pid_of(port: int) -> int | None:
    """The process that holds the local end `port` of a connection (Linux)."""
    wanted = f"{port:04X}"
    inode = None
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        parts = line.split()
        if parts[1].endswith(f":{wanted}") and parts[9] != "0":
            inode = parts[9]
            break
    if inode is None:
        return None
    for process in Path("/proc").glob("[0-9]*"):
        try:
            for handle in (process / "fd").iterdir():
                if str(handle.readlink()) == f"socket:[{inode}]":
                    return int(process.name)
        except OSError:  # gone meanwhile, or not ours to see
            continue
    return None
