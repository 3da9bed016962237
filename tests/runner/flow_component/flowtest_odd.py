"""A component that breaks its contract."""

import os
import subprocess
import sys
import threading
from typing import Any

from elasticio import Message


class UnprintableError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


def process(step: Any, message: Message, config: dict[str, Any], snapshot: dict[str, Any]) -> Any:
    body = message.body
    if body.get("print"):
        print("printed")
        os.write(1, b"written to the descriptor\n")
        subprocess.run([sys.executable, "-c", "print('printed by a child')"], check=True)
    for number in range(body.get("emit", 1)):
        yield {"body": {"number": number, "text": body.get("text")}}
    if body.get("unprintable"):
        raise UnprintableError
    if body.get("stay"):
        threading.Event().wait()
