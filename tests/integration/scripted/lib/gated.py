"""Waits until the file GATE exists."""

import os
import time
from pathlib import Path
from typing import Any


def process(step: Any, message: Any, _config: object, _snapshot: object) -> dict[str, Any]:
    """Emit the body when the gate is open; write a mark to the file MARKS."""
    if "MARKS" in os.environ:
        with Path(os.environ["MARKS"]).open("a") as marks:
            marks.write(f"{message.body['n']}\n")
    step.logger.info("at the gate")
    while not Path(os.environ["GATE"]).exists():
        time.sleep(0.01)  # a test in another process opens the gate
    return {"body": message.body}
