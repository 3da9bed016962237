"""Waits until the file GATE is there."""

import os
import time
from pathlib import Path
from typing import Any


def process(step: Any, message: Any, _config: object, _snapshot: object) -> dict[str, Any]:
    """Emit the body once the gate is open; leave a mark where MARKS says."""
    if "MARKS" in os.environ:
        with Path(os.environ["MARKS"]).open("a") as marks:
            marks.write(f"{message.body['n']}\n")
    step.logger.info("at the gate")
    while not Path(os.environ["GATE"]).exists():
        time.sleep(0.01)  # the other side is a test in another process
    return {"body": message.body}
