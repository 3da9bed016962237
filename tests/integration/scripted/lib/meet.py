"""Waits until `body.parties` messages are processed at the same time."""

import threading
from typing import Any

_arrived = threading.Condition()
_count = 0


def process(_step: Any, message: Any, _config: object, _snapshot: object) -> dict[str, Any]:
    """Emit when all messages have arrived."""
    global _count  # noqa: PLW0603
    with _arrived:
        _count += 1
        _arrived.notify_all()
        if not _arrived.wait_for(lambda: _count >= message.body["parties"], 30):
            raise TimeoutError("the others did not come")
    return {"body": {"met": True}}
