"""Does what the message says."""

import os
import socket
from collections.abc import Iterator
from typing import Any

from elasticio import Message, Rebound, Step


def process(step: Step, message: Message, config: dict[str, Any], snapshot: Any) -> Iterator[Message]:
    body = message.body
    step.logger.info("sending a parcel")
    print("printed by the component")
    if "error" in body:
        raise ValueError(body["error"])
    if "rebound" in body:
        raise Rebound(body["rebound"])
    if "exit" in body:
        os._exit(body["exit"])
    if "hang" in body:  # until the other end closes, which never happens: the test reads the end of this process
        with socket.create_connection(("127.0.0.1", body["hang"])) as connection:
            connection.recv(1)
    files = {}
    for name in body.get("files", []):
        files[name] = step.attachments.add(name, [f"content of {name}".encode()], "text/plain")
    for name in message.attachments:
        with step.attachments.open(message, name) as given:
            files[f"copy of {name}"] = step.attachments.add(f"copy of {name}", [given.read()], "text/plain")
    for _ in range(2 if "twice" in body else 1):
        yield Message(body={"sent": body, "user": config.get("user")}, attachments=files)
