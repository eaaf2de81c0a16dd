"""The broker of the embedded portal, made of files."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kombu import Connection

from papi_portal.broker import Transport

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30


def connection(folder) -> Connection:
    for name in ("messages", "control"):
        (folder / name).mkdir(exist_ok=True)
    return Connection(
        "filesystem://",
        transport=Transport,
        transport_options={
            "data_folder_in": str(folder / "messages"),
            "data_folder_out": str(folder / "messages"),
            "control_folder": str(folder / "control"),
        },
    )


def test_messages_come_out_as_they_went_in_and_in_order(tmp_path):
    with connection(tmp_path) as broker:
        queue = broker.SimpleQueue("work")
        for number in range(5):
            queue.put({"number": number})
        received = [queue.get(timeout=2) for _ in range(5)]
        for message in received:
            message.ack()
        queue.close()
    assert sorted(message.payload["number"] for message in received) == list(range(5))
    assert list((tmp_path / "messages").iterdir()) == []


def test_a_message_has_its_name_only_when_it_is_whole(tmp_path, monkeypatch):
    seen = []

    def look(source, target):
        seen.append((source.read_bytes(), [path.suffix for path in target.parent.iterdir()]))
        source.rename(target)

    monkeypatch.setattr("papi_portal.broker.os.replace", look)
    with connection(tmp_path) as broker:
        broker.SimpleQueue("other-work").put({"number": 1})
    [(content, suffixes)] = seen
    assert content.endswith(b"}")
    assert suffixes == [".unfinished"]


def done_by(path) -> int:
    """The process that did a job, once it is done."""
    deadline = time.monotonic() + PATIENCE
    while not path.exists():
        assert time.monotonic() < deadline, f"nobody did {path.name}"
        time.sleep(0.05)
    return int(path.read_text())


@pytest.mark.embedded
def test_a_worker_goes_on_when_its_process_is_killed_while_it_waits(tmp_path):
    words = ["celery", "--quiet", "--app", "tests.platform.small_worker"]
    environment = {**os.environ, "BROKER_FOLDER": str(tmp_path), "TMPDIR": str(tmp_path)}
    with connection(tmp_path) as broker:
        worker = subprocess.Popen(
            [sys.executable, "-m", *words, "worker", "--concurrency", "1", "--without-gossip"],
            cwd=ROOT,
            env=environment,
        )
        try:
            call(broker, "first")
            victim = done_by(tmp_path / "first")
            time.sleep(0.2)  # until it waits for the next job
            os.kill(victim, signal.SIGKILL)
            call(broker, "second")
            assert done_by(tmp_path / "second") != victim
        finally:
            worker.terminate()
            try:
                assert worker.wait(PATIENCE) == 0
            finally:
                worker.kill()


def call(broker, name) -> None:
    from tests.platform.small_worker import touch

    touch.apply_async([name], connection=broker)
