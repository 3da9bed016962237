"""Replies to the request that started the flow."""

from typing import Any

from elasticio import Message


def process(step: Any, message: Message, config: dict[str, Any], snapshot: dict[str, Any]) -> Any:
    step.emit("httpReply", {"statusCode": 202, "body": "from the last step"})
    return {"body": {}}
