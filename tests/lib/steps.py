"""A step that keeps what is emitted and stored, and runs a function of the connector with it."""

import importlib
import io
import logging
from dataclasses import dataclass, field
from typing import Any

from elasticio import Attachments, FileReader, Message
from elasticio.platform.egress import EgressPolicy
from elasticio.platform.files import FileContent
from elasticio.wire.headers import new_id
from elasticio.wire.incoming import Incoming


class Storage(Attachments):
    """The platform's storage, in memory. URLs are fetched for real, from this machine only."""

    def __init__(self) -> None:
        super().__init__(None, None, EgressPolicy.parse("127.0.0.0/8"))
        self.files: dict[str, tuple[bytes, str | None]] = {}

    def open(self, message: Any, name: str) -> FileReader:
        assert name in message.attachments
        content, content_type = self.files[name]
        what = f"attachment {name!r}"
        return FileReader(
            io.BytesIO(content),
            what,
            name=name,
            content_type=content_type or "application/octet-stream",
            size=len(content),
        )

    def add(self, name: str, stream: Any, content_type: str | None = None) -> dict[str, Any]:
        content = b"".join(FileContent(name, stream))
        self.files[name] = (content, content_type)
        return {"url": f"memory:{name}", "content-type": content_type, "size": len(content)}


@dataclass
class FakeStep:
    is_debug: bool = False
    emitted: list[tuple[str, Any]] = field(default_factory=list)
    attachments: Storage = field(default_factory=Storage)
    logger: logging.Logger = field(default_factory=lambda: logging.getLogger("step"))
    incoming: Incoming = field(default_factory=lambda: Incoming(thread_id="thread", message_id=new_id()))
    flow_id: str = "flow"
    step_id: str = "step"

    def emit(self, event: str, payload: Any) -> None:
        self.emitted.append((event, payload))


def config_for(url: str, **more: Any) -> dict[str, Any]:
    return {"username": "login", "password": "s3cr3t-pass", "server": url, **more}


def run(
    function: str,
    body: Any,
    config: dict[str, Any],
    *,
    snapshot: Any = None,
    step: FakeStep | None = None,
    **message: Any,
) -> list[dict[str, Any]]:
    """Run `actions.find_texts` or the like for one message; returns the emitted messages, data only, as dicts."""
    module = importlib.import_module(f"lib.{function}")
    step = step or FakeStep()
    for payload in module.process(step, Message(body=body, **message), config, snapshot):
        step.emit("data", payload if isinstance(payload, dict) else payload.to_dict())
    return [payload for event, payload in step.emitted if event == "data"]


def bodies(function: str, body: Any, config: dict[str, Any], **more: Any) -> list[Any]:
    return [payload["body"] for payload in run(function, body, config, **more)]
