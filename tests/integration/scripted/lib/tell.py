"""Emits the received message as a body."""

from typing import Any


def process(_step: Any, message: Any, _config: object, _snapshot: object) -> dict[str, Any]:
    """Emit the message as the body."""
    return {"body": {"message": {"body": message.body, "headers": message.headers}}}
