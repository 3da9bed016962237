"""Respond to HTTP Request: sends a message as the response to the request that started the flow."""

from typing import Any

from elasticio import Message, Step


def process(step: Step, message: Message, config: dict[str, Any], snapshot: Any) -> Message:  # noqa: ARG001
    """Send the body as JSON with status 200."""
    step.emit("httpReply", {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": message.body})
    return Message(body=message.body)
