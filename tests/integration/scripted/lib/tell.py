"""Tells what it saw, whatever the body says."""

from typing import Any


def process(_step: Any, message: Any, _config: object, _snapshot: object) -> dict[str, Any]:
    """Emit the message as the body."""
    return {"body": {"message": {"body": message.body, "headers": message.headers}}}
