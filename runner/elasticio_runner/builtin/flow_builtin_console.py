"""Console

Passes each message on. The runner shows what this step emits, so no body goes through a log.
"""

from typing import Any

from elasticio import Message


def process(step: Any, message: Message, config: Any, snapshot: Any) -> dict[str, Any]:  # noqa: ARG001
    """Return the message's body and attachments."""
    return {"body": message.body, "attachments": message.attachments}
