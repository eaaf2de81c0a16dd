"""Kombu's file broker, with messages that appear whole."""

import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu writes a message under its final name, so a worker that looks then reads half of it."""

    # Kombu's own two classes above do not agree on the signature.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns() // 1_000_000}_{uuid.uuid4()}"
        # The worker takes files whose name ends in the queue and `.msg`; this one it leaves alone.
        unfinished = folder / f"{name}.unfinished"
        unfinished.write_bytes(str_to_bytes(dumps(payload)))
        os.replace(unfinished, folder / f"{name}.{queue}.msg")  # noqa: PTH105 - clearer than a method


class Transport(filesystem.Transport):
    """Takes part in the event loop of a worker, as Redis does.

    For a broker that does not, Celery hands jobs to its processes through one queue whose lock a
    process that is killed keeps for ever: a job beyond its time limit stops the whole worker.
    """

    Channel = Channel
    implements = filesystem.Transport.implements.extend(asynchronous=True)

    def register_with_event_loop(self, connection: Any, loop: Any) -> None:
        # The timer wakes the loop; whatever else does brings the next messages as well.
        loop.call_repeatedly(self.polling_interval, lambda: None)
        loop.on_tick.add(self._take_all)

    def _take_all(self) -> None:
        """Hand on what has come, as far as the worker has room for it."""
        with suppress(Empty):
            while self.cycle is not None:
                self.cycle.get(self._deliver)

    @property
    def default_connection_params(self) -> dict[str, Any]:
        """No host and no port, so that Kombu does not warn of their absence."""
        return {}
