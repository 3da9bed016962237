"""A polling trigger that rebounds a configured number of times and records each attempt in a file."""

from pathlib import Path
from typing import Any

from elasticio import Message, Rebound


def process(step: Any, message: Message, config: dict[str, Any], snapshot: dict[str, Any]) -> Any:
    attempts = Path(config["attempts"])
    with attempts.open("a") as file:
        file.write("x")
    if attempts.stat().st_size <= config["failures"]:
        raise Rebound("the server is away \x1b[2J")
    return {"body": {"attempt": attempts.stat().st_size}}
