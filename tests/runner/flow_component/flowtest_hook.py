"""A webhook trigger that records the calls of its hooks."""

from pathlib import Path
from typing import Any

from elasticio import Message


def startup(config: dict[str, Any], flow: Any) -> dict[str, Any]:
    _note(config, f"startup {flow.webhook_uri}")
    return {"id": 7}


def shutdown(config: dict[str, Any], data: dict[str, Any]) -> None:
    _note(config, f"shutdown {data['id']}")


def process(step: Any, message: Message, config: dict[str, Any], snapshot: dict[str, Any]) -> Any:
    if config.get("answer"):
        step.emit("httpReply", {"statusCode": 201, "headers": {"x-by": "trigger"}, "body": {"got": message.body}})
    if (message.query or {}).get("fail"):
        raise ValueError("asked to fail")
    return {"body": message.to_dict()}


def _note(config: dict[str, Any], text: str) -> None:
    if config.get("log"):
        with Path(config["log"]).open("a") as log:
            log.write(text + "\n")
