"""The status of a run for tools (`flow run --json`): one JSON object per line on standard output.

{"event": "warning", …}                               a finding in the flow file, with the fields of `flow check --json`
{"event": "started", "flow", "broker", "steps"}       `steps` contains the function of each step
{"event": "ready", "webhook"}                         all steps run; the URL of a webhook trigger, else null
{"event": "message", "step", "body"}                  a console step has received a message
{"event": "rebounded", "step", "reason", "retry_in"}  seconds until the retry, null without a fixed time
{"event": "failed", "step", "message", "text"}        a message failed; `message` is its ID
{"event": "log", "source", "level", "text"}           a log line, or information about the run (source: flow)
{"event": "counts", "steps"}                          the counts of each step; at most once per second
{"event": "ended", "seconds", "succeeded", "failed", "unfinished", "steps"}
{"event": "error", "text"}                            the run cannot start, or cannot continue
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import IO, Any

from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.display.pace import Pace
from elasticio_runner.engine.progress import Progress
from elasticio_runner.errors import OutputError
from elasticio_runner.flow_file.flow import Flow

_PAUSE = 1.0  # seconds between two events with counts


class StatusLines:
    """Implements `Display`. If the output fails, calls `on_failure` once, in another thread."""

    def __init__(self, out: IO[str]) -> None:
        self.on_failure: Callable[[OutputError], None] | None = None
        self._lines = JsonLines(out)
        self._lock = threading.Lock()
        self._failure: OutputError | None = None
        self._progress: Progress
        self._pace = Pace(_PAUSE, self._count)

    def event(self, name: str, **facts: Any) -> None:
        """Write an event. Without a reader the run should end: see `on_failure`."""
        with self._lock:
            try:
                if not self._failure:
                    self._lines.write({"event": name, **facts})
            except OutputError as error:
                self._failure = error
                if self.on_failure:  # not here: the caller may hold locks
                    threading.Thread(target=self.on_failure, args=(error,), daemon=True).start()

    def started(self, flow: Flow, progress: Progress, backend: str) -> None:
        """Write the names of the flow, its steps and their functions."""
        self._progress = progress
        steps = {step.id: step.function for step in flow.steps.values()}
        self.event("started", flow=flow.name, broker=backend, steps=steps)

    def ready(self, webhook_uri: str | None) -> None:
        """Write the URL of the webhook."""
        self.event("ready", webhook=webhook_uri)

    def changed(self, step_id: str) -> None:  # noqa: ARG002 (one event contains all steps)
        """Write the counts, a second after the last ones or later."""
        self._pace.changed()

    def body(self, step_id: str, body: Any) -> None:
        """Write a message of a console step."""
        self.event("message", step=step_id, body=body)
        if self._failure:
            raise self._failure

    def line(self, who: str, level: int, text: str, facts: Mapping[str, Any] | None = None) -> None:
        """Write the facts of an event, or the line itself."""
        if facts:
            named = dict(facts)
            self.event(named.pop("event"), **named)
        else:
            self.event("log", source=who, level=logging.getLevelName(level).lower(), text=text)

    def finished(self, progress: Progress, seconds: float, is_complete: bool) -> None:
        """Write the result."""
        self._pace.stop()
        failed, unfinished = len(progress.failures), progress.open
        self.event(
            "ended",
            seconds=round(seconds, 3),
            succeeded=is_complete and not failed and not unfinished,
            failed=failed,
            unfinished=unfinished,
            steps=_counts(progress),
        )

    def _count(self) -> None:
        self.event("counts", steps=_counts(self._progress))


def _counts(progress: Progress) -> dict[str, dict[str, int]]:
    names = ("received", "emitted", "failed", "rebounded", "open")
    return {step: {name: getattr(count, name) for name in names} for step, count in progress.counts.items()}
