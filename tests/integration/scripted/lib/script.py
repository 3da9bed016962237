"""An action whose message contains its instructions. script.js is the same action for Node.js."""

import os
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any


def process(step: Any, message: Any, config: dict[str, Any], snapshot: Any) -> Iterator[Any]:
    """Emit `body.emit`, a list of [event, payload]; with `tell`, the received values. Write `mark` to a file."""
    script = message.body
    if "pause" in script:
        time.sleep(script["pause"])
    for event, payload in script.get("emit", []):
        step.emit(event, payload)
    if script.get("tell") or config.get("tell"):
        seen = {"body": message.body, "headers": message.headers, "passthrough": message.passthrough}
        yield {"body": {"message": seen, "config": config, "snapshot": snapshot, "variables": step.variables}}
    if "mark" in script:
        with Path(os.environ["MARKS"]).open("a") as marks:  # the effect that must happen
            marks.write(f"{script['mark']}\n")
        yield {"body": {"mark": script["mark"]}}
    if "raise" in script:
        raise ValueError(script["raise"])


def startup(config: Mapping[str, Any], flow: Any) -> dict[str, Any] | None:
    """Return the data in the config, or the URL of the flow's webhook."""
    if config.get("startup") == "webhook":
        return {"uri": flow.webhook_uri, "flow": flow.flow_id, "step": flow.step_id}
    if "startup_error" in config:
        raise RuntimeError(config["startup_error"])
    return config.get("startup")


def init(config: Mapping[str, Any]) -> None:
    """Raise an error or exit if the config requests it."""
    if "init_exit" in config:
        raise SystemExit(config["init_exit"])
    if "init_error" in config:
        raise RuntimeError(config["init_error"])


def shutdown(config: Mapping[str, Any], data: Any) -> None:
    """Write a mark to a file."""
    with Path(os.environ["MARKS"]).open("a") as marks:
        marks.write(f"shutdown {data}\n")
