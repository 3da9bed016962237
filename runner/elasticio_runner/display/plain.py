"""What the user sees of a flow: a live table on a terminal, plain lines elsewhere.

What a console step gets goes to standard output, one JSON value a line, and everything else to standard error; so
`elasticio flow run FILE | jq` sees messages only.
"""

import json
import logging
import sys
import time
from typing import Any, Protocol

from elasticio_runner.engine.progress import Progress
from elasticio_runner.flow_file.flow import Flow

_PAUSE = 1.0  # seconds between two lines of progress


class Display(Protocol):
    """Called from any thread."""

    def started(self, flow: Flow, progress: Progress, backend: str) -> None:
        """The steps are being started."""

    def ready(self, webhook_uri: str | None) -> None:
        """All steps are at work. `webhook_uri` is where a webhook trigger takes requests."""

    def changed(self, step_id: str) -> None:
        """A step's counts have changed."""

    def body(self, step_id: str, body: Any) -> None:
        """A console step has got a message."""

    def line(self, who: str, level: int, text: str) -> None:
        """Something happened."""

    def finished(self, progress: Progress, seconds: float, is_complete: bool) -> None:
        """The flow has ended; it is complete unless something kept it from going on."""


class PlainDisplay:
    """One line for each event; counts at most once a second."""

    def __init__(self) -> None:
        self._progress: Progress
        self._told = time.monotonic()

    def started(self, flow: Flow, progress: Progress, backend: str) -> None:
        """Tell what runs where."""
        self._progress = progress
        _say(f"flow {flow.name}: {' → '.join(flow.steps)}, on {backend}")

    def ready(self, webhook_uri: str | None) -> None:
        """Tell the address."""
        if webhook_uri:
            _say(f"waiting for requests at {webhook_uri}")

    def changed(self, step_id: str) -> None:  # noqa: ARG002 (all steps are told at once)
        """Tell the counts, if it was long ago."""
        if time.monotonic() - self._told >= _PAUSE:
            self._told = time.monotonic()
            counts = self._progress.counts.items()
            _say(" | ".join(f"{step}: {count.taken} taken, {count.emitted} emitted" for step, count in counts))

    def body(self, step_id: str, body: Any) -> None:  # noqa: ARG002
        """Write it."""
        sys.stdout.write(_json(body) + "\n")
        sys.stdout.flush()

    def line(self, who: str, level: int, text: str) -> None:
        """Write it."""
        _say(f"{_labelled(who, level)}: {text}")

    def finished(self, progress: Progress, seconds: float, is_complete: bool) -> None:
        """Write the summary."""
        for step, count in progress.counts.items():
            _say(
                f"{step}: {count.taken} taken, {count.emitted} emitted, {count.failed} failed, "
                f"{count.rebounded} rebounded"
            )
        _say(verdict(progress, seconds, is_complete))


def verdict(progress: Progress, seconds: float, is_complete: bool) -> str:
    """Return the last line: how it ended."""
    failed, left = len(progress.failures), progress.open
    parts = [f"{failed} failed"] if failed else []
    if left:
        parts.append(f"{left} left behind, unfinished")
    if is_complete:
        return f"ended after {seconds:.1f} s: {', '.join(parts) or 'all went well'}"
    return ", ".join([f"broken off after {seconds:.1f} s", *parts])


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _labelled(who: str, level: int) -> str:
    return f"{who}: {logging.getLevelName(level).lower()}" if level >= logging.WARNING else who
