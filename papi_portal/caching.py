"""What lies in Redis: values as JSON, and how often something was done of late."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache import cache


class JsonSerializer:
    """Instead of Django's own, which unpickles: whoever can write there must not run code here."""

    def dumps(self, value: Any) -> bytes:
        return json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        return json.loads(data)


def counted(key: str, *, seconds: int) -> int:
    """Count once more under `key`; how often in the `seconds` that began with the first time."""
    if cache.add(key, 1, seconds):
        return 1
    try:
        return cache.incr(key)
    except ValueError:  # it ran out in between
        return 1
