"""Copies attachments."""

from typing import Any

from elasticio import Message


def process(step: Any, message: Message, config: dict[str, Any], snapshot: dict[str, Any]) -> Any:
    copies = {}
    for name in message.attachments:
        with step.attachments.open(message, name) as stream:
            copies[f"copy of {name}"] = step.attachments.add(f"copy of {name}", stream)
    return {"body": {}, "attachments": copies}
