"""Console

Forwards each message. The runner shows the messages of this step directly, so logs contain no body.
"""

from typing import Any

from elasticio import Message


def process(step: Any, message: Message, config: Any, snapshot: Any) -> dict[str, Any]:  # noqa: ARG001
    """Return the message's body and attachments."""
    return {"body": message.body, "attachments": message.attachments}
