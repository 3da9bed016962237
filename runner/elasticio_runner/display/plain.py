"""Plain lines: one line per event, and at most one line of counts per second."""

import logging
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any

from elasticio_runner.display import outline, start_text, verdict
from elasticio_runner.display.json_lines import JsonLines
from elasticio_runner.display.pace import Pace
from elasticio_runner.engine.progress import Count, Progress
from elasticio_runner.flow_file.flow import Flow
from elasticio_runner.terminal_text import printable

_PAUSE = 1.0  # seconds between two lines of counts


class PlainDisplay:
    """Implements `Display`. Messages are written to `out`. Default: standard output at the time of the call.

    If `is_quiet`, shows only failures, the URL of the webhook, and what the end of the run waits for.
    """

    def __init__(self, out: IO[str] | None = None, *, is_quiet: bool = False) -> None:
        self._is_quiet = is_quiet
        self._messages = JsonLines(out or sys.stdout)
        self._progress: Progress
        self._flow: Flow
        self._pace = Pace(_PAUSE, self._print_counts)
        self._last_counts = ""

    def started(self, flow: Flow, progress: Progress, backend: str) -> None:
        """Print the names of the flow and its steps."""
        self._flow, self._progress = flow, progress
        if not self._is_quiet:
            _print(f"flow {flow.name}: {outline(flow)}, on {backend}")

    def ready(self, webhook_uri: str | None) -> None:
        """Print the URL of the webhook, or the schedule."""
        if webhook_uri:
            _print(f"waiting for requests at {webhook_uri}")
        elif not self._is_quiet:
            _print(start_text(self._flow))

    def changed(self, step_id: str) -> None:  # noqa: ARG002 (one line contains all steps)
        """Print the counts, a second after the last ones or later."""
        if not self._is_quiet:
            self._pace.changed()

    def body(self, step_id: str, body: Any) -> None:  # noqa: ARG002
        """Print a message's body as JSON."""
        self._messages.write(body)

    def line(self, who: str, level: int, text: str, facts: Mapping[str, Any] | None = None) -> None:  # noqa: ARG002
        """Print an event."""
        if self._is_quiet and level < logging.ERROR and who != "flow":
            return
        label = f"{who}: {logging.getLevelName(level).lower()}" if level >= logging.WARNING else who
        _print(f"{label}: {text}")

    def finished(self, progress: Progress, seconds: float, is_complete: bool) -> None:
        """Print the summary."""
        self._pace.stop()
        if self._is_quiet and is_complete and not progress.failures and not progress.open:
            return
        for step, count in () if self._is_quiet else progress.counts.items():
            _print(
                f"{step}: {count.received} received, {count.emitted} emitted, {count.failed} failed, "
                f"{count.rebounded} rebounded"
            )
        _print(verdict(progress, seconds, is_complete))

    def _print_counts(self) -> None:
        counts = " | ".join(f"{step}: {_counted(count)}" for step, count in self._progress.counts.items())
        if counts != self._last_counts:
            self._last_counts = counts
            _print(counts)


def _counted(count: Count) -> str:
    numbers = {"received": count.received, "emitted": count.emitted}
    rare = {"failed": count.failed, "rebounded": count.rebounded}
    return ", ".join(f"{number} {name}" for name, number in (numbers | {k: v for k, v in rare.items() if v}).items())


def _print(text: str) -> None:
    with suppress(OSError, ValueError):  # standard error is closed or full: the run continues
        sys.stderr.write(printable(text) + "\n")
        sys.stderr.flush()
