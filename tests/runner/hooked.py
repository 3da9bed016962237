"""A webhook gateway on a real server. The test receives its messages and sends the replies."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from elasticio_runner.engine.state_file import State
from elasticio_runner.flow_file.flow import Flow, FlowStep
from elasticio_runner.local_platform.object_store import ObjectStore
from elasticio_runner.local_platform.platform_api import LocalPlatform
from elasticio_runner.local_platform.webhook_gateway import WebhookGateway


class Hooked:
    def __init__(self, folder: Path, **step: Any) -> None:
        self.sent: list[tuple[dict[str, Any], str]] = []
        self.stored: list[bytes] = []
        trigger = FlowStep("hook", Path(), "f", is_webhook=True, **step)
        self.gateway = WebhookGateway(trigger, "https://public.example", self._store, self._send)
        flow = Flow("flow", "Flow", {}, {"hook": trigger})
        self.platform = LocalPlatform(flow, State(), ObjectStore(folder), self.gateway.request)
        self.react: Callable[[str], None] = lambda thread_id: self.gateway.settled(thread_id, "hook")

    @property
    def uri(self) -> str:
        return f"{self.platform.uri}/hook/hook"

    def _store(self, content: bytes, _type: str) -> str:
        self.stored.append(content)
        return f"stored:{len(self.stored)}"

    def _send(self, message: dict[str, Any], thread_id: str) -> None:
        self.sent.append((message, thread_id))
        threading.Thread(target=self.react, args=(thread_id,)).start()
