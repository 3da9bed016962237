"""The channel from a step's process to the runner: one JSON object per line, through a separate pipe.

{"event": "ready"}         the step consumes messages
{"event": "rebounded", …}  with the fields of a ReboundNotice; before the message counts as settled
{"event": "settled", …}    with the fields of a SettledNotice
{"event": "failed", …}     with `reason`, the reason why the process ends

Standard output and standard error carry log lines only, which the runner shows.
"""

import json
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Protocol

from elasticio_runner.hosts import ReboundNotice, SettledNotice


class Reporter:
    """The child's end of the pipe. Threads may share it."""

    def __init__(self, descriptor: int) -> None:
        os.set_inheritable(descriptor, False)  # child processes of the component must not keep the pipe open
        self._pipe = os.fdopen(descriptor, "w", encoding="ascii")
        self._lock = threading.Lock()

    def ready(self) -> None:
        """Report that the step consumes messages."""
        self._report({"event": "ready"})

    def rebounded(self, notice: ReboundNotice) -> None:
        """Report a rebounded message."""
        self._report({"event": "rebounded", **asdict(notice)})

    def settled(self, notice: SettledNotice) -> None:
        """Report a settled message."""
        self._report({"event": "settled", **asdict(notice)})

    def failed(self, reason: str) -> None:
        """Report the reason why the process ends."""
        self._report({"event": "failed", "reason": reason})

    def _report(self, event: Mapping[str, Any]) -> None:
        with self._lock:
            try:
                self._pipe.write(json.dumps(event) + "\n")
                self._pipe.flush()
            except OSError:  # the runner has ended, so this process will end, too (`child`)
                return


class Listener(Protocol):
    """Receives the reports of a process."""

    def ready(self) -> None:
        """The step consumes messages."""

    def rebounded(self, notice: ReboundNotice) -> None:
        """A message was rebounded."""

    def settled(self, notice: SettledNotice) -> None:
        """A message was acknowledged or rejected."""

    def failed(self, reason: str) -> None:
        """The process ends for this reason."""


def listen(descriptor: int, listener: Listener) -> None:
    """Pass each report to the listener, until the process has ended. Closes the descriptor."""
    with os.fdopen(descriptor, encoding="ascii", errors="replace") as pipe:
        for line in pipe:
            with suppress(ValueError, TypeError):  # an incomplete line of a killed process, or one of the component
                _pass_on(json.loads(line), listener)


def _pass_on(report: Mapping[str, Any], listener: Listener) -> None:
    match report:
        case {"event": "ready"}:
            listener.ready()
        case {"event": "rebounded", **notice}:
            listener.rebounded(ReboundNotice(**notice))
        case {"event": "settled", **notice}:
            listener.settled(SettledNotice(**notice))
        case {"event": "failed", "reason": reason}:
            listener.failed(reason)
