"""Performs the actions that the body names."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from elasticio import Message, Rebound


def process(step: Any, message: Message, config: dict[str, Any], snapshot: dict[str, Any]) -> Any:
    body = message.body
    step.logger.info("acting")
    if body.get("leave"):
        _leave_processes()
    if body.get("die") and (body["die"] == "always" or _first(body["die"])):
        os.kill(os.getpid(), signal.SIGKILL)
    if body.get("rebound") and _first(body["rebound"]):
        raise Rebound("later")
    if body.get("always"):
        raise Rebound("never ready")
    if body.get("fail"):
        raise ValueError(body["fail"])
    return {"body": body, "id": body.get("id")} if "id" in body else {"body": body}


def _first(marker: str) -> bool:
    """Return True for the first call in all processes."""
    try:
        Path(marker).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _leave_processes() -> None:
    """Start a program and a forked process that keep all inherited pipes open."""
    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    if os.fork() == 0:
        time.sleep(600)
        os._exit(0)
