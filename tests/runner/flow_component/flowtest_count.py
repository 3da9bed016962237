"""A polling trigger: emits the next `items` numbers and stores the last one in the snapshot."""

from typing import Any

from elasticio import Message


def process(step: Any, message: Message, config: dict[str, Any], snapshot: dict[str, Any]) -> Any:
    first = snapshot.get("next", 0)
    for number in range(first, first + config["items"]):
        yield {"body": {"number": number, "secret": config.get("secret"), "variables": dict(step.variables)}}
    step.emit("updateSnapshot", {"next": first + config["items"]})
