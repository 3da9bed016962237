"""A display that records its calls, and a flow that runs until the test ends it."""

import threading
from collections.abc import Callable, Mapping
from typing import Any

from elasticio_runner.engine.flow_runner import FlowRunner, RunOptions
from elasticio_runner.engine.progress import Progress
from elasticio_runner.flow_file.flow import Flow

PATIENCE = 60


class Recorder:
    def __init__(self) -> None:
        self.webhook_uri = ""
        self.bodies: list[Any] = []
        self.lines: list[str] = []
        self.is_started = threading.Event()
        self.changes = threading.Condition()
        self.left: int | None = None
        self.is_complete: bool | None = None

    def started(self, flow: Flow, progress: Progress, backend: str) -> None:
        pass

    def ready(self, webhook_uri: str | None) -> None:
        self.webhook_uri = webhook_uri or ""
        self.is_started.set()

    def changed(self, step_id: str) -> None:
        with self.changes:
            self.changes.notify_all()

    def body(self, step_id: str, body: Any) -> None:
        self.bodies.append(body)

    def line(self, who: str, level: int, text: str, facts: Mapping[str, Any] | None = None) -> None:
        with self.changes:
            self.lines.append(f"{who}: {text}")
            self.changes.notify_all()

    def finished(self, progress: Progress, seconds: float, is_complete: bool) -> None:
        self.left = progress.open
        self.is_complete = is_complete


class Running:
    def __init__(self, flow: Flow, **options: Any) -> None:
        self.display = Recorder()
        self.runner = FlowRunner(flow, self.display, RunOptions(**options))
        self.outcome: list[bool] = []
        self._thread = threading.Thread(target=lambda: self.outcome.append(self.runner.run()))
        self._thread.start()
        assert self.display.is_started.wait(PATIENCE)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self.display.changes:
            assert self.display.changes.wait_for(condition, PATIENCE)

    def end(self) -> bool:
        self.runner.drain()
        self._thread.join()
        return self.outcome[0]
