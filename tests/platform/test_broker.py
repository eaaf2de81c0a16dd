"""The broker of the embedded portal, made of files."""

from kombu import Connection

from papi_portal.broker import Transport


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
