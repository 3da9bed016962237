"""Receive HTTP Request: emits the body of each request."""

from typing import Any

from elasticio import Message, Step


def process(step: Step, message: Message, config: dict[str, Any], snapshot: Any) -> Message:  # noqa: ARG001
    """Emit the body of the request. The flow file names the step that sends the response."""
    return Message(body=message.body)
